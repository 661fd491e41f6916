//! What the sheets show.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::base::Problem;
use crate::codebook::Codebook;
use crate::diff::Diff;
use crate::document::{DateOrigin, Document};
use crate::matrix::Matrix;
use crate::statement::{Coded, Statement};

/// Everything the workbook is made of.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// All statements, those that do not count included.
    pub statements: &'a [Statement],
    /// The codebook they were coded with.
    pub codebook: &'a Codebook,
    /// Made from exactly these statements.
    pub matrix: &'a Matrix,
    /// The documents read, in the order they were read.
    pub sources: &'a [Source],
    /// What changed since an earlier day, where that was asked for.
    pub changes: Option<&'a Diff>,
    /// The ledger it was made from, where there is one.
    pub ledger: Option<&'a Tie>,
    /// What could not be read.
    pub problems: &'a [Problem],
}

/// What ties a workbook to a ledger, so that the reviews in it can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tie {
    /// Id of the ledger.
    pub id: String,
    /// Number of its last run when the workbook was made.
    pub run: i64,
    /// Content hash of the codebook.
    pub codebook_hash: String,
    /// What was said of statements so far, by their ids.
    pub reviews: BTreeMap<String, String>,
}

/// One document, as the sheet Sources lists it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Source {
    /// Name of the document, as statements carry it.
    pub doc: String,
    /// Outlet, where known.
    pub outlet: Option<String>,
    /// Title, where known.
    pub title: Option<String>,
    /// Author, where known.
    pub author: Option<String>,
    /// Address, where known.
    pub url: Option<String>,
    /// Publication date and where it was found.
    pub published: Option<(Date, DateOrigin)>,
    /// Number of statements coded in it.
    pub statements: usize,
    /// Speakers near a position whom the codebook does not place.
    pub unplaced: Vec<String>,
    /// Whether it is on something else than the negotiation, and was not coded.
    pub elsewhere: bool,
    /// Name of the document that it is a copy of, where it is one.
    pub copy_of: Option<String>,
}

impl Source {
    /// Describes a document and what it gave.
    pub fn new(document: &Document, coded: &Coded) -> Self {
        Source {
            doc: document.name.clone(),
            outlet: document.outlet.clone(),
            title: document.title.clone(),
            author: document.author.clone(),
            url: document.url.clone(),
            published: document.published,
            statements: coded.statements.len(),
            unplaced: coded.unplaced.clone(),
            elsewhere: coded.elsewhere,
            copy_of: document.copy_of.clone(),
        }
    }
}

impl Report<'_> {
    /// Returns the speakers near positions whom the codebook does not place, in order, each once.
    pub fn unplaced(&self) -> Vec<&str> {
        let all: BTreeSet<&str> = self.sources.iter().flat_map(|s| &s.unplaced).map(String::as_str).collect();
        all.into_iter().collect()
    }

    /// Returns the documents for which something holds, in the order they were read.
    pub fn documents(&self, holds: impl Fn(&Source) -> bool) -> Vec<&str> {
        self.sources.iter().filter(|s| holds(s)).map(|s| s.doc.as_str()).collect()
    }

    /// Returns the name of a party, its id where the codebook has none.
    pub(super) fn party<'a>(&'a self, id: &'a str) -> &'a str {
        self.codebook.parties.iter().find(|p| p.id == id).map_or(id, |p| &p.name)
    }

    /// Returns the name of a topic, its id where the codebook has none.
    pub(super) fn topic<'a>(&'a self, id: &'a str) -> &'a str {
        self.codebook.topics.iter().find(|t| t.id == id).map_or(id, |t| &t.name)
    }
}
