//! From one file, or one record, to one document.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::civil::Date;

use super::boilerplate::{Furniture, in_order};
use super::corpus;
use super::error::{DocumentError, too_large};
use super::facts::Facts;
use super::find::Input;
use super::front;
use super::head::{self, DateLine};
use super::language::other_than_english;
use super::lines::{ends_sentence, units};
use super::model::{Boilerplate, DateOrigin, Document};
use super::sources::{Given, Sources};
use super::table::Columns;
use crate::base::id::content_id;
use crate::base::{Problem, Span, date, limits};

/// How documents are read.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions<'o> {
    /// The wording that tells boilerplate from report.
    pub furniture: &'o Furniture,
    /// What the columns of tables hold, where their names do not say it.
    pub columns: &'o Columns,
    /// The file of the program demarche, which then reads each PDF in a process of its own, within limits on time and memory. Without it
    /// they are read in this process, and a malformed one may take as much of both as there is.
    pub worker: Option<&'o Path>,
}

static PLAIN: Columns = Columns::plain();

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        ReadOptions { furniture: Furniture::embedded(), columns: &PLAIN, worker: None }
    }
}

/// Loads the documents of one file: one, or those of an archive or a feed in their order. Depends on nothing but the file and the
/// arguments, so that files can be loaded in any order and at once.
///
/// What cannot be read stands in its place as a problem: missing, unreadable, empty, too large, no text, in no encoding that
/// explains it.
pub fn load(input: &Input, sources: &Sources, options: &ReadOptions<'_>) -> Vec<Result<Document, Problem>> {
    let mut read = Vec::new();
    corpus::each(input, sources, options, &mut |one| {
        read.push(one);
        true
    });
    read
}

/// Reads the bytes of the file.
pub(super) fn open(input: &Input) -> Result<Vec<u8>, DocumentError> {
    let file = File::open(&input.path).map_err(DocumentError::from_io)?;
    let meta = file.metadata().map_err(DocumentError::from_io)?;
    if !meta.is_file() {
        return Err(DocumentError::NotAFile);
    }
    if meta.len() > limits::DOCUMENT_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    // A file may grow while it is read.
    file.take(limits::DOCUMENT_BYTES + 1).read_to_end(&mut bytes).map_err(DocumentError::from_io)?;
    if bytes.len() as u64 > limits::DOCUMENT_BYTES {
        return Err(too_large());
    }
    Ok(bytes)
}

/// Paragraphs from the top that may be a date line.
const DATE_LINES: usize = 12;
/// Paragraphs from the top that may open with a dateline without agency and day.
const DATELINES: usize = 8;
/// Paragraphs from the top, boilerplate left out, that may be the title.
const TITLES: usize = 2;

/// What is said of a document that is not English.
pub const LEFT_OUT: &str = "the document was left out";

/// Makes a document, where its text is English; `path` is what messages call it.
///
/// # Errors
///
/// A warning where it is in another language.
pub(super) fn english(
    name: &str,
    path: &str,
    facts: Facts,
    given: &Given,
    options: &ReadOptions<'_>,
) -> Result<Document, Problem> {
    match other_than_english(&facts.text) {
        None => Ok(describe(name, facts, given, options)),
        Some(language) => Err(Problem::warning(LEFT_OUT)
            .at(path)
            .why(format!("it is not in English: it looks like {language}"))
            .hint("Remove it, or give a translation")),
    }
}

