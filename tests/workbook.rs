//! The workbook: reads back as it was meant, runs nothing, breaks no limit, and is the same every time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use common::{codebook, statement, statements, workbook};
use demarche::base::rows::{Book, Error, Limits, Value};
use demarche::export::{self, Options, POSITION_COLUMNS};
use demarche::matrix::{MatrixOptions, Rule};
use demarche::workbook::read;

fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().to_string();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        out.insert(name, text);
    }
    out
}

#[test]
fn every_matrix_cell_says_what_positions_csv_says() {
    let (list, codebook) = (statements(), codebook());
    for rule in Rule::ALL {
        let (bytes, matrix) = workbook(&list, codebook, &MatrixOptions { rule, ..MatrixOptions::default() });
        let mut csv = Vec::new();
        export::write_positions(&mut csv, &matrix, &list, &codebook.labels, Options::default()).unwrap();
        let column = |name: &str| POSITION_COLUMNS.iter().position(|c| *c == name).unwrap();
        let mut told = BTreeMap::new();
        for row in csv::Reader::from_reader(csv.as_slice()).records() {
            let row = row.unwrap();
            let name = |id: &str| codebook.parties.iter().find(|p| p.id == id).map(|p| p.name.clone()).unwrap();
            let topic = |id: &str| codebook.topics.iter().find(|t| t.id == id).map(|t| t.name.clone()).unwrap();
            let words = (row[column("summary")].to_string(), row[column("contradiction")].to_string());
            told.insert((name(&row[0]), topic(&row[1])), words);
        }
        let cells = read::matrix(&mut read::open(bytes).unwrap()).unwrap();
        assert_eq!(cells.len(), matrix.parties.len() * matrix.topics.len());
        let mut seen = 0;
        for cell in cells {
            match told.get(&(cell.party.clone(), cell.topic.clone())) {
                None => assert_eq!(cell.text, codebook.labels.none, "{cell:?}"),
                Some((summary, contradiction)) => {
                    seen += 1;
                    assert!(cell.text.starts_with(summary), "{cell:?} against {summary}");
                    assert!(cell.text.contains(contradiction), "{cell:?} against {contradiction}");
                    assert_eq!(cell.text.contains('⚠'), !contradiction.is_empty(), "{cell:?}");
                }
            }
        }
        assert_eq!(seen, told.len());
    }
}

#[test]
fn evidence_holds_every_statement_with_its_quote() {
    let list = statements();
    let (bytes, matrix) = workbook(&list, codebook(), &MatrixOptions::default());
    let mut book = read::open(bytes).unwrap();
    let sheets = [
        "Read me",
        "Matrix",
        "Stance",
        "Evidence",
        "Gaps",
        "Contradictions",
        "Parties",
        "Topics",
        "Sources",
        "Over time",
        "Lists",
    ];
    assert_eq!(book.sheets(), sheets);
    let evidence = read::evidence(&mut book).unwrap();
    assert_eq!(evidence.rows.len(), list.len());
    for row in &evidence.rows {
        let id = evidence.text(row, "Id");
        let index = list.iter().position(|s| s.id == id).unwrap();
        let s = &list[index];
        assert_eq!(evidence.text(row, "Quote"), s.quote);
        assert_eq!(evidence.value(row, "Stance"), Some(&Value::Number(f64::from(s.stance))));
        assert_eq!(evidence.value(row, "Stated on").cloned(), s.stated_on.map(Value::Day));
        assert_eq!(evidence.text(row, "Counts") == "yes", matrix.standings[index].counts());
        assert_eq!(evidence.text(row, "Verdict"), "");
    }
    let properties = book.properties().unwrap();
    assert_eq!(properties["demarche.schema"], demarche::workbook::SCHEMA);
    assert_eq!(properties["demarche.as_of"], "2025-03-05");
    assert!(properties["demarche.codebook"].starts_with("ukraine-talks "));
    assert!(properties["demarche.engine"].starts_with("demarche "));
}

#[test]
fn links_lead_from_matrix_to_evidence_and_back() {
    let list = statements();
    let (bytes, matrix) = workbook(&list, codebook(), &MatrixOptions::default());
    let parts = parts(&bytes);
    let links = |sheet: &str, to: &str| parts[sheet].matches(&format!("location=\"'{to}'!")).count();
    assert_eq!(links("xl/worksheets/sheet2.xml", "Evidence"), matrix.positions.len());
    let of_positions = list.iter().filter(|s| matrix.get(&s.party, &s.topic).is_some()).count();
    assert_eq!(links("xl/worksheets/sheet4.xml", "Matrix"), of_positions);
    let notes =
        parts.values().filter(|t| t.contains("<comments ")).map(|t| t.matches("<comment ").count()).sum::<usize>();
    assert_eq!(notes, matrix.positions.len());
}

