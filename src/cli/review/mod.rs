//! `demarche review`: what analysts say of statements, from a workbook into the ledger and out again.

mod agreement;
mod export;
mod import;
mod status;

use clap::Subcommand;

use super::fault::{Fault, Outcome};

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

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    match args.command {
        Command::Import(args) => import::run(args),
        Command::Status(args) => status::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Agreement(args) => agreement::run(&args),
    }
}
