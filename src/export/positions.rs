//! positions.csv: one line a position.

use std::io::Write;

use jiff::civil::Date;

use super::{Error, Options, csv_writer, guarded};
use crate::codebook::Labels;
use crate::matrix::{Matrix, Position, words};
use crate::statement::Statement;

/// The columns of positions.csv, in order.
pub const POSITION_COLUMNS: [&str; 20] = [
    "party",
    "topic",
    "as_of",
    "stance",
    "label",
    "statements",
    "first",
    "last",
    "condition",
    "summary",
    "contradictory",
    "contradiction",
    "confidence",
    "low_confidence",
    "quote",
    "speaker",
    "outlet",
    "date",
    "statement_ids",
    "reviewed",
];

/// Writes one line for every position found, parties and topics in the order of the matrix.
///
/// `stance` is empty and `label` says so where the deciding statements are mixed. Several conditions, and the ids of
/// the statements, are parted by `; ` and by a space.
///
/// # Errors
/// Fails where `out` does.
pub fn write_positions<W: Write>(
    out: W,
    matrix: &Matrix,
    statements: &[Statement],
    labels: &Labels,
    options: Options,
) -> Result<(), Error> {
    let mut csv = csv_writer(out, options)?;
    csv.write_record(POSITION_COLUMNS)?;
    for fields in rows(matrix, statements, labels) {
        csv.write_record(fields.iter().map(|f| guarded(f, options.guard_formulas)).map(std::borrow::Cow::into_owned))?;
    }
    csv.flush()?;
    Ok(())
}

/// The fields of every position, in the order of the columns.
pub(super) fn rows(matrix: &Matrix, statements: &[Statement], labels: &Labels) -> impl Iterator<Item = [String; 20]> {
    let reviewed = words::Reviewed::new(statements);
    matrix.positions.iter().map(move |position| fields(matrix, position, statements, &reviewed, labels))
}

fn fields(
    matrix: &Matrix,
    position: &Position,
    statements: &[Statement],
    reviewed: &words::Reviewed<'_>,
    labels: &Labels,
) -> [String; 20] {
    let best = statements.get(position.best);
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    [
        matrix.parties.get(position.row).map(|p| p.id.clone()).unwrap_or_default(),
        matrix.topics.get(position.column).map(|t| t.id.clone()).unwrap_or_default(),
        iso(matrix.as_of),
        matrix.number(position).map(|n| n.to_string()).unwrap_or_default(),
        position.stance.label(labels).to_string(),
        position.count().to_string(),
        iso(position.first),
        iso(position.last),
        position.conditions.join("; "),
        words::summary(position, statements, labels),
        if position.contradiction.is_some() { "yes" } else { "no" }.to_string(),
        words::contradiction(position, statements, labels).unwrap_or_default(),
        format!("{:.2}", position.confidence),
        if position.is_uncertain() { "yes" } else { "no" }.to_string(),
        best.map(|s| s.quote.clone()).unwrap_or_default(),
        text(best.and_then(|s| s.speaker.as_ref())),
        text(best.and_then(|s| s.outlet.as_ref())),
        iso(best.and_then(Statement::day)),
        position.ids.join(" "),
        reviewed.told(matrix, position).unwrap_or_default(),
    ]
}

/// Writes a day as ISO 8601 has it, and nothing for an unknown one.
pub(super) fn iso(date: Option<Date>) -> String {
    date.map(|d| d.to_string()).unwrap_or_default()
}
