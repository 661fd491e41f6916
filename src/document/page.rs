//! HTML pages: the article as a reader sees it, a paragraph a line, and what the head of the page tells of it.
//!
//! The page is read as tokens, so that no tag soup is too odd; open elements stand on a stack of bounded depth. Text gathers in
//! paragraphs; the region with the most running text is the article. What never belongs to it is data, `data/lexicon/page.toml`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use html5gum::Token;
use jiff::civil::Date;
use serde::Deserialize;

use super::error::DocumentError;
use super::facts::{Facts, day};
use super::page_head::Head;
use super::tags;
use crate::base::limits;

/// What of a page is not its article.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftOut {
    elements: Vec<String>,
    words: Vec<String>,
}

const EMBEDDED_TEXT: &str = include_str!("../../data/lexicon/page.toml");

fn left_out() -> &'static LeftOut {
    static EMBEDDED: OnceLock<LeftOut> = OnceLock::new();
    // The built-in file is the tests' to check; a build in which it is broken leaves nothing out.
    EMBEDDED.get_or_init(|| toml::from_str(EMBEDDED_TEXT).unwrap_or_default())
}

/// Elements that have no end tag.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements within a line of text, as are those with a colon in their name, by which Word marks places and names. All others
/// begin and end a paragraph.
const INLINE: [&str; 32] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var",
];

fn is_inline(tag: &str) -> bool {
    INLINE.contains(&tag) || tag.contains(':')
}

/// Words before a part of a class that make it tell of a wrapper.
const WRAPPERS: [&str; 4] = ["has", "with", "no", "without"];
/// Characters of text below which a page is read again with less left out.
const LITTLE: usize = 200;
/// Characters of a paragraph that running text has.
const RUNNING: usize = 60;

/// Reads a page.
///
/// # Errors
///
/// A page without text, or nested beyond the limit.
pub(super) fn read(html: &str) -> Result<Facts, DocumentError> {
    let strict = Reader::new(true).read(html)?;
    if strict.head.is_own() {
        return Err(DocumentError::Own);
    }
    let (mut text, mut day) = strict.article();
    if text.chars().take(LITTLE).count() < LITTLE {
        let (all, other) = Reader::new(false).read(html)?.article();
        if all.len() > 2 * text.len() {
            (text, day) = (all, other);
        }
    }
    if text.trim().is_empty() {
        return Err(DocumentError::NoArticle);
    }
    let heading = strict.paragraphs.iter().find(|p| p.tag == "h1" && !p.asked).map(|p| p.text.clone());
    Ok(Facts { text, ..strict.head.facts(heading, day) })
}

/// An open element.
struct Open {
    tag: String,
    /// Nothing in it is read.
    skip: bool,
    /// Its line ends and spaces are shown as they are.
    kept: bool,
    /// Number of the element, counted from the top.
    number: usize,
    /// Place on the stack of the nearest element that is no part of a line: itself or one that it lies in.
    block: Option<usize>,
    /// It is a link, or lies in one on the same line.
    linked: bool,
}

/// A piece of text on its own line, and where it stands.
struct Paragraph {
    text: String,
    tag: String,
    /// Characters of it that are links.
    linked: usize,
    /// Numbers of the elements it lies in, the innermost first; no more than are looked at.
    within: Vec<usize>,
    /// It belongs to a form that is no part of the article.
    asked: bool,
}

impl Paragraph {
    fn is_running(&self) -> bool {
        !self.asked && self.text.len() >= RUNNING && self.linked * 2 < self.text.len() && !self.tag.starts_with('h')
    }
}

/// A day that the page tells in a `<time>`, and the numbers of the elements it stands in.
struct Time {
    day: Date,
    article: Option<usize>,
    main: Option<usize>,
    header: Option<usize>,
    listed: bool,
    within: Vec<usize>,
}

struct Reader {
    strict: bool,
    stack: Vec<Open>,
    /// Places on the stack of the open elements of each name, so that an end tag finds its element at once.
    places: BTreeMap<String, Vec<usize>>,
    /// Of each element, by its number, the paragraphs in it.
    elements: Vec<Range<usize>>,
    paragraphs: Vec<Paragraph>,
    /// Elements that say of themselves that they hold the article: the surer first.
    marked: Vec<(u8, usize)>,
    times: Vec<Time>,
    /// Forms; a page may lie in one as a whole.
    forms: Vec<usize>,
    /// Headers with a heading of the page in them.
    headed: Vec<usize>,
    line: String,
    linked: usize,
    head: Head,
    /// Text of a title or script that belongs to the head.
    raw: Option<String>,
}

