//! statements.csv: one line a statement.

use std::io::Write;

use serde_json::{Map, Value};

use super::{Error, Options, csv_writer, guarded};
use crate::base::rows::Row;
use crate::statement::Statement;

/// The columns of statements.csv, in order; the keys of statements.jsonl, in the same order.
pub const STATEMENT_COLUMNS: [&str; 26] = [
    "id",
    "doc",
    "start",
    "end",
    "quote",
    "context",
    "party",
    "speaker",
    "source_text",
    "role",
    "rank",
    "joint",
    "secondhand",
    "topic",
    "stance",
    "condition",
    "mode",
    "stated_on",
    "published",
    "outlet",
    "title",
    "url",
    "copy_of",
    "confidence",
    "review",
    "rules",
];

/// Writes one line a statement, in the order given; rules are parted by a space.
///
/// # Errors
/// Fails where `out` does.
pub fn write_statements_csv<W: Write>(out: W, statements: &[Statement], options: Options) -> Result<(), Error> {
    let mut csv = csv_writer(out, options)?;
    csv.write_record(STATEMENT_COLUMNS)?;
    for statement in statements {
        for field in fields(statement)? {
            csv.write_field(guarded(&field, options.guard_formulas).as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(())
}

/// The fields of a statement, in the order of the columns; nothing for what is not known.
pub(super) fn fields(statement: &Statement) -> Result<Vec<String>, std::io::Error> {
    let value = serde_json::to_value(statement)?;
    Ok(STATEMENT_COLUMNS.iter().map(|column| text(value.get(column).unwrap_or(&Value::Null))).collect())
}

/// Reads statements from the rows of a statements.csv, the header first; columns may stand in any order, and further ones
/// are passed over. Apostrophes that guard formulas are taken away.
///
/// # Errors
/// Stops at the first row that is no statement and names its line.
pub fn read_statements_csv(rows: &[Row]) -> Result<Vec<Statement>, Error> {
    let Some((header, body)) = rows.split_first() else { return Ok(Vec::new()) };
    let columns: Vec<(u32, String)> = header.cells.iter().map(|(c, v)| (*c, v.text().trim().to_string())).collect();
    body.iter()
        .map(|row| {
            let mut fields = Map::new();
            for (column, name) in columns.iter().filter(|(_, name)| STATEMENT_COLUMNS.contains(&name.as_str())) {
                fields.insert(name.clone(), field(name, unguarded(&row.text(*column))));
            }
            let line = row.number as usize + 1;
            serde_json::from_value(Value::Object(fields)).map_err(|source| Error::Line { line, source })
        })
        .collect()
}

/// A field as JSON Lines has it.
fn field(name: &str, text: &str) -> Value {
    match name {
        "start" | "end" | "stance" => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        "confidence" => text.parse::<f64>().map_or_else(|_| text.into(), Value::from),
        "joint" | "secondhand" => text.to_lowercase().parse::<bool>().map_or_else(|_| text.into(), Value::from),
        "rules" => text.split_whitespace().map(Value::from).collect(),
        "id" | "doc" | "quote" | "context" | "party" | "topic" | "role" | "rank" | "mode" => text.into(),
        _ if text.is_empty() => Value::Null,
        _ => text.into(),
    }
}

fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r'])).unwrap_or(text)
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(words) => words.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
