//! Mails: the plain text, else the page, or where the text only stands in for it; subject, day and sender as title, date and outlet.

use mail_parser::{MessageParser, MessagePart, MimeHeaders, PartType};

use super::decode::unix_lines;
use super::error::DocumentError;
use super::facts::Facts;
use super::page;
use super::sources::Given;
use crate::base::limits;
use crate::base::space::flat;

/// The header field that opens a part.
const TYPE: &[u8] = b"content-type";

/// Reads a mail as it was saved.
///
/// # Errors
///
/// Bytes that are no mail, and mails without text, or of more parts than the limit.
pub(super) fn read(bytes: &[u8]) -> Result<Facts, DocumentError> {
    // Parts may lie in each other, and are let go of by recursion; each but a few tells its type.
    let types = bytes.windows(TYPE.len()).filter(|field| field.eq_ignore_ascii_case(TYPE)).count();
    if types > limits::PARTS {
        return Err(DocumentError::Crowded("parts", limits::PARTS));
    }
    let mail = MessageParser::default().parse(bytes).ok_or(DocumentError::Mail)?;
    if mail.headers().is_empty() {
        return Err(DocumentError::Mail);
    }
    let plain: Vec<String> = mail.text_bodies().filter_map(shown).collect();
    let paged = mail.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html),
        _ => None,
    });
    let text = plain.join("\n\n") + "\n";
    let alternative = mail.parts.iter().any(|part| part.is_content_type("multipart", "alternative"));
    let mut facts = match paged {
        None if plain.is_empty() => return Err(DocumentError::Empty),
        Some(html) if plain.is_empty() => page::read(html)?,
        Some(html) if alternative => longer(html, text),
        _ => Facts { text, ..Facts::default() },
    };
    let filled = |text: &str| Some(flat(text)).filter(|text| !text.is_empty());
    let sender = mail.from().and_then(|from| from.first());
    let name = sender.and_then(|from| from.name().and_then(filled));
    let domain = || sender.and_then(|from| from.address()?.split_once('@')).and_then(|(_, domain)| filled(domain));
    let day = mail.date().and_then(|date| {
        let (year, month, day) =
            (i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
        jiff::civil::Date::new(year, month, day).ok()
    });
    facts.given = Given {
        published: day.or(facts.given.published),
        outlet: name.or_else(domain),
        title: mail.subject().and_then(filled).or(facts.given.title),
        ..facts.given
    };
    Ok(facts)
}

/// Times as long as the plain text that a page is where that text only stands in for it ("View in browser").
const LONGER: usize = 3;

/// Reads the page of a mail where it is much longer than its plain text, else that text.
fn longer(html: &str, plain: String) -> Facts {
    match page::read(html) {
        Ok(page) if page.text.len() > LONGER * plain.len() => page,
        _ => Facts { text: plain, ..Facts::default() },
    }
}

/// Returns the plain text of a part as mail programs show it.
fn shown(part: &MessagePart<'_>) -> Option<String> {
    let PartType::Text(text) = &part.body else { return None };
    let text = unix_lines(text.to_string());
    let says = |name: &str, value: &str| {
        part.content_type().and_then(|kind| kind.attribute(name)).is_some_and(|told| told.eq_ignore_ascii_case(value))
    };
    let text = if says("format", "flowed") { flowed(&text, says("delsp", "yes")) } else { text };
    Some(text.trim().to_string()).filter(|text| !text.is_empty())
}

/// Joins the lines that only the width of the mail cut: those that end in a space (RFC 3676). `delsp` takes that space out.
fn flowed(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        // A space before a line keeps what follows from being read as a sign.
        let stuffed = line.strip_prefix(' ').unwrap_or(line);
        match stuffed.strip_suffix(' ') {
            Some(cut) if !line.starts_with('>') && stuffed != "-- " => out.push_str(if delsp { cut } else { stuffed }),
            _ => {
                out.push_str(stuffed);
                out.push('\n');
            }
        }
    }
    out
}
