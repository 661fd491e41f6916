//! Documents as JSON Lines: one object a line with `text`, an `id`, and where known `title`, `published`, `outlet`, `url`, `author`; or with
//! keys of other names that plainly tell these, or of which the caller says so, as with the columns of tables.
//!
//! Reads a stream of any length, a record at a time. The text of a record is taken as it is, line ends too, so that what is
//! said of it in code points fits the record it came from.

use std::io::{BufRead, Read};

use serde_json::{Map, Value};

use super::facts::Facts;
use super::load::{ReadOptions, english};
use super::model::Document;
use super::sources::Given;
use super::table::{self, Part};
use crate::base::{Problem, date, limits};

/// The documents of a stream, in its order; a bad line is a problem with its number, and the stream goes on.
///
/// After an error of the stream itself nothing more comes.
///
/// ```
/// use demarche::document::{ReadOptions, jsonl::Records};
///
/// let lines = "{\"id\": \"a\", \"text\": \"The envoys met.\", \"published\": \"2025-02-13\"}\nnot JSON\n";
/// let mut records = Records::new(lines.as_bytes(), ReadOptions::default());
/// assert_eq!(records.next().unwrap().unwrap().name, "a");
/// assert_eq!(records.next().unwrap().unwrap_err().line, Some(2));
/// assert!(records.next().is_none());
/// ```
#[derive(Debug)]
pub struct Records<'o, R> {
    reader: R,
    options: ReadOptions<'o>,
    source: String,
    limit: u64,
    line: u64,
    buffer: Vec<u8>,
    ended: bool,
}

impl<'o, R: BufRead> Records<'o, R> {
    /// Reads records from `reader`.
    pub fn new(reader: R, options: ReadOptions<'o>) -> Self {
        let limit = limits::DOCUMENT_BYTES;
        Records { reader, options, source: "standard input".into(), limit, line: 0, buffer: Vec::new(), ended: false }
    }

    /// Names the stream in messages.
    pub fn named(mut self, source: impl Into<String>) -> Self {
        self.source = source.into();
        self
    }

    /// Sets how many bytes a line may have; the limit of a document unless told.
    pub fn line_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    fn problem(&self, why: impl std::fmt::Display) -> Problem {
        Problem::error("cannot read the record").at(&self.source).line(self.line).why(why)
    }

    /// Reads the next line into the buffer; tells whether there is one and whether it is within the limit.
    fn next_line(&mut self) -> std::io::Result<Line> {
        self.buffer.clear();
        let read = (&mut self.reader).take(self.limit + 1).read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(Line::End);
        }
        self.line += 1;
        if self.buffer.last() == Some(&b'\n') || self.buffer.len() as u64 <= self.limit {
            return Ok(Line::Whole);
        }
        loop {
            let piece = self.reader.fill_buf()?;
            let Some(end) = piece.iter().position(|b| *b == b'\n') else {
                let length = piece.len();
                if length == 0 {
                    return Ok(Line::TooLong);
                }
                self.reader.consume(length);
                continue;
            };
            self.reader.consume(end + 1);
            return Ok(Line::TooLong);
        }
    }

    fn record(&self) -> Result<Document, Problem> {
        let bytes = self.buffer.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.buffer);
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let problem = self.problem("it is not UTF-8").byte(error.valid_up_to() as u64);
            problem.hint("JSON Lines are UTF-8; the byte counts from the start of the line")
        })?;
        let mut record: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            // serde_json counts lines within what it was given, which is one.
            let why = message.split(" at line 1 column").next().unwrap_or(&message).to_string();
            let problem = self.problem(why).byte(error.column().saturating_sub(1) as u64);
            problem.hint("Write one object a line: {\"id\": \"...\", \"text\": \"...\", \"published\": \"2025-02-13\"}")
        })?;
        let keys = table::keys(record.keys(), self.options.columns).map_err(|missing| {
            self.problem(missing).hint("Name the key of the text with --columns text=body, or write it as \"text\"")
        })?;
        let mut value = |part: Part| -> Result<Option<String>, Problem> {
            let Some(key) = keys.get(&part) else { return Ok(None) };
            match record.remove(key) {
                None | Some(Value::Null) => Ok(None),
                Some(Value::String(text)) => Ok(Some(text)),
                Some(Value::Number(number)) if part == Part::Id => Ok(Some(number.to_string())),
                Some(_) => Err(self.problem(format!("\"{key}\" is no string")).hint("Write its value in quotes")),
            }
        };
        let text = value(Part::Text)?.unwrap_or_default();
        if text.trim().is_empty() {
            return Err(self.problem("its text is empty").hint("Leave it out, or fetch the document again"));
        }
        let mut filled = |part: Part| value(part).map(|value| value.filter(|value| !value.trim().is_empty()));
        let published = match filled(Part::Published)? {
            None => None,
            Some(day) => Some(date::parse(&day).ok_or_else(|| {
                self.problem(format!("\"{day}\" is not one certain day"))
                    .hint("Write the date as 2025-02-13, or leave it out")
            })?),
        };
        let given = Given {
            published,
            outlet: filled(Part::Outlet)?,
            title: filled(Part::Title)?,
            url: filled(Part::Url)?,
            author: filled(Part::Author)?,
        };
        let id = filled(Part::Id)?.unwrap_or_default();
        let at = if id.is_empty() { format!("{}, line {}", self.source, self.line) } else { id.clone() };
        let facts = Facts { text, ..Facts::default() };
        let mut document = english(&id, &at, facts, &given, &self.options)?;
        if document.name.is_empty() {
            document.name.clone_from(&document.id);
        }
        Ok(document)
    }
}

enum Line {
    Whole,
    TooLong,
    End,
}

impl<R: BufRead> Iterator for Records<'_, R> {
    type Item = Result<Document, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.next_line() {
                Ok(Line::End) => self.ended = true,
                Ok(Line::Whole) if self.buffer.trim_ascii().is_empty() => {}
                Ok(Line::Whole) => return Some(self.record()),
                Ok(Line::TooLong) => {
                    let why = format!("it has more than {} bytes", self.limit);
                    return Some(Err(self.problem(why).hint("Split it into its documents")));
                }
                Err(error) => {
                    self.ended = true;
                    self.line += 1;
                    return Some(Err(self.problem(error).hint("What came before is done; send the rest again")));
                }
            }
        }
        None
    }
}
