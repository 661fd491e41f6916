//! Weights by feature, in a hash table made for millions of look-ups a second.
use super::crf::{LABELS, Row};

/// Weights by feature: a hash table of rows of eight small integers, five to a bucket, a bucket to a line of the cache.
///
/// A bucket is found by the feature's size, so that a sorted file fills the table in one sweep. Waiting for memory is
/// nearly all that a look-up costs; so the lines of many features are asked for at once, and nothing branches on what they
/// hold.
#[derive(Debug, Clone, Default)]
pub struct Table {
    buckets: Vec<Bucket>,
    known: Known,
    /// Weight of one unit.
    pub scale: f32,
    len: usize,
}

/// Which features a table may hold: a bit for each of many sets of features, small enough to stay near.
///
/// Most features have no weight; they are left out before their lines of the table are asked for.
#[derive(Debug, Clone, Default)]
struct Known {
    bits: Vec<u64>,
    mask: u32,
}

/// Bits for each feature of a table.
const SPREAD: usize = 8;

impl Known {
    fn new(features: impl ExactSizeIterator<Item = u32>) -> Known {
        let size = (features.len() * SPREAD).next_power_of_two().max(64);
        let mut known = Known { bits: vec![0; size / 64], mask: (size - 1) as u32 };
        for f in features {
            let bit = f & known.mask;
            known.bits[bit as usize / 64] |= 1 << (bit % 64);
        }
        known
    }

    /// Copies those of at most [`BATCH`] features that the table may hold; returns how many.
    #[inline(always)]
    fn sift(&self, batch: &[u32], kept: &mut [u32; BATCH]) -> usize {
        let mut count = 0;
        for &f in batch {
            let bit = f & self.mask;
            kept[count % BATCH] = f;
            count += (self.bits[bit as usize / 64] >> (bit % 64) & 1) as usize;
        }
        count.min(BATCH)
    }
}

/// Rows a bucket holds.
const SLOTS: usize = 5;

#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Bucket {
    /// Features, 0 where a slot is empty.
    keys: [u32; SLOTS],
    rows: [[i8; LABELS]; SLOTS],
    /// Whether a row that belongs here stands in a later bucket.
    spilled: bool,
}

/// Rows that a bucket holds on average.
const FILLED: usize = 4;

impl Bucket {
    /// Adds the row of a feature if the bucket holds it. True where it does, or where no later bucket can.
    #[inline(always)]
    fn take(&self, f: u32, total: &mut Units) -> bool {
        let is = |slot: usize| usize::from(self.keys[slot] == f);
        let at = is(1) + 2 * is(2) + 3 * is(3) + 4 * is(4);
        let found = is(0) + is(1) + is(2) + is(3) + is(4) > 0;
        let mask = -i16::from(found);
        let row = &self.rows[at % SLOTS];
        for l in 0..LABELS {
            total[l] += i16::from(row[l]) & mask;
        }
        found | !self.spilled
    }
}

/// Features whose lines are asked for at once.
const BATCH: usize = 64;

/// Sums of small weights; no token has so many features that they overflow.
pub type Units = [i16; LABELS];

impl Table {
    /// Builds a table from features and their weights, rounded to multiples of `scale`; rows that round to zero are left out.
    pub fn build(weights: &[(u32, Row)], scale: f32) -> Table {
        let mut rows: Vec<(u32, [i8; LABELS])> = Vec::new();
        for (key, row) in weights {
            let small = row.map(|w| (w / scale).round().clamp(-127.0, 127.0) as i8);
            if *key != 0 && small != [0; LABELS] {
                rows.push((*key, small));
            }
        }
        rows.sort_unstable();
        Table::from_rows(&rows, scale)
    }

