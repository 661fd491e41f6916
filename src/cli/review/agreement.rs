//! `demarche review agreement`: how far reviewers agree, and where they do not.

use std::io::{self, Write};

use super::super::fault::{Fault, Outcome};
use super::super::flags::ReadForm;
use super::super::ledger::LedgerFlag;
use super::super::terminal::Colours;
use crate::export;
use crate::matrix::words;
use crate::review::{Agreement, agreement};

const EXAMPLES: &str = "\
Examples:
  demarche review agreement
  demarche review agreement --ledger talks.sqlite --format json

Of each reviewer the last verdict on a statement counts. Kappa is Cohen's, alpha Krippendorff's: 1 where two always agree, 0 where they
agree as often as chance would have it. Stances are compared where neither of the two rejects the statement.";

/// Compare reviewers who judged the same statements
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    ledger: LedgerFlag,
    /// What to write
    #[arg(long, value_enum, default_value = "text")]
    format: ReadForm,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome, Fault> {
    let ledger = args.ledger.read()?;
    let agreement = agreement(&args.ledger.judged(&ledger)?);
    let mut bytes = Vec::new();
    match args.format {
        ReadForm::Text => bytes = Colours::new().fit(&page(&agreement)).into_bytes(),
        ReadForm::Json => export::write_json(&mut bytes, &agreement).map_err(Fault::export)?,
    }
    io::stdout().lock().write_all(&bytes).map_err(Fault::output)?;
    Ok(Outcome::Done)
}

fn page(agreement: &Agreement) -> String {
    if agreement.pairs.is_empty() {
        return "No two reviewers judged the same statement.\n".to_string();
    }
    let figure = |f: Option<f64>| f.map_or_else(|| "-".to_string(), |f| format!("{f:.2}"));
    let mut out = String::new();
    for p in &agreement.pairs {
        out.push_str(&format!(
            "{} and {}\n  verdicts: {} statements, {} the same, kappa {}, alpha {}\n  stances:  {} statements, kappa {} (weighted), alpha {} (ordinal)\n",
            p.one, p.two, p.both, p.same, figure(p.kappa), figure(p.alpha), p.stances, figure(p.stance_kappa), figure(p.stance_alpha),
        ));
    }
    out.push_str(&format!("\nConflicts: {}\n", agreement.conflicts.len()));
    for c in &agreement.conflicts {
        out.push_str(&format!("  {} ({}, {})\n", words::quoted(&c.quote, 100), c.doc, c.statement));
        for (place, (name, said)) in c.said.iter().enumerate() {
            let holds = if place + 1 == c.said.len() { "   <- holds" } else { "" };
            out.push_str(&format!("    {name}: {said}{holds}\n"));
        }
    }
    out
}
