//! What the columns of a CSV file hold, told to programs: CSV on the Web (W3C, "Metadata Vocabulary for Tabular Data", 2015).

use std::io::Write;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Error, POSITION_COLUMNS, STATEMENT_COLUMNS, write_json};

/// A file that can be told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// statements.csv
    Statements,
    /// positions.csv
    Positions,
}

impl Table {
    /// Returns the name of the file; its metadata has the same with `-metadata.json` behind, where programs look for it.
    pub fn file(self) -> &'static str {
        match self {
            Table::Statements => "statements.csv",
            Table::Positions => "positions.csv",
        }
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Table::Statements => &STATEMENT_COLUMNS,
            Table::Positions => &POSITION_COLUMNS,
        }
    }

    fn keys(self) -> &'static [&'static str] {
        match self {
            Table::Statements => &["id"],
            Table::Positions => &["party", "topic"],
        }
    }
}

#[derive(Serialize)]
struct Column {
    name: &'static str,
    titles: &'static str,
    datatype: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    separator: Option<&'static str>,
}

fn column(name: &'static str) -> Column {
    let datatype = match name {
        "start" | "end" | "statements" => json!("integer"),
        "stance" | "confidence" => json!("decimal"),
        "joint" | "secondhand" => json!("boolean"),
        "contradictory" | "low_confidence" => json!({"base": "boolean", "format": "yes|no"}),
        "stated_on" | "published" | "as_of" | "first" | "last" | "date" => json!("date"),
        _ => json!("string"),
    };
    let separator = matches!(name, "rules" | "statement_ids").then_some(" ");
    Column { name, titles: name, datatype, separator }
}

/// Writes the metadata of a file.
///
/// # Errors
/// Fails where `out` does.
pub fn write_csvw<W: Write>(out: W, table: Table) -> Result<(), Error> {
    let columns: Vec<Column> = table.columns().iter().map(|name| column(name)).collect();
    let whole = json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": table.file(),
        "dialect": {"encoding": "utf-8", "header": true, "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": columns, "primaryKey": table.keys()},
    });
    write_json(out, &whole)
}
