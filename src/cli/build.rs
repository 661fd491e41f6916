//! `demarche build`: documents into a workbook and CSV files.

use std::path::PathBuf;

use jiff::civil::Date;

use super::add::{Adding, told};
use super::clock::ClockFlags;
use super::fault::{Fault, Outcome, tell};
use super::flags::{BatchFlags, BatchOptions, CodebookFlags, CsvFlags, MatrixFlags, day};
use super::origin::{Loaded, Origin, Wanted};
use super::{batch, diff, outputs};
use crate::base::{Problem, Severity};
use crate::codebook::Codebook;
use crate::diff::Side;
use crate::document::LEFT_OUT;
use crate::document::copies::{self, Copies};
use crate::matrix::{self, MatrixOptions};
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
    #[command(flatten)]
    csv: CsvFlags,
    #[command(flatten)]
    counts: MatrixFlags,
    #[command(flatten)]
    clock: ClockFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let options = args.counts.resolve(&codebook)?;
    let (loaded, problems) = match args.ledger {
        Some(ledger) => {
            let (batch, at) = (args.batch.resolve(), args.clock.now()?);
            from_ledger(&Adding { ledger, paths: args.paths, recode: false, batch, at }, &codebook, &options)?
        }
        None => from_documents(&args.paths, &args.batch.resolve(), &codebook, &options)?,
    };
    let statements = &loaded.statements;
    let options = MatrixOptions { as_of: loaded.as_of, ..options };
    let matrix = matrix::positions(statements, &codebook, &options);
    let changes = args.changes_since.map(|day| {
        let before = diff::side_on(day, statements, &codebook, &options);
        crate::diff::compare(&before, &Side::of("", &matrix, statements), &codebook)
    });
    let unread: Vec<Problem> = problems.iter().filter(|p| is_unread(p)).cloned().collect();
    let report = Report {
        statements,
        codebook: &codebook,
        matrix: &matrix,
        sources: &loaded.sources,
        changes: changes.as_ref(),
        ledger: loaded.tie.as_ref(),
        problems: &unread,
    };
    outputs::write(&args.output, &report, args.csv.resolve())?;
    outputs::summary(&args.output, &report, &problems);
    Ok(Outcome::of(&problems))
}

/// Tells whether a problem is one of a document that did not get in.
fn is_unread(problem: &Problem) -> bool {
    problem.severity == Severity::Error || &*problem.what == LEFT_OUT
}

/// Codes documents; tells and returns the problems met on the way.
fn from_documents(
    paths: &[String],
    batch: &BatchOptions,
    codebook: &Codebook,
    options: &MatrixOptions,
) -> Result<(Loaded, Vec<Problem>), Fault> {
    let seeds = ["seeds".to_string()];
    let paths = if paths.is_empty() { &seeds } else { paths };
    let mut loaded = Loaded { statements: Vec::new(), sources: Vec::new(), as_of: options.as_of, tie: None };
    let mut copies = Copies::default();
    let problems = batch::each_document(
        paths,
        batch,
        |document| {
            let coded = statement::code(document, codebook);
            let sketch = copies::sketch(document, !coded.statements.is_empty());
            (Source::new(document, &coded), coded.statements, sketch)
        },
        |document, (source, coded, sketch)| {
            let copy_of = copies.of(document, sketch);
            // What is kept is put together anew: left among what threads allocate and free again, it would hold on to many times its room.
            loaded.sources.push(Source { copy_of: copy_of.clone(), ..source.clone() });
            loaded.statements.extend(coded.iter().map(|s| Statement { copy_of: copy_of.clone(), ..s.clone() }));
            Ok(())
        },
    )?;
    tell(&problems);
    if loaded.sources.is_empty() {
        let nothing = Problem::error("nothing was written").why("no document could be read");
        return Err(nothing.hint("Name files or folders with documents: .txt, .html, .docx, .eml and others").into());
    }
    Ok((loaded, problems))
}

/// Adds to a ledger and loads everything it holds, reviews applied; tells and returns the problems met on the way.
fn from_ledger(adding: &Adding, codebook: &Codebook, options: &MatrixOptions) -> Result<(Loaded, Vec<Problem>), Fault> {
    let (problems, tally) = adding.run(codebook, "build")?;
    tell(&problems);
    told(adding, tally, &problems);
    let loaded = Origin::Ledger(adding.ledger.clone(), None).load(codebook, Wanted::Workbook(options.as_of))?;
    if loaded.sources.is_empty() {
        let nothing = Problem::error("nothing was written").at(&adding.ledger).why("the ledger holds no document");
        return Err(nothing.hint("Name files or folders with documents: .txt, .html, .docx, .eml and others").into());
    }
    Ok((loaded, problems))
}
