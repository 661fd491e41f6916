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

/// The words of a sentence at which a need is met, a bit each; the last bit stands for all words from there on.
pub(super) type Places = u128;

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
    /// Adds what the next pattern needs.
    pub(super) fn add(&mut self, needs: Vec<(Openings, Range<usize>)>) {
        let mut numbered = Vec::new();
        for (mut openings, reach) in needs {
            openings.words.sort_unstable();
            openings.words.dedup();
            openings.parties.sort_unstable();
            openings.parties.dedup();
            // Few words are met least often; a name of a party is met as often as a long list of words.
            let often = openings.words.len() + if openings.parties.is_empty() { 0 } else { OFTEN };
            numbered.push((often, self.number(openings), reach));
        }
        numbered.sort_by_key(|need| need.0);
        let numbered = numbered.into_iter().map(|(_, need, reach)| (need, reach)).collect();
        self.patterns.push(numbered);
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
    pub(super) fn places(&self, words: &[Word], named: &[NamedAt]) -> Vec<Places> {
        let mut places = vec![0; self.ids.len().max(1)];
        for (at, word) in words.iter().enumerate() {
            for id in [word.form, word.lemma] {
                for need in self.by_word.get(id as usize).filter(|_| id != 0).map_or(&[][..], Vec::as_slice) {
                    places[*need as usize] |= 1 << at.min(LAST);
                }
            }
        }
        for name in named {
            for need in self.by_party.get(&name.party).into_iter().flatten().chain(&self.by_any) {
                places[*need as usize] |= 1 << name.start.min(LAST);
            }
        }
        places
    }

    /// Tells whether a sentence may hold all that a pattern needs, if the pattern begins at a word.
    pub(super) fn met(&self, pattern: u32, start: usize, places: &[Places]) -> bool {
        self.patterns[pattern as usize].iter().all(|(need, reach)| {
            let from = (start + reach.start).min(LAST);
            let to = start.saturating_add(reach.end).min(LAST + 1);
            let up_to = if to > LAST { Places::MAX } else { (1 << to) - 1 };
            places[*need as usize] & up_to & (Places::MAX << from) != 0
        })
    }
}
