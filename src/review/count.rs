//! How many verdicts of whom, and what has none.

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::{Review, Verdict};

/// What became of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It holds for a statement.
    Holds,
    /// A later one on the same statement took its place.
    Superseded,
    /// Its statement is no longer there.
    Lost,
}

impl State {
    /// Returns the state in a word.
    pub fn name(self) -> &'static str {
        match self {
            State::Holds => "holds",
            State::Superseded => "superseded",
            State::Lost => "lost",
        }
    }
}

/// Tells the state of each review, given in the order they came in.
pub fn states(judged: &[(Review, Option<String>)]) -> Vec<State> {
    let mut later: BTreeSet<&str> = BTreeSet::new();
    let mut states: Vec<State> = judged
        .iter()
        .rev()
        .map(|(_, id)| match id {
            None => State::Lost,
            Some(id) if later.insert(id) => State::Holds,
            Some(_) => State::Superseded,
        })
        .collect();
    states.reverse();
    states
}

/// How many reviews there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Reviews that hold, by verdict.
    pub by_verdict: BTreeMap<Verdict, usize>,
    /// Reviews that hold, by reviewer and verdict; an empty name where none was given.
    pub by_reviewer: BTreeMap<String, BTreeMap<Verdict, usize>>,
    /// Reviews in whose place a later one stands.
    pub superseded: usize,
    /// Places of the reviews that lost their statement.
    pub lost: Vec<usize>,
}

/// Counts reviews, given in the order they came in.
pub fn counts(judged: &[(Review, Option<String>)]) -> Counts {
    let mut counts = Counts::default();
    for (place, ((review, _), state)) in judged.iter().zip(states(judged)).enumerate() {
        match state {
            State::Superseded => counts.superseded += 1,
            State::Lost => counts.lost.push(place),
            State::Holds => {
                *counts.by_verdict.entry(review.given.verdict).or_default() += 1;
                let reviewer = review.given.reviewer.clone().unwrap_or_default();
                *counts.by_reviewer.entry(reviewer).or_default().entry(review.given.verdict).or_default() += 1;
            }
        }
    }
    counts
}
