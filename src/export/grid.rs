//! A table of texts as CSV or Markdown.

use std::io::Write;

use super::{Error, Options, csv_writer, guarded};
use crate::base::plain::is_command;
use crate::base::space::flat;

/// A header and rows of as many texts each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// Names of the columns.
    pub header: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

impl Grid {
    /// Writes CSV.
    ///
    /// # Errors
    /// Fails where `out` does.
    pub fn write_csv<W: Write>(&self, out: W, options: Options) -> Result<(), Error> {
        let mut csv = csv_writer(out, options)?;
        csv.write_record(&self.header)?;
        for row in &self.rows {
            csv.write_record(row.iter().map(|f| guarded(f, options.guard_formulas).into_owned()))?;
        }
        csv.flush()?;
        Ok(())
    }

    /// Writes a table of Markdown.
    ///
    /// # Errors
    /// Fails where `out` does.
    pub fn write_markdown<W: Write>(&self, mut out: W) -> Result<(), Error> {
        writeln!(out, "{}", row(self.header.iter().copied()))?;
        writeln!(out, "|{}", " --- |".repeat(self.header.len()))?;
        for fields in &self.rows {
            writeln!(out, "{}", row(fields.iter().map(String::as_str)))?;
        }
        Ok(())
    }
}

/// One row of a Markdown table.
pub(super) fn row<'t>(fields: impl Iterator<Item = &'t str>) -> String {
    format!("| {} |", fields.map(markdown).collect::<Vec<_>>().join(" | "))
}

/// Text in one cell of a Markdown table: one line, and nothing that Markdown or a browser reads as its own.
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in flat(text).chars() {
        match c {
            '|' | '\\' | '*' | '_' | '`' | '~' | '[' | ']' | '#' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            _ if is_command(c) => out.extend(c.escape_unicode()),
            _ => out.push(c),
        }
    }
    out
}
