//! Who speaks each attribution: the words of the source, resolved in the order of the text.

use super::Attribution;
use super::mention::Words;
use super::resolve::People;
use super::who::{Kind, Mention, Who};
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
            && names_text(&attribution, words, analysis)
            && let Some(before) = voices.last().filter(|v| !v.sources.is_empty())
        {
            // "the statement added": the signatories of the statement quoted last.
            sources.clone_from(&before.sources);
            joint = before.joint;
        }
        if let [only] = sources.as_slice() {
            spoken.push((at, only.clone()));
        }
        voices.push(Voice { attribution, sources, joint, at });
    }
    voices
}

/// Returns where the list begins that a source ends: "Germany, France, Poland and [Britain]".
fn list_start(mut start: usize, words: &Words<'_>, people: &People<'_>) -> usize {
    for _ in 0..20 {
        let mut before = start;
        while before > 0 && matches!(words.lower[before - 1].as_ref(), "," | "and" | "the") {
            before -= 1;
        }
        let member = (before < start).then(|| before.checked_sub(1).and_then(|b| people.at(b))).flatten();
        match member.filter(|m| matches!(m.who.kind, Kind::Party | Kind::Group | Kind::Institution) && m.end == before)
        {
            Some(mention) if words.lower[before..start].iter().any(|w| w == "and") || start - before == 1 => {
                start = mention.start
            }
            _ => break,
        }
    }
    start
}

/// Words for a text that speaks for those who wrote it.
const TEXTS: &[&str] =
    &["statement", "communique", "communiqué", "declaration", "letter", "document", "resolution", "text"];

fn names_text(attribution: &Attribution, words: &Words<'_>, analysis: &Analysis) -> bool {
    attribution
        .source
        .iter()
        .flat_map(|s| analysis.tokens_touching(*s))
        .any(|t| TEXTS.contains(&words.lower[t].as_ref()))
}

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
        tokens.start = list_start(tokens.start, words, people);
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
        beside.extend(side_by_side(&mentions, words).into_iter().map(|m| m.who.clone()));
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
    let named: Vec<Who> = found.iter().filter(|w| w.kind != Kind::Adjective).cloned().collect();
    let several = |whos: &[Who]| {
        let mut parties: Vec<u32> = whos.iter().flat_map(|w| w.parties.iter().copied()).collect();
        parties.sort_unstable();
        parties.dedup();
        parties.len()
    };
    let together = pieces.iter().any(|p| TEXTS.contains(p));
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
fn side_by_side<'p>(mentions: &[&'p Mention], words: &Words<'_>) -> Vec<&'p Mention> {
    let mut kept: Vec<&Mention> = Vec::new();
    for mention in mentions.iter().filter(|m| m.who.kind != Kind::Adjective) {
        let joined = kept.last().is_none_or(|last| {
            words.lower.get(last.end..mention.start).is_some_and(|between| {
                between
                    .iter()
                    .all(|w| matches!(w.as_ref(), "," | "and" | "&" | "the" | "both" | "as" | "well" | "of" | "in"))
                    && between.iter().any(|w| matches!(w.as_ref(), "," | "and" | "&"))
            })
        });
        if !joined {
            break;
        }
        kept.push(mention);
    }
    kept
}
