//! Lines for the codebook, from corrections that come again. They are proposals: a person decides, and `codebook check` tells what
//! they do.

use std::collections::{BTreeMap, BTreeSet};

use super::count::{State, states};
use crate::advice::noun_phrases;
use crate::base::space::flat;
use crate::codebook::Codebook;
use crate::document::{Given, again};
use crate::ledger::{Review, Verdict};
use crate::matrix::words::{quoted as in_marks, signed};
use crate::statement::{Statement, matters};

/// Rejected statements with the same wording from which on it is proposed to be ignored.
const REJECTED: usize = 3;
/// Added statements that share a phrase, and corrections of a speaker, from which on a line is proposed.
const REPEATED: usize = 2;
/// Words that a pattern may take in on either side of the wording.
const NEIGHBOURS: usize = 3;

/// A proposed change of a codebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The file it belongs into.
    pub file: &'static str,
    /// Where in it, and why, a line each.
    pub reasons: Vec<String>,
    /// What to paste.
    pub lines: Vec<String>,
}

/// Looks for corrections that come again; `statements` are the ledger's, reviews applied.
pub fn suggest(
    judged: &[(Review, Option<String>)],
    statements: &BTreeMap<String, Statement>,
    book: &Codebook,
) -> Vec<Suggestion> {
    let holding: Vec<(&Review, &str)> = judged
        .iter()
        .zip(states(judged))
        .filter(|(_, state)| *state == State::Holds)
        .filter_map(|((review, id), _)| Some((review, id.as_deref()?)))
        .collect();
    let mut found = ignores(&holding, statements, book);
    found.extend(namings(&holding, book));
    found.extend(speakers(&holding, statements, book));
    found
}

/// The wording of a topic in a passage, in lower case.
fn wording(passage: &str, topic: &str, book: &Codebook) -> BTreeSet<String> {
    // Without its full stop a short passage would pass for a heading.
    let document = again("", format!("{passage}."), &Given::default());
    let of_topic = |ix: u32| book.topics.get(ix as usize).is_some_and(|t| t.id == topic);
    let matters = matters(&document, book).into_iter().filter(|m| of_topic(m.topic));
    matters.map(|m| plain(m.span.of(&document.text))).collect()
}

/// Wording that was rejected again and again.
fn ignores(holding: &[(&Review, &str)], statements: &BTreeMap<String, Statement>, book: &Codebook) -> Vec<Suggestion> {
    let mut groups: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    for (review, _) in holding.iter().filter(|(r, _)| r.given.verdict == Verdict::Reject) {
        let Some(topic) = &review.seen_topic else { continue };
        for words in wording(&review.given.quote, topic, book) {
            groups.entry((topic.clone(), words)).or_default().insert(&review.given.quote);
        }
    }
    let mut made = Vec::new();
    for ((topic, words), quotes) in groups.into_iter().filter(|(_, quotes)| quotes.len() >= REJECTED) {
        let pattern = widened(&words, &quotes);
        let hidden = |s: &&Statement| {
            s.topic == topic && s.review.as_deref() != Some(Verdict::Reject.name()) && holds(&plain(&s.quote), &pattern)
        };
        let others = statements.values().filter(hidden).count();
        let mut reasons = vec![
            format!("topic {topic}, key ignore: {} rejected statements hold these words", quotes.len()),
            format!("for one: {}", in_marks(quotes.first().copied().unwrap_or(""), 100)),
        ];
        if pattern == words {
            reasons
                .push("the words around them differ: think of narrower wording in for, against or says as well".into());
        }
        if others > 0 {
            reasons.push(format!("it would also hide {others} statements that were not rejected: look at them first"));
        }
        made.push(Suggestion { file: "topics.toml", reasons, lines: vec![format!("ignore = [{}]", quoted(&pattern))] });
    }
    made
}

/// Takes in the words before and after that all passages share: the narrowest pattern that fits them all.
fn widened(words: &str, quotes: &BTreeSet<&str>) -> String {
    let mut pattern = words.to_string();
    for before in [true, false] {
        for _ in 0..NEIGHBOURS {
            let next: BTreeSet<Option<String>> = quotes.iter().map(|q| neighbour(q, &pattern, before)).collect();
            let (1, Some(Some(word))) = (next.len(), next.first()) else { break };
            pattern = if before { format!("{word} {pattern}") } else { format!("{pattern} {word}") };
        }
    }
    pattern
}

/// The word before or after the first place of a pattern.
fn neighbour(quote: &str, pattern: &str, before: bool) -> Option<String> {
    let padded = format!(" {} ", plain(quote));
    let at = padded.find(&format!(" {pattern} "))?;
    let rest = if before { padded.get(..at)? } else { padded.get(at + pattern.len() + 2..)? };
    let mut words = rest.split_whitespace();
    if before { words.next_back() } else { words.next() }.map(String::from)
}

