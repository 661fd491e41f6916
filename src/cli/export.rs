//! `demarche export`: positions and their statements in the forms of other programs.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;

use super::fault::{Fault, Outcome, tell};
use super::flags::{CodebookFlags, LedgerFlags, MatrixFlags};
use super::input::Reader;
use super::origin::{Loaded, Origin, Wanted};
use crate::base::{Problem, file};
use crate::codebook::Codebook;
use crate::export::{self, Findings};
use crate::matrix::{self, MatrixOptions};

const EXAMPLES: &str = "\
Examples:
  demarche export markdown > positions.md                 the matrix, and the quotations behind it
  demarche export markdown brief.xlsx -o positions.md     the same of a workbook by demarche

Only statements that count towards a position are written. docs/files.md tells what stands in each file.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A table for a report, with the statements in a list under it
    Markdown,
}

/// Write positions and their statements for other programs
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// What to write
    #[arg(value_enum, value_name = "FORMAT")]
    format: Form,
    /// Statements: statements.jsonl, statements.csv, a workbook by demarche or a ledger; - for standard input [default: output/statements.jsonl]
    #[arg(value_name = "FILE", conflicts_with = "ledger")]
    statements: Option<String>,
    #[command(flatten)]
    ledger: LedgerFlags,
    /// File to write; - for standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    counts: MatrixFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let options = args.counts.clone().resolve(&codebook)?;
    let origin = Origin::new(args.statements.clone(), args.ledger.clone())?;
    let (loaded, problems) = load(&origin, &codebook, &options)?;
    let options = MatrixOptions { as_of: loaded.as_of, ..options };
    let matrix = matrix::positions(&loaded.statements, &codebook, &options);
    let findings = Findings { matrix: &matrix, statements: &loaded.statements, codebook: &codebook };
    let mut bytes = Vec::new();
    match args.format {
        Form::Markdown => export::write_markdown(&mut bytes, findings),
    }
    .map_err(|e| args.unmade(e))?;
    tell(&problems);
    args.write(&bytes)?;
    Ok(Outcome::of(&problems))
}

impl Args {
    fn is_piped(&self) -> bool {
        self.output.as_os_str() == "-"
    }

    fn unmade(&self, error: export::Error) -> Problem {
        Problem::error("cannot make the file").at(&self.output).why(error)
    }

    fn write(&self, bytes: &[u8]) -> Result<(), Fault> {
        if self.is_piped() {
            return io::stdout().lock().write_all(bytes).map_err(Fault::output);
        }
        file::write_atomic(&self.output, bytes).map_err(|e| e.problem(&self.output).into())
    }
}

/// Loads all statements, of whatever kind of file; the second are problems, not yet told.
fn load(origin: &Origin, codebook: &Codebook, options: &MatrixOptions) -> Result<(Loaded, Vec<Problem>), Fault> {
    match origin {
        Origin::Lines(path) => {
            let mut reader = Reader::new(codebook);
            let statements = reader.statements(path)?;
            let loaded = Loaded { statements, sources: Vec::new(), as_of: options.as_of, tie: None };
            Ok((loaded, reader.problems))
        }
        Origin::Ledger(..) => Ok((origin.load(codebook, Wanted::Matrix(options, true))?, Vec::new())),
    }
}
