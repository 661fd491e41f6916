//! PDF files: the text layer, in the paragraphs that a reader sees.
//!
//! hayro-syntax reads objects, streams and their encryption; what is here goes from the operators of a page to text. `font` tells which
//! characters a string shows and how wide they are, `show` where on the page they stand, `lines` joins them into lines, `paragraphs` joins
//! lines and leaves out what stands on every page. The order is that of the page's content, which is the order of reading in
//! what word processors and browsers write, columns included.
//!
//! A malformed PDF may ask for any amount of memory and time: see [`worker`](super::worker).

mod font;
mod lines;
mod paragraphs;
mod show;

use std::sync::OnceLock;

use hayro_syntax::object::DateTime;
use hayro_syntax::{LoadPdfError, Pdf};
use jiff::civil::Date;
use serde::Deserialize;

use super::error::DocumentError;
use super::facts::Facts;
use super::sources::Given;
use crate::base::limits;
use crate::base::space::flat;

/// How a PDF file begins.
pub(super) const MAGIC: &[u8] = b"%PDF-";

/// Characters below which a page holds no text to speak of: a page number, a stamp.
const LITTLE: usize = 20;

/// Reads a PDF.
///
/// # Errors
///
/// Files that are broken, locked by a password, beyond a limit, or without text.
pub(super) fn read(bytes: Vec<u8>) -> Result<Facts, DocumentError> {
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => DocumentError::Locked,
        LoadPdfError::Invalid => DocumentError::Pdf("its pages are not to be found".into()),
    })?;
    let pages = pdf.pages();
    if pages.len() > limits::PAGES {
        return Err(DocumentError::Crowded("pages", limits::PAGES));
    }
    let mut shown = lines::Lines::default();
    for page in pages.iter() {
        show::page(page, &mut shown)?;
    }
    let lines::Lines { lines, unreadable, images, .. } = shown;
    let characters: usize = lines.iter().map(|line| line.text.chars().count()).sum();
    if unreadable > characters {
        return Err(DocumentError::Pdf("its fonts do not tell which characters they show".into()));
    }
    if characters < LITTLE {
        return Err(if images { DocumentError::Scanned } else { DocumentError::Empty });
    }
    let text = paragraphs::text(lines);
    let meta = pdf.metadata();
    let value = |bytes: &Option<Box<[u8]>>| bytes.as_deref().map(string).filter(|value| !value.trim().is_empty());
    // Programs write their own name or that of the file into the title: only one that the text bears out is one.
    let title = value(&meta.title).filter(|title| is_borne_out(title, &text));
    let given = Given { title, author: value(&meta.author), ..Given::default() };
    let printed = [&meta.creator, &meta.producer].into_iter().filter_map(value).any(|program| is_printer(&program));
    Ok(Facts { text, given, made: meta.creation_date.filter(|_| !printed).and_then(day) })
}

/// Programs that only print.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Printing {
    printers: Vec<String>,
}

const EMBEDDED_TEXT: &str = include_str!("../../../data/lexicon/pdf.toml");

/// Tells whether a program prints what others wrote, on whatever day.
fn is_printer(program: &str) -> bool {
    static EMBEDDED: OnceLock<Printing> = OnceLock::new();
    // The built-in file is the tests' to check; a build in which it is broken knows no printer.
    let known = EMBEDDED.get_or_init(|| toml::from_str(EMBEDDED_TEXT).unwrap_or_default());
    let program = program.to_lowercase();
    known.printers.iter().any(|printer| program.contains(printer.as_str()))
}

fn is_borne_out(title: &str, text: &str) -> bool {
    /// Characters of the text in which its title stands.
    const OPENING: usize = 1000;
    let opening = flat(&text.chars().take(OPENING).collect::<String>());
    title.contains(' ') && opening.contains(&flat(title))
}

fn day(made: DateTime) -> Option<Date> {
    let day = Date::new(i16::try_from(made.year).ok()?, made.month.try_into().ok()?, made.day.try_into().ok()?).ok()?;
    (made.year > 1990).then_some(day)
}

/// Decodes a text string: UTF-16 or UTF-8 with its mark, else PDFDocEncoding, which differs from Windows-1252 in what titles hardly use.
fn string(bytes: &[u8]) -> String {
    // A mark counts before the encoding that is named.
    encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned()
}
