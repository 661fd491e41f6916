//! Front matter: what a document says of itself in `key: value` lines at its top.
//!
//! YAML between lines of `---`, TOML between lines of `+++`, or bare `Date: 13 February 2025` lines before the text. Of YAML only
//! plain `key: value` lines are read, which is all that these keys ever need.

use jiff::civil::Date;

use super::facts::day;
use super::lines::lines;
use super::sources::Given;
use crate::base::Span;

/// What front matter told.
#[derive(Debug, Default)]
pub(super) struct Front {
    /// The facts; `published` where it was given as such.
    pub(super) given: Given,
    /// The date of the last change, which stands in where no other is known.
    pub(super) updated: Option<Date>,
    /// The regions that hold it, in order.
    pub(super) spans: Vec<Span>,
    /// Where the rest of the document begins.
    pub(super) end: usize,
}

/// What a key tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Published,
    Updated,
    Outlet,
    Author,
    Url,
    Other,
}

/// The keys, in lower case with spaces for signs.
const KEYS: [(&str, Field); 38] = [
    ("title", Field::Title),
    ("headline", Field::Title),
    ("date", Field::Published),
    ("published", Field::Published),
    ("published on", Field::Published),
    ("published at", Field::Published),
    ("publishedat", Field::Published),
    ("date published", Field::Published),
    ("datepublished", Field::Published),
    ("publish date", Field::Published),
    ("publication date", Field::Published),
    ("pubdate", Field::Published),
    ("posted", Field::Published),
    ("issued", Field::Published),
    ("release date", Field::Published),
    ("updated", Field::Updated),
    ("last updated", Field::Updated),
    ("modified", Field::Updated),
    ("date modified", Field::Updated),
    ("outlet", Field::Outlet),
    ("source", Field::Outlet),
    ("publisher", Field::Outlet),
    ("publication", Field::Outlet),
    ("newspaper", Field::Outlet),
    ("site", Field::Outlet),
    ("site name", Field::Outlet),
    ("author", Field::Author),
    ("authors", Field::Author),
    ("byline", Field::Author),
    ("by", Field::Author),
    ("url", Field::Url),
    ("link", Field::Url),
    ("permalink", Field::Url),
    ("canonical url", Field::Url),
    ("tags", Field::Other),
    ("keywords", Field::Other),
    ("section", Field::Other),
    ("language", Field::Other),
];

/// Lines from the top in which bare head lines are looked for.
const HEAD_LINES: usize = 12;
/// Lines that fenced front matter may take.
const FENCED_LINES: usize = 200;
/// Bytes of a bare head line.
const LINE_BYTES: usize = 300;

/// Reads the front matter of a text.
pub(super) fn read(text: &str) -> Front {
    let mut opening = lines(text, 0);
    match opening.next().map(|line| line.of(text)) {
        Some("---") => fenced(text, &["---", "..."], ':'),
        Some("+++") => fenced(text, &["+++"], '='),
        _ => None,
    }
    .unwrap_or_else(|| bare(text))
}

/// Reads what stands between fences, where the closing one is there and a key is known.
fn fenced(text: &str, closing: &[&str], sign: char) -> Option<Front> {
    let mut front = Front::default();
    for line in lines(text, 0).skip(1).take(FENCED_LINES) {
        let shown = line.of(text);
        if closing.contains(&shown) {
            let span = Span::new(0, line.end as usize);
            front.spans.push(span);
            front.end = span.end as usize;
            return Some(front);
        }
        if let Some((field, value)) = pair(shown, sign) {
            front.put(field, value);
        }
    }
    None
}

/// Reads bare head lines: at the very top, or below one line of title.
fn bare(text: &str) -> Front {
    let mut front = Front::default();
    let mut others = 0;
    for line in lines(text, 0).take(HEAD_LINES).filter(|line| !line.is_empty()) {
        let shown = line.of(text);
        let known = pair(shown, ':').filter(|_| line.len() <= LINE_BYTES);
        match known {
            Some((Field::Published | Field::Updated, value)) if day(value).is_none() => others += 1,
            Some((field, value)) => {
                front.put(field, value);
                front.spans.push(line);
            }
            None => others += 1,
        }
        if others > 1 {
            break;
        }
    }
    // One such line may be the sentence of a story ("Source: ..."); it counts where it opens the text or tells a day.
    let opens =
        front.spans.first().is_some_and(|first| text.get(..first.start as usize).unwrap_or("").trim().is_empty());
    let dated = front.given.published.or(front.updated).is_some();
    if dated || front.given.url.is_some() || opens && front.spans.len() > 1 || opens && front.given.title.is_some() {
        front
    } else {
        Front::default()
    }
}