    /// Fills a table from rows in ascending order of their keys, none of which is 0.
    pub(super) fn from_rows(rows: &[(u32, [i8; LABELS])], scale: f32) -> Table {
        let size = rows.len() / FILLED + 2;
        let known = Known::new(rows.iter().map(|r| r.0));
        let mut table = Table { buckets: vec![Bucket::default(); size], known, scale, len: rows.len() };
        for &(key, row) in rows {
            let mut k = table.place(key);
            // A fifth of the slots stay empty, so the search ends.
            loop {
                let bucket = &mut table.buckets[k];
                if let Some(slot) = bucket.keys.iter().position(|k| *k == 0) {
                    bucket.keys[slot] = key;
                    bucket.rows[slot] = row;
                    break;
                }
                bucket.spilled = true;
                k = (k + 1) % size;
            }
        }
        table
    }

    /// Adds the weights of the features to `sum`.
    #[inline]
    pub fn add(&self, features: &[u32], sum: &mut Row) {
        let mut total = [0; LABELS];
        self.count(features, &mut total);
        self.put(&total, sum);
    }

    /// Adds sums of small weights to `sum`.
    #[inline]
    pub fn put(&self, total: &Units, sum: &mut Row) {
        for (s, t) in sum.iter_mut().zip(total) {
            *s += f32::from(*t) * self.scale;
        }
    }

    /// Adds the small weights of the features to `total`.
    pub fn count(&self, features: &[u32], total: &mut Units) {
        if self.buckets.is_empty() {
            return;
        }
        let mut kept = [0; BATCH];
        for batch in features.chunks(BATCH) {
            let count = self.known.sift(batch, &mut kept);
            let batch = &kept[..count];
            let mut asked = 0;
            for &f in batch {
                asked ^= self.buckets[self.place(f)].keys[0];
            }
            std::hint::black_box(asked);
            for &f in batch {
                self.look(f, total);
            }
        }
    }

    /// The bucket that a feature belongs to.
    #[inline(always)]
    fn place(&self, f: u32) -> usize {
        ((u64::from(f) * self.buckets.len() as u64) >> 32) as usize
    }

    #[inline(always)]
    fn look(&self, f: u32, total: &mut Units) {
        let mut k = self.place(f);
        while !self.buckets[k].take(f, total) {
            k = (k + 1) % self.buckets.len();
        }
    }

    /// Returns the rows in ascending order of their keys.
    pub(super) fn rows(&self) -> Vec<(u32, [i8; LABELS])> {
        let slots = self.buckets.iter().flat_map(|b| b.keys.iter().copied().zip(b.rows));
        let mut rows: Vec<_> = slots.filter(|s| s.0 != 0).collect();
        rows.sort_unstable();
        rows
    }

    /// Returns the table without the rows whose largest weight lies below `floor`.
    pub fn pruned(&self, floor: f32) -> Table {
        let least = (floor / self.scale).ceil().clamp(1.0, 127.0) as u8;
        let rows: Vec<_> =
            self.rows().into_iter().filter(|(_, r)| r.iter().any(|w| w.unsigned_abs() >= least)).collect();
        Table::from_rows(&rows, self.scale)
    }

    /// Number of features with a weight.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Tells whether no feature has a weight.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// Labels of the first field, and of the second.
const LEFT: usize = 7;
const RIGHT: usize = 5;
/// Lanes of both.
pub const BOTH: usize = LEFT + RIGHT;
/// Rows that a bucket of two tables holds.
const PAIRS: usize = 4;

/// The rows of both fields for the features that both read, so that one look-up serves the two.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    buckets: Vec<Couple>,
    known: Known,
    /// A bit for each bucket: whether a row that belongs there stands in a later one.
    spilled: Vec<u64>,
}

#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Couple {
    keys: [u32; PAIRS],
    rows: [[i8; BOTH]; PAIRS],
}

/// Sums of small weights of both fields.
pub type Sums = [i16; BOTH];

