//! Files of many documents: archives, tables, JSON Lines; and the one way through which every file is read.
//!
//! Documents are handed over one by one, so that a table may be longer than memory.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Write as _};
use std::path::Path;

use super::archive::{self, Member};
use super::decode::decode;
use super::error::DocumentError;
use super::find::{Input, SOURCES, is_table};
use super::kind;
use super::load::{ReadOptions, english, open};
use super::model::Document;
use super::sources::{Given, Sources};
use super::table::{self, Place, SAVE_ANEW, Take};
use super::{docx, jsonl, worker};
use crate::base::file::ends_in;
use crate::base::{Problem, limits};

/// Hands the documents of one file to `take` in their order, until it says no; what cannot be read stands in its place as a problem.
///
/// Tables and archives are read as `take` goes, and never whole where they are long.
pub fn each(
    input: &Input,
    sources: &Sources,
    options: &ReadOptions<'_>,
    take: &mut dyn FnMut(Result<Document, Problem>) -> bool,
) {
    let path = input.path.display().to_string();
    let place = Place { name: &input.name, path: &path };
    if is_table(&input.path) && is_long(&input.path) {
        long(&input.path, place, options, take);
        return;
    }
    let bytes = match open(input) {
        Ok(bytes) => bytes,
        Err(error) => {
            take(Err(error.problem(&input.path)));
            return;
        }
    };
    Held { path: &input.path, place, sources, options }.read(bytes, take);
}

/// Reads the documents that a file of this name with these bytes would hold.
///
/// ```
/// use demarche::document::{ReadOptions, from_bytes};
///
/// let page = b"<title>Talks</title><article><p>The envoys met on Thursday.</p></article>";
/// let read = from_bytes("talks.html", page.to_vec(), &ReadOptions::default());
/// assert_eq!(read[0].as_ref().unwrap().text.trim(), "The envoys met on Thursday.");
/// ```
pub fn from_bytes(name: &str, bytes: Vec<u8>, options: &ReadOptions<'_>) -> Vec<Result<Document, Problem>> {
    let mut read = Vec::new();
    let place = Place { name, path: name };
    Held { path: Path::new(name), place, sources: &Sources::default(), options }.read(bytes, &mut |document| {
        read.push(document);
        true
    });
    read
}

/// A file whose bytes are held: its path, what its documents go by, and what is told of them from outside.
#[derive(Clone, Copy)]
struct Held<'a> {
    path: &'a Path,
    place: Place<'a>,
    sources: &'a Sources,
    options: &'a ReadOptions<'a>,
}

impl Held<'_> {
    /// Reads an archive, or any other file.
    fn read(self, bytes: Vec<u8>, take: &mut Take<'_>) {
        if ends_in(self.path, &["zip"]) && kind::is_zip(&bytes) && !docx::is_word(&bytes) {
            self.unpack(bytes, take);
        } else {
            self.whole(bytes, take);
        }
    }

    /// Reads what is no archive; this and what follows return whether more is wanted.
    fn whole(self, bytes: Vec<u8>, take: &mut Take<'_>) -> bool {
        let Held { path, place, options, .. } = self;
        if is_lines(path) {
            return records(Cursor::new(bytes), place, options, take);
        }
        if is_parquet(path) {
            return held_parquet(&bytes, place, options, take);
        }
        if is_workbook(path) {
            return table::xlsx(bytes, place, options, take);
        }
        if !is_table(path) {
            return self.parts(bytes, take);
        }
        match decode(bytes) {
            Ok(text) => table::csv(text.as_bytes(), &text, SAVE_ANEW, place, options, take),
            Err(error) => take(Err(error.problem(path))),
        }
    }

    /// Reads a document, or the entries of a feed.
    fn parts(self, bytes: Vec<u8>, take: &mut Take<'_>) -> bool {
        let Held { path, place, sources, options } = self;
        let parts = match kind::read(bytes, path, options) {
            Ok(parts) => parts,
            Err(error) => return take(Err(error.problem(path))),
        };
        let none = Given::default();
        for part in parts {
            let (name, at) = (format!("{}{}", place.name, part.name), format!("{}{}", place.path, part.name));
            // A row may be about one entry of a feed, or about the feed.
            let given = sources.of(Path::new(&at)).or_else(|| sources.of(path)).unwrap_or(&none);
            let read = part.read.map_err(|error| error.problem(&at));
            if !take(read.and_then(|facts| english(&name, &at, facts, given, options))) {
                return false;
            }
        }
        true
    }

    /// Reads the members of an archive as if they lay in a folder of its name.
    fn unpack(self, bytes: Vec<u8>, take: &mut Take<'_>) {
        let mut sources = self.sources.clone();
        let read = archive::members(bytes, |Member { name, read }| {
            let (own, at) = (format!("{}/{name}", self.place.name), format!("{}/{name}", self.place.path));
            let (path, place) = (Path::new(&at), Place { name: &own, path: &at });
            match read {
                Ok(bytes) if path.file_name().is_some_and(|file| file == SOURCES) => {
                    sources.add(bytes, path).into_iter().all(|told| take(Err(told)))
                }
                Ok(bytes) => Held { path, place, sources: &sources, options: self.options }.whole(bytes, take),
                Err(error) => take(Err(error.problem(path))),
            }
        });
        if let Err(error) = read {
            take(Err(error.problem(self.place.path)));
        }
    }
}

