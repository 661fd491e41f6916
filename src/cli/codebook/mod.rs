//! `demarche codebook`: is a codebook sound, what does it miss, and a folder to begin with.

mod check;
mod gaps;
mod scaffold;
mod suggest;

use clap::Subcommand;

use super::fault::{Fault, Outcome};

/// Check a codebook, find what it misses, begin a new one
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Gaps(gaps::Args),
    New(scaffold::Args),
    Suggest(suggest::Args),
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    match args.command {
        Command::Check(args) => check::run(args),
        Command::Gaps(args) => gaps::run(args),
        Command::New(args) => scaffold::run(args),
        Command::Suggest(args) => suggest::run(&args),
    }
}
