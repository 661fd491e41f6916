//! Plans as voices: "Under the northern plan, the harbour would be shared" tells what the north asks for, whoever would do it.
//! So does "The plan would have the harbour shared", and what the sentences after it say would be.

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
    let reader = Reader { book, analysis, words, people };
    let mut made = Vec::new();
    // The authors of the plan that the sentence before told of.
    let mut told: Option<(u32, Vec<Who>)> = None;
    for sentence in &analysis.sentences {
        let before = told.take().filter(|(paragraph, _)| *paragraph == sentence.paragraph).map(|(_, whos)| whos);
        let voice =
            reader.under(sentence).or_else(|| reader.provides(sentence)).or_else(|| reader.goes_on(sentence, before?));
        told = voice.as_ref().map(|v| (sentence.paragraph, v.sources.clone()));
        made.extend(voice);
    }
    made
}

struct Reader<'a> {
    book: &'a Codebook,
    analysis: &'a Analysis,
    words: &'a Words<'a>,
    people: &'a People<'a>,
}

impl Reader<'_> {
    fn is_plan(&self, token: usize) -> bool {
        let tag = self.analysis.tokens[token].tag;
        tag.is_noun() && self.book.plans.contains(text::lemma(&self.words.lower[token], tag).as_ref())
    }

    /// "Under the northern plan, ..."
    fn under(&self, sentence: &text::Sentence) -> Option<Voice> {
        let (from, to) = (sentence.tokens.start as usize, sentence.tokens.end as usize);
        let comma = |from: usize| (from..to.min(from + PHRASE)).find(|t| self.words.lower[*t] == ",");
        // The phrase opens the sentence or closes it.
        let closing = || (to.saturating_sub(PHRASE).max(from + 1)..to).rev().find(|t| self.words.lower[*t] == OPENING);
        let (at, end, said) = if self.words.lower[from] == OPENING {
            let comma = comma(from + 1)?;
            (from, comma, (comma + 1, to))
        } else {
            let at = closing().filter(|t| comma(*t).is_none())?;
            (at, to, (from, at))
        };
        let plan = (at + 1..end).find(|t| self.is_plan(*t))?;
        let named: Vec<_> = self.people.within(at + 1, end).filter(|m| !m.who.parties.is_empty()).collect();
        match (named.first(), named.last()) {
            (Some(first), Some(last)) => {
                let sources = named.iter().map(|m| speaking(&m.who)).collect();
                self.voice(sources, (first.start, last.end - 1), at, said)
            }
            _ => self.voice(self.authors(plan)?, (plan, plan), at, said),
        }
    }

    /// "The northern plan would have ...", "The draft, leaked on Monday, calls for ..."
    fn provides(&self, sentence: &text::Sentence) -> Option<Voice> {
        let (from, to) = (sentence.tokens.start as usize, sentence.tokens.end as usize);
        let plan = (from..to.min(from + PHRASE))
            .take_while(|t| !self.analysis.tokens[*t].tag.is_verb() && self.words.lower[*t] != ",")
            .filter(|t| self.is_plan(*t))
            .last()?;
        // What stands between commas tells about the plan.
        let mut verb = plan + 1;
        if self.words.lower.get(verb).is_some_and(|w| w == ",") {
            verb = (verb + 1..to.min(verb + PHRASE)).find(|t| self.words.lower[*t] == ",")? + 1;
        }
        while verb < to && self.analysis.tokens[verb].tag.is_adverb() {
            verb += 1;
        }
        if verb + 1 >= to || !self.lays_down(verb) {
            return None;
        }
        let named: Vec<Who> = self
            .people
            .within(from, plan + 1)
            .filter(|m| !m.who.parties.is_empty())
            .map(|m| speaking(&m.who))
            .collect();
        let sources = if named.is_empty() { self.authors(plan)? } else { named };
        self.voice(sources, (from, plan), verb, (verb + 1, to))
    }

    /// "It would also ...", "The harbour would be ...", after a sentence on what the plan holds.
    fn goes_on(&self, sentence: &text::Sentence, sources: Vec<Who>) -> Option<Voice> {
        let (from, to) = (sentence.tokens.start as usize, sentence.tokens.end as usize);
        let quoted = (from..to).any(|t| self.analysis.tokens[t].quote != text::NONE);
        let would = (from..to).find(|t| self.words.lower[*t] == "would")?;
        let own = (from..would).all(|t| !self.analysis.tokens[t].tag.is_verb());
        if quoted || !own {
            return None;
        }
        self.voice(sources, (from, from), would, (from, to))
    }

    /// Tells whether a verb says what a text lays down; a text that "does not" do so lays nothing down.
    fn lays_down(&self, verb: usize) -> bool {
        let (word, tag) = (self.words.lower[verb].as_ref(), self.analysis.tokens[verb].tag);
        matches!(word, "would" | "will")
            || tag.is_verb()
                && matches!(tag, Tag::VBZ | Tag::VBP | Tag::VBD)
                && self.book.provisions.contains(text::lemma(word, tag).as_ref())
    }

    fn authors(&self, plan: usize) -> Option<Vec<Who>> {
        let authors: Vec<Who> = self.people.authors(plan).iter().map(speaking).collect();
        (!authors.is_empty()).then_some(authors)
    }

    fn voice(
        &self,
        sources: Vec<Who>,
        source: (usize, usize),
        cue: usize,
        (from, to): (usize, usize),
    ) -> Option<Voice> {
        let tokens = &self.analysis.tokens;
        let said = tokens.get(from..to)?;
        let end = said.iter().rev().find(|t| t.tag != Tag::Period)?.span.end;
        let span = |a: usize, b: usize| Span { start: tokens[a].span.start, end: tokens[b].span.end };
        Some(Voice {
            attribution: Attribution {
                source: vec![span(source.0, source.1)],
                cue: vec![span(cue, cue)],
                content: vec![Span { start: said.first()?.span.start, end }],
                score: 0.8,
            },
            joint: sources.len() > 1,
            sources,
            planned: true,
            at: cue,
        })
    }
}

/// A party's adjective names it where what it describes is the party's own.
fn speaking(who: &Who) -> Who {
    let kind = if who.kind == Kind::Adjective { Kind::Party } else { who.kind };
    Who { kind, ..who.clone() }
}
