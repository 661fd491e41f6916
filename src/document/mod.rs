//! Documents: from files and streams to text with what is known of it.
//!
//! [`find`] lists the files that arguments name, [`Sources::read`] reads what `sources.csv` tells of them, [`load`] makes the documents
//! of one file and nothing else, so that it can run on many at once. [`read`] does all three for a batch that fits in memory;
//! [`jsonl::Records`] reads a stream of any length.
//!
//! `kind` tells by their content what files are; pages, Word files and mails are read into the text that a reader
//! sees of them, archives and feeds into their documents.
//!
//! The text of a text file is decoded, its line ends are made `\n`, a byte-order mark is dropped, and nothing else changes. What
//! is not report (captions, bylines, links) is marked in [`Document::boilerplate`], never taken out.

mod archive;
mod boilerplate;
pub mod copies;
mod corpus;
mod decode;
mod docx;
mod error;
mod facts;
mod feed;
mod find;
mod form;
mod front;
mod head;
pub mod jsonl;
mod kind;
mod language;
mod lines;
mod load;
mod mail;
mod model;
mod page;
mod page_head;
#[cfg(feature = "parquet")]
mod parquet;
mod pdf;
mod sources;
mod table;
mod tags;
mod tree;
mod walk;
pub mod worker;

pub use boilerplate::Furniture;
pub use corpus::{each, from_bytes};
pub use find::{Input, Inputs, find};
pub use load::{LEFT_OUT, ReadOptions, load};
pub use model::{Boilerplate, DateOrigin, Document};
pub use sources::{Given, Sources};
pub use table::Columns;

use std::collections::VecDeque;

use crate::base::Problem;
use crate::base::quick::QuickMap;
use copies::{Copies, Sketch};
use facts::Facts;

/// What a batch of inputs gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The documents in the order found, each text once; copies of one story tell which document they are a copy of.
    pub documents: Vec<Document>,
    /// What could not be read, and what was passed over.
    pub problems: Vec<Problem>,
}

/// Reads all documents that `inputs` (files, folders, patterns) name; what cannot be read is a problem, and the rest goes on.
///
/// ```
/// use demarche::document;
///
/// let reading = document::read(&["seeds".to_string()], &document::ReadOptions::default());
/// assert_eq!(reading.documents.len(), 2);
/// assert_eq!(reading.documents[1].outlet.as_deref(), Some("ABC News"));
/// ```
pub fn read(inputs: &[String], options: &ReadOptions<'_>) -> Reading {
    let (inputs, mut problems) = find(inputs);
    let (sources, more) = Sources::read(&inputs);
    problems.extend(more);
    let mut documents = Vec::new();
    let (mut seen, mut copies) = (Seen::default(), Copies::default());
    for input in inputs {
        for read in input.map_or_else(|gone| vec![Err(gone)], |input| load(&input, &sources, options)) {
            match read {
                Ok(mut document) => match seen.before(&document) {
                    Some(note) => problems.push(note),
                    None => {
                        document.copy_of = copies.of(&document, Sketch::of(&document.text));
                        documents.push(document);
                    }
                },
                Err(problem) => problems.push(problem),
            }
        }
    }
    Reading { documents, problems }
}

/// Makes a document again of a text that was read before and what was known of it from outside then.
///
/// ```
/// use demarche::document::{Given, again};
///
/// let document = again("2025-02-13-talks.txt", "The envoys met.\n".to_string(), &Given::default());
/// assert_eq!(document.published.map(|(day, _)| day.to_string()).as_deref(), Some("2025-02-13"));
/// ```
pub fn again(name: &str, text: String, given: &Given) -> Document {
    // Of a row of a table neither the id nor the table's name tells the day.
    let is_row =
        name.match_indices('#').any(|(at, _)| name.get(..at).is_some_and(|table| find::is_table(table.as_ref())));
    let dated = if is_row { "" } else { name };
    let document = load::describe(dated, Facts { text, ..Facts::default() }, given, &ReadOptions::default());
    Document { name: name.to_string(), ..document }
}

/// The documents that came before: the same text counts once, however many there are. Of the last ones the names are known too.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The numbers that ids write in hexadecimal.
    ids: QuickMap<u64, ()>,
    names: QuickMap<u64, Box<str>>,
    /// Those with a name, the oldest first.
    named: VecDeque<u64>,
}

/// Documents whose names are remembered; a name takes as much room as several ids.
const NAMED: usize = 50_000;

impl Seen {
    /// Returns a note where a document of the same text came before, else takes note of this one.
    pub fn before(&mut self, document: &Document) -> Option<Problem> {
        let id = u64::from_str_radix(&document.id, 16).unwrap_or_default();
        if self.ids.insert(id, ()).is_some() {
            let first = self.names.get(&id).map_or("one read long before it", |name| name);
            let what = "the document counts once";
            return Some(Problem::note(what).at(&document.name).why(format!("its text is that of {first}")));
        }
        self.names.insert(id, document.name.as_str().into());
        self.named.push_back(id);
        if self.named.len() > NAMED
            && let Some(oldest) = self.named.pop_front()
        {
            self.names.remove(&oldest);
        }
        None
    }
}
