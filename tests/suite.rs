//! Runs `tests/suite/*.md`: texts with the statements they must give, all of them and no others.
//!
//! A case is a heading, a block of text, and a table of statements, or the word `Nothing.` where there must be none:
//!
//! ````text
//! ## Name of the case
//!
//! ```text
//! Ukraine wants to join NATO, President Volodymyr Zelenskyy said.
//! ```
//!
//! | party | topic | stance | speaker | secondhand | quote |
//! | --- | --- | --- | --- | --- | --- |
//! | ukraine | nato-membership | 2 | Volodymyr Zelenskyy | no | join NATO |
//! ````
//!
//! `quote` holds words that the quotation must contain; `-` stands for "none". Further columns are `condition` (words it must
//! contain), `mode`, `role`, `joint` and `said on`. Texts count as published on 14 February 2025, a Friday.
//!
//! `open.md` holds the cases that fail today: they are reported and fail nothing. Each names its home (`Home: stance.md`).
//! `SUITE_SORT=1 cargo test --test suite` moves cases that pass home, and those that fail to `open.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use demarche::advice;
use demarche::codebook::{self, Codebook};
use demarche::document::{Document, ReadOptions, jsonl::Records};
use demarche::statement::{self, Statement};

const CODEBOOK: &str = "ukraine-talks";
const OPEN: &str = "open.md";
const PUBLISHED: &str = "2025-02-14";
const HOME: &str = "Home: ";

struct Case {
    name: String,
    /// The file it belongs to.
    home: String,
    /// The case as it stands in its file, without the line that names its home.
    source: String,
    text: String,
    wanted: Vec<BTreeMap<String, String>>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/suite")
}

/// Splits a file into what stands before its first case, and its cases.
fn cases(file: &str, text: &str) -> (String, Vec<Case>) {
    let mut parts = text.split("\n## ");
    let head = parts.next().unwrap_or("").trim_end().to_string();
    (head, parts.map(|part| case(file, part)).collect())
}

fn case(file: &str, part: &str) -> Case {
    let (name, body) = part.split_once('\n').unwrap_or((part, ""));
    let place = || format!("{file}, \"{name}\"");
    let home = body.lines().find_map(|l| l.strip_prefix(HOME)).map_or(file, str::trim).to_string();
    let kept: Vec<&str> = body.lines().filter(|l| !l.starts_with(HOME)).collect();
    let source = kept.join("\n").trim().to_string();
    let (_, after) = source.split_once("```text\n").unwrap_or_else(|| panic!("{}: no block of text", place()));
    let (text, after) = after.split_once("\n```").unwrap_or_else(|| panic!("{}: the text never ends", place()));
    let mut lines = after.lines().filter(|l| l.starts_with('|'));
    let cells = |line: &str| -> Vec<String> {
        line.trim().trim_matches('|').split('|').map(|c| c.trim().to_string()).collect()
    };
    let header = lines.next().map(cells).unwrap_or_default();
    let wanted: Vec<BTreeMap<String, String>> =
        lines.skip(1).map(|l| header.iter().cloned().zip(cells(l)).collect()).collect();
    assert_eq!(wanted.is_empty(), after.contains("Nothing."), "{}: neither a table nor \"Nothing.\", or both", place());
    Case { name: name.to_string(), home, text: text.to_string(), wanted, source }
}

fn document(text: &str) -> Document {
    let record = serde_json::json!({"id": "case", "text": text, "published": PUBLISHED}).to_string();
    let mut records = Records::new(record.as_bytes(), ReadOptions::default());
    records.next().unwrap().unwrap()
}

fn lower<T: std::fmt::Debug>(value: T) -> String {
    format!("{value:?}").to_lowercase()
}

/// The value of a statement that a column speaks of.
fn field(statement: &Statement, column: &str) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".into());
    let yes = |flag: bool| if flag { "yes" } else { "no" }.to_string();
    match column {
        "party" => statement.party.clone(),
        "topic" => statement.topic.clone(),
        "stance" => statement.stance.to_string(),
        "speaker" => text(&statement.speaker),
        "secondhand" => yes(statement.secondhand),
        "joint" => yes(statement.joint),
        "quote" => statement.quote.clone(),
        "condition" => text(&statement.condition),
        "mode" => lower(statement.mode),
        "role" => lower(statement.role),
        "said on" => statement.stated_on.map_or_else(|| "-".into(), |d| d.to_string()),
        other => panic!("no column is called \"{other}\""),
    }
}

