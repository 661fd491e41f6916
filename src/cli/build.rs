//! `demarche build`: documents into a workbook and CSV files.

use std::path::PathBuf;

use jiff::civil::Date;

use super::fault::{Fault, Outcome, tell};
use super::flags::{BatchFlags, CodebookFlags, MatrixFlags, day};
use super::{batch, diff, outputs};
use crate::base::{Problem, Severity};
use crate::diff::Side;
use crate::export;
use crate::matrix;
use crate::statement::{self, Statement};
use crate::workbook::{Report, Source};

const EXAMPLES: &str = "\
Examples:
  demarche build                                   seeds/ into output/
  demarche build news/ reports/*.md -o brief       folders, files and patterns
  demarche build news/ --as-of 2025-02-14 --since 2025-01-20
  cat corpus.jsonl | demarche build - -o brief     documents as JSON Lines
  demarche build news/ --changes-since 2025-02-12  a sheet of what changed since then
  demarche build news/ --rule majority --min-confidence 0.6

Writes positions.xlsx, matrix.csv, positions.csv, statements.csv and statements.jsonl.";

/// Turn documents into a positions workbook and CSV files
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Files, folders and patterns; - for documents as JSON Lines on standard input
    #[arg(value_name = "PATHS", default_value = "seeds")]
    paths: Vec<String>,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR", default_value = "output")]
    output: PathBuf,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    batch: BatchFlags,
    /// Add a sheet Changes to the workbook: what changed since the positions as of this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    changes_since: Option<Date>,
    /// Put an apostrophe before CSV values that a spreadsheet would run as a formula
    #[arg(long)]
    guard_formulas: bool,
    #[command(flatten)]
    counts: MatrixFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let options = args.counts.resolve(&codebook)?;
    let mut statements: Vec<Statement> = Vec::new();
    let mut sources: Vec<Source> = Vec::new();
    let problems = batch::each(
        &args.paths,
        args.batch.resolve(),
        |document| {
            let coded = statement::code(document, &codebook);
            (Source::new(document, &coded), coded.statements)
        },
        |(source, coded)| {
            sources.push(source);
            statements.extend(coded);
            Ok(())
        },
    )?;
    tell(&problems);
    if sources.is_empty() {
        let nothing = Problem::error("nothing was written")
            .why("no document could be read")
            .hint("Name files or folders with .txt or .md documents");
        return Err(nothing.into());
    }
    let matrix = matrix::positions(&statements, &codebook, &options);
    let unread: Vec<String> =
        problems.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect();
    let changes = args.changes_since.map(|day| {
        let before = diff::side_on(day, None, &statements, &codebook, &options);
        let now = Side::of("", &matrix, &statements);
        crate::diff::compare(&before, &now, &codebook)
    });
    let report = Report {
        statements: &statements,
        codebook: &codebook,
        matrix: &matrix,
        sources: &sources,
        changes: changes.as_ref(),
        problems: &unread,
    };
    outputs::write(&args.output, &report, export::Options { guard_formulas: args.guard_formulas })?;
    outputs::summary(&args.output, &report, &problems);
    Ok(Outcome::of(&problems))
}
