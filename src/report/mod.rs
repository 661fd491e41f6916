//! The page: one HTML file with the matrix, every quotation behind it, the changes between two days and the gaps between parties.
//!
//! It loads nothing: style, script and data stand in the file (`data/page/`), and a content security policy lets no other script run.
//! What documents say goes in as JSON in which no `<` is left, and the script puts it on the page as text alone.
//! The page makes positions itself, so that its slider and filters work; a test compares them with [`crate::matrix`].

use std::io::{self, Write};

use serde::Serialize;

use crate::base::id::content_id;
use crate::codebook::Codebook;
use crate::matrix::{self, LeftOut, Matrix, MatrixOptions, Rule, Standing};
use crate::statement::{Rank, Role, Statement};

const PAGE: &str = include_str!("../../data/page/page.html");
const STYLE: &str = include_str!("../../data/page/page.css");
const SCRIPT: &str = include_str!("../../data/page/page.js");

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Title of the page.
    pub title: &'a str,
    /// All statements, those that do not count included.
    pub statements: &'a [Statement],
    /// The codebook they were coded with.
    pub codebook: &'a Codebook,
    /// The rule that the page opens with.
    pub rule: Rule,
}

#[derive(Serialize)]
struct Data<'a> {
    version: &'a str,
    as_of: Option<String>,
    rule: &'a str,
    rules: Vec<Named<'a>>,
    codebook: Book<'a>,
    labels: Labels<'a>,
    documents: usize,
    parties: Vec<Party<'a>>,
    topics: Vec<Topic<'a>>,
    statements: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    words: &'a str,
}

#[derive(Serialize)]
struct Book<'a> {
    name: &'a str,
    version: &'a str,
    hash: &'a str,
}

#[derive(Serialize)]
struct Labels<'a> {
    stances: &'a [String],
    mixed: &'a str,
    none: &'a str,
}

#[derive(Serialize)]
struct Party<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Topic<'a> {
    id: &'a str,
    name: &'a str,
    question: &'a str,
}

/// A statement as the script reads it: party and topic by their places in the lists.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    party: Option<usize>,
    topic: usize,
    stance: i8,
    day: Option<String>,
    quote: &'a str,
    context: &'a str,
    speaker: Option<&'a str>,
    source: Option<&'a str>,
    role: Role,
    rank: u8,
    mode: crate::statement::Mode,
    joint: bool,
    secondhand: bool,
    condition: Option<&'a str>,
    confidence: f64,
    doc: &'a str,
    /// Name of the document that first told its story, where that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    story: Option<&'a str>,
    outlet: Option<&'a str>,
    title: Option<&'a str>,
    url: Option<&'a str>,
    review: Option<&'a str>,
    start: u32,
    end: u32,
    place: usize,
    words: usize,
    /// Why the statement counts towards no position, whatever day and filters are chosen.
    out: Option<&'static str>,
}

/// Writes the page. The same statements give the same bytes.
///
/// # Errors
/// Fails where `out` does.
pub fn write(out: &mut impl Write, page: &Page<'_>) -> io::Result<()> {
    let everything = MatrixOptions { rule: page.rule, ..MatrixOptions::default() };
    let matrix = matrix::positions(page.statements, page.codebook, &everything);
    let data = serde_json::to_string(&data(page, &matrix)).map_err(io::Error::other)?;
    let data = inert(&data);
    // Nobody who writes an article can know it, and the same page has the same one.
    let nonce = content_id(&[page.title, &data]);
    let title = escaped(page.title);
    let mut rest = PAGE;
    while let Some((before, tail)) = rest.split_once("{{") {
        let (name, tail) = tail.split_once("}}").unwrap_or((tail, ""));
        out.write_all(before.as_bytes())?;
        let piece = match name {
            "nonce" => nonce.as_str(),
            "title" => &title,
            "version" => env!("CARGO_PKG_VERSION"),
            "style" => STYLE,
            "script" => SCRIPT,
            "data" => &data,
            _ => "",
        };
        out.write_all(piece.as_bytes())?;
        rest = tail;
    }
    out.write_all(rest.as_bytes())
}