fn fits(statement: &Statement, wanted: &BTreeMap<String, String>) -> bool {
    wanted.iter().all(|(column, value)| {
        let found = field(statement, column);
        match column.as_str() {
            "quote" | "condition" if value != "-" => found.contains(value.as_str()),
            _ => found == *value,
        }
    })
}

/// Returns what is wrong: statements missing, statements too many.
fn fault(case: &Case, codebook: &Codebook) -> Option<String> {
    let mut found = statement::code(&document(&case.text), codebook).statements;
    let mut out = String::new();
    for wanted in &case.wanted {
        match found.iter().position(|s| fits(s, wanted)) {
            Some(at) => drop(found.remove(at)),
            None => {
                let told: Vec<String> = wanted.iter().map(|(c, v)| format!("{c}: {v}")).collect();
                writeln!(out, "      missing   {}", told.join(", ")).unwrap();
            }
        }
    }
    for s in found {
        let speaker = s.speaker.as_deref().unwrap_or("-");
        let hand = if s.secondhand { ", secondhand" } else { "" };
        let rules = s.rules.join(" ");
        writeln!(
            out,
            "      too many  {} on {}: {} by {speaker}{hand}: {:?} [{rules}]",
            s.party, s.topic, s.stance, s.quote
        )
        .unwrap();
    }
    (!out.is_empty()).then_some(out)
}

fn files() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.filter(|n| n.ends_with(".md")).collect();
    names.sort();
    names
}

#[test]
fn texts_give_the_statements_they_must() {
    let codebook = codebook::load(CODEBOOK).unwrap_or_else(|p| panic!("{p:?}"));
    let mut heads: BTreeMap<String, String> = BTreeMap::new();
    let mut passed: Vec<Case> = Vec::new();
    let mut failed: Vec<(Case, String)> = Vec::new();
    let mut names = Vec::new();
    let (mut broken, mut mended) = (String::new(), Vec::new());
    for file in files() {
        let (head, cases) = cases(&file, &fs::read_to_string(folder().join(&file)).unwrap());
        heads.insert(file.clone(), head);
        for case in cases {
            names.push(case.name.clone());
            match fault(&case, &codebook) {
                None => {
                    if file == OPEN {
                        mended.push(format!("  {} (home: {})\n", case.name, case.home));
                    }
                    passed.push(case);
                }
                Some(what) => {
                    if file == OPEN {
                        eprintln!("open: {}\n{what}", case.name);
                    } else {
                        writeln!(broken, "  {file}: {}\n{what}", case.name).unwrap();
                    }
                    failed.push((case, what));
                }
            }
        }
    }
    eprintln!("{} of {} cases pass", passed.len(), passed.len() + failed.len());
    names.sort();
    let twice: Vec<&String> = names.windows(2).filter(|w| w[0] == w[1]).map(|w| &w[0]).collect();
    assert!(twice.is_empty(), "two cases have one name: {twice:?}");
    if std::env::var_os("SUITE_SORT").is_some() {
        sort(&heads, &passed, &failed);
        return;
    }
    if !mended.is_empty() {
        eprintln!("these pass now and can go home:\n{}", mended.concat());
    }
    assert!(broken.is_empty(), "texts that no longer give the statements they must:\n{broken}");
}

/// Writes the files anew: what passes goes home, what fails to `open.md`.
fn sort(heads: &BTreeMap<String, String>, passed: &[Case], failed: &[(Case, String)]) {
    for (file, head) in heads {
        let mut out = format!("{head}\n");
        if file == OPEN {
            for (case, _) in failed {
                write!(out, "\n## {}\n\n{HOME}{}\n\n{}\n", case.name, case.home, case.source).unwrap();
            }
        } else {
            for case in passed.iter().filter(|c| c.home == *file) {
                write!(out, "\n## {}\n\n{}\n", case.name, case.source).unwrap();
            }
        }
        fs::write(folder().join(file), out).unwrap();
    }
}

/// Every topic of every codebook keeps sentences with what they must give; `demarche codebook check` runs them too.
#[test]
#[ignore = "turn on when extraction is finished: cargo test --test suite -- --ignored"]
fn examples_of_the_topics_give_what_they_must() {
    let (mut all, mut faults) = (0, Vec::new());
    for name in codebook::names() {
        let book = codebook::load(name).unwrap_or_else(|p| panic!("{p:?}"));
        for topic in &book.topics {
            assert!(!topic.examples.is_empty(), "{name}: the topic {} has no example", topic.id);
        }
        for tried in advice::try_examples(&book) {
            all += 1;
            if !tried.passes {
                faults.push(format!("  {name}/topics.toml, line {}: {}", tried.example.line, tried.told()));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {all} examples fail:\n{}", faults.len(), faults.join("\n"));
}
