//! RSS and Atom files: each entry a document of its own, its whole content where the feed has it, else its summary.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::docx::push_reference;
use super::error::DocumentError;
use super::facts::{Facts, day};
use super::page;
use super::sources::Given;
use crate::base::limits;

/// Tells whether a text opens as a feed.
pub(super) fn is_feed(text: &str) -> bool {
    let mut rest = text.trim_start();
    while rest.starts_with("<?") || rest.starts_with("<!--") {
        let close = if rest.starts_with("<?") { "?>" } else { "-->" };
        rest = rest.split_once(close).map_or("", |(_, rest)| rest.trim_start());
    }
    ["<rss", "<feed", "<rdf:RDF"].iter().any(|open| {
        rest.strip_prefix(open).is_some_and(|after| after.starts_with(|c: char| c.is_whitespace() || c == '>'))
    })
}

/// An entry as it is read.
#[derive(Default)]
struct Entry {
    given: Given,
    updated: Option<jiff::civil::Date>,
    content: String,
    summary: String,
}

/// Reads the entries of a feed in their order; an entry without text is a fault of its own.
///
/// # Errors
///
/// A file that is no XML, nested beyond the limit, or has no entry.
pub(super) fn read(xml: &str) -> Result<Vec<Result<Facts, DocumentError>>, DocumentError> {
    let broken = |why: String| DocumentError::Feed(why);
    let mut reader = Reader::from_str(xml);
    let (mut entries, mut entry, mut outlet) = (Vec::new(), None::<Entry>, None::<String>);
    let (mut path, mut value) = (Vec::<String>::new(), String::new());
    // Where an entry's XHTML begins: from there its markup is text of the content.
    let mut markup = None::<usize>;
    loop {
        let event = reader.read_event().map_err(|e| broken(e.to_string()))?;
        match event {
            Event::Start(start) => {
                if path.len() >= limits::NESTING {
                    return Err(DocumentError::TooDeep(limits::NESTING));
                }
                let name = name(&start);
                if markup.is_some() {
                    value.push_str(&format!("<{}>", local(&name)));
                } else {
                    value.clear();
                    match name.as_str() {
                        "item" | "entry" => entry = Some(Entry::default()),
                        "content" | "summary" if attribute(&start, "type").as_deref() == Some("xhtml") => {
                            markup = Some(path.len());
                        }
                        _ => {}
                    }
                    if name == "link" {
                        link(&start, entry.as_mut());
                    }
                }
                path.push(name);
            }
            Event::Empty(empty) if markup.is_some() => value.push_str(&format!("<{}>", local(&name(&empty)))),
            Event::Empty(empty) if name(&empty) == "link" => link(&empty, entry.as_mut()),
            Event::Text(piece) if markup.is_some() => value.push_str(&piece.xml10_content()),
            Event::Text(piece) => value.push_str(&piece.xml10_content()),
            Event::CData(piece) => value.push_str(&piece.xml10_content()),
            Event::GeneralRef(piece) => push_reference(&piece, &mut value),
            Event::End(_) => {
                let Some(name) = path.pop() else { continue };
                if markup.is_some_and(|from| path.len() > from) {
                    value.push_str(&format!("</{}>", local(&name)));
                    continue;
                }
                markup = None;
                let told = value.trim().to_string();
                value.clear();
                match (&mut entry, name.as_str()) {
                    (slot, "item" | "entry") => entries.extend(slot.take()),
                    (Some(open), _) => open.take(&name, path.last().map_or("", String::as_str), told),
                    (None, "title") if path.len() <= 2 && !told.is_empty() => outlet = outlet.or(Some(told)),
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !path.is_empty() {
        return Err(broken("it ends too early".into()));
    }
    if entries.is_empty() {
        return Err(broken("it has no entry".into()));
    }
    Ok(entries.into_iter().map(|entry| entry.facts(outlet.as_deref())).collect())
}

impl Entry {
    fn take(&mut self, name: &str, parent: &str, told: String) {
        let of_entry = parent == "item" || parent == "entry";
        let keep = |slot: &mut Option<String>, told: String| {
            if slot.is_none() && !told.is_empty() {
                *slot = Some(told);
            }
        };
        match name {
            "title" if of_entry => keep(&mut self.given.title, told),
            "link" if of_entry => keep(&mut self.given.url, told),
            "content:encoded" | "content" => self.content = told,
            "description" | "summary" if of_entry => self.summary = told,
            "pubDate" | "published" | "dc:date" if of_entry => {
                self.given.published = self.given.published.or_else(|| day(&told))
            }
            "updated" if of_entry => self.updated = day(&told),
            "dc:creator" => keep(&mut self.given.author, told),
            "name" if parent == "author" => keep(&mut self.given.author, told),
            "source" if of_entry => keep(&mut self.given.outlet, told),
            _ => {}
        }
    }

    fn facts(self, outlet: Option<&str>) -> Result<Facts, DocumentError> {
        let html = if self.content.is_empty() { self.summary } else { self.content };
        // What a feed says of an entry counts before what the page in it says.
        let facts = page::read(&html).map_err(|error| match error {
            DocumentError::NoArticle => DocumentError::Empty,
            other => other,
        })?;
        let given = Given {
            published: self.given.published.or(self.updated),
            outlet: self.given.outlet.or_else(|| outlet.map(String::from)),
            title: self.given.title,
            ..self.given
        };
        Ok(Facts { text: facts.text, given, made: None })
    }
}

fn name(start: &BytesStart<'_>) -> String {
    let name = start.name();
    let name: &str = name.as_ref();
    name.to_string()
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn attribute(start: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|a| AsRef::<str>::as_ref(&a.key) == wanted)?;
    Some(found.value.to_string())
}

/// Takes the address of an Atom link: the one without `rel`, or the alternate.
fn link(start: &BytesStart<'_>, entry: Option<&mut Entry>) {
    let rel = attribute(start, "rel");
    if let (Some(entry), Some(href)) = (entry, attribute(start, "href"))
        && rel.is_none_or(|rel| rel == "alternate")
        && entry.given.url.is_none()
    {
        entry.given.url = Some(quick_xml::escape::unescape(&href).map(|url| url.into_owned()).unwrap_or(href));
    }
}
