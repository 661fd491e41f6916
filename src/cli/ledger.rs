//! The ledger that a command names: opened, an earlier form of it told, its errors with the path.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;

use super::fault::{Fault, tell};
use super::flags::LEDGER;
use crate::base::Problem;
use crate::codebook::Codebook;
use crate::ledger::{Error, Known, Ledger, Review, Run};

/// Which ledger.
#[derive(Debug, Clone, Args)]
pub(super) struct LedgerFlag {
    /// The ledger
    #[arg(long, value_name = "FILE", default_value = LEDGER)]
    pub(super) ledger: PathBuf,
}

impl LedgerFlag {
    /// Opens the ledger to write to it.
    pub(super) fn open(&self) -> Result<Ledger, Fault> {
        open(&self.ledger)
    }

    /// Opens the ledger to read it as it is at this moment, whatever others write meanwhile: most answers take several questions.
    pub(super) fn read(&self) -> Result<Ledger, Fault> {
        let ledger = self.open()?;
        ledger.hold().map_err(failed(&self.ledger))?;
        Ok(ledger)
    }

    /// Reads all reviews in the order they came in, each with the id of the statement it holds for.
    pub(super) fn judged(&self, ledger: &Ledger) -> Result<Vec<(Review, Option<String>)>, Fault> {
        ledger.judged(Known::Now).map_err(failed(&self.ledger))
    }
}

/// Opens a ledger that is there.
pub(super) fn open(path: &Path) -> Result<Ledger, Fault> {
    let ledger = Ledger::open(path).map_err(failed(path))?;
    tell(&Vec::from_iter(migrated(&ledger, path)));
    Ok(ledger)
}

/// Turns an error of the ledger into a fault.
pub(super) fn failed(path: &Path) -> impl Fn(Error) -> Fault + Copy {
    move |e| Fault::from(e.problem(path))
}

/// A note on a ledger that an earlier program made.
pub(super) fn migrated(ledger: &Ledger, path: &Path) -> Option<Problem> {
    let before = ledger.migrated()?;
    let why = format!("it had schema {before}; all of its contents are kept");
    Some(Problem::note("the ledger was brought to the present form").at(path).why(why))
}

/// A run of this program.
pub(super) fn run(command: &str, codebook: &Codebook, at: Timestamp, options: String) -> Run {
    Run {
        at,
        command: command.to_string(),
        engine: env!("CARGO_PKG_VERSION").to_string(),
        codebook: codebook.name.clone(),
        codebook_hash: codebook.hash.clone(),
        options,
    }
}
