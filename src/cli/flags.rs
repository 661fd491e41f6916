//! Flags that commands share, and the typed options they become.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::fault::Fault;
use crate::base::{Problem, limits};
use crate::codebook::Codebook;
use crate::document::{Columns, ReadOptions};
use crate::export;
use crate::matrix::{MatrixOptions, Rule};
use crate::statement::Role;

/// The codebook that comes first.
pub(super) const CODEBOOK: &str = "ukraine-talks";

/// Where the ledger is, unless told.
pub(super) const LEDGER: &str = "output/ledger.sqlite";

/// Which codebook.
#[derive(Debug, Clone, Args)]
pub(super) struct CodebookFlags {
    /// Codebook: a name that comes with demarche, or a folder of your own
    #[arg(long, value_name = "NAME|DIR", default_value = CODEBOOK)]
    pub(super) codebook: String,
}

impl CodebookFlags {
    /// Loads the codebook.
    pub(super) fn load(&self) -> Result<Codebook, Fault> {
        Ok(crate::codebook::load(&self.codebook)?)
    }
}

/// How CSV files are written.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct CsvFlags {
    /// Put an apostrophe before CSV values that a spreadsheet would run as a formula
    #[arg(long)]
    guard_formulas: bool,
    /// Begin CSV files with a byte-order mark, by which Excel knows UTF-8
    #[arg(long)]
    bom: bool,
    /// Write beside statements.csv and positions.csv what their columns hold, as CSV on the Web metadata
    #[arg(long)]
    csvw: bool,
}

impl CsvFlags {
    /// Resolves the flags.
    pub(super) fn resolve(self) -> export::Options {
        export::Options { guard_formulas: self.guard_formulas, bom: self.bom, csvw: self.csvw }
    }
}

/// How to go about a batch.
#[derive(Debug, Clone, Args)]
pub(super) struct BatchFlags {
    /// Threads to work with [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(limits::THREADS)))]
    threads: Option<u16>,
    /// Stop at the first document that cannot be used, and write nothing
    #[arg(long)]
    strict: bool,
    /// Columns of a .csv or .xlsx table of documents, where their names do not say what they hold:
    /// text=body,published=day,outlet=source (also title, url, author, id)
    #[arg(long, value_name = "PART=COLUMN,..")]
    columns: Option<Columns>,
}

/// How to go about a batch, resolved.
#[derive(Debug, Clone, Default)]
pub(super) struct BatchOptions {
    /// Number of threads; 0 for one a core.
    pub(super) threads: usize,
    /// Stop at the first problem.
    pub(super) strict: bool,
    /// Which columns of tables hold what.
    pub(super) columns: Columns,
    /// Take a text again that came before.
    pub(super) repeats: bool,
}

impl BatchOptions {
    /// How documents are read.
    pub(super) fn reading(&self) -> ReadOptions<'_> {
        ReadOptions { columns: &self.columns, worker: program(), ..ReadOptions::default() }
    }
}

/// Returns the file of this program, which serves as its own worker.
pub(super) fn program() -> Option<&'static Path> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    PROGRAM.get_or_init(|| std::env::current_exe().ok()).as_deref()
}

impl BatchFlags {
    /// Resolves the flags.
    pub(super) fn resolve(&self) -> BatchOptions {
        BatchOptions {
            threads: self.threads.map_or(0, usize::from),
            strict: self.strict,
            columns: self.columns.clone().unwrap_or_default(),
            repeats: false,
        }
    }
}

/// How statements become a position.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum RuleFlag {
    /// The latest day, highest rank first
    Latest,
    /// The mean of the window
    Mean,
    /// The direction of most statements
    Majority,
    /// The strongest statement
    Strongest,
}

impl RuleFlag {
    /// Resolves the flag.
    pub(super) fn resolve(self) -> Rule {
        match self {
            RuleFlag::Latest => Rule::Latest,
            RuleFlag::Mean => Rule::Mean,
            RuleFlag::Majority => Rule::Majority,
            RuleFlag::Strongest => Rule::Strongest,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleFlag {
    Government,
    Legislator,
}

/// What figures are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReadForm {
    /// To be read
    Text,
    /// One JSON object
    Json,
}

/// Where statements come from, besides a file of them.
#[derive(Debug, Clone, Args)]
pub(super) struct LedgerFlags {
    /// Take the statements from this ledger
    #[arg(long, value_name = "FILE")]
    pub(super) ledger: Option<PathBuf>,
    /// Only what the ledger held on this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) known_on: Option<Date>,
}

/// What counts towards a position.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "What counts")]
pub(super) struct MatrixFlags {
    /// Last day that counts [default: the day of the latest statement]
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// First day that counts; statements of unknown date are then left out
    #[arg(long, value_name = "DATE", value_parser = day)]
    since: Option<Date>,
    /// Days that count up to the as-of date, as 30d or 6w; statements of unknown date are then left out
    #[arg(long, value_name = "SPAN", value_parser = span, conflicts_with = "since")]
    window: Option<u32>,
    /// How statements become a position
    #[arg(long, value_enum, default_value = "latest", value_name = "RULE")]
    rule: RuleFlag,
    /// Leave out statements below this confidence (0 to 1)
    #[arg(long, value_name = "X", default_value_t = 0.0, hide_default_value = true, value_parser = share)]
    min_confidence: f64,
    /// Leave out positions with fewer statements
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true)]
    min_statements: usize,
    /// Only this party (may be repeated)
    #[arg(long, value_name = "ID")]
    party: Vec<String>,
    /// Only this topic (may be repeated)
    #[arg(long, value_name = "ID")]
    topic: Vec<String>,
    /// Only speakers of this role (may be repeated)
    #[arg(long, value_enum, value_name = "ROLE")]
    role: Vec<RoleFlag>,
    /// Only this outlet (may be repeated)
    #[arg(long, value_name = "NAME")]
    outlet: Vec<String>,
    /// Show topics on which nothing was found, too
    #[arg(long)]
    all_topics: bool,
}

