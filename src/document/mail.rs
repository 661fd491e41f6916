//! Mails: the plain text, else the page; subject, day and sender as title, date and outlet.

use mail_parser::{MessageParser, PartType};

use super::decode::unix_lines;
use super::error::DocumentError;
use super::facts::Facts;
use super::page;
use super::sources::Given;

/// Reads a mail as it was saved.
///
/// # Errors
///
/// Bytes that are no mail, and mails without text.
pub(super) fn read(bytes: &[u8]) -> Result<Facts, DocumentError> {
    let mail = MessageParser::default().parse(bytes).ok_or(DocumentError::Mail)?;
    if mail.headers().is_empty() {
        return Err(DocumentError::Mail);
    }
    let plain: Vec<&str> = mail
        .text_bodies()
        .filter_map(|part| match &part.body {
            PartType::Text(text) => Some(text.trim()),
            _ => None,
        })
        .filter(|text| !text.is_empty())
        .collect();
    let paged = mail.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html),
        _ => None,
    });
    let mut facts = match paged {
        _ if !plain.is_empty() => Facts { text: unix_lines(plain.join("\n\n")) + "\n", ..Facts::default() },
        Some(html) => page::read(html)?,
        None => return Err(DocumentError::Empty),
    };
    let filled =
        |text: &str| Some(text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty());
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