#[test]
fn no_value_ever_becomes_a_formula() {
    let mut list = Vec::new();
    for (number, start) in (1u32..).zip(["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "\t=1", "\r=1"]) {
        let mut s = statement(number);
        s.quote = format!("{start} is what was said");
        s.party = format!("{start}party");
        s.topic = format!("{start}topic");
        s.speaker = Some(format!("{start}speaker"));
        s.condition = Some(format!("{start}condition"));
        s.doc = format!("{start}doc");
        s.title = Some(format!("{start}title"));
        s.outlet = Some(format!("{start}outlet"));
        s.url = Some(format!("{start}url"));
        s.context = format!("{start}context");
        s.rules = vec![format!("{start}rule")];
        list.push(s);
    }
    let (bytes, _) = workbook(&list, codebook(), &MatrixOptions::default());
    for (name, text) in parts(&bytes) {
        assert!(!name.starts_with("xl/worksheets/sheet") || !(text.contains("<f>") || text.contains("<f ")), "{name}");
    }
    let mut book = read::open(bytes).unwrap();
    let evidence = read::evidence(&mut book).unwrap();
    for row in &evidence.rows {
        let s = list.iter().find(|s| s.id == evidence.text(row, "Id")).unwrap();
        assert_eq!(evidence.text(row, "Quote"), s.quote);
        assert_eq!(evidence.text(row, "Party"), s.party);
    }
}

#[test]
fn long_texts_are_clipped_with_a_mark() {
    let mut s = statement(1);
    s.quote = "word 🕊 ".repeat(20_000);
    s.context = "x".repeat(40_000);
    s.condition = Some("if ".repeat(20_000));
    s.speaker = Some("y".repeat(40_000));
    s.url = Some(format!("https://example.org/{}", "z".repeat(5_000)));
    s.party = "p".repeat(40_000);
    s.topic = "t".repeat(40_000);
    let (bytes, _) = workbook(&[s], codebook(), &MatrixOptions::default());
    let mut book = read::open(bytes).unwrap();
    let evidence = read::evidence(&mut book).unwrap();
    let row = &evidence.rows[0];
    for column in ["Quote", "Context", "Condition", "Speaker", "Party", "Topic"] {
        let text = evidence.text(row, column);
        assert!(text.ends_with("[clipped]"), "{column}");
        assert!(text.encode_utf16().count() <= 32_767, "{column}");
    }
    assert!(evidence.text(row, "Address").len() > 5_000);
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let (list, codebook) = (statements(), codebook());
    let make = || workbook(&list, codebook, &MatrixOptions::default()).0;
    let first = make();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(first == make());
}

#[test]
fn nothing_at_all_still_makes_a_workbook() {
    let (bytes, _) = workbook(&[], codebook(), &MatrixOptions::default());
    let mut book = read::open(bytes).unwrap();
    assert!(read::matrix(&mut book).unwrap().is_empty());
    assert!(read::evidence(&mut book).unwrap().rows.is_empty());
    let (bytes, _) = workbook(&[], codebook(), &MatrixOptions { all_topics: true, ..MatrixOptions::default() });
    assert!(read::matrix(&mut read::open(bytes).unwrap()).unwrap().is_empty());
}

#[test]
fn what_is_no_workbook_is_refused() {
    let open = |bytes: Vec<u8>| Book::open(bytes, Limits::default());
    assert!(matches!(open(Vec::new()), Err(Error::Broken(_))));
    assert!(matches!(open(b"Party,Topic\n".to_vec()), Err(Error::Broken(_))));
    let (whole, _) = workbook(&statements(), codebook(), &MatrixOptions::default());
    assert!(matches!(open(whole[..whole.len() / 2].to_vec()), Err(Error::Broken(_))));
    let small = Limits { file_bytes: 100, ..Limits::default() };
    assert!(matches!(Book::open(whole.clone(), small), Err(Error::TooMuch { what: "bytes", .. })));
    let tight = Limits { unpacked_bytes: 10_000, ..Limits::default() };
    assert!(matches!(Book::open(whole.clone(), tight), Err(Error::TooMuch { .. })));
    let mut book = Book::open(whole, Limits { rows: 3, ..Limits::default() }).unwrap();
    assert!(matches!(book.rows("Evidence", |_| true), Err(Error::TooMuch { what: "rows", .. })));
    assert!(matches!(book.rows("Nowhere", |_| true), Err(Error::NoSheet(_))));
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let zeros = vec![0u8; 1 << 20];
    for _ in 0..300 {
        archive.write_all(&zeros).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 2 << 20);
    assert!(matches!(Book::open(bytes, Limits::default()), Err(Error::TooMuch { .. })));
}
