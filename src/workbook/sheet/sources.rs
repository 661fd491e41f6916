//! Sources: the documents, how each was dated, and what in them was not understood.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::page::{Page, Paper};
use super::super::report::{Report, Source};
use super::super::style::{BODY, HEAD, Styles};
use crate::base::limits::SHEET_ROWS;
use crate::document::DateOrigin;

const HEADER: u32 = 2;
const COLUMNS: [(&str, u32); 9] = [
    ("Document", 200),
    ("Outlet", 120),
    ("Title", 320),
    ("Author", 120),
    ("Published", 84),
    ("Date found in", 150),
    ("Statements", 88),
    ("What was not understood", 260),
    ("Address", 240),
];

/// Rows of documents that one sheet can hold.
const ROWS: usize = (SHEET_ROWS - HEADER - 1) as usize;

/// Writes the sheet, or several where one is too short.
pub(in super::super) fn write(book: &mut Workbook, report: &Report<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let rows = report.sources.len() + report.problems.len();
    for number in 0..rows.div_ceil(ROWS).max(1) {
        let name = if number == 0 { "Sources".to_string() } else { format!("Sources {}", number + 1) };
        let mut page = Page::long(book, &name, &COLUMNS.map(|(_, width)| width))?;
        let remark =
            "The documents in the order they were read. Without a date a document counts as older than all dated ones.";
        page.title("Sources", remark, styles)?;
        page.heads(HEADER, COLUMNS, 2, styles)?;
        let documents = report.sources.iter().map(Ok);
        let all = documents.chain(report.problems.iter().map(Err)).skip(number * ROWS).take(ROWS);
        for (row, one) in (HEADER + 1..).zip(all) {
            match one {
                Ok(source) => line(&mut page, row, source, styles)?,
                Err(problem) => {
                    page.text(row, 0, &format!("Not read: {problem}"), &styles.prose.clone().unset_text_wrap())?;
                }
            }
        }
        page.sheet.set_freeze_panes(HEADER + 1, 1)?;
        page.sheet.set_repeat_rows(HEADER, HEADER)?;
        page.print(report, Paper::A4, 1, 0);
    }
    Ok(())
}

fn line(page: &mut Page<'_>, row: u32, source: &Source, styles: &Styles) -> Result<(), XlsxError> {
    let remark = remark(source);
    let title = source.title.as_deref().unwrap_or("");
    let found = source.published.map_or("no date found", |(_, origin)| found_in(origin));
    page.text(row, 0, &source.doc, &styles.row_head)?;
    page.maybe(row, 1, source.outlet.as_deref(), &styles.text)?;
    page.maybe(row, 2, source.title.as_deref(), &styles.text)?;
    match &source.url {
        Some(url) => page.link(row, 8, url, url, &styles.link)?,
        None => page.blank(row, 8, &styles.line)?,
    }
    page.maybe(row, 3, source.author.as_deref(), &styles.text)?;
    page.date(row, 4, source.published.map(|(date, _)| date), &styles.date)?;
    page.text(row, 5, found, &styles.text)?;
    page.count(row, 6, source.statements, &styles.number)?;
    page.maybe(row, 7, Some(&remark), &styles.text)?;
    let texts = [
        (0, source.doc.as_str()),
        (1, source.outlet.as_deref().unwrap_or("")),
        (2, title),
        (3, source.author.as_deref().unwrap_or("")),
        (5, found),
        (7, &remark),
    ];
    page.fit(row, &texts, HEAD, BODY)
}

/// Says what of a document could not be made use of, or counts already.
fn remark(source: &Source) -> String {
    if source.elsewhere {
        return "not coded: the parties to the talks are named in passing or not at all".to_string();
    }
    let copy = source.copy_of.as_ref().map(|first| format!("a copy of {first}: what both say counts once"));
    let speakers = source.unplaced.join(", ");
    let speakers = (!speakers.is_empty()).then(|| format!("speakers not placed: {speakers}"));
    copy.into_iter().chain(speakers).collect::<Vec<_>>().join("; ")
}

/// Says in words where a date was found.
fn found_in(origin: DateOrigin) -> &'static str {
    match origin {
        DateOrigin::Given => "sources.csv or record",
        DateOrigin::Metadata => "head of the page or mail",
        DateOrigin::FrontMatter => "front matter",
        DateOrigin::DateLine => "date line near the top",
        DateOrigin::Dateline => "dateline of the text",
        DateOrigin::FileName => "file name",
        DateOrigin::Made => "day the file was made",
    }
}
