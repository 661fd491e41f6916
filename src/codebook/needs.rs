//! What a pattern needs besides the word it begins with, so that most patterns are passed over without being fitted.
//!
//! Every slot that cannot be left out begins with one of some words or parties, so many words after the beginning of the match.
//! Slots that begin alike share a need; where in a sentence each need is met is noted once, in bits.

use std::collections::BTreeMap;
use std::ops::Range;

use super::wording::{NamedAt, Word, WordId};

/// What a slot can begin with: words, parties, any party (none).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Openings {
    pub(super) words: Vec<WordId>,
    pub(super) parties: Vec<Option<u32>>,
}

impl Openings {
    /// Keeps each once, in order.
    pub(super) fn settle(&mut self) {
        self.words.sort_unstable();
        self.words.dedup();
        self.parties.sort_unstable();
        self.parties.dedup();
    }
}

/// Number of a need.
pub(super) type NeedId = u32;

/// Where in a sentence each need is met: a bit a word, the last bit for all words from there on.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    places: Vec<u128>,
    /// Which of the places are not empty.
    touched: Vec<NeedId>,
}

impl Scratch {
    /// Tells whether a need is met anywhere.
    pub(super) fn any(&self, need: NeedId) -> bool {
        self.places[need as usize] != 0
    }

    fn set(&mut self, need: NeedId, at: usize) {
        let place = &mut self.places[need as usize];
        if *place == 0 {
            self.touched.push(need);
        }
        *place |= 1 << at.min(LAST);
    }
}

const LAST: usize = 127;
/// The words of a slot that is met as often as a name of a party.
const OFTEN: usize = 40;

/// The needs of patterns.
#[derive(Debug, Clone, Default)]
pub(super) struct Needs {
    ids: BTreeMap<Openings, u32>,
    /// Needs that a word meets, by the word's number.
    by_word: Vec<Vec<u32>>,
    /// Needs that a party meets, by its number, and those that every party meets.
    by_party: BTreeMap<u32, Vec<u32>>,
    by_any: Vec<u32>,
    /// For each pattern its needs, and how many words after its beginning each is to be met.
    patterns: Vec<Vec<(u32, Range<usize>)>>,
}

impl Needs {
    /// Adds what the next pattern needs; returns what it needs that is met least often.
    pub(super) fn add(&mut self, needs: Vec<(Openings, Range<usize>)>) -> Option<NeedId> {
        let mut numbered = Vec::new();
        for (mut openings, reach) in needs {
            openings.settle();
            // Few words are met least often; a name of a party is met as often as a long list of words.
            let often = openings.words.len() + if openings.parties.is_empty() { 0 } else { OFTEN };
            numbered.push((often, self.number(openings), reach));
        }
        numbered.sort_by_key(|need| need.0);
        let numbered: Vec<_> = numbered.into_iter().map(|(_, need, reach)| (need, reach)).collect();
        let first = numbered.first().map(|(need, _)| *need);
        self.patterns.push(numbered);
        first
    }

    fn number(&mut self, openings: Openings) -> u32 {
        if let Some(known) = self.ids.get(&openings) {
            return *known;
        }
        let id = self.ids.len() as u32;
        for word in &openings.words {
            let at = *word as usize;
            if self.by_word.len() <= at {
                self.by_word.resize(at + 1, Vec::new());
            }
            self.by_word[at].push(id);
        }
        for party in &openings.parties {
            match party {
                Some(party) => self.by_party.entry(*party).or_default().push(id),
                None => self.by_any.push(id),
            }
        }
        self.ids.insert(openings, id);
        id
    }

    /// Notes where in a sentence each need is met.
    pub(super) fn places<'s>(&self, words: &[Word], named: &[NamedAt], scratch: &'s mut Scratch) -> &'s Scratch {
        // Emptied where it was filled: most sentences meet few needs.
        for need in scratch.touched.drain(..) {
            scratch.places[need as usize] = 0;
        }
        if scratch.places.len() < self.ids.len() {
            scratch.places.resize(self.ids.len(), 0);
        }
        for (at, word) in words.iter().enumerate() {
            for id in [word.form, word.lemma] {
                for need in self.by_word.get(id as usize).filter(|_| id != 0).map_or(&[][..], Vec::as_slice) {
                    scratch.set(*need, at);
                }
            }
        }
        for name in named {
            for need in self.by_party.get(&name.party).into_iter().flatten().chain(&self.by_any) {
                scratch.set(*need, name.start);
            }
        }
        scratch
    }

    /// Tells whether a sentence may hold all that a pattern needs, if the pattern begins at a word.
    pub(super) fn met(&self, pattern: u32, start: usize, scratch: &Scratch) -> bool {
        self.patterns[pattern as usize].iter().all(|(need, reach)| {
            let from = (start + reach.start).min(LAST);
            let to = start.saturating_add(reach.end).min(LAST + 1);
            let up_to = if to > LAST { u128::MAX } else { (1 << to) - 1 };
            scratch.places[*need as usize] & up_to & (u128::MAX << from) != 0
        })
    }
}
