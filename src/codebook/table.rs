//! CSV tables of a codebook, row by row with line numbers.

use jiff::civil::Date;

use super::files::DataFile;
use super::problem::Problem;

/// A row with the line it begins on.
#[derive(Debug)]
pub(super) struct Row<'a> {
    file: &'a str,
    pub(super) line: usize,
    columns: &'a [String],
    fields: csv::StringRecord,
}

/// Reads a table, checking its header; calls `each` for every row. Faults are collected, good rows go on.
pub(super) fn rows(
    file: &DataFile,
    columns: &[&str],
    problems: &mut Vec<Problem>,
    mut each: impl FnMut(&Row<'_>, &mut Vec<Problem>),
) {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(file.text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_lowercase).collect(),
        Err(e) => {
            problems.push(Problem::new(&file.path, Some(1), format!("the header cannot be read: {e}"), ""));
            return;
        }
    };
    for column in columns {
        if !header.iter().any(|h| h == column) {
            problems.push(Problem::new(
                &file.path,
                Some(1),
                format!("the column '{column}' is missing"),
                format!("the header should have: {}", columns.join(", ")),
            ));
            return;
        }
    }
    for record in reader.records() {
        match record {
            Ok(fields) => {
                let line = fields.position().map_or(0, |p| p.line() as usize);
                if fields.len() != header.len() {
                    problems.push(Problem::new(
                        &file.path,
                        Some(line),
                        format!("the row has {} fields, the header {}", fields.len(), header.len()),
                        "put fields that hold a comma in double quotes",
                    ));
                    continue;
                }
                each(&Row { file: &file.path, line, columns: &header, fields }, problems);
            }
            Err(e) => {
                let line = e.position().map(|p| p.line() as usize);
                problems.push(Problem::new(&file.path, line, format!("the row cannot be read: {e}"), ""));
            }
        }
    }
}

impl Row<'_> {
    /// Returns a field, empty where the column is absent.
    pub(super) fn get(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|c| c == column);
        at.and_then(|i| self.fields.get(i)).unwrap_or("")
    }

    /// Returns the items of a field that lists several, separated by semicolons.
    pub(super) fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        self.get(column).split(';').map(str::trim).filter(|s| !s.is_empty())
    }

    /// Makes a problem at this row.
    pub(super) fn problem(&self, what: impl Into<String>, hint: impl Into<String>) -> Problem {
        Problem::new(self.file, Some(self.line), what, hint)
    }

    /// Reads a date: a day, a month or a year; `last` takes the last day of the month or year.
    pub(super) fn date(&self, column: &str, last: bool) -> Result<Option<Date>, Problem> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        let numbers: Vec<Option<i16>> = text.split('-').map(|n| n.parse().ok()).collect();
        let date = match numbers.as_slice() {
            [Some(y)] if last => Date::new(*y, 12, 31).ok(),
            [Some(y)] => Date::new(*y, 1, 1).ok(),
            [Some(y), Some(m)] => Date::new(*y, *m as i8, 1).ok().map(|d| if last { d.last_of_month() } else { d }),
            [Some(y), Some(m), Some(d)] => Date::new(*y, *m as i8, *d as i8).ok(),
            _ => None,
        };
        match date {
            Some(date) => Ok(Some(date)),
            None => Err(self
                .problem(format!("'{text}' in column '{column}' is not a date"), "write 2025-02-13, 2025-02 or 2025")),
        }
    }
}
