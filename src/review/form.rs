//! The rows of the Evidence sheets, by the names of their columns.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::base::rows::{Book, Error, Value, letters as letters_of};
use crate::base::space::flat;
use crate::workbook::{Tie, read};

/// The columns that say something here, those that are needed first; others are the reviewer's own.
pub(super) const COLUMNS: [&str; 27] = [
    "Id",
    "Verdict",
    "Quote",
    "Corrected party",
    "Corrected topic",
    "Corrected stance",
    "Corrected condition",
    "Corrected date",
    "Note",
    "Reviewer",
    "Party",
    "Topic",
    "Stance",
    "Condition",
    "Speaker",
    "Day",
    "Stated on",
    "Document",
    "Position",
    "Published",
    "Outlet",
    "Counts",
    "Role",
    "Rank",
    "Mode",
    "Secondhand",
    "Joint",
];

/// A row with most of the first so many columns is a header.
const TELLING: usize = 3;

/// Without the first so many no review can be read whole: what a reviewer fills in, and what it is about. One that has another name
/// now would be passed over with all that stands in it.
const NEEDED: usize = 10;

/// A place in a workbook, as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// Name of the sheet; empty in a file without sheets.
    pub sheet: String,
    /// Number of the row, from 1.
    pub row: Option<u32>,
    /// Letter and name of the column.
    pub column: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sheet = (!self.sheet.is_empty()).then(|| format!("sheet {}", self.sheet));
        let row = self.row.map(|row| format!("row {row}"));
        f.write_str(&sheet.into_iter().chain(row).collect::<Vec<_>>().join(", "))?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        Ok(())
    }
}

/// Why something of a workbook was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where it stands.
    pub place: Place,
    /// What is wrong with it, without a final full stop.
    pub why: String,
    /// What to do, without a final full stop.
    pub hint: String,
}

/// One row with anything in a column that says something.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    sheet: String,
    /// Number of the row, from 1.
    row: u32,
    /// The letters of the columns that the sheet has, by name.
    letters: BTreeMap<&'static str, String>,
    /// What stands in them.
    values: BTreeMap<&'static str, Value>,
}

impl Line {
    /// Makes a row of a file without sheets; only the values that it has are held against what is stored.
    pub(super) fn new(row: u32, values: BTreeMap<&'static str, Value>) -> Self {
        Line { row, values, ..Line::default() }
    }

    /// Returns the value in a column; nothing where it is empty or holds only space.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Returns the text in a column, space drawn together.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.value(name).map(|value| flat(&value.text()))
    }

    /// Tells whether the sheet has a column.
    pub(super) fn has(&self, name: &str) -> bool {
        self.letters.contains_key(name)
    }

    /// Returns the place of a cell.
    pub(super) fn place(&self, name: &str) -> Place {
        let letter = self.letters.get(name).map(|letter| format!("{letter} ({name})"));
        Place { sheet: self.sheet.clone(), row: Some(self.row), column: letter }
    }

    /// Refuses a cell.
    pub(super) fn refuse(&self, name: &str, why: impl Into<String>, hint: impl Into<String>) -> Refusal {
        Refusal { place: self.place(name), why: why.into(), hint: hint.into() }
    }
}

/// A workbook's evidence, as far as reviews are concerned.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The ledger that the workbook was made from.
    pub tie: Option<Tie>,
    /// Rows from the top, sheet after sheet.
    pub lines: Vec<Line>,
    /// Sheets that cannot be read.
    pub refusals: Vec<Refusal>,
}

/// Reads the Evidence sheets.
///
/// # Errors
/// Fails where the workbook has none, or is broken or beyond a limit.
pub fn form(book: &mut Book) -> Result<Form, Error> {
    let mut form = Form { tie: read::tie(book)?, ..Form::default() };
    let sheets: Vec<String> = book.sheets().into_iter().filter(|s| is_evidence(s)).collect();
    if sheets.is_empty() {
        return Err(Error::NoSheet("Evidence".to_string()));
    }
    for sheet in sheets {
        let table = read::table_with(book, &sheet, |names| {
            COLUMNS.iter().take(TELLING).filter(|n| names.iter().any(|name| read::is_named(name, n))).count() > 1
        })?;
        let mut letters = BTreeMap::new();
        let mut columns = BTreeMap::new();
        for name in COLUMNS {
            let found: Vec<u32> = table.named(name).collect();
            if let [first, second, ..] = found.as_slice() {
                form.refusals.push(Refusal {
                    place: Place { sheet: sheet.clone(), ..Place::default() },
                    why: format!("two columns are named {name}: {} and {}", letters_of(*first), letters_of(*second)),
                    hint: "Give the one that you added another name".to_string(),
                });
            }
            if let Some(column) = found.first() {
                letters.insert(name, letters_of(*column));
                columns.insert(name, *column);
            }
        }
        for name in COLUMNS.iter().take(NEEDED).filter(|n| !columns.contains_key(*n)) {
            form.refusals.push(Refusal {
                place: Place { sheet: sheet.clone(), ..Place::default() },
                why: format!("it has no column named {name}"),
                hint: "Give the column its name back, or copy your verdicts into a workbook that has it".to_string(),
            });
        }
        for row in table.rows {
            let value = |(name, column): (&&'static str, &u32)| {
                let value = row.cells.get(column).filter(|v| !v.text().trim().is_empty())?;
                Some((*name, value.clone()))
            };
            let values: BTreeMap<&'static str, Value> = columns.iter().filter_map(value).collect();
            if !values.is_empty() {
                let (sheet, letters) = (sheet.clone(), letters.clone());
                form.lines.push(Line { sheet, row: row.number + 1, letters, values });
            }
        }
    }
    Ok(form)
}

/// Returns the ids that rows name, each once.
pub fn ids(form: &Form) -> BTreeSet<String> {
    form.lines.iter().filter_map(|line| line.text("Id")).collect()
}

/// Returns the documents that rows without an id name, each once.
pub fn documents(form: &Form) -> BTreeSet<String> {
    form.lines.iter().filter(|line| line.value("Id").is_none()).filter_map(|line| line.text("Document")).collect()
}

/// `Evidence`, `Evidence 2`.
fn is_evidence(sheet: &str) -> bool {
    sheet.strip_prefix("Evidence").is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix(' ').is_some_and(|number| number.parse::<u32>().is_ok())
    })
}
