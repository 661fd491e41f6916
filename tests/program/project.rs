//! A project folder with its demarche.toml, and the manners of the program: quiet, colours, completions, manuals, doctor.

use std::fs;

use assert_cmd::Command;

use crate::run::{Desk, PLAIN, demarche};

/// Runs the program in a folder.
fn within(desk: &Desk, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    let output = command.current_dir(desk.path("")).args(args).env("NO_COLOR", "1").output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn project(toml: &str) -> Desk {
    let desk = Desk::new(&[("a.txt", format!("Talks\n\nFeb. 13, 2025\n\n{PLAIN}").as_bytes())]);
    fs::write(desk.path("demarche.toml"), toml).unwrap();
    desk
}

#[test]
fn a_project_file_stands_for_what_is_not_typed() {
    let desk = project(
        "documents = [\"news\"]\nledger = \"talks.sqlite\"\noutput = \"brief\"\n\n[build]\nall-topics = true\n",
    );
    let (code, _, told) = within(&desk, &["build"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(desk.path("talks.sqlite").exists() && desk.path("brief/positions.xlsx").exists());
    // All topics, as the file says of build.
    let header = fs::read_to_string(desk.path("brief/matrix.csv")).unwrap();
    assert!(header.lines().next().unwrap().split(',').count() > 10, "{header}");
    let (code, positions, told) = within(&desk, &["matrix", "--format", "positions"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(positions.contains("nato-membership"));
    // What is typed counts before it.
    let (code, _, told) = within(&desk, &["build", "-o", "other"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(desk.path("other/positions.xlsx").exists());
    // A file that is named does not go with the ledger of the project, which then stands back.
    let (code, of_file, told) = within(&desk, &["matrix", "brief/statements.jsonl", "--format", "positions"]);
    assert_eq!((code, &of_file), (Some(0), &positions), "{told}");
    // From elsewhere its paths are those of its own folder.
    let file = desk.path("demarche.toml").display().to_string();
    let ran = demarche(["find", "NATO", "--config", &file]);
    assert!(ran.exits(0).out.contains("Zelenskyy"), "{}", ran.out);
}

#[test]
fn faults_of_a_project_file_are_told_with_their_line() {
    let desk = project("documents = [\"news\"]\n\ncolour = \"red\"\n\n[build]\nwindows = \"30d\"\n");
    let (code, _, told) = within(&desk, &["build"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("demarche.toml, line 3") && told.contains("no command knows \"colour\""), "{told}");
    assert!(told.contains("demarche.toml, line 6") && told.contains("build knows no \"windows\""), "{told}");
    fs::write(desk.path("demarche.toml"), "documents = [\n").unwrap();
    let (code, _, told) = within(&desk, &["build"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("demarche.toml, line 1") || told.contains("demarche.toml, line 2"), "{told}");
    fs::write(desk.path("demarche.toml"), "[build]\nrule = \"sum\"\n").unwrap();
    let (code, _, told) = within(&desk, &["build", "news"]);
    assert!(
        code == Some(2) && told.contains("invalid value 'sum'") && told.contains("Mend the entry \"rule\""),
        "{told}"
    );
    fs::write(desk.path("demarche.toml"), "colour = 1\n").unwrap();
    let (code, seen, _) = within(&desk, &["doctor"]);
    assert!(code == Some(2) && seen.contains("FAULT project file"), "{seen}");
    let ran = demarche(["build", "--config", "no-such.toml"]);
    ran.exits(2).tells(&["no-such.toml"]);
}

#[test]
fn quiet_tells_faults_only() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes()), ("b.odt", b"x"), ("c.docx", b"PK\x03\x04")]);
    let loud = desk.build(&[]);
    assert!(loud.exits(2).err.contains("written to") && loud.err.contains("b.odt"), "{}", loud.err);
    let quiet = desk.build(&["--quiet"]);
    quiet.exits(2).tells(&["c.docx"]);
    assert!(!quiet.err.contains("written to") && !quiet.err.contains("b.odt"), "{}", quiet.err);
}

#[test]
fn colours_come_where_they_are_asked_for() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    desk.build(&[]).exits(0);
    let id = desk.rows("statements.csv")[0]["id"].clone();
    let news = desk.path("news").display().to_string();
    let explain = |color: &str| demarche(["explain", &id, &news, "--color", color]).exits(0).out.clone();
    assert!(explain("always").contains('\u{1b}'));
    assert!(!explain("auto").contains('\u{1b}') && !explain("never").contains('\u{1b}'));
}

#[test]
fn shells_and_manuals_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = demarche(["completions", shell]).exits(0).out.clone();
        assert!(script.contains("contradictions") && script.contains("min-confidence"), "{shell}");
        assert!(!script.contains("read-pdf"), "{shell}");
    }
    let desk = Desk::new(&[]);
    let folder = desk.path("man").display().to_string();
    demarche(["man", &folder]).exits(0);
    for page in ["demarche.1", "demarche-build.1", "demarche-review-import.1", "demarche-codebook-check.1"] {
        let text = fs::read_to_string(desk.path("man").join(page)).unwrap();
        assert!(text.contains(".SH NAME") && text.contains(".SH OPTIONS"), "{page}: {text}");
    }
}

#[test]
fn the_doctor_sees_what_is_there_and_what_is_broken() {
    let desk = project("ledger = \"talks.sqlite\"\n");
    let (code, seen, told) = within(&desk, &["add", "news"]);
    assert_eq!(code, Some(0), "{seen}{told}");
    let (code, seen, told) = within(&desk, &["doctor"]);
    assert_eq!(code, Some(0), "{seen}{told}");
    for sound in ["ok    program", "ok    PDF files", "ok    codebook", "1 documents"] {
        assert!(seen.contains(sound), "{sound}: {seen}");
    }
    let mut bytes = fs::read(desk.path("talks.sqlite")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xAB);
    fs::write(desk.path("broken.sqlite"), bytes).unwrap();
    let (code, seen, _) = within(&desk, &["doctor", "--ledger", "broken.sqlite"]);
    assert_eq!(code, Some(2), "{seen}");
    assert!(seen.contains("FAULT ledger"), "{seen}");
    let (code, seen, _) = within(&desk, &["doctor", "--codebook", "no-such-folder"]);
    assert_eq!(code, Some(2), "{seen}");
    assert!(seen.contains("FAULT codebook"), "{seen}");
}