fn is_lines(path: &Path) -> bool {
    ends_in(path, &["jsonl", "ndjson"])
}

fn is_parquet(path: &Path) -> bool {
    ends_in(path, &["parquet"])
}

fn is_workbook(path: &Path) -> bool {
    ends_in(path, &["xlsx"])
}

/// Tells whether a table is too long to be held: it is then read as it comes.
fn is_long(path: &Path) -> bool {
    is_lines(path)
        || is_parquet(path)
        || !is_workbook(path) && path.metadata().is_ok_and(|meta| meta.len() > limits::DOCUMENT_BYTES)
}

/// Reads a table from the disk as it comes; this and what follows return whether more is wanted.
fn long(path: &Path, place: Place<'_>, options: &ReadOptions<'_>, take: &mut Take<'_>) -> bool {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return take(Err(DocumentError::from_io(error).problem(path))),
    };
    if is_lines(path) {
        return records(BufReader::new(file), place, options, take);
    }
    if is_parquet(path) {
        return parquet(path, place, options, take);
    }
    /// Bytes in which the first line ends.
    const OPENING: u64 = 64 << 10;
    let mut file = file;
    let mut opening = Vec::new();
    if let Err(error) = (&mut file).take(OPENING).read_to_end(&mut opening) {
        return take(Err(DocumentError::from_io(error).problem(path)));
    }
    let head = String::from_utf8_lossy(&opening).into_owned();
    table::csv(Cursor::new(opening).chain(file), &head, SAVE_ANEW, place, options, take)
}

fn parquet(path: &Path, place: Place<'_>, options: &ReadOptions<'_>, take: &mut Take<'_>) -> bool {
    match worker::read_parquet(path, options.worker) {
        Ok(rows) => {
            let mend = "Make the file anew, or save the table as CSV in UTF-8; what came before is done";
            table::csv(rows, ",", mend, place, options, take)
        }
        Err(error) => take(Err(DocumentError::Worker(format!("it cannot be read: {error}")).problem(path))),
    }
}

/// Reads a Parquet file that is held, from a file of its own: its rows are found from its end.
fn held_parquet(bytes: &[u8], place: Place<'_>, options: &ReadOptions<'_>, take: &mut Take<'_>) -> bool {
    let kept = tempfile::NamedTempFile::new().and_then(|mut file| file.write_all(bytes).map(|()| file));
    match kept {
        Ok(file) => parquet(file.path(), place, options, take),
        Err(error) => take(Err(DocumentError::from_io(error).problem(place.path))),
    }
}

fn records(reader: impl std::io::BufRead, place: Place<'_>, options: &ReadOptions<'_>, take: &mut Take<'_>) -> bool {
    for record in jsonl::Records::new(reader, *options).named(place.path) {
        if !take(record) {
            return false;
        }
    }
    true
}
