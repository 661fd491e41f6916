//! Parties: who spoke, how much, and on what.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::page::{Page, Paper, as_of};
use super::super::report::Report;
use super::super::style::{BODY, HEAD, Styles};
use crate::matrix::Position;

const HEADER: u32 = 2;
const COLUMNS: [(&str, u32); 10] = [
    ("Party", 150),
    ("Id", 110),
    ("Kind", 90),
    ("Statements", 88),
    ("Topics", 64),
    ("Contradictory", 100),
    ("First", 84),
    ("Last", 84),
    ("Talks most about (salience: statements)", 320),
    ("Speakers", 320),
];

/// Writes the sheet.
pub(in super::super) fn write(book: &mut Workbook, report: &Report<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let matrix = report.matrix;
    let mut page = Page::new(book, "Parties", &COLUMNS.map(|(_, width)| width))?;
    let remark = "Statements that count in the window. Salience: how many of them a party spends on a topic.";
    page.title(&format!("Parties. {}", as_of(report)), remark, styles)?;
    page.heads(HEADER, COLUMNS, 2, styles)?;
    for ((index, party), row) in matrix.parties.iter().enumerate().zip(HEADER + 1..) {
        let positions: Vec<&Position> = matrix.positions.iter().filter(|p| p.row == index).collect();
        let topics = talks_about(report, &positions);
        let speakers = speakers(report, &positions);
        page.text(row, 0, &party.name, &styles.row_head)?;
        page.text(row, 1, &party.id, &styles.line)?;
        page.maybe(row, 2, Some(&party.kind), &styles.line)?;
        page.count(row, 3, positions.iter().map(|p| p.count()).sum(), &styles.number)?;
        page.count(row, 4, positions.len(), &styles.number)?;
        page.count(row, 5, positions.iter().filter(|p| p.contradiction.is_some()).count(), &styles.number)?;
        page.date(row, 6, positions.iter().filter_map(|p| p.first).min(), &styles.date)?;
        page.date(row, 7, positions.iter().filter_map(|p| p.last).max(), &styles.date)?;
        page.text(row, 8, &topics, &styles.text)?;
        page.text(row, 9, &speakers, &styles.text)?;
        let lines =
            page.lines(8, &topics, BODY).max(page.lines(9, &speakers, BODY)).max(page.lines(0, &party.name, HEAD));
        page.height(row, lines, BODY)?;
    }
    page.sheet.set_freeze_panes(HEADER + 1, 1)?;
    page.sheet.set_repeat_rows(HEADER, HEADER)?;
    page.print(report, Paper::A4, 1, 0);
    Ok(())
}

/// The topics a party speaks to most, with the number of its statements on each.
fn talks_about(report: &Report<'_>, positions: &[&Position]) -> String {
    let mut counts: Vec<(usize, usize)> = positions.iter().map(|p| (p.count(), p.column)).collect();
    counts.sort_by_key(|(count, column)| (std::cmp::Reverse(*count), *column));
    let name = |column: usize| report.matrix.topics.get(column).map_or("", |t| t.name.as_str());
    let mut out: Vec<String> =
        counts.iter().take(5).map(|(count, column)| format!("{} ({count})", name(*column))).collect();
    if counts.len() > 5 {
        out.push(format!("{} more", counts.len() - 5));
    }
    out.join(", ")
}

/// The speakers of a party's statements, those with most statements first.
fn speakers(report: &Report<'_>, positions: &[&Position]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for statement in positions.iter().flat_map(|p| &p.statements).filter_map(|i| report.statements.get(*i)) {
        if let Some(speaker) = &statement.speaker {
            *counts.entry(speaker).or_default() += 1;
        }
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    let mut out: Vec<String> = counts.iter().take(8).map(|(name, count)| format!("{name} ({count})")).collect();
    if counts.len() > 8 {
        out.push(format!("{} more", counts.len() - 8));
    }
    out.join(", ")
}
