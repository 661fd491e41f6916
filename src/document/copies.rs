//! Copies of one story: the same agency text in several outlets, with another headline, a paragraph more or less.
//!
//! Two texts are alike by the share of runs of words that they have in common (resemblance; Broder, "On the resemblance and containment of
//! documents", 1997), estimated from the least of so many hashes of each. Hashes lie in bands, and only documents that agree on a band
//! are compared. Seeds are fixed: the same documents in the same order give the same result.

use std::collections::VecDeque;

use jiff::civil::Date;
use serde::Serialize;

use super::Document;
use crate::base::date::days;
use crate::base::quick::QuickMap;

/// Words of a run.
const RUN: usize = 5;
/// Runs that a text must have to be called a copy: a headline and a byline are too little.
const LEAST_RUNS: usize = 40;
/// Hashes of a sketch: the estimate is off by a tenth at most two times in three.
const HASHES: usize = 32;
/// Hashes that make a band.
const BAND: usize = 2;
/// Share of runs in common from which on a text is a copy.
const ALIKE: f64 = 0.5;
/// Days between two printings of one story.
const DAYS: i32 = 7;
/// Documents that are looked at for each band, the last ones: of a story that was printed a thousand times any one will do.
const LOOKED: usize = 64;
/// Documents that are remembered; beyond, the oldest is forgotten, so that memory stays bounded.
const REMEMBERED: usize = 50_000;

/// What is kept of a text to tell its copies by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sketch([u32; HASHES]);

impl Sketch {
    /// Makes the sketch of a text; none where it is too short.
    pub fn of(text: &str) -> Option<Self> {
        let words = hashes(text);
        if words.len() < LEAST_RUNS + RUN {
            return None;
        }
        let mut least = [u32::MAX; HASHES];
        let factors: [u64; HASHES] = std::array::from_fn(|n| mixed(n as u64 + 1) | 1);
        for run in words.windows(RUN) {
            let run = run.iter().fold(0u64, |run, word| mixed(run ^ word));
            for (factor, least) in factors.iter().zip(&mut least) {
                // Multiplied by an odd number of its own, the high bits of each are a hash of its own.
                *least = (*least).min((run.wrapping_mul(*factor) >> 32) as u32);
            }
        }
        Some(Sketch(least))
    }

    /// Writes the hashes, the lowest byte of each first.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|hash| hash.to_le_bytes()).collect()
    }

    /// Reads them again; none where the bytes are no sketch.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut hashes = bytes.chunks_exact(4).map(|b| b.iter().rev().fold(0u32, |n, byte| n << 8 | u32::from(*byte)));
        let sketch = Sketch(std::array::from_fn(|_| hashes.next().unwrap_or(u32::MAX)));
        (bytes.len() == 4 * HASHES).then_some(sketch)
    }

    /// Estimates the share of runs that two texts have in common.
    fn resemblance(&self, other: &Sketch) -> f64 {
        let same = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        same as f64 / HASHES as f64
    }

    /// Keys of the bands, of 32 bits: those that agree by chance are told apart when the sketches are compared.
    fn bands(&self) -> impl Iterator<Item = u32> {
        let one = |(n, band): (usize, &[u32])| band.iter().fold(n as u64, |key, hash| mixed(key ^ u64::from(*hash)));
        self.0.chunks(BAND).enumerate().map(one).map(|key| (key >> 32) as u32)
    }
}

/// Makes the sketch of a document in which something was found: copies are known so that what they say counts once, and there is nothing to count
/// in others.
pub fn sketch(document: &Document, is_coded: bool) -> Option<Sketch> {
    is_coded.then(|| Sketch::of(&document.text)).flatten()
}

