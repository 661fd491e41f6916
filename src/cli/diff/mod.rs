//! `demarche diff`: what changed between two sets of positions.

mod page;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use jiff::civil::Date;

use super::fault::{Fault, Outcome, tell};
use super::flags::{CodebookFlags, CsvFlags, LedgerFlags, MatrixFlags, day};
use super::input::Reader;
use super::origin::{Origin, Stored};
use super::terminal::{self, Colours};
use crate::base::{Problem, Severity, file};
use crate::codebook::Codebook;
use crate::diff::{self, Diff, Side};
use crate::export::changes;
use crate::matrix::{self, MatrixOptions};
use crate::statement::Statement;
use crate::workbook;

const EXAMPLES: &str = "\
Examples:
  demarche diff january.xlsx february.xlsx
  demarche diff brief-by-hand.xlsx output/positions.xlsx
  demarche diff output/statements.jsonl --from 2025-01-31 --to 2025-02-28
  demarche diff output/statements.jsonl --from 2025-02-12 --window 90d
  demarche diff --ledger talks.sqlite --from 2025-02-12 --known-on 2025-02-28
  demarche diff old.csv new.csv --format markdown > changes.md
  demarche diff old.xlsx new.xlsx --format xlsx -o changes.xlsx

Reads workbooks and CSV files with parties and topics, by demarche or by hand, statements.jsonl and statements.csv;
docs/diff.md tells how they may look. What counts is for statements; positions in a table are taken as they stand.

Exit codes: 0 nothing changed, 1 something changed, 2 something could not be read.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// To be read on the terminal
    Text,
    /// A table for a report
    Markdown,
    /// One line a change
    Csv,
    /// One JSON object
    Json,
    /// The highlighter form of daff: a matrix with the changes in its cells
    Daff,
    /// A workbook, which -o names
    Xlsx,
}

/// Show what changed between two sets of positions
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Positions before, or with --from the statements or the ledger to compare at two dates; - for standard input [default
    /// with --from: output/ledger.sqlite, else output/statements.jsonl]
    #[arg(value_name = "OLD", required_unless_present = "from", conflicts_with = "ledger")]
    old: Option<String>,
    /// Positions after
    #[arg(value_name = "NEW", conflicts_with_all = ["from", "known_on"], required_unless_present = "from")]
    new: Option<String>,
    #[command(flatten)]
    ledger: LedgerFlags,
    /// Compare the positions of the same statements: as of this day ...
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Date>,
    /// ... and as of this day [default: the day of the latest statement]
    #[arg(long, value_name = "DATE", value_parser = day, requires = "from")]
    to: Option<Date>,
    /// What to write
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE", required_if_eq("format", "xlsx"))]
    output: Option<PathBuf>,
    /// List what stayed the same, too
    #[arg(long)]
    all: bool,
    /// Compare nothing where a party, a topic or a stance is unknown
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    csv: CsvFlags,
    #[command(flatten)]
    counts: MatrixFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let options = args.counts.clone().resolve(&codebook)?;
    if (args.old.as_deref(), args.new.as_deref()) == (Some("-"), Some("-")) {
        let problem = Problem::error("cannot read both sides from standard input").why("- stands for OLD and for NEW");
        return Err(problem.hint("Name a file for one of them").into());
    }
    let mut reader = Reader::new(&codebook);
    let (old, new) = match (&args.old, &args.new, args.from) {
        (Some(old), Some(new), _) => (reader.side(old, &options)?, reader.side(new, &options)?),
        (old, _, Some(from)) => {
            let dates = Dates { from, to: args.to };
            match Origin::usual(old.clone(), args.ledger.clone())? {
                Origin::Ledger(path, known_on) => {
                    dates.of_ledger(&Stored::open(&path, known_on, &codebook)?, &codebook, &options)?
                }
                Origin::Lines(path) => dates.of(&reader.statements(&path)?, &codebook, &options)?,
            }
        }
        _ => {
            let problem = Problem::error("nothing to compare with").why("one input and no dates were given");
            return Err(problem.hint("Name a second file, or two dates with --from and --to").into());
        }
    };
    let at_fault = |p: &Problem| p.severity != Severity::Note;
    if args.strict && reader.problems.iter().any(at_fault) {
        return Err(reader.problems.into());
    }
    tell(&reader.problems);
    let found = diff::compare(&old, &new, &codebook);
    let bytes = made(&args, &found, (&old, &new), &codebook)?;
    match &args.output {
        Some(path) => file::write_atomic(path, &bytes).map_err(|e| Fault::from(e.problem(path)))?,
        None => io::stdout().lock().write_all(&bytes).map_err(Fault::output)?,
    }
    Ok(match Outcome::of(&reader.problems) {
        Outcome::Done if !found.is_same() => Outcome::Changed,
        outcome => outcome,
    })
}