fn data<'a>(page: &Page<'a>, matrix: &'a Matrix) -> Data<'a> {
    let labels = &page.codebook.labels;
    let mut parties: Vec<Party<'a>> = matrix.parties.iter().map(|p| Party { id: &p.id, name: &p.name }).collect();
    let mut topics: Vec<Topic<'a>> =
        matrix.topics.iter().map(|t| Topic { id: &t.id, name: &t.name, question: &t.question }).collect();
    // Statements that count for nothing are shown too, and may be of parties and topics without a position.
    for statement in page.statements {
        if statement.party != "none" && !parties.iter().any(|p| p.id == statement.party) {
            let known = page.codebook.parties.iter().find(|p| p.id == statement.party);
            parties.push(Party { id: &statement.party, name: known.map_or(&statement.party, |p| &p.name) });
        }
        if !topics.iter().any(|t| t.id == statement.topic) {
            let known = page.codebook.topics.iter().find(|t| t.id == statement.topic);
            let (name, question) =
                known.map_or((statement.topic.as_str(), ""), |t| (t.name.as_str(), t.question.as_str()));
            topics.push(Topic { id: &statement.topic, name, question });
        }
    }
    let sayings = matrix::sayings(page.statements);
    let told = page.statements.iter().zip(&matrix.standings).zip(sayings);
    let statements = told.map(|((s, standing), saying)| Entry {
        id: &s.id,
        party: parties.iter().position(|p| p.id == s.party),
        topic: topics.iter().position(|t| t.id == s.topic).unwrap_or_default(),
        stance: s.stance.clamp(-2, 2),
        day: s.day().map(|d| d.to_string()),
        quote: &s.quote,
        context: &s.context,
        speaker: s.speaker.as_deref(),
        source: s.source_text.as_deref(),
        role: s.role,
        rank: match s.rank {
            Rank::None => 0,
            Rank::Legislator => 1,
            Rank::Official => 2,
            Rank::Leader => 3,
        },
        mode: s.mode,
        joint: s.joint,
        secondhand: s.secondhand,
        condition: s.condition.as_deref(),
        confidence: s.confidence,
        doc: &s.doc,
        story: s.copy_of.as_deref(),
        outlet: s.outlet.as_deref(),
        title: s.title.as_deref(),
        url: s.url.as_deref(),
        review: s.review.as_deref(),
        start: s.start,
        end: s.end,
        place: saying.place,
        words: saying.words,
        out: match standing {
            Standing::Counts => None,
            // Window and filters are the page's to choose, and what they leave decides what is a repeat.
            Standing::LeftOut(
                LeftOut::Later | LeftOut::Earlier | LeftOut::Undated | LeftOut::Repeat | LeftOut::Copy,
            ) => None,
            Standing::LeftOut(reason) => Some(reason.name()),
        },
    });
    let statements = statements.collect();
    let mut documents: Vec<&str> = page.statements.iter().map(|s| s.doc.as_str()).collect();
    documents.sort_unstable();
    documents.dedup();
    Data {
        version: env!("CARGO_PKG_VERSION"),
        as_of: matrix.as_of.map(|d| d.to_string()),
        rule: page.rule.name(),
        rules: Rule::ALL.iter().map(|r| Named { name: r.name(), words: words(*r) }).collect(),
        codebook: Book { name: &page.codebook.title, version: &page.codebook.version, hash: &page.codebook.hash },
        labels: Labels { stances: &labels.stances, mixed: &labels.mixed, none: &labels.none },
        documents: documents.len(),
        parties,
        topics,
        statements,
    }
}

/// A rule in a few words, for a list to choose from.
fn words(rule: Rule) -> &'static str {
    match rule {
        Rule::Latest => "the latest statements",
        Rule::Mean => "the mean of all statements",
        Rule::Majority => "what most statements say",
        Rule::Strongest => "the strongest statement",
    }
}

/// Writes `<`, `>` and `&` of JSON as escapes, so that nothing in it can end the element it stands in.
fn inert(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// Escapes text for HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn no_markup_of_the_data_is_left() {
        let json = serde_json::to_string(&["</script><script>alert(1)</script>", "<!--", "a & b"]).unwrap();
        let written = inert(&json);
        assert!(!written.contains(['<', '>', '&']), "{written}");
        let back: Vec<String> = serde_json::from_str(&written).unwrap();
        assert_eq!(back[0], "</script><script>alert(1)</script>");
        assert_eq!(escaped("<b title=\"x\">"), "&lt;b title=&quot;x&quot;&gt;");
    }
}
