//! positions.xlsx: the workbook that people open, review and send back.
//!
//! | file | subject |
//! | --- | --- |
//! | `report` | what the sheets show |
//! | `plan` | which statement stands on which row, so that sheets can link to each other |
//! | `style` | colours and formats |
//! | `layout` | how many lines a text takes, so that rows are as high as their text |
//! | `fit` | column widths at which a grid prints as large as it can |
//! | `page` | writes one sheet: clips, never makes a formula, sets print and panes |
//! | `comparison` | the workbook of a comparison |
//! | `sheet/*` | one file a sheet |
//! | `read` | a workbook that demarche wrote, back into rows |
//! | `recall` | its positions with the statements behind them |
//!
//! The same report gives the same bytes: the creation date is the as-of date, and nothing reads the clock.

mod comparison;
mod error;
mod fit;
mod layout;
mod page;
mod plan;
mod properties;
pub mod read;
pub mod recall;
mod report;
mod sheet;
mod style;

use std::io::{Cursor, Seek, Write};

use rust_xlsxwriter::Workbook;

use crate::diff::Change;
use crate::matrix;

pub use comparison::changes_to_bytes;
pub use error::Error;
pub use report::{Report, Source, Tie};

/// Version of the workbook's form: sheets, columns and properties that [`read`] relies on.
pub const SCHEMA: &str = "1";

/// Writes the workbook. Its long sheets lie on the disk while they are made, in files that nobody else sees.
///
/// # Errors
/// Fails where `out` does, and where a limit of the format cannot be met by clipping, which the error names with its sheet.
pub fn write<W: Write + Seek + Send>(out: W, report: &Report<'_>) -> Result<(), Error> {
    let mut book = Workbook::new();
    // Packing takes as long as all else together; this level takes two thirds of the time for a twentieth more bytes.
    book.set_zip_compression_level(3);
    book.set_properties(&properties::properties(report)?);
    let styles = style::Styles::new();
    let plan = plan::Plan::new(report);
    let courses = matrix::courses(report.matrix, report.statements);
    sheet::read_me::write(&mut book, report, &styles).map_err(Error::on("Read me"))?;
    sheet::matrix::write(&mut book, report, &plan, &styles).map_err(Error::on("Matrix"))?;
    sheet::stance::write(&mut book, report, courses.as_ref(), &styles).map_err(Error::on("Stance"))?;
    sheet::evidence::write(&mut book, report, &plan, &styles).map_err(Error::on("Evidence"))?;
    if let Some(changes) = report.changes {
        let link = |_: usize, change: &Change| plan.evidence_link(&change.party, &change.topic);
        let heading = page::heading(report);
        sheet::changes::write(&mut book, changes, report.codebook, &heading, link, &styles)
            .map_err(Error::on("Changes"))?;
    }
    sheet::gaps::write(&mut book, report, &styles).map_err(Error::on("Gaps"))?;
    sheet::contradictions::write(&mut book, report, &plan, &styles).map_err(Error::on("Contradictions"))?;
    sheet::parties::write(&mut book, report, &styles).map_err(Error::on("Parties"))?;
    sheet::topics::write(&mut book, report, &styles).map_err(Error::on("Topics"))?;
    sheet::sources::write(&mut book, report, &styles).map_err(Error::on("Sources"))?;
    if let Some(courses) = &courses {
        sheet::stance::numbers(&mut book, report, courses).map_err(Error::on("Over time"))?;
    }
    sheet::lists::write(&mut book, report).map_err(Error::on("Lists"))?;
    Ok(book.save_to_writer(out)?)
}

/// Makes the workbook in memory.
///
/// # Errors
/// Those of [`write`].
pub fn to_bytes(report: &Report<'_>) -> Result<Vec<u8>, Error> {
    let mut bytes = Cursor::new(Vec::new());
    write(&mut bytes, report)?;
    Ok(bytes.into_inner())
}