/// Returns what a key, in lower case with spaces for signs, tells of, and its place among the keys: the plainer come first.
pub(super) fn known(key: &str) -> Option<(usize, Field)> {
    KEYS.iter().enumerate().find(|(_, (name, _))| *name == key).map(|(rank, (_, field))| (rank, *field))
}

/// Splits a line into a known key and its value.
fn pair(line: &str, sign: char) -> Option<(Field, &str)> {
    let (key, value) = line.split_once(sign)?;
    let key = key.trim_matches(|c: char| c.is_whitespace() || "*_\"'".contains(c));
    if key.len() > 20 {
        return None;
    }
    let (_, field) = known(&key.to_lowercase().replace(['-', '_'], " "))?;
    let value = value.trim_start_matches("**").trim();
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.strip_prefix(quote).and_then(|v| v.strip_suffix(quote)).unwrap_or(value),
        _ => value,
    };
    (!value.is_empty()).then_some((field, value))
}

impl Front {
    /// Keeps the first value of each field.
    fn put(&mut self, field: Field, value: &str) {
        let set = |slot: &mut Option<String>| {
            slot.get_or_insert_with(|| value.to_string());
        };
        match field {
            Field::Title => set(&mut self.given.title),
            Field::Outlet => set(&mut self.given.outlet),
            Field::Author => set(&mut self.given.author),
            Field::Url => set(&mut self.given.url),
            Field::Published => self.given.published = self.given.published.or_else(|| day(value)),
            Field::Updated => self.updated = self.updated.or_else(|| day(value)),
            Field::Other => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> (Option<String>, Option<String>, Option<String>) {
        let front = read(text);
        (front.given.title, front.given.published.map(|d| d.to_string()), front.given.outlet)
    }

    #[test]
    fn fenced_front_matter_is_read_and_spanned() {
        let yaml = "---\ntitle: \"Talks: the third day\"\ndate: 2025-02-13T10:00:00Z\ntags:\n  - talks\nsource: 'The Courier'\n---\n\nText.";
        let toml = "+++\ntitle = \"Talks: the third day\"\ndate = 2025-02-13\noutlet = \"The Courier\"\n+++\nText.";
        for text in [yaml, toml] {
            let told = facts(text);
            assert_eq!(told.0.as_deref(), Some("Talks: the third day"));
            assert_eq!(told.1.as_deref(), Some("2025-02-13"));
            assert_eq!(told.2.as_deref(), Some("The Courier"));
            let front = read(text);
            assert_eq!(text[front.end..].trim(), "Text.");
        }
    }

    #[test]
    fn bare_head_lines_are_read_above_and_below_the_title() {
        for text in [
            "Title: Envoys meet again\nDate: 13 February 2025\nSource: The Courier\n\nThe envoys met.",
            "Envoys meet again\n\n**Published:** Feb. 13, 2025, 2 p.m.\nOutlet: The Courier\n\nThe envoys met.",
        ] {
            let told = facts(text);
            assert_eq!(told.1.as_deref(), Some("2025-02-13"), "{text}");
            assert_eq!(told.2.as_deref(), Some("The Courier"), "{text}");
        }
    }

    #[test]
    fn a_text_that_only_looks_alike_has_no_front_matter() {
        for text in [
            "",
            "---\nA rule opens this text.\n",
            "Envoys meet again\n\nSource: close to the talks, the minister is not.\n",
            "The minister gave one date: 13 February 2025.\n",
            "Date: to be announced\n\nText.",
            "One line.\nTwo lines.\nDate: 13 February 2025\n",
        ] {
            let front = read(text);
            assert!(front.spans.is_empty() && front.given == Given::default(), "{text}");
        }
    }
}
