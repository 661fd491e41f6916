//! `demarche review`: what analysts say of statements, from a workbook into the ledger and out again.

mod agreement;
mod export;
mod import;
mod status;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::add::migrated;
use super::fault::{Fault, Outcome, tell};
use super::flags::LEDGER;
use crate::ledger::{Error, Known, Ledger, Review};

/// Take verdicts from a workbook into a ledger, count, compare and export them
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Import(import::Args),
    Status(status::Args),
    Export(export::Args),
    Agreement(agreement::Args),
}

/// Which ledger.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct LedgerFlag {
    /// The ledger
    #[arg(long, value_name = "FILE", default_value = LEDGER)]
    pub(super) ledger: PathBuf,
}

impl LedgerFlag {
    /// Opens the ledger.
    pub(super) fn open(&self) -> Result<Ledger, Fault> {
        let ledger = Ledger::open(&self.ledger).map_err(failed(&self.ledger))?;
        tell(&Vec::from_iter(migrated(&ledger, &self.ledger)));
        Ok(ledger)
    }

    /// Reads all reviews in the order they came in, each with the id of the statement it holds for.
    pub(super) fn judged(&self, ledger: &Ledger) -> Result<Vec<(Review, Option<String>)>, Fault> {
        ledger.judged(Known::Now).map_err(failed(&self.ledger))
    }
}

/// Turns an error of the ledger into a fault.
pub(super) fn failed(path: &Path) -> impl Fn(Error) -> Fault {
    move |e| Fault::from(e.problem(path))
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    match args.command {
        Command::Import(args) => import::run(args),
        Command::Status(args) => status::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Agreement(args) => agreement::run(&args),
    }
}
