//! The workbook of a comparison: Changes, both matrices side by side, and the statements behind each change.

use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use super::page::{Heading, Page, Paper};
use super::properties::created;
use super::style::{BODY, Styles};
use super::{Error, sheet};
use crate::codebook::Codebook;
use crate::diff::words::{Namer, title};
use crate::diff::{Diff, Evidence};
use crate::matrix::Stance;

const COLUMNS: [(&str, u32); 11] = [
    ("Change", 110),
    ("Party", 110),
    ("Topic", 140),
    ("Side", 60),
    ("Position", 96),
    ("Quote", 420),
    ("Speaker", 140),
    ("Day", 82),
    ("Outlet", 120),
    ("Document", 180),
    ("Id", 140),
];

/// Makes the workbook of a comparison in memory.
///
/// # Errors
/// Fails where a limit of the format cannot be met by clipping, which the error names with its sheet.
pub fn changes_to_bytes(diff: &Diff, codebook: &Codebook) -> Result<Vec<u8>, Error> {
    let mut book = Workbook::new();
    let created = created(diff.new_as_of)?;
    let properties = DocProperties::new()
        .set_title(title(diff))
        .set_subject(&codebook.title)
        .set_author("demarche")
        .set_creation_datetime(&created);
    book.set_properties(&properties);
    let styles = Styles::new();
    let heading = Heading { title: codebook.title.clone(), remark: title(diff) };
    // Where the statements of each change begin on Evidence.
    let mut starts = Vec::new();
    let mut row = 1u32;
    for change in diff.changes() {
        let count = [&change.old, &change.new].into_iter().flatten().map(|s| s.evidence.len()).sum::<usize>();
        starts.push((count > 0).then_some(row));
        row = row.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
    }
    let link = |number: usize| {
        let row = starts.get(number).copied().flatten()?;
        Some(format!("internal:'Evidence'!A{}", row + 1))
    };
    sheet::changes::write(&mut book, diff, codebook, &heading, |number, _| link(number), &styles)
        .map_err(Error::on("Changes"))?;
    sheet::side_by_side::write(&mut book, diff, codebook, &heading, &styles).map_err(Error::on("Side by side"))?;
    evidence(&mut book, diff, codebook, &heading, &styles).map_err(Error::on("Evidence"))?;
    Ok(book.save_to_buffer()?)
}

fn evidence(
    book: &mut Workbook,
    diff: &Diff,
    codebook: &Codebook,
    heading: &Heading,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let namer = Namer::new(codebook);
    let mut page = Page::new(book, "Evidence", &COLUMNS.map(|(_, width)| width))?;
    page.heads(0, COLUMNS, 1, styles)?;
    let mut row = 0;
    for change in diff.changes() {
        for (side, stand) in [("before", &change.old), ("now", &change.new)] {
            for statement in stand.iter().flat_map(|s| &s.evidence) {
                row += 1;
                page.text(row, 0, change.kind.name(), &styles.text)?;
                page.text(row, 1, namer.party(&change.party), &styles.row_head)?;
                page.text(row, 2, namer.topic(&change.topic), &styles.text)?;
                page.text(row, 3, side, &styles.line)?;
                line(&mut page, row, statement, codebook, styles)?;
            }
        }
    }
    page.sheet.set_freeze_panes(1, 2)?;
    page.sheet.set_repeat_rows(0, 0)?;
    page.print_as(heading, Paper::A4, 1, 0);
    Ok(())
}

fn line(
    page: &mut Page<'_>,
    row: u32,
    statement: &Evidence,
    codebook: &Codebook,
    styles: &Styles,
) -> Result<(), XlsxError> {
    match statement.stance.map(Stance::Value) {
        Some(stance) => page.text(row, 4, stance.label(&codebook.labels), &styles.stance(stance))?,
        None => page.blank(row, 4, &styles.line)?,
    }
    page.maybe(row, 5, Some(&statement.quote), &styles.text)?;
    page.maybe(row, 6, Some(&statement.speaker), &styles.text)?;
    page.date(row, 7, statement.day, &styles.date)?;
    page.maybe(row, 8, Some(&statement.outlet), &styles.text)?;
    page.maybe(row, 9, Some(&statement.doc), &styles.line)?;
    page.maybe(row, 10, Some(&statement.id), &styles.line)?;
    let lines = page.lines(5, &statement.quote, BODY).max(page.lines(6, &statement.speaker, BODY));
    page.height(row, lines.max(page.lines(2, "", BODY)).max(2), BODY)
}
