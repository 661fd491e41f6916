//! Gaps: how near every two parties stand over all topics, and the gaps on each topic.

use rust_xlsxwriter::{ConditionalFormat3ColorScale, ConditionalFormatType, Format, Workbook, XlsxError};

use super::super::page::{Page, Paper, as_of};
use super::super::report::Report;
use super::super::style::{BODY, HEAD, STANCES, Styles};
use crate::matrix::{self, Gaps, Matrix, Pair, TopicGaps, words};

const HEADER: u32 = 3;
const NAMES: u32 = 150;
const CELL: u32 = 62;
/// Columns beside the names at least, so that the texts of the lower table have room.
const COLUMNS: usize = 16;
/// Below this congruence two parties stand apart, and who could bridge is told, of at most so many pairs.
const APART: f64 = 0.75;
const BRIDGED: usize = 30;
/// The lower table: heads with the first and the last column that each goes over.
const PARTS: [(&str, u16, u16); 4] = [
    ("Widest gap", 1, 1),
    ("Who stands where, against to for", 2, 7),
    ("Stand between the ends", 8, 11),
    ("Common ground; mixed", 12, 16),
];

/// Writes the sheet.
pub(in super::super) fn write(book: &mut Workbook, report: &Report<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let matrix = report.matrix;
    let gaps = matrix::gaps(matrix);
    let parties = matrix.parties.len();
    let mut widths = vec![NAMES];
    widths.resize(1 + parties.max(COLUMNS), CELL);
    let mut page = Page::new(book, "Gaps", &widths)?;
    let remark = "Above the diagonal: congruence, 1 where two parties say the same and 0 where they stand at opposite ends. \
         Below it: the number of topics on which both stand somewhere; in italics: one topic alone.";
    page.title(&format!("How far apart. {}", as_of(report)), remark, styles)?;
    heat(&mut page, matrix, &gaps, styles)?;
    let mut row = HEADER + 1 + u32::try_from(parties).unwrap_or(0) + 1;
    page.text(row, 0, "Topic by topic", &styles.prose_head)?;
    row += 1;
    page.text(row, 0, "Topic", &styles.head)?;
    for (name, first, last) in PARTS {
        over(&mut page, row, first, last, name, &styles.head)?;
    }
    page.height(row, 2, HEAD)?;
    for topic in &gaps.topics {
        row += 1;
        line(&mut page, row, topic, matrix, styles)?;
    }
    if gaps.topics.is_empty() {
        page.text(row + 1, 0, "No two parties stand somewhere on the same topic.", &styles.prose)?;
    }
    bridges(&mut page, row + 2, matrix, &gaps, styles)?;
    page.sheet.set_freeze_panes(0, 1)?;
    page.print(report, Paper::A4, 1, 0);
    Ok(())
}

/// The heat map: congruence above the diagonal, the number of shared topics below it.
fn heat(page: &mut Page<'_>, matrix: &Matrix, gaps: &Gaps, styles: &Styles) -> Result<(), XlsxError> {
    page.text(HEADER, 0, "Congruence", &styles.head)?;
    let mut lines = 1;
    for (column, party) in (1u16..).zip(&matrix.parties) {
        page.text(HEADER, column, &party.short, &styles.head)?;
        lines = lines.max(page.lines(column, &party.short, HEAD));
    }
    page.height(HEADER, lines, HEAD)?;
    for ((index, party), row) in matrix.parties.iter().enumerate().zip(HEADER + 1..) {
        page.text(row, 0, &party.name, &styles.row_head)?;
        for (other, column) in (0..matrix.parties.len()).zip(1u16..) {
            let found = gaps.pairs.iter().find(|p| (p.first, p.second) == (index.min(other), index.max(other)));
            match found {
                _ if index == other => page.blank(row, column, &styles.head)?,
                Some(pair) if other > index => {
                    let alone = (pair.topics == 1).then(|| styles.unsure(&styles.share));
                    page.number(row, column, pair.congruence, alone.as_ref().unwrap_or(&styles.share))?;
                }
                Some(pair) => page.count(row, column, pair.topics, &styles.number)?,
                None => page.text(row, column, "n/a", &styles.no_number())?,
            }
        }
        let lines = page.lines(0, &party.name, HEAD);
        page.height(row, lines, BODY)?;
        // Only the upper half is coloured: the counts below the diagonal are no congruence.
        let (from, to) = (u16::try_from(index + 2).unwrap_or(0), u16::try_from(matrix.parties.len()).unwrap_or(0));
        if from <= to && from > 0 {
            let scale = ConditionalFormat3ColorScale::new()
                .set_minimum(ConditionalFormatType::Number, 0)
                .set_midpoint(ConditionalFormatType::Number, 0.5)
                .set_maximum(ConditionalFormatType::Number, 1)
                .set_minimum_color(STANCES[0])
                .set_midpoint_color(STANCES[2])
                .set_maximum_color(STANCES[4]);
            page.sheet.add_conditional_format(row, from, row, to, &scale)?;
        }
    }
    Ok(())
}

