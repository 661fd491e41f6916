//! One function a parser.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use demarche::attribution;
use demarche::base::{CodePoints, date, delimited, rows};
use demarche::codebook::{self, Codebook};
use demarche::diff::{self, Names};
use demarche::document::{Furniture, ReadOptions, from_bytes};
use demarche::statement::{self, Statement};
use demarche::workbook::{read, recall};
use demarche::{advice, eval, export, review};

fn book() -> &'static Codebook {
    static LOADED: OnceLock<Codebook> = OnceLock::new();
    LOADED.get_or_init(|| codebook::load("ukraine-talks").unwrap_or_else(|problems| panic!("{problems:?}")))
}

fn document(name: &str, bytes: &[u8]) {
    for read in from_bytes(name, bytes.to_vec(), &ReadOptions::default()) {
        match read {
            Ok(document) => {
                assert!(!document.text.trim().is_empty(), "a document without text");
                for (span, _) in &document.boilerplate {
                    assert!(
                        document.text.get(span.start as usize..span.end as usize).is_some(),
                        "{span:?} cuts a character"
                    );
                }
            }
            Err(problem) => assert!(!problem.to_string().is_empty()),
        }
    }
}

pub(crate) fn text(bytes: &[u8]) {
    document("a.txt", bytes);
}

pub(crate) fn page(bytes: &[u8]) {
    document("a.html", bytes);
}

pub(crate) fn word(bytes: &[u8]) {
    document("a.docx", bytes);
}

pub(crate) fn pdf(bytes: &[u8]) {
    document("a.pdf", bytes);
}

pub(crate) fn mail(bytes: &[u8]) {
    document("a.eml", bytes);
}

pub(crate) fn feed(bytes: &[u8]) {
    document("a.rss", bytes);
}

pub(crate) fn archive(bytes: &[u8]) {
    document("a.zip", bytes);
}

pub(crate) fn table_csv(bytes: &[u8]) {
    document("a.csv", bytes);
}

pub(crate) fn table_xlsx(bytes: &[u8]) {
    document("a.xlsx", bytes);
}

pub(crate) fn table_parquet(bytes: &[u8]) {
    document("a.parquet", bytes);
}

pub(crate) fn json_lines(bytes: &[u8]) {
    document("a.jsonl", bytes);
}

/// The whole way from bytes to statements: each quote stands where the statement says, to the character.
pub(crate) fn statements(bytes: &[u8]) {
    for document in from_bytes("a.txt", bytes.to_vec(), &ReadOptions::default()).into_iter().flatten() {
        for attribution in attribution::attribute(&document, book()) {
            for span in attribution.source.iter().chain(&attribution.cue).chain(&attribution.content) {
                assert!(
                    document.text.get(span.start as usize..span.end as usize).is_some(),
                    "{span:?} cuts a character"
                );
            }
        }
        let mut points = CodePoints::new(&document.text);
        let all = points.at(u32::try_from(document.text.len()).unwrap_or(u32::MAX));
        for Statement { start, end, quote, stance, confidence, .. } in statement::code(&document, book()).statements {
            let said: String = document.text.chars().skip(start as usize).take((end - start) as usize).collect();
            assert_eq!(said, quote, "no quotation");
            assert!(start < end && end <= all && (-2..=2).contains(&stance) && (0.0..=1.0).contains(&confidence));
        }
    }
}

pub(crate) fn workbook(bytes: &[u8]) {
    let Ok(mut opened) = read::open(bytes.to_vec()) else { return };
    let names = Names::new(book());
    recall::is_ours(&mut opened);
    recall::positions(&mut opened, book(), &names).ok();
    recall::statements(&mut opened, &names).ok();
    read::tie(&mut opened).ok();
    if let Ok(form) = review::form(&mut opened) {
        review::ids(&form);
        review::documents(&form);
    }
    for sheet in opened.sheets() {
        opened.rows(&sheet, |_| true).ok();
    }
}

pub(crate) fn statements_jsonl(bytes: &[u8]) {
    export::read_statements(bytes).ok();
}

fn rows_of(bytes: &[u8]) -> Vec<rows::Row> {
    delimited::rows(bytes).unwrap_or_default()
}

pub(crate) fn statements_csv(bytes: &[u8]) {
    export::read_statements_csv(&rows_of(bytes)).ok();
}

pub(crate) fn positions_csv(bytes: &[u8]) {
    diff::read(&rows_of(bytes), &Names::new(book()), &book().labels);
}

/// Loads a small codebook of which one file is another.
fn with_file(bytes: &[u8], file: &str) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let Ok(files) = advice::scaffold("fuzz", None) else { return };
    for (name, text) in &files {
        let whole = if *name == file { bytes } else { text.as_bytes() };
        std::fs::write(folder.path().join(name), whole).ok();
    }
    codebook::load(&folder.path().display().to_string()).ok();
}

/// Wording where it has a table of TOML, else people.
pub(crate) fn codebook(bytes: &[u8]) {
    let is_toml = bytes.windows(2).any(|pair| pair == b"[[");
    with_file(bytes, if is_toml { "topics.toml" } else { "people.csv" });
}

pub(crate) fn qdc(bytes: &[u8]) {
    let Ok(file) = tempfile::Builder::new().suffix(".qdc").tempfile() else { return };
    std::fs::write(file.path(), bytes).ok();
    advice::scaffold("fuzz", Some(&file.path().display().to_string())).ok();
}

pub(crate) fn dna(bytes: &[u8]) {
    let Ok(events) = review::Events::read(&String::from_utf8_lossy(bytes)) else { return };
    events.ids();
    let beside = review::Beside { documents: BTreeMap::new(), statements: &BTreeMap::new(), codebook: book() };
    events.form(&beside);
}

pub(crate) fn gold(bytes: &[u8]) {
    eval::read(Path::new("gold.jsonl"), bytes);
    eval::read(Path::new("gold.csv"), bytes);
}

pub(crate) fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let published = date::parse("2025-02-13");
    for (span, _) in date::find_dates(&text, published) {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} cuts a character");
    }
    for line in text.lines().take(200) {
        date::parse(line);
        date::in_name(line);
        date::is_time(line);
        date::resolve(line, published);
    }
}

pub(crate) fn furniture(bytes: &[u8]) {
    Furniture::parse(&String::from_utf8_lossy(bytes), "furniture.toml").ok();
}
