//! Copies of one story: found, listed, and counted once.

use std::collections::BTreeMap;

use crate::run::{Desk, demarche};

/// An agency's story, as two papers print it and a third one has a story of its own.
const STORY: &str = "Ukraine will not give up any of its territory, President Volodymyr Zelenskyy said on Thursday after talks with envoys of the European \
Union in the harbour town. \"We reject any deal that is made without us,\" he told reporters on the quay, where the envoys had come for two days of \
consultations that were closed to the press.\n\nThe Kremlin said that Russia was ready for talks. Spokesman Dmitry Peskov said that Moscow opposed \
Ukraine's membership in NATO and would not change its mind, whoever asked for it.\n\nThe envoys left in the \
evening. They are to come together again before the end of the month, two of them said, and nobody expects a result before the summer.\n";

fn desk() -> Desk {
    let first = format!("Envoys leave without a deal\n\nFeb. 13, 2025\n\n{STORY}");
    let second = format!(
        "No deal in the harbour\n\nFeb. 14, 2025\n\n{STORY}\nThe mayor said that the town had been glad to be the host of the talks for once.\n\n\
         \"Russia rejects a ceasefire,\" Foreign Minister Sergei Lavrov said on Friday.\n"
    );
    let other = "Talks on the quay\n\nFeb. 14, 2025\n\nPresident Volodymyr Zelenskyy said that Ukraine rejects any deal made without it. He spoke to \
                 reporters for an hour and a half, and said little else that he had not said before the envoys of the European Union arrived, among \
                 them two who had been in the town as students and knew the way to the quay better than their drivers did that evening.\n";
    let sources = "file,outlet\na.txt,Agency\nb.txt,Evening Post\nc.txt,Own Voice\n";
    Desk::new(&[
        ("a.txt", first.as_bytes()),
        ("b.txt", second.as_bytes()),
        ("c.txt", other.as_bytes()),
        ("sources.csv", sources.as_bytes()),
    ])
}

fn count(rows: &[BTreeMap<String, String>], doc: &str) -> usize {
    rows.iter().filter(|row| row["doc"] == doc).count()
}

#[test]
fn what_copies_say_counts_once_and_all_sources_are_listed() {
    let desk = desk();
    let ran = desk.build(&["--all-topics"]);
    ran.exits(0).tells(&["copies of another, counted once: b.txt"]);
    let rows = desk.rows("statements.csv");
    assert!(rows.iter().all(|row| row["copy_of"] == if row["doc"] == "b.txt" { "a.txt" } else { "" }), "{rows:?}");
    let both = count(&rows, "a.txt");
    assert!(both >= 3, "{rows:?}");
    // The copy says one thing of its own.
    assert_eq!(count(&rows, "b.txt"), both + 1, "{rows:?}");
    let positions = desk.rows("positions.csv");
    let of = |party: &str, topic: &str| {
        let found = positions.iter().find(|row| row["party"] == party && row["topic"] == topic);
        found.unwrap_or_else(|| panic!("{party} on {topic}: {positions:?}")).clone()
    };
    assert_eq!(of("russia", "nato-membership")["statements"], "1");
    assert_eq!(of("russia", "ceasefire")["statements"], "1");
}

#[test]
fn sketches_tell_which_documents_have_to_stay_together() {
    let desk = desk();
    let story = std::fs::read(desk.path("news/a.txt")).unwrap();
    std::fs::write(desk.path("news/again.txt"), story).unwrap();
    let ran = demarche(["extract", "--sketches", desk.path("news").to_str().unwrap()]);
    let lines: Vec<serde_json::Value> =
        ran.exits(0).out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = |name: &str| lines.iter().find(|line| line["doc"] == name).unwrap();
    assert_eq!(lines.len(), 4, "a text that comes again is told again");
    assert_eq!(told("a.txt")["id"], told("again.txt")["id"]);
    let sketch = |name: &str| told(name)["sketch"].as_array().unwrap().clone();
    let same = |a: &str, b: &str| sketch(a).iter().zip(sketch(b)).filter(|(a, b)| *a == b).count() * 2;
    assert!(same("a.txt", "b.txt") >= sketch("a.txt").len(), "the copy");
    assert!(same("a.txt", "c.txt") < sketch("a.txt").len(), "another story");
}

#[test]
fn a_copy_counts_where_the_first_to_print_is_left_out() {
    let desk = desk();
    desk.build(&["--outlet", "Evening Post"]).exits(0);
    let positions = desk.rows("positions.csv");
    assert!(positions.iter().any(|row| row["party"] == "russia" && row["topic"] == "nato-membership"), "{positions:?}");
}

#[test]
fn a_ledger_knows_copies_across_runs_and_gives_the_same_matrix() {
    let desk = desk();
    desk.build(&[]).exits(0);
    let ledger = desk.path("talks.sqlite").display().to_string();
    for name in ["a.txt", "b.txt", "c.txt"] {
        let file = desk.path("news").join(name).display().to_string();
        let ran = demarche(["add", &file, "--ledger", &ledger]);
        assert_eq!(ran.exits(0).err.contains("copies of another, counted once: 1"), name == "b.txt", "{}", ran.err);
    }
    let positions = demarche(["matrix", "--ledger", &ledger, "--format", "positions"]).exits(0).out.clone();
    assert_eq!(positions, std::fs::read_to_string(desk.path("out/positions.csv")).unwrap());
    // Again, so that the ledger makes its own workbook.
    let out = desk.path("again").display().to_string();
    demarche(["build", "--ledger", &ledger, "-o", &out]).exits(0).tells(&["copies of another, counted once: b.txt"]);
    let of_ledger = std::fs::read_to_string(desk.path("again/statements.csv")).unwrap();
    assert_eq!(of_ledger, std::fs::read_to_string(desk.path("out/statements.csv")).unwrap());
}
