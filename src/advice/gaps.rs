//! What a corpus holds that the codebook misses: speakers without a party, and wording near positions that no topic claims.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Serialize;

use super::keyness::log_likelihood;
use crate::attribution::{self, Kind, People, Voice, Words};
use crate::base::Span;
use crate::base::space::flat;
use crate::codebook::{Codebook, OperatorClass};
use crate::document::Document;
use crate::statement::Matcher;
use crate::text::{self, Analysis, Tag, TokenKind};

/// Words of a phrase, at most.
const WORDS: usize = 3;
/// A phrase of fewer sentences is chance.
const LEAST: usize = 2;
/// Below this log-likelihood a phrase is as likely anywhere (5 % point of chi-squared).
const TELLING: f64 = 3.84;
/// Descriptions kept of a speaker.
const DESCRIPTIONS: usize = 3;

/// What one document adds.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    doc: String,
    heard: Vec<Heard>,
    sentences: Vec<Read>,
}

/// A speaker without a party, once.
#[derive(Debug, Clone)]
struct Heard {
    name: String,
    description: String,
    quote: String,
}

/// The phrases of a sentence, and where it stands.
#[derive(Debug, Clone)]
struct Read {
    phrases: BTreeSet<String>,
    /// The parties that speak, and the sentence, where it holds a position that no topic claims.
    near: Option<(BTreeSet<u32>, String)>,
}

/// A speaker whom the codebook places with no party.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Speaker {
    /// Name, in its longest form.
    pub name: String,
    /// Attributions.
    pub count: usize,
    /// Documents.
    pub documents: usize,
    /// How texts introduce the speaker.
    pub descriptions: Vec<String>,
    /// Something said.
    pub quote: String,
    /// The document it is from.
    pub doc: String,
}

/// Wording near positions that no topic claims.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Phrase {
    /// The words, in base forms.
    pub phrase: String,
    /// Sentences near positions without a topic that hold it.
    pub count: usize,
    /// Their documents.
    pub documents: usize,
    /// All other sentences that hold it.
    pub elsewhere: usize,
    /// Dunning's log-likelihood of the difference, two decimals.
    pub keyness: f64,
    /// Ids of the parties that speak, in the order of the codebook.
    pub parties: Vec<String>,
    /// A sentence that holds it.
    pub sentence: String,
    /// The document it is from.
    pub doc: String,
}

/// What a corpus holds that the codebook misses.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Gaps {
    /// Documents read.
    pub documents: usize,
    /// Sentences near positions that no topic claims.
    pub unclaimed: usize,
    /// Speakers without a party, most frequent first.
    pub speakers: Vec<Speaker>,
    /// Wording, most telling first.
    pub wording: Vec<Phrase>,
}

/// Reads one document.
pub fn survey(document: &Document, book: &Codebook) -> Survey {
    let skip: Vec<Span> = document.boilerplate.iter().map(|(span, _)| *span).collect();
    let text = document.text.as_str();
    let analysis = text::analyse(text, &skip);
    let words = Words::new(text, &analysis);
    let people = People::new(&words, &analysis, book, document.published.map(|(date, _)| date));
    let attributions = attribution::spans::detect(text, &analysis, &mut attribution::spans::Workspace::default());
    let voices = attribution::resolve(attributions, &words, &analysis, &people);
    let matcher = Matcher::new(book, &analysis, &words, &people);
    let mut made = Survey { doc: document.name.clone(), ..Survey::default() };
    made.heard = voices.iter().filter_map(|v| heard(v, text, &analysis)).collect();
    for sentence in &analysis.sentences {
        if analysis.paragraphs[sentence.paragraph as usize].heading {
            continue;
        }
        let tokens = sentence.tokens.start as usize..sentence.tokens.end as usize;
        let parties = speaking(&voices, &analysis, tokens.clone());
        let near = !parties.is_empty()
            && matcher.matches(&book.wording, sentence).is_empty()
            && matcher
                .matches(&book.stance_wording, sentence)
                .iter()
                .any(|(_, value)| takes_a_stand(book.operators[*value as usize].class));
        made.sentences.push(Read {
            phrases: phrases(tokens, &analysis, &words, &people),
            near: near.then(|| (parties, sentence.span.of(text).to_string())),
        });
    }
    made
}

/// Tells whether stance words of a class make a position of what they govern.
fn takes_a_stand(class: OperatorClass) -> bool {
    matches!(
        class,
        OperatorClass::Attitude
            | OperatorClass::Press
            | OperatorClass::Evaluation
            | OperatorClass::Accuse
            | OperatorClass::Judge
    )
}