impl Reader {
    fn new(strict: bool) -> Self {
        Reader {
            strict,
            stack: Vec::new(),
            places: BTreeMap::new(),
            elements: Vec::new(),
            paragraphs: Vec::new(),
            marked: Vec::new(),
            times: Vec::new(),
            forms: Vec::new(),
            headed: Vec::new(),
            line: String::new(),
            linked: 0,
            head: Head::default(),
            raw: None,
        }
    }

    fn read(mut self, html: &str) -> Result<Self, DocumentError> {
        tags::each(html, |token| {
            match token {
                Token::StartTag(tag) => {
                    let attributes: Vec<(String, String)> =
                        tag.attributes.iter().map(|(key, value)| (lossy(key), lossy(value))).collect();
                    self.open(lossy(&tag.name), &attributes, tag.self_closing)?;
                }
                Token::EndTag(tag) => self.close(&String::from_utf8_lossy(&tag.name)),
                Token::String(text) => self.text(&String::from_utf8_lossy(&text)),
                _ => {}
            }
            if self.paragraphs.len() > limits::PARAGRAPHS {
                return Err(DocumentError::Crowded("paragraphs", limits::PARAGRAPHS));
            }
            Ok(())
        })?;
        self.flush();
        self.shut(0);
        self.leave_out_forms();
        Ok(self)
    }

    /// Leaves out what forms ask and promise, save in one that holds the article or most of the page.
    fn leave_out_forms(&mut self) {
        let before = self.running();
        let all = weight(&before, &(0..self.paragraphs.len()));
        let ranges: Vec<Range<usize>> =
            self.forms.iter().filter_map(|form| self.elements.get(*form).cloned()).collect();
        for range in ranges {
            let own = weight(&before, &range);
            let paragraphs = self.paragraphs.get(range.clone()).unwrap_or_default();
            let most = own * 2 > all && paragraphs.iter().filter(|p| p.is_running()).count() >= PAGE;
            let within = |at: &usize| {
                self.elements.get(*at).is_some_and(|marked| range.start <= marked.start && marked.end <= range.end)
            };
            let article = own * 3 > all && self.marked.iter().take(MARKED).any(|(_, at)| within(at));
            if !most && !article {
                self.paragraphs.get_mut(range).unwrap_or_default().iter_mut().for_each(|p| p.asked = true);
            }
        }
    }

    fn open(&mut self, tag: String, attributes: &[(String, String)], closed: bool) -> Result<(), DocumentError> {
        let of = |name: &str| attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        self.head.element(&tag, &of);
        if tag == "br" || tag == "hr" {
            self.flush();
            return Ok(());
        }
        if VOID.contains(&tag.as_str()) {
            return Ok(());
        }
        let inline = is_inline(&tag);
        if !inline {
            self.flush();
            // Pages leave out end tags that a browser sees by itself.
            if self.stack.last().is_some_and(|top| top.tag == "p" || top.tag == "li" && tag == "li") {
                self.shut(self.stack.len() - 1);
            }
        }
        match tag.as_str() {
            "time" => self.time(of("datetime")),
            "form" => self.forms.push(self.elements.len()),
            "h1" => self.headed.extend(self.nearest("header")),
            _ => {}
        }
        let number = self.elements.len();
        self.elements.push(self.paragraphs.len()..self.paragraphs.len());
        if of("itemprop").is_some_and(|of| of.split(' ').any(|word| word == "articleBody")) {
            self.marked.push((0, number));
        } else if tag == "article" {
            self.marked.push((1, number));
        } else if tag == "main" || of("role") == Some("main") {
            self.marked.push((2, number));
        }
        let wraps = matches!(tag.as_str(), "html" | "body" | "main" | "article" | "h1");
        let skip = self.skips() || !wraps && self.leaves_out(&tag, &of);
        if tag == "title" || tag == "script" && of("type").is_some_and(|kind| kind.contains("ld+json")) {
            self.raw = Some(String::new());
        }
        if closed && tag != "p" && !wraps && tag != "div" && tag != "span" {
            return Ok(());
        }
        if self.stack.len() >= limits::NESTING {
            return Err(DocumentError::TooDeep(limits::NESTING));
        }
        let (around, at) = (self.stack.last(), self.stack.len());
        let kept = tag == "pre" || around.is_some_and(|open| open.kept);
        let linked = tag == "a" || inline && around.is_some_and(|open| open.linked);
        let block = if inline { around.and_then(|open| open.block) } else { Some(at) };
        self.places.entry(tag.clone()).or_default().push(at);
        self.stack.push(Open { tag, skip, kept, number, block, linked });
        Ok(())
    }

