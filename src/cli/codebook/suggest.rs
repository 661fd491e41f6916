//! `demarche codebook suggest`: lines for the codebook, from corrections that come again.

use super::super::fault::{Fault, Outcome};
use super::super::flags::CodebookFlags;
use super::super::ledger::{LedgerFlag, failed};
use super::super::terminal;
use crate::ledger::Selection;
use crate::review::{Suggestion, suggest};

const EXAMPLES: &str = "\
Examples:
  demarche codebook suggest
  demarche codebook suggest --ledger talks.sqlite --codebook my-codebook/

Three rejected statements with the same wording make a line for ignore, words that two added statements of a topic share a line
for its wording, and a speaker given to the same party twice lines for people.csv and roles.csv. Nothing is changed: paste what
is right, and run demarche codebook check.";

/// Propose lines for the codebook from corrections that come again
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    ledger: LedgerFlag,
    #[command(flatten)]
    codebook: CodebookFlags,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let ledger = args.ledger.read()?;
    let judged = args.ledger.judged(&ledger)?;
    let whole = Selection { whole: true, ..Selection::default() };
    let statements = ledger.statements(&whole).map_err(failed(&args.ledger.ledger))?;
    let statements = statements.into_iter().map(|s| (s.id.clone(), s)).collect();
    let page = page(&suggest(&judged, &statements, &codebook));
    terminal::print(&page)?;
    Ok(Outcome::Done)
}

fn page(suggestions: &[Suggestion]) -> String {
    if suggestions.is_empty() {
        return "# No correction came often enough to propose a line.\n".to_string();
    }
    let block = |s: &Suggestion| {
        let reasons: String = s.reasons.iter().map(|r| format!("# {r}\n")).collect();
        format!("# {}\n{reasons}{}\n", s.file, s.lines.join("\n"))
    };
    suggestions.iter().map(block).collect::<Vec<_>>().join("\n")
}