/// FNV-1a of each word of a text in lower case, in one pass.
fn hashes(text: &str) -> Vec<u64> {
    const NONE: u64 = 0xcbf2_9ce4_8422_2325;
    let mixed_in = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut words = Vec::with_capacity(text.len() / 5);
    let (mut hash, mut is_word) = (NONE, false);
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let other =
            if first.is_ascii() { None } else { text.get(text.len() - rest.len()..).and_then(|t| t.chars().next()) };
        rest = more;
        let goes_on = match other {
            None if first.is_ascii_alphanumeric() => {
                hash = mixed_in(hash, first.to_ascii_lowercase());
                true
            }
            None => false,
            Some(c) => {
                rest = more.get(c.len_utf8() - 1..).unwrap_or_default();
                let mut buffer = [0; 4];
                if c.is_alphanumeric() {
                    hash = c.to_lowercase().fold(hash, |h, c| c.encode_utf8(&mut buffer).bytes().fold(h, mixed_in));
                }
                c.is_alphanumeric()
            }
        };
        if is_word && !goes_on {
            words.push(hash);
            hash = NONE;
        }
        is_word = goes_on;
    }
    if is_word {
        words.push(hash);
    }
    words
}

/// The finaliser of splitmix64.
fn mixed(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// The documents that came before, by their sketches.
#[derive(Debug, Default)]
pub struct Copies {
    known: VecDeque<Known>,
    /// Number of the first one that is remembered.
    first: u32,
    /// The last document with a band, by the band's key.
    bands: QuickMap<u32, u32>,
}

#[derive(Debug)]
struct Known {
    /// The first document of its story.
    story: Box<str>,
    day: Option<Date>,
    sketch: Sketch,
    /// For each band the document before it with the same key; itself where there is none.
    before: [u32; HASHES / BAND],
}

impl Copies {
    /// Returns the first document of the story that a document tells again, and remembers it; none where it is like none before it. Two
    /// documents are held against each other where they were published within a week, or both without a date.
    pub fn meet(&mut self, name: &str, day: Option<Date>, sketch: Sketch) -> Option<String> {
        let story = self.first_of(day, &sketch).map(String::from);
        self.remember(story.as_deref().unwrap_or(name), day, sketch);
        story
    }

    /// The same for a document and the sketch of its text; none where it has none.
    pub fn of(&mut self, document: &Document, sketch: Option<Sketch>) -> Option<String> {
        self.meet(&document.name, document.published.map(|(day, _)| day), sketch?)
    }

    fn first_of(&self, day: Option<Date>, sketch: &Sketch) -> Option<&str> {
        let mut near: Vec<u32> = Vec::new();
        for (band, key) in sketch.bands().enumerate() {
            let mut next = self.bands.get(&key).copied();
            for _ in 0..LOOKED {
                let Some((number, known)) = next.and_then(|number| Some((number, self.at(number)?))) else { break };
                near.push(number);
                next = known.before.get(band).copied().filter(|before| *before != number);
            }
        }
        near.sort_unstable();
        near.dedup();
        let known = near.into_iter().filter_map(|number| self.at(number));
        let mut alike = known.filter(|k| close(k.day, day) && k.sketch.resemblance(sketch) >= ALIKE);
        alike.next().map(|known| &*known.story)
    }

    fn at(&self, number: u32) -> Option<&Known> {
        self.known.get(number.checked_sub(self.first)? as usize)
    }

    /// Remembers a document as one of a story.
    pub fn remember(&mut self, story: &str, day: Option<Date>, sketch: Sketch) {
        let number = self.first.saturating_add(u32::try_from(self.known.len()).unwrap_or(u32::MAX));
        let mut keys = sketch.bands();
        let before = std::array::from_fn(|_| keys.next().and_then(|k| self.bands.insert(k, number)).unwrap_or(number));
        drop(keys);
        self.known.push_back(Known { story: story.into(), day, sketch, before });
        if self.known.len() > REMEMBERED
            && let Some(oldest) = self.known.pop_front()
        {
            for key in oldest.sketch.bands() {
                if self.bands.get(&key) == Some(&self.first) {
                    self.bands.remove(&key);
                }
            }
            self.first += 1;
        }
    }
}

fn close(a: Option<Date>, b: Option<Date>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (days(a) - days(b)).abs() <= DAYS,
        (None, None) => true,
        _ => false,
    }
}

/// Returns the first and the last day on which a copy of a document of that day may have been published.
pub fn window(day: Date) -> (Date, Date) {
    let by = |days: i32| day.saturating_add(jiff::Span::new().days(days));
    (by(-DAYS), by(DAYS))
}
