//! Stance: the same positions as numbers, for charts and other programs.

use rust_xlsxwriter::{ConditionalFormat3ColorScale, ConditionalFormatType, Workbook, XlsxError};

use super::super::page::{Page, Paper, as_of};
use super::super::report::Report;
use super::super::style::{BODY, HEAD, STANCES, Styles};
use crate::matrix::Rule;

const HEADER: u32 = 2;
/// Stands in a cell without a number where nothing was found; other programs read it as missing.
const NOTHING: &str = "n/a";

/// Writes the sheet.
pub(in super::super) fn write(book: &mut Workbook, report: &Report<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let matrix = report.matrix;
    let mut widths = vec![130];
    widths.resize(matrix.topics.len() + 1, 96);
    let mut page = Page::new(book, "Stance", &widths)?;
    let scale = if matrix.rule == Rule::Mean { "means from -2 to 2" } else { "-2 to 2" };
    let labels = &report.codebook.labels;
    let remark = format!(
        "Numbers on each topic's question, {scale}; {NOTHING}: {}, which is not neutral; {}: statements point both ways; in italics: low confidence.",
        labels.none, labels.mixed
    );
    page.title(&format!("Stances as numbers. {}", as_of(report)), &remark, styles)?;
    page.text(HEADER, 0, "Party", &styles.head)?;
    let mut lines = 1;
    for (column, topic) in (1u16..).zip(&matrix.topics) {
        page.text(HEADER, column, &topic.name, &styles.head)?;
        lines = lines.max(page.lines(column, &topic.name, HEAD));
    }
    page.height(HEADER, lines, HEAD)?;
    for ((row, party), at) in matrix.parties.iter().enumerate().zip(HEADER + 1..) {
        page.text(at, 0, &party.name, &styles.row_head)?;
        let lines = page.lines(0, &party.name, HEAD);
        page.height(at, lines, BODY)?;
        for (index, column) in (0..matrix.topics.len()).zip(1u16..) {
            match matrix.at(row, index).map(|p| (p, matrix.number(p))) {
                Some((position, Some(number))) => {
                    let format = if matrix.rule == Rule::Mean { &styles.share } else { &styles.number };
                    let unsure = position.is_uncertain().then(|| styles.unsure(format));
                    page.number(at, column, number, unsure.as_ref().unwrap_or(format))?;
                }
                Some((position, None)) => {
                    page.text(at, column, position.stance.label(labels), &styles.stance(position.stance))?
                }
                None => page.text(at, column, NOTHING, &styles.no_number())?,
            }
        }
    }
    let rows = u32::try_from(matrix.parties.len()).unwrap_or(0);
    let columns = u16::try_from(matrix.topics.len()).unwrap_or(0);
    if rows > 0 && columns > 0 {
        let scale = ConditionalFormat3ColorScale::new()
            .set_minimum(ConditionalFormatType::Number, -2)
            .set_midpoint(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, 2)
            .set_minimum_color(STANCES[0])
            .set_midpoint_color(STANCES[2])
            .set_maximum_color(STANCES[4]);
        page.sheet.add_conditional_format(HEADER + 1, 1, HEADER + rows, columns, &scale)?;
    }
    page.sheet.set_freeze_panes(HEADER + 1, 1)?;
    page.sheet.set_repeat_rows(HEADER, HEADER)?;
    page.sheet.set_repeat_columns(0, 0)?;
    page.print(report, Paper::A4, 1, 0);
    Ok(())
}
