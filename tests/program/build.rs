//! `demarche build`: the committed output, the same bytes every time, and what the summary says.

use std::fs;
use std::path::Path;

use crate::run::{Desk, OUTPUTS, PLAIN, demarche, fed, snapshot};

/// Builds the seeds as the README does, into another folder.
fn seeds(out: &Path, more: &[&str]) {
    let mut args = vec!["build".to_string(), "-o".to_string(), out.display().to_string()];
    args.extend(more.iter().map(|a| a.to_string()));
    demarche(args).exits(0);
}

/// Compares with `output/` as it stands: after a change of extraction run `cargo run --release -- build` and commit it.
#[test]
fn the_seeds_give_the_committed_output() {
    let desk = Desk::new(&[]);
    let out = desk.path("out");
    seeds(&out, &[]);
    for file in OUTPUTS {
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("output").join(file);
        let committed = fs::read(&committed).unwrap_or_else(|e| panic!("{}: {e}", committed.display()));
        let same = committed == fs::read(out.join(file)).unwrap();
        assert!(
            same,
            "output/{file} is not what the seeds give now: run `cargo run --release -- build` and look at the difference"
        );
    }
}

#[test]
fn runs_and_threads_give_the_same_bytes() {
    let desk = Desk::new(&[]);
    let variants: [(&str, &[&str]); 4] =
        [("first", &[]), ("again", &[]), ("one", &["--threads", "1"]), ("two", &["--threads", "2"])];
    for (name, more) in variants {
        seeds(&desk.path(name), more);
    }
    let first = snapshot(&desk.path("first"));
    assert_eq!(first.keys().map(String::as_str).collect::<Vec<_>>(), OUTPUTS);
    for (name, _) in variants {
        assert!(snapshot(&desk.path(name)) == first, "the run \"{name}\" differs from the first");
    }
}

#[test]
fn many_documents_keep_their_order_whatever_the_threads() {
    let documents: Vec<(String, String)> = (0..60)
        .map(|n| (format!("{n:02}.txt"), format!("{}Day {n} of the talks passed without news.\n", PLAIN)))
        .collect();
    let documents: Vec<(&str, &[u8])> = documents.iter().map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
    let desk = Desk::new(&documents);
    desk.build_into(&desk.path("one"), &["--threads", "1"]).exits(0);
    desk.build_into(&desk.path("seven"), &["--threads", "7"]).exits(0);
    assert!(snapshot(&desk.path("one")) == snapshot(&desk.path("seven")));
}

#[test]
fn an_article_that_names_the_parties_in_passing_is_told_and_not_coded() {
    let cup = "The referee gave two penalties before the break, and the crowd booed every one of them. ".repeat(14);
    let cup = format!("{cup}\n\nRussia will never accept new sanctions, Sergei Lavrov said.\n");
    let talks = cup.replace("every one", "every one in Moscow");
    let desk = Desk::new(&[("cup.txt", cup.as_bytes()), ("talks.txt", talks.as_bytes())]);
    let told = "on something else, not coded: cup.txt\n";
    desk.build(&[]).exits(0).tells(&[told]);
    let documents: Vec<String> = desk.rows("statements.csv").iter().map(|row| row["doc"].clone()).collect();
    assert!(!documents.is_empty() && documents.iter().all(|d| d == "talks.txt"), "{documents:?}");
    let ledger = desk.path("ledger.sqlite").display().to_string();
    let news = desk.path("news").display().to_string();
    demarche(["add", &news, "--ledger", &ledger]).exits(0);
    let out = desk.path("again").display().to_string();
    demarche(["build", "--ledger", &ledger, "-o", &out]).exits(0).tells(&[told]);
}

#[test]
fn a_second_build_replaces_the_first_whole() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    desk.build(&[]).exits(0);
    let before = snapshot(&desk.path("out"));
    fs::write(
        desk.path("news/a.txt"),
        "Poland supports Ukraine’s accession to the EU, Prime Minister Donald Tusk said.\n",
    )
    .unwrap();
    desk.build(&[]).exits(0);
    let after = snapshot(&desk.path("out"));
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "no temporary file is left");
    assert!(OUTPUTS.iter().all(|f| before[*f] != after[*f]));
}

#[test]
fn extract_writes_the_statements_that_build_writes() {
    let desk = Desk::new(&[]);
    seeds(&desk.path("out"), &[]);
    let ran = demarche(["extract"]);
    ran.exits(0);
    assert_eq!(ran.out.into_bytes(), fs::read(desk.path("out/statements.jsonl")).unwrap());
}

#[test]
fn a_stream_gives_the_statements_of_the_files() {
    let text = fs::read_to_string("seeds/000_44f5253c9e8bd9e8.txt").unwrap();
    let record = serde_json::json!({
        "id": "000_44f5253c9e8bd9e8.txt", "text": text, "published": "2025-02-13", "outlet": "RFE/RL",
    });
    let streamed = fed(["extract", "-"], format!("{record}\n"));
    streamed.exits(0);
    let read = demarche(["extract", "seeds/000_44f5253c9e8bd9e8.txt"]);
    assert!(!read.out.is_empty());
    let keys = |out: &str| -> Vec<serde_json::Value> {
        let mut lines: Vec<serde_json::Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        // The title was given by no one in the stream, and read from the file's head.
        lines.iter_mut().for_each(|l| drop(l.as_object_mut().unwrap().remove("title")));
        lines
    };
    assert_eq!(keys(&streamed.out), keys(&read.out));
}

#[test]
fn explain_shows_a_statement_of_the_output() {
    let ran = demarche(["extract"]);
    let first: serde_json::Value = serde_json::from_str(ran.out.lines().next().unwrap()).unwrap();
    let id = first["id"].as_str().unwrap();
    let told = demarche(["explain", &id[..10]]);
    told.exits(0);
    for part in [id, "party", "topic", "stance", "«", "»", "rules"] {
        assert!(told.out.contains(part), "\"{part}\" is not in:\n{}", told.out);
    }
}

#[test]
fn an_undated_document_is_coded_and_its_relative_dates_stay_open() {
    let desk = Desk::new(&[("undated.txt", PLAIN.as_bytes())]);
    let ran = desk.build(&[]);
    ran.exits(0).tells(&["documents without date: undated.txt"]);
    let rows = desk.rows("statements.csv");
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!((row["stated_on"].as_str(), row["published"].as_str()), ("", ""), "{row:?}");
    }
}

#[test]
fn a_dated_document_resolves_its_weekdays() {
    let sources = "file,published\nreport.txt,2025-02-14\n";
    let desk = Desk::new(&[("report.txt", PLAIN.as_bytes()), ("sources.csv", sources.as_bytes())]);
    let ran = desk.build(&[]);
    ran.exits(0);
    assert!(!ran.err.contains("without date"), "{}", ran.err);
    assert!(desk.rows("statements.csv").iter().any(|r| r["stated_on"] == "2025-02-13"));
}

#[test]
fn every_quote_is_found_where_it_is_said_to_be() {
    let ran = demarche(["extract"]);
    let mut checked = 0;
    for line in ran.out.lines() {
        let statement: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = fs::read_to_string(format!("seeds/{}", statement["doc"].as_str().unwrap())).unwrap();
        let at = |key: &str| statement[key].as_u64().unwrap() as usize;
        let (start, end) = (at("start"), at("end"));
        let slice: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(statement["quote"], slice);
        if let Some(condition) = statement["condition"].as_str() {
            assert!(text.contains(condition), "{condition}");
        }
        checked += 1;
    }
    assert!(checked > 10, "only {checked} statements");
}
