//! What a careful reader of the two seed articles finds must stand in `output/positions.csv`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

type Row = BTreeMap<String, String>;

fn rows(file: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("output").join(file);
    let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    csv::Reader::from_reader(bytes.as_slice()).deserialize().map(Result::unwrap).collect()
}

/// What else a row must show.
#[derive(Clone, Copy)]
enum Also {
    Nothing,
    /// The words its stance hangs on.
    Condition,
    /// That its evidence speaks with two tongues, one statement at least having each of these stances.
    Contradicts(i8, i8),
}
use Also::{Condition, Contradicts, Nothing};

/// Party, topic, the stances a reader accepts in the cell, and what else the row shows.
const MUST_SHOW: &[(&str, &str, &[&str], Also)] = &[
    // Ukraine
    ("ukraine", "participation-ukraine", &["2"], Nothing),
    ("ukraine", "participation-europe", &["2"], Nothing),
    ("ukraine", "nato-membership", &["2"], Nothing),
    ("ukraine", "territory", &["2"], Nothing),
    ("ukraine", "security-guarantees", &["2"], Nothing),
    ("ukraine", "territory-exchange", &["1"], Nothing),
    ("ukraine", "minerals", &["1"], Nothing),
    ("ukraine", "peacekeeping-force", &["1"], Condition),
    // The United States
    ("us", "territory", &["-1"], Nothing),
    ("us", "us-troops", &["-2"], Nothing),
    ("us", "minerals", &["2"], Nothing),
    ("us", "burden-sharing", &["2"], Nothing),
    ("us", "negotiations", &["2"], Nothing),
    ("us", "participation-ukraine", &["2"], Nothing),
    ("us", "nato-membership", &["-1", "0", ""], Contradicts(-1, 0)),
    // Russia
    ("russia", "territory-exchange", &["-2"], Nothing),
    ("russia", "negotiations", &["2"], Nothing),
    ("russia", "participation-europe", &["0"], Nothing),
    ("russia", "participation-ukraine", &["1", "-2", ""], Contradicts(1, -2)),
    // The joint statement
    ("eu", "participation-ukraine", &["2"], Nothing),
    ("germany", "participation-ukraine", &["2"], Nothing),
    ("france", "participation-ukraine", &["2"], Nothing),
    ("poland", "participation-ukraine", &["2"], Nothing),
    ("uk", "participation-ukraine", &["2"], Nothing),
    ("italy", "participation-ukraine", &["2"], Nothing),
    ("spain", "participation-ukraine", &["2"], Nothing),
    ("eu", "participation-europe", &["2"], Nothing),
    ("germany", "participation-europe", &["2"], Nothing),
    ("france", "participation-europe", &["2"], Nothing),
    ("poland", "participation-europe", &["2"], Nothing),
    ("uk", "participation-europe", &["2"], Nothing),
    ("italy", "participation-europe", &["2"], Nothing),
    ("spain", "participation-europe", &["2"], Nothing),
    // Objections to concessions in advance
    ("estonia", "prior-concessions", &["-1", "-2"], Nothing),
    ("germany", "prior-concessions", &["-1", "-2"], Nothing),
    ("eu", "prior-concessions", &["-1", "-2"], Nothing),
];

/// Says what is wrong with a cell, or nothing.
fn fault(row: Option<&Row>, statements: &[Row], stances: &[&str], also: Also) -> Option<String> {
    let Some(row) = row else { return Some("nothing found".to_string()) };
    if !stances.contains(&row["stance"].as_str()) {
        return Some(format!("stance {:?} ({})", row["stance"], row["quote"]));
    }
    match also {
        Nothing => None,
        Condition => row["condition"].is_empty().then(|| "no condition is shown".to_string()),
        Contradicts(one, other) => {
            if row["contradictory"] != "yes" {
                return Some("it is not flagged as contradictory".to_string());
            }
            let of_cell =
                |s: &&Row| s["party"] == row["party"] && s["topic"] == row["topic"] && s["secondhand"] == "false";
            let has = |stance: i8| statements.iter().filter(of_cell).any(|s| s["stance"] == stance.to_string());
            [one, other].into_iter().find(|s| !has(*s)).map(|s| format!("no statement of stance {s}"))
        }
    }
}

#[test]
fn what_a_careful_reader_finds_stands_in_the_positions() {
    let (positions, statements) = (rows("positions.csv"), rows("statements.csv"));
    let mut faults = Vec::new();
    for (party, topic, stances, also) in MUST_SHOW {
        let row = positions.iter().find(|r| r["party"] == *party && r["topic"] == *topic);
        if let Some(fault) = fault(row, &statements, stances, *also) {
            faults.push(format!("  {party:<10} {topic:<22} want {:<10} {fault}", stances.join(" or ")));
        }
    }
    let (missed, all) = (faults.len(), MUST_SHOW.len());
    assert!(
        faults.is_empty(),
        "{missed} of {all} positions are not as a careful reader finds them:\n{}",
        faults.join("\n")
    );
}

#[test]
fn experts_and_former_officials_are_evidence_and_in_no_cell() {
    let (positions, statements) = (rows("positions.csv"), rows("statements.csv"));
    let mut faults = Vec::new();
    for name in ["Shevel", "Bolton", "Mendel"] {
        let said: Vec<&Row> = statements.iter().filter(|s| s["speaker"].contains(name)).collect();
        if said.is_empty() {
            faults.push(format!("{name} is not on Evidence"));
        }
        for row in said {
            if row["party"] != "none" {
                faults.push(format!("{name} speaks for {}: {}", row["party"], row["quote"]));
            }
            if positions.iter().any(|p| p["statement_ids"].split(' ').any(|id| id == row["id"])) {
                faults.push(format!("{name} counts in a cell: {}", row["quote"]));
            }
        }
        let told = positions.iter().filter(|p| p["speaker"].contains(name));
        faults.extend(told.map(|p| format!("{name} is shown in the cell of {} on {}", p["party"], p["topic"])));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
