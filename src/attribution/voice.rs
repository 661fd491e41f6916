//! Who speaks each attribution: the words of the source, resolved in the order of the text.

use super::Attribution;
use super::mention::Words;
use super::resolve::People;
use super::who::{Kind, Mention, Pronoun, Who};
use crate::base::Span;
use crate::text::Analysis;

/// An attribution with its source resolved.
#[derive(Debug, Clone)]
pub struct Voice {
    /// The spans.
    pub attribution: Attribution,
    /// Whom the source stands for: one, several for a joint statement, none where it is not known.
    pub sources: Vec<Who>,
    /// Several parties speak together.
    pub joint: bool,
    /// What is said is what somebody's plan lays down.
    pub planned: bool,
    /// Where the cue, or else the content, begins, as a token.
    pub at: usize,
}

impl Voice {
    /// Tells whether a byte lies in what is said.
    pub fn says(&self, byte: u32) -> bool {
        self.attribution.content.iter().any(|s| s.start <= byte && byte < s.end)
    }

    /// Returns the bytes of all that is said.
    pub fn length(&self) -> usize {
        self.attribution.content.iter().map(|s| s.len()).sum()
    }

    /// Returns the words that name the source.
    pub fn source_span(&self) -> Option<Span> {
        let source = &self.attribution.source;
        source.first().map(|first| source.iter().fold(*first, |a, b| a.cover(*b)))
    }
}

/// Resolves the sources of attributions.
pub fn resolve(
    mut attributions: Vec<Attribution>,
    words: &Words<'_>,
    analysis: &Analysis,
    people: &People<'_>,
) -> Vec<Voice> {
    attributions.sort_by_key(|a| (a.cue.first().or(a.content.first()).copied(), a.content.first().copied()));
    let mut spoken: Vec<(usize, Who)> = Vec::new();
    let mut voices: Vec<Voice> = Vec::new();
    for attribution in attributions {
        let place = attribution.cue.first().or(attribution.content.first());
        let at = place.map_or(0, |s| analysis.tokens_touching(*s).start);
        let (mut sources, mut joint) = sources(&attribution, words, analysis, people, &spoken);
        if sources.iter().all(|w| w.parties.is_empty() && w.name.is_none())
            && let Some(text) = text_of(&attribution, people, analysis)
        {
            // "the statement added": the signatories of the statement quoted last; "the resolution demands": who wrote it;
            // "he wrote in a post that said": the subject of the sentence.
            let signed = voices.last().filter(|v| v.joint && !v.sources.is_empty() && !denies(v, words, analysis));
            let authors = people.authors(text);
            let author = if authors.is_empty() { people.opening(text) } else { None };
            let last = voices.last().filter(|v| authors.is_empty() && author.is_none() && !v.sources.is_empty());
            match signed.or(last) {
                Some(before) => {
                    sources.clone_from(&before.sources);
                    joint = before.joint;
                }
                None => {
                    sources = author.map_or(authors.to_vec(), |who| vec![who.clone()]);
                    joint = sources.len() > 1;
                }
            }
        }
        if let [only] = sources.as_slice() {
            spoken.push((at, only.clone()));
        }
        voices.push(Voice { attribution, sources, joint, planned: false, at });
    }
    said_also(&mut voices, words, analysis);
    voices
}

/// "He told reporters ... Roe also said": who also says something is whose words came just before.
fn said_also(voices: &mut [Voice], words: &Words<'_>, analysis: &Analysis) {
    let pronoun = |voice: &Voice| {
        let mut source = voice.attribution.source.iter().flat_map(|s| analysis.tokens_touching(*s));
        let only = source.next().filter(|_| source.next().is_none())?;
        match words.lower[only].as_ref() {
            "he" => Some(Pronoun::He),
            "she" => Some(Pronoun::She),
            _ => None,
        }
    };
    let paragraph = |at: usize| {
        let sentence = analysis.tokens.get(at).map_or(0, |t| t.sentence as usize);
        analysis.sentences.get(sentence).map_or(0, |s| s.paragraph)
    };
    for later in 1..voices.len() {
        let voice = &voices[later];
        let [who] = voice.sources.as_slice() else { continue };
        let beside = voice.at.saturating_sub(1)..(voice.at + 2).min(words.lower.len());
        if who.kind != Kind::Person || pronoun(voice).is_some() || !words.lower[beside].iter().any(|w| w == "also") {
            continue;
        }
        let (who, here) = (who.clone(), paragraph(voice.at));
        for earlier in (0..later).rev() {
            let fits = pronoun(&voices[earlier]).is_some_and(|p| who.pronoun == p || who.pronoun == Pronoun::Either);
            if !fits || paragraph(voices[earlier].at) + 1 < here {
                break;
            }
            voices[earlier].sources = vec![who.clone()];
        }
    }
}

