//! Document properties: what a later import relies on, and a creation date that is not the clock's.

use jiff::civil::{Date, date};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, XlsxError};

use super::{SCHEMA, report::Report};

/// Names the ledger that the workbook was made from.
pub(super) const LEDGER: &str = "demarche.ledger";
/// Number of the ledger's last run at that time.
pub(super) const LEDGER_RUN: &str = "demarche.ledger_run";
/// Content hash of the codebook.
pub(super) const CODEBOOK_HASH: &str = "demarche.codebook_hash";

/// Stands in where no date at all is known.
const NO_DATE: Date = date(2000, 1, 1);

/// Makes the properties of the workbook.
pub(super) fn properties(report: &Report<'_>) -> Result<DocProperties, XlsxError> {
    let codebook = report.codebook;
    let as_of = report.matrix.as_of.map(|d| d.to_string()).unwrap_or_default();
    let created = created(report.matrix.as_of)?;
    let subject = if as_of.is_empty() { codebook.title.clone() } else { format!("{}, as of {as_of}", codebook.title) };
    let mut properties = DocProperties::new()
        .set_title("Positions of the parties")
        .set_subject(subject)
        .set_author("demarche")
        .set_creation_datetime(&created)
        .set_custom_property("demarche.schema", SCHEMA)
        .set_custom_property("demarche.as_of", as_of)
        .set_custom_property("demarche.since", report.matrix.since.map(|d| d.to_string()).unwrap_or_default())
        .set_custom_property("demarche.rule", report.matrix.rule.name())
        .set_custom_property("demarche.codebook", format!("{} {}", codebook.name, codebook.version))
        .set_custom_property(CODEBOOK_HASH, codebook.hash.as_str())
        .set_custom_property("demarche.engine", concat!("demarche ", env!("CARGO_PKG_VERSION")));
    if let Some(tie) = report.ledger {
        properties = properties
            .set_custom_property(LEDGER, tie.id.as_str())
            .set_custom_property(LEDGER_RUN, tie.run.to_string());
    }
    Ok(properties)
}

/// The creation date of a workbook: its as-of date, where there is one that spreadsheets know.
pub(super) fn created(as_of: Option<Date>) -> Result<ExcelDateTime, XlsxError> {
    let day = as_of.filter(|day| day.year() >= 1900).unwrap_or(NO_DATE);
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(2000), part(day.month()), part(day.day()))
}
