//! What the tests of matrix, workbook, export and command line share.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::OnceLock;

use demarche::codebook::Codebook;
use demarche::export::read_statements;
use demarche::ledger::{NewReview, Verdict};
use demarche::matrix::{Matrix, MatrixOptions, positions};
use demarche::statement::{Mode, Rank, Role, Statement};
use demarche::workbook::{Report, Source};
use jiff::civil::Date;

/// The codebook that comes with the program.
pub(crate) fn codebook() -> &'static Codebook {
    static CODEBOOK: OnceLock<Codebook> = OnceLock::new();
    CODEBOOK.get_or_init(|| demarche::codebook::load("ukraine-talks").unwrap())
}

/// Some eighty statements of four made-up documents, one of them undated.
pub(crate) fn statements() -> Vec<Statement> {
    read_statements(include_bytes!("../fixtures/statements.jsonl").as_slice()).unwrap()
}

/// The documents they come from.
pub(crate) fn sources(statements: &[Statement]) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for statement in statements {
        if sources.iter().all(|s| s.doc != statement.doc) {
            sources.push(Source { doc: statement.doc.clone(), outlet: statement.outlet.clone(), ..Source::default() });
        }
    }
    sources
}

/// A workbook of these statements, with the matrix it was made from.
pub(crate) fn workbook(statements: &[Statement], codebook: &Codebook, options: &MatrixOptions) -> (Vec<u8>, Matrix) {
    let matrix = positions(statements, codebook, options);
    let sources = sources(statements);
    let report =
        Report { statements, codebook, matrix: &matrix, sources: &sources, changes: None, ledger: None, problems: &[] };
    let bytes = demarche::workbook::to_bytes(&report).unwrap();
    (bytes, matrix)
}

/// A statement of Ukraine on territory, to be changed as a test needs.
pub(crate) fn statement(number: u32) -> Statement {
    Statement {
        id: format!("{number:016x}"),
        doc: "a.txt".into(),
        start: number * 100,
        end: number * 100 + 40,
        quote: format!("These are the words of statement number {number}"),
        context: String::new(),
        party: "ukraine".into(),
        speaker: Some("President of Ukraine".into()),
        source_text: None,
        role: Role::Government,
        rank: Rank::Official,
        joint: false,
        secondhand: false,
        topic: "territory".into(),
        stance: 2,
        condition: None,
        mode: Mode::Direct,
        stated_on: None,
        published: None,
        outlet: None,
        title: None,
        url: None,
        copy_of: None,
        confidence: 0.9,
        review: None,
        rules: vec![],
    }
}

/// A verdict on a statement, to be changed as a test needs.
pub(crate) fn judged(statement: &Statement, verdict: Verdict, at: &str) -> NewReview {
    NewReview {
        statement: Some(statement.id.clone()),
        doc: statement.doc.clone(),
        quote: statement.quote.clone(),
        verdict,
        party: None,
        topic: None,
        stance: None,
        condition: None,
        stated_on: None,
        speaker: None,
        note: None,
        reviewer: Some("R. Eader".into()),
        at: at.parse().unwrap(),
    }
}

/// Reads a day.
pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}
