//! Writes a workbook and tells how long it took: demarche's own of statements (JSON Lines), or one of bare cells by a loop over rust_xlsxwriter.
//!
//! `xlsx INPUT OUT.xlsx`; lines with a `sheet` are cells: `{"sheet": "Evidence", "row": 0, "column": 0, "kind": "text", "value": "Party"}`.
#![allow(missing_docs, clippy::print_stdout)]

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::time::Instant;

use demarche::matrix::{self, MatrixOptions};
use demarche::workbook::{self, Report};
use demarche::{codebook, export};
use rust_xlsxwriter::{Format, Workbook};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Cell {
    sheet: String,
    row: u32,
    column: u16,
    value: Value,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(input), Some(out)) = (args.next(), args.next()) else { return Err("xlsx INPUT OUT.xlsx".into()) };
    let begun = Instant::now();
    let mut opened = BufReader::new(File::open(&input)?);
    let is_cells = opened.fill_buf()?.starts_with(b"{\"sheet\"");
    let (read, written) = if is_cells { bare(opened, &out, begun)? } else { own(opened, &out, begun)? };
    println!("{{\"read_seconds\": {read:.3}, \"write_seconds\": {written:.3}}}");
    Ok(())
}

fn own(input: impl BufRead, out: &str, begun: Instant) -> Result<(f64, f64), Box<dyn Error>> {
    let codebook = codebook::load("ukraine-talks").map_err(|problems| format!("{problems:?}"))?;
    let statements = export::read_statements(input)?;
    let matrix = matrix::positions(&statements, &codebook, &MatrixOptions::default());
    let read = begun.elapsed();
    let report = Report {
        statements: &statements,
        codebook: &codebook,
        matrix: &matrix,
        sources: &[],
        changes: None,
        ledger: None,
        problems: &[],
    };
    workbook::write(File::create(out)?, &report)?;
    Ok((read.as_secs_f64(), (begun.elapsed() - read).as_secs_f64()))
}

/// The plainest way: every cell with a format, as a workbook that anybody reads has them; long sheets in constant memory, as our own.
fn bare(input: impl BufRead, out: &str, begun: Instant) -> Result<(f64, f64), Box<dyn Error>> {
    let cells: Vec<Cell> =
        input.lines().map(|line| Ok(serde_json::from_str(&line?)?)).collect::<Result<_, Box<dyn Error>>>()?;
    let read = begun.elapsed();
    let mut book = Workbook::new();
    let format = Format::new().set_text_wrap();
    for cells in cells.chunk_by(|a, b| a.sheet == b.sheet) {
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(&cells[0].sheet)?;
        for Cell { row, column, value, .. } in cells {
            match value {
                Value::Number(number) => {
                    sheet.write_number_with_format(*row, *column, number.as_f64().unwrap_or(0.0), &format)?;
                }
                Value::Bool(flag) => {
                    sheet.write_boolean_with_format(*row, *column, *flag, &format)?;
                }
                Value::String(text) => {
                    sheet.write_string_with_format(*row, *column, text, &format)?;
                }
                _ => {}
            }
        }
    }
    book.save(out)?;
    Ok((read.as_secs_f64(), (begun.elapsed() - read).as_secs_f64()))
}