    /// Ends the open elements from this place of the stack on.
    fn shut(&mut self, from: usize) {
        for open in self.stack.drain(from..) {
            if let Some(element) = self.elements.get_mut(open.number) {
                element.end = self.paragraphs.len();
            }
            if let Some(places) = self.places.get_mut(&open.tag) {
                places.pop();
            }
        }
    }

    /// Closes the nearest open element of that name; an end tag without one is nothing.
    fn close(&mut self, tag: &str) {
        if !is_inline(tag) {
            self.flush();
        }
        if let Some(raw) = self.raw.take() {
            self.head.raw(tag, &raw);
        }
        let Some(at) = self.places.get(tag).and_then(|places| places.last().copied()) else { return };
        // An inline element ends within its own paragraph.
        let block = self.stack.last().and_then(|top| top.block);
        if !is_inline(tag) || block.is_none_or(|block| block < at) {
            self.shut(at);
        }
    }

    /// Returns the number of the nearest open element of that name.
    fn nearest(&self, tag: &str) -> Option<usize> {
        let at = self.places.get(tag)?.last()?;
        self.stack.get(*at).map(|open| open.number)
    }

    /// Takes note of a day, unless it stands in what is no part of the article; its own footer may tell it.
    fn time(&mut self, told: Option<&str>) {
        let Some(day) = told.and_then(day).filter(|_| self.times.len() < TIMES) else { return };
        let article = self.nearest("article");
        let skip = self.stack.iter().find(|open| open.skip);
        if skip.is_some_and(|open| open.tag != "footer" || article.is_none_or(|article| article > open.number)) {
            return;
        }
        self.times.push(Time {
            day,
            article,
            main: self.nearest("main"),
            header: self.nearest("header"),
            listed: self.nearest("li").is_some(),
            within: self.stack.iter().map(|open| open.number).collect(),
        });
    }

    fn skips(&self) -> bool {
        self.stack.last().is_some_and(|open| open.skip)
    }

