//! `demarche text`: positions of any file as lines of text, so that version control can show what changed in a workbook.

use super::fault::{Fault, Outcome, tell};
use super::flags::{CodebookFlags, MatrixFlags};
use super::input::Reader;
use super::terminal;
use crate::codebook::Codebook;
use crate::diff::Side;
use crate::diff::words::{Namer, cell, said};
use crate::matrix::words;

const EXAMPLES: &str = "\
Examples:
  demarche text output/positions.xlsx
  git config diff.demarche.textconv 'demarche text'       and in .gitattributes: *.xlsx diff=demarche

Reads what demarche diff reads. The same positions give the same lines, one a position, in the codebook's order.";

/// Print the positions of a workbook or CSV file as lines of text
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// A workbook or CSV file with positions, or statements; - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    counts: MatrixFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let options = args.counts.resolve(&codebook)?;
    let mut reader = Reader::new(&codebook);
    let side = reader.side(&args.file, &options)?;
    tell(&reader.problems);
    terminal::print(&lines(&side, &codebook))?;
    Ok(Outcome::of(&reader.problems))
}

fn lines(side: &Side, codebook: &Codebook) -> String {
    let namer = Namer::new(codebook);
    let mut stands: Vec<_> = side.stands.iter().collect();
    stands.sort_by_key(|(key, _)| (namer.place(&key.0, &key.1), *key));
    let mut out = String::new();
    if let Some(day) = side.as_of {
        out.push_str(&format!("As of {}\n", words::day(day)));
    }
    for (key, stand) in stands {
        let mut parts = vec![cell(Some(stand), &codebook.labels)];
        parts.extend(said(stand, usize::MAX));
        out.push_str(&format!("{} | {} | {}\n", namer.party(&key.0), namer.topic(&key.1), parts.join(" | ")));
    }
    out
}
