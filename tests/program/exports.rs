//! What `demarche export` writes for other programs, read back as they would.

use std::fs;

use crate::run::{Desk, demarche, fed};

const STATEMENTS: &str = "tests/fixtures/statements.jsonl";

/// Exports the fixture to standard output.
fn exported(format: &str, more: &[&str]) -> String {
    demarche([&["export", format, STATEMENTS], more].concat()).exits(0).out.clone()
}

/// Rows of positions.csv for the same statements.
fn positions(more: &[&str]) -> Vec<csv::StringRecord> {
    let args = [&["matrix", STATEMENTS, "--format", "positions"], more].concat();
    let out = demarche(args).exits(0).out.clone();
    csv::Reader::from_reader(out.as_bytes()).records().map(Result::unwrap).collect()
}

/// The fixture's first statement with some fields replaced, as a file of its own.
fn changed(desk: &Desk, fields: &[(&str, &str)]) -> String {
    let line = fs::read_to_string(STATEMENTS).unwrap().lines().next().unwrap().to_string();
    let mut statement: serde_json::Value = serde_json::from_str(&line).unwrap();
    for (field, value) in fields {
        statement[*field] = (*value).into();
    }
    let path = desk.path("changed.jsonl");
    fs::write(&path, format!("{statement}\n")).unwrap();
    path.display().to_string()
}

/// Statements behind all positions of positions.csv.
fn counted(positions: &[csv::StringRecord]) -> usize {
    positions.iter().map(|row| row[5].parse::<usize>().unwrap()).sum()
}

#[test]
fn markdown_has_every_position_and_every_statement_behind_it() {
    let page = exported("markdown", &[]);
    let rows = positions(&[]);
    let (table, list) = page.split_once("\n## Statements\n").unwrap();
    let cells: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| Party") && !line.starts_with("| ---"))
        .map(|line| line.trim_matches(['|', ' ']).split(" | ").collect())
        .collect();
    let columns = table.lines().find(|line| line.starts_with("| Party")).unwrap().matches(" | ").count();
    assert!(cells.iter().all(|row| row.len() == columns + 1), "{table}");
    let filled = cells.iter().flat_map(|row| &row[1..]).filter(|cell| **cell != "nothing found").count();
    assert_eq!((filled, cells.len()), (rows.len(), 15), "{table}");
    assert_eq!(list.lines().filter(|line| line.starts_with("#### ")).count(), rows.len());
    assert_eq!(list.lines().filter(|line| line.starts_with("- ")).count(), counted(&rows));
    let us = list.split("### United States\n").nth(1).unwrap().split("\n### ").next().unwrap();
    let aid = us.split("#### Military aid: rejects (-2), until they want peace\n").nth(1).unwrap();
    let entry = "- ‘Deliveries stop until they want peace’: rejects (-2); President of the United States, 4 Mar 2025, \
                 [Test Courier](https://example.org/d)\n";
    assert!(aid.contains(entry), "{us}");
}

#[test]
fn markdown_takes_the_filters_of_the_matrix() {
    let more = ["--party", "us", "--party", "russia", "--as-of", "2025-02-28"];
    let page = exported("markdown", &more);
    assert!(page.contains("Positions as of 28 Feb 2025, rule latest: 2 parties"), "{page}");
    assert_eq!(page.lines().filter(|line| line.starts_with("#### ")).count(), positions(&more).len());
    assert!(!page.contains("Deliveries stop"));
    let nothing = exported("markdown", &["--as-of", "1999-01-01", "--window", "1d"]);
    assert!(nothing.ends_with("\nNo position found.\n"), "{nothing}");
}

#[test]
fn nothing_of_a_document_is_markup_in_markdown() {
    let desk = Desk::new(&[]);
    let hostile = "# a | b\n- [x](javascript:1) <script> `c` **d** ~~e~~";
    let input = changed(
        &desk,
        &[
            ("quote", hostile),
            ("speaker", hostile),
            ("outlet", hostile),
            ("url", "https://a.example/)[x](javascript:1"),
        ],
    );
    let page = demarche(["export", "markdown", input.as_str()]).exits(0).out.clone();
    let entry = page.lines().find(|line| line.starts_with("- ")).unwrap();
    let escaped = "\\# a \\| b - \\[x\\](javascript:1) &lt;script&gt; \\`c\\` \\*\\*d\\*\\* \\~\\~e\\~\\~";
    assert_eq!(entry.matches(escaped).count(), 3, "{entry}");
    assert!(!entry.contains("https://"), "an address that could end its link is no link: {entry}");
    let input = changed(&desk, &[("outlet", "A_B"), ("url", "https://a.example/x?y=1")]);
    let page = demarche(["export", "markdown", input.as_str()]).exits(0).out.clone();
    assert!(page.contains("[A\\_B](https://a.example/x?y=1)"), "{page}");
}

#[test]
fn every_input_gives_the_same_export() {
    let desk = Desk::new(&[]);
    let out = desk.path("out");
    demarche(["matrix", STATEMENTS, "-o", out.to_str().unwrap()]).exits(0);
    let piped = fed(["export", "markdown", "-"], fs::read(STATEMENTS).unwrap());
    let wanted = exported("markdown", &[]);
    assert!(piped.exits(0).out == wanted);
    for file in ["statements.jsonl", "statements.csv", "positions.xlsx"] {
        let page = desk.path("page.md");
        let file = out.join(file);
        demarche(["export", "markdown", file.to_str().unwrap(), "-o", page.to_str().unwrap()]).exits(0);
        assert!(fs::read_to_string(page).unwrap() == wanted, "{}", file.display());
    }
}

#[test]
fn what_cannot_be_read_or_written_is_told() {
    demarche(["export", "markdown", "no-such.jsonl"]).exits(2).tells(&["no-such.jsonl", "why: "]);
    fed(["export", "markdown", "-"], "{\"id\": 1}\n").exits(2).tells(&["cannot read the statement", "line 1"]);
    demarche(["export", "markdown", STATEMENTS, "-o", "no/such/folder.md"])
        .exits(2)
        .tells(&["does not exist", "hint: "]);
    demarche(["export", "markdown", STATEMENTS, "--ledger", "x"]).exits(2).tells(&["cannot be used with"]);
    demarche(["export", "markdown", STATEMENTS, "--party", "atlantis"]).exits(2).tells(&["\"atlantis\""]);
}
