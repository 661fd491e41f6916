//! What the columns of a CSV file hold, told to programs: CSV on the Web (W3C, "Metadata Vocabulary for Tabular Data", 2015).

use std::io::Write;

use serde::Serialize;
use serde_json::{Value, json};

use super::table::{Kind, Table};
use super::{Error, write_json};

#[derive(Serialize)]
struct Column {
    name: &'static str,
    titles: &'static str,
    datatype: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    separator: Option<&'static str>,
}

fn column(table: Table, name: &'static str) -> Column {
    let kind = table.kind(name);
    let datatype = match kind {
        Kind::Text | Kind::List => json!("string"),
        Kind::Integer => json!("integer"),
        Kind::Decimal => json!("decimal"),
        Kind::Boolean => json!("boolean"),
        Kind::YesNo => json!({"base": "boolean", "format": "yes|no"}),
        Kind::Date => json!("date"),
    };
    let separator = (kind == Kind::List).then_some(" ");
    Column { name, titles: name, datatype, separator }
}

/// Writes the metadata of a file.
///
/// # Errors
/// Fails where `out` does.
pub fn write_csvw<W: Write>(out: W, table: Table) -> Result<(), Error> {
    let columns: Vec<Column> = table.columns().iter().map(|name| column(table, name)).collect();
    let whole = json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": format!("{}.csv", table.name()),
        "dialect": {"encoding": "utf-8", "header": true, "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": columns, "primaryKey": table.keys()},
    });
    write_json(out, &whole)
}
