//! `demarche matrix`: statements into positions, on the terminal or as files.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use comfy_table::{ColumnConstraint, Width};

use super::fault::{Fault, Outcome};
use super::flags::{CodebookFlags, CsvFlags, LedgerFlags, MatrixFlags};
use super::origin::{Loaded, Origin, Wanted};
use super::outputs;
use super::terminal::{self, Colours};
use crate::codebook::Codebook;
use crate::export;
use crate::matrix::{self, Matrix, MatrixOptions, Position, words};
use crate::statement::Statement;
use crate::workbook::Report;

const EXAMPLES: &str = "\
Examples:
  demarche matrix output/statements.jsonl
  demarche extract news/ | demarche matrix - --rows parties
  demarche matrix statements.jsonl --as-of 2025-02-13 --party us --party russia
  demarche matrix statements.jsonl --format positions > positions.csv
  demarche matrix statements.jsonl -o brief            the workbook and all files
  demarche matrix output/ledger.sqlite --window 30d     the last thirty days of a ledger
  demarche matrix --ledger talks.sqlite --as-of 2025-02-13 --known-on 2025-02-14";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// A block for each topic, a row for each party
    Topics,
    /// A block for each party, a row for each topic
    Parties,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// To be read on the terminal
    Table,
    /// matrix.csv: parties in rows, topics in columns
    Matrix,
    /// positions.csv: one line a position
    Positions,
}

/// Show the positions that statements amount to
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Statements as JSON Lines (- for standard input), or a ledger [default: output/statements.jsonl]
    #[arg(value_name = "FILE", conflicts_with = "ledger")]
    statements: Option<String>,
    #[command(flatten)]
    ledger: LedgerFlags,
    /// What a block of the table is
    #[arg(long, value_enum, default_value = "topics")]
    rows: Rows,
    /// What to write
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
    /// Write the workbook and all files to this folder instead
    #[arg(short, long, value_name = "DIR", conflicts_with = "format")]
    output: Option<PathBuf>,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    csv: CsvFlags,
    #[command(flatten)]
    counts: MatrixFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let options = args.counts.resolve(&codebook)?;
    let origin = Origin::new(args.statements, args.ledger)?;
    let csv = args.csv.resolve();
    if let Some(folder) = &args.output {
        let Loaded { statements, sources, as_of, tie } = origin.load(&codebook, Wanted::Workbook(options.as_of))?;
        let matrix = matrix::positions(&statements, &codebook, &MatrixOptions { as_of, ..options });
        let report = Report {
            statements: &statements,
            codebook: &codebook,
            matrix: &matrix,
            sources: &sources,
            changes: None,
            ledger: tie.as_ref(),
            problems: &[],
        };
        outputs::write(folder, &report, csv)?;
        outputs::summary(folder, &report, &[]);
        return Ok(Outcome::Done);
    }
    let (matrix, statements) = origin.matrix(&codebook, &options)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    match args.format {
        Form::Matrix => export::write_matrix(&mut out, &matrix, &codebook.labels, csv).map_err(Fault::export)?,
        Form::Positions => {
            export::write_positions(&mut out, &matrix, &statements, &codebook.labels, csv).map_err(Fault::export)?;
        }
        Form::Table => {
            let colours = Colours::new();
            let page = page(&matrix, &statements, &codebook, args.rows, terminal::width(), colours);
            out.write_all(colours.fit(&page).as_bytes()).map_err(Fault::output)?;
        }
    }
    out.flush().map_err(Fault::output)?;
    Ok(Outcome::Done)
}

/// Lays the matrix out in blocks that fit the width.
fn page(
    matrix: &Matrix,
    statements: &[Statement],
    codebook: &Codebook,
    rows: Rows,
    width: u16,
    colours: Colours,
) -> String {
    let mut out = format!("Positions {}, rule {}\n", words::as_of(matrix.as_of), matrix.rule);
    if matrix.positions.is_empty() {
        out.push_str("No position found.\n");
    }
    match rows {
        Rows::Topics => {
            for (column, topic) in matrix.topics.iter().enumerate() {
                out.push_str(&format!("\n{}\n{}\n", colours.bold(&topic.name), topic.question));
                let lines = matrix.positions.iter().filter(|p| p.column == column);
                let lines = lines.map(|p| (matrix.parties.get(p.row).map_or("", |x| x.short.as_str()), p));
                out.push_str(&block(lines, matrix, statements, codebook, width));
            }
        }
        Rows::Parties => {
            for (row, party) in matrix.parties.iter().enumerate() {
                out.push_str(&format!("\n{}\n", colours.bold(&party.name)));
                let lines = matrix.positions.iter().filter(|p| p.row == row);
                let lines = lines.map(|p| (matrix.topics.get(p.column).map_or("", |x| x.name.as_str()), p));
                out.push_str(&block(lines, matrix, statements, codebook, width));
            }
        }
    }
    out
}

fn block<'a>(
    lines: impl Iterator<Item = (&'a str, &'a Position)>,
    matrix: &Matrix,
    statements: &[Statement],
    codebook: &Codebook,
    width: u16,
) -> String {
    let labels = &codebook.labels;
    let mut table = terminal::table(width);
    for (name, position) in lines {
        let number = matrix.number(position).map(words::signed).unwrap_or_default();
        let mut said = words::quoted(statements.get(position.best).map_or("", |s| &s.quote), words::QUOTE_CHARS);
        said.push_str(&format!(" ({})", position.count()));
        if let Some(condition) = words::condition(&position.conditions) {
            said = format!("{condition}: {said}");
        }
        if let Some(other) = words::contradiction(position, statements, labels) {
            said.push_str(&format!(" ! {other}"));
        }
        if position.is_uncertain() {
            said.push_str(" ? low confidence");
        }
        table.add_row(vec![name.to_string(), number, position.stance.label(labels).to_string(), said]);
    }
    let fixed = [18, 5, 14].map(|w| ColumnConstraint::Absolute(Width::Fixed(w)));
    table.set_constraints(fixed);
    terminal::laid_out(&table)
}
