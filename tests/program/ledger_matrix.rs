//! Matrices, timelines and workbooks out of a ledger.

use std::collections::BTreeMap;
use std::fs;

use crate::ledger::{FIRST_RUN, SECOND_RUN, add, desk, on};
use crate::review_hostile::unpacked;
use crate::run::{Desk, demarche, snapshot};
use crate::sheet::{Sheet, built, import};

/// Three days on which Russia speaks to a ceasefire, added in two runs.
fn history() -> Desk {
    let desk = Desk::new(&[
        ("1.txt", b"Russia rejects a ceasefire, Foreign Minister Sergey Lavrov said.\n"),
        ("2.txt", b"Russia still rejects a ceasefire, President Vladimir Putin said.\n"),
        ("sources.csv", b"file,published\n1.txt,2025-01-10\n2.txt,2025-02-01\n3.txt,2025-02-13\n"),
    ]);
    add(&desk, FIRST_RUN, &[]).exits(0);
    fs::write(desk.path("news/3.txt"), "Russia supports a ceasefire, Foreign Minister Sergey Lavrov said.\n").unwrap();
    add(&desk, SECOND_RUN, &[]).exits(0);
    desk
}

/// What `matrix --format positions` tells of Russia on a ceasefire: stance, statements, as-of date.
fn position(desk: &Desk, more: &[&str]) -> Option<(String, String, String)> {
    let ran = on(desk, "matrix", &[&["--format", "positions"], more].concat());
    let out = ran.exits(0).out.clone();
    let mut rows = csv::Reader::from_reader(out.as_bytes());
    let found = rows.records().map(Result::unwrap).find(|r| &r[0] == "russia" && &r[1] == "ceasefire")?;
    Some((found[3].to_string(), found[5].to_string(), found[2].to_string()))
}

fn told(stance: &str, statements: &str, as_of: &str) -> Option<(String, String, String)> {
    Some((stance.into(), statements.into(), as_of.into()))
}

#[test]
fn where_they_stood_and_what_was_known_are_two_questions() {
    let desk = history();
    assert_eq!(position(&desk, &[]), told("2", "3", "2025-02-13"));
    assert_eq!(position(&desk, &["--as-of", "2025-02-12"]), told("-2", "2", "2025-02-12"));
    assert_eq!(position(&desk, &["--known-on", "2025-02-20"]), told("-2", "2", "2025-02-01"));
    assert_eq!(position(&desk, &["--known-on", "2025-02-14"]), None, "nothing had been added");
    assert_eq!(position(&desk, &["--rule", "majority"]), told("-2", "3", "2025-02-13"));
    assert_eq!(position(&desk, &["--window", "13d"]).map(|p| p.1), Some("2".into()));
    assert_eq!(position(&desk, &["--window", "12d"]).map(|p| p.1), Some("1".into()));
    assert_eq!(position(&desk, &["--min-statements", "4"]), None);
    assert_eq!(position(&desk, &["--window", "1w", "--as-of", "2025-02-12"]), None);
}

#[test]
fn a_ledger_gives_what_its_statements_give() {
    let desk = history();
    let ledger = desk.path("ledger.sqlite").display().to_string();
    fs::write(desk.path("s.jsonl"), on(&desk, "find", &["--format", "jsonl"]).out.as_bytes()).unwrap();
    let lines = desk.path("s.jsonl").display().to_string();
    let variants: [&[&str]; 5] = [
        &[],
        &["--rows", "parties", "--as-of", "2025-02-05"],
        &["--format", "matrix", "--window", "30d"],
        &["--format", "positions", "--role", "government", "--min-confidence", "0.3"],
        &["--format", "positions", "--party", "russia", "--topic", "ceasefire", "--since", "2025-01-20"],
    ];
    for more in variants {
        let of = |path: &str| demarche([&["matrix", path], more].concat()).exits(0).out.clone();
        assert_eq!(of(&ledger), of(&lines), "{more:?}");
    }
    let timeline = |path: &str| demarche(["timeline", "russia", "ceasefire", path]).exits(0).out.clone();
    assert_eq!(timeline(&ledger), timeline(&lines));
    demarche(["matrix", &lines, "--known-on", "2025-02-14"]).exits(2).tells(&["has no history", "--ledger"]);
}

