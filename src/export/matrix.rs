//! matrix.csv: parties in rows, topics in columns, cells like `rejects (-2)`.

use std::io::Write;

use super::{Error, Options, csv_writer, guarded};
use crate::codebook::Labels;
use crate::matrix::{Matrix, Position};

/// Writes the matrix: ids in the first row and column, a label and a number in every cell where a position was found,
/// the codebook's word for nothing where none was. A position of low confidence is marked with `?`.
///
/// # Errors
/// Fails where `out` does.
pub fn write_matrix<W: Write>(out: W, matrix: &Matrix, labels: &Labels, options: Options) -> Result<(), Error> {
    let mut csv = csv_writer(out, options)?;
    let guard = options.guard_formulas;
    csv.write_field("party")?;
    for topic in &matrix.topics {
        csv.write_field(guarded(&topic.id, guard).as_bytes())?;
    }
    csv.write_record(None::<&[u8]>)?;
    for (row, party) in matrix.parties.iter().enumerate() {
        csv.write_field(guarded(&party.id, guard).as_bytes())?;
        for column in 0..matrix.topics.len() {
            let cell = matrix.at(row, column).map_or_else(|| labels.none.clone(), |p| cell(matrix, p, labels));
            csv.write_field(guarded(&cell, guard).as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(())
}

fn cell(matrix: &Matrix, position: &Position, labels: &Labels) -> String {
    let label = position.stance.label(labels);
    let mark = if position.is_uncertain() { " ?" } else { "" };
    match matrix.number(position) {
        Some(number) => format!("{label} ({number}){mark}"),
        None => format!("{label}{mark}"),
    }
}
