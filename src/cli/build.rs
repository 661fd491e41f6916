//! `demarche build`: documents into a workbook and CSV files.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::add::{Adding, told};
use super::clock::ClockFlags;
use super::fault::{Fault, Outcome, tell};
use super::flags::{BatchFlags, CodebookFlags, MatrixFlags, day};
use super::origin::{Origin, Wanted};
use super::{batch, diff, outputs};
use crate::base::{Problem, Severity};
use crate::codebook::Codebook;
use crate::diff::{Diff, Side};
use crate::export;
use crate::matrix::{self, Matrix, MatrixOptions};
use crate::statement::{self, Statement};
use crate::workbook::{Report, Source};

const EXAMPLES: &str = "\
Examples:
  demarche build                                   seeds/ into output/
  demarche build news/ reports/*.md -o brief       folders, files and patterns
  demarche build news/ --as-of 2025-02-14 --since 2025-01-20
  cat corpus.jsonl | demarche build - -o brief     documents as JSON Lines
  demarche build news/ --changes-since 2025-02-12  a sheet of what changed since then
  demarche build news/ --ledger talks.sqlite       what is new into a ledger, and all of the ledger into files
  demarche build news/ --rule majority --min-confidence 0.6

Writes positions.xlsx, matrix.csv, positions.csv, statements.csv and statements.jsonl.";

/// Turn documents into a positions workbook and CSV files
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Files, folders and patterns; - for documents as JSON Lines on standard input [default: seeds, or with --ledger nothing]
    #[arg(value_name = "PATHS")]
    paths: Vec<String>,
    /// Add the documents to this ledger first, and build from all that it holds
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
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
    #[command(flatten)]
    clock: ClockFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let options = args.counts.resolve(&codebook)?;
    let guard = export::Options { guard_formulas: args.guard_formulas };
    if let Some(ledger) = args.ledger {
        let at = args.clock.now()?;
        let adding = Adding { ledger, paths: args.paths, recode: false, batch: args.batch.resolve(), at };
        return from_ledger(&adding, &codebook, options, (&args.output, args.changes_since), guard);
    }
    let paths = if args.paths.is_empty() { vec!["seeds".to_string()] } else { args.paths };
    let mut statements: Vec<Statement> = Vec::new();
    let mut sources: Vec<Source> = Vec::new();
    let problems = batch::each(
        &paths,
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
    let unread = unread(&problems);
    let changes = changes(args.changes_since, &matrix, &statements, &codebook, &options);
    let report = Report {
        statements: &statements,
        codebook: &codebook,
        matrix: &matrix,
        sources: &sources,
        changes: changes.as_ref(),
        ledger: None,
        problems: &unread,
    };
    outputs::write(&args.output, &report, guard)?;
    outputs::summary(&args.output, &report, &problems);
    Ok(Outcome::of(&problems))
}

/// What has changed since a day, where one is given.
fn changes(
    since: Option<Date>,
    matrix: &Matrix,
    statements: &[Statement],
    codebook: &Codebook,
    options: &MatrixOptions,
) -> Option<Diff> {
    since.map(|day| {
        let before = diff::side_on(day, statements, codebook, options);
        crate::diff::compare(&before, &Side::of("", matrix, statements), codebook)
    })
}

/// What could not be read, each in a sentence.
fn unread(problems: &[Problem]) -> Vec<String> {
    problems.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect()
}

/// Adds to a ledger, and builds from everything it holds, reviews applied.
fn from_ledger(
    adding: &Adding,
    codebook: &Codebook,
    options: MatrixOptions,
    (output, since): (&Path, Option<Date>),
    guard: export::Options,
) -> Result<Outcome, Fault> {
    let (problems, tally) = adding.run(codebook, "build")?;
    tell(&problems);
    told(adding, tally, &problems);
    let origin = Origin::Ledger(adding.ledger.clone(), None);
    let loaded = origin.load(codebook, Wanted::All(options.as_of))?;
    let (statements, sources) = (loaded.statements, loaded.sources);
    if sources.is_empty() {
        let nothing = Problem::error("nothing was written").at(&adding.ledger).why("the ledger holds no document");
        return Err(nothing.hint("Name files or folders with .txt or .md documents").into());
    }
    let options = MatrixOptions { as_of: loaded.as_of, ..options };
    let matrix = matrix::positions(&statements, codebook, &options);
    let changes = changes(since, &matrix, &statements, codebook, &options);
    let unread = unread(&problems);
    let report = Report {
        statements: &statements,
        codebook,
        matrix: &matrix,
        sources: &sources,
        changes: changes.as_ref(),
        ledger: loaded.tie.as_ref(),
        problems: &unread,
    };
    outputs::write(output, &report, guard)?;
    outputs::summary(output, &report, &problems);
    Ok(Outcome::of(&problems))
}
