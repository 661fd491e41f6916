//! statements.csv: one line a statement.

use std::io::Write;

use serde_json::Value;

use super::{Error, Options, csv_writer, guarded};
use crate::statement::Statement;

/// The columns of statements.csv, in order; the keys of statements.jsonl, in the same order.
pub const STATEMENT_COLUMNS: [&str; 25] = [
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
    "confidence",
    "review",
    "rules",
];

/// Writes one line a statement, in the order given; rules are parted by a space.
///
/// # Errors
/// Fails where `out` does.
pub fn write_statements_csv<W: Write>(out: W, statements: &[Statement], options: Options) -> Result<(), Error> {
    let mut csv = csv_writer(out);
    csv.write_record(STATEMENT_COLUMNS)?;
    for statement in statements {
        let value = serde_json::to_value(statement).map_err(std::io::Error::from)?;
        for column in STATEMENT_COLUMNS {
            let field = text(value.get(column).unwrap_or(&Value::Null));
            csv.write_field(guarded(&field, options.guard_formulas).as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(())
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(words) => words.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
