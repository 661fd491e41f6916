//! Where a party's own statements disagree: two speakers with each other, or one with what he said on another day.
//!
//! What counts as disagreement is what marks a position as contradictory: another sign, undecided against decided included.
//! The pair that the matrix marks comes first of those of the same speakers.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::model::Matrix;
use super::telling::quality;
use crate::base::date::days;
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
    let mut found_in_all: Vec<Found> = Vec::new();
    for position in &matrix.positions {
        let Some(marked) = position.contradiction else { continue };
        let briefs = briefs(&position.statements, statements);
        let place = |index: usize| briefs.iter().position(|brief| brief.index == index);
        let marked = if place(marked.0) <= place(marked.1) { marked } else { (marked.1, marked.0) };
        let pair = |(first, second)| Some((briefs.get(place(first)?)?, briefs.get(place(second)?)?));
        let near = briefs
            .iter()
            .enumerate()
            .flat_map(|(place, one)| briefs.iter().skip(place + 1).take(AHEAD).map(move |other| (one, other)));
        let mut best: BTreeMap<(u32, u32), Found> = BTreeMap::new();
        for (one, other) in pair(marked).into_iter().chain(near) {
            if one.sign == other.sign {
                continue;
            }
            let days = one.day.zip(other.day).map(|(a, b)| b - a);
            if within.is_some_and(|most| days.is_none_or(|d| d.unsigned_abs() > most)) {
                continue;
            }
            let found = Found {
                pair: Contradiction {
                    row: position.row,
                    column: position.column,
                    first: one.index,
                    second: other.index,
                    voices: if one.voice == other.voice && one.is_named { Voices::One } else { Voices::Two },
                    opposite: one.sign * other.sign < 0,
                    days,
                    marked: (one.index, other.index) == marked,
                },
                apart: one.stance.abs_diff(other.stance),
                said: one.quality + other.quality,
                ranks: [one.rank, other.rank],
            };
            let key = (one.voice.min(other.voice), one.voice.max(other.voice));
            if best.get(&key).is_none_or(|kept| before(&found, kept) == Ordering::Less) {
                best.insert(key, found);
            }
        }
        let mut pairs: Vec<Found> = best.into_values().collect();
        pairs.sort_by(before);
        out.more += pairs.len().saturating_sub(MOST);
        pairs.truncate(MOST);
        found_in_all.extend(pairs);
    }
    found_in_all.sort_by(|a, b| {
        let cell = |found: &Found| (found.pair.row, found.pair.column);
        let texts =
            |found: &Found| [found.pair.first, found.pair.second].map(|i| statements.get(i).map(place_in_texts));
        telling(a, b).then_with(|| texts(a).cmp(&texts(b))).then(cell(a).cmp(&cell(b)))
    });
    out.pairs = found_in_all.into_iter().map(|found| found.pair).collect();
    out
}

/// What pairs are compared by, of each statement worked out once.
struct Brief {
    index: usize,
    stance: i8,
    sign: i8,
    /// Days since 1970.
    day: Option<i32>,
    /// Number of the speaker, in the order of the names.
    voice: u32,
    is_named: bool,
    quality: u8,
    /// Place among the statements of the position in the order of the texts.
    rank: u32,
}

/// Where a statement stands: its document, its place there, its id.
fn place_in_texts(s: &Statement) -> (&str, u32, &str) {
    (&s.doc, s.start, &s.id)
}

fn briefs(indices: &[usize], statements: &[Statement]) -> Vec<Brief> {
    let speaker = |s: &Statement| s.speaker.clone().unwrap_or_default();
    let names: BTreeSet<String> = indices.iter().filter_map(|i| statements.get(*i)).map(speaker).collect();
    let numbers: BTreeMap<&str, u32> = names.iter().map(String::as_str).zip(0..).collect();
    let brief = |index: &usize| {
        let s = statements.get(*index)?;
        let name = s.speaker.as_deref().unwrap_or_default();
        Some(Brief {
            index: *index,
            stance: s.stance,
            sign: s.stance.signum(),
            day: s.day().map(days),
            voice: numbers.get(name).copied().unwrap_or_default(),
            is_named: !name.is_empty(),
            quality: quality(s),
            rank: 0,
        })
    };
    let mut briefs: Vec<Brief> = indices.iter().filter_map(brief).collect();
    let mut in_order: Vec<usize> = (0..briefs.len()).collect();
    in_order.sort_by_key(|place| briefs.get(*place).and_then(|b| statements.get(b.index)).map(place_in_texts));
    for (rank, place) in (0u32..).zip(in_order) {
        if let Some(brief) = briefs.get_mut(place) {
            brief.rank = rank;
        }
    }
    briefs
}

/// A pair with what it is ordered by.
struct Found {
    pair: Contradiction,
    /// Difference of the stances.
    apart: u8,
    /// How well both are said.
    said: u8,
    /// Places of both in the order of the texts, among those of their position.
    ranks: [u32; 2],
}

/// Of two pairs of one position the one that the matrix marks first, then the more telling.
fn before(a: &Found, b: &Found) -> Ordering {
    b.pair.marked.cmp(&a.pair.marked).then_with(|| telling(a, b)).then(a.ranks.cmp(&b.ranks))
}

/// Which pair tells more: yes against no, far apart in stance, near in time, well said.
fn telling(a: &Found, b: &Found) -> Ordering {
    let days = |found: &Found| found.pair.days.map_or(u32::MAX, i32::unsigned_abs);
    (b.pair.opposite.cmp(&a.pair.opposite))
        .then(b.apart.cmp(&a.apart))
        .then(days(a).cmp(&days(b)))
        .then(b.said.cmp(&a.said))
}
