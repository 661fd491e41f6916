//! The positions of a workbook that demarche wrote, with the statements behind them, whatever was edited since.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value as Json;

use super::read::{self, Table};
use crate::base::rows::{Book, Error, Row, Value};
use crate::codebook::Codebook;
use crate::diff::{self, Fault, Names, Side, Stand};
use crate::matrix::{self, MatrixOptions, Rule, words};
use crate::statement::{Mode, Rank, Role, Statement};

/// What a workbook holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recalled {
    /// Its positions, as the sheet Matrix shows them.
    pub side: Side,
    /// Cells of Matrix that could not be read.
    pub faults: Vec<Fault>,
    /// What a reader should know: cells changed by hand, verdicts that were not applied.
    pub notes: Vec<String>,
}

/// Tells whether demarche wrote the workbook.
pub fn is_ours(book: &mut Book) -> bool {
    let sheets = book.sheets();
    let has = |name: &str| sheets.iter().any(|s| s == name);
    has("Matrix") && has("Evidence") && book.properties().is_ok_and(|p| p.contains_key("demarche.schema"))
}

/// Reads the positions of a workbook. The statements are those of Evidence that count; where a cell of Matrix says something else
/// than they do, somebody changed it, and the cell counts.
///
/// # Errors
/// Fails where a sheet is missing or broken.
pub fn positions(book: &mut Book, codebook: &Codebook, names: &Names<'_>) -> Result<Recalled, Error> {
    let evidence = read::evidence(book)?;
    let statements = counting(&evidence, names);
    let properties = book.properties()?;
    let day = |name: &str| -> Option<Date> { properties.get(name)?.parse().ok() };
    let told = properties.get("demarche.rule").map(String::as_str).unwrap_or_default();
    let rule = Rule::named(told).unwrap_or_default();
    let options = MatrixOptions {
        as_of: day("demarche.as_of"),
        since: day("demarche.since"),
        rule,
        min_statements: 1,
        ..MatrixOptions::default()
    };
    let matrix = matrix::positions(&statements, codebook, &options);
    let computed = Side::of("", &matrix, &statements);
    let mut rows = Vec::new();
    book.rows("Matrix", |row| {
        rows.push(row);
        true
    })?;
    let shown = diff::read(&rows, names, &codebook.labels).unwrap_or_default();
    let cells = texts(book, names)?;
    let mut out = Recalled {
        side: Side { as_of: options.as_of, since: options.since, ..Side::default() },
        faults: shown.faults,
        notes: Vec::new(),
    };
    let untouched = |key: &(String, String)| {
        let position = matrix.get(&key.0, &key.1);
        let summary = position.map(|p| words::summary(p, &statements, &codebook.labels));
        summary.zip(cells.get(key)).is_some_and(|(summary, cell)| cell.starts_with(&summary))
    };
    let mut edited = Vec::new();
    for (key, cell) in shown.side.stands {
        let stand = match computed.stands.get(&key) {
            Some(stand) if untouched(&key) => stand.clone(),
            Some(stand) if stand.stance == cell.stance => Stand { conditions: None, ..stand.clone() },
            _ => {
                edited.push(format!("{} on {}", key.0, key.1));
                cell
            }
        };
        out.side.stands.insert(key, stand);
    }
    // Too few statements for a position leave the word for nothing, or no cell; somebody who cleared a cell left it empty.
    let cleared = |key: &(String, String)| cells.get(key).is_some_and(|text| *text != codebook.labels.none);
    let gone = computed.stands.keys().filter(|key| !out.side.stands.contains_key(*key) && cleared(key));
    edited.extend(gone.map(|key| format!("{} on {}", key.0, key.1)));
    if !edited.is_empty() {
        out.notes.push(format!(
            "cells of Matrix say something else than Evidence and count as they stand: {}",
            edited.join(", ")
        ));
    }
    let verdicts = evidence.rows.iter().filter(|row| !evidence.text(row, "Verdict").trim().is_empty()).count();
    if verdicts > 0 {
        out.notes.push(format!("verdicts on Evidence change nothing here; rows that have one: {verdicts}"));
    }
    Ok(out)
}

/// Reads all statements of Evidence, those that do not count included, as far as the sheet tells of them.
///
/// # Errors
/// Fails where the sheet is missing or broken.
pub fn statements(book: &mut Book, names: &Names<'_>) -> Result<Vec<Statement>, Error> {
    let evidence = read::evidence(book)?;
    Ok(evidence.rows.iter().map(|row| statement(&evidence, row, names)).filter(|s| !s.id.is_empty()).collect())
}

fn counting(evidence: &Table, names: &Names<'_>) -> Vec<Statement> {
    let counts = |row: &&Row| evidence.text(row, "Counts") == "yes";
    evidence.rows.iter().filter(counts).map(|row| statement(evidence, row, names)).collect()
}

fn statement(table: &Table, row: &Row, names: &Names<'_>) -> Statement {
    let text = |name: &str| table.text(row, name);
    let maybe = |name: &str| Some(text(name)).filter(|t| !t.is_empty());
    let number = |name: &str| match table.value(row, name) {
        Some(Value::Number(number)) => *number,
        _ => 0.0,
    };
    let day = |name: &str| match table.value(row, name)? {
        Value::Day(day) => Some(*day),
        other => other.text().parse().ok(),
    };
    let (party, topic) = (text("Party"), text("Topic"));
    let role: Option<Role> = word(&text("Role"));
    let fallback = if role == Some(Role::Legislator) { Rank::Legislator } else { Rank::Official };
    Statement {
        id: text("Id"),
        doc: text("Document"),
        start: number("Start") as u32,
        end: number("End") as u32,
        quote: text("Quote"),
        context: text("Context"),
        party: names.party(&party).map_or(party, String::from),
        speaker: maybe("Speaker").filter(|s| Some(s) != maybe("Named as").as_ref()),
        source_text: maybe("Named as"),
        role: role.unwrap_or(Role::Government),
        rank: word(&text("Rank")).unwrap_or(fallback),
        joint: text("Joint") == "yes",
        secondhand: text("Secondhand") == "yes",
        topic: names.topic(&topic).map_or(topic, String::from),
        stance: number("Stance").clamp(-2.0, 2.0) as i8,
        condition: maybe("Condition"),
        mode: word(&text("Mode")).unwrap_or(Mode::Indirect),
        stated_on: day("Stated on"),
        published: day("Published"),
        outlet: maybe("Outlet"),
        title: maybe("Title"),
        url: maybe("Address"),
        copy_of: maybe("Copy of"),
        confidence: number("Confidence"),
        // As "reject by ...", with its reviewer. What stands under Verdict says nothing before it is imported.
        review: maybe("Reviewed so far").and_then(|told| told.split_whitespace().next().map(String::from)),
        rules: text("Rules").split_whitespace().map(String::from).collect(),
    }
}

fn word<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(Json::from(text)).ok()
}

/// The texts of the sheet Matrix by party and topic.
fn texts(book: &mut Book, names: &Names<'_>) -> Result<BTreeMap<(String, String), String>, Error> {
    let id = |found: Option<&str>, name: String| found.map_or(name, String::from);
    let cells = read::matrix(book)?.into_iter();
    Ok(cells.map(|c| ((id(names.party(&c.party), c.party), id(names.topic(&c.topic), c.topic)), c.text)).collect())
}
