//! Lists: what the drop-downs of Evidence offer, on a hidden sheet.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::super::page::Page;
use super::super::properties::{CODEBOOK_HASH, LEDGER, LEDGER_RUN};
use super::super::report::Report;

/// The verdicts a reviewer may give.
pub(in super::super) const VERDICTS: [&str; 4] = ["accept", "reject", "correct", "add"];

/// One drop-down list: its column on the sheet and how many entries it has.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct List {
    letter: char,
    entries: usize,
}

impl List {
    /// The verdicts.
    pub(in super::super) fn verdicts() -> List {
        List { letter: 'A', entries: VERDICTS.len() }
    }

    /// The parties of the codebook.
    pub(in super::super) fn parties(report: &Report<'_>) -> List {
        List { letter: 'B', entries: report.codebook.parties.len() }
    }

    /// The topics of the codebook.
    pub(in super::super) fn topics(report: &Report<'_>) -> List {
        List { letter: 'C', entries: report.codebook.topics.len() }
    }

    /// The stances.
    pub(in super::super) fn stances() -> List {
        List { letter: 'D', entries: 5 }
    }

    /// Returns the range of the entries as a formula, nothing where there are none.
    pub(in super::super) fn formula(self) -> Option<String> {
        (self.entries > 0).then(|| format!("=Lists!${0}$2:${0}${1}", self.letter, self.entries + 1))
    }
}

/// Writes the sheet.
pub(in super::super) fn write(book: &mut Workbook, report: &Report<'_>) -> Result<(), XlsxError> {
    let mut page = Page::new(book, "Lists", &[120, 200, 200, 80, 20, 160, 140])?;
    let (plain, bold) = (Format::new(), Format::new().set_bold());
    for (column, head) in (0u16..).zip(["Verdicts", "Parties", "Topics", "Stances"]) {
        page.text(0, column, head, &bold)?;
    }
    for (row, verdict) in (1u32..).zip(VERDICTS) {
        page.text(row, 0, verdict, &plain)?;
    }
    for (row, party) in (1u32..).zip(&report.codebook.parties) {
        page.text(row, 1, &party.name, &plain)?;
    }
    for (row, topic) in (1u32..).zip(&report.codebook.topics) {
        page.text(row, 2, &topic.name, &plain)?;
    }
    for (row, stance) in (1u32..).zip([2.0, 1.0, 0.0, -1.0, -2.0]) {
        page.number(row, 3, stance, &plain)?;
    }
    // The same as the document properties, which some programs drop when they save.
    if let Some(tie) = report.ledger {
        let facts =
            [(LEDGER, tie.id.clone()), (LEDGER_RUN, tie.run.to_string()), (CODEBOOK_HASH, tie.codebook_hash.clone())];
        for (row, (name, value)) in (1u32..).zip(facts) {
            page.text(row, 5, name, &plain)?;
            page.text(row, 6, &value, &plain)?;
        }
    }
    page.sheet.set_hidden(true);
    Ok(())
}
