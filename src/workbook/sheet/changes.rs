//! Changes: what became of every position that differs, old and new side by side.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::page::{Heading, Page, Paper};
use super::super::style::{BODY, HEAD, Styles};
use crate::codebook::Codebook;
use crate::diff::words::{self as changes, Namer};
use crate::diff::{Change, Diff, Stand};
use crate::matrix::words;

const HEADER: u32 = 2;
const COLUMNS: [(&str, u32); 11] = [
    ("Change", 104),
    ("Party", 110),
    ("Topic", 130),
    ("Before", 108),
    ("Now", 108),
    ("Words before", 270),
    ("By whom, when", 130),
    ("Words now", 270),
    ("By whom, when", 130),
    ("To note", 130),
    ("Evidence", 74),
];

/// Writes the sheet; `link` leads from a change to its evidence.
pub(in super::super) fn write(
    book: &mut Workbook,
    diff: &Diff,
    codebook: &Codebook,
    heading: &Heading,
    link: impl Fn(usize, &Change) -> Option<String>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let mut page = Page::new(book, "Changes", &COLUMNS.map(|(_, width)| width))?;
    let remark =
        format!("{}. The most important come first; reversals, then moves by their length.", changes::tally(diff));
    page.title(&changes::title(diff), &remark, styles)?;
    page.heads(HEADER, COLUMNS, 1, styles)?;
    let mut row = HEADER;
    for (number, change) in diff.changes().enumerate() {
        row += 1;
        line(&mut page, row, change, codebook, link(number, change), styles)?;
    }
    if row == HEADER {
        row += 1;
        page.text(row, 0, "No position differs.", &styles.prose)?;
    }
    page.sheet.set_freeze_panes(HEADER + 1, 3)?;
    page.sheet.set_repeat_rows(HEADER, HEADER)?;
    page.print_as(heading, Paper::A3, 1, 0);
    Ok(())
}

fn line(
    page: &mut Page<'_>,
    row: u32,
    change: &Change,
    codebook: &Codebook,
    link: Option<String>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let namer = Namer::new(codebook);
    let kind = match change.condition {
        Some(condition) => format!("{}, {condition}", change.kind),
        None => change.kind.to_string(),
    };
    let (party, topic) = (namer.party(&change.party), namer.topic(&change.topic));
    page.text(row, 0, &kind, &styles.row_head)?;
    page.text(row, 1, party, &styles.text)?;
    page.text(row, 2, topic, &styles.text)?;
    let mut lines = page.lines(0, &kind, HEAD).max(page.lines(1, party, BODY)).max(page.lines(2, topic, BODY));
    for (column, stand) in [(3, &change.old), (4, &change.new)] {
        position(page, row, column, stand.as_ref(), codebook, styles)?;
    }
    let notes = changes::notes(change).join("; ");
    let texts = [
        (5, quote(&change.old)),
        (6, source(&change.old)),
        (7, quote(&change.new)),
        (8, source(&change.new)),
        (9, notes),
    ];
    for (column, text) in &texts {
        page.maybe(row, *column, Some(text), &styles.text)?;
        lines = lines.max(page.lines(*column, text, BODY));
    }
    match link {
        Some(link) => page.link(row, 10, &link, "→ evidence", &styles.link)?,
        None => page.blank(row, 10, &styles.line)?,
    }
    page.height(row, lines, BODY)
}

/// Writes a stance in its colour, the codebook's word for nothing where there is none.
pub(in super::super) fn position(
    page: &mut Page<'_>,
    row: u32,
    column: u16,
    stand: Option<&Stand>,
    codebook: &Codebook,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let text = changes::cell(stand, &codebook.labels);
    match stand {
        Some(stand) => page.text(row, column, &text, &styles.stance(stand.stance)),
        None => page.text(row, column, &text, &styles.empty),
    }
}

fn quote(stand: &Option<Stand>) -> String {
    let Some(stand) = stand else { return String::new() };
    let condition = stand.conditions.as_deref().and_then(words::condition);
    let quote = stand.evidence.first().map(|e| e.quote.as_str()).filter(|q| !q.is_empty());
    let quote = quote.map(|q| words::quoted(q, 400));
    match (condition, quote) {
        (Some(condition), Some(quote)) => format!("{condition}: {quote}"),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => String::new(),
    }
}

fn source(stand: &Option<Stand>) -> String {
    stand.as_ref().and_then(|s| s.evidence.first()).map(changes::by).unwrap_or_default()
}
