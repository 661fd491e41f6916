//! What can be compared: workbooks, tables by hand, CSV files, statements; told apart by what is in them.

use std::fs;
use std::io::{self, Read};

use super::fault::Fault;
use super::origin::{Gathered, Loaded, Origin, Wanted, named, unreadable};
use crate::base::rows::{self, Row};
use crate::base::{Problem, Severity, delimited};
use crate::codebook::Codebook;
use crate::diff::{self, Names, Side};
use crate::export;
use crate::ledger;
use crate::matrix::{self, MatrixOptions};
use crate::statement::Statement;
use crate::workbook::{read, recall};

/// What can be read, for messages.
const READABLE: &str = "Readable are: workbooks (.xlsx) and CSV files with parties and topics, by demarche or by hand; \
     matrix.csv, positions.csv; statements.csv and statements.jsonl; ledgers";

/// Cells at fault that are told one by one.
const TOLD: usize = 40;

/// One input, read.
#[derive(Debug)]
pub(super) enum Input {
    /// Statements, from which positions are computed.
    Statements(Vec<Statement>),
    /// Positions as somebody wrote them down.
    Positions(Side),
}

/// Reads inputs with one codebook, and collects what is at fault.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    codebook: &'a Codebook,
    names: Names<'a>,
    /// What could not be used.
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// Makes a reader.
    pub(super) fn new(codebook: &'a Codebook) -> Self {
        Reader { codebook, names: Names::new(codebook), problems: Vec::new() }
    }

    /// Reads an input and computes its positions, where it holds statements.
    ///
    /// # Errors
    /// Fails where it holds nothing that can be compared.
    pub(super) fn side(&mut self, path: &str, options: &MatrixOptions) -> Result<Side, Fault> {
        let mut side = if ledger::is_ledger(path) {
            let (matrix, statements) = self.matrix(&Origin::Ledger(path.into(), None), options)?;
            self.check(path, &statements);
            Side::of("", &matrix, &statements)
        } else {
            match self.read(path)? {
                Input::Positions(side) => side,
                Input::Statements(statements) => {
                    self.check(path, &statements);
                    let matrix = matrix::positions(&statements, self.codebook, options);
                    Side::of("", &matrix, &statements)
                }
            }
        };
        side.name = shown(path);
        side.keep(&options.parties, &options.topics);
        Ok(side)
    }

    /// Lays out the positions of statements, wherever they come from; returns the statements they point into, too, which of a
    /// ledger are not all.
    ///
    /// # Errors
    /// Those of [`Reader::statements`].
    pub(super) fn matrix(&mut self, origin: &Origin, options: &MatrixOptions) -> Result<Gathered, Fault> {
        match origin {
            Origin::Ledger(..) => origin.matrix(self.codebook, options),
            Origin::Lines(path) => {
                let statements = self.statements(path)?;
                Ok((matrix::positions(&statements, self.codebook, options), statements))
            }
        }
    }

    /// The same with all statements.
    ///
    /// # Errors
    /// Those of [`Reader::statements`].
    pub(super) fn matrix_of_all(&mut self, origin: &Origin, options: &MatrixOptions) -> Result<Gathered, Fault> {
        let Loaded { statements, as_of, .. } = self.load(origin, Wanted::All(options.as_of))?;
        let options = MatrixOptions { as_of, ..options.clone() };
        Ok((matrix::positions(&statements, self.codebook, &options), statements))
    }

    /// Loads statements of whatever kind of file, and what else of a ledger is wanted.
    ///
    /// # Errors
    /// Those of [`Reader::statements`].
    pub(super) fn load(&mut self, origin: &Origin, wanted: Wanted<'_>) -> Result<Loaded, Fault> {
        match origin {
            Origin::Ledger(..) => origin.load(self.codebook, wanted),
            Origin::Lines(path) => Ok(Loaded::of(self.statements(path)?, wanted)),
        }
    }

    /// Reads the statements of a file.
    ///
    /// # Errors
    /// Fails where it holds none, as a table of positions does.
    pub(super) fn statements(&mut self, path: &str) -> Result<Vec<Statement>, Fault> {
        let bytes = bytes(path)?;
        if is_zip(&bytes) {
            let mut book = read::open(bytes).map_err(|e| broken(path, e))?;
            if recall::is_ours(&mut book) {
                return recall::statements(&mut book, &self.names).map_err(|e| broken(path, e));
            }
        } else if let Input::Statements(statements) = self.text(path, &bytes)? {
            self.check(path, &statements);
            return Ok(statements);
        }
        let problem =
            Problem::error("cannot use the file").at(path).why("it holds positions, and statements are needed");
        Err(problem.hint("Name a statements.jsonl or statements.csv, or a workbook by demarche").into())
    }

    fn read(&mut self, path: &str) -> Result<Input, Fault> {
        let bytes = bytes(path)?;
        if is_zip(&bytes) { self.workbook(path, bytes).map(Input::Positions) } else { self.text(path, &bytes) }
    }

    fn workbook(&mut self, path: &str, bytes: Vec<u8>) -> Result<Side, Fault> {
        let mut book = read::open(bytes).map_err(|e| broken(path, e))?;
        if recall::is_ours(&mut book) {
            let recalled = recall::positions(&mut book, self.codebook, &self.names).map_err(|e| broken(path, e))?;
            self.faults(path, Some("Matrix"), recalled.faults);
            let told =
                recalled.notes.into_iter().map(|note| Problem::note("the workbook was edited").at(path).why(note));
            self.problems.extend(told);
            return Ok(recalled.side);
        }
        let sheets = book.sheets();
        for sheet in &sheets {
            let mut rows: Vec<Row> = Vec::new();
            let all = book.rows(sheet, |row| {
                rows.push(row);
                true
            });
            all.map_err(|e| broken(path, e))?;
            if let Some(found) = diff::read(&rows, &self.names, &self.codebook.labels) {
                self.faults(path, Some(sheet), found.faults);
                return Ok(found.side);
            }
        }
        Err(self.no_table(path, &format!("none of its sheets ({})", sheets.join(", "))))
    }

    fn text(&mut self, path: &str, bytes: &[u8]) -> Result<Input, Fault> {
        let start: Vec<u8> = bytes.iter().copied().filter(|b| !b.is_ascii_whitespace()).take(8).collect();
        let cannot = |why: &str, hint: &str| {
            Fault::from(Problem::error("cannot read the input").at(named(path)).why(why).hint(hint))
        };
        if bytes.starts_with(b"SQLite format 3\0") {
            return Err(cannot("a database cannot be read from a pipe", "Name the file of the ledger"));
        }
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(cannot("it is a workbook of the old form (.xls)", "Save it as .xlsx"));
        }
        if start.is_empty() {
            return Err(cannot("it is empty", READABLE));
        }
        if start.starts_with(b"{") || start.starts_with(b"\xef\xbb\xbf{") {
            return export::read_statements(bytes).map(Input::Statements).map_err(|e| unreadable(path, e).into());
        }
        let rows = delimited::rows(bytes).map_err(|e| match e {
            delimited::Error::Line { line, why } => {
                Fault::from(Problem::error("cannot read the CSV file").at(named(path)).line(line).why(why))
            }
            other @ delimited::Error::NoText => cannot(&other.to_string(), READABLE),
        })?;
        let header: Vec<String> =
            rows.first().map(|r| r.cells.keys().map(|c| r.text(*c)).collect()).unwrap_or_default();
        let has = |column: &str| header.iter().any(|h| h.trim() == column);
        if ["id", "doc", "quote", "party", "topic", "stance"].into_iter().all(has) {
            return export::read_statements_csv(&rows).map(Input::Statements).map_err(|e| unreadable(path, e).into());
        }
        let found =
            diff::read(&rows, &self.names, &self.codebook.labels).ok_or_else(|| self.no_table(path, "no line"))?;
        self.faults(path, None, found.faults);
        Ok(Input::Positions(found.side))
    }

    fn no_table(&self, path: &str, what: &str) -> Fault {
        let why = format!("{what} names parties and topics of the codebook {}", self.codebook.name);
        let problem = Problem::error("cannot find positions in the file").at(named(path)).why(why);
        problem.hint(format!("Another codebook is named with --codebook. {READABLE}")).into()
    }

    /// Statements of parties and topics that the codebook lacks are compared by their ids, and told.
    fn check(&mut self, path: &str, statements: &[Statement]) {
        let party = |s: &&Statement| s.party != "none" && !self.codebook.parties.iter().any(|p| p.id == s.party);
        let topic = |s: &&Statement| !self.codebook.topics.iter().any(|t| t.id == s.topic);
        let mut unknown: Vec<String> = statements.iter().filter(party).map(|s| format!("party {}", s.party)).collect();
        unknown.extend(statements.iter().filter(topic).map(|s| format!("topic {}", s.topic)));
        unknown.sort();
        unknown.dedup();
        for what in unknown {
            let problem = Problem::warning("the statements name what the codebook does not have").at(named(path));
            self.problems
                .push(problem.why(what).hint("Name their codebook with --codebook; they are compared all the same"));
        }
    }

    fn faults(&mut self, path: &str, sheet: Option<&str>, faults: Vec<diff::Fault>) {
        let more = faults.len().saturating_sub(TOLD);
        let wrong = faults.iter().skip(TOLD).any(|f| !f.unknown);
        for fault in faults.into_iter().take(TOLD) {
            let cell = diff::cell_name(fault.row, fault.column);
            let severity = if fault.unknown { Severity::Warning } else { Severity::Error };
            let problem = match sheet {
                Some(sheet) => {
                    Problem::new(severity, format!("cannot use cell {cell} of sheet {sheet}")).at(named(path))
                }
                None => Problem::new(severity, format!("cannot use column {}", fault.column + 1))
                    .at(named(path))
                    .line(u64::from(fault.row) + 1),
            };
            self.problems.push(problem.why(fault.why).hint(fault.hint));
        }
        if more > 0 {
            let severity = if wrong { Severity::Error } else { Severity::Warning };
            self.problems.push(Problem::new(severity, format!("cannot use {more} more cells")).at(named(path)));
        }
    }
}

fn bytes(path: &str) -> Result<Vec<u8>, Fault> {
    let mut input = Vec::new();
    let read = if path == "-" { io::stdin().lock().read_to_end(&mut input).map(|_| input) } else { fs::read(path) };
    read.map_err(|e| Problem::error("cannot read the input").at(named(path)).why(e).hint(READABLE).into())
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}

fn broken(path: &str, error: rows::Error) -> Fault {
    Problem::error("cannot read the workbook").at(named(path)).why(error).hint("Save it again as .xlsx").into()
}

/// The name a side goes by in reports: no path of this machine enters them.
fn shown(path: &str) -> String {
    let file = std::path::Path::new(path);
    match file.file_name() {
        Some(last) if file.is_absolute() => last.to_string_lossy().into_owned(),
        _ => named(path).to_string(),
    }
}
