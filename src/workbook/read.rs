//! A workbook that demarche wrote, back into rows.
//!
//! Tables are found by the names in their header, not by place: columns may have been moved, added or hidden, rows sorted
//! or filtered.

use std::collections::BTreeMap;

use super::Tie;
use super::properties::{CODEBOOK_HASH, LEDGER, LEDGER_RUN};
use crate::base::rows::{Book, Error, Limits, Row, Value};

/// Header rows are looked for in the first rows of a sheet.
const HEADER_ROWS: u32 = 20;

/// Tells whether a header names a column so; what follows a colon tells people what to do.
pub fn is_named(header: &str, name: &str) -> bool {
    header.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// A sheet's table: the names of its columns and the rows below.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Names of the columns by column from 0, each as the header has it up to its first line break.
    pub columns: BTreeMap<u32, String>,
    /// Rows below the header with anything in them.
    pub rows: Vec<Row>,
}

impl Table {
    /// Returns the first column of that name, as [`is_named`] tells.
    pub fn column(&self, name: &str) -> Option<u32> {
        self.named(name).next()
    }

    /// Returns all columns of that name, from the left.
    pub fn named<'t>(&'t self, name: &'t str) -> impl Iterator<Item = u32> + 't {
        self.columns.iter().filter(move |(_, n)| is_named(n, name)).map(|(column, _)| *column)
    }

    /// Returns a value of a row by the name of its column.
    pub fn value<'r>(&self, row: &'r Row, name: &str) -> Option<&'r Value> {
        row.cells.get(&self.column(name)?)
    }

    /// Returns the text of a row by the name of its column; nothing where it is empty or there is no such column.
    pub fn text(&self, row: &Row, name: &str) -> String {
        self.value(row, name).map(Value::text).unwrap_or_default()
    }
}

/// One cell of the Matrix sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Name of the party.
    pub party: String,
    /// Name of the topic.
    pub topic: String,
    /// What the cell says.
    pub text: String,
}

/// Opens a workbook.
///
/// # Errors
/// Fails where it is beyond the limits or no workbook.
pub fn open(bytes: Vec<u8>) -> Result<Book, Error> {
    Book::open(bytes, Limits::default())
}

/// Reads the table of a sheet whose header begins with the column `first`.
///
/// # Errors
/// Fails where there is no such sheet, no such header among its first rows, or the sheet is broken.
pub fn table(book: &mut Book, sheet: &str, first: &str) -> Result<Table, Error> {
    let found = below(book, sheet, |names| names.iter().any(|n| n == first))?;
    found.ok_or_else(|| Error::Sheet { sheet: sheet.to_string(), why: format!("no header with a column {first}") })
}

/// Reads the table of a sheet below the first row whose names `is_header` takes for a header.
///
/// # Errors
/// As [`table`].
pub fn table_with(book: &mut Book, sheet: &str, is_header: impl Fn(&[String]) -> bool) -> Result<Table, Error> {
    let why = || "none of its first rows names the columns".to_string();
    below(book, sheet, is_header)?.ok_or_else(|| Error::Sheet { sheet: sheet.to_string(), why: why() })
}

fn below(book: &mut Book, sheet: &str, is_header: impl Fn(&[String]) -> bool) -> Result<Option<Table>, Error> {
    let mut table = Table::default();
    book.rows(sheet, |row| {
        if table.columns.is_empty() {
            let names: Vec<String> = row.cells.values().map(name).collect();
            if is_header(&names) {
                table.columns = row.cells.keys().copied().zip(names).collect();
            }
            return !table.columns.is_empty() || row.number < HEADER_ROWS;
        }
        table.rows.push(row);
        true
    })?;
    Ok(Some(table).filter(|table| !table.columns.is_empty()))
}

/// Reads every cell of the Matrix sheet, by party from the top, then by topic from the left.
///
/// # Errors
/// As [`table`].
pub fn matrix(book: &mut Book) -> Result<Vec<Cell>, Error> {
    let table = table(book, "Matrix", "Party")?;
    let party = table.column("Party").unwrap_or(0);
    let mut cells = Vec::new();
    // The rows of links below the positions name no party.
    for row in table.rows.iter().filter(|row| row.cells.contains_key(&party)) {
        for (column, topic) in table.columns.iter().filter(|(column, _)| **column != party) {
            cells.push(Cell { party: row.text(party), topic: topic.clone(), text: row.text(*column) });
        }
    }
    Ok(cells)
}

/// Reads the statements of all Evidence sheets, as one table; columns are those of the first.
///
/// # Errors
/// As [`table`].
pub fn evidence(book: &mut Book) -> Result<Table, Error> {
    let mut whole = table(book, "Evidence", "Party")?;
    for number in 2.. {
        let sheet = format!("Evidence {number}");
        if !book.sheets().contains(&sheet) {
            break;
        }
        whole.rows.extend(table(book, &sheet, "Party")?.rows);
    }
    Ok(whole)
}

/// Returns what ties a workbook to a ledger: from its properties, else from the sheet Lists; nothing where it was made without one.
///
/// # Errors
/// Fails where that part of the file is broken.
pub fn tie(book: &mut Book) -> Result<Option<Tie>, Error> {
    let mut facts = book.properties()?;
    if !facts.contains_key(LEDGER) && book.sheets().iter().any(|s| s == "Lists") {
        book.rows("Lists", |row| {
            facts.entry(row.text(5)).or_insert_with(|| row.text(6));
            row.number < HEADER_ROWS
        })?;
    }
    let fact = |name: &str| facts.get(name).map(|f| f.trim().to_string()).filter(|f| !f.is_empty());
    let Some(id) = fact(LEDGER) else { return Ok(None) };
    let run = fact(LEDGER_RUN).and_then(|run| run.parse().ok()).unwrap_or(i64::MAX);
    Ok(Some(Tie { id, run, codebook_hash: fact(CODEBOOK_HASH).unwrap_or_default(), reviews: BTreeMap::new() }))
}

fn name(value: &Value) -> String {
    value.text().lines().next().unwrap_or_default().trim().to_string()
}
