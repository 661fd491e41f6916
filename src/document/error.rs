//! What keeps a document from being read, as types; it leaves the module as a [`Problem`].

use std::io;
use std::path::Path;

use thiserror::Error;

use super::find::{KINDS, TABLE_KINDS};
use crate::base::{Problem, limits};

/// What keeps one file or record from becoming a document.
#[derive(Debug, Error)]
#[non_exhaustive]
pub(super) enum DocumentError {
    #[error("it does not exist")]
    Missing,
    #[error("it is neither a file nor a folder")]
    NotAFile,
    #[error("the system does not let it be read ({0})")]
    Unreadable(#[source] io::Error),
    #[error("a document ends in {KINDS}, a table of documents in {TABLE_KINDS}")]
    OtherKind,
    #[error("nothing of that form is there ({0})")]
    BadGlob(glob::PatternError),
    #[error("no document matches")]
    NoMatch,
    #[error("it holds no text")]
    Empty,
    #[error("it is larger than {} MiB", .0 >> 20)]
    TooLarge(u64),
    #[error("it is no text: {0} of its first {1} characters are control characters")]
    Controls(usize, usize),
    #[error("it is no text: zero byte")]
    Zero(usize),
    #[error("no article is on the page")]
    NoArticle,
    #[error("its elements are nested more than {0} deep")]
    TooDeep(usize),
    #[error("it has more than {1} {0}")]
    Crowded(&'static str, usize),
    #[error("it is no readable Word file ({0})")]
    Word(String),
    #[error("it is no readable mail")]
    Mail,
    #[error("it is no readable PDF ({0})")]
    Pdf(String),
    #[error("it is an encrypted PDF, and does not open without a password")]
    Locked,
    #[error("its pages are pictures without text")]
    Scanned,
    #[error("{0}")]
    Worker(String),
    #[error("it is no readable zip archive ({0})")]
    Zip(String),
    #[error("its name leads out of the archive")]
    Outside,
    #[error("it is no readable feed ({0})")]
    Feed(String),
    #[error("it is a zip archive within an archive")]
    Nested,
    #[error("it is a zip archive and no Word file")]
    Archive,
    #[error("it is a page that demarche made, and no article")]
    Own,
    #[error("it is neither valid UTF-8 nor any other encoding that explains it")]
    Encoding(usize),
}

impl DocumentError {
    /// Tells where it went wrong and what to do.
    pub(super) fn problem(self, path: impl AsRef<Path>) -> Problem {
        let hint = match &self {
            DocumentError::Missing => "Check the spelling, or quote a pattern so that the shell leaves it alone",
            DocumentError::NotAFile => "Save it to a file first",
            DocumentError::Unreadable(_) => "Change its permissions, or copy it to where it can be read",
            DocumentError::OtherKind => "Save it as plain text that ends in .txt",
            DocumentError::BadGlob(_) => "A pattern has *, ** between slashes, ? and [...]",
            DocumentError::NoMatch => "To take in every folder below write folder/**/*.txt, or name the folder alone",
            DocumentError::Empty => "Remove it, or fetch the document again",
            DocumentError::TooLarge(_) => "Split it into its documents",
            DocumentError::NoArticle => {
                "Save the article's text as a .txt file: pages that load it later, and lists of links, hold none"
            }
            DocumentError::TooDeep(_) | DocumentError::Crowded(..) => "Save the article's text as a .txt file",
            DocumentError::Word(_) => "Open it in a word processor and save it anew",
            DocumentError::Mail => "Save the mail anew, or its text as a .txt file",
            DocumentError::Pdf(_) | DocumentError::Worker(_) => {
                "Open it in a PDF viewer and print it to a new PDF, or save its text as a .txt file"
            }
            DocumentError::Locked => "Open it with its password and save it without one",
            DocumentError::Scanned => "Run text recognition on it first; the program ocrmypdf adds a text layer",
            DocumentError::Zip(_) => "Unpack it, look at what is in it, and name the folder",
            DocumentError::Outside => "Have the archive made anew by somebody you trust",
            DocumentError::Feed(_) => "Fetch the feed again, or save its articles one by one",
            DocumentError::Nested => "Unpack it and name the folder",
            DocumentError::Archive => "Give it the ending .zip, or unpack it and name the folder",
            DocumentError::Own => "Name the articles it was made from; keep results in another folder",
            DocumentError::Controls(..) | DocumentError::Zero(_) => "Save its text as a .txt file in UTF-8",
            DocumentError::Encoding(_) => "Save it in UTF-8; the byte named is the first that fails",
        };
        let problem = Problem::error("cannot read the document").at(path).why(&self).hint(hint);
        match self {
            DocumentError::Zero(byte) | DocumentError::Encoding(byte) => problem.byte(byte as u64),
            _ => problem,
        }
    }

    /// Sorts what the system says.
    pub(super) fn from_io(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => DocumentError::Missing,
            _ => DocumentError::Unreadable(error),
        }
    }
}

/// The error for a file beyond the limit.
pub(super) fn too_large() -> DocumentError {
    DocumentError::TooLarge(limits::DOCUMENT_BYTES)
}