fn line(page: &mut Page<'_>, row: u32, topic: &TopicGaps, matrix: &Matrix, styles: &Styles) -> Result<(), XlsxError> {
    let name = matrix.topics.get(topic.column).map_or("", |t| t.name.as_str());
    page.text(row, 0, name, &styles.row_head)?;
    page.number(row, 1, topic.widest(), &styles.number)?;
    let mut lines = page.lines(0, name, HEAD);
    let ground = words::common_ground(topic, matrix).join("; ");
    let texts = [ends(topic, matrix), words::names(topic.between(), matrix), ground];
    for ((_, first, last), text) in PARTS.iter().skip(1).zip(&texts) {
        over(page, row, *first, *last, text, &styles.text)?;
        lines = lines.max(BODY.lines(text, f64::from(CELL * u32::from(last - first + 1))));
    }
    page.height(row, lines, BODY)
}

/// Who could bridge: pairs that stand apart, with those nearer to both than they are to each other.
fn bridges(page: &mut Page<'_>, top: u32, matrix: &Matrix, gaps: &Gaps, styles: &Styles) -> Result<(), XlsxError> {
    let apart = |p: &&Pair| p.congruence < APART && p.topics > 1 && !p.bridges.is_empty();
    let found: Vec<&Pair> = gaps.pairs.iter().filter(apart).take(BRIDGED).collect();
    if found.is_empty() {
        return Ok(());
    }
    let head =
        "Who could bridge: parties nearer to both than the two are to each other, on two topics or more with each";
    page.text(top, 0, head, &styles.prose_head.clone().unset_text_wrap())?;
    page.text(top + 1, 0, "Parties", &styles.head)?;
    page.text(top + 1, 1, "Congru-ence", &styles.head)?;
    over(page, top + 1, 2, 11, "Could bridge; in brackets the congruence with the one further away", &styles.head)?;
    page.height(top + 1, 2, HEAD)?;
    for (row, pair) in (top + 2..).zip(found) {
        let names = format!("{} – {}", matrix.short(pair.first), matrix.short(pair.second));
        let told = words::bridges(pair, matrix, usize::MAX);
        page.text(row, 0, &names, &styles.row_head)?;
        page.number(row, 1, pair.congruence, &styles.share)?;
        over(page, row, 2, 11, &told, &styles.text)?;
        let lines = page.lines(0, &names, HEAD).max(BODY.lines(&told, f64::from(CELL * 10)));
        page.height(row, lines, BODY)?;
    }
    Ok(())
}

/// Writes text over several columns.
fn over(page: &mut Page<'_>, row: u32, first: u16, last: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    if first < last {
        page.sheet.merge_range(row, first, row, last, "", format)?;
    }
    page.text(row, first, text, format)
}

/// Who stands where: `-2: Russia; 0: US; +2: Ukraine, EU`.
fn ends(topic: &TopicGaps, matrix: &Matrix) -> String {
    let group = |(number, rows): &(f64, Vec<usize>)| {
        let names = words::names(rows, matrix);
        format!("{}: {names}", words::signed(*number))
    };
    topic.groups().iter().map(group).collect::<Vec<_>>().join("; ")
}