#[test]
fn a_timeline_marks_where_the_position_changed() {
    let desk = history();
    let text = on(&desk, "timeline", &["russia", "ceasefire"]).exits(0).out.clone();
    let marks: Vec<&str> = text.lines().filter(|l| l.starts_with(">>")).collect();
    assert_eq!(marks.len(), 2, "{text}");
    assert!(marks[0].starts_with(">> position: rejects (-2)"), "{text}");
    assert!(marks[1].starts_with(">> position changed: rejects (-2) to "), "{text}");
    let rows = on(&desk, "timeline", &["russia", "ceasefire", "--format", "csv"]).exits(0).out.clone();
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    let days: Vec<(String, String)> =
        reader.records().map(Result::unwrap).map(|r| (r[0].to_string(), r[5].to_string())).collect();
    let wanted = [("2025-01-10", "yes"), ("2025-02-01", "no"), ("2025-02-13", "yes")];
    assert_eq!(days, wanted.map(|(d, c)| (d.to_string(), c.to_string())));
    let late = on(&desk, "timeline", &["russia", "ceasefire", "--since", "2025-02-01", "--until", "2025-02-01"]);
    assert!(!late.exits(0).out.contains(">>"), "{}", late.out);
    let majority = on(&desk, "timeline", &["russia", "ceasefire", "--rule", "majority"]).exits(0).out.clone();
    assert!(!majority.contains(">> position changed"), "{majority}");
    on(&desk, "timeline", &["atlantis", "ceasefire"]).exits(2).tells(&["atlantis", "hint: "]);
    assert!(on(&desk, "timeline", &["poland", "ceasefire"]).exits(0).out.contains("Nothing found"));
}

/// Compares outputs byte for byte, save for what ties a workbook to its ledger: properties, and a copy on the hidden sheet Lists.
#[track_caller]
fn same_but_the_tie(one: &BTreeMap<String, Vec<u8>>, two: &BTreeMap<String, Vec<u8>>) {
    assert!(one.keys().eq(two.keys()));
    for (name, bytes) in one.iter().filter(|(name, _)| *name != "positions.xlsx") {
        assert!(*bytes == two[name], "{name}");
    }
    let (one, two) = (unpacked(&one["positions.xlsx"]), unpacked(&two["positions.xlsx"]));
    let lists = one
        .keys()
        .filter(|part| part.starts_with("xl/worksheets/sheet"))
        .max_by_key(|part| (part.len(), *part))
        .unwrap()
        .clone();
    for (part, bytes) in &one {
        if ![&lists, "docProps/custom.xml", "xl/sharedStrings.xml"].contains(&part.as_str()) {
            assert!(*bytes == two[part], "{part}");
        }
    }
}

#[test]
fn a_build_on_a_ledger_gives_what_a_build_gives() {
    let desk = desk();
    desk.build(&[]).exits(0);
    let ledger = desk.path("ledger.sqlite").display().to_string();
    let through = desk.path("through");
    desk.build_into(&through, &["--ledger", &ledger, "--now", FIRST_RUN]).exits(0).tells(&["2 documents added"]);
    same_but_the_tie(&snapshot(&through), &snapshot(&desk.path("out")));
    // Without documents it builds from what is there.
    let again = desk.path("again").display().to_string();
    demarche(["build", "--ledger", &ledger, "-o", &again]).exits(0).tells(&["nothing new", "2 documents, "]);
    assert!(snapshot(&desk.path("again")) == snapshot(&through));
}

#[test]
fn the_seeds_come_out_of_a_ledger_as_they_are_committed_and_coded_again_stay_so() {
    let desk = Desk::new(&[]);
    let ledger = desk.path("ledger.sqlite").display().to_string();
    let through = desk.path("through").display().to_string();
    demarche(["build", "seeds", "--ledger", &ledger, "-o", &through, "--now", FIRST_RUN]).exits(0);
    let committed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("output");
    let made = snapshot(&desk.path("through"));
    let committed = made.keys().map(|name| (name.clone(), fs::read(committed.join(name)).unwrap())).collect();
    same_but_the_tie(&made, &committed);
    // Coded again, every statement is what it was, and none is put in the place of itself.
    on(&desk, "add", &["--recode", "--now", SECOND_RUN])
        .exits(0)
        .tells(&["2 coded again; 0 statements added, 0 dropped"]);
}

