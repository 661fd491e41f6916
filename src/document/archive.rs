//! Zip archives of documents: each member as if it lay in a folder, with bounds on what unpacking may cost.

use std::io::{Cursor, Read};
use std::path::Path;

use super::error::{DocumentError, too_large};
use super::find::{SOURCES, is_document, is_table};
use crate::base::file::ends_in;
use crate::base::limits;

/// A file of an archive.
pub(super) struct Member {
    /// Its path in the archive, `/` between folders.
    pub(super) name: String,
    /// Its bytes, or what is at fault with it.
    pub(super) read: Result<Vec<u8>, DocumentError>,
}

/// Bytes that one packed byte may become, in what is more than a little.
const RATIO: u64 = 200;
/// Bytes unpacked that are a little.
const LITTLE: u64 = 1 << 20;

type Zip = zip::ZipArchive<Cursor<Vec<u8>>>;

/// Hands the documents of an archive to `take` one by one until it says no, each `sources.csv` first, then in byte order of their
/// names; no two are unpacked at a time.
///
/// # Errors
///
/// An archive that is broken, beyond a limit, or holds no document. Members that are at fault are told one by one.
pub(super) fn members(bytes: Vec<u8>, mut take: impl FnMut(Member) -> bool) -> Result<(), DocumentError> {
    let mut archive = Zip::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > limits::MEMBERS {
        return Err(DocumentError::Zip(format!("it has more than {} members", limits::MEMBERS)));
    }
    let names = names(&mut archive)?;
    if names.is_empty() {
        return Err(DocumentError::Zip("it holds no document".into()));
    }
    let mut room = limits::UNPACKED_BYTES;
    for (name, number) in names {
        let read = refused(&name).map_or_else(|| unpacked(&mut archive, number, room), Err);
        room -= read.as_ref().map_or(0, |bytes| bytes.len() as u64);
        if !take(Member { name, read }) {
            return Ok(());
        }
        if room == 0 {
            return Err(DocumentError::Zip(format!("it unpacks to {} MiB or more", limits::UNPACKED_BYTES >> 20)));
        }
    }
    Ok(())
}

fn is_sources(name: &str) -> bool {
    name.rsplit('/').next() == Some(SOURCES)
}

fn broken(error: impl std::fmt::Display) -> DocumentError {
    DocumentError::Zip(error.to_string())
}

/// Lists what may be a document, by name, with its number; folders and hidden files are none.
fn names(archive: &mut Zip) -> Result<Vec<(String, usize)>, DocumentError> {
    let mut names = Vec::new();
    for number in 0..archive.len() {
        // The directory is read without unpacking, so that a protected member is told as one later.
        let file = archive.by_index_raw(number).map_err(broken)?;
        let name = file.name().map_err(broken)?.replace('\\', "/");
        let hidden = name.split('/').any(|part| part.starts_with('.') && part != "..") || name.starts_with("__MACOSX/");
        if !file.is_dir() && !hidden {
            names.push((name, number));
        }
    }
    names.sort_by_cached_key(|(name, _)| (!is_sources(name), name.clone()));
    Ok(names)
}

/// Tells why a member is not even unpacked.
fn refused(name: &str) -> Option<DocumentError> {
    if name.starts_with('/') || name.contains(':') || name.split('/').any(|part| part == "..") {
        Some(DocumentError::Outside)
    } else if ends_in(name, &["zip"]) {
        Some(DocumentError::Nested)
    } else if !(is_sources(name) || is_document(Path::new(name)) || is_table(Path::new(name))) {
        Some(DocumentError::OtherKind)
    } else {
        None
    }
}

/// Unpacks one member, however much the directory says that it holds.
fn unpacked(archive: &mut Zip, number: usize, room: u64) -> Result<Vec<u8>, DocumentError> {
    let file = archive.by_index(number).map_err(broken)?;
    let packed = file.compressed_size();
    let mut bytes = Vec::new();
    file.take(limits::DOCUMENT_BYTES.min(room) + 1).read_to_end(&mut bytes).map_err(broken)?;
    let length = bytes.len() as u64;
    if length > limits::DOCUMENT_BYTES {
        Err(too_large())
    } else if length > room {
        Err(DocumentError::Zip(format!(
            "with it the archive unpacks to more than {} MiB",
            limits::UNPACKED_BYTES >> 20
        )))
    } else if length > LITTLE && length / RATIO > packed {
        Err(DocumentError::Zip(format!("it unpacks to more than {RATIO} times its size")))
    } else {
        Ok(bytes)
    }
}
