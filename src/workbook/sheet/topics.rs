//! Topics: the questions with their poles, and how the parties divide on each.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::page::{Page, Paper, as_of};
use super::super::report::Report;
use super::super::style::{BODY, HEAD, Styles};
use crate::codebook::Topic;
use crate::matrix::{Position, words};

const HEADER: u32 = 2;
const COLUMNS: [(&str, u32); 10] = [
    ("Topic", 170),
    ("Id", 160),
    ("Question", 280),
    ("+ means", 190),
    ("- means", 190),
    ("Statements", 88),
    ("For (+)", 170),
    ("Neutral or mixed", 130),
    ("Against (-)", 170),
    ("Contradictory", 100),
];

/// Writes the sheet: topics with positions in the order of the matrix, then those on which nothing was found.
pub(in super::super) fn write(book: &mut Workbook, report: &Report<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let matrix = report.matrix;
    let mut page = Page::new(book, "Topics", &COLUMNS.map(|(_, width)| width))?;
    let remark = "Every topic is a question; + is yes, - is no. Topics without any statement stand at the end.";
    page.title(&format!("Topics. {}", as_of(report)), remark, styles)?;
    page.heads(HEADER, COLUMNS, 2, styles)?;
    let mut row = HEADER;
    let heard = |id: &str| matrix.topics.iter().position(|t| t.id == id);
    for (index, topic) in matrix.topics.iter().enumerate() {
        row += 1;
        let positions: Vec<&Position> = matrix.positions.iter().filter(|p| p.column == index).collect();
        line(&mut page, row, topic, &positions, report, styles)?;
    }
    for topic in report.codebook.topics.iter().filter(|t| heard(&t.id).is_none()) {
        row += 1;
        line(&mut page, row, topic, &[], report, styles)?;
    }
    page.sheet.set_freeze_panes(HEADER + 1, 1)?;
    page.sheet.set_repeat_rows(HEADER, HEADER)?;
    page.print(report, Paper::A4, 1, 0);
    Ok(())
}

fn line(
    page: &mut Page<'_>,
    row: u32,
    topic: &Topic,
    positions: &[&Position],
    report: &Report<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let side = |sign: Option<i8>| -> String {
        let name = |p: &&Position| report.matrix.parties.get(p.row).map(|party| party.short.clone());
        let stands = |p: &&&Position| match (p.stance.value().map(i8::signum), sign) {
            (Some(theirs), Some(sign)) => theirs == sign,
            (theirs, None) => theirs.is_none_or(|s| s == 0),
            (None, Some(_)) => false,
        };
        positions.iter().filter(stands).filter_map(name).collect::<Vec<_>>().join(", ")
    };
    let (plus, minus) = (words::capital(&topic.plus), words::capital(&topic.minus));
    let texts =
        [(2, topic.question.clone()), (3, plus), (4, minus), (6, side(Some(1))), (7, side(None)), (8, side(Some(-1)))];
    page.text(row, 0, &topic.name, &styles.row_head)?;
    page.text(row, 1, &topic.id, &styles.line)?;
    let mut lines = page.lines(0, &topic.name, HEAD);
    for (column, text) in &texts {
        page.maybe(row, *column, Some(text), &styles.text)?;
        lines = lines.max(page.lines(*column, text, BODY));
    }
    match positions.iter().map(|p| p.count()).sum::<usize>() {
        0 => page.text(row, 5, &report.codebook.labels.none, &styles.empty)?,
        count => page.count(row, 5, count, &styles.number)?,
    }
    page.count(row, 9, positions.iter().filter(|p| p.contradiction.is_some()).count(), &styles.number)?;
    page.height(row, lines, BODY)
}
