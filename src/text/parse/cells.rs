//! The weights of the moves: a fixed table of four bytes for each feature, so that one look is one line of the cache.

use super::state::Move;
use crate::text::model::{Body, ModelError};

/// How many cells lie side by side for one key.
const BUCKET: usize = 2;
/// The largest table, in bits of its number of buckets.
const LARGEST: u8 = 24;

/// Three weights, each raised by [`RAISED`], and in the highest byte eight bits of the feature's key.
type Cell = u32;

/// What makes a weight a number without a sign, so that several are summed in one word.
const RAISED: u8 = 128;
/// The most features of one move.
const MOST: usize = super::features::MOVE_FEATURES;

/// A table of weights of moves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    buckets: Vec<[Cell; BUCKET]>,
    mask: u32,
}

/// The part of a key that a cell keeps: bits the bucket's index does not use.
fn mark(key: u32) -> u8 {
    (key >> 24) as u8
}

impl Cells {
    /// Reads a table written by [`write_cells`].
    pub(crate) fn read(body: &mut Body<'_>) -> Result<Self, ModelError> {
        let bits = body.u8()?;
        if bits > LARGEST {
            return Err(ModelError::Content);
        }
        let count = 1usize << bits;
        let bytes = body.take(count * BUCKET * 4)?;
        let cell = |c: &[u8]| {
            let raised = |w: u8| w.wrapping_add(RAISED);
            Cell::from_le_bytes([raised(c[0]), raised(c[1]), raised(c[2]), c[3]])
        };
        let buckets = bytes.chunks_exact(BUCKET * 4).map(|b| [cell(&b[..4]), cell(&b[4..])]).collect();
        Ok(Cells { buckets, mask: count as u32 - 1 })
    }

    /// Sums the weights of at most [`MOST`] features.
    #[inline]
    pub(crate) fn score(&self, features: &[u32]) -> [i32; 3] {
        // All cells are fetched before any is used, so that the waits for memory fall together.
        let mut cells = [[0; BUCKET]; MOST];
        for (cell, key) in cells.iter_mut().zip(features) {
            *cell = self.buckets.get((key & self.mask) as usize).copied().unwrap_or_default();
        }
        let (mut outer, mut inner, mut count) = (0u32, 0u32, 0u32);
        for (bucket, key) in cells.iter().zip(features) {
            for cell in bucket {
                // No branch: which cell fits is as good as random.
                let fits = u32::from((cell ^ key) >> 24 == 0);
                let kept = cell & fits.wrapping_neg();
                outer += kept & 0x00ff_00ff;
                inner += kept >> 8 & 0xff;
                count += fits;
            }
        }
        let lowered = |sum: u32| sum as i32 - count as i32 * i32::from(RAISED);
        [lowered(outer & 0xffff), lowered(inner), lowered(outer >> 16)]
    }
}

/// Writes a table of `1 << bits` buckets; where more features want a bucket than it holds, the first ones given stay.
/// Returns how many found a place.
pub fn write_cells(bits: u8, features: impl Iterator<Item = (u32, [i8; 3])>, out: &mut Vec<u8>) -> usize {
    let bits = bits.min(LARGEST);
    let mut buckets = vec![[([0i8; 3], 0u8); BUCKET]; 1 << bits];
    let mask = (1u32 << bits) - 1;
    let mut placed = 0;
    for (key, weights) in features {
        let Some(bucket) = buckets.get_mut((key & mask) as usize) else { continue };
        // A second key with the same mark would add up with the first: the first stays alone.
        let empty = |c: &([i8; 3], u8)| c.0 == [0; 3];
        if bucket.iter().any(|c| !empty(c) && c.1 == mark(key)) {
            continue;
        }
        if let Some(cell) = bucket.iter_mut().find(|c| empty(c)) {
            *cell = (weights, mark(key));
            placed += 1;
        }
    }
    out.push(bits);
    for (weights, mark) in buckets.iter().flatten() {
        out.extend(weights.iter().map(|w| *w as u8));
        out.push(*mark);
    }
    placed
}

/// The best of the moves that `allowed` lets through, shift first where scores are equal.
pub(crate) fn best(scores: [i32; 3], allowed: impl Fn(Move) -> bool) -> Option<Move> {
    let mut best: Option<(Move, i32)> = None;
    for (step, score) in Move::ALL.into_iter().zip(scores) {
        if allowed(step) && best.is_none_or(|(_, top)| score > top) {
            best = Some((step, score));
        }
    }
    best.map(|(step, _)| step)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::text::model::{unwrap, wrap};

    #[test]
    fn reads_what_was_written() {
        let mut body = Vec::new();
        let placed = write_cells(
            4,
            [(0x0100_0003, [1, -2, 3]), (0x0200_0003, [10, 0, 0]), (0x0300_0003, [5; 3])].into_iter(),
            &mut body,
        );
        assert_eq!(placed, 2);
        let file = wrap(9, &body);
        let cells = Cells::read(&mut unwrap(&file, 9).unwrap()).unwrap();
        assert_eq!(cells.score(&[0x0100_0003, 0x0200_0003, 0x0300_0003, 7]), [11, -2, 3]);
        assert!(Cells::read(&mut unwrap(&wrap(9, &[40]), 9).unwrap()).is_err());
        assert!(Cells::read(&mut unwrap(&wrap(9, &[4, 0]), 9).unwrap()).is_err());
    }
}