impl Pair {
    /// Joins two tables.
    pub fn new(left: &Table, right: &Table) -> Pair {
        let mut rows: Vec<(u32, [i8; BOTH])> = Vec::with_capacity(left.len() + right.len());
        for (key, row) in left.rows() {
            let mut both = [0; BOTH];
            both[..LEFT].copy_from_slice(&row[..LEFT]);
            rows.push((key, both));
        }
        for (key, row) in right.rows() {
            let mut both = [0; BOTH];
            both[LEFT..].copy_from_slice(&row[..RIGHT]);
            rows.push((key, both));
        }
        rows.sort_by_key(|r| r.0);
        rows.dedup_by(|next, row| {
            let same = next.0 == row.0;
            if same {
                row.1[LEFT..].copy_from_slice(&next.1[LEFT..]);
            }
            same
        });
        let size = rows.len() / (PAIRS - 1) + 2;
        let known = Known::new(rows.iter().map(|r| r.0));
        let mut pair = Pair { buckets: vec![Couple::default(); size], known, spilled: vec![0; size / 64 + 1] };
        for (key, row) in rows {
            let mut k = pair.place(key);
            loop {
                if let Some(slot) = pair.buckets[k].keys.iter().position(|k| *k == 0) {
                    pair.buckets[k].keys[slot] = key;
                    pair.buckets[k].rows[slot] = row;
                    break;
                }
                pair.spilled[k / 64] |= 1 << (k % 64);
                k = (k + 1) % size;
            }
        }
        pair
    }

    #[inline(always)]
    fn place(&self, f: u32) -> usize {
        ((u64::from(f) * self.buckets.len() as u64) >> 32) as usize
    }

    /// Adds the small weights of the features to `total`.
    #[inline]
    pub fn count(&self, features: &[u32], total: &mut Sums) {
        if self.buckets.is_empty() {
            return;
        }
        let mut kept = [0; BATCH];
        for batch in features.chunks(BATCH) {
            let count = self.known.sift(batch, &mut kept);
            let batch = &kept[..count];
            let mut asked = 0;
            for &f in batch {
                asked ^= self.buckets[self.place(f)].keys[0];
            }
            std::hint::black_box(asked);
            for &f in batch {
                let mut k = self.place(f);
                while !self.buckets[k].take(f, total) && self.spilled[k / 64] >> (k % 64) & 1 == 1 {
                    k = (k + 1) % self.buckets.len();
                }
            }
        }
    }

    /// Parts sums into those of the first field and those of the second.
    #[inline]
    pub fn part(total: &Sums) -> (Units, Units) {
        let (mut left, mut right) = ([0; LABELS], [0; LABELS]);
        left[..LEFT].copy_from_slice(&total[..LEFT]);
        right[..RIGHT].copy_from_slice(&total[LEFT..]);
        (left, right)
    }
}

impl Couple {
    /// Adds the row of a feature if the bucket holds it.
    #[inline(always)]
    fn take(&self, f: u32, total: &mut Sums) -> bool {
        let is = |slot: usize| usize::from(self.keys[slot] == f);
        let at = is(1) + 2 * is(2) + 3 * is(3);
        let found = is(0) + is(1) + is(2) + is(3) > 0;
        let mask = -i16::from(found);
        let row = &self.rows[at % PAIRS];
        for l in 0..BOTH {
            total[l] += i16::from(row[l]) & mask;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_known_features_and_skips_the_rest() {
        let row = [1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0];
        let rows: Vec<(u32, Row)> = (1..500u32).map(|k| (k.wrapping_mul(0x85eb_ca6b), row)).collect();
        let table = Table::build(&rows, 0.01);
        let mut sum = [0.0; LABELS];
        table.add(&[rows[0].0, 12_345, rows[400].0], &mut sum);
        assert!((sum[0] - 2.0).abs() < 1e-5 && (sum[1] - 1.0).abs() < 1e-5 && (sum[7] + 2.0).abs() < 1e-5);
        assert_eq!(table.pruned(1.2).len(), 0);
    }
}
