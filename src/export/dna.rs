//! The event list of Discourse Network Analyzer: one line a statement, in the columns that it exports.

use std::collections::BTreeMap;
use std::io::Write;

use super::{Error, Findings, Options, csv_with, guarded};
use crate::matrix::words;
use crate::statement::Statement;

/// The columns, in order: those of DNA's own event list, the variables of its standard statement type, and three that it does not
/// have.
pub const DNA_COLUMNS: [&str; 16] = [
    "statement ID",
    "time",
    "document ID",
    "document title",
    "author",
    "source",
    "section",
    "type",
    "text",
    "person",
    "organization",
    "concept",
    "agreement",
    "stance",
    "condition",
    "id",
];

/// Writes one line for every statement behind the positions, as DNA does: semicolons between fields, texts in quotation marks.
///
/// `concept` is the topic with its + pole, `agreement` the sign of the stance on it: 1, 0 or -1. Statements and documents are numbered
/// from 1, since DNA's ids are numbers; `id` is the statement's own. `authors` are those of documents, by name, where known.
///
/// # Errors
/// Fails where `out` does.
pub fn write_dna<W: Write>(
    out: W,
    findings: Findings<'_>,
    authors: &BTreeMap<&str, &str>,
    options: Options,
) -> Result<(), Error> {
    let mut form = csv::WriterBuilder::new();
    form.delimiter(b';').quote_style(csv::QuoteStyle::NonNumeric).terminator(csv::Terminator::CRLF);
    let mut csv = csv_with(&form, out, options)?;
    csv.write_record(DNA_COLUMNS)?;
    let (mut document, mut documents) = (None, 0usize);
    for (at, statement) in findings.behind().into_iter().enumerate() {
        if document != Some(&statement.doc) {
            document = Some(&statement.doc);
            documents += 1;
        }
        let author = authors.get(statement.doc.as_str()).copied().unwrap_or_default();
        for field in fields(findings, statement, (at + 1, documents), author) {
            csv.write_field(guarded(&field, options.guard_formulas).as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(())
}

fn fields(findings: Findings<'_>, s: &Statement, (number, document): (usize, usize), author: &str) -> [String; 16] {
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let party = findings.matrix.parties.iter().find(|p| p.id == s.party);
    [
        number.to_string(),
        s.day().map(|day| format!("{day} 00:00:00")).unwrap_or_default(),
        document.to_string(),
        s.title.clone().unwrap_or_else(|| s.doc.clone()),
        author.to_string(),
        text(s.outlet.as_ref()),
        String::new(),
        String::new(),
        s.quote.clone(),
        words::voice(s).to_string(),
        party.map_or_else(|| s.party.clone(), |p| p.name.clone()),
        concept(findings, &s.topic),
        s.stance.signum().to_string(),
        s.stance.to_string(),
        text(s.condition.as_ref()),
        s.id.clone(),
    ]
}

/// The topic with what a yes asks for: `Ceasefire: a ceasefire now`.
fn concept(findings: Findings<'_>, id: &str) -> String {
    let topic = findings.matrix.topics.iter().find(|t| t.id == id);
    match topic {
        Some(topic) if !topic.plus.is_empty() => format!("{}: {}", topic.name, topic.plus),
        Some(topic) => topic.name.clone(),
        None => id.to_string(),
    }
}