impl MatrixFlags {
    /// Resolves the flags against a codebook: party and topic must be in it.
    pub(super) fn resolve(self, codebook: &Codebook) -> Result<MatrixOptions, Fault> {
        if let (Some(since), Some(as_of)) = (self.since, self.as_of)
            && since > as_of
        {
            let problem = Problem::error("cannot lay out an empty window")
                .why(format!("--since {since} is after --as-of {as_of}"));
            return Err(problem.hint("Swap the two dates").into());
        }
        for id in &self.party {
            known("party", id, codebook.parties.iter().map(|p| p.id.as_str()))?;
        }
        for id in &self.topic {
            known("topic", id, codebook.topics.iter().map(|t| t.id.as_str()))?;
        }
        Ok(MatrixOptions {
            as_of: self.as_of,
            since: self.since,
            window: self.window,
            rule: self.rule.resolve(),
            min_confidence: self.min_confidence,
            min_statements: self.min_statements,
            parties: self.party,
            topics: self.topic,
            roles: self
                .role
                .iter()
                .map(|r| match r {
                    RoleFlag::Government => Role::Government,
                    RoleFlag::Legislator => Role::Legislator,
                })
                .collect(),
            outlets: self.outlet,
            all_topics: self.all_topics,
        })
    }
}

/// What counts in a timeline.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "What counts")]
pub(super) struct TimeFlags {
    /// First day to show
    #[arg(long, value_name = "DATE", value_parser = day)]
    since: Option<Date>,
    /// Last day to show
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<Date>,
    /// Days that count towards a position, as 30d or 6w; statements of unknown date are then left out
    #[arg(long, value_name = "SPAN", value_parser = span)]
    window: Option<u32>,
    /// How statements become a position
    #[arg(long, value_enum, default_value = "latest", value_name = "RULE")]
    rule: RuleFlag,
    /// Leave out statements below this confidence (0 to 1)
    #[arg(long, value_name = "X", default_value_t = 0.0, hide_default_value = true, value_parser = share)]
    min_confidence: f64,
}

impl TimeFlags {
    /// Resolves the flags; the second is the first day to show.
    pub(super) fn resolve(&self) -> (MatrixOptions, Option<Date>) {
        let options = MatrixOptions {
            as_of: self.until,
            window: self.window,
            rule: self.rule.resolve(),
            min_confidence: self.min_confidence,
            ..MatrixOptions::default()
        };
        (options, self.since)
    }
}

/// Refuses an id that the codebook does not have.
pub(super) fn known<'a>(what: &str, id: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), Fault> {
    let ids: Vec<&str> = ids.collect();
    if ids.contains(&id) {
        return Ok(());
    }
    let problem =
        Problem::error(format!("no {what} of the codebook has that id")).why(format!("\"{id}\" is none of its ids"));
    Err(problem.hint(format!("The ids are: {}", ids.join(", "))).into())
}

/// Reads a day.
pub(super) fn day(text: &str) -> Result<Date, String> {
    let shaped = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    text.parse().ok().filter(|_| shaped).ok_or_else(|| "write the date as 2025-02-13".to_string())
}

/// Reads a span of days: 30d, 6w, 30.
fn span(text: &str) -> Result<u32, String> {
    let (number, days) = match text.strip_suffix(['d', 'D']) {
        Some(number) => (number, 1),
        None => text.strip_suffix(['w', 'W']).map_or((text, 1), |number| (number, 7)),
    };
    let span = number.parse::<u32>().ok().and_then(|n| n.checked_mul(days)).filter(|n| (1..=100_000).contains(n));
    span.ok_or_else(|| "write the window in days or weeks, as 30d or 6w".to_string())
}

/// Reads a number from 0 to 1.
pub(super) fn share(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|x| (0.0..=1.0).contains(x)).ok_or_else(|| "write a number from 0 to 1".to_string())
}
