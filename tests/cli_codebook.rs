//! `demarche codebook`: examples, doubtful wording, gaps, a new folder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

fn codebook(args: &[&str]) -> Output {
    Command::cargo_bin("demarche").unwrap().arg("codebook").args(args).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn new(folder: &Path) -> String {
    let output = codebook(&["new", "harbour", "--dir", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    folder.join("harbour").to_str().unwrap().to_string()
}

#[test]
fn a_new_codebook_is_sound_and_codes() {
    let desk = tempfile::tempdir().unwrap();
    let book = new(desk.path());
    let output = codebook(&["check", &book, "--strict"]);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""), "{}", out(&output));
    assert!(out(&output).contains("2 topics, no faults found\n5 of 5 examples come out\n"), "{}", out(&output));
    let news = desk.path().join("news.txt");
    fs::write(&news, "Southport wants free passage, Mayor Ben Reed said on Monday.\n").unwrap();
    let (news, brief) = (news.to_str().unwrap(), desk.path().join("brief"));
    let args = ["build", news, "--codebook", &book, "-o", brief.to_str().unwrap()];
    assert!(Command::cargo_bin("demarche").unwrap().args(args).output().unwrap().status.success());
    let matrix = fs::read_to_string(brief.join("matrix.csv")).unwrap();
    assert!(matrix.starts_with("party,tolls\r\nsouthport,rejects (-2)"), "{matrix}");
}

#[test]
fn nothing_is_overwritten() {
    let desk = tempfile::tempdir().unwrap();
    let book = new(desk.path());
    fs::write(Path::new(&book).join("people.csv"), "mine").unwrap();
    let output = codebook(&["new", "harbour", "--dir", desk.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("it is there already"), "{}", err(&output));
    assert_eq!(fs::read_to_string(Path::new(&book).join("people.csv")).unwrap(), "mine");
    for bad in ["../harbour", "Harbour", "", "a/b"] {
        assert_eq!(codebook(&["new", bad, "--dir", desk.path().to_str().unwrap()]).status.code(), Some(2), "{bad}");
    }
    assert_eq!(fs::read_dir(desk.path()).unwrap().count(), 1);
}

#[test]
fn a_copy_has_the_topics_of_its_source() {
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path().to_str().unwrap();
    assert!(codebook(&["new", "mine", "--from", "ukraine-talks", "--dir", folder]).status.success());
    let output = codebook(&["check", desk.path().join("mine").to_str().unwrap()]);
    assert!(out(&output).contains("22 topics, no faults found"), "{}", out(&output));
    assert_eq!(codebook(&["new", "other", "--from", "nobody", "--dir", folder]).status.code(), Some(2));
    assert!(!desk.path().join("other").exists());
}

#[test]
fn failing_examples_and_doubtful_wording_are_warnings_unless_strict() {
    let desk = tempfile::tempdir().unwrap();
    let book = new(desk.path());
    let path = Path::new(&book).join("topics.toml");
    let more = "for = [\"crane|the winch\"]\n\n[[topic.example]]\ntext = \"Northport wants the tolls to go.\"\nparty = \"southport\"\nstance = 1\n";
    let topic = "\n[[topic]]\nid = \"cranes\"\nname = \"Cranes\"\nquestion = \"?\"\nplus = \"+\"\nminus = \"-\"\n";
    let text = fs::read_to_string(&path).unwrap() + topic + more;
    fs::write(&path, text).unwrap();
    let output = codebook(&["check", &book]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).contains("5 of 6 examples come out"), "{}", out(&output));
    assert!(out(&output).contains("0 of 1  <"), "{}", out(&output));
    let told = err(&output);
    assert!(told.contains("warning: the example does not come out"), "{told}");
    assert!(told.contains("must give southport 1 and gives nothing"), "{told}");
    assert!(told.contains("'crane|the' has 'the' as an alternative"), "{told}");
    assert_eq!(codebook(&["check", &book, "--strict"]).status.code(), Some(2));
}

#[test]
fn gaps_list_speakers_and_wording() {
    let text = out(&codebook(&["gaps", "seeds"]));
    assert!(text.starts_with("2 documents; "), "{text}");
    assert!(text.contains("Oxana Shevel, a professor of political science"), "{text}");
    let json: Value =
        serde_json::from_str(&out(&codebook(&["gaps", "seeds", "--format", "json", "--top", "1"]))).unwrap();
    assert_eq!(json["speakers"].as_array().unwrap().len(), 1);
    assert_eq!(json["speakers"][0]["name"], "Oxana Shevel");
    let desk = tempfile::tempdir().unwrap();
    for (n, kind) in ["fish", "cod", "herring", "plaice"].iter().enumerate() {
        let text = format!(
            "Ferries sailed on time.\n\nUkraine demands landing rights for {kind}, President Volodymyr Zelenskyy said.\n\nThe weather was fine in port {n}.\n"
        );
        fs::write(desk.path().join(format!("{n}.txt")), text).unwrap();
    }
    let folder = desk.path().to_str().unwrap();
    let csv = out(&codebook(&["gaps", folder, "--format", "csv"]));
    assert!(csv.starts_with("kind,name,count,documents,elsewhere,keyness,detail,example,doc\r\n"), "{csv}");
    assert!(csv.contains("wording,landing rights,4,4,0,"), "{csv}");
    assert!(!csv.contains("wording,weather"), "{csv}");
    assert_eq!(csv, out(&codebook(&["gaps", folder, "--format", "csv", "--threads", "1"])));
}
