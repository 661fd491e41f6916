//! Whose stance it is: the holder the sentence names, the speaker of the attribution, or nobody.

use super::code::{Context, role};
use super::model::Role;
use super::sentence::{Hit, Sentence};
use super::stance::{self, Holder, Reading};
use crate::attribution::{self, Kind, Voice, Who};
use crate::codebook::OfficeRank;
use crate::text::Rel;

/// Whose stance it is and who tells of it.
pub(super) struct Held {
    /// Parties; nothing in the list stands for a speaker of no party.
    pub(super) parties: Vec<Option<u32>>,
    pub(super) speaker: Option<Who>,
    pub(super) secondhand: bool,
    pub(super) joint: bool,
    pub(super) narrated: bool,
    /// Other parties that the same phrase names beside the speaker's own: "the two leaders agreed".
    pub(super) beside: Vec<u32>,
}

/// What a phrase of the sentence stands for.
enum Phrase {
    /// I, we: whoever speaks.
    Own,
    /// Somebody named.
    Named(Vec<Who>),
    /// Nobody that holds positions.
    Nobody,
}

/// Finds whose stance a reading is; nothing where nobody holds it.
pub(super) fn holder(
    context: &Context<'_>,
    sentence: &Sentence<'_>,
    reading: &Reading,
    voice: Option<&Voice>,
    hit: &Hit,
) -> Option<Held> {
    let phrase = match reading.holder {
        Holder::Speaker => Phrase::Own,
        Holder::Phrase(token) => phrase(context, sentence, token, voice),
    };
    let teller = reading.teller.map(|token| phrase_whos(context, sentence, token, voice));
    let one_of_them = match voice {
        Some(voice) if is_nameless(context, voice) => compatriot(context, sentence, voice, reading),
        _ => None,
    };
    one_of_them.or_else(|| match voice {
        Some(voice) if !voice.sources.is_empty() => attributed(voice, phrase, reading),
        _ => narrated(context, sentence, phrase, teller, reading, hit, voice),
    })
}

/// Tells whether a source is somebody in office, of no country told: "the prime minister", "a senior official".
fn is_nameless(context: &Context<'_>, voice: &Voice) -> bool {
    let in_office = |rank: OfficeRank| rank > OfficeRank::Expert;
    let nameless =
        |who: &Who| matches!(who.kind, Kind::Office | Kind::Collective) && who.name.is_none() && who.parties.is_empty();
    if !voice.sources.is_empty() {
        return voice.sources.iter().all(|w| nameless(w) && in_office(w.rank));
    }
    let tokens = voice.attribution.source.iter().flat_map(|s| context.analysis.tokens_touching(*s));
    let words: Vec<&str> = tokens.map(|t| context.words.lower[t].as_ref()).collect();
    (0..words.len()).any(|at| context.book.titles.at(&words, at).is_some_and(|title| in_office(title.rank)))
}

/// "Poland will send no troops, the prime minister said": an official of no country told is one of the party whose doings or
/// wishes he tells.
fn compatriot(context: &Context<'_>, sentence: &Sentence<'_>, voice: &Voice, reading: &Reading) -> Option<Held> {
    let subject = match reading.holder {
        Holder::Phrase(token) if !reading.charged => Some(token),
        Holder::Speaker => reading.chain.iter().rev().find_map(|t| stance::subject(sentence, *t)),
        Holder::Phrase(_) => None,
    }?;
    let whos = phrase_whos(context, sentence, subject, Some(voice));
    let [party] = parties(&whos)[..] else { return None };
    Some(Held {
        parties: vec![Some(party)],
        speaker: voice.sources.first().map(|w| Who { parties: vec![party], ..w.clone() }),
        secondhand: false,
        joint: false,
        narrated: false,
        beside: Vec::new(),
    })
}

