//! One JSON object.

use std::io::Write;

use serde::Serialize;

use super::super::Error;
use super::super::positions::iso;
use crate::codebook::{Codebook, Labels};
use crate::diff::{Change, Diff, Evidence, Kind, Stand};

#[derive(Serialize)]
struct Whole<'a> {
    old: Side<'a>,
    new: Side<'a>,
    counts: Vec<Count>,
    changes: Vec<One<'a>>,
}

#[derive(Serialize)]
struct Side<'a> {
    name: &'a str,
    as_of: Option<String>,
}

#[derive(Serialize)]
struct Count {
    change: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct One<'a> {
    change: &'static str,
    condition_change: Option<&'static str>,
    party: &'a str,
    topic: &'a str,
    step: Option<f64>,
    known_late: bool,
    low_confidence: bool,
    old: Option<Held<'a>>,
    new: Option<Held<'a>>,
}

#[derive(Serialize)]
struct Held<'a> {
    stance: Option<f64>,
    label: &'a str,
    conditions: Option<&'a [String]>,
    statements: Option<usize>,
    evidence: Vec<Said<'a>>,
}

#[derive(Serialize)]
struct Said<'a> {
    id: Option<&'a str>,
    doc: Option<&'a str>,
    stance: Option<i8>,
    quote: Option<&'a str>,
    speaker: Option<&'a str>,
    outlet: Option<&'a str>,
    date: Option<String>,
}

/// Writes all of a comparison: both sides, the counts, and every change with all statements that decided.
///
/// # Errors
/// Fails where `out` does.
pub fn write_json<W: Write>(out: W, diff: &Diff, codebook: &Codebook, all: bool) -> Result<(), Error> {
    let labels = &codebook.labels;
    let whole = Whole {
        old: Side { name: &diff.old, as_of: diff.old_as_of.map(|d| d.to_string()) },
        new: Side { name: &diff.new, as_of: diff.new_as_of.map(|d| d.to_string()) },
        counts: Kind::ALL.map(|kind| Count { change: kind.name(), count: diff.count(kind) }).into(),
        changes: diff.listed(all).map(|c| one(c, labels)).collect(),
    };
    super::super::write_json(out, &whole)
}

fn one<'a>(change: &'a Change, labels: &'a Labels) -> One<'a> {
    One {
        change: change.kind.name(),
        condition_change: change.condition.map(Kind::name),
        party: &change.party,
        topic: &change.topic,
        step: change.step(),
        known_late: change.known_late,
        low_confidence: change.is_uncertain(),
        old: change.old.as_ref().map(|s| held(s, labels)),
        new: change.new.as_ref().map(|s| held(s, labels)),
    }
}

fn held<'a>(stand: &'a Stand, labels: &'a Labels) -> Held<'a> {
    Held {
        stance: stand.size(),
        label: stand.stance.label(labels),
        conditions: stand.conditions.as_deref(),
        statements: stand.statements.as_ref().map(std::collections::BTreeSet::len),
        evidence: stand.evidence.iter().map(said).collect(),
    }
}

fn said(evidence: &Evidence) -> Said<'_> {
    let some = |text: &'_ str| !text.is_empty();
    Said {
        id: Some(evidence.id.as_str()).filter(|t| some(t)),
        doc: Some(evidence.doc.as_str()).filter(|t| some(t)),
        stance: evidence.stance,
        quote: Some(evidence.quote.as_str()).filter(|t| some(t)),
        speaker: Some(evidence.speaker.as_str()).filter(|t| some(t)),
        outlet: Some(evidence.outlet.as_str()).filter(|t| some(t)),
        date: evidence.day.map(|day| iso(Some(day))),
    }
}
