//! Values that a spreadsheet would run never become formulas.

use std::fs;
use std::io::{Cursor, Read};

use crate::run::Desk;
use demarche::workbook::read;

/// What opens a formula in one spreadsheet or another.
const OPENINGS: [&str; 4] = ["=", "+", "-", "@"];

/// Articles whose quotations, and what is known of them from outside, begin as formulas do.
fn desk() -> Desk {
    let mut documents: Vec<(String, String)> = Vec::new();
    let mut sources = "file,published,outlet,title,url\n".to_string();
    for (number, opening) in OPENINGS.iter().enumerate() {
        let name = format!("{opening}{number}.txt");
        let text = format!(
            "President Volodymyr Zelenskyy said: “{opening}cmd|' /C calc'!A0 Ukraine must join NATO.”\n\n\
             \"{opening}HYPERLINK(A1) We demand security guarantees for Ukraine,\" Zelenskyy said.\n",
        );
        let row = ["2+2 Times", "SUM(1,2)", "HYPERLINK(\"\"http://x\"\")"].map(|w| format!("\"{opening}{w}\""));
        sources.push_str(&format!("{name},2025-02-13,{}\n", row.join(",")));
        documents.push((name, text));
    }
    documents.push(("sources.csv".into(), sources));
    let documents: Vec<(&str, &[u8])> = documents.iter().map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
    Desk::new(&documents)
}

fn dangerous(value: &str) -> bool {
    value.starts_with(['=', '+', '-', '@', '\t', '\r']) && value.parse::<f64>().is_err()
}

#[test]
fn the_workbook_holds_the_words_and_no_formula() {
    let desk = desk();
    desk.build(&[]).exits(0);
    let bytes = fs::read(desk.path("out/positions.xlsx")).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        if file.name().unwrap().starts_with("xl/worksheets/sheet") {
            assert!(!text.contains("<f>") && !text.contains("<f "), "{} holds a formula", file.name().unwrap());
        }
    }
    let rows = desk.rows("statements.csv");
    assert!(rows.iter().any(|r| dangerous(&r["quote"])), "no quote of the test begins as a formula does");
    let evidence = read::evidence(&mut read::open(bytes).unwrap()).unwrap();
    assert_eq!(evidence.rows.len(), rows.len());
    for row in &evidence.rows {
        let told = rows.iter().find(|r| r["id"] == evidence.text(row, "Id")).unwrap();
        assert_eq!(evidence.text(row, "Quote"), told["quote"]);
        assert_eq!(evidence.text(row, "Outlet"), told["outlet"]);
    }
}

#[test]
fn guarded_csv_files_hold_no_value_that_runs() {
    let desk = desk();
    desk.build(&["--guard-formulas"]).exits(0);
    let mut guarded = 0;
    for file in ["statements.csv", "positions.csv", "matrix.csv"] {
        for row in desk.rows(file) {
            for (column, value) in row {
                assert!(!dangerous(&value), "{file}, {column}: {value}");
                guarded += usize::from(value.starts_with('\''));
            }
        }
    }
    assert!(guarded > 0);
}

#[test]
fn csv_files_are_verbatim_without_the_option() {
    let desk = desk();
    desk.build(&[]).exits(0);
    for row in desk.rows("statements.csv") {
        let text = fs::read_to_string(desk.path("news").join(&row["doc"])).unwrap();
        assert!(text.contains(&row["quote"]), "{}", row["quote"]);
    }
}
