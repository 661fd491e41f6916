//! Weights by feature, in a hash table made for millions of look-ups a second.
use super::crf::{LABELS, Row};

/// Weights by feature: a hash table of rows of eight small integers.
///
/// A slot is found by the feature's high bits, so that a sorted file fills the table in one sweep; a bit set chosen by the low
/// bits turns most unknown features away before they cost a cache miss.
#[derive(Debug, Clone, Default)]
pub struct Table {
    slots: Vec<Slot>,
    filter: Vec<u64>,
    shift: u32,
    /// Weight of one unit.
    pub scale: f32,
    len: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u32,
    row: [i8; LABELS],
}

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
        let bits = (rows.len() * 3 / 2 + 2).next_power_of_two().trailing_zeros().clamp(1, 31);
        let size = 1usize << bits;
        let shift = 32 - bits;
        let mut table = Table {
            slots: vec![Slot::default(); size],
            filter: vec![0; (size / 16).max(1)],
            shift,
            scale,
            len: rows.len(),
        };
        let words = table.filter.len() as u32;
        for &(key, row) in rows {
            let mut k = (key >> shift) as usize;
            while table.slots[k].key != 0 {
                k = (k + 1) & (size - 1);
            }
            table.slots[k] = Slot { key, row };
            table.filter[((key >> 6) & (words - 1)) as usize] |= 1 << (key & 63);
        }
        table
    }

    /// Adds the weights of the features to `sum`.
    #[inline]
    pub fn add(&self, features: &[u32], sum: &mut Row) {
        if self.slots.is_empty() {
            return;
        }
        let mask = self.slots.len() - 1;
        let words = self.filter.len() - 1;
        let mut total = [0i32; LABELS];
        for &f in features {
            if self.filter[(f >> 6) as usize & words] >> (f & 63) & 1 == 0 {
                continue;
            }
            let mut k = (f >> self.shift) as usize & mask;
            loop {
                let slot = &self.slots[k];
                if slot.key == f {
                    for (t, w) in total.iter_mut().zip(slot.row) {
                        *t += i32::from(w);
                    }
                    break;
                }
                // A third of the slots are empty, so every probe ends.
                if slot.key == 0 {
                    break;
                }
                k = (k + 1) & mask;
            }
        }
        for (s, t) in sum.iter_mut().zip(total) {
            *s += t as f32 * self.scale;
        }
    }

    /// Returns the rows in ascending order of their keys.
    pub(super) fn rows(&self) -> Vec<(u32, [i8; LABELS])> {
        let mut rows: Vec<_> = self.slots.iter().filter(|s| s.key != 0).map(|s| (s.key, s.row)).collect();
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
