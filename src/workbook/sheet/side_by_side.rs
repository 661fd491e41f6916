//! Side by side: both matrices in one, before above now, in the workbook of a comparison.

use rust_xlsxwriter::{FormatBorder, Workbook, XlsxError};

use super::super::page::{Heading, Page, Paper};
use super::super::style::{BODY, HEAD, Styles};
use super::changes::position;
use crate::codebook::Codebook;
use crate::diff::words::{self, Namer};
use crate::diff::{Change, Diff};

const HEADER: u32 = 2;
const LEFT: u16 = 2;

/// Writes the sheet.
pub(in super::super) fn write(
    book: &mut Workbook,
    diff: &Diff,
    codebook: &Codebook,
    heading: &Heading,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let namer = Namer::new(codebook);
    let parties =
        words::in_order(diff.all.iter().map(|c| c.party.as_str()), codebook.parties.iter().map(|p| p.id.as_str()));
    let topics =
        words::in_order(diff.all.iter().map(|c| c.topic.as_str()), codebook.topics.iter().map(|t| t.id.as_str()));
    let mut widths = vec![110, 56];
    widths.resize(topics.len() + 2, 94);
    let mut page = Page::new(book, "Side by side", &widths)?;
    page.title("Both matrices", "Framed: what changed. Above the position before, below it the position now.", styles)?;
    page.text(HEADER, 0, "Party", &styles.head)?;
    page.blank(HEADER, 1, &styles.head)?;
    let mut lines = 1;
    for (column, topic) in (LEFT..).zip(&topics) {
        page.text(HEADER, column, namer.topic(topic), &styles.head)?;
        lines = lines.max(page.lines(column, namer.topic(topic), HEAD));
    }
    page.height(HEADER, lines, HEAD)?;
    for (number, party) in (0u32..).zip(&parties) {
        let at = HEADER + 1 + number * 2;
        page.tall(at, 0, 1, namer.party(party), &styles.row_head)?;
        page.text(at, 1, "before", &styles.line)?;
        page.text(at + 1, 1, "now", &styles.line)?;
        for (column, topic) in (LEFT..).zip(&topics) {
            let change = diff.all.iter().find(|c| c.party == *party && c.topic == *topic);
            pair(&mut page, at, column, change, codebook, styles)?;
        }
        let high = page.lines(0, namer.party(party), HEAD).max(4);
        page.height(at, high.div_ceil(2), BODY)?;
        page.height(at + 1, high.div_ceil(2), BODY)?;
    }
    page.sheet.set_freeze_panes(HEADER + 1, LEFT)?;
    page.sheet.set_repeat_rows(HEADER, HEADER)?;
    page.sheet.set_repeat_columns(0, 1)?;
    page.print_as(heading, Paper::A3, 1, 0);
    Ok(())
}

fn pair(
    page: &mut Page<'_>,
    row: u32,
    column: u16,
    change: Option<&Change>,
    codebook: &Codebook,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let stands = change.map(|c| [c.old.as_ref(), c.new.as_ref()]).unwrap_or_default();
    if !change.is_some_and(|c| c.kind.is_change()) {
        for (below, stand) in (0u32..).zip(stands) {
            position(page, row + below, column, stand, codebook, styles)?;
        }
        return Ok(());
    }
    for (below, stand) in (0u32..).zip(stands) {
        let text = words::cell(stand, &codebook.labels);
        let format = stand.map_or_else(|| styles.empty.clone(), |s| styles.contradictory(s.stance));
        let format = format.set_border(FormatBorder::Medium).set_bold();
        page.text(row + below, column, &text, &format)?;
    }
    Ok(())
}
