//! First-person documents: in remarks, an address or a statement, all that is said is the speaker's.

use crate::attribution::{Attribution, Kind, People, Voice, Who, Words};
use crate::base::Span;
use crate::document::Document;
use crate::text::Analysis;

/// Words of a title that announce somebody's own words.
const ANNOUNCES: &[&str] =
    &["remarks", "statement", "speech", "address", "communiqué", "communique", "declaration", "letter", "transcript"];
/// One word in this many must be "I" or "we" for a document to be in the first person.
const FIRST_PERSON: usize = 120;

/// Returns the voice of a whole document where it is somebody's own words.
pub(super) fn voice(document: &Document, analysis: &Analysis, words: &Words<'_>, people: &People<'_>) -> Option<Voice> {
    let first = analysis.paragraphs.first()?;
    let tokens = first.tokens.start as usize..first.tokens.end as usize;
    let announced = tokens.len() <= 40
        && tokens.clone().any(|t| ANNOUNCES.contains(&words.lower[t].as_ref()))
        && !tokens.clone().any(|t| matches!(words.lower[t].as_ref(), "said" | "says" | "told"));
    let unquoted = analysis.tokens.iter().enumerate().filter(|(_, t)| t.quote == crate::text::NONE);
    let own = unquoted.filter(|(i, _)| matches!(words.lower[*i].as_ref(), "i" | "we" | "our" | "my" | "us")).count();
    if !announced || own * FIRST_PERSON < analysis.tokens.len() {
        return None;
    }
    let named: Vec<Who> = people
        .within(tokens.start, tokens.end)
        .filter(|m| !m.who.parties.is_empty() && m.who.kind != Kind::Adjective)
        .map(|m| m.who.clone())
        .collect();
    let speaker = named.iter().find(|w| w.kind == Kind::Person).or(named.first())?.clone();
    let content = Span::new(first.span.end as usize, document.text.len());
    Some(Voice {
        attribution: Attribution { source: Vec::new(), cue: Vec::new(), content: vec![content], score: 0.9 },
        sources: vec![speaker],
        joint: false,
        planned: false,
        at: tokens.start,
    })
}
