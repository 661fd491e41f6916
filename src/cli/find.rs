//! `demarche find`: statements of a ledger by the words of their quotations.

use std::io::{self, Write};

use clap::ValueEnum;
use jiff::civil::Date;

use super::fault::{Fault, Outcome, say};
use super::flags::{CsvFlags, day, share};
use super::ledger::{LedgerFlag, failed};
use super::terminal::{self, Colours, wrapped};
use crate::base::Problem;
use crate::base::space::flat;
use crate::export;
use crate::ledger::{Known, Selection};
use crate::matrix::words;
use crate::statement::Statement;

const EXAMPLES: &str = "\
Examples:
  demarche find \"security guarantee\"                both words, in any order and form
  demarche find '\"security guarantees\"'             the words together
  demarche find ceasefire --party russia --since 2025-02-01
  demarche find 'guarant*' --topic security-guarantees --format csv > found.csv
  demarche find --speaker zelenskyy --until 2025-02-14
  demarche find troops --known-on 2025-02-14        what the ledger held on that day";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// To be read on the terminal
    Text,
    /// One line a statement, as in statements.csv
    Csv,
    /// One line a statement, as in statements.jsonl
    Jsonl,
}

/// Find statements in a ledger by the words of their quotations
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Words of the quotation; without any, all statements that the other flags let through
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    #[command(flatten)]
    ledger: LedgerFlag,
    /// Only this party (may be repeated)
    #[arg(long, value_name = "ID")]
    party: Vec<String>,
    /// Only this topic (may be repeated)
    #[arg(long, value_name = "ID")]
    topic: Vec<String>,
    /// Only speakers with these words in their name
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// Only this outlet (may be repeated)
    #[arg(long, value_name = "NAME")]
    outlet: Vec<String>,
    /// First day; statements of unknown date are then left out
    #[arg(long, value_name = "DATE", value_parser = day)]
    since: Option<Date>,
    /// Last day; statements of unknown date count as older
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<Date>,
    /// Leave out statements below this confidence (0 to 1)
    #[arg(long, value_name = "X", default_value_t = 0.0, hide_default_value = true, value_parser = share)]
    min_confidence: f64,
    /// Only what the ledger held on this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    known_on: Option<Date>,
    /// What to write
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    #[command(flatten)]
    csv: CsvFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let fail = failed(&args.ledger.ledger);
    let ledger = args.ledger.read()?;
    let mut selection = Selection {
        known: args.known_on.map_or(Ok(Known::Now), |day| ledger.known_on(day)).map_err(fail)?,
        parties: args.party,
        topics: args.topic,
        outlets: args.outlet,
        speaker: args.speaker,
        since: args.since,
        until: args.until,
        min_confidence: args.min_confidence,
        whole: true,
        ..Selection::default()
    };
    let typed = args.words.join(" ");
    if !typed.trim().is_empty() && !selection.search(&typed) {
        let problem = Problem::error("cannot search for that").why(format!("\"{typed}\" holds no letter or digit"));
        return Err(problem.hint("Name a word of the quotation").into());
    }
    let found = ledger.statements(&selection).map_err(fail)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    match args.format {
        Form::Csv => export::write_statements_csv(&mut out, &found, args.csv.resolve()).map_err(Fault::export)?,
        Form::Jsonl => export::write_statements_jsonl(&mut out, &found).map_err(Fault::export)?,
        Form::Text => {
            let colours = Colours::new();
            for statement in &found {
                let shown = colours.fit(&shown(statement, terminal::width(), colours));
                out.write_all(shown.as_bytes()).map_err(Fault::output)?;
            }
            out.flush().map_err(Fault::output)?;
            say(&format!("{} statements found\n", found.len()));
        }
    }
    out.flush().map_err(Fault::output)?;
    Ok(Outcome::Done)
}

/// A statement in two lines and its quotation.
fn shown(s: &Statement, width: u16, colours: Colours) -> String {
    let (date, stance) = (words::said_on(s.day()), words::signed(s.stance.into()));
    let head = format!("{date}  {}  {}  {stance}", s.party, s.topic);
    let verdict = s.review.as_deref().map(|v| format!("review: {v}"));
    let whence = [s.speaker.as_deref(), s.outlet.as_deref(), Some(&s.doc), Some(&s.id), verdict.as_deref()];
    let whence = whence.into_iter().flatten().map(flat).collect::<Vec<_>>().join(", ");
    let width = usize::from(width);
    let quote = wrapped(&words::quoted(&s.quote, width * 4), "  ", "  ", width);
    format!("{}\n{quote}  {whence}\n", colours.bold(&head))
}
