//! An averaged perceptron over hashed features (Collins 2002), with the average kept lazily.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The keys are hashes already: one multiplication spreads them.
#[derive(Default)]
pub struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u32(&mut self, key: u32) {
        self.0 = u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

pub type Map<V> = HashMap<u32, V, BuildHasherDefault<Spread>>;

pub struct Learner {
    classes: usize,
    index: Map<u32>,
    growing: bool,
    weights: Vec<f32>,
    totals: Vec<f64>,
    stamps: Vec<u32>,
    pub now: u32,
}

impl Learner {
    /// A learner over the features given; others are ignored.
    pub fn new(classes: usize, features: impl Iterator<Item = u32>) -> Self {
        let index: Map<u32> = features.enumerate().map(|(at, key)| (key, at as u32)).collect();
        let n = index.len();
        Learner {
            classes,
            index,
            growing: false,
            weights: vec![0.0; n * classes],
            totals: vec![0.0; n * classes],
            stamps: vec![0; n],
            now: 1,
        }
    }

    /// A learner that takes up a feature when it first matters.
    pub fn growing(classes: usize) -> Self {
        Learner { growing: true, ..Learner::new(classes, std::iter::empty()) }
    }

    pub fn score(&self, features: &[u32], scores: &mut [f32]) {
        scores.fill(0.0);
        for row in features.iter().filter_map(|f| self.index.get(f)) {
            let from = *row as usize * self.classes;
            for (s, w) in scores.iter_mut().zip(&self.weights[from..from + self.classes]) {
                *s += w;
            }
        }
    }

    /// Moves weight from one class to another.
    pub fn update(&mut self, features: &[u32], right: usize, wrong: usize) {
        for f in features {
            let row = match self.index.get(f) {
                Some(row) => row,
                None if self.growing => {
                    self.weights.resize(self.weights.len() + self.classes, 0.0);
                    self.totals.resize(self.totals.len() + self.classes, 0.0);
                    self.stamps.push(self.now);
                    &*self.index.entry(*f).or_insert(self.stamps.len() as u32 - 1)
                }
                None => continue,
            };
            let from = *row as usize * self.classes;
            let since = f64::from(self.now - self.stamps[*row as usize]);
            self.stamps[*row as usize] = self.now;
            let range = from..from + self.classes;
            for (t, w) in self.totals[range.clone()].iter_mut().zip(&self.weights[range]) {
                *t += since * f64::from(*w);
            }
            self.weights[from + right] += 1.0;
            self.weights[from + wrong] -= 1.0;
        }
    }

    /// The averaged weights, sorted by key.
    pub fn average(&self) -> Vec<(u32, Vec<f32>)> {
        let mut rows: Vec<(u32, Vec<f32>)> = self
            .index
            .iter()
            .map(|(key, row)| {
                let from = *row as usize * self.classes;
                let since = f64::from(self.now - self.stamps[*row as usize]);
                let row = (from..from + self.classes)
                    .map(|at| ((self.totals[at] + since * f64::from(self.weights[at])) / f64::from(self.now)) as f32)
                    .collect();
                (*key, row)
            })
            .collect();
        rows.sort_by_key(|(key, _)| *key);
        rows
    }
}

/// Makes bytes of weights: the hundredth largest becomes 127; rows without a weight over `least` are left out.
pub fn quantise(rows: &[(u32, Vec<f32>)], least: f32) -> Vec<(u32, Vec<i8>)> {
    let mut sizes: Vec<f32> = rows.iter().flat_map(|(_, r)| r).map(|w| w.abs()).filter(|w| *w > least).collect();
    sizes.sort_by(f32::total_cmp);
    let top = sizes.get(sizes.len().saturating_sub(100)).copied().unwrap_or(1.0);
    let scale = 127.0 / top;
    rows.iter()
        .filter(|(_, row)| row.iter().any(|w| w.abs() > least))
        .map(|(key, row)| {
            let keep = |w: &f32| if w.abs() > least / 3.0 { (w * scale).round().clamp(-127.0, 127.0) as i8 } else { 0 };
            (*key, row.iter().map(keep).collect())
        })
        .collect()
}

/// A small generator of pseudo-random numbers (SplitMix64), so that training gives the same model everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}