/// Returns where the list begins that a source ends: "Germany, France, Poland and [Britain]".
/// `listed` tells that the list is known to be one; else its last step must hold an "and".
pub fn list_start(mut start: usize, mut listed: bool, words: &Words<'_>, people: &People<'_>) -> usize {
    for _ in 0..20 {
        let mut before = start;
        while before > 0 && matches!(words.lower[before - 1].as_ref(), "," | "and" | "the") {
            before -= 1;
        }
        let member = (before < start).then(|| before.checked_sub(1).and_then(|b| people.at(b))).flatten();
        match member.filter(|m| matches!(m.who.kind, Kind::Party | Kind::Group | Kind::Institution) && m.end == before)
        {
            Some(mention) if listed || words.lower[before..start].iter().any(|w| w == "and") => {
                listed = true;
                start = mention.start;
            }
            _ => break,
        }
    }
    start
}

/// Finds the noun for a text, or the word that stands for one, among the words that name a source.
fn text_of(attribution: &Attribution, people: &People<'_>, analysis: &Analysis) -> Option<usize> {
    let tokens = || attribution.source.iter().flat_map(|s| analysis.tokens_touching(*s));
    tokens().find(|t| people.is_text(*t)).or_else(|| tokens().last().filter(|t| people.is_relative(*t)))
}

/// Tells whether a cue is negated: "did not agree to sign".
fn denies(voice: &Voice, words: &Words<'_>, analysis: &Analysis) -> bool {
    let mut cue = voice.attribution.cue.iter().flat_map(|s| analysis.tokens_touching(*s));
    cue.any(|t| matches!(words.lower[t].as_ref(), "not" | "n't" | "never"))
}

/// Words for whoever speaks.
fn first_person(word: &str) -> bool {
    matches!(word, "i" | "we" | "me" | "us" | "my" | "our" | "ours")
}

/// Gives what somebody says of their own words ("I told them that") to whoever speaks around it.
pub fn own_words(voices: &mut [Voice], words: &Words<'_>, analysis: &Analysis) {
    for at in 0..voices.len() {
        let voice = &voices[at];
        let own = voice.attribution.source.iter().flat_map(|s| analysis.tokens_touching(*s)).any(|t| {
            // "US" in capitals is no pronoun.
            first_person(&words.lower[t]) && !(words.raw[t].len() == 2 && words.raw[t].chars().all(char::is_uppercase))
        });
        let Some(place) = voice.attribution.source.first().filter(|_| own).map(|s| s.start) else { continue };
        let near = voices[at.saturating_sub(NESTED)..].iter().take(2 * NESTED).chain(voices.last());
        let around = near.filter(|v| v.says(place) && !v.sources.is_empty()).min_by_key(|v| v.length());
        if let Some((sources, joint)) = around.map(|v| (v.sources.clone(), v.joint)) {
            voices[at].sources = sources;
            voices[at].joint = joint;
        }
    }
}

/// Attributions before and after one that may hold it.
const NESTED: usize = 64;