/// The parties whose words a sentence holds.
fn speaking(voices: &[Voice], analysis: &Analysis, tokens: Range<usize>) -> BTreeSet<u32> {
    let said = |voice: &&Voice| tokens.clone().any(|t| voice.says(analysis.tokens[t].span.start));
    voices.iter().filter(said).flat_map(|v| v.sources.iter().flat_map(|w| w.parties.iter().copied())).collect()
}

/// A speaker whom an attribution names and the codebook does not place.
fn heard(voice: &Voice, text: &str, analysis: &Analysis) -> Option<Heard> {
    if voice.sources.iter().any(|w| !w.parties.is_empty() || w.kind == Kind::Group) {
        return None;
    }
    let description = voice.source_span()?.of(text);
    let named = voice.sources.iter().find_map(|w| w.name.clone());
    let name = named.or_else(|| proper(voice, text, analysis))?;
    let quote = voice.attribution.content.first().map_or("", |s| s.of(text));
    Some(Heard { name, description: flat(description), quote: flat(quote) })
}

/// The longest name among the words of a source: proper nouns in a row, "Centre for Strategic Studies" among them.
fn proper(voice: &Voice, text: &str, analysis: &Analysis) -> Option<String> {
    let mut best: Option<Range<usize>> = None;
    for span in &voice.attribution.source {
        let tokens = analysis.tokens_touching(*span);
        let name = |t: usize| t < tokens.end && analysis.tokens[t].tag.is_name();
        let mut at = tokens.start;
        while at < tokens.end {
            let start = at;
            while name(at)
                || at > start
                    && at < tokens.end
                    && joins(analysis.tokens[at].span.of(text), start..at, text, analysis)
                    && name(at + 1)
            {
                at += 1;
            }
            if at > start && best.as_ref().is_none_or(|b| at - start > b.len()) {
                best = Some(start..at);
            }
            at += 1;
        }
    }
    let tokens = analysis.tokens.get(best?)?;
    let span = Span { start: tokens.first()?.span.start, end: tokens.last()?.span.end };
    Some(flat(span.of(text)))
}

/// Tells whether a small word goes on with a name: "for", and "and" in what holds such a word already.
fn joins(word: &str, before: Range<usize>, text: &str, analysis: &Analysis) -> bool {
    let small = |w: &str| matches!(w, "for" | "of" | "on");
    small(word) || word == "and" && before.into_iter().any(|t| small(analysis.tokens[t].span.of(text)))
}

/// The noun phrases of a sentence, one to three words in base forms, none with a name of anybody in it.
fn phrases(tokens: Range<usize>, analysis: &Analysis, words: &Words<'_>, people: &People<'_>) -> BTreeSet<String> {
    let named: Vec<Range<usize>> = people.within(tokens.start, tokens.end).map(|m| m.start..m.end).collect();
    let part = |t: usize| {
        let token = &analysis.tokens[t];
        let noun = token.tag.is_noun() || matches!(token.tag, Tag::JJ | Tag::VBG | Tag::VBN);
        noun && token.kind == TokenKind::Word && words.lower[t].len() > 2 && !named.iter().any(|n| n.contains(&t))
    };
    let mut found = BTreeSet::new();
    for end in tokens.clone().filter(|t| part(*t) && analysis.tokens[*t].tag.is_noun()) {
        for start in (tokens.start..=end).rev().take(WORDS).take_while(|t| part(*t)) {
            let base = |t: usize| text::lemma(&words.lower[t], analysis.tokens[t].tag).into_owned();
            found.insert((start..=end).map(base).collect::<Vec<_>>().join(" "));
        }
    }
    found
}

/// Returns the noun phrases of a passage, one to three words in base forms, none with a name of anybody in it.
pub fn noun_phrases(text: &str, book: &Codebook) -> BTreeSet<String> {
    let analysis = text::analyse(text, &[]);
    let words = Words::new(text, &analysis);
    let people = People::new(&words, &analysis, book, None);
    let tokens = |s: &text::Sentence| s.tokens.start as usize..s.tokens.end as usize;
    analysis.sentences.iter().flat_map(|s| phrases(tokens(s), &analysis, &words, &people)).collect()
}

#[derive(Default)]
struct Tally {
    near: usize,
    rest: usize,
    documents: BTreeSet<usize>,
    parties: BTreeSet<u32>,
    example: (usize, String),
}

