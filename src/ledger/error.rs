//! What can go wrong with a ledger, as types; it leaves the module as a [`Problem`].

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;
use thiserror::Error;

use super::schema::VERSION;
use crate::base::Problem;

/// Why a ledger could not be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such file.
    #[error("it does not exist")]
    Missing,
    /// The file is something else.
    #[error("it is no ledger: {0}")]
    NotALedger(&'static str),
    /// A newer program made it.
    #[error("a newer demarche made it: its schema is {0}, and this one knows up to {VERSION}")]
    Newer(u32),
    /// The file is shorter than it says, or its pages contradict each other.
    #[error("it is damaged ({0})")]
    Damaged(String),
    /// Somebody changed its tables, or put something beside them that would act by itself.
    #[error("it was changed by another program: {0}")]
    Changed(String),
    /// Another program writes at this moment.
    #[error("{} is writing to it", .0.as_deref().unwrap_or("another program"))]
    Busy(Option<String>),
    /// The stored documents were coded with another codebook.
    #[error("it was coded with the codebook {found}, and not with {asked}")]
    OtherCodebook {
        /// The ledger's.
        found: String,
        /// The one asked for.
        asked: String,
    },
    /// A review names a document that is not there.
    #[error("no document {0:?} is in it")]
    NoDocument(String),
    /// A review quotes words that the document does not have.
    #[error("the document {doc} does not hold the words {quote:?}")]
    NoQuote {
        /// Name of the document.
        doc: String,
        /// The words.
        quote: String,
    },
    /// No space is left.
    #[error("no space is left on the disk or in the quota")]
    DiskFull,
    /// The file or its folder takes no changes.
    #[error("the file or its folder cannot be written to ({0})")]
    Unwritable(String),
    /// The system failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Anything else that SQLite says.
    #[error("{0}")]
    Other(rusqlite::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as Sql;
        match &error {
            Sql::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy(None),
                ErrorCode::DatabaseCorrupt => Error::Damaged(error.to_string()),
                ErrorCode::NotADatabase => Error::NotALedger("it is not a SQLite file"),
                ErrorCode::DiskFull => Error::DiskFull,
                ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Error::Unwritable(error.to_string()),
                _ => Error::Other(error),
            },
            Sql::FromSqlConversionFailure(..) | Sql::InvalidColumnType(..) | Sql::IntegralValueOutOfRange(..) => {
                Error::Damaged(error.to_string())
            }
            _ => Error::Other(error),
        }
    }
}

impl Error {
    /// Tells what went wrong with the ledger at `path`, and what to do.
    pub fn problem(&self, path: &Path) -> Problem {
        let what = match self {
            Error::Busy(_) | Error::DiskFull | Error::Unwritable(_) => "cannot write to the ledger",
            Error::OtherCodebook { .. } => "cannot add to the ledger",
            Error::NoDocument(_) | Error::NoQuote { .. } => "cannot take the review",
            _ => "cannot use the ledger",
        };
        let hint = match self {
            Error::Missing => "demarche add PATHS makes one; name another with --ledger",
            Error::NotALedger(_) => "Name another file with --ledger; this one was left as it is",
            Error::Newer(_) => "Use the newer demarche, or name another ledger; this one was left as it is",
            Error::Damaged(_) => "Bring back a copy, or add the documents to a new ledger; this file was left as it is",
            Error::Changed(_) => {
                "Drop what was added with the program that added it, or bring back a copy; views of your own may stay, tables, indexes and \
                 triggers may not"
            }
            Error::Busy(_) => "Wait until it is done, or close it, and run again; nothing was changed",
            Error::OtherCodebook { .. } => {
                "Name that codebook with --codebook, or another ledger with --ledger; --recode codes all stored \
                 documents again with the codebook you named"
            }
            Error::NoDocument(_) => "Add the document first",
            Error::NoQuote { .. } => "Copy the words from the document as they stand there",
            Error::DiskFull => "Free some space and run again; the ledger is as it was",
            Error::Unwritable(_) => "Change the permissions, or name another ledger; this one is as it was",
            Error::Io(_) | Error::Other(_) => "Check the path and run again; the ledger is as it was",
        };
        Problem::error(what).at(path).why(self).hint(hint)
    }
}
