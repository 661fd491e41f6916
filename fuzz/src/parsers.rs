//! One function a parser.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use demarche::attribution;
use demarche::base::{CodePoints, date, delimited, rows};
use demarche::codebook::{self, Codebook};
use demarche::diff::{self, Names};
use demarche::document::{self, Furniture, ReadOptions, from_bytes};
use demarche::ledger::{Known, Ledger, Selection};
use demarche::statement::{self, Statement};
use demarche::workbook::{read, recall};
use demarche::{advice, eval, export, review};
use tempfile::TempDir;

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

thread_local! {
    /// A folder of this thread's, for parsers that read files.
    static DESK: Option<TempDir> = tempfile::tempdir().ok();
}

/// Runs something on a folder with these files, of which one is another for this time.
fn desk(name: &str, files: &[(&str, &[u8])], file: &str, bytes: &[u8], run: impl FnOnce(&Path)) {
    DESK.with(|desk| {
        let Some(folder) = desk.as_ref().map(|desk| desk.path().join(name)) else { return };
        if !folder.is_dir() {
            std::fs::create_dir(&folder).ok();
            for (name, text) in files {
                std::fs::write(folder.join(name), text).ok();
            }
        }
        std::fs::write(folder.join(file), bytes).ok();
        run(&folder);
        if let Some((_, text)) = files.iter().find(|(name, _)| *name == file) {
            std::fs::write(folder.join(file), text).ok();
        }
    });
}

/// Loads a small codebook of which one file is another.
fn with_file(bytes: &[u8], file: &str) {
    static FILES: OnceLock<Vec<(&str, String)>> = OnceLock::new();
    let files = FILES.get_or_init(|| advice::scaffold("fuzz", None).unwrap_or_else(|problem| panic!("{problem}")));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    desk("codebook", &files, file, bytes, |folder| drop(codebook::load(&folder.display().to_string())));
}

/// Wording where it has a table of TOML, else people.
pub(crate) fn codebook(bytes: &[u8]) {
    let is_toml = bytes.windows(2).any(|pair| pair == b"[[");
    with_file(bytes, if is_toml { "topics.toml" } else { "people.csv" });
}

pub(crate) fn qdc(bytes: &[u8]) {
    desk("qdc", &[], "codes.qdc", bytes, |folder| {
        advice::scaffold("fuzz", Some(&folder.join("codes.qdc").display().to_string())).ok();
    });
}

/// What is known of documents from outside.
pub(crate) fn sources(bytes: &[u8]) {
    desk("sources", &[("a.txt", b"The envoys met.\n")], "sources.csv", bytes, |folder| {
        let reading = document::read(&[folder.display().to_string()], &ReadOptions::default());
        assert_eq!(reading.documents.len(), 1, "the document is lost");
    });
}

pub(crate) fn ledger(bytes: &[u8]) {
    desk("ledger", &[], "ledger.sqlite", bytes, |folder| {
        for beside in ["-wal", "-shm", "-journal"] {
            std::fs::remove_file(folder.join(format!("ledger.sqlite{beside}"))).ok();
        }
        if let Ok(ledger) = Ledger::open(folder.join("ledger.sqlite")) {
            ledger.statements(&Selection { whole: true, ..Selection::default() }).ok();
            ledger.judged(Known::Now).ok();
        }
    });
}

/// Words to search for, as people type them: none is an error.
pub(crate) fn search(bytes: &[u8]) {
    thread_local! {
        static EMPTY: Option<Ledger> = DESK.with(|desk| Ledger::open_or_create(desk.as_ref()?.path().join("empty.sqlite")).ok());
    }
    let mut selection = Selection::default();
    if selection.search(&String::from_utf8_lossy(bytes)) {
        EMPTY.with(|ledger| {
            let found = ledger.as_ref().map(|ledger| ledger.statements(&selection));
            assert!(!matches!(found, Some(Err(_))), "{found:?}");
        });
    }
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