/// Wording of statements that the program did not find.
fn namings(holding: &[(&Review, &str)], book: &Codebook) -> Vec<Suggestion> {
    type Shared<'r> = BTreeMap<String, BTreeMap<(&'r str, u32), &'r Review>>;
    let mut topics: BTreeMap<&str, Shared<'_>> = BTreeMap::new();
    for (review, _) in holding.iter().filter(|(r, _)| r.given.verdict == Verdict::Add) {
        let Some(topic) = &review.given.topic else { continue };
        if !wording(&review.given.quote, topic, book).is_empty() {
            continue;
        }
        let shared = topics.entry(topic).or_default();
        for phrase in noun_phrases(&review.given.quote, book) {
            shared.entry(phrase).or_default().insert((review.given.doc.as_str(), review.start), review);
        }
    }
    let mut made = Vec::new();
    for (topic, mut phrases) in topics {
        phrases.retain(|_, in_quotes| in_quotes.len() >= REPEATED);
        let all: Vec<(String, usize)> = phrases.iter().map(|(phrase, q)| (phrase.clone(), q.len())).collect();
        // Of "corridor" and "grain corridor", where one never comes without the other, the longer says more.
        phrases.retain(|phrase, q| {
            !all.iter().any(|(other, count)| other.len() > phrase.len() && *count == q.len() && holds(other, phrase))
        });
        if phrases.is_empty() {
            continue;
        }
        let mut reasons = vec![
            format!("topic {topic}, key for: statements that were added hold these words, and no wording of the topic"),
            "use against instead where the words name what -2 asks for".to_string(),
        ];
        for (phrase, quotes) in &phrases {
            let stances: Vec<String> =
                quotes.values().filter_map(|r| r.given.stance.map(|s| signed(s.into()))).collect();
            reasons.push(format!("{phrase}: {} statements, stances {}", quotes.len(), stances.join(" ")));
        }
        let patterns: Vec<String> = phrases.keys().map(|p| quoted(p)).collect();
        made.push(Suggestion { file: "topics.toml", reasons, lines: vec![format!("for = [{}]", patterns.join(", "))] });
    }
    made
}

/// Speakers who were given the same party more than once.
fn speakers(holding: &[(&Review, &str)], statements: &BTreeMap<String, Statement>, book: &Codebook) -> Vec<Suggestion> {
    let mut given: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for (review, id) in holding {
        let given_party = &review.given.party;
        let changed = match review.given.verdict {
            Verdict::Add => true,
            Verdict::Correct => *given_party != review.seen_party,
            Verdict::Accept | Verdict::Reject => false,
        };
        let Some(party) = given_party.as_deref().filter(|p| changed && *p != "none") else { continue };
        let told = statements.get(*id).and_then(|s| s.speaker.clone().or_else(|| s.source_text.clone()));
        if let Some(name) = review.given.speaker.clone().or(told).map(|n| flat(&n)) {
            *given.entry((name, party)).or_default() += 1;
        }
    }
    let mut made = Vec::new();
    for ((name, party), count) in given.into_iter().filter(|(_, count)| *count >= REPEATED) {
        let person = book.people.iter().find(|p| p.name == name);
        let ix = book.party(party);
        let institution = book.institutions.iter().any(|i| i.name == name);
        if institution || person.is_some_and(|p| p.offices.iter().any(|o| Some(o.party) == ix)) {
            continue;
        }
        let reason = format!("{name} was given to {party} {count} times");
        if person.is_none() {
            let hint = "mend the pronoun (he, she, they), and put other spellings into aliases, parted by ;";
            made.push(Suggestion {
                file: "people.csv",
                reasons: vec![format!("name,aliases,pronoun: {reason}"), hint.to_string()],
                lines: vec![format!("{},,they", field(&name))],
            });
        }
        made.push(Suggestion {
            file: "roles.csv",
            reasons: vec![
                format!("person,party,rank,title,from,to: {reason}"),
                "mend the rank and the title, and fill in the days".to_string(),
            ],
            lines: vec![format!("{},{party},official,official,,", field(&name))],
        });
    }
    made
}

/// Lower case, marks off the ends of words, single spaces between them.
fn plain(text: &str) -> String {
    let word = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(word).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Tells whether words stand in others as whole words.
fn holds(text: &str, words: &str) -> bool {
    format!(" {text} ").contains(&format!(" {words} "))
}

/// A string of a TOML file.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A field of a CSV file.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}