/// Tells whether a phrase stands for somebody who takes positions.
pub(super) fn is_side(context: &Context<'_>, sentence: &Sentence<'_>, token: usize, voice: Option<&Voice>) -> bool {
    let named = |t: usize| context.people.at(t).is_some_and(|m| !m.who.parties.is_empty() && m.head == t);
    let own = matches!(phrase(context, sentence, token, voice), Phrase::Own);
    own || named(token) || matches!(sentence.lower(token), "he" | "she" | "they")
}

/// Returns whom a phrase of the reporter's own words stands for.
pub(super) fn named(context: &Context<'_>, sentence: &Sentence<'_>, token: usize) -> Vec<Who> {
    phrase_whos(context, sentence, token, None)
}

/// Returns the speaker of an attribution as the holder of what is said.
pub(super) fn spoken(voice: &Voice, reading: &Reading) -> Option<Held> {
    attributed(voice, Phrase::Own, reading)
}

/// Returns the party nearest to a matter that no stance word ties to anybody: the subject of a clause around it, else whoever
/// the sentence names first before it.
pub(super) fn nearest(context: &Context<'_>, sentence: &Sentence<'_>, hit: &Hit) -> Option<Held> {
    let above = std::iter::successors(Some(hit.head), |t| sentence.governor(*t)).take(12);
    let subject = above.filter_map(|t| sentence.child(t, &[Rel::Nsubj])).find_map(|s| {
        let whos = phrase_whos(context, sentence, s, None);
        whos.iter().any(speaks_for_party).then_some(whos)
    });
    let whos = match subject {
        Some(whos) => whos,
        None => {
            let before = context.people.within(sentence.from, hit.start);
            let who = before.map(|m| &m.who).find(|w| w.kind != Kind::Adjective && speaks_for_party(w))?;
            vec![who.clone()]
        }
    };
    let held = parties(&whos);
    Some(Held {
        joint: held.len() > 1,
        parties: held.into_iter().map(Some).collect(),
        speaker: whos.first().cloned(),
        secondhand: false,
        narrated: true,
        beside: Vec::new(),
    })
}

fn phrase_whos(context: &Context<'_>, sentence: &Sentence<'_>, token: usize, voice: Option<&Voice>) -> Vec<Who> {
    match phrase(context, sentence, token, voice) {
        Phrase::Named(whos) => whos,
        _ => Vec::new(),
    }
}

fn parties(whos: &[Who]) -> Vec<u32> {
    let mut all = Vec::new();
    for party in whos.iter().flat_map(|w| w.parties.iter()) {
        if !all.contains(party) {
            all.push(*party);
        }
    }
    all
}

/// Tells whether a speaker speaks for a party at all.
fn speaks_for_party(who: &Who) -> bool {
    !who.parties.is_empty() && matches!(role(who), Role::Government | Role::Legislator)
}

fn attributed(voice: &Voice, phrase: Phrase, reading: &Reading) -> Option<Held> {
    let own = parties(&voice.sources);
    let outside = voice.sources.iter().all(|w| !speaks_for_party(w));
    let others = match &phrase {
        Phrase::Named(whos) => parties(whos),
        Phrase::Own => Vec::new(),
        Phrase::Nobody if reading.charged => return None,
        Phrase::Nobody => Vec::new(),
    };
    let speaker = voice.sources.first().cloned();
    if outside {
        let secondhand = !others.is_empty() && others != own;
        return Some(Held {
            parties: vec![None],
            speaker,
            secondhand,
            joint: false,
            narrated: false,
            beside: Vec::new(),
        });
    }
    let foreign: Vec<u32> = others.iter().copied().filter(|p| !own.contains(p)).collect();
    if foreign.is_empty() || others.iter().any(|p| own.contains(p)) && !reading.charged {
        let joint = voice.joint;
        let parties = own.into_iter().map(Some).collect();
        return Some(Held { parties, speaker, secondhand: false, joint, narrated: false, beside: foreign });
    }
    Some(Held {
        parties: foreign.into_iter().map(Some).collect(),
        speaker,
        secondhand: true,
        joint: false,
        narrated: false,
        beside: Vec::new(),
    })
}

