//! `demarche completions` and `demarche man`: what shells and manuals are told of the commands.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap_complete::Shell;

use super::fault::{Fault, Outcome};
use crate::base::{Problem, file};

const COMPLETIONS: &str = "\
Examples:
  demarche completions bash > ~/.local/share/bash-completion/completions/demarche
  demarche completions zsh > ~/.zfunc/_demarche
  demarche completions fish > ~/.config/fish/completions/demarche.fish";

/// Write a script by which a shell completes commands and flags
#[derive(Debug, clap::Args)]
#[command(after_help = COMPLETIONS)]
pub(super) struct Completions {
    /// Which shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// Runs `completions`.
pub(super) fn completions(args: &Completions, mut commands: clap::Command) -> Result<Outcome, Fault> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut commands, "demarche", &mut script);
    io::stdout().lock().write_all(&script).map_err(Fault::output)?;
    Ok(Outcome::Done)
}

const MAN: &str = "\
Examples:
  demarche man ~/.local/share/man/man1          then: man demarche-build
  demarche man man/ && man man/demarche.1";

/// Write manual pages, one for each command
#[derive(Debug, clap::Args)]
#[command(after_help = MAN)]
pub(super) struct Man {
    /// Folder to write to
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Runs `man`.
pub(super) fn man(args: &Man, mut commands: clap::Command) -> Result<Outcome, Fault> {
    commands.build();
    page(&args.folder, "demarche", &commands)?;
    Ok(Outcome::Done)
}

/// Writes the page of a command and those of the commands below it.
fn page(folder: &Path, name: &str, command: &clap::Command) -> Result<(), Fault> {
    let path = folder.join(format!("{name}.1"));
    let fault = |e: io::Error| Fault::from(Problem::error("cannot write the manual page").at(&path).why(e));
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text).map_err(fault)?;
    std::fs::create_dir_all(folder).map_err(fault)?;
    let written = file::write_atomic(&path, &text);
    written.map_err(|e| Problem::error("cannot write the manual page").at(&path).why(e))?;
    for command in command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
        page(folder, &format!("{name}-{}", command.get_name()), command)?;
    }
    Ok(())
}