#[test]
fn commands_that_read_statements_take_a_ledger_as_a_flag_or_a_file() {
    let desk = history();
    let ledger = desk.path("ledger.sqlite").display().to_string();
    let commands: [&[&str]; 4] = [
        &["gaps", "--format", "json"],
        &["contradictions", "--format", "json"],
        &["diff", "--from", "2025-01-15", "--format", "json"],
        &["diff", "--from", "2025-01-15", "--known-on", "2025-02-20", "--all", "--format", "csv"],
    ];
    for command in commands {
        let by_flag = on(&desk, command[0], &command[1..]);
        let by_file = demarche([&command[..1], &[ledger.as_str()], &command[1..]].concat());
        assert!(matches!(by_flag.code, Some(0 | 1)), "{command:?}: {}", by_flag.err);
        assert_eq!((by_flag.code, &by_flag.out), (by_file.code, &by_file.out), "{command:?}");
        assert!(by_flag.out.len() > 40, "{command:?}: {}", by_flag.out);
    }
    // On 20 February the statement of 13 February was not known yet.
    let from = ["--from", "2025-01-15"];
    on(&desk, "diff", &from).exits(1);
    on(&desk, "diff", &[&from[..], &["--known-on", "2025-02-20"]].concat()).exits(0);
    on(&desk, "gaps", &[&ledger]).exits(2);
    demarche(["diff", &ledger, &ledger, "--known-on", "2025-02-20"]).exits(2);
}

#[test]
fn a_statement_is_explained_as_the_ledger_holds_it() {
    let desk = history();
    let found = on(&desk, "find", &["--format", "jsonl", "--since", "2025-02-10"]).exits(0).out.clone();
    let statement: serde_json::Value = serde_json::from_str(found.lines().next().unwrap()).unwrap();
    let id = statement["id"].as_str().unwrap();
    // The files themselves may be gone.
    fs::remove_dir_all(desk.path("news")).unwrap();
    let told = on(&desk, "explain", &[&id[..10]]).exits(0).out.clone();
    for part in [id, "3.txt, line 1", "Sergei Lavrov", "13 Feb 2025", "«", "rules"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("\nreview"), "{told}");
    let ledger = desk.path("ledger.sqlite").display().to_string();
    assert_eq!(demarche(["explain", &id[..10], &ledger]).exits(0).out, told);
    let mut sheet = Sheet::load(&built(&desk, SECOND_RUN));
    let row = (0..sheet.rows.len()).find(|row| sheet.text(*row, "Id") == id).unwrap();
    sheet.write(row, "Verdict", "correct");
    sheet.write(row, "Corrected stance", "-1");
    import(&desk, &sheet, &["--reviewer", "Anna", "--now", SECOND_RUN]).exits(0);
    let told = on(&desk, "explain", &[id]).exits(0).out.clone();
    assert!(told.contains("stance       -1") && told.contains("correct by Anna, 2025-03-01"), "{told}");
    on(&desk, "explain", &[id, "--known-on", "2025-02-20"]).exits(2).tells(&["no statement has that id"]);
    on(&desk, "explain", &["ffffffffffffffff"]).exits(2).tells(&["no statement has that id", "ledger.sqlite"]);
    demarche(["explain", id, "--known-on", "2025-02-20"]).exits(2).tells(&["Name a ledger"]);
}

#[test]
fn a_corrected_day_moves_the_latest_day() {
    let desk = history();
    let mut sheet = Sheet::load(&built(&desk, SECOND_RUN));
    let row = (0..sheet.rows.len()).find(|row| sheet.text(*row, "Document") == "3.txt").unwrap();
    sheet.write(row, "Verdict", "correct");
    sheet.write(row, "Corrected date", "2025-02-20");
    import(&desk, &sheet, &["--now", SECOND_RUN]).exits(0);
    assert_eq!(position(&desk, &[]), told("2", "3", "2025-02-20"));
}
