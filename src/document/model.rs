//! The document: one article, statement or transcript, and what is known of it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::base::Span;

/// Where a document's publication date was found, from the surest to the least sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrigin {
    /// A row of `sources.csv`, or the record of a JSON Lines corpus.
    Given,
    /// What the file knows beside its text: the head of a page or of a mail.
    Metadata,
    /// Front matter at the top of the file.
    FrontMatter,
    /// A date line near the top.
    DateLine,
    /// A dateline that opens the text.
    Dateline,
    /// The file name.
    FileName,
    /// The day the file was made, by its own properties.
    Made,
}

/// Why a region of a document is not coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Boilerplate {
    /// Front matter, date line.
    Meta,
    /// Photo caption or credit.
    Caption,
    /// Byline or "contributed to this report".
    Byline,
    /// Links, tags, subscription offers.
    Furniture,
}

/// One article, statement or transcript.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Content id of the text.
    pub id: String,
    /// File name below the folder given, with `/` between folders; or the id of a JSON Lines record.
    pub name: String,
    /// The text: decoded, line ends made `\n`, a byte-order mark dropped, nothing else changed; of pages, Word files and mails what
    /// a reader sees, a blank line between paragraphs.
    pub text: String,
    /// Title, given or read from the first line.
    pub title: Option<String>,
    /// Outlet, where known.
    pub outlet: Option<String>,
    /// Address, where known.
    pub url: Option<String>,
    /// Author, where known.
    pub author: Option<String>,
    /// Publication date and where it was found.
    pub published: Option<(Date, DateOrigin)>,
    /// Name of the first document that tells the same story in nearly the same words, where this one is a copy of it.
    pub copy_of: Option<String>,
    /// Regions kept out of the coding, in order, not overlapping.
    pub boilerplate: Vec<(Span, Boilerplate)>,
}
