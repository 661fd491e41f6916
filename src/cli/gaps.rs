//! `demarche gaps`: how far parties stand apart, and who stands between.

use super::fault::{Fault, Outcome};
use super::list::ListFlags;
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
    /// Leave out pairs of parties that share fewer topics
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true)]
    min_topics: usize,
    #[command(flatten)]
    list: ListFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let list = args.list.positions()?;
    let matrix = &list.matrix;
    let mut gaps = matrix::gaps(matrix);
    gaps.pairs.retain(|p| p.topics >= args.min_topics);
    list.write(
        || page(matrix, &gaps, terminal::width(), Colours::new()),
        || export::gap_rows(matrix, &gaps),
        |out| export::write_gaps_json(out, matrix, &gaps),
    )
}

fn page(matrix: &Matrix, gaps: &Gaps, width: u16, colours: Colours) -> String {
    let mut out = format!("Gaps {}, rule {}\n", words::as_of(matrix.as_of), matrix.rule);
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
        vec![
            format!("{} – {}", matrix.short(pair.first), matrix.short(pair.second)),
            format!("{:.2}", pair.congruence),
            pair.topics.to_string(),
            pair.opposed.to_string(),
            words::bridges(pair, matrix, 3),
        ]
    });
    out.push_str(&table(&["Parties", "Congruence", "Topics", "Opposed on", "Could bridge"], rows, width));
    out
}

/// Who stands where, from the most against to the most in favour: `Russia (-2); US (0); Ukraine, EU (+2)`.
fn ends(topic: &TopicGaps, matrix: &Matrix) -> String {
    let group = |(number, rows): &(f64, Vec<usize>)| {
        let names = words::names(rows, matrix);
        format!("{names} ({})", words::signed(*number))
    };
    topic.groups().iter().map(group).collect::<Vec<_>>().join("; ")
}

fn ground(topic: &TopicGaps, matrix: &Matrix) -> String {
    let between = Some(topic.between()).filter(|rows| !rows.is_empty());
    let between = between.map(|rows| format!("between: {}", words::names(rows, matrix)));
    between.into_iter().chain(words::common_ground(topic, matrix)).collect::<Vec<_>>().join("; ")
}

/// A table without lines that fits the width.
fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>, width: u16) -> String {
    let mut table = terminal::table(width);
    table.set_header(header.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    terminal::laid_out(&table)
}
