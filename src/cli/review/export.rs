//! `demarche review export`: all reviews as CSV or JSON Lines.

use std::io::{self, Write};

use clap::ValueEnum;

use super::super::fault::{Fault, Outcome};
use super::super::flags::CsvFlags;
use super::super::ledger::LedgerFlag;
use crate::export;
use crate::ledger::Review;
use crate::review::{State, states};

const EXAMPLES: &str = "\
Examples:
  demarche review export > reviews.csv
  demarche review export --format jsonl --ledger talks.sqlite > reviews.jsonl";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One line a review, with a header
    Csv,
    /// One line a review
    Jsonl,
}

/// Write all reviews of a ledger, those that no longer hold included
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    ledger: LedgerFlag,
    /// What to write
    #[arg(long, value_enum, default_value = "csv")]
    format: Form,
    #[command(flatten)]
    csv: CsvFlags,
}

const COLUMNS: [&str; 20] = [
    "verdict",
    "state",
    "statement",
    "doc",
    "start",
    "end",
    "quote",
    "seen_party",
    "seen_topic",
    "seen_stance",
    "party",
    "topic",
    "stance",
    "condition",
    "stated_on",
    "speaker",
    "note",
    "reviewer",
    "at",
    "run",
];

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Outcome, Fault> {
    let ledger = args.ledger.read()?;
    let judged = args.ledger.judged(&ledger)?;
    let rows = judged.iter().zip(states(&judged)).map(|((review, holds_for), state)| row(review, holds_for, state));
    let mut out = io::BufWriter::new(io::stdout().lock());
    match args.format {
        Form::Csv => {
            let rows = rows.map(|row| row.map(Option::unwrap_or_default).into()).collect();
            export::Grid { header: COLUMNS.to_vec(), rows }
                .write_csv(&mut out, args.csv.resolve())
                .map_err(Fault::export)?;
        }
        Form::Jsonl => {
            for row in rows {
                let value = |(name, field): (&str, Option<String>)| {
                    let number = ["start", "end", "seen_stance", "stance", "run"].contains(&name);
                    let value = match field {
                        None => serde_json::Value::Null,
                        Some(text) if number => text.parse::<i64>().map_or(serde_json::Value::Null, Into::into),
                        Some(text) => text.into(),
                    };
                    (name.to_string(), value)
                };
                let object: serde_json::Map<_, _> = COLUMNS.into_iter().zip(row).map(value).collect();
                let line = serde_json::Value::Object(object).to_string() + "\n";
                out.write_all(line.as_bytes()).map_err(Fault::output)?;
            }
        }
    }
    out.flush().map_err(Fault::output)?;
    Ok(Outcome::Done)
}

fn row(r: &Review, holds_for: &Option<String>, state: State) -> [Option<String>; 20] {
    let given = &r.given;
    [
        Some(given.verdict.name().to_string()),
        Some(state.name().to_string()),
        holds_for.clone().or_else(|| given.statement.clone()),
        Some(given.doc.clone()),
        Some(r.start.to_string()),
        Some(r.end.to_string()),
        Some(given.quote.clone()),
        r.seen_party.clone(),
        r.seen_topic.clone(),
        r.seen_stance.map(|s| s.to_string()),
        given.party.clone(),
        given.topic.clone(),
        given.stance.map(|s| s.to_string()),
        given.condition.clone(),
        given.stated_on.map(|d| d.to_string()),
        given.speaker.clone(),
        given.note.clone(),
        given.reviewer.clone(),
        Some(given.at.to_string()),
        Some(r.run.to_string()),
    ]
}
