//! What can go wrong while writing a workbook.

use rust_xlsxwriter::XlsxError;

/// What went wrong, and on which sheet.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A sheet broke a limit of the format.
    #[error("sheet {sheet}: {source}")]
    Sheet {
        /// Name of the sheet.
        sheet: &'static str,
        /// What the writer said.
        #[source]
        source: XlsxError,
    },
    /// The workbook as a whole could not be made.
    #[error("workbook: {0}")]
    Book(#[from] XlsxError),
    /// The sink failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Error {
    /// Returns what the sink said, where it failed; else the error itself.
    ///
    /// # Errors
    /// The error, where it is another.
    pub fn into_io(self) -> Result<std::io::Error, Error> {
        match self {
            Error::Io(source)
            | Error::Book(XlsxError::IoError(source))
            | Error::Sheet { source: XlsxError::IoError(source), .. } => Ok(source),
            other => Err(other),
        }
    }

    /// Names the sheet on which an error arose.
    pub(super) fn on(sheet: &'static str) -> impl Fn(XlsxError) -> Error {
        move |source| Error::Sheet { sheet, source }
    }
}
