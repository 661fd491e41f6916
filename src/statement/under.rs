//! Plans as voices: "Under the northern plan, the harbour would be shared" tells what the north asks for, whoever would do it.

use crate::attribution::{Attribution, Kind, People, Voice, Who, Words};
use crate::base::Span;
use crate::codebook::Codebook;
use crate::text::{self, Analysis, Tag};

/// Tokens that the phrase may have: "Under the 28-point plan drawn up by Washington and its partners,".
const PHRASE: usize = 14;
/// The word that opens it.
const OPENING: &str = "under";

/// Returns a voice for each sentence that lays out what somebody's plan holds.
pub(super) fn voices(book: &Codebook, analysis: &Analysis, words: &Words<'_>, people: &People<'_>) -> Vec<Voice> {
    analysis.sentences.iter().filter_map(|sentence| voice(sentence, book, analysis, words, people)).collect()
}

fn voice(
    sentence: &text::Sentence,
    book: &Codebook,
    analysis: &Analysis,
    words: &Words<'_>,
    people: &People<'_>,
) -> Option<Voice> {
    let (from, to) = (sentence.tokens.start as usize, sentence.tokens.end as usize);
    if words.lower[from] != OPENING {
        return None;
    }
    let comma = (from + 1..to.min(from + PHRASE)).find(|t| words.lower[*t] == ",")?;
    let noun = |t: &usize| book.plans.contains(text::lemma(&words.lower[*t], analysis.tokens[*t].tag).as_ref());
    (from + 1..comma).find(noun)?;
    let mentions: Vec<_> = people.within(from + 1, comma).filter(|m| !m.who.parties.is_empty()).collect();
    let (first, last) = (mentions.first()?, mentions.last()?);
    let sources: Vec<Who> = mentions.iter().map(|m| speaking(&m.who)).collect();
    let said = analysis.slice(&(comma as u32 + 1..to as u32));
    let end = said.iter().rev().find(|t| t.tag != Tag::Period)?.span.end;
    let span = |a: usize, b: usize| Span { start: analysis.tokens[a].span.start, end: analysis.tokens[b].span.end };
    Some(Voice {
        attribution: Attribution {
            source: vec![span(first.start, last.end - 1)],
            cue: vec![span(from, from)],
            content: vec![Span { start: said.first()?.span.start, end }],
            score: 0.8,
        },
        joint: sources.len() > 1,
        sources,
        planned: true,
        at: from,
    })
}

/// A party's adjective names it where what it describes is the party's own.
fn speaking(who: &Who) -> Who {
    let kind = if who.kind == Kind::Adjective { Kind::Party } else { who.kind };
    Who { kind, ..who.clone() }
}