    fn leaves_out<'a>(&self, tag: &str, of: &impl Fn(&str) -> Option<&'a str>) -> bool {
        let hidden = of("hidden").is_some()
            || of("aria-hidden") == Some("true")
            || of("style").is_some_and(|style| style.replace(' ', "").contains("display:none"));
        if hidden || tag == "title" || left_out().elements.iter().any(|element| element == tag) {
            return true;
        }
        let named = |names: &str| {
            let names = names.to_lowercase();
            names.split_whitespace().any(|name| {
                let mut before = "";
                name.split(|c: char| !c.is_alphanumeric()).any(|part| {
                    let wrapper = WRAPPERS.contains(&before);
                    before = part;
                    !wrapper && left_out().words.iter().any(|word| word == part)
                })
            })
        };
        self.strict && [of("class"), of("id")].into_iter().flatten().any(named)
    }

    fn text(&mut self, text: &str) {
        if let Some(raw) = &mut self.raw {
            raw.push_str(text);
            return;
        }
        if self.skips() {
            return;
        }
        let before = self.line.len();
        let kept = self.stack.last().is_some_and(|open| open.kept);
        for c in text.chars() {
            if kept || !matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}') {
                self.line.push(c);
            } else if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
        if self.stack.last().is_some_and(|open| open.linked) {
            self.linked += self.line.len() - before;
        }
    }

    /// Ends the paragraph.
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        let linked = std::mem::take(&mut self.linked);
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        let around = |open: Option<&Open>| open.and_then(|open| open.block);
        let outer = |at: &usize| around(at.checked_sub(1).and_then(|below| self.stack.get(below)));
        let blocks = || std::iter::successors(around(self.stack.last()), outer).filter_map(|at| self.stack.get(at));
        let tag = blocks().next().map(|open| open.tag.clone()).unwrap_or_default();
        let within = blocks().map(|open| open.number).take(1 + LEVELS).collect();
        self.paragraphs.push(Paragraph { text: line.to_string(), tag, linked, within, asked: false });
    }

    /// Returns the article, and the day that the page tells of it.
    fn article(&self) -> (String, Option<Date>) {
        let region = self.region();
        (self.shown(region), self.day(region))
    }

    /// Returns the marked region that holds most of the running text, else the container of most of it.
    fn region(&self) -> Option<usize> {
        let before = self.running();
        let all = weight(&before, &(0..self.paragraphs.len()));
        // A page of many teasers marks each as an article.
        let mut marked: Vec<(u8, usize, usize)> = self
            .marked
            .iter()
            .take(MARKED)
            .map(|(sure, at)| (*sure, usize::MAX - self.elements.get(*at).map_or(0, |own| weight(&before, own)), *at))
            .collect();
        marked.sort_unstable();
        let marked = marked.into_iter().find(|(_, rest, _)| (usize::MAX - rest) * 3 > all);
        marked.map(|(_, _, at)| at).or_else(|| self.container())
    }

    /// Returns the characters of running text before each paragraph, so that any region is weighed at once.
    fn running(&self) -> Vec<usize> {
        let mut before = vec![0];
        for p in &self.paragraphs {
            before.push(before.last().unwrap_or(&0) + if p.is_running() { p.text.len() } else { 0 });
        }
        before
    }

    /// Returns the text of a region, the heading of the page above it.
    fn shown(&self, region: Option<usize>) -> String {
        let chosen = |p: &&Paragraph| !p.asked && (p.linked * 2 <= p.text.len() || p.is_running() || p.tag == "h1");
        let within = region.map_or(self.paragraphs.as_slice(), |region| self.within(region));
        let mut lines: Vec<&str> = within.iter().filter(chosen).map(|p| p.text.as_str()).collect();
        let heading = self.paragraphs.iter().find(|p| p.tag == "h1" && !p.asked).map(|p| p.text.as_str());
        if let Some(heading) = heading.filter(|heading| !lines.contains(heading)) {
            lines.insert(0, heading);
        }
        if lines.is_empty() { String::new() } else { lines.join("\n\n") + "\n" }
    }

    /// Returns the day that stands nearest to the article.
    fn day(&self, region: Option<usize>) -> Option<Date> {
        let ranked = self.times.iter().filter_map(|time| Some((self.rank(time, region)?, time.day)));
        ranked.min_by_key(|(rank, _)| *rank).map(|(_, day)| day)
    }

    /// How near to the article a day stands, 0 being nearest; nothing where it is another's: the page's, a teaser's.
    fn rank(&self, time: &Time, region: Option<usize>) -> Option<u8> {
        let around = |element: &usize| region.is_some_and(|region| self.holds(*element, region));
        let inside = region.is_some_and(|region| time.within.contains(&region));
        let own = time.article.as_ref().is_none_or(around);
        let masthead = time.article.or(time.main).is_none() && time.header.is_some_and(|at| !self.headed.contains(&at));
        match (inside, own) {
            _ if masthead => None,
            (true, true) => Some(0),
            (false, true) if time.article.is_some() || !time.listed && time.main.as_ref().is_some_and(around) => {
                Some(1)
            }
            (true, false) => Some(2),
            (false, true) if !time.listed => Some(3),
            _ => None,
        }
    }

    /// Tells whether an element is another, or holds it.
    fn holds(&self, outer: usize, inner: usize) -> bool {
        let (Some(out), Some(own)) = (self.elements.get(outer), self.elements.get(inner)) else { return false };
        outer <= inner && out.start <= own.start && own.end <= out.end
    }

    /// Returns the paragraphs of an element.
    fn within(&self, element: usize) -> &[Paragraph] {
        let paragraphs = self.elements.get(element).and_then(|element| self.paragraphs.get(element.clone()));
        paragraphs.unwrap_or_default()
    }

    /// Returns the element that holds most running text itself: its paragraphs count whole, those a level below half.
    fn container(&self) -> Option<usize> {
        let mut weights: BTreeMap<usize, usize> = BTreeMap::new();
        for p in self.paragraphs.iter().filter(|p| p.is_running()) {
            let own = usize::from(p.tag == "p" || p.tag == "blockquote" || p.tag == "li");
            for (up, number) in p.within.iter().skip(own).take(LEVELS).enumerate() {
                *weights.entry(*number).or_default() += p.text.len() / (up + 1);
            }
        }
        let best = weights.iter().max_by_key(|(number, weight)| (**weight, std::cmp::Reverse(**number)));
        best.map(|(number, _)| *number)
    }
}

/// Elements around a paragraph that it speaks for as the article's container.
const LEVELS: usize = 2;
/// Marked regions that are weighed.
const MARKED: usize = 64;
/// Running paragraphs of a form that is no question but the page itself.
const PAGE: usize = 3;
/// Days that are looked at.
const TIMES: usize = 256;

/// Weighs a range of paragraphs by what stands before each.
fn weight(before: &[usize], range: &Range<usize>) -> usize {
    let upto = |at: usize| before.get(at).copied().unwrap_or(0);
    upto(range.end).saturating_sub(upto(range.start))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
