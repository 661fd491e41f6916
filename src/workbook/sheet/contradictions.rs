//! Contradictions: pairs of statements of one party on one topic that disagree, with both quotations.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::page::{Page, Paper, as_of};
use super::super::plan::Plan;
use super::super::report::Report;
use super::super::style::{BODY, HEAD, Styles};
use crate::matrix::{self, Contradiction, Position, Stance, words};
use crate::statement::Statement;

const HEADER: u32 = 2;
const COLUMNS: [(&str, u32); 14] = [
    ("Party", 110),
    ("Topic", 124),
    ("Who", 84),
    ("Days apart", 62),
    ("Earlier", 84),
    ("Words", 250),
    ("Speaker", 110),
    ("Day, outlet", 96),
    ("Evidence", 62),
    ("Later", 84),
    ("Words", 250),
    ("Speaker", 110),
    ("Day, outlet", 96),
    ("Evidence", 62),
];

/// Writes the sheet.
pub(in super::super) fn write(
    book: &mut Workbook,
    report: &Report<'_>,
    plan: &Plan,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let found = matrix::contradictions(report.matrix, report.statements, None);
    let mut page = Page::long(book, "Contradictions", &COLUMNS.map(|(_, width)| width))?;
    let mut remark = "A pair for every two speakers of a party who disagree, and for a speaker who said otherwise on another occasion; \
         yes against no first, then the nearest in time; ? low confidence."
        .to_string();
    if found.more > 0 {
        remark.push_str(&format!(" {} more pairs of speakers are left out.", found.more));
    }
    page.title(&format!("Where parties contradict themselves. {}", as_of(report)), &remark, styles)?;
    page.heads(HEADER, COLUMNS, 2, styles)?;
    let mut row = HEADER;
    for pair in &found.pairs {
        row += 1;
        line(&mut page, row, pair, report, plan, styles)?;
    }
    if found.pairs.is_empty() {
        page.text(row + 1, 0, "No party contradicts itself in these statements.", &styles.prose)?;
    }
    page.sheet.set_freeze_panes(HEADER + 1, 2)?;
    page.sheet.set_repeat_rows(HEADER, HEADER)?;
    page.print(report, Paper::A3, 1, 0);
    Ok(())
}

fn line(
    page: &mut Page<'_>,
    row: u32,
    pair: &Contradiction,
    report: &Report<'_>,
    plan: &Plan,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let party = report.matrix.parties.get(pair.row).map_or("", |p| p.name.as_str());
    let topic = report.matrix.topics.get(pair.column).map_or("", |t| t.name.as_str());
    let who = pair.voices.name();
    page.text(row, 0, party, &styles.row_head)?;
    page.text(row, 1, topic, &styles.text)?;
    page.text(row, 2, who, &styles.text)?;
    match pair.days {
        Some(days) => page.number(row, 3, f64::from(days), &styles.number)?,
        None => page.blank(row, 3, &styles.line)?,
    }
    let mut lines = page.lines(0, party, HEAD).max(page.lines(1, topic, BODY));
    for (column, index) in [(4, pair.first), (9, pair.second)] {
        let Some(statement) = report.statements.get(index) else { continue };
        lines = lines.max(side(page, row, column, statement, report, styles)?);
        match plan.statement_link(index) {
            Some(link) => page.link(row, column + 4, &link, "→ row", &styles.link)?,
            None => page.blank(row, column + 4, &styles.line)?,
        }
    }
    page.height(row, lines, BODY)
}

/// Writes one of the two statements and returns the lines it takes.
fn side(
    page: &mut Page<'_>,
    row: u32,
    column: u16,
    statement: &Statement,
    report: &Report<'_>,
    styles: &Styles,
) -> Result<usize, XlsxError> {
    let stance = Stance::Value(statement.stance);
    let mut when: Vec<String> = statement.day().map(words::day).into_iter().collect();
    when.extend(statement.outlet.clone());
    let speaker = words::voice(statement).to_string();
    let mark = if statement.confidence < Position::UNCERTAIN { " ?" } else { "" };
    let label = format!("{}{mark}", stance.label(&report.codebook.labels));
    page.text(row, column, &label, &styles.stance(stance))?;
    let mut lines = 1;
    for (at, text) in
        [(column + 1, words::quoted(&statement.quote, 500)), (column + 2, speaker), (column + 3, when.join(", "))]
    {
        page.maybe(row, at, Some(&text), &styles.text)?;
        lines = lines.max(page.lines(at, &text, BODY));
    }
    Ok(lines)
}
