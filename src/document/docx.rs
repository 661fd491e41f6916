//! Word files: the paragraphs as they are shown, deleted text and field codes left out; title, author and day of the file.

use std::io::{Cursor, Read};

use jiff::civil::{Date, date};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::error::DocumentError;
use super::facts::{Facts, day};
use crate::base::limits;

type Archive = zip::ZipArchive<Cursor<Vec<u8>>>;

/// Tells whether a zip file is a Word file.
pub(super) fn is_word(bytes: &[u8]) -> bool {
    zip::ZipArchive::new(Cursor::new(bytes)).is_ok_and(|archive| archive.index_for_name("word/document.xml").is_some())
}

/// Reads a Word file.
///
/// # Errors
///
/// A zip file of another kind, and Word files that are broken, beyond a limit, or without text.
pub(super) fn read(bytes: Vec<u8>) -> Result<Facts, DocumentError> {
    let mut archive = Archive::new(Cursor::new(bytes)).map_err(|e| DocumentError::Word(e.to_string()))?;
    let Some(body) = part(&mut archive, "word/document.xml")? else { return Err(DocumentError::Archive) };
    let text = paragraphs(&body)?;
    if text.trim().is_empty() {
        return Err(DocumentError::Empty);
    }
    let mut facts = Facts { text, ..Facts::default() };
    // Broken properties keep nobody from reading the text.
    if let Ok(Some(core)) = part(&mut archive, "docProps/core.xml") {
        properties(&core, &mut facts);
    }
    Ok(facts)
}

/// Unpacks one part, however much its directory says that it holds.
fn part(archive: &mut Archive, name: &str) -> Result<Option<String>, DocumentError> {
    let broken = |e: &dyn std::fmt::Display| DocumentError::Word(format!("{name}: {e}"));
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(broken(&error)),
    };
    let mut bytes = Vec::new();
    file.take(limits::DOCUMENT_BYTES + 1).read_to_end(&mut bytes).map_err(|e| broken(&e))?;
    if bytes.len() as u64 > limits::DOCUMENT_BYTES {
        return Err(super::error::too_large());
    }
    String::from_utf8(bytes).map(Some).map_err(|e| broken(&e))
}

/// Elements with nothing in them that a reader sees: what was deleted, and what repeats its neighbour for older programs.
const HIDDEN: [&str; 4] = ["del", "moveFrom", "Fallback", "delText"];

/// Returns the text, a blank line between paragraphs.
fn paragraphs(xml: &str) -> Result<String, DocumentError> {
    let broken = |why: String| DocumentError::Word(format!("word/document.xml: {why}"));
    let mut reader = Reader::from_str(xml);
    let (mut text, mut line) = (String::new(), String::new());
    let (mut depth, mut hidden, mut shown) = (0usize, 0usize, false);
    loop {
        match reader.read_event().map_err(|e| broken(e.to_string()))? {
            Event::Start(start) => {
                depth += 1;
                if depth > limits::NESTING {
                    return Err(DocumentError::TooDeep(limits::NESTING));
                }
                let name = start.local_name();
                let name: &str = name.as_ref();
                if hidden > 0 || HIDDEN.contains(&name) {
                    hidden += 1;
                }
                shown = name == "t" && hidden == 0;
                if name == "p" {
                    end(&mut line, &mut text);
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                hidden = hidden.saturating_sub(1);
                shown = false;
                if AsRef::<str>::as_ref(&tag.local_name()) == "p" {
                    end(&mut line, &mut text);
                }
            }
            Event::Empty(empty) if hidden == 0 => match empty.local_name().as_ref() {
                "tab" => line.push(' '),
                "br" | "cr" => end(&mut line, &mut text),
                "noBreakHyphen" => line.push('-'),
                _ => {}
            },
            Event::Text(piece) if shown => line.push_str(&piece.xml10_content()),
            Event::CData(piece) if shown => line.push_str(&piece.xml10_content()),
            Event::GeneralRef(piece) if shown => push_reference(&piece, &mut line),
            Event::Eof => break,
            _ => {}
        }
    }
    if depth > 0 {
        return Err(broken("it ends too early".into()));
    }
    end(&mut line, &mut text);
    Ok(text)
}

/// Ends a paragraph.
fn end(line: &mut String, text: &mut String) {
    let shown = line.trim();
    if !shown.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(shown);
        text.push('\n');
    }
    line.clear();
}

/// Adds what `&amp;` or `&#8217;` stands for; an unknown name stays as it is written.
pub(super) fn push_reference(reference: &quick_xml::events::BytesRef<'_>, line: &mut String) {
    let name: &str = reference;
    match (reference.resolve_char_ref(), quick_xml::escape::resolve_xml_entity(name)) {
        (Ok(Some(c)), _) => line.push(c),
        (_, Some(known)) => line.push_str(known),
        _ => {
            line.push('&');
            line.push_str(name);
            line.push(';');
        }
    }
}

/// The first year in which a Word file of this form can have been made.
const FIRST_YEAR: i16 = 2006;
/// The day in the template of python-docx, which stands in its files where nobody set another.
const TEMPLATE: Date = date(2013, 12, 23);

/// Tells whether the day a file is said to be made is one that programs write for want of a day.
fn is_blank(made: Date) -> bool {
    made.year() < FIRST_YEAR || made == TEMPLATE
}

/// Reads title, author and day from the properties of the file.
fn properties(xml: &str, facts: &mut Facts) {
    let mut reader = Reader::from_str(xml);
    let (mut value, mut day_made) = (String::new(), None);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(_) => value.clear(),
            Event::Text(piece) => value.push_str(&piece.xml10_content()),
            Event::GeneralRef(piece) => push_reference(&piece, &mut value),
            Event::End(tag) => {
                let told = value.trim();
                let filled = (!told.is_empty()).then(|| told.to_string());
                match tag.local_name().as_ref() {
                    "title" => facts.given.title = filled,
                    "creator" => facts.given.author = filled,
                    "created" => day_made = day(told).filter(|made| !is_blank(*made)),
                    _ => {}
                }
                value.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    facts.made = day_made;
}
