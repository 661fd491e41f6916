//! Statements and positions as CSV and JSON Lines.
//!
//! Every writer takes an `io::Write` and gives the same bytes for the same input: RFC 4180, UTF-8 without a byte-order
//! mark, a header, ISO dates, nothing for what is not known.
//!
//! | file | makes |
//! | --- | --- |
//! | `matrix` | matrix.csv: parties in rows, topics in columns |
//! | `positions` | positions.csv: one line a position |
//! | `statements` | statements.csv, and reads it back |
//! | `jsonl` | statements.jsonl, and reads it back |
//! | `changes` | changes as Markdown, CSV, JSON and daff |
//! | `contradictions` | statements of a party that disagree |
//! | `gaps` | how far parties stand apart |
//! | `grid` | a table of texts as CSV or Markdown |
//! | `guard` | values that a spreadsheet would take for formulas |

pub mod changes;
mod contradictions;
mod error;
mod gaps;
mod grid;
mod guard;
mod jsonl;
mod matrix;
mod positions;
mod statements;

pub use contradictions::{contradiction_rows, write_contradictions_json};
pub use error::Error;
pub use gaps::{gap_rows, write_gaps_json};
pub use grid::Grid;
pub use guard::guarded;
pub use jsonl::{read_statements, write_statement, write_statements_jsonl};
pub use matrix::write_matrix;
pub use positions::{POSITION_COLUMNS, write_positions};
pub use statements::{STATEMENT_COLUMNS, read_statements_csv, write_statements_csv};

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Puts an apostrophe before values that begin with `=`, `+`, `-`, `@`, a tab or a carriage return, so that a
    /// spreadsheet that opens the CSV runs none of them as a formula. Off by default: quotes stay verbatim.
    pub guard_formulas: bool,
}

fn csv_writer<W: std::io::Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out)
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
