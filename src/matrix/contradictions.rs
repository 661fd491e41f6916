//! Where a party's own statements disagree: two speakers with each other, or one with what he said on another day.
//!
//! What counts as disagreement is what marks a position as contradictory: another sign, undecided against decided included.
//! The pair that the matrix marks comes first of those of the same speakers.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::model::Matrix;
use super::telling::quality;
use crate::statement::Statement;

/// Pairs that are told of one position; a party with many speakers has more than anybody reads.
const MOST: usize = 12;
/// Statements after each, in order of time, that it is held against: what lies further off in a large archive is another story.
const AHEAD: usize = 400;

/// Who disagrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Voices {
    /// One named speaker, with himself.
    One,
    /// Two speakers of the party, or voices without a name.
    Two,
}

impl Voices {
    /// Returns who disagrees, in two words.
    pub fn name(self) -> &'static str {
        match self {
            Voices::One => "one speaker",
            Voices::Two => "two voices",
        }
    }
}

/// Two statements of one party on one topic that disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// Row of the party in the matrix.
    pub row: usize,
    /// Column of the topic.
    pub column: usize,
    /// Index of the earlier statement.
    pub first: usize,
    /// Index of the later one.
    pub second: usize,
    /// Who disagrees.
    pub voices: Voices,
    /// Yes against no; else one of them is undecided.
    pub opposite: bool,
    /// Days between the two, where both are known.
    pub days: Option<i32>,
    /// The pair that the matrix marks.
    pub marked: bool,
}

/// All that is found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contradictions {
    /// Pairs, yes against no first, then those nearest in time.
    pub pairs: Vec<Contradiction>,
    /// Pairs of speakers beyond those told of their position.
    pub more: usize,
}

/// Finds one pair for every two speakers of a party who disagree on a topic; with `within`, only pairs whose days lie no further
/// apart, which leaves out statements of unknown day.
///
/// A statement is held against the next 400 in time, and the pair that the matrix marks is looked at in any case.
pub fn contradictions(matrix: &Matrix, statements: &[Statement], within: Option<u32>) -> Contradictions {
    let mut out = Contradictions::default();
    for position in &matrix.positions {
        let Some(marked) = position.contradiction else { continue };
        let mut best: BTreeMap<(&str, &str), Contradiction> = BTreeMap::new();
        let place = |index: usize| position.statements.iter().position(|i| *i == index);
        let marked = if place(marked.0) <= place(marked.1) { marked } else { (marked.1, marked.0) };
        let near = position
            .statements
            .iter()
            .enumerate()
            .flat_map(|(place, i)| position.statements.iter().skip(place + 1).take(AHEAD).map(move |j| (*i, *j)));
        for (first, second) in std::iter::once(marked).chain(near) {
            let (Some(one), Some(other)) = (statements.get(first), statements.get(second)) else { continue };
            if one.stance.signum() == other.stance.signum() {
                continue;
            }
            let days = one.day().zip(other.day()).and_then(|(a, b)| a.until(b).ok()).map(|span| span.get_days());
            if within.is_some_and(|most| days.is_none_or(|d| d.unsigned_abs() > most)) {
                continue;
            }
            let (a, b) = (one.speaker.as_deref().unwrap_or(""), other.speaker.as_deref().unwrap_or(""));
            let found = Contradiction {
                row: position.row,
                column: position.column,
                first,
                second,
                voices: if a == b && !a.is_empty() { Voices::One } else { Voices::Two },
                opposite: one.stance.signum() * other.stance.signum() < 0,
                days,
                marked: (first, second) == marked,
            };
            let key = if a <= b { (a, b) } else { (b, a) };
            if best.get(&key).is_none_or(|kept| before(&found, kept, statements) == Ordering::Less) {
                best.insert(key, found);
            }
        }
        let mut pairs: Vec<Contradiction> = best.into_values().collect();
        pairs.sort_by(|a, b| before(a, b, statements));
        out.more += pairs.len().saturating_sub(MOST);
        pairs.truncate(MOST);
        out.pairs.extend(pairs);
    }
    out.pairs.sort_by(|a, b| telling(a, b, statements).then((a.row, a.column).cmp(&(b.row, b.column))));
    out
}

/// The pair that the matrix marks first, then the more telling.
fn before(a: &Contradiction, b: &Contradiction, statements: &[Statement]) -> Ordering {
    b.marked.cmp(&a.marked).then_with(|| telling(a, b, statements))
}

/// Which pair tells more: yes against no, far apart in stance, near in time, well said.
fn telling(a: &Contradiction, b: &Contradiction, statements: &[Statement]) -> Ordering {
    let stance = |index: usize| statements.get(index).map_or(0, |s| s.stance);
    let apart = |c: &Contradiction| stance(c.first).abs_diff(stance(c.second));
    let days = |c: &Contradiction| c.days.map_or(u32::MAX, i32::unsigned_abs);
    let said = |c: &Contradiction| -> u8 {
        [c.first, c.second].into_iter().filter_map(|i| statements.get(i)).map(quality).sum()
    };
    let ids = |c: &Contradiction| [c.first, c.second].map(|i| statements.get(i).map(|s| (&s.doc, s.start, &s.id)));
    b.opposite
        .cmp(&a.opposite)
        .then_with(|| apart(b).cmp(&apart(a)))
        .then_with(|| days(a).cmp(&days(b)))
        .then_with(|| said(b).cmp(&said(a)))
        .then_with(|| ids(a).cmp(&ids(b)))
}
