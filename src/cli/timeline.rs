//! `demarche timeline`: what one party said on one topic, in order, and where its position changed.

use std::io::{self, Write};

use clap::ValueEnum;
use jiff::civil::Date;

use super::fault::{Fault, Outcome};
use super::flags::{CodebookFlags, CsvFlags, LedgerFlags, TimeFlags, known};
use super::origin::{Origin, Wanted};
use super::terminal::{self, Colours};
use crate::base::space::flat;
use crate::codebook::Codebook;
use crate::export;
use crate::matrix::{self, Moment, Stance, Standing, words};
use crate::statement::Statement;

const EXAMPLES: &str = "\
Examples:
  demarche timeline russia ceasefire                      from output/ledger.sqlite, else output/statements.jsonl
  demarche timeline us security-guarantees statements.jsonl
  demarche timeline ukraine territory --ledger talks.sqlite --since 2025-02-01
  demarche timeline russia ceasefire --rule majority --window 30d --format csv > ceasefire.csv

A line that begins with >> tells that the position changed on the day above it.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// To be read on the terminal
    Text,
    /// One line a statement
    Csv,
    /// One line of JSON a statement
    Jsonl,
}

/// Show what a party said on a topic in order, and where its position changed
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Id of the party
    #[arg(value_name = "PARTY")]
    party: String,
    /// Id of the topic
    #[arg(value_name = "TOPIC")]
    topic: String,
    /// A ledger, or statements as JSON Lines (- for standard input)
    #[arg(value_name = "FILE", conflicts_with = "ledger")]
    statements: Option<String>,
    #[command(flatten)]
    ledger: LedgerFlags,
    /// What to write
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    csv: CsvFlags,
    #[command(flatten)]
    counts: TimeFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    known("party", &args.party, codebook.parties.iter().map(|p| p.id.as_str()))?;
    known("topic", &args.topic, codebook.topics.iter().map(|t| t.id.as_str()))?;
    let (options, since) = args.counts.resolve();
    let origin = Origin::usual(args.statements, args.ledger)?;
    let statements = origin.load(&codebook, Wanted::Cell(&args.party, &args.topic))?.statements;
    let mut moments = matrix::timeline(&statements, &codebook, &options);
    let shown = |m: &Moment| since.is_none_or(|since| day(&statements, m).is_some_and(|d| d >= since));
    moments.retain(shown);
    let lines = moments.iter().filter_map(|m| Some((m, statements.get(m.statement)?)));
    let mut out = io::BufWriter::new(io::stdout().lock());
    match args.format {
        Form::Text => {
            let page = page(&args.party, &args.topic, lines, &codebook);
            out.write_all(Colours::new().fit(&page).as_bytes()).map_err(Fault::output)?;
        }
        Form::Csv => {
            let rows = lines.map(|(moment, statement)| row(moment, statement, &codebook).into()).collect();
            let grid = export::Grid { header: COLUMNS.to_vec(), rows };
            grid.write_csv(&mut out, args.csv.resolve()).map_err(Fault::export)?;
        }
        Form::Jsonl => {
            for (moment, statement) in lines {
                let row = row(moment, statement, &codebook);
                let line: serde_json::Map<String, serde_json::Value> =
                    COLUMNS.iter().map(ToString::to_string).zip(row.map(serde_json::Value::String)).collect();
                let line = serde_json::Value::Object(line).to_string() + "\n";
                out.write_all(line.as_bytes()).map_err(Fault::output)?;
            }
        }
    }
    out.flush().map_err(Fault::output)?;
    Ok(Outcome::Done)
}

fn day(statements: &[Statement], moment: &Moment) -> Option<Date> {
    statements.get(moment.statement).and_then(Statement::day)
}

/// `rejects (-2)`, `mixed`, `no position`.
fn label(stance: Option<Stance>, codebook: &Codebook) -> String {
    match stance {
        None => codebook.labels.none.clone(),
        Some(stance) => words::stance(stance.label(&codebook.labels), stance.value().map(f64::from)),
    }
}

fn standing(moment: &Moment) -> &'static str {
    match moment.standing {
        Standing::Counts => "yes",
        Standing::LeftOut(reason) => reason.name(),
    }
}

fn page<'a>(
    party: &str,
    topic: &str,
    lines: impl Iterator<Item = (&'a Moment, &'a Statement)>,
    codebook: &Codebook,
) -> String {
    let colours = Colours::new();
    let width = usize::from(terminal::width());
    let party = codebook.parties.iter().find(|p| p.id == party).map_or(party, |p| &p.name);
    let (topic, question) =
        codebook.topics.iter().find(|t| t.id == topic).map_or((topic, ""), |t| (t.name.as_str(), t.question.as_str()));
    let mut out = format!("{}\n{question}\n\n", colours.bold(&format!("{party}: {topic}")));
    let mut any = false;
    for (moment, s) in lines {
        any = true;
        let date = words::said_on(s.day());
        let whence = [s.speaker.as_deref(), s.outlet.as_deref(), Some(&s.doc)];
        let whence = whence.into_iter().flatten().map(flat).collect::<Vec<_>>().join(", ");
        let left_out = match moment.standing {
            Standing::Counts => String::new(),
            Standing::LeftOut(reason) => format!("  (does not count: {})", reason.name()),
        };
        let stance = label(Some(Stance::Value(s.stance)), codebook);
        out.push_str(&format!("{date:<12} {stance:<18} {whence}{left_out}\n"));
        let condition = words::condition(s.condition.as_slice()).map(|c| format!("{c}: ")).unwrap_or_default();
        let quote = words::quoted(&s.quote, width.saturating_sub(13 + condition.chars().count()).max(40));
        out.push_str(&format!("             {condition}{quote}\n"));
        if let Some(before) = moment.changed {
            let now = label(moment.position, codebook);
            let told = match before {
                None => format!(">> position: {now}"),
                Some(before) => format!(">> position changed: {} to {now}", label(Some(before), codebook)),
            };
            out.push_str(&format!("{}\n", colours.bold(&told)));
        }
    }
    if !any {
        out.push_str("Nothing found.\n");
    }
    out
}

const COLUMNS: [&str; 14] = [
    "day",
    "stance",
    "label",
    "counts",
    "position",
    "changed",
    "before",
    "speaker",
    "outlet",
    "condition",
    "quote",
    "confidence",
    "doc",
    "id",
];

fn row(moment: &Moment, s: &Statement, codebook: &Codebook) -> [String; 14] {
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    [
        s.day().map(|d| d.to_string()).unwrap_or_default(),
        s.stance.to_string(),
        Stance::Value(s.stance).label(&codebook.labels).to_string(),
        standing(moment).to_string(),
        label(moment.position, codebook),
        if moment.changed.is_some() { "yes" } else { "no" }.to_string(),
        moment.changed.map(|before| label(before, codebook)).unwrap_or_default(),
        text(s.speaker.as_ref()),
        text(s.outlet.as_ref()),
        text(s.condition.as_ref()),
        s.quote.clone(),
        format!("{:.2}", s.confidence),
        s.doc.clone(),
        s.id.clone(),
    ]
}
