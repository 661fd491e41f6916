//! Two sides into changes.

use std::collections::BTreeSet;

use super::change::{Change, Diff, Kind};
use super::side::{Side, Stand};
use super::words::Namer;
use crate::codebook::Codebook;
use crate::matrix::Stance;

/// Compares two sides; parties and topics come in the codebook's order where nothing else decides.
pub fn compare(old: &Side, new: &Side, codebook: &Codebook) -> Diff {
    let keys: BTreeSet<&(String, String)> = old.stands.keys().chain(new.stands.keys()).collect();
    let mut all: Vec<Change> =
        keys.into_iter().map(|key| change(key, old.stands.get(key), new.stands.get(key), old)).collect();
    let namer = Namer::new(codebook);
    all.sort_by_cached_key(|c| {
        let place = namer.place(&c.party, &c.topic);
        (c.kind.rank(), std::cmp::Reverse(weight(c)), place, c.party.clone(), c.topic.clone())
    });
    Diff { old: old.name.clone(), old_as_of: old.as_of, new: new.name.clone(), new_as_of: new.as_of, all }
}

/// How much a change weighs among those of its rank, in hundredths of a step: how far it went, or how strong the position
/// is that came or went.
fn weight(change: &Change) -> i64 {
    let size = |stand: &Option<Stand>| stand.as_ref().and_then(Stand::size).unwrap_or(0.0);
    let moved = match change.kind {
        Kind::FirstStated => size(&change.new),
        Kind::WentSilent => size(&change.old),
        Kind::Reaffirmed | Kind::Unchanged => 0.0,
        _ => change.step().unwrap_or_else(|| size(&change.old) + size(&change.new)),
    };
    (moved.abs() * 100.0).round() as i64
}

fn change(key: &(String, String), old: Option<&Stand>, new: Option<&Stand>, before: &Side) -> Change {
    let (kind, condition) = match (old, new) {
        (None, _) => (Kind::FirstStated, None),
        (Some(_), None) => (Kind::WentSilent, None),
        (Some(old), Some(new)) => {
            let hangs = conditions(old, new);
            match (moved(old.stance, new.stance), hangs) {
                (Some(kind), hangs) => (kind, hangs),
                (None, Some(kind)) => (kind, None),
                (None, None) if reaffirmed(old, new) => (Kind::Reaffirmed, None),
                (None, None) => (Kind::Unchanged, None),
            }
        }
    };
    Change {
        party: key.0.clone(),
        topic: key.1.clone(),
        kind,
        condition,
        known_late: kind.is_change() && new.is_some_and(|new| late(new, before)),
        old: old.cloned(),
        new: new.cloned(),
    }
}

/// What became of the stance, where it moved.
fn moved(old: Stance, new: Stance) -> Option<Kind> {
    match (old, new) {
        (Stance::Mixed, Stance::Mixed) => None,
        (Stance::Value(_), Stance::Mixed) => Some(Kind::NowMixed),
        (Stance::Mixed, Stance::Value(_)) => Some(Kind::NoLongerMixed),
        (Stance::Value(old), Stance::Value(new)) if old == new => None,
        (Stance::Value(old), Stance::Value(new)) if old.signum() * new.signum() < 0 => Some(Kind::Reversed),
        (Stance::Value(old), Stance::Value(new)) if new.unsigned_abs() > old.unsigned_abs() => Some(Kind::Hardened),
        (Stance::Value(_), Stance::Value(_)) => Some(Kind::Softened),
    }
}

/// What became of the conditions, where both sides tell them and they differ in more than case, space and points.
fn conditions(old: &Stand, new: &Stand) -> Option<Kind> {
    let words =
        |list: &[String]| -> BTreeSet<String> { list.iter().map(|c| plain(c)).filter(|c| !c.is_empty()).collect() };
    let (old, new) = (words(old.conditions.as_ref()?), words(new.conditions.as_ref()?));
    match (old.is_empty(), new.is_empty()) {
        _ if old == new => None,
        (true, false) => Some(Kind::ConditionAdded),
        (false, true) => Some(Kind::ConditionDropped),
        _ => Some(Kind::ConditionChanged),
    }
}

fn plain(condition: &str) -> String {
    let words = condition.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Whether the new side has statements that the old one had not; not known where either does not list them.
fn reaffirmed(old: &Stand, new: &Stand) -> bool {
    match (&old.statements, &new.statements) {
        (Some(old), Some(new)) => new.iter().any(|id| !old.contains(id)),
        _ => false,
    }
}

/// Whether all that decided a position was said by the last day of the side that did not hold it.
fn late(new: &Stand, before: &Side) -> bool {
    let Some(as_of) = before.as_of else { return false };
    !new.evidence.is_empty() && new.evidence.iter().all(|e| e.day.is_some_and(|day| day <= as_of))
}
