//! Spreadsheet rows, read one at a time and capped: the only caller of calamine.
//!
//! A workbook is what somebody sent. Before anything of it is unpacked, its zip directory is checked; then every part is
//! unpacked once into nothing, to learn what it really holds; and its sheets are read cell by cell, never as a whole range,
//! since a range of two far corners asks for all the memory there is.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use jiff::civil::Date;

/// What a workbook may hold at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of all its parts, unpacked.
    pub unpacked_bytes: u64,
    /// Parts of the file.
    pub parts: usize,
    /// Rows of a sheet with anything in them; the last row's number may be higher.
    pub rows: usize,
    /// Columns of a sheet; cells further right are an error.
    pub columns: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { file_bytes: 64 << 20, unpacked_bytes: 256 << 20, parts: 4_096, rows: 1_048_576, columns: 1_024 }
    }
}

/// What keeps a workbook from being read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is no workbook, or a broken one.
    #[error("it is no readable .xlsx workbook ({0})")]
    Broken(String),
    /// The workbook is beyond a limit.
    #[error("it has more than {limit} {what}")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        limit: u64,
    },
    /// There is no such sheet.
    #[error("it has no sheet named {0}")]
    NoSheet(String),
    /// A sheet cannot be read to its end.
    #[error("sheet {sheet} cannot be read ({why})")]
    Sheet {
        /// Name of the sheet.
        sheet: String,
        /// What the reader said.
        why: String,
    },
}

/// One cell's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// A day; the time of day is dropped.
    Day(Date),
    /// An error such as `#REF!`.
    Error(String),
}

impl Value {
    /// Returns the value as text: numbers without needless zeros, days as ISO 8601 has them.
    pub fn text(&self) -> String {
        match self {
            Value::Text(text) | Value::Error(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Day(day) => day.to_string(),
        }
    }
}

/// One row with anything in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Number of the row, from 0.
    pub number: u32,
    /// Cells that are not empty, by column from 0.
    pub cells: BTreeMap<u32, Value>,
}

impl Row {
    /// Returns the text of a cell, nothing where it is empty.
    pub fn text(&self, column: u32) -> String {
        self.cells.get(&column).map(Value::text).unwrap_or_default()
    }
}

/// A workbook held in memory, its parts still packed.
pub struct Book {
    book: Xlsx<Cursor<Vec<u8>>>,
    limits: Limits,
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book").field("sheets", &self.sheets()).finish_non_exhaustive()
    }
}

impl Book {
    /// Checks a workbook against the limits and opens it.
    ///
    /// # Errors
    /// Fails where it is beyond a limit, or is no workbook.
    pub fn open(bytes: Vec<u8>, limits: Limits) -> Result<Book, Error> {
        if bytes.len() as u64 > limits.file_bytes {
            return Err(Error::TooMuch { what: "bytes", limit: limits.file_bytes });
        }
        check(&bytes, limits)?;
        let book = Xlsx::new(Cursor::new(bytes)).map_err(|e| Error::Broken(e.to_string()))?;
        Ok(Book { book, limits })
    }

    /// Returns the names of the sheets in their order, hidden ones included.
    pub fn sheets(&self) -> Vec<String> {
        self.book.sheet_names()
    }

    /// Returns the custom document properties as text.
    ///
    /// # Errors
    /// Fails where that part of the file is broken.
    pub fn properties(&mut self) -> Result<BTreeMap<String, String>, Error> {
        let properties = self.book.workbook_properties().map_err(|e| Error::Broken(e.to_string()))?;
        Ok(properties.custom_properties.into_iter().collect())
    }

    /// Hands every row of a sheet that holds anything to `take`, from the top, until it says no.
    ///
    /// # Errors
    /// Fails where there is no such sheet, where it is beyond a limit, or broken.
    pub fn rows(&mut self, sheet: &str, mut take: impl FnMut(Row) -> bool) -> Result<(), Error> {
        if !self.book.sheet_names().iter().any(|name| name == sheet) {
            return Err(Error::NoSheet(sheet.to_string()));
        }
        let broken = |e: calamine::XlsxError| Error::Sheet { sheet: sheet.to_string(), why: e.to_string() };
        let mut cells = self.book.worksheet_cells_reader(sheet).map_err(broken)?;
        let (mut row, mut rows) = (Row::default(), 0usize);
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (number, column) = cell.get_position();
            let Some(value) = value(cell.get_value()) else { continue };
            if column >= self.limits.columns {
                return Err(Error::TooMuch { what: "columns", limit: u64::from(self.limits.columns) });
            }
            if number != row.number && !row.cells.is_empty() {
                rows += 1;
                if rows > self.limits.rows {
                    return Err(Error::TooMuch { what: "rows", limit: self.limits.rows as u64 });
                }
                if !take(std::mem::take(&mut row)) {
                    return Ok(());
                }
            }
            row.number = number;
            row.cells.insert(column, value);
        }
        if !row.cells.is_empty() {
            take(row);
        }
        Ok(())
    }
}

/// Checks the zip directory, then unpacks every part into nothing to see that the directory did not lie.
fn check(bytes: &[u8], limits: Limits) -> Result<(), Error> {
    let broken = |e: &dyn std::fmt::Display| Error::Broken(e.to_string());
    let too_much = || Error::TooMuch { what: "bytes when unpacked", limit: limits.unpacked_bytes };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    if archive.len() > limits.parts {
        return Err(Error::TooMuch { what: "parts", limit: limits.parts as u64 });
    }
    let mut told = 0u64;
    for part in 0..archive.len() {
        told = told.saturating_add(archive.by_index(part).map_err(|e| broken(&e))?.size());
    }
    if told > limits.unpacked_bytes {
        return Err(too_much());
    }
    let mut room = limits.unpacked_bytes;
    for part in 0..archive.len() {
        let file = archive.by_index(part).map_err(|e| broken(&e))?;
        let unpacked = io::copy(&mut file.take(room + 1), &mut io::sink()).map_err(|e| broken(&e))?;
        room = room.checked_sub(unpacked).ok_or_else(too_much)?;
    }
    Ok(())
}

fn value(data: &DataRef<'_>) -> Option<Value> {
    Some(match data {
        DataRef::Empty => return None,
        DataRef::String(text) | DataRef::DurationIso(text) => Value::Text(text.clone()),
        DataRef::SharedString(text) => Value::Text((*text).to_string()),
        DataRef::Int(number) => Value::Number(*number as f64),
        DataRef::Float(number) => Value::Number(*number),
        DataRef::Bool(flag) => Value::Bool(*flag),
        DataRef::DateTimeIso(text) => {
            text.get(..10).and_then(|day| day.parse().ok()).map_or_else(|| Value::Text(text.clone()), Value::Day)
        }
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let day = i16::try_from(year).ok().zip(i8::try_from(month).ok().zip(i8::try_from(day).ok()));
            match day.and_then(|(year, (month, day))| Date::new(year, month, day).ok()) {
                Some(day) if !moment.is_duration() => Value::Day(day),
                _ => Value::Number(moment.as_f64()),
            }
        }
        DataRef::Error(error) => Value::Error(error.to_string()),
    })
}
