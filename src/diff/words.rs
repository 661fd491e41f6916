//! A change in a few words.

use jiff::civil::Date;

use super::change::{Change, Diff, Kind};
use super::side::Stand;
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

    /// Returns the short name of a party.
    pub fn short<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.codebook.parties.iter().find(|p| p.id == id).map_or(id, |p| &p.short)
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
    let label = stand.stance.label(labels);
    match stand.size() {
        Some(0.0) => format!("{label} (0)"),
        Some(number) => format!("{label} ({number:+})"),
        None => label.to_string(),
    }
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
