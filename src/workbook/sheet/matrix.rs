//! Matrix: every party's position on every topic, in words.
//!
//! A party takes two rows: its positions, and below them a low row of links to their evidence. The links do not lie on
//! the positions themselves because LibreOffice shows a linked text on one line, cut at the cell's edge.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::page::{Page, Paper, as_of};
use super::super::plan::{MATRIX_LEFT, MATRIX_STEP, MATRIX_TOP, Plan, matrix_row};
use super::super::report::Report;
use super::super::style::{BODY, HEAD, SMALL, Styles};
use crate::codebook::Topic;
use crate::matrix::{Position, Stance, words};
use crate::statement::Statement;

/// Row with the names of the topics, counted from 0.
const HEADER: u32 = MATRIX_TOP - 1;
/// Row with the colours.
const LEGEND: u32 = 2;
const PARTY_WIDTH: u32 = 112;
/// Pixels that an A3 page on its side holds at a size that can still be read.
const SHEET_WIDTH: u32 = 2_430;
/// Pixels that an A4 page on its side holds at such a size.
const A4_WIDTH: u32 = 1_450;

/// Writes the sheet.
pub(in super::super) fn write(
    book: &mut Workbook,
    report: &Report<'_>,
    plan: &Plan,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let matrix = report.matrix;
    let topics = u32::try_from(matrix.topics.len()).unwrap_or(1).max(1);
    let column_width = ((SHEET_WIDTH - PARTY_WIDTH) / topics).clamp(154, 240);
    let mut widths = vec![PARTY_WIDTH];
    widths.resize(matrix.topics.len() + 1, column_width);
    let total = PARTY_WIDTH + column_width * topics;
    let mut page = Page::new(book, "Matrix", &widths)?;
    page.title(&format!("Who stands where. {}", as_of(report)), &remark(report), styles)?;
    legend(&mut page, report, styles)?;

    page.text(HEADER, 0, "Party", &styles.head)?;
    let mut lines = 1;
    for (column, topic) in (MATRIX_LEFT..).zip(&matrix.topics) {
        head(&mut page, column, topic, styles)?;
        lines = lines.max(page.lines(column, &topic.name, HEAD) + page.lines(column, &topic.question, SMALL));
    }
    page.height(HEADER, lines, HEAD)?;

    for (row, party) in matrix.parties.iter().enumerate() {
        let Some(at) = matrix_row(row) else { break };
        page.sheet.merge_range(at, 0, at + 1, 0, &party.name, &styles.row_head)?;
        let mut lines = page.lines(0, &party.name, HEAD);
        for (index, column) in (0..matrix.topics.len()).zip(MATRIX_LEFT..) {
            match matrix.at(row, index) {
                Some(position) => lines = lines.max(cell(&mut page, at, column, position, report, plan, styles)?),
                None => {
                    page.text(at, column, &report.codebook.labels.none, &styles.upper(&styles.empty))?;
                    page.blank(at + 1, column, &styles.lower(&styles.empty))?;
                }
            }
        }
        page.height(at, lines, BODY)?;
        page.height(at + 1, 1, SMALL)?;
    }

    let last_row = MATRIX_TOP + MATRIX_STEP * u32::try_from(matrix.parties.len()).unwrap_or(0) - 1;
    page.sheet.set_freeze_panes(MATRIX_TOP, MATRIX_LEFT)?;
    page.sheet.set_repeat_rows(HEADER, HEADER)?;
    page.sheet.set_repeat_columns(0, 0)?;
    page.sheet.set_print_area(0, 0, last_row, u16::try_from(topics).unwrap_or(1).max(8))?;
    page.sheet.set_tab_color(super::super::style::STANCES[4]);
    let pages = u16::try_from(total.div_ceil(SHEET_WIDTH)).unwrap_or(1);
    page.print(report, if total <= A4_WIDTH { Paper::A4 } else { Paper::A3 }, pages);
    Ok(())
}

fn remark(report: &Report<'_>) -> String {
    format!(
        "{}. In brackets: the number of statements. Rest the pointer on a cell for the quote in full; the line below it leads to its evidence.",
        report.codebook.title
    )
}

/// The colours with their words, below the remark.
fn legend(page: &mut Page<'_>, report: &Report<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let labels = &report.codebook.labels;
    let stances = [2, 1, 0, -1, -2].map(Stance::Value);
    for (column, stance) in (1u16..).zip(stances.into_iter().chain([Stance::Mixed])) {
        page.text(LEGEND, column, stance.label(labels), &styles.stance(stance))?;
    }
    page.text(LEGEND, 7, &labels.none, &styles.empty)
}

fn head(page: &mut Page<'_>, column: u16, topic: &Topic, styles: &Styles) -> Result<(), XlsxError> {
    let question = styles.faint.clone().set_font_color(rust_xlsxwriter::Color::RGB(0xDCE6F2));
    let name = styles.strong.clone().set_font_color(rust_xlsxwriter::Color::White);
    let below = if topic.question.is_empty() { String::new() } else { format!("\n{}", topic.question) };
    page.rich(HEADER, column, &[(&name, &topic.name), (&question, &below)], &styles.head)
}

/// Writes one position and returns the lines it takes.
fn cell(
    page: &mut Page<'_>,
    row: u32,
    column: u16,
    position: &Position,
    report: &Report<'_>,
    plan: &Plan,
    styles: &Styles,
) -> Result<usize, XlsxError> {
    let labels = &report.codebook.labels;
    let head = words::head(position, labels);
    let summary = words::summary(position, report.statements, labels);
    let rest = summary.strip_prefix(&head).unwrap_or(&summary);
    let mut warning = String::new();
    if let Some(text) = words::contradiction(position, report.statements, labels) {
        warning.push_str(&format!("\n⚠ {text}"));
    }
    if position.is_uncertain() {
        warning.push_str("\n? low confidence");
    }
    let format = if position.contradiction.is_some() {
        styles.contradictory(position.stance)
    } else {
        styles.stance(position.stance)
    };
    let (upper, lower) = (styles.upper(&format), styles.lower(&format));
    page.rich(row, column, &[(&styles.strong, &head), (&styles.plain, rest), (&styles.warning, &warning)], &upper)?;
    page.note(row, column, &note(position, report))?;
    let best = report.statements.get(position.best);
    match best.and_then(|s| plan.evidence_link(&s.party, &s.topic)) {
        Some(link) => page.link(row + 1, column, &link, "→ evidence", &styles.small_link(&lower))?,
        None => page.blank(row + 1, column, &lower)?,
    }
    let bold_head = page.lines(column, &format!("{summary}{warning}"), BODY);
    Ok(bold_head + usize::from(!warning.is_empty()))
}

/// The best quote with its speaker, outlet and date, and the one that contradicts it.
fn note(position: &Position, report: &Report<'_>) -> String {
    let best = report.statements.get(position.best).map(|s| said(s, 900)).unwrap_or_default();
    let other = position.contradiction.and_then(|(_, other)| report.statements.get(other));
    match other {
        Some(other) => {
            let label = Stance::Value(other.stance).label(&report.codebook.labels);
            format!("{best}\n\n⚠ But also ({label}):\n{}", said(other, 600))
        }
        None => best,
    }
}

fn said(statement: &Statement, chars: usize) -> String {
    let mut by: Vec<String> = Vec::new();
    by.extend(statement.speaker.clone().or_else(|| statement.source_text.clone()));
    by.extend(statement.outlet.clone());
    by.push(statement.day().map_or_else(|| "no date".to_string(), words::day));
    format!("{}\n{}", words::quoted(&statement.quote, chars), by.join(", "))
}
