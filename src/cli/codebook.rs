//! `demarche codebook`: is a codebook sound?

use std::io::{self, Write};

use clap::Subcommand;

use super::fault::{Fault, Outcome};
use super::flags::CODEBOOK;

/// Check a codebook
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Load a codebook and tell everything that is wrong with it, with file and line
    #[command(after_help = "Examples:\n  demarche codebook check\n  demarche codebook check my-codebooks/iran-talks")]
    Check {
        /// A name that comes with demarche, or a folder of your own
        #[arg(value_name = "NAME|DIR", default_value = CODEBOOK)]
        codebook: String,
    },
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let Command::Check { codebook: name } = args.command;
    let codebook = crate::codebook::load(&name)?;
    let line = format!(
        "{} {} ({}): {} parties, {} topics, no faults found\n",
        codebook.name,
        codebook.version,
        codebook.hash,
        codebook.parties.len(),
        codebook.topics.len()
    );
    io::stdout().lock().write_all(line.as_bytes()).map_err(Fault::output)?;
    Ok(Outcome::Done)
}
