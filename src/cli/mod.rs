//! The command line: arguments in, calls of the other modules, reports and exit codes out.
//!
//! One command is one file. Raw flags become typed options once (`flags`), before any work begins; errors are collected
//! as [`Problem`](crate::base::Problem)s and rendered here alone. Results go to standard output or files, everything
//! else to standard error.
//!
//! Exit codes: 0 success, 1 as `diff`, 2 usage or input at fault.

mod add;
mod batch;
mod build;
mod clock;
mod codebook;
mod config;
mod contradictions;
mod diff;
mod doctor;
mod eval;
mod explain;
mod export;
mod extract;
mod fault;
mod find;
mod flags;
mod gaps;
mod input;
mod ledger;
mod list;
mod matrix;
mod origin;
mod outputs;
mod progress;
mod report;
mod review;
mod shell;
mod terminal;
mod text;
mod timeline;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::document::worker;
use config::Config;
use fault::{Fault, Outcome};
use terminal::{ColorFlag, Show};

const EXAMPLES: &str = "\
Examples:
  demarche build                                the articles in seeds/ into output/
  demarche build news/ -o brief --as-of 2025-02-14
  demarche extract news/*.txt > statements.jsonl
  demarche matrix statements.jsonl              positions on the terminal
  demarche diff january.xlsx february.xlsx      who moved, and in which words
  demarche export markdown > positions.md       the matrix and its quotations, for a report
  demarche add news/                            what is new into a ledger that remembers
  demarche find guarantee --party russia        statements in it by their words
  demarche timeline russia ceasefire            what was said in order, and where it changed
  demarche review import positions.xlsx         your verdicts on the Evidence sheet into the ledger
  demarche explain 3f9c2a                       why a statement was coded as it was

Exit codes: 0 success, 1 when diff finds changes, 2 when a file could not be used (the rest is done all the same).";

/// Reads negotiation news, codes each party's stated positions, and lays them out in a matrix where every cell opens on
/// a verbatim quotation.
#[derive(Debug, Parser)]
#[command(name = "demarche", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    /// Tell warnings and errors only: no progress, notes or summaries
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    quiet: bool,
    /// Colours on the terminal; NO_COLOR turns them off too
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN", help_heading = "Everywhere")]
    color: ColorFlag,
    /// The project file, instead of the demarche.toml of this folder
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Args),
    Extract(extract::Args),
    Matrix(matrix::Args),
    Report(report::Args),
    Export(export::Args),
    Diff(diff::Args),
    Text(text::Args),
    Gaps(gaps::Args),
    Contradictions(contradictions::Args),
    Add(add::Args),
    Find(find::Args),
    Timeline(timeline::Args),
    Review(review::Args),
    Explain(explain::Args),
    Codebook(codebook::Args),
    Eval(eval::Args),
    Doctor(doctor::Args),
    Completions(shell::Completions),
    Man(shell::Man),
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

/// Runs the program with these arguments, the first being its own name.
pub fn run<I: IntoIterator<Item = OsString>>(args: I) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(own) =
        args.get(1..).filter(|own| own.first().is_some_and(|arg| worker::COMMANDS.iter().any(|c| arg == c)))
    {
        // The program itself calls these for files that may ask for anything; they are no commands of the user's.
        let served = worker::serve(own).map(|read| if read { Outcome::Done } else { Outcome::Faulty });
        return Outcome::exit(served.map_err(Fault::output));
    }
    let args = match completed(args) {
        Ok(args) => args,
        Err(fault) => return Outcome::exit(Err(fault)),
    };
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help goes to standard output and is a success; who closes the pipe early has read enough.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            error.print().ok();
            return ExitCode::from(code);
        }
    };
    terminal::show(Show { quiet: cli.quiet, color: cli.color });
    let outcome = match cli.command {
        Command::Build(args) => build::run(args),
        Command::Extract(args) => extract::run(args),
        Command::Matrix(args) => matrix::run(args),
        Command::Report(args) => report::run(args),
        Command::Export(args) => export::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Text(args) => text::run(args),
        Command::Gaps(args) => gaps::run(args),
        Command::Contradictions(args) => contradictions::run(args),
        Command::Add(args) => add::run(args),
        Command::Find(args) => find::run(args),
        Command::Timeline(args) => timeline::run(args),
        Command::Review(args) => review::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Codebook(args) => codebook::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Doctor(args) => doctor::run(&args, cli.config.as_deref(), &Cli::command()),
        Command::Completions(args) => shell::completions(&args, Cli::command()),
        Command::Man(args) => shell::man(&args, Cli::command()),
    };
    Outcome::exit(outcome)
}

/// Adds to the arguments what the project file says, if there is one.
fn completed(args: Vec<OsString>) -> Result<Vec<OsString>, Fault> {
    let named = args.iter().any(|arg| arg.to_string_lossy().starts_with("--config"));
    if !named && !Path::new(config::NAME).exists() {
        return Ok(args);
    }
    let commands = Cli::command();
    let lenient = commands.clone().ignore_errors(true).try_get_matches_from(&args);
    let named = lenient.ok().and_then(|given| given.get_one::<PathBuf>("config").cloned());
    let config = match Config::read(named.as_deref(), &commands) {
        // The doctor tells what is wrong with it among the rest.
        Err(_) if args.get(1).is_some_and(|arg| arg == "doctor") => None,
        read => read?,
    };
    config.map_or(Ok(args.clone()), |config| config.complete(args, &commands))
}
