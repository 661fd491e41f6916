//! The story of docs/tutorial.md: from two articles to a reviewed history of positions, and the page tells what is printed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ledger::on;
use crate::run::{Desk, demarche};
use crate::sheet::{Sheet, has_spreadsheet_program, import_file, resaved};

const MONDAY: &str = "2025-02-17T08:00:00Z";
const TUESDAY: &str = "2025-02-18T08:00:00Z";
const LATER: &str = "2025-03-21T08:00:00Z";

/// One row of Evidence, by party and topic, and what goes into its yellow columns.
type Edit = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The corrections of the tutorial, each of a cell with one statement.
const EDITS: [Edit; 3] = [
    ("United States", "Ceasefire", &[("Verdict", "correct"), ("Corrected stance", "1")]),
    ("Ukraine", "Land swap", &[("Verdict", "correct"), ("Corrected condition", "if Russia returns occupied land")]),
    ("Russia", "Elections", &[("Verdict", "reject"), ("Note", "he says nothing of elections")]),
];

/// Puts the edits into a workbook with openpyxl.
const SCRIPT: &str = r#"
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
sheet = book["Evidence"]
heads = {c.value.split(":")[0]: c.column for c in sheet[1] if c.value}
at = lambda row, name: sheet.cell(row, heads[name])
for party, topic, values in json.loads(sys.argv[3]):
    rows = [r for r in range(2, sheet.max_row + 1)
            if (at(r, "Party").value, at(r, "Topic").value, at(r, "Counts").value) == (party, topic, "yes")]
    assert len(rows) == 1, (party, topic, rows)
    for name, value in values:
        at(rows[0], name).value = value
book.save(sys.argv[2])
"#;

/// Edits the workbook and saves it with LibreOffice, where that is here; else without any spreadsheet program.
fn edited(desk: &Desk, workbook: &Path) -> PathBuf {
    let path = desk.path("edited.xlsx");
    if has_spreadsheet_program() {
        let edits = serde_json::to_string(&EDITS).unwrap();
        let python = Command::new("python3").args(["-c", SCRIPT]).args([workbook, &path]).arg(edits).output().unwrap();
        assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
        return resaved(desk, &path);
    }
    let mut sheet = Sheet::load(workbook);
    for (party, topic, values) in EDITS {
        let is = |row: &usize| {
            let row = *row;
            (sheet.text(row, "Party"), sheet.text(row, "Topic")) == (party.into(), topic.into())
                && sheet.text(row, "Counts") == "yes"
        };
        let row = (0..sheet.rows.len()).find(is).unwrap();
        for (name, value) in values {
            sheet.write(row, name, value);
        }
    }
    sheet.save(&path);
    path
}

/// Stance, condition and review of a cell of positions.csv.
fn cell(desk: &Desk, party: &str, topic: &str) -> Option<(String, String, String)> {
    let rows = desk.rows("positions.csv");
    let row = rows.iter().find(|r| r["party"] == party && r["topic"] == topic)?;
    Some((row["stance"].clone(), row["condition"].clone(), row["reviewed"].clone()))
}

#[track_caller]
fn corrections_hold(desk: &Desk) {
    let is = |stance: &str, condition: &str| Some((stance.into(), condition.into(), "1 corrected".into()));
    assert_eq!(cell(desk, "us", "ceasefire"), is("1", ""));
    assert_eq!(cell(desk, "ukraine", "territory-exchange"), is("1", "if Russia returns occupied land"));
    assert_eq!(cell(desk, "russia", "elections"), None);
}

#[test]
fn the_story_of_the_tutorial() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tutorial.md")).unwrap();
    let desk = Desk::new(&[]);
    let ledger = desk.path("ledger.sqlite");
    let out = desk.path("out").display().to_string();
    let build = |paths: &[&str], at: &str| on(&desk, "build", &[paths, &["-o", &out, "--now", at]].concat());
    build(&["seeds"], MONDAY).exits(0);
    assert_eq!(cell(&desk, "us", "ceasefire").unwrap().0, "2");
    assert!(cell(&desk, "russia", "elections").is_some());

    let workbook = edited(&desk, &desk.path("out/positions.xlsx"));
    let import = |at: &str| import_file(&desk, &workbook, &["--reviewer", "Anna Berg", "--now", at]);
    let taken = import(TUESDAY);
    taken.exits(0);
    assert!(page.contains(taken.err.lines().next().unwrap()), "the tutorial does not tell: {}", taken.err);
    build(&[], TUESDAY).exits(0);
    corrections_hold(&desk);
    let before = fs::read(&ledger).unwrap();
    import(LATER).exits(0).tells(&["0 verdicts taken, 3 were there already", "nothing new"]);
    assert!(fs::read(&ledger).unwrap() == before);

    let added = on(&desk, "add", &["docs/tutorial", "--now", LATER]);
    added.exits(0);
    assert!(page.contains(added.err.lines().next().unwrap()), "the tutorial does not tell: {}", added.err);
    build(&[], LATER).exits(0);
    corrections_hold(&desk);

    let dates = ["--from", "2025-02-14", "--to", "2025-03-21"];
    let diff = |more: &[&str]| {
        let ledger = ledger.display().to_string();
        demarche([&["diff", &ledger], &dates[..], more].concat()).exits(1).out.clone()
    };
    let csv = diff(&["--format", "csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let moved: Vec<[String; 3]> = reader
        .deserialize()
        .map(|row: Result<std::collections::BTreeMap<String, String>, _>| row.unwrap())
        .map(|row| ["change", "party", "topic"].map(|name| row[name].clone()))
        .collect();
    assert_eq!(
        moved,
        [
            ["hardened", "russia", "participation-europe"],
            ["first stated", "ukraine", "ceasefire"],
            ["first stated", "russia", "peacekeeping-force"],
            ["first stated", "russia", "ceasefire"],
        ]
    );
    let told = diff(&[]);
    assert!(page.contains(&told), "the tutorial does not tell:\n{told}");

    // Not even coding everything anew, nor the workbook once more, brings a corrected reading back.
    on(&desk, "add", &["--recode", "--now", LATER]).exits(0);
    import(LATER).exits(0).tells(&["nothing new"]);
    build(&[], LATER).exits(0);
    corrections_hold(&desk);
}
