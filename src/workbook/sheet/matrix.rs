//! Matrix: every party's position on every topic, in words.
//!
//! A party takes two rows: its positions, and below them a low row of links to their evidence. The links do not lie on
//! the positions themselves because LibreOffice shows a linked text on one line, cut at the cell's edge.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::fit::{Fit, Grid, Runs, fit};
use super::super::page::{Page, as_of};
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
const COLUMN_WIDTHS: [u32; 2] = [122, 152];
/// Positions from which on a column is a wide one.
const MANY: usize = 3;
/// Height of the title, the remark and the colours, in points.
const ABOVE: f64 = 54.0;

/// Writes the sheet.
pub(in super::super) fn write(
    book: &mut Workbook,
    report: &Report<'_>,
    plan: &Plan,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let matrix = report.matrix;
    let reviewed = words::Reviewed::new(report.statements);
    let said: Vec<Vec<Option<Said<'_>>>> = (0..matrix.parties.len())
        .map(|row| {
            (0..matrix.topics.len())
                .map(|column| matrix.at(row, column).map(|p| Said::new(p, report, &reviewed)))
                .collect()
        })
        .collect();
    let fit = lay_out(report, &said);
    let mut page =
        Page::new(book, "Matrix", &std::iter::once(PARTY_WIDTH).chain(fit.widths.clone()).collect::<Vec<_>>())?;
    page.title(&format!("Who stands where. {}", as_of(report)), &remark(report), styles)?;
    legend(&mut page, report, styles)?;
    page.text(HEADER, 0, "Party", &styles.head)?;
    for (column, topic) in (MATRIX_LEFT..).zip(&matrix.topics) {
        head(&mut page, column, topic, styles)?;
    }
    page.sheet.set_row_height(HEADER, fit.head.max(20.0))?;
    for ((row, party), cells) in matrix.parties.iter().enumerate().zip(&said) {
        let Some(at) = matrix_row(row) else { break };
        page.tall(at, 0, 1, &party.name, &styles.row_head)?;
        for (column, cell) in (MATRIX_LEFT..).zip(cells) {
            match cell {
                Some(said) => position(&mut page, at, column, said, report, plan, styles)?,
                None => {
                    page.text(at, column, &report.codebook.labels.none, &styles.upper(&styles.empty))?;
                    page.blank(at + 1, column, &styles.lower(&styles.empty))?;
                }
            }
        }
        let name = HEAD.height(page.lines(0, &party.name, HEAD)) - SMALL.height(1);
        page.sheet.set_row_height(at, fit.rows.get(row).copied().unwrap_or(0.0).max(name).max(BODY.height(1)))?;
        page.height(at + 1, 1, SMALL)?;
    }
    let last_row = MATRIX_TOP + MATRIX_STEP * u32::try_from(matrix.parties.len()).unwrap_or(0) - 1;
    page.sheet.set_freeze_panes(MATRIX_TOP, MATRIX_LEFT)?;
    page.sheet.set_repeat_rows(HEADER, HEADER)?;
    page.sheet.set_repeat_columns(0, 0)?;
    page.sheet.set_tab_color(super::super::style::STANCES[4]);
    // On several pages across the title would be cut: the running head says the same.
    let top = if fit.across > 1 { HEADER } else { 0 };
    let columns = u16::try_from(matrix.topics.len()).unwrap_or(1);
    page.sheet.set_print_area(top, 0, last_row, columns.max(7))?;
    page.print(report, fit.paper, fit.across, fit.down);
    Ok(())
}

