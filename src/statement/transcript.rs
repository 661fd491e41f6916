//! Transcripts and interviews: "MR. PESKOV: ...", "Q: ...". What follows a label is its speaker's until the next label.

use std::collections::BTreeMap;

use crate::attribution::{Attribution, Kind, People, Voice, Who, Words};
use crate::base::Span;
use crate::text::{Analysis, TokenKind};

/// Tokens that a label may have, its colon among them.
const LABEL: usize = 9;
/// Labelled paragraphs that make a transcript.
const ENOUGH: usize = 3;
/// Paragraphs at the top that introduce whoever answers.
const TOP: u32 = 4;

/// A paragraph that a label opens.
struct Label {
    /// The words of the label, in lower case.
    name: String,
    paragraph: usize,
    /// The tokens of the label, without its colon.
    tokens: std::ops::Range<usize>,
    /// The first token of what is said.
    said: usize,
}

/// Returns the voices of a transcript; none where the document is not one.
pub(super) fn voices(analysis: &Analysis, words: &Words<'_>, people: &People<'_>) -> Vec<Voice> {
    let labels: Vec<Label> =
        (0..analysis.paragraphs.len()).filter_map(|paragraph| label(paragraph, analysis, words)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for label in &labels {
        *counts.entry(&label.name).or_default() += 1;
    }
    // Labels come back; a line such as "Note: ..." does not.
    let repeated: usize = counts.values().filter(|n| **n > 1).sum();
    if repeated < ENOUGH {
        return Vec::new();
    }
    let mut voices = Vec::new();
    for (at, label) in labels.iter().enumerate() {
        let until = labels.get(at + 1).map_or(analysis.paragraphs.len(), |next| next.paragraph);
        let (Some(first), Some(last)) = (analysis.tokens.get(label.said), analysis.paragraphs.get(until - 1)) else {
            continue;
        };
        let span = |tokens: &std::ops::Range<usize>| Span {
            start: analysis.tokens[tokens.start].span.start,
            end: analysis.tokens[tokens.end - 1].span.end,
        };
        let sources: Vec<Who> = match label.name.as_str() {
            "q" | "question" => Vec::new(),
            "a" | "answer" => answering(analysis, people).into_iter().collect(),
            _ => named(label, words, people).into_iter().collect(),
        };
        voices.push(Voice {
            attribution: Attribution {
                source: vec![span(&label.tokens)],
                cue: Vec::new(),
                content: vec![Span { start: first.span.start, end: last.span.end }],
                score: 0.9,
            },
            sources,
            joint: false,
            planned: false,
            at: label.tokens.start,
        });
    }
    voices
}

fn label(paragraph: usize, analysis: &Analysis, words: &Words<'_>) -> Option<Label> {
    let bounds = &analysis.paragraphs[paragraph].tokens;
    let (start, end) = (bounds.start as usize, bounds.end as usize);
    let asks = matches!(words.raw[start], "Q" | "A" | "Question" | "Answer" | "QUESTION" | "ANSWER");
    if asks && start + 1 < end && words.raw[start + 1] != ":" {
        // "Q Will there be talks?"
        let opens = words.raw[start] == "Q" && words.raw[start + 1].chars().next().is_some_and(char::is_uppercase);
        let label = Label { name: "q".to_string(), paragraph, tokens: start..start + 1, said: start + 1 };
        return opens.then_some(label);
    }
    let colon = (start..end.min(start + LABEL)).find(|t| words.raw[*t] == ":").filter(|c| *c > start && c + 1 < end)?;
    let upright = |t: usize| {
        let token = &analysis.tokens[t];
        token.kind != TokenKind::Word
            || words.raw[t].chars().next().is_some_and(char::is_uppercase)
            || matches!(words.lower[t].as_ref(), "of" | "the" | "de" | "van" | "von" | "al")
    };
    let name: Vec<&str> = words.lower[start..colon].iter().map(AsRef::as_ref).collect();
    (start..colon).all(upright).then(|| Label {
        name: name.join(" "),
        paragraph,
        tokens: start..colon,
        said: colon + 1,
    })
}

/// Returns whom a label names: as the text does elsewhere, by the last name where the label shouts.
fn named(label: &Label, words: &Words<'_>, people: &People<'_>) -> Option<Who> {
    let mentions = people.within(label.tokens.start, label.tokens.end).filter(|m| m.who.kind != Kind::Adjective);
    if let Some(mention) = mentions.max_by_key(|m| (m.who.name.is_some(), !m.who.parties.is_empty())) {
        return Some(mention.who.clone());
    }
    let last = words.lower[label.tokens.end - 1].as_ref();
    people
        .mentions
        .iter()
        .map(|m| &m.who)
        .find(|w| {
            w.kind == Kind::Person
                && w.name.as_deref().and_then(|n| n.rsplit(' ').next()).is_some_and(|n| n.to_lowercase() == last)
        })
        .cloned()
        .or_else(|| people.known_by(last))
}

/// Returns who answers the questions of an interview: the first person of a party whom the text introduces.
fn answering(analysis: &Analysis, people: &People<'_>) -> Option<Who> {
    let top = analysis.paragraphs.iter().take(TOP as usize).next_back()?.tokens.end as usize;
    let placed =
        |m: &&crate::attribution::Mention| matches!(m.who.kind, Kind::Person | Kind::Office) && m.who.name.is_some();
    let introduced: Vec<_> = people.within(0, top).filter(placed).collect();
    introduced.iter().find(|m| !m.who.parties.is_empty()).or(introduced.first()).map(|m| m.who.clone())
}
