//! `demarche contradictions`: where a party's own statements disagree.

use std::io::{self, Write};

use super::diff::input::Reader;
use super::diff::wrapped;
use super::fault::{Fault, Outcome, tell};
use super::flags::{CodebookFlags, LedgerFlags, ListForm, MatrixFlags};
use super::origin::Origin;
use super::terminal::{self, Colours};
use crate::codebook::Labels;
use crate::export;
use crate::matrix::{self, Contradiction, Contradictions, Matrix, MatrixOptions, Position, Stance, Voices, words};
use crate::statement::Statement;

const EXAMPLES: &str = "\
Examples:
  demarche contradictions output/statements.jsonl
  demarche contradictions statements.jsonl --within 14         at most two weeks apart
  demarche contradictions statements.jsonl --party us --since 2025-01-20
  demarche contradictions output/positions.xlsx --format csv > contradictions.csv
  demarche contradictions --ledger talks.sqlite --known-on 2025-02-14

One pair for every two speakers of a party who disagree on a topic, and for every speaker who said otherwise on another
occasion: yes against no first, then those nearest in time. What counts is what counts for the matrix.";

/// Show where a party's own statements disagree: two speakers, or one over time
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Statements (statements.jsonl, statements.csv or a workbook by demarche; - for standard input), or a ledger [default:
    /// output/statements.jsonl]
    #[arg(value_name = "FILE", conflicts_with = "ledger")]
    statements: Option<String>,
    #[command(flatten)]
    ledger: LedgerFlags,
    /// Only what was said at most so many days apart; statements of unknown day are then left out
    #[arg(long, value_name = "DAYS")]
    within: Option<u32>,
    /// What to write
    #[arg(long, value_enum, default_value = "table")]
    format: ListForm,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    counts: MatrixFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let options = args.counts.resolve(&codebook)?;
    let origin = Origin::new(args.statements, args.ledger)?;
    let mut reader = Reader::new(&codebook);
    let (statements, as_of) = reader.all(&origin, options.as_of)?;
    tell(&reader.problems);
    let matrix = matrix::positions(&statements, &codebook, &MatrixOptions { as_of, ..options });
    let found = matrix::contradictions(&matrix, &statements, args.within);
    let mut out = Vec::new();
    let made = match args.format {
        ListForm::Table => {
            let width = usize::from(terminal::width());
            out = page(&matrix, &statements, &found, &codebook.labels, width, Colours::new()).into_bytes();
            Ok(())
        }
        ListForm::Csv => {
            export::contradiction_rows(&matrix, &statements, &found).write_csv(&mut out, export::Options::default())
        }
        ListForm::Markdown => export::contradiction_rows(&matrix, &statements, &found).write_markdown(&mut out),
        ListForm::Json => export::write_contradictions_json(&mut out, &matrix, &statements, &found),
    };
    made.map_err(Fault::export)?;
    io::stdout().lock().write_all(&out).map_err(Fault::output)?;
    Ok(Outcome::of(&reader.problems))
}

fn page(
    matrix: &Matrix,
    statements: &[Statement],
    found: &Contradictions,
    labels: &Labels,
    width: usize,
    colours: Colours,
) -> String {
    let as_of = matrix.as_of.map_or_else(|| "no date known".to_string(), |d| format!("as of {}", words::day(d)));
    let opposite = found.pairs.iter().filter(|p| p.opposite).count();
    let mut out = format!(
        "Contradictions {as_of}: {} pairs of statements, {opposite} of them yes against no\n",
        found.pairs.len()
    );
    for pair in &found.pairs {
        let party = matrix.parties.get(pair.row).map_or("", |p| p.name.as_str());
        let topic = matrix.topics.get(pair.column).map_or("", |t| t.name.as_str());
        out.push('\n');
        out.push_str(&wrapped(&format!("{party}, {topic}: {}", kind(pair)), "", "  ", width));
        for index in [pair.first, pair.second] {
            let Some(statement) = statements.get(index) else { continue };
            let label = Stance::Value(statement.stance).label(labels);
            let head = format!("{label} ({})", signed(statement.stance));
            let lead = format!("  {}  ", colours.bold(&head));
            // Colours take no room on the screen, so the indent is counted without them.
            let indent = " ".repeat(head.chars().count() + 4);
            let words = words::quoted(&statement.quote, 300);
            out.push_str(&wrapped(&words, &lead, &indent, width));
            let unsure = if statement.confidence < Position::UNCERTAIN { " ? low confidence" } else { "" };
            out.push_str(&wrapped(&format!("{}{unsure}", source(statement)), &indent, &indent, width));
        }
    }
    if found.more > 0 {
        out.push_str(&format!("\n{} more pairs of speakers on the same topics are not listed.\n", found.more));
    }
    out
}

fn kind(pair: &Contradiction) -> String {
    let who = match pair.voices {
        Voices::One => "one speaker",
        Voices::Two => "two voices",
    };
    let when = match pair.days {
        Some(0) => "the same day".to_string(),
        Some(1) => "a day apart".to_string(),
        Some(days) => format!("{days} days apart"),
        None => "days unknown".to_string(),
    };
    let how = if pair.opposite { "yes and no" } else { "one undecided" };
    format!("{who}, {when}, {how}")
}

fn signed(stance: i8) -> String {
    if stance == 0 { "0".to_string() } else { format!("{stance:+}") }
}

fn source(statement: &Statement) -> String {
    let speaker = statement.speaker.as_deref().or(statement.source_text.as_deref()).unwrap_or("");
    let day = statement.day().map_or_else(|| "no date".to_string(), words::day);
    let parts = [speaker, &day, statement.outlet.as_deref().unwrap_or("")];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
}
