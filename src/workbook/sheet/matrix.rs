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
/// Width of a column where few parties have a position, and where many have.
const COLUMN_WIDTHS: [u32; 2] = [122, 156];
/// Positions from which on a column is a wide one.
const MANY: usize = 3;
/// Widest column of a matrix with few topics.
const WIDEST: u32 = 260;
/// A sheet of paper on its side, in pixels at a size that can still be read.
struct Room {
    paper: Paper,
    /// Across, where columns are widened to fill it.
    easy: u32,
    /// Across, at most.
    across: u32,
    /// Down, at most.
    down: u32,
}
const A4: Room = Room { paper: Paper::A4, easy: 1_250, across: 1_500, down: 1_000 };
const A3: Room = Room { paper: Paper::A3, easy: 1_950, across: 2_430, down: 1_630 };

/// Writes the sheet.
pub(in super::super) fn write(
    book: &mut Workbook,
    report: &Report<'_>,
    plan: &Plan,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let matrix = report.matrix;
    let widths = widths(report);
    let across: u32 = widths.iter().sum();
    let mut page = Page::new(book, "Matrix", &widths)?;
    page.title(&format!("Who stands where. {}", as_of(report)), &remark(report), styles)?;
    legend(&mut page, report, styles)?;

    page.text(HEADER, 0, "Party", &styles.head)?;
    let mut height = 0.0_f64;
    for (column, topic) in (MATRIX_LEFT..).zip(&matrix.topics) {
        head(&mut page, column, topic, styles)?;
        let name = HEAD.height(page.lines(column, &topic.name, HEAD));
        height = height.max(name + SMALL.height(page.lines(column, &topic.question, SMALL)));
    }
    page.sheet.set_row_height(HEADER, height.max(20.0))?;
    // Title, remark and colours take some 60 points.
    let mut down = height + 60.0;

    for (row, party) in matrix.parties.iter().enumerate() {
        let Some(at) = matrix_row(row) else { break };
        page.tall(at, 0, 1, &party.name, &styles.row_head)?;
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
        down += BODY.height(lines) + SMALL.height(1);
    }

    let last_row = MATRIX_TOP + MATRIX_STEP * u32::try_from(matrix.parties.len()).unwrap_or(0) - 1;
    page.sheet.set_freeze_panes(MATRIX_TOP, MATRIX_LEFT)?;
    page.sheet.set_repeat_rows(HEADER, HEADER)?;
    page.sheet.set_repeat_columns(0, 0)?;
    page.sheet.set_tab_color(super::super::style::STANCES[4]);
    let down = (down * 96.0 / 72.0) as u32;
    let room = if across <= A4.across { A4 } else { A3 };
    let (pages, columns) = (across.div_ceil(room.across).max(1), u16::try_from(matrix.topics.len()).unwrap_or(1));
    // On several pages across the title would be cut: the running head says the same.
    let top = if pages > 1 { HEADER } else { 0 };
    page.sheet.set_print_area(top, 0, last_row, columns.max(7))?;
    page.print(report, room.paper, u16::try_from(pages).unwrap_or(1), u16::from(pages == 1 && down <= room.down));
    Ok(())
}

/// Widths of the columns: wide where many parties have a position, wider yet where there is room.
fn widths(report: &Report<'_>) -> Vec<u32> {
    let matrix = report.matrix;
    let heard = |column: usize| matrix.positions.iter().filter(|p| p.column == column).count();
    let mut widths: Vec<u32> =
        (0..matrix.topics.len()).map(|column| COLUMN_WIDTHS[usize::from(heard(column) >= MANY)]).collect();
    let count = u32::try_from(widths.len()).unwrap_or(1).max(1);
    let across = PARTY_WIDTH + widths.iter().sum::<u32>();
    let room = if across <= A4.across { A4 } else { A3 };
    let spare = room.easy.saturating_sub(across) / count;
    for width in &mut widths {
        *width = (*width + spare).min(WIDEST);
    }
    widths.insert(0, PARTY_WIDTH);
    widths
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
    let bold = HEAD;
    Ok(page.lines_of(column, &[(bold, &head), (BODY, rest), (bold, &warning)]))
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