/// Makes a document of what its file holds and what is known of it from outside, which counts before all else.
pub(super) fn describe(name: &str, facts: Facts, given: &Given, options: &ReadOptions<'_>) -> Document {
    let Facts { text, given: own, made } = facts;
    let front = front::read(&text);
    let units = units(&text, front.end);
    let mut regions: Vec<(Span, Boilerplate)> = front.spans.iter().map(|span| (*span, Boilerplate::Meta)).collect();
    let is_front = |unit: Span| front.spans.iter().any(|span| span.overlaps(unit));

    let mut lines: Vec<DateLine> = Vec::new();
    let mut datelines: Vec<Date> = Vec::new();
    let mut byline = None;
    let mut marked = vec![false; units.len()];
    for (n, (unit, marked)) in units.iter().zip(&mut marked).enumerate() {
        if is_front(*unit) {
            *marked = true;
            continue;
        }
        let shown = unit.of(&text);
        let dated = if n < DATE_LINES { head::date_line(shown, n == 0) } else { None };
        let mark = dated.map(|_| Boilerplate::Meta).or_else(|| options.furniture.mark(shown, n, units.len()));
        lines.extend(dated);
        if let Some(mark) = mark {
            *marked = true;
            regions.push((*unit, mark));
            byline =
                byline.or_else(|| (mark == Boilerplate::Byline && n < DATE_LINES).then(|| author(shown)).flatten());
        } else if let Some(found) = head::dateline(&text, *unit)
            && (found.sure || n < DATELINES)
        {
            regions.push((found.span, Boilerplate::Meta));
            // Alone on its line it is no title.
            *marked = found.span == *unit;
            datelines.extend(found.date);
        }
    }

    let title = given
        .title
        .clone()
        .or(own.title)
        .or_else(|| front.given.title.clone())
        .or_else(|| title(&text, &units, &marked));
    let published_line = lines.iter().find(|line| !line.updated).or(lines.first()).map(|line| line.date);
    let published = None
        .or_else(|| given.published.map(|day| (day, DateOrigin::Given)))
        .or_else(|| own.published.map(|day| (day, DateOrigin::Metadata)))
        .or_else(|| front.given.published.or(front.updated).map(|day| (day, DateOrigin::FrontMatter)))
        .or_else(|| published_line.map(|day| (day, DateOrigin::DateLine)))
        .or_else(|| datelines.first().map(|day| (*day, DateOrigin::Dateline)))
        .or_else(|| date::in_name(name).map(|day| (day, DateOrigin::FileName)))
        .or_else(|| made.map(|day| (day, DateOrigin::Made)));
    Document {
        id: content_id(&[&text]),
        name: name.to_string(),
        title,
        outlet: given.outlet.clone().or(own.outlet).or(front.given.outlet),
        url: given.url.clone().or(own.url).or(front.given.url),
        author: given.author.clone().or(own.author).or(front.given.author).or(byline),
        published,
        copy_of: None,
        boilerplate: in_order(regions),
        text,
    }
}

/// Reads the title from the top of the text.
fn title(text: &str, units: &[Span], marked: &[bool]) -> Option<String> {
    let plain: Vec<usize> = (0..units.len()).filter(|n| marked.get(*n) == Some(&false)).take(TITLES).collect();
    let unit = |n: usize| units.get(n).map_or("", |span| span.of(text));
    if let Some(title) = plain.iter().find_map(|n| head::heading(unit(*n))) {
        return Some(title);
    }
    let first = *plain.first()?;
    let (span, next) = (units.get(first)?, units.get(first + 1)?);
    let gap = text.get(span.end as usize..next.start as usize)?;
    let stands_apart =
        gap.matches('\n').count() > 1 || marked.get(first + 1) == Some(&true) || next.of(text).starts_with("===");
    let shown = unit(first);
    (stands_apart && !shown.contains('\n') && head::is_title(shown)).then(|| shown.to_string())
}

/// Reads the author from a byline: "By Jane Doe, Foreign Editor".
fn author(byline: &str) -> Option<String> {
    let names = byline.strip_prefix("By ").or_else(|| byline.strip_prefix("BY "))?;
    let names = names.split(['|', ',', '•', '·']).next()?.trim().trim_end_matches('.');
    (!names.is_empty() && !ends_sentence(names) && names.len() <= 80).then(|| names.to_string())
}
