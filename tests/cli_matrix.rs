//! The command line from statements on: tables, files, exit codes, messages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;

const STATEMENTS: &str = "tests/fixtures/statements.jsonl";
const FILES: [&str; 5] = ["positions.xlsx", "positions.csv", "matrix.csv", "statements.csv", "statements.jsonl"];

fn demarche(args: &[&str]) -> Output {
    let mut command = Command::cargo_bin("demarche").unwrap();
    command.args(args).env_remove("COLUMNS").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_table_fits_eighty_columns_and_needs_no_colour() {
    for rows in ["topics", "parties"] {
        let output = demarche(&["matrix", STATEMENTS, "--rows", rows]);
        assert!(output.status.success());
        let text = out(&output);
        assert!(text.starts_with("Positions as of 5 Mar 2025, rule latest\n"));
        assert!(!text.contains('\u{1b}'));
        assert!(text.contains("contradictory: also"));
        for line in text.lines().filter(|l| l.starts_with(' ')) {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn csv_on_standard_output_is_that_of_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().to_str().unwrap();
    let output = demarche(&["matrix", STATEMENTS, "-o", to]);
    assert!(output.status.success(), "{}", err(&output));
    assert!(
        err(&output).contains("4 documents, 83 statements (78 count), 15 parties on 18 topics"),
        "{}",
        err(&output)
    );
    for (form, file) in [("matrix", "matrix.csv"), ("positions", "positions.csv")] {
        let output = demarche(&["matrix", STATEMENTS, "--format", form]);
        assert_eq!(out(&output), std::fs::read_to_string(folder.path().join(file)).unwrap());
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for folder in &folders {
        assert!(demarche(&["matrix", STATEMENTS, "-o", folder.path().to_str().unwrap()]).status.success());
    }
    let read = |folder: &tempfile::TempDir, name: &str| std::fs::read(folder.path().join(name)).unwrap();
    for name in FILES {
        assert!(read(&folders[0], name) == read(&folders[1], name), "{name}");
    }
    assert_eq!(std::fs::read_dir(folders[0].path()).unwrap().count(), FILES.len());
}

#[test]
fn statements_come_from_standard_input() {
    let text = std::fs::read(STATEMENTS).unwrap();
    let mut command = Command::cargo_bin("demarche").unwrap();
    let output = command.args(["matrix", "-", "--party", "poland"]).write_stdin(text).output().unwrap();
    assert!(output.status.success());
    assert!(out(&output).contains("Poland"));
    assert!(!out(&output).contains("Spain"));
}

#[test]
fn faults_say_what_where_why_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.jsonl");
    std::fs::write(&broken, "\n{\"id\": 1}\n").unwrap();
    let broken = broken.to_str().unwrap();
    let cases: [(&[&str], &[&str]); 9] = [
        (&["matrix", "nowhere.jsonl"], &["error: ", "nowhere.jsonl", "why: ", "hint: "]),
        (&["matrix", broken], &["error: ", "broken.jsonl, line 2", "why: "]),
        (&["matrix", STATEMENTS, "--party", "atlantis"], &["\"atlantis\"", "hint: "]),
        (&["matrix", STATEMENTS, "--topic", "weather"], &["\"weather\"", "hint: "]),
        (&["matrix", STATEMENTS, "--as-of", "13 Feb"], &["write the date as 2025-02-13"]),
        (&["matrix", STATEMENTS, "--min-confidence", "7"], &["a number from 0 to 1"]),
        (&["matrix", STATEMENTS, "--since", "2025-03-01", "--as-of", "2025-02-01"], &["is after --as-of", "hint: "]),
        (&["matrix", STATEMENTS, "-o", broken], &["output folder", "broken.jsonl", "hint: "]),
        (&["codebook", "check", "no-such-codebook"], &["error: ", "no-such-codebook", "hint: "]),
    ];
    for (args, words) in cases {
        let output = demarche(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        for word in words {
            assert!(err(&output).contains(word), "{args:?} lacks {word}: {}", err(&output));
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let program = assert_cmd::cargo::cargo_bin("demarche");
    for command in [
        "matrix tests/fixtures/statements.jsonl --format positions",
        "--help",
        "matrix tests/fixtures/statements.jsonl",
    ] {
        let line = format!("{} {command} 2>&1 >&3 3>&- | cat; exit ${{PIPESTATUS[0]}}", program.display());
        let line = format!("({line}) 3>&1 | head -c 1 >/dev/null; exit ${{PIPESTATUS[0]}}");
        let output = std::process::Command::new("bash").args(["-c", &line]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn every_command_teaches_by_example() {
    for args in [
        &["--help"][..],
        &["build", "--help"],
        &["extract", "--help"],
        &["matrix", "--help"],
        &["add", "--help"],
        &["find", "--help"],
        &["timeline", "--help"],
        &["explain", "--help"],
        &["codebook", "check", "--help"],
        &["codebook", "gaps", "--help"],
        &["codebook", "new", "--help"],
        &["eval", "--help"],
    ] {
        let output = demarche(args);
        assert!(output.status.success(), "{args:?}");
        assert!(out(&output).contains("Examples:"), "{args:?}");
    }
    assert_eq!(demarche(&["no-such-command"]).status.code(), Some(2));
    assert!(out(&demarche(&["codebook", "check"])).contains("no faults found"));
    assert!(Path::new(STATEMENTS).exists());
}
