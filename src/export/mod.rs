//! Statements and positions as CSV and JSON Lines, and in the forms of other programs.
//!
//! Every writer takes an `io::Write` and gives the same bytes for the same input: RFC 4180, UTF-8 without a byte-order
//! mark unless it is asked for, a header, ISO dates, nothing for what is not known.
//!
//! | file | makes |
//! | --- | --- |
//! | `matrix` | matrix.csv: parties in rows, topics in columns |
//! | `positions` | positions.csv: one line a position |
//! | `statements` | statements.csv, and reads it back |
//! | `parquet` | both as Apache Parquet |
//! | `csvw` | what the columns of both hold, as CSV on the Web |
//! | `jsonl` | statements.jsonl, and reads it back |
//! | `changes` | changes as Markdown, CSV, JSON and daff |
//! | `contradictions` | statements of a party that disagree |
//! | `gaps` | how far parties stand apart |
//! | `findings` | a matrix with what it was made from: what the writers below take |
//! | `markdown` | the matrix as a Markdown table, with the statements behind it |
//! | `network` | parties and topics, or parties, as a GraphML network |
//! | `dna` | the event list of Discourse Network Analyzer |
//! | `refi` | codebook and project as REFI-QDA |
//! | `table` | the columns of both, and what each holds |
//! | `xml` | elements in order, escaped |
//! | `grid` | a table of texts as CSV or Markdown |
//! | `guard` | values that a spreadsheet would take for formulas |

pub mod changes;
mod contradictions;
mod csvw;
mod dna;
mod error;
mod findings;
mod gaps;
mod grid;
mod guard;
mod jsonl;
mod markdown;
mod matrix;
mod network;
#[cfg(feature = "parquet")]
mod parquet;
mod positions;
pub mod refi;
mod statements;
mod table;
mod xml;

pub use contradictions::{contradiction_rows, write_contradictions_json};
pub use csvw::write_csvw;
pub use dna::{DNA_COLUMNS, write_dna};
pub use error::Error;
pub use findings::Findings;
pub use gaps::{gap_rows, write_gaps_json};
pub use grid::Grid;
pub use guard::guarded;
pub use jsonl::{read_statements, write_statement, write_statements_jsonl};
pub use markdown::write_markdown;
pub use matrix::write_matrix;
pub use network::{Network, write_graphml};
#[cfg(feature = "parquet")]
pub use parquet::{write_positions_parquet, write_statements_parquet};
pub use positions::{POSITION_COLUMNS, write_positions};
pub use statements::{STATEMENT_COLUMNS, read_statements_csv, write_statements_csv};
pub use table::Table;

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Puts an apostrophe before values that begin with `=`, `+`, `-`, `@`, a tab or a carriage return, so that a
    /// spreadsheet that opens the CSV runs none of them as a formula. Off by default: quotes stay verbatim.
    pub guard_formulas: bool,
    /// Begins with a byte-order mark, without which Excel takes UTF-8 for another encoding. Off by default: other programs take the mark
    /// for a part of the first column's name.
    pub bom: bool,
    /// Puts beside statements.csv and positions.csv what their columns hold, as CSV on the Web. Off by default.
    pub csvw: bool,
}

/// Begins a CSV file.
fn csv_writer<W: std::io::Write>(out: W, options: Options) -> Result<csv::Writer<W>, Error> {
    csv_with(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF), out, options)
}

/// Begins a CSV file of another form.
fn csv_with<W: std::io::Write>(
    form: &csv::WriterBuilder,
    mut out: W,
    options: Options,
) -> Result<csv::Writer<W>, Error> {
    if options.bom {
        out.write_all("\u{feff}".as_bytes())?;
    }
    Ok(form.from_writer(out))
}

/// Writes one JSON object, laid out to be read, with a line end.
///
/// # Errors
/// Fails where `out` does.
pub fn write_json<W: std::io::Write>(mut out: W, whole: &impl serde::Serialize) -> Result<(), Error> {
    serde_json::to_writer_pretty(&mut out, whole).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}
