//! A change in a few words.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::change::{Change, Diff, Kind};
use super::side::{Evidence, Stand};
use crate::codebook::{Codebook, Labels};
use crate::matrix::{Stance, words};

/// Names of parties and topics; an id that the codebook lacks stands for itself.
#[derive(Debug, Clone, Copy)]
pub struct Namer<'a> {
    codebook: &'a Codebook,
}

impl<'a> Namer<'a> {
    /// Names as this codebook has them.
    pub fn new(codebook: &'a Codebook) -> Self {
        Namer { codebook }
    }

    /// Returns the name of a party.
    pub fn party<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.codebook.parties.iter().find(|p| p.id == id).map_or(id, |p| &p.name)
    }

    /// Returns where a party and a topic stand in the codebook; behind all others where it lacks them.
    pub fn place(&self, party: &str, topic: &str) -> (usize, usize) {
        let party = self.codebook.parties.iter().position(|p| p.id == party);
        let topic = self.codebook.topics.iter().position(|t| t.id == topic);
        (party.unwrap_or(usize::MAX), topic.unwrap_or(usize::MAX))
    }

    /// Returns the name of a topic.
    pub fn topic<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.codebook.topics.iter().find(|t| t.id == id).map_or(id, |t| &t.name)
    }
}

/// Says what is compared: `Changes from old.xlsx (13 Feb 2025) to new.xlsx (14 Feb 2025)`.
pub fn title(diff: &Diff) -> String {
    let side = |name: &str, as_of: Option<Date>| match (name, as_of) {
        ("", Some(day)) => words::day(day),
        ("", None) => "no date known".to_string(),
        (name, Some(day)) => format!("{name} ({})", words::day(day)),
        (name, None) => name.to_string(),
    };
    format!("Changes from {} to {}", side(&diff.old, diff.old_as_of), side(&diff.new, diff.new_as_of))
}

/// Counts the changes: `1 reversed, 2 hardened; 30 unchanged, 4 of them with new statements`.
pub fn tally(diff: &Diff) -> String {
    let counts: Vec<String> = Kind::ALL
        .into_iter()
        .filter(|kind| kind.is_change())
        .map(|kind| (diff.count(kind), kind))
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| format!("{count} {kind}"))
        .collect();
    let again = diff.count(Kind::Reaffirmed);
    let mut same = format!("{} unchanged", diff.count(Kind::Unchanged) + again);
    if again > 0 {
        same.push_str(&format!(", {again} of them reaffirmed"));
    }
    if counts.is_empty() { format!("No change; {same}") } else { format!("{}; {same}", counts.join(", ")) }
}

/// Says where the stance went: `leans yes (+1) → rejects (-2), condition added`.
pub fn moved(change: &Change, labels: &Labels) -> String {
    let side = |stand: &Option<Stand>| stand.as_ref().map_or_else(|| labels.none.clone(), |s| stance(s, labels));
    let (old, new) = (side(&change.old), side(&change.new));
    let mut out = match (&change.old, &change.new) {
        (Some(before), Some(after)) if before.stance == after.stance && before.number == after.number => new,
        _ => format!("{old} → {new}"),
    };
    if let Some(condition) = change.condition {
        out.push_str(&format!(", {condition}"));
    }
    out
}

/// A stance with its number and sign.
fn stance(stand: &Stand, labels: &Labels) -> String {
    words::stance(stand.stance.label(labels), stand.size())
}

/// A stance as matrix.csv has it: `rejects (-2)`, `rejects (-2) ?` where the confidence is low.
pub fn cell(stand: Option<&Stand>, labels: &Labels) -> String {
    let Some(stand) = stand else { return labels.none.clone() };
    let mark = if stand.uncertain { " ?" } else { "" };
    let label = stand.stance.label(labels);
    match (stand.stance, stand.size()) {
        (Stance::Value(_), Some(number)) => format!("{label} ({number}){mark}"),
        _ => format!("{label}{mark}"),
    }
}

/// What a reader should know before resting anything on a change.
pub fn notes(change: &Change) -> Vec<String> {
    let mut out = Vec::new();
    if change.known_late {
        out.push("all of it was said before the old date; it counts only now".to_string());
    }
    if change.is_uncertain() {
        out.push("low confidence: read the words before you rest anything on it".to_string());
    }
    out
}

/// Says what a position rests on, as far as it is known: the conditions, the words that show it best in at most so many characters,
/// and by whom and when they were said.
pub fn said(stand: &Stand, chars: usize) -> Vec<String> {
    let mut parts: Vec<String> = stand.conditions.as_deref().and_then(words::condition).into_iter().collect();
    if let Some(best) = stand.evidence.first() {
        if !best.quote.is_empty() {
            parts.push(words::quoted(&best.quote, chars));
        }
        parts.push(by(best));
    }
    parts
}

/// Says who said something, when and where: `Ivan Example, 13 Feb 2025, Example Daily`.
pub fn by(evidence: &Evidence) -> String {
    words::listed(&[&evidence.speaker, &evidence.day.map(words::day).unwrap_or_default(), &evidence.outlet])
}

/// Puts ids into the codebook's order, each once; those that it lacks follow by themselves.
pub fn in_order<'a>(ids: impl Iterator<Item = &'a str>, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut left: BTreeSet<&str> = ids.collect();
    let mut out: Vec<&str> = known.filter(|id| left.remove(id)).collect();
    out.extend(left);
    out
}
