//! Tells what a file is: by its content, and by its ending only where the content leaves that open.

use std::path::Path;

use super::decode::{decode, decode_told};
use super::error::DocumentError;
use super::facts::Facts;
use super::load::ReadOptions;
use super::{docx, feed, mail, page, pdf, worker};
use crate::base::file::ends_in;

/// Bytes from the top in which a page tells its encoding.
const HEAD: usize = 1024;
/// Lines from the top that must be header fields of a mail.
const FIELDS: usize = 40;

/// One document of a file: what its name is beyond the file's, and what was read.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) read: Result<Facts, DocumentError>,
}

/// How a zip file begins.
const ZIP: &[u8] = b"PK\x03\x04";

/// Tells whether a file is zipped, whatever is in it.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP) || bytes.starts_with(b"PK\x05\x06")
}

fn head_of(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len().min(HEAD)).unwrap_or(&[])
}

/// Tells whether a file is a PDF, which may have some bytes of a mail or a server before its head.
fn is_pdf(head: &[u8]) -> bool {
    head.starts_with(pdf::MAGIC) || head.contains(&0) && head.windows(pdf::MAGIC.len()).any(|bytes| bytes == pdf::MAGIC)
}

/// Reads a file into its document, or the entries of a feed.
///
/// # Errors
///
/// Why there is none in it. What is at fault with one of several stands in its place.
pub(super) fn read(bytes: Vec<u8>, path: &Path, options: &ReadOptions<'_>) -> Result<Vec<Part>, DocumentError> {
    let head = head_of(&bytes);
    if feed::is_feed(&String::from_utf8_lossy(head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head))) {
        let label = encoding(head);
        let entries = feed::read(&decode_told(bytes, label.as_deref())?)?;
        let part = |(n, read)| Part { name: format!("#{}", n + 1), read };
        return Ok(entries.into_iter().enumerate().map(part).collect());
    }
    one(bytes, path, options).map(|facts| vec![Part { name: String::new(), read: Ok(facts) }])
}

/// Reads the encoding that an XML file names in its first line.
fn encoding(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    let (_, after) = head.split_once("?>")?.0.split_once("encoding=")?;
    after.get(1..)?.split(['"', '\'']).next().map(String::from)
}

/// Reads a file into the text of its document and what the file tells of it.
///
/// # Errors
///
/// Why it is no document.
fn one(bytes: Vec<u8>, path: &Path, options: &ReadOptions<'_>) -> Result<Facts, DocumentError> {
    let ends = |endings: &[&str]| ends_in(path, endings);
    if bytes.trim_ascii().is_empty() {
        return Err(DocumentError::Empty);
    }
    if is_zip(&bytes) {
        return docx::read(bytes);
    }
    if is_pdf(head_of(&bytes)) {
        return worker::read_pdf(bytes, options.worker);
    }
    if ends(&["pdf"]) && bytes.contains(&0) {
        return Err(DocumentError::Pdf("it does not begin as one".into()));
    }
    if ends(&["docx"]) && bytes.contains(&0) {
        return Err(DocumentError::Word("it is no zip file".into()));
    }
    if ends(&["eml"]) || is_mail(&bytes) {
        return mail::read(&bytes);
    }
    let told = charset(head_of(&bytes));
    let text = if told.is_some() { decode_told(bytes, told.as_deref())? } else { decode(bytes)? };
    if is_page(&text, ends(&["html", "htm", "xhtml"])) {
        return page::read(&text);
    }
    if ends(&["xml", "rss", "atom"]) {
        return Err(DocumentError::Feed("it is neither RSS nor Atom".into()));
    }
    if text.trim().is_empty() { Err(DocumentError::Empty) } else { Ok(Facts { text, ..Facts::default() }) }
}

/// Tells whether a text is a page: it opens as one, or is called one and holds a tag.
fn is_page(text: &str, called: bool) -> bool {
    let mut rest = text.trim_start();
    for (open, close) in [("<?xml", "?>"), ("<!--", "-->")] {
        if rest.starts_with(open) {
            rest = rest.split_once(close).map_or("", |(_, rest)| rest.trim_start());
        }
    }
    let opens = |with: &str| rest.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    let tagged = || {
        rest.match_indices('<').any(|(at, _)| {
            rest.get(at + 1..).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!'))
        })
    };
    opens("<!doctype html") || opens("<html") || called && tagged()
}

/// Reads the encoding that a page names at its top.
fn charset(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    if !head.contains('<') {
        return None;
    }
    let (_, after) = head.split_once("charset=")?;
    let label: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    (!label.is_empty()).then_some(label)
}

/// Tells whether a file opens with the header of a mail: fields alone, up to a blank line, and one that only mails have.
fn is_mail(bytes: &[u8]) -> bool {
    let mut sure = false;
    for (n, line) in bytes.split(|b| *b == b'\n').take(FIELDS).enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return sure;
        }
        if n > 0 && line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|b| *b == b':') else { return false };
        let name = line.get(..colon).unwrap_or(&[]);
        if name.is_empty() || !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-') {
            return false;
        }
        let only = ["message-id", "mime-version", "received", "return-path", "delivered-to"];
        sure |= only.iter().any(|field| name.eq_ignore_ascii_case(field.as_bytes()));
    }
    sure
}