fn narrated(
    context: &Context<'_>,
    sentence: &Sentence<'_>,
    phrase: Phrase,
    teller: Option<Vec<Who>>,
    reading: &Reading,
    hit: &Hit,
    voice: Option<&Voice>,
) -> Option<Held> {
    let whos = match phrase {
        Phrase::Named(whos) => whos,
        Phrase::Own if reading.teller.is_some() => Vec::new(),
        _ => {
            // "For Kyiv, guarantees are crucial": told as the party's own view.
            let for_whom = reading.set_by.and_then(|at| {
                sentence.children(at).find(|c| {
                    sentence.rel(*c) == Rel::Nmod
                        && sentence.marker(*c).is_some_and(|m| sentence.lower(m) == "for")
                        && !hit.names(*c)
                })
            })?;
            match self::phrase(context, sentence, for_whom, voice) {
                Phrase::Named(whos) => whos,
                _ => return None,
            }
        }
    };
    let tellers = teller.unwrap_or_default();
    let held = parties(&whos);
    let told = parties(&tellers);
    if !told.is_empty() && (reading.charged || !held.is_empty()) && held != told {
        let speaker = tellers.first().cloned();
        return Some(Held {
            parties: held.into_iter().filter(|p| !told.contains(p)).map(Some).collect(),
            speaker,
            secondhand: true,
            joint: false,
            narrated: true,
            beside: Vec::new(),
        });
    }
    let (whos, held) = if held.is_empty() { (tellers, told) } else { (whos, held) };
    if held.is_empty() || whos.iter().all(|w| !speaks_for_party(w)) {
        return None;
    }
    let joint = held.len() > 1;
    Some(Held {
        parties: held.into_iter().map(Some).collect(),
        speaker: whos.first().cloned(),
        secondhand: false,
        joint,
        narrated: true,
        beside: Vec::new(),
    })
}

/// Finds whom the phrase headed by a token stands for.
fn phrase(context: &Context<'_>, sentence: &Sentence<'_>, token: usize, voice: Option<&Voice>) -> Phrase {
    let lower = sentence.lower(token);
    // "US" in capitals is no pronoun.
    let capitals = sentence.words.raw[token].chars().all(char::is_uppercase) && lower.len() > 1;
    if matches!(lower, "i" | "we" | "us" | "our" | "my" | "me" | "ours") && !capitals {
        return Phrase::Own;
    }
    if matches!(lower, "there" | "that" | "this" | "what") {
        return Phrase::Nobody;
    }
    if matches!(lower, "he" | "she" | "they" | "it" | "his" | "her" | "their" | "its") {
        let beside =
            sentence.children(token).filter(|c| sentence.rel(*c) == Rel::Conj).find_map(|c| context.people.at(c));
        return match (pronoun(context, token, voice), beside) {
            // "he and Putin agreed": both.
            (Phrase::Own, Some(mention)) => {
                let mut whos = voice.map(|v| v.sources.clone()).unwrap_or_default();
                whos.push(mention.who.clone());
                Phrase::Named(whos)
            }
            (phrase, _) => phrase,
        };
    }
    if let Some(pair) = pair(context, sentence, token, voice) {
        return Phrase::Named(pair);
    }
    let mut whos: Vec<Who> = Vec::new();
    let mut heads = vec![token];
    heads.extend(sentence.children(token).filter(|c| sentence.rel(*c) == Rel::Conj));
    if let Some(first) = heads.iter().filter_map(|h| context.people.at(*h)).map(|m| m.start).min() {
        let start = attribution::list_start(first, heads.len() > 1, context.words, context.people);
        whos.extend(context.people.within(start, first).map(|m| m.who.clone()));
    }
    for head in heads {
        match context.people.at(head) {
            Some(mention) if mention.who.kind != Kind::Adjective => whos.push(mention.who.clone()),
            _ => {
                // "the Russian side", "Europe-backed resolution": the owner among the words before the noun.
                let (first, _) = sentence.subtree(head);
                let before: Vec<Who> = context
                    .people
                    .within(first.max(head.saturating_sub(6)), head + 1)
                    .filter(|m| !m.who.parties.is_empty() && m.end <= head + 1)
                    .map(|m| m.who.clone())
                    .collect();
                whos.extend(before);
            }
        }
    }
    if whos.iter().all(|w| w.parties.is_empty()) && context.people.is_text(token) {
        whos = context.people.authors(token).to_vec();
    }
    if whos.iter().any(|w| !w.parties.is_empty()) { Phrase::Named(whos) } else { Phrase::Nobody }
}

