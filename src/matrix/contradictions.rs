//! Where a party's own statements disagree: two speakers with each other, or one with what he said on another day.
//!
//! What counts as disagreement is what marks a position as contradictory: another sign, undecided against decided included.
//! The pair that the matrix marks comes first of those of the same speakers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::model::Matrix;
use super::telling::quality;
use crate::statement::Statement;

/// Pairs that are told of one position; a party with many speakers has more than anybody reads.
const MOST: usize = 12;

/// Who disagrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Voices {
    /// One named speaker, with himself.
    One,
    /// Two speakers of the party, or voices without a name.
    Two,
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
pub fn contradictions(matrix: &Matrix, statements: &[Statement], within: Option<u32>) -> Contradictions {
    let mut out = Contradictions::default();
    for position in matrix.positions.iter().filter(|p| p.contradiction.is_some()) {
        let mut best: BTreeMap<(&str, &str), Contradiction> = BTreeMap::new();
        for (place, i) in position.statements.iter().enumerate() {
            for j in position.statements.iter().skip(place + 1) {
                let (Some(one), Some(other)) = (statements.get(*i), statements.get(*j)) else { continue };
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
                    first: *i,
                    second: *j,
                    voices: if a == b && !a.is_empty() { Voices::One } else { Voices::Two },
                    opposite: one.stance.signum() * other.stance.signum() < 0,
                    days,
                    marked: position.contradiction.is_some_and(|(x, y)| (x, y) == (*i, *j) || (y, x) == (*i, *j)),
                };
                let key = if a <= b { (a, b) } else { (b, a) };
                let nearer = best.get(&key).is_none_or(|kept| {
                    (found.marked, rank(&found, statements)) > (kept.marked, rank(kept, statements))
                });
                if nearer {
                    best.insert(key, found);
                }
            }
        }
        let mut pairs: Vec<Contradiction> = best.into_values().collect();
        pairs.sort_by_key(|c| Reverse((c.marked, rank(c, statements))));
        out.more += pairs.len().saturating_sub(MOST);
        pairs.truncate(MOST);
        out.pairs.extend(pairs);
    }
    out.pairs.sort_by_key(|c| (Reverse(rank(c, statements)), c.row, c.column));
    out
}

/// How much a pair tells: yes against no, far apart in stance, near in time, well said.
fn rank(pair: &Contradiction, statements: &[Statement]) -> (bool, u8, Reverse<u32>, u8, Reverse<(usize, usize)>) {
    let of = |index: usize| statements.get(index);
    let stance = |index: usize| of(index).map_or(0, |s| s.stance);
    let said = |index: usize| of(index).map_or(0, quality);
    (
        pair.opposite,
        stance(pair.first).abs_diff(stance(pair.second)),
        Reverse(pair.days.map_or(u32::MAX, i32::unsigned_abs)),
        said(pair.first) + said(pair.second),
        Reverse((pair.first, pair.second)),
    )
}
