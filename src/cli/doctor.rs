//! `demarche doctor`: whether all that the program works with is there and sound.

use std::path::Path;

use super::config::{Config, NAME};
use super::fault::{Fault, Outcome};
use super::flags::{CodebookFlags, LEDGER};
use super::ledger::failed;
use super::terminal;
use crate::codebook::Codebook;
use crate::document::worker;
use crate::ledger::{Ledger, VERSION};

const EXAMPLES: &str = "\
Examples:
  demarche doctor
  demarche doctor --codebook my-codebook/ --ledger talks.sqlite

Reads and changes nothing, save that a ledger of an earlier form is brought to the present one. Exit code 2 where something is at fault.";

/// Tell what is installed, which codebook is in use, and whether the ledger is healthy
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    codebook: CodebookFlags,
    /// The ledger to look at [default: the usual one, where it is there]
    #[arg(long, value_name = "FILE")]
    ledger: Option<std::path::PathBuf>,
}

/// One finding: what was looked at, whether it is sound, and what was seen.
struct Line(&'static str, bool, String);

/// Runs the command.
pub(super) fn run(args: &Args, project: Option<&Path>, commands: &clap::Command) -> Result<Outcome, Fault> {
    let mut lines = vec![Line("program", true, program())];
    lines.push(match worker::check(super::flags::program()) {
        Ok(()) => Line("PDF files", true, "are read, each in a process of its own".to_string()),
        Err(why) => Line("PDF files", false, format!("cannot be read: {why}")),
    });
    lines.push(match Config::read(project, commands) {
        Ok(Some(config)) => Line("project file", true, config.path().display().to_string()),
        Ok(None) => Line("project file", true, format!("none ({NAME} is not in this folder)")),
        Err(fault) => Line("project file", false, first(fault)),
    });
    let codebook = args.codebook.load();
    lines.push(match &codebook {
        Ok(book) => Line("codebook", true, described(book)),
        Err(Fault::Problems(problems)) => {
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            Line("codebook", false, format!("{} faults, the first: {first}", problems.len()))
        }
        Err(Fault::BrokenPipe) => return Err(Fault::BrokenPipe),
    });
    let path = args.ledger.as_deref().unwrap_or(Path::new(LEDGER));
    lines.push(match (&args.ledger, path.exists()) {
        (None, false) => Line("ledger", true, format!("none ({LEDGER} is not there)")),
        _ => ledger(path, codebook.as_ref().ok()),
    });
    let text: String = lines
        .iter()
        .map(|Line(what, sound, seen)| format!("{} {what:<14} {seen}\n", if *sound { "ok   " } else { "FAULT" }))
        .collect();
    terminal::print(&text)?;
    Ok(if lines.iter().all(|line| line.1) { Outcome::Done } else { Outcome::Faulty })
}

/// The first of the problems of a fault, in a line.
fn first(fault: Fault) -> String {
    match fault {
        Fault::Problems(problems) => problems.first().map(ToString::to_string).unwrap_or_default(),
        Fault::BrokenPipe => String::new(),
    }
}

fn program() -> String {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    format!("demarche {} on {system}, {threads} threads, ledgers of schema {VERSION}", env!("CARGO_PKG_VERSION"))
}

fn described(book: &Codebook) -> String {
    let Codebook { name, version, hash, parties, topics, .. } = book;
    format!("{name} {version} ({hash}), {} parties, {} topics", parties.len(), topics.len())
}

/// Looks at a ledger from inside.
fn ledger(path: &Path, codebook: Option<&Codebook>) -> Line {
    let checked = Ledger::open(path).and_then(|ledger| {
        let health = ledger.health()?;
        Ok((health, ledger.codebook()?))
    });
    let (health, last) = match checked {
        Ok(checked) => checked,
        Err(error) => {
            return Line("ledger", false, first(failed(path)(error)));
        }
    };
    let mut seen = format!(
        "{}: {} documents, {} statements, {} reviews, {} runs, the last at {}",
        path.display(),
        health.documents,
        health.statements,
        health.reviews,
        health.runs,
        health.last.as_deref().unwrap_or("no time"),
    );
    if let (Some((name, hash)), Some(book)) = (last, codebook) {
        if name != book.name {
            seen.push_str(&format!("; it belongs to the codebook {name}"));
        } else if hash != book.hash {
            seen.push_str("; the codebook has changed since, and the next add codes again");
        }
    }
    for fault in &health.faults {
        seen.push_str(&format!("; {fault}"));
    }
    Line("ledger", health.faults.is_empty(), seen)
}
