//! `demarche codebook gaps`: what a corpus holds that the codebook misses.

use std::io::{self, Write};

use clap::ValueEnum;

use super::super::batch;
use super::super::fault::{Fault, Outcome, tell};
use super::super::flags::{BatchFlags, CodebookFlags, CsvFlags};
use super::super::terminal::Colours;
use crate::advice::{self, Gaps};
use crate::export::{self, Grid};
use crate::matrix::words;

const EXAMPLES: &str = "\
Examples:
  demarche codebook gaps news/
  demarche codebook gaps news/ --codebook my-codebook/ --top 50 --format csv > gaps.csv

Speakers: who is quoted or reported and stands for no party. Wording: what parties speak of with a stance word and no topic
claims, ranked by Dunning's log-likelihood against all other sentences.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// To be read
    Text,
    /// One line a speaker or phrase
    Csv,
    /// One JSON object
    Json,
}

/// List speakers without a party and wording that no topic claims, over a corpus
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Files, folders and patterns; - for documents as JSON Lines on standard input
    #[arg(value_name = "PATHS", required = true)]
    paths: Vec<String>,
    #[command(flatten)]
    codebook: CodebookFlags,
    /// How many speakers and how many phrases to list
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
    /// What to write
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    #[command(flatten)]
    csv: CsvFlags,
    #[command(flatten)]
    batch: BatchFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let mut surveys = Vec::new();
    let problems = batch::each(
        &args.paths,
        &args.batch.resolve(),
        |document| advice::survey(document, &codebook),
        |survey| {
            surveys.push(survey);
            Ok(())
        },
    )?;
    tell(&problems);
    let gaps = Gaps::of(&surveys, &codebook, args.top);
    let mut bytes = Vec::new();
    let made = match args.format {
        Form::Text => {
            bytes = Colours::new().fit(&page(&gaps)).into_bytes();
            Ok(())
        }
        Form::Csv => grid(&gaps).write_csv(&mut bytes, args.csv.resolve()),
        Form::Json => export::write_json(&mut bytes, &gaps),
    };
    made.map_err(Fault::export)?;
    io::stdout().lock().write_all(&bytes).map_err(Fault::output)?;
    Ok(Outcome::of(&problems))
}

fn page(gaps: &Gaps) -> String {
    let mut out = format!(
        "{} documents; {} sentences take a stand on what no topic claims\n\nSpeakers without a party\n",
        gaps.documents, gaps.unclaimed
    );
    if gaps.speakers.is_empty() {
        out.push_str("  none\n");
    }
    for s in &gaps.speakers {
        out.push_str(&format!("  {:>4}  {}\n", s.count, s.name));
        for description in &s.descriptions {
            out.push_str(&format!("        {}\n", words::shorten(description, 100)));
        }
        out.push_str(&format!("        {} ({})\n", words::quoted(&s.quote, 110), s.doc));
    }
    out.push_str("\nWording that no topic claims: sentences, all others, keyness\n");
    if gaps.wording.is_empty() {
        out.push_str("  none\n");
    }
    for p in &gaps.wording {
        let parties = p.parties.join(", ");
        out.push_str(&format!("  {:>4} {:>5} {:>8.2}  {} ({parties})\n", p.count, p.elsewhere, p.keyness, p.phrase));
        out.push_str(&format!("        {} ({})\n", words::quoted(&p.sentence, 160), p.doc));
    }
    out
}

fn grid(gaps: &Gaps) -> Grid {
    let header = vec!["kind", "name", "count", "documents", "elsewhere", "keyness", "detail", "example", "doc"];
    let row = |fields: [&str; 9]| fields.map(String::from).to_vec();
    let speakers = gaps.speakers.iter().map(|s| {
        let (count, documents) = (s.count.to_string(), s.documents.to_string());
        row(["speaker", &s.name, &count, &documents, "", "", &s.descriptions.join("; "), &s.quote, &s.doc])
    });
    let wording = gaps.wording.iter().map(|p| {
        let (count, documents, elsewhere) = (p.count.to_string(), p.documents.to_string(), p.elsewhere.to_string());
        let (keyness, parties) = (format!("{:.2}", p.keyness), p.parties.join("; "));
        row(["wording", &p.phrase, &count, &documents, &elsewhere, &keyness, &parties, &p.sentence, &p.doc])
    });
    Grid { header, rows: speakers.chain(wording).collect() }
}
