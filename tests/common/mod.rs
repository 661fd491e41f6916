//! What the tests of matrix, workbook, export and command line share.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use demarche::codebook::{Codebook, Labels, Party, Topic};
use demarche::export::read_statements;
use demarche::matrix::{Matrix, MatrixOptions, positions};
use demarche::statement::{Mode, Rank, Role, Statement};
use demarche::workbook::{Report, Source};
use jiff::civil::Date;

#[derive(serde::Deserialize)]
struct Raw {
    title: String,
    version: String,
    stances: [String; 5],
    mixed: String,
    none: String,
    party: Vec<[String; 4]>,
    topic: Vec<[String; 5]>,
}

/// The codebook of the fixtures.
pub(crate) fn codebook() -> Codebook {
    let raw: Raw = toml::from_str(include_str!("../fixtures/codebook.toml")).unwrap();
    let party = |([id, name, short, kind], order): ([String; 4], u32)| Party { id, name, short, kind, order };
    let topic = |[id, name, question, plus, minus]: [String; 5]| Topic { id, name, question, plus, minus };
    Codebook {
        name: "fixture".into(),
        title: raw.title,
        version: raw.version,
        hash: "0123456789abcdef".into(),
        parties: raw.party.into_iter().zip(0..).map(party).collect(),
        topics: raw.topic.into_iter().map(topic).collect(),
        labels: Labels { stances: raw.stances, mixed: raw.mixed, none: raw.none },
    }
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
    let report = Report { statements, codebook, matrix: &matrix, sources: &sources, problems: &[] };
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
        confidence: 0.9,
        review: None,
        rules: vec![],
    }
}

/// Reads a day.
pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}
