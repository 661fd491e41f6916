//! CSV and JSON Lines: what is written is what is read, and the same every time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{codebook, statement, statements};
use demarche::export::{self, Options, POSITION_COLUMNS, STATEMENT_COLUMNS};
use demarche::matrix::{MatrixOptions, positions};
use demarche::statement::Statement;

const GUARD: Options = Options { guard_formulas: true, bom: false, csvw: false };
const PLAIN: Options = Options { guard_formulas: false, bom: false, csvw: false };

fn csv_of(statements: &[Statement], options: Options) -> String {
    let mut out = Vec::new();
    export::write_statements_csv(&mut out, statements, options).unwrap();
    String::from_utf8(out).unwrap()
}

fn nasty() -> Statement {
    let mut s = statement(1);
    s.quote = "=HYPERLINK(\"x\"), \"quoted\"\r\nand, on\ttwo lines — “Élysée”".into();
    s.speaker = Some("@someone".into());
    s.condition = Some("+if".into());
    s.context = "\ttab first".into();
    s.stance = -2;
    s
}

#[test]
fn statements_survive_csv() {
    let mut list = statements();
    list.push(nasty());
    let text = csv_of(&list, PLAIN);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), STATEMENT_COLUMNS);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), list.len());
    for (row, s) in rows.iter().zip(&list) {
        let field = |name: &str| &row[STATEMENT_COLUMNS.iter().position(|c| *c == name).unwrap()];
        assert_eq!(field("id"), s.id);
        assert_eq!(field("quote"), s.quote);
        assert_eq!(field("speaker"), s.speaker.clone().unwrap_or_default());
        assert_eq!(field("stance"), s.stance.to_string());
        assert_eq!(field("secondhand"), s.secondhand.to_string());
        assert_eq!(field("stated_on"), s.stated_on.map(|d| d.to_string()).unwrap_or_default());
        assert_eq!(field("confidence").parse::<f64>().unwrap(), s.confidence);
    }
    assert!(text.lines().next().unwrap().starts_with("id,doc,start,end,quote,context,party,speaker,"));
    assert!(text.contains("\r\n"));
}

#[test]
fn formulas_are_guarded_on_request_and_numbers_are_not() {
    let text = csv_of(&[nasty()], GUARD);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let row = reader.records().next().unwrap().unwrap();
    let field = |name: &str| row[STATEMENT_COLUMNS.iter().position(|c| *c == name).unwrap()].to_string();
    assert!(field("quote").starts_with("'=HYPERLINK"));
    assert_eq!(field("speaker"), "'@someone");
    assert_eq!(field("condition"), "'+if");
    assert_eq!(field("context"), "'\ttab first");
    assert_eq!(field("stance"), "-2");
    assert!(!csv_of(&[nasty()], PLAIN).contains("'="));
}

#[test]
fn statements_survive_json_lines_with_the_columns_of_the_csv() {
    let mut list = statements();
    list.push(nasty());
    let mut out = Vec::new();
    export::write_statements_jsonl(&mut out, &list).unwrap();
    assert_eq!(export::read_statements(out.as_slice()).unwrap(), list);
    let first = String::from_utf8(out).unwrap().lines().next().unwrap().to_string();
    let mut at = 0;
    for column in STATEMENT_COLUMNS {
        let key = format!("\"{column}\":");
        at += first[at..].find(&key).unwrap_or_else(|| panic!("{column} is missing or out of order"));
    }
}

#[test]
fn a_broken_line_is_named() {
    let error = export::read_statements("\n{\"id\": 3}\n".as_bytes()).unwrap_err();
    assert!(error.to_string().starts_with("line 2: "), "{error}");
}

#[test]
fn matrix_csv_says_what_was_not_found() {
    let (list, codebook) = (statements(), codebook());
    let matrix = positions(&list, codebook, &MatrixOptions::default());
    let mut out = Vec::new();
    export::write_matrix(&mut out, &matrix, &codebook.labels, PLAIN).unwrap();
    let mut reader = csv::Reader::from_reader(out.as_slice());
    let topics: Vec<String> = reader.headers().unwrap().iter().skip(1).map(String::from).collect();
    assert_eq!(topics, matrix.topics.iter().map(|t| t.id.clone()).collect::<Vec<_>>());
    let mut found = 0;
    for (row, record) in reader.records().enumerate() {
        let record = record.unwrap();
        assert_eq!(record[0], matrix.parties[row].id);
        for (column, cell) in record.iter().skip(1).enumerate() {
            match matrix.at(row, column) {
                None => assert_eq!(cell, codebook.labels.none),
                Some(p) => {
                    found += 1;
                    let label = p.stance.label(&codebook.labels);
                    let want = p.stance.value().map_or(label.to_string(), |n| format!("{label} ({n})"));
                    let mark = if p.is_uncertain() { " ?" } else { "" };
                    assert_eq!(cell, format!("{want}{mark}"));
                }
            }
        }
    }
    assert_eq!(found, matrix.positions.len());
}

#[test]
fn positions_csv_tells_each_position() {
    let (list, codebook) = (statements(), codebook());
    let matrix = positions(&list, codebook, &MatrixOptions::default());
    let mut out = Vec::new();
    export::write_positions(&mut out, &matrix, &list, &codebook.labels, PLAIN).unwrap();
    let mut reader = csv::Reader::from_reader(out.as_slice());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), POSITION_COLUMNS);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), matrix.positions.len());
    for (row, p) in rows.iter().zip(&matrix.positions) {
        let field = |name: &str| &row[POSITION_COLUMNS.iter().position(|c| *c == name).unwrap()];
        assert_eq!(field("as_of"), "2025-03-05");
        assert_eq!(field("statements"), p.count().to_string());
        assert_eq!(field("statement_ids").split(' ').count(), p.count());
        assert!(field("summary").ends_with(&format!("({})", p.count())));
        assert_eq!(field("contradictory") == "yes", !field("contradiction").is_empty());
        assert_eq!(field("quote"), list[p.best].quote);
    }
}

#[test]
fn positions_of_low_confidence_are_marked() {
    let mut list = statements();
    let book = codebook();
    for (low, mark, word) in [(0.49, true, "yes"), (0.5, false, "no")] {
        for s in &mut list {
            s.confidence = low;
        }
        let matrix = positions(&list, book, &MatrixOptions::default());
        let mut wide = Vec::new();
        export::write_matrix(&mut wide, &matrix, &book.labels, PLAIN).unwrap();
        let mut long = Vec::new();
        export::write_positions(&mut long, &matrix, &list, &book.labels, PLAIN).unwrap();
        let cells: Vec<csv::StringRecord> =
            csv::Reader::from_reader(wide.as_slice()).records().map(Result::unwrap).collect();
        let filled: Vec<&str> =
            cells.iter().flat_map(|r| r.iter().skip(1)).filter(|c| *c != book.labels.none).collect();
        assert_eq!(filled.len(), matrix.positions.len());
        assert!(filled.iter().all(|c| c.ends_with(" ?") == mark), "{filled:?}");
        let column = POSITION_COLUMNS.iter().position(|c| *c == "low_confidence").unwrap();
        let rows: Vec<csv::StringRecord> =
            csv::Reader::from_reader(long.as_slice()).records().map(Result::unwrap).collect();
        assert!(rows.iter().all(|r| &r[column] == word));
    }
}