/// Chooses the widths: wide where many parties have a position, then what prints best.
fn lay_out(report: &Report<'_>, said: &[Vec<Option<Said<'_>>>]) -> Fit {
    let matrix = report.matrix;
    let heard = |column: usize| matrix.positions.iter().filter(|p| p.column == column).count();
    let widths: Vec<u32> =
        (0..matrix.topics.len()).map(|column| COLUMN_WIDTHS[usize::from(heard(column) >= MANY)]).collect();
    let heads: Vec<Runs> =
        matrix.topics.iter().map(|t| vec![(HEAD, t.name.clone()), (SMALL, format!("\n{}", t.question))]).collect();
    let runs = |cell: &Option<Said<'_>>| cell.as_ref().map(Said::runs).unwrap_or_default();
    let cells: Vec<Vec<Runs>> = said.iter().map(|row| row.iter().map(runs).collect()).collect();
    let (left, beside) = (PARTY_WIDTH, SMALL.height(1));
    fit(&Grid { cells: &cells, heads: &heads, widths: &widths, left, above: ABOVE, beside })
}

/// A position in words.
struct Said<'a> {
    position: &'a Position,
    head: String,
    rest: String,
    warning: String,
    review: String,
}

impl<'a> Said<'a> {
    fn new(position: &'a Position, report: &Report<'_>, reviewed: &words::Reviewed<'_>) -> Self {
        let labels = &report.codebook.labels;
        let head = words::head(position, labels);
        let summary = words::summary(position, report.statements, labels);
        let rest = summary.strip_prefix(&head).unwrap_or(&summary).to_string();
        let (mut warning, mut review) = (String::new(), String::new());
        if let Some(text) = words::contradiction(position, report.statements, labels) {
            warning.push_str(&format!("\n⚠ {text}"));
        }
        if position.is_uncertain() {
            warning.push_str("\n? low confidence");
        }
        if let Some(told) = reviewed.told(report.matrix, position) {
            review.push_str(&format!("\n✓ {told}"));
        }
        Said { position, head, rest, warning, review }
    }

    fn runs(&self) -> Runs {
        vec![
            (HEAD, self.head.clone()),
            (BODY, self.rest.clone()),
            (HEAD, self.warning.clone()),
            (SMALL, self.review.clone()),
        ]
    }
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

/// Writes one position, its note, and the link below it.
fn position(
    page: &mut Page<'_>,
    row: u32,
    column: u16,
    said: &Said<'_>,
    report: &Report<'_>,
    plan: &Plan,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let position = said.position;
    let format = if position.contradiction.is_some() {
        styles.contradictory(position.stance)
    } else {
        styles.stance(position.stance)
    };
    let (upper, lower) = (styles.upper(&format), styles.lower(&format));
    let runs = [
        (&styles.strong, said.head.as_str()),
        (&styles.plain, &said.rest),
        (&styles.warning, &said.warning),
        (&styles.faint, &said.review),
    ];
    page.rich(row, column, &runs, &upper)?;
    page.note(row, column, &note(position, report))?;
    let best = report.statements.get(position.best);
    match best.and_then(|s| plan.evidence_link(&s.party, &s.topic)) {
        Some(link) => page.link(row + 1, column, &link, "→ evidence", &styles.small_link(&lower)),
        None => page.blank(row + 1, column, &lower),
    }
}

/// The best quote with its speaker, outlet and date, and the one that contradicts it.
fn note(position: &Position, report: &Report<'_>) -> String {
    let best = report.statements.get(position.best).map(|s| told(s, 900)).unwrap_or_default();
    let other = position.contradiction.and_then(|(_, other)| report.statements.get(other));
    match other {
        Some(other) => {
            let label = Stance::Value(other.stance).label(&report.codebook.labels);
            format!("{best}\n\n⚠ But also ({label}):\n{}", told(other, 600))
        }
        None => best,
    }
}

fn told(statement: &Statement, chars: usize) -> String {
    let mut by: Vec<String> = Vec::new();
    by.extend(statement.speaker.clone().or_else(|| statement.source_text.clone()));
    by.extend(statement.outlet.clone());
    by.push(statement.day().map_or_else(|| "no date".to_string(), words::day));
    format!("{}\n{}", words::quoted(&statement.quote, chars), by.join(", "))
}
