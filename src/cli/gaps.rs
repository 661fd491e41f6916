//! `demarche gaps`: how far parties stand apart, and who stands between.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};

use super::diff::input::Reader;
use super::fault::{Fault, Outcome, tell};
use super::flags::{CodebookFlags, LedgerFlags, ListForm, MatrixFlags};
use super::origin::Origin;
use super::terminal::{self, Colours};
use crate::export;
use crate::matrix::{self, Gaps, Matrix, TopicGaps, words};

const EXAMPLES: &str = "\
Examples:
  demarche gaps output/statements.jsonl
  demarche gaps output/positions.xlsx --topic territory --topic ceasefire
  demarche gaps statements.jsonl --party us --party russia --party ukraine
  demarche gaps statements.jsonl --min-topics 3 --format markdown
  demarche gaps --ledger talks.sqlite --as-of 2025-03-01

Congruence is 1 where two parties say the same on all they both speak to, and 0 where one demands what the other rejects.
Parties whose statements point both ways are left out of a topic. Could bridge: who is nearer to both than they are to
each other, on two topics or more with each; in brackets the congruence with the one further away.";

/// Show how far parties stand apart on each topic, what they share, and who stands between
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Statements (statements.jsonl, statements.csv or a workbook by demarche; - for standard input), or a ledger [default:
    /// output/statements.jsonl]
    #[arg(value_name = "FILE", conflicts_with = "ledger")]
    statements: Option<String>,
    #[command(flatten)]
    ledger: LedgerFlags,
    /// Leave out pairs of parties that share fewer topics
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true)]
    min_topics: usize,
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
    let (matrix, _) = reader.matrix(&origin, &options)?;
    tell(&reader.problems);
    let mut gaps = matrix::gaps(&matrix);
    gaps.pairs.retain(|p| p.topics >= args.min_topics);
    let mut out = Vec::new();
    let made = match args.format {
        ListForm::Table => {
            out = page(&matrix, &gaps, terminal::width(), Colours::new()).into_bytes();
            Ok(())
        }
        ListForm::Csv => export::gap_rows(&matrix, &gaps).write_csv(&mut out, export::Options::default()),
        ListForm::Markdown => export::gap_rows(&matrix, &gaps).write_markdown(&mut out),
        ListForm::Json => export::write_gaps_json(&mut out, &matrix, &gaps),
    };
    made.map_err(Fault::export)?;
    io::stdout().lock().write_all(&out).map_err(Fault::output)?;
    Ok(Outcome::of(&reader.problems))
}

fn page(matrix: &Matrix, gaps: &Gaps, width: u16, colours: Colours) -> String {
    let as_of = matrix.as_of.map_or_else(|| "no date known".to_string(), |d| format!("as of {}", words::day(d)));
    let mut out = format!("Gaps {as_of}, rule {}\n", matrix.rule);
    if gaps.topics.is_empty() {
        out.push_str("No two parties stand somewhere on the same topic.\n");
        return out;
    }
    out.push_str(&format!("\n{}\n", colours.bold("Topic by topic: the ends, who stands between, common ground")));
    let rows = gaps.topics.iter().map(|topic| {
        let name = matrix.topics.get(topic.column).map_or("", |t| t.name.as_str());
        vec![name.to_string(), format!("{}", topic.widest()), ends(topic, matrix), ground(topic, matrix)]
    });
    out.push_str(&table(&["Topic", "Gap", "Against … for", "Between; common ground"], rows, width));
    out.push_str(&format!("\n{}\n", colours.bold("Party by party, over all topics that both speak to")));
    let rows = gaps.pairs.iter().map(|pair| {
        let bridges: Vec<String> = pair
            .bridges
            .iter()
            .take(3)
            .map(|(row, nearness)| format!("{} ({nearness:.2})", short(matrix, *row)))
            .collect();
        vec![
            format!("{} – {}", short(matrix, pair.first), short(matrix, pair.second)),
            format!("{:.2}", pair.congruence),
            pair.topics.to_string(),
            pair.opposed.to_string(),
            bridges.join(", "),
        ]
    });
    out.push_str(&table(&["Parties", "Congruence", "Topics", "Opposed on", "Could bridge"], rows, width));
    out
}

/// Who stands where, from the most against to the most in favour: `Russia (-2); US (0); Ukraine, EU (+2)`.
pub(super) fn ends(topic: &TopicGaps, matrix: &Matrix) -> String {
    let mut groups: Vec<(f64, Vec<&str>)> = Vec::new();
    for (row, number) in &topic.placed {
        match groups.last_mut() {
            Some((same, names)) if same == number => names.push(short(matrix, *row)),
            _ => groups.push((*number, vec![short(matrix, *row)])),
        }
    }
    let told = |number: f64| if number == 0.0 { "0".to_string() } else { format!("{number:+}") };
    groups
        .iter()
        .map(|(number, names)| format!("{} ({})", names.join(", "), told(*number)))
        .collect::<Vec<_>>()
        .join("; ")
}

fn ground(topic: &TopicGaps, matrix: &Matrix) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(gap) = topic.gaps.first().filter(|g| !g.between.is_empty()) {
        let names: Vec<&str> = gap.between.iter().map(|row| short(matrix, *row)).collect();
        parts.push(format!("between: {}", names.join(", ")));
    }
    match topic.common {
        Some(1) => parts.push("all lean yes".to_string()),
        Some(_) => parts.push("all lean no".to_string()),
        None => {}
    }
    if !topic.mixed.is_empty() {
        let names: Vec<&str> = topic.mixed.iter().map(|row| short(matrix, *row)).collect();
        parts.push(format!("mixed: {}", names.join(", ")));
    }
    parts.join("; ")
}

fn short(matrix: &Matrix, row: usize) -> &str {
    matrix.parties.get(row).map_or("", |p| p.short.as_str())
}

/// A table without lines that fits the width.
pub(super) fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>, width: u16) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(header.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    table.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