impl Gaps {
    /// Puts the surveys of documents together; `top` is how many speakers and phrases to keep.
    pub fn of(surveys: &[Survey], book: &Codebook, top: usize) -> Gaps {
        let unclaimed = surveys.iter().flat_map(|s| &s.sentences).filter(|s| s.near.is_some()).count();
        let mut speakers = speakers(surveys);
        let mut wording = wording(surveys, book, unclaimed);
        speakers.truncate(top);
        wording.truncate(top);
        Gaps { documents: surveys.len(), unclaimed, speakers, wording }
    }
}

fn speakers(surveys: &[Survey]) -> Vec<Speaker> {
    let mut by_name: BTreeMap<&str, Vec<(&Survey, &Heard)>> = BTreeMap::new();
    for survey in surveys {
        // A surname stands for the full name that ends in it, where the document has one.
        let full = |name: &str| {
            let longer = |h: &&Heard| h.name.len() > name.len() && h.name.ends_with(&format!(" {name}"));
            survey.heard.iter().find(longer).map(|h| h.name.as_str())
        };
        for heard in &survey.heard {
            by_name.entry(full(&heard.name).unwrap_or(&heard.name)).or_default().push((survey, heard));
        }
    }
    let speaker = |(name, all): (&str, Vec<(&Survey, &Heard)>)| {
        let documents: BTreeSet<&str> = all.iter().map(|(s, _)| s.doc.as_str()).collect();
        let mut descriptions: Vec<String> = Vec::new();
        for (_, heard) in &all {
            let told = &heard.description;
            if told.len() > name.len() && !descriptions.contains(told) && descriptions.len() < DESCRIPTIONS {
                descriptions.push(told.clone());
            }
        }
        let (quote, doc) = all.iter().find(|(_, h)| h.quote.len() > 20).or(all.first()).map_or_else(
            || (String::new(), String::new()),
            |(survey, heard)| (heard.quote.clone(), survey.doc.clone()),
        );
        Speaker { name: name.to_string(), count: all.len(), documents: documents.len(), descriptions, quote, doc }
    };
    let mut speakers: Vec<Speaker> = by_name.into_iter().map(speaker).collect();
    speakers.sort_by(|a, b| (b.count, b.documents).cmp(&(a.count, a.documents)).then(a.name.cmp(&b.name)));
    speakers
}

fn wording(surveys: &[Survey], book: &Codebook, unclaimed: usize) -> Vec<Phrase> {
    let total = surveys.iter().map(|s| s.sentences.len()).sum::<usize>();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for (number, survey) in surveys.iter().enumerate() {
        for sentence in &survey.sentences {
            for phrase in &sentence.phrases {
                let tally = tallies.entry(phrase).or_default();
                let Some((parties, text)) = &sentence.near else {
                    tally.rest += 1;
                    continue;
                };
                if tally.near == 0 {
                    tally.example = (number, flat(text));
                }
                tally.near += 1;
                tally.documents.insert(number);
                tally.parties.extend(parties);
            }
        }
    }
    let telling = |(phrase, tally): (&&str, &Tally)| {
        let keyness = log_likelihood(tally.near, unclaimed, tally.rest, total - unclaimed);
        let more = tally.near * (total - unclaimed) > tally.rest * unclaimed;
        (tally.near >= LEAST && more && keyness >= TELLING).then(|| Phrase {
            phrase: (*phrase).to_string(),
            count: tally.near,
            documents: tally.documents.len(),
            elsewhere: tally.rest,
            keyness: (keyness * 100.0).round() / 100.0,
            parties: tally
                .parties
                .iter()
                .filter_map(|p| book.parties.get(*p as usize).map(|party| party.id.clone()))
                .collect(),
            sentence: tally.example.1.clone(),
            doc: surveys.get(tally.example.0).map(|s| s.doc.clone()).unwrap_or_default(),
        })
    };
    let mut found: Vec<Phrase> = tallies.iter().filter_map(telling).collect();
    // Of "exchange" and "prisoner exchange", where one never comes without the other, the longer says more.
    let all = found.clone();
    let padded = |words: &str| format!(" {words} ");
    found.retain(|p| {
        !all.iter().any(|o| {
            o.phrase.len() > p.phrase.len()
                && o.count == p.count
                && o.elsewhere >= p.elsewhere
                && padded(&o.phrase).contains(&padded(&p.phrase))
        })
    });
    found.sort_by(|a, b| b.keyness.total_cmp(&a.keyness).then(b.count.cmp(&a.count)).then(a.phrase.cmp(&b.phrase)));
    found
}
