//! `demarche eval`: figures, reasons, bad rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

const GOLD: &str = "tests/fixtures/eval/gold.csv";
const DOCS: &str = "tests/fixtures/eval/docs";

fn eval(args: &[&str]) -> Output {
    let mut command = Command::cargo_bin("demarche").unwrap();
    command.arg("eval").args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn bad_rows_are_told_with_their_line_and_the_others_are_judged() {
    let output = eval(&[GOLD, DOCS, "--misses"]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    let wanted = [
        ("line 6", "\"Ferries sank\" is not in one.txt"),
        ("line 7", "there is no document \"two.txt\""),
        ("line 8", "the codebook ukraine-talks has no topic \"harbour-tolls\""),
        ("line 9", "the codebook ukraine-talks has no party \"atlantis\""),
        ("line 10", "the stance is 7"),
    ];
    for (line, why) in wanted {
        let shown = format!("error: cannot use the row: {GOLD}, {line}\n  why: {why}\n");
        assert!(told.contains(&shown), "{shown}\n{told}");
    }
    assert_eq!(told.matches("error:").count(), wanted.len());
    let page = text(&output.stdout);
    assert!(
        page.starts_with("1 document, 3 statements coded and 1 borderline; 3 found, 0 of them duplicates\n"),
        "{page}"
    );
    assert!(page.contains("statement                    1.000     0.667     0.800\n"), "{page}");
    assert!(page.contains("Missed: 1\n  one.txt ukraine ceasefire +1 [-] ‘Ferries sailed on time’\n"), "{page}");
    assert!(page.contains("      no wording of the topic found in the passage\n"), "{page}");
    assert!(page.contains("False: 0\n"), "{page}");
}

#[test]
fn statements_of_a_file_are_judged_like_those_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.jsonl");
    let coded = Command::cargo_bin("demarche").unwrap().args(["extract", DOCS]).output().unwrap();
    std::fs::write(&file, &coded.stdout).unwrap();
    let own = eval(&[GOLD, DOCS, "--format", "json"]);
    let given = eval(&[GOLD, DOCS, "--format", "json", "--predicted", file.to_str().unwrap()]);
    assert_eq!(text(&own.stdout), text(&given.stdout));
    let figures: Value = serde_json::from_slice(&own.stdout).unwrap();
    assert_eq!(figures["required"], 3);
    assert_eq!(figures["statement"]["precision"], 1.0);
    assert_eq!(figures["kappa"], 1.0);
    assert_eq!(figures["confusion"][0][0], 1);
}

#[test]
fn least_confidence_and_topics_narrow_what_is_judged() {
    let output = eval(&[GOLD, DOCS, "--min-confidence", "1", "--misses", "--topics", "nato-membership"]);
    let page = text(&output.stdout);
    assert!(page.starts_with("1 document, 2 statements coded and 0 borderline; 0 found"), "{page}");
    assert_eq!(page.matches("below --min-confidence").count(), 2, "{page}");
    let output = eval(&[GOLD, DOCS, "--topics", "nato"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no topic of the codebook has that id"));
}

#[test]
fn a_gold_without_usable_rows_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gold.jsonl");
    std::fs::write(&file, "{\"doc\": \"one.txt\"}\n").unwrap();
    let output = eval(&[file.to_str().unwrap(), DOCS]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("\"quote\" is missing") || text(&output.stderr).contains("\"stance\" is missing")
    );
    assert!(text(&output.stderr).contains("nothing to judge by"));
}

/// Articles coded by hand in full, and the least that their figures may be: F1 of statements, of cells with their sign, and the
/// share of right signs, a little below what was measured when the line was last changed.
const CODED: [(&str, &str, &str, [f64; 3]); 6] = [
    ("seeds.jsonl", "seeds", "ukraine-talks", [0.82, 0.92, 0.98]),
    ("ukraine/statements.jsonl", "tests/gold/ukraine/docs", "ukraine-talks", [0.55, 0.53, 0.82]),
    ("ukraine-news/statements.jsonl", "tests/gold/ukraine-news/docs", "ukraine-talks", [0.51, 0.59, 0.88]),
    ("ukraine-kept-apart/statements.jsonl", "tests/gold/ukraine-kept-apart/docs", "ukraine-talks", [0.35, 0.41, 0.88]),
    ("gaza/statements.jsonl", "tests/gold/gaza/docs", "gaza-ceasefire", [0.56, 0.61, 0.93]),
    ("iran/statements.jsonl", "tests/gold/iran/docs", "iran-nuclear", [0.52, 0.63, 0.94]),
];

#[test]
fn articles_coded_by_hand_are_read_no_worse_than_before() {
    for (gold, documents, codebook, floors) in CODED {
        let gold = format!("tests/gold/{gold}");
        let output = eval(&[&gold, documents, "--codebook", codebook, "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let figures: Value = serde_json::from_slice(&output.stdout).unwrap();
        let measured = [
            figures["statement"]["f1"].as_f64().unwrap(),
            figures["cell_and_sign"]["f1"].as_f64().unwrap(),
            figures["stance_sign"].as_f64().unwrap(),
        ];
        assert!(measured.iter().zip(&floors).all(|(m, f)| m >= f), "{gold}: {measured:?} of {floors:?}");
        assert_eq!(figures["grounded"], 1.0, "{gold}");
    }
}