fn made(args: &Args, found: &Diff, sides: (&Side, &Side), codebook: &Codebook) -> Result<Vec<u8>, Fault> {
    let options = args.csv.resolve();
    let mut bytes = Vec::new();
    let told = match args.format {
        Form::Text => {
            let colours = if args.output.is_some() { Colours::none() } else { Colours::new() };
            let text = page::page(found, codebook, args.all, usize::from(terminal::width()), colours);
            bytes = colours.fit(&text).into_bytes();
            Ok(())
        }
        Form::Markdown => changes::write_markdown(&mut bytes, found, codebook, args.all),
        Form::Csv => changes::write_csv(&mut bytes, found, codebook, args.all, options),
        Form::Json => changes::write_json(&mut bytes, found, codebook, args.all),
        Form::Daff => changes::write_daff(&mut bytes, sides.0, sides.1, codebook, options),
        Form::Xlsx => {
            bytes = workbook::changes_to_bytes(found, codebook)
                .map_err(|e| Fault::from(Problem::error("cannot make the workbook").why(e)))?;
            Ok(())
        }
    };
    told.map_err(Fault::export)?;
    Ok(bytes)
}

/// Two days of one set of statements.
#[derive(Debug, Clone, Copy)]
struct Dates {
    from: Date,
    to: Option<Date>,
}

impl Dates {
    /// The second of the two days, the latest where none is named.
    fn last(self, latest: Option<Date>, options: &MatrixOptions) -> Result<Date, Fault> {
        let wrong =
            |why: String, hint: &str| Fault::from(Problem::error("cannot compare two dates").why(why).hint(hint));
        if options.as_of.is_some() {
            return Err(wrong("--as-of is given as well".into(), "--from and --to are the two days; leave it out"));
        }
        let Some(to) = self.to.or(latest) else {
            return Err(wrong("no statement has a date".into(), "Give the documents dates in sources.csv"));
        };
        if to < self.from {
            return Err(wrong(format!("{to} is before {}", self.from), "Give --to a later day than --from"));
        }
        Ok(to)
    }

    fn of(self, statements: &[Statement], codebook: &Codebook, options: &MatrixOptions) -> Result<(Side, Side), Fault> {
        let to = self.last(statements.iter().filter_map(Statement::day).max(), options)?;
        let side = |day: Date| side_on(day, statements, codebook, options);
        Ok((side(self.from), side(to)))
    }

    fn of_ledger(
        self,
        stored: &Stored<'_>,
        codebook: &Codebook,
        options: &MatrixOptions,
    ) -> Result<(Side, Side), Fault> {
        let to = self.last(stored.last_day()?, options)?;
        let matrices = stored.matrices(codebook, options, [Some(self.from), Some(to)])?;
        let [old, new] = matrices.map(|(matrix, statements)| Side::of("", &matrix, &statements));
        Ok((old, new))
    }
}

/// The positions as of a day, of the window up to it where one is asked for.
pub(super) fn side_on(day: Date, statements: &[Statement], codebook: &Codebook, options: &MatrixOptions) -> Side {
    let options = MatrixOptions { as_of: Some(day), ..options.clone() };
    let matrix = matrix::positions(statements, codebook, &options);
    Side::of(String::new(), &matrix, statements)
}