fn sources(
    attribution: &Attribution,
    words: &Words<'_>,
    analysis: &Analysis,
    people: &People<'_>,
    spoken: &[(usize, Who)],
) -> (Vec<Who>, bool) {
    let mut found: Vec<Who> = Vec::new();
    let mut beside: Vec<Who> = Vec::new();
    let mut pieces: Vec<&str> = Vec::new();
    for span in &attribution.source {
        let mut tokens = analysis.tokens_touching(*span);
        tokens.start = list_start(tokens.start, true, words, people);
        for token in tokens.clone() {
            let lower = words.lower[token].as_ref();
            pieces.push(lower);
            if matches!(lower, "he" | "she" | "it" | "they")
                && let Some(who) = people.antecedent(token, spoken, None)
            {
                return (vec![who], false);
            }
        }
        let mentions: Vec<&Mention> = people.within(tokens.start, tokens.end).collect();
        beside.extend(side_by_side(&mentions, words, analysis).into_iter().map(|m| m.who.clone()));
        found.extend(mentions.into_iter().map(|m| m.who.clone()));
    }
    // "key allies, including Germany and France": the names after "including" say who they are.
    if let Some(span) = attribution.source.first() {
        let tokens = analysis.tokens_touching(*span);
        if let Some(listed) = tokens.clone().find(|t| words.lower[*t] == "including") {
            let after: Vec<Who> = people.within(listed, tokens.end).map(|m| m.who.clone()).collect();
            if after.iter().any(|w| !w.parties.is_empty()) {
                beside.clone_from(&after);
                found = after;
            }
        }
    }
    if found.iter().all(|w| w.kind == Kind::Adjective) {
        // "his assertion that"
        let owners = attribution.source.iter().flat_map(|s| analysis.tokens_touching(*s));
        let owner = owners
            .filter(|t| matches!(words.lower[*t].as_ref(), "his" | "her" | "its" | "their"))
            .find_map(|t| people.antecedent(t, spoken, None));
        if let Some(who) = owner {
            return (vec![who], false);
        }
    }
    let named: Vec<Who> = found.iter().filter(|w| w.kind != Kind::Adjective).cloned().collect();
    let several = |whos: &[Who]| {
        let mut parties: Vec<u32> = whos.iter().flat_map(|w| w.parties.iter().copied()).collect();
        parties.sort_unstable();
        parties.dedup();
        parties.len()
    };
    let together = text_of(attribution, people, analysis).is_some_and(|t| people.is_text(t));
    let listed = pieces.contains(&"and") && several(&beside) > 1;
    if several(&named) > 1 && (together || listed) {
        let mut joint: Vec<Who> = Vec::new();
        for who in if together { named } else { beside } {
            for party in who.parties.clone() {
                if !joint.iter().any(|j| j.parties.contains(&party)) {
                    joint.push(Who { parties: vec![party], ..who.clone() });
                }
            }
        }
        return (joint, true);
    }
    let person = named.iter().position(|w| matches!(w.kind, Kind::Person | Kind::Office) && w.name.is_some());
    let placed = named.iter().position(|w| !w.parties.is_empty());
    let Some(chosen) = person.or(placed).or(if named.is_empty() { None } else { Some(0) }) else {
        // Only an adjective: "a Russian statement".
        return (found.into_iter().filter(|w| !w.parties.is_empty()).take(1).collect(), false);
    };
    let mut who = named[chosen].clone();
    if who.parties.is_empty()
        && let Some(other) = found.iter().find(|w| !w.parties.is_empty())
    {
        who.parties.clone_from(&other.parties);
        who.rank = who.rank.max(other.rank.min(crate::codebook::OfficeRank::Official));
    }
    (vec![who], false)
}

/// Keeps the first mention and those that stand side by side with it ("A, B and C"), not those that describe it ("A's B",
/// "A, which met C").
fn side_by_side<'p>(mentions: &[&'p Mention], words: &Words<'_>, analysis: &Analysis) -> Vec<&'p Mention> {
    let mut kept: Vec<&Mention> = Vec::new();
    for mention in mentions.iter().filter(|m| m.who.kind != Kind::Adjective) {
        let joined = kept.last().is_none_or(|last| {
            let link = |t: usize| matches!(words.lower[t].as_ref(), "," | "and" | "&");
            let word = |t: usize| {
                matches!(words.lower[t].as_ref(), "the" | "both" | "as" | "well" | "of" | "in" | "its" | "key")
            };
            // "Britain and key European allies"
            let describes = |t: usize| analysis.tokens[t].tag.is_adjective();
            let mut between = last.end..mention.start;
            between.clone().all(|t| link(t) || word(t) || describes(t)) && between.any(link)
        });
        if !joined {
            break;
        }
        kept.push(mention);
    }
    kept
}
