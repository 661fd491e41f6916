//! `demarche contradictions`: where a party's own statements disagree.

use super::fault::{Fault, Outcome};
use super::list::ListFlags;
use super::terminal::{self, Colours, wrapped};
use crate::codebook::Labels;
use crate::export;
use crate::matrix::{self, Contradiction, Contradictions, Matrix, Position, Stance, words};
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
    /// Only what was said at most so many days apart; statements of unknown day are then left out
    #[arg(long, value_name = "DAYS")]
    within: Option<u32>,
    #[command(flatten)]
    list: ListFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let list = args.list.statements()?;
    let (matrix, statements) = (&list.matrix, list.statements.as_slice());
    let found = matrix::contradictions(matrix, statements, args.within);
    let width = usize::from(terminal::width());
    list.write(
        || page(matrix, statements, &found, &list.codebook.labels, width, Colours::new()),
        || export::contradiction_rows(matrix, statements, &found),
        |out| export::write_contradictions_json(out, matrix, statements, &found),
    )
}

fn page(
    matrix: &Matrix,
    statements: &[Statement],
    found: &Contradictions,
    labels: &Labels,
    width: usize,
    colours: Colours,
) -> String {
    let opposite = found.pairs.iter().filter(|p| p.opposite).count();
    let mut out = format!(
        "Contradictions {}: {} pairs of statements, {opposite} of them yes against no\n",
        words::as_of(matrix.as_of),
        found.pairs.len()
    );
    for pair in &found.pairs {
        let party = matrix.parties.get(pair.row).map_or("", |p| p.name.as_str());
        let topic = matrix.topics.get(pair.column).map_or("", |t| t.name.as_str());
        out.push('\n');
        out.push_str(&wrapped(&format!("{party}, {topic}: {}", kind(pair)), "", "  ", width));
        for index in [pair.first, pair.second] {
            let Some(statement) = statements.get(index) else { continue };
            let head = words::stance(Stance::Value(statement.stance).label(labels), Some(statement.stance.into()));
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
    let who = pair.voices.name();
    let when = match pair.days {
        Some(0) => "the same day".to_string(),
        Some(1) => "a day apart".to_string(),
        Some(days) => format!("{days} days apart"),
        None => "days unknown".to_string(),
    };
    let how = if pair.opposite { "yes and no" } else { "one undecided" };
    format!("{who}, {when}, {how}")
}

fn source(statement: &Statement) -> String {
    let outlet = statement.outlet.as_deref().unwrap_or("");
    words::listed(&[words::voice(statement), &words::said_on(statement.day()), outlet])
}
