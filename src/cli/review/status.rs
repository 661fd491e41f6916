//! `demarche review status`: what was judged by whom, and what was not.

use std::collections::BTreeMap;

use super::super::fault::{Fault, Outcome};
use super::super::ledger::{LedgerFlag, failed};
use super::super::terminal;
use crate::ledger::{Selection, Verdict};
use crate::matrix::words;
use crate::review::{Counts, counts};
use crate::statement::Statement;

const EXAMPLES: &str = "\
Examples:
  demarche review status
  demarche review status --ledger talks.sqlite";

/// Count verdicts by kind and reviewer, and what has none
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    ledger: LedgerFlag,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome, Fault> {
    let ledger = args.ledger.read()?;
    let judged = args.ledger.judged(&ledger)?;
    let counting = Selection { counting: true, ..Selection::default() };
    let (mut all, mut open, mut counted, mut unsure) = (0usize, 0usize, 0usize, 0usize);
    let count = |statements: &[Statement]| {
        all += statements.len();
        for statement in statements.iter().filter(|s| s.review.is_none()) {
            open += 1;
            counted += usize::from(counting.takes(statement));
            unsure += usize::from(statement.confidence < 0.5);
        }
    };
    ledger.each_document(&Selection::default(), count).map_err(failed(&args.ledger.ledger))?;
    let counts = counts(&judged);
    let mut out = format!(
        "{all} statements: {} reviewed, {open} not ({counted} of them may count for a position, {unsure} have a confidence below 0.5)\n",
        all - open,
    );
    out.push_str(&table(&counts));
    if counts.superseded > 0 {
        out.push_str(&format!("{} verdicts were replaced by later ones\n", counts.superseded));
    }
    if !counts.lost.is_empty() {
        out.push_str(&format!(
            "{} verdicts lost their statement when documents were coded again:\n",
            counts.lost.len()
        ));
    }
    for (review, _) in counts.lost.iter().filter_map(|place| judged.get(*place)) {
        let quote = words::quoted(&review.given.quote, 80);
        out.push_str(&format!("  {}, {}: {quote}\n", review.words(), review.given.doc));
    }
    terminal::print(&out)?;
    Ok(Outcome::Done)
}

/// A line a reviewer, a column a verdict.
fn table(counts: &Counts) -> String {
    if counts.by_verdict.is_empty() {
        return "No verdict holds.\n".to_string();
    }
    let verdicts = [Verdict::Accept, Verdict::Reject, Verdict::Correct, Verdict::Add];
    let line = |name: &str, of: &BTreeMap<Verdict, usize>| {
        let each = verdicts.map(|v| format!("{:>9}", of.get(&v).copied().unwrap_or(0)));
        format!("{name:<24}{}\n", each.concat())
    };
    let heads = verdicts.map(|v| format!("{:>9}", v.name())).concat();
    let mut out = format!("{:<24}{heads}\n", "");
    for (name, of) in &counts.by_reviewer {
        out.push_str(&line(if name.is_empty() { "(no name)" } else { name }, of));
    }
    if counts.by_reviewer.len() > 1 {
        out.push_str(&line("all", &counts.by_verdict));
    }
    out
}
