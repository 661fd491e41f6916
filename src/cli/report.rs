//! `demarche report`: the page to send to a colleague.

use std::io::{self, Write};
use std::path::PathBuf;

use super::fault::{Fault, Outcome};
use super::flags::{CodebookFlags, LedgerFlags, RuleFlag};
use super::origin::{Origin, Wanted};
use crate::base::{Problem, file};
use crate::report::{self, Page};

const EXAMPLES: &str = "\
Examples:
  demarche report                                     output/statements.jsonl into output/report.html
  demarche report statements.jsonl -o brief.html --title 'Talks on Ukraine, week 7'
  demarche report talks.sqlite --known-on 2025-02-14  what the ledger held on that day
  demarche extract news/ | demarche report - -o -     to standard output

The page is one file: it opens from disk or out of a mail, loads nothing from the network, and runs no script but its own.";

/// Write a page with the matrix, its evidence and its changes
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Statements as JSON Lines, or a ledger; - for statements on standard input
    #[arg(value_name = "FILE", conflicts_with = "ledger")]
    statements: Option<String>,
    #[command(flatten)]
    ledger: LedgerFlags,
    /// File to write; - for standard output
    #[arg(short, long, value_name = "FILE", default_value = "output/report.html")]
    output: PathBuf,
    /// Title of the page; the codebook's where none is given
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// How statements become positions when the page opens
    #[arg(long, value_enum, default_value = "latest", value_name = "RULE")]
    rule: RuleFlag,
    #[command(flatten)]
    codebook: CodebookFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let origin = Origin::new(args.statements, args.ledger)?;
    let statements = origin.load(&codebook, Wanted::All(None))?.statements;
    let title = args.title.unwrap_or_else(|| codebook.title.clone());
    let page = Page { title: &title, statements: &statements, codebook: &codebook, rule: args.rule.resolve() };
    let mut bytes = Vec::new();
    report::write(&mut bytes, &page).map_err(|e| Problem::error("cannot make the page").at(&args.output).why(e))?;
    if args.output.as_os_str() == "-" {
        io::stdout().lock().write_all(&bytes).map_err(Fault::output)?;
        return Ok(Outcome::Done);
    }
    file::write_atomic(&args.output, &bytes).map_err(|e| e.problem(&args.output))?;
    Ok(Outcome::Done)
}
