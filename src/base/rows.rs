//! Spreadsheet rows, read one at a time and capped: the only caller of calamine.
//!
//! A workbook is what somebody sent. Before anything of it is unpacked, its zip directory is checked; then every part is
//! unpacked once into nothing, to learn what it really holds; and its sheets are read cell by cell, never as a whole range,
//! since a range of two far corners asks for all the memory there is.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use jiff::civil::Date;

use super::limits::SHEET_ROWS;

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
    /// Cells take their values from other files.
    #[error("it takes values from other files (external links), which are not followed")]
    Links,
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

/// Returns the letters of a column: 0 is A, 26 is AA.
pub fn letters(column: u32) -> String {
    let mut letters = String::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or(0) + b'A';
        letters.insert(0, char::from(letter));
        left = (left - 1) / 26;
    }
    letters
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

/// Bytes of a part for each of its packed ones; sheets full of rows that resemble each other have ten or twenty.
const RATIO: u64 = 100;

/// Parts of so many bytes are unpacked whatever their ratio: it takes no time.
const SMALL: u64 = 16 << 20;

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
        let part = archive.by_index(part).map_err(|e| broken(&e))?;
        if part.size() > SMALL && part.size() / RATIO > part.compressed_size() {
            return Err(Error::TooMuch { what: "bytes for each packed one, as only a zip bomb has", limit: RATIO });
        }
        told = told.saturating_add(part.size());
    }
    if told > limits.unpacked_bytes {
        return Err(too_much());
    }
    let mut room = limits.unpacked_bytes;
    let mut is_workbook = false;
    for part in 0..archive.len() {
        let file = archive.by_index(part).map_err(|e| broken(&e))?;
        let name = file.name().map_err(|e| broken(&e))?.to_lowercase();
        if name.contains("externallinks/") {
            return Err(Error::Links);
        }
        let mut file = file.take(room + 1);
        let unpacked = if name == "[content_types].xml" {
            let mut types = Vec::new();
            let unpacked = file.read_to_end(&mut types).map_err(|e| broken(&e))? as u64;
            is_workbook = MAIN.iter().any(|kind| types.windows(kind.len()).any(|w| w == kind.as_bytes()));
            unpacked
        } else if name.ends_with("sharedstrings.xml") {
            strings(&mut file)?
        } else {
            places(&mut file)?
        };
        room = room.checked_sub(unpacked).ok_or_else(too_much)?;
    }
    if is_workbook { Ok(()) } else { Err(Error::Broken("its parts are not those of an .xlsx workbook".to_string())) }
}

/// What the main part of a workbook may be; the second is one with macros, which are never run.
const MAIN: [&str; 3] = ["spreadsheetml.sheet.main+xml", "sheet.macroEnabled.main+xml", "template.main+xml"];

/// Reads the table of strings to its end; returns its bytes. A table that announces more strings than it can hold is refused: the
/// reader would ask for the memory at once.
fn strings(file: &mut impl Read) -> Result<u64, Error> {
    /// Bytes that a string takes at least: `<si/>`.
    const LEAST: u64 = 5;
    let mut told = 0;
    let bytes = scanned(
        file,
        |first| first == b'u',
        |here| {
            if let Some(value) = here.strip_prefix(b"uniqueCount").and_then(attribute) {
                told = told.max(number(value));
            }
        },
    )?;
    if told > bytes / LEAST {
        return Err(Error::Broken(format!("it announces {told} strings and cannot hold them")));
    }
    Ok(bytes)
}

/// Reads a part to its end; returns its bytes. Where it is a sheet, whatever its name, rows and columns beyond those of a spreadsheet are refused: the reader would count past
/// what its numbers hold.
fn places(file: &mut impl Read) -> Result<u64, Error> {
    /// Letters of the last column, `XFD`.
    const LETTERS: usize = 3;
    let (mut far, mut is_sheet) = (false, false);
    let bytes = scanned(
        file,
        |first| first == b's' || first.is_ascii_whitespace(),
        |here| {
            is_sheet |= here.starts_with(b"sheetData");
            let name = match here {
                [space, rest @ ..] if space.is_ascii_whitespace() => rest,
                _ => return,
            };
            let name = name.strip_prefix(b"ref").or_else(|| name.strip_prefix(b"r"));
            let Some(value) = name.and_then(attribute) else { return };
            let end = value.iter().position(|b| matches!(b, b'"' | b'\'')).unwrap_or(value.len());
            far |= value.get(..end).unwrap_or_default().split(|b| *b == b':').any(|place| {
                let letters = place.iter().take_while(|b| b.is_ascii_alphabetic()).count();
                letters > LETTERS || number(place.get(letters..).unwrap_or_default()) > u64::from(SHEET_ROWS)
            });
        },
    )?;
    if far && is_sheet {
        Err(Error::Broken("a cell of it lies beyond the last row or column".to_string()))
    } else {
        Ok(bytes)
    }
}

/// Hands every place of a part that begins with a byte as wanted, with what follows, to `look`; returns the part's bytes.
fn scanned(file: &mut impl Read, wanted: impl Fn(u8) -> bool, mut look: impl FnMut(&[u8])) -> Result<u64, Error> {
    /// What `look` needs to see at least.
    const AHEAD: usize = 128;
    let (mut bytes, mut buffer) = (0u64, Vec::new());
    let mut chunk = vec![0u8; 1 << 16];
    loop {
        let read = file.read(&mut chunk).map_err(|e| Error::Broken(e.to_string()))?;
        bytes += read as u64;
        buffer.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let whole = if read == 0 { buffer.len() } else { buffer.len().saturating_sub(AHEAD) };
        for (at, first) in buffer.iter().enumerate().take(whole) {
            if wanted(*first) {
                look(buffer.get(at..).unwrap_or_default());
            }
        }
        buffer.drain(..whole);
        if read == 0 {
            return Ok(bytes);
        }
    }
}

/// What stands between the quotation marks of an attribute, from behind its name on; with all that follows.
fn attribute(after: &[u8]) -> Option<&[u8]> {
    let value = after.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'"))
}

/// The number that bytes begin with, a sign and space before it aside.
fn number(value: &[u8]) -> u64 {
    let digits = value.iter().skip_while(|b| b.is_ascii_whitespace() || **b == b'+').take_while(|b| b.is_ascii_digit());
    digits.fold(0, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')))
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

#[cfg(test)]
mod tests {
    #[test]
    fn columns_have_letters() {
        let cases = [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")];
        for (column, wanted) in cases {
            assert_eq!(super::letters(column), wanted);
        }
    }
}