fn pronoun(context: &Context<'_>, token: usize, voice: Option<&Voice>) -> Phrase {
    let direct = context.analysis.tokens[token].quote != crate::text::NONE;
    let spoken = context.spoken(token);
    // In reported speech "he" is first of all the one who speaks.
    if !direct
        && let Some(voice) = voice
        && let [source] = voice.sources.as_slice()
        && voice.at <= token
    {
        let person = matches!(source.kind, Kind::Person | Kind::Office);
        let lower = context.words.lower[token].as_ref();
        let fits = match lower {
            "he" | "she" | "his" | "her" => person,
            "it" | "its" => !person,
            _ => matches!(source.kind, Kind::Collective | Kind::Group),
        };
        if fits {
            return Phrase::Own;
        }
    }
    let speaker = voice.and_then(|v| v.sources.first()).filter(|_| direct);
    match context.people.antecedent(token, &spoken, speaker) {
        Some(who) if !who.parties.is_empty() => Phrase::Named(vec![who]),
        _ => Phrase::Nobody,
    }
}

/// Mentions back among which "both sides" are looked for.
const PAIR: usize = 60;

/// Finds the two that "the two leaders", "both sides" stands for: the two parties named most before.
fn pair(context: &Context<'_>, sentence: &Sentence<'_>, token: usize, voice: Option<&Voice>) -> Option<Vec<Who>> {
    let plural = matches!(
        sentence.lower(token),
        "leaders" | "presidents" | "sides" | "parties" | "countries" | "nations" | "men" | "ministers"
    );
    let both = sentence.children(token).any(|c| matches!(sentence.lower(c), "two" | "both"));
    let named = context.people.at(token).is_some_and(|m| !m.who.parties.is_empty());
    if !plural || !both || named {
        return None;
    }
    let persons = matches!(sentence.lower(token), "leaders" | "presidents" | "men" | "ministers");
    let until = context.people.mentions.partition_point(|m| m.end <= token);
    let fits = |who: &Who| {
        matches!(who.kind, Kind::Person | Kind::Office) == persons
            && who.kind != Kind::Adjective
            && who.parties.len() == 1
    };
    let own = voice.map_or(&[][..], |v| &v.sources);
    // "The two leaders" may be told of by one of them; "both sides" is how a mediator speaks.
    let outside = |who: &Who| persons || own.iter().all(|o| o.parties != who.parties);
    let near = context.people.mentions[until.saturating_sub(PAIR)..until].iter().rev().map(|m| &m.who);
    // Those whom the text speaks of most: a mediator tells what the two sides agreed.
    let mut counts: Vec<(usize, &Who)> = Vec::new();
    for who in near.filter(|w| fits(w) && outside(w)) {
        match counts.iter_mut().find(|(_, w)| w.parties == who.parties) {
            Some((count, _)) => *count += 1,
            None => counts.push((1, who)),
        }
    }
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    if let [(_, one), (_, two), ..] = counts.as_slice() {
        return Some(vec![(*one).clone(), (*two).clone()]);
    }
    None
}
