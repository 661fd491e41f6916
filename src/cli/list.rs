//! Lists made from a matrix: what `gaps` and `contradictions` read, and the forms they write.

use std::io::{self, Write};

use clap::{Args, ValueEnum};

use super::fault::{Fault, Outcome, tell};
use super::flags::{CodebookFlags, LedgerFlags, MatrixFlags};
use super::input::Reader;
use super::origin::{Gathered, Origin};
use super::terminal::Colours;
use crate::base::Problem;
use crate::codebook::Codebook;
use crate::export::{self, Grid};
use crate::matrix::{Matrix, MatrixOptions};
use crate::statement::Statement;

/// What a list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// To be read on the terminal
    Table,
    /// One line an entry
    Csv,
    /// One JSON object
    Json,
    /// A table for a report
    Markdown,
}

/// What a list is made from, and its form.
#[derive(Debug, Clone, Args)]
pub(super) struct ListFlags {
    /// Statements (statements.jsonl, statements.csv or a workbook by demarche; - for standard input), or a ledger [default:
    /// output/statements.jsonl]
    #[arg(value_name = "FILE", conflicts_with = "ledger")]
    statements: Option<String>,
    #[command(flatten)]
    ledger: LedgerFlags,
    /// What to write
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    counts: MatrixFlags,
}

/// A matrix with the statements it points into.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) codebook: Codebook,
    pub(super) statements: Vec<Statement>,
    pub(super) matrix: Matrix,
    problems: Vec<Problem>,
    format: Form,
}

impl ListFlags {
    /// Reads all statements, and tells what of them could not be used.
    pub(super) fn statements(self) -> Result<Listing, Fault> {
        self.read(|reader, origin, options| reader.matrix_of_all(origin, options))
    }

    /// The same for lists that need only the positions: of a ledger those statements are kept that show one.
    pub(super) fn positions(self) -> Result<Listing, Fault> {
        self.read(|reader, origin, options| reader.matrix(origin, options))
    }

    fn read(
        self,
        lay_out: impl FnOnce(&mut Reader<'_>, &Origin, &MatrixOptions) -> Result<Gathered, Fault>,
    ) -> Result<Listing, Fault> {
        let codebook = self.codebook.load()?;
        let options = self.counts.resolve(&codebook)?;
        let origin = Origin::new(self.statements, self.ledger)?;
        let mut reader = Reader::new(&codebook);
        let (matrix, statements) = lay_out(&mut reader, &origin, &options)?;
        let problems = reader.problems;
        tell(&problems);
        Ok(Listing { codebook, statements, matrix, problems, format: self.format })
    }
}

impl Listing {
    /// Writes the list to standard output in the form that was asked for.
    pub(super) fn write(
        &self,
        page: impl FnOnce() -> String,
        rows: impl FnOnce() -> Grid,
        json: impl FnOnce(&mut Vec<u8>) -> Result<(), export::Error>,
    ) -> Result<Outcome, Fault> {
        let mut out = Vec::new();
        match self.format {
            Form::Table => {
                out = Colours::new().fit(&page()).into_bytes();
                Ok(())
            }
            Form::Csv => rows().write_csv(&mut out, export::Options::default()),
            Form::Markdown => rows().write_markdown(&mut out),
            Form::Json => json(&mut out),
        }
        .map_err(Fault::export)?;
        io::stdout().lock().write_all(&out).map_err(Fault::output)?;
        Ok(Outcome::of(&self.problems))
    }
}
