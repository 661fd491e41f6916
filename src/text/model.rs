//! Model files: a small container with a version and a checksum, and the tables of weights in it.
//!
//! Layout, little-endian: `DMCH`, u32 version, u32 kind, u32 length of the body, u64 FNV-1a of the body, the body.
//! A file that is cut, altered or of another kind gives an error and never a panic.

use std::fmt;

use super::hash;

const MAGIC: &[u8; 4] = b"DMCH";
const VERSION: u32 = 1;
const HEAD: usize = 24;
/// The width of a row of weights; the number of classes a table may tell apart.
pub const WIDTH: usize = 48;

/// What is wrong with a model file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelError {
    /// It does not begin as a model file does.
    NotAModel,
    /// It is of another version; the number is the file's.
    Version(u32),
    /// It holds another kind of model; the number is the file's.
    Kind(u32),
    /// It ends early, or goes on too long.
    Length,
    /// Its bytes are not those that were written.
    Checksum,
    /// Its parts contradict each other.
    Content,
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ModelError::NotAModel => write!(f, "not a model file"),
            ModelError::Version(found) => write!(f, "model file of version {found}, this program reads {VERSION}"),
            ModelError::Kind(found) => write!(f, "model file of another kind ({found})"),
            ModelError::Length => write!(f, "model file is cut short or has trailing bytes"),
            ModelError::Checksum => write!(f, "model file is damaged (checksum differs)"),
            ModelError::Content => write!(f, "model file contradicts itself"),
        }
    }
}

impl std::error::Error for ModelError {}

/// Wraps a body into a model file.
pub fn wrap(kind: u32, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD + body.len());
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&kind.to_le_bytes());
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(&hash::fnv(body).to_le_bytes());
    out.extend_from_slice(body);
    out
}

/// Checks a model file's head and returns a reader over its body.
pub(crate) fn unwrap(bytes: &[u8], kind: u32) -> Result<Body<'_>, ModelError> {
    let mut head = Body { rest: bytes };
    if head.take(4)? != MAGIC {
        return Err(ModelError::NotAModel);
    }
    let version = head.u32()?;
    if version != VERSION {
        return Err(ModelError::Version(version));
    }
    let found = head.u32()?;
    if found != kind {
        return Err(ModelError::Kind(found));
    }
    let length = head.u32()? as usize;
    let sum = head.u32()? as u64 | (head.u32()? as u64) << 32;
    if head.rest.len() != length {
        return Err(ModelError::Length);
    }
    if hash::fnv(head.rest) != sum {
        return Err(ModelError::Checksum);
    }
    Ok(head)
}

/// A reader over the bytes of a model.
pub(crate) struct Body<'b> {
    rest: &'b [u8],
}

impl<'b> Body<'b> {
    pub(crate) fn take(&mut self, count: usize) -> Result<&'b [u8], ModelError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(ModelError::Length)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, ModelError> {
        Ok(self.take(1)?[0])
    }

    pub(crate) fn u32(&mut self) -> Result<u32, ModelError> {
        let b = self.take(4)?;
        Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    pub(crate) fn end(&self) -> Result<(), ModelError> {
        if self.rest.is_empty() { Ok(()) } else { Err(ModelError::Length) }
    }
}

/// A map from keys to small values, open addressing in a table at most half full.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    slots: Vec<(u32, u32)>,
    mask: u32,
}

impl Keys {
    pub(crate) fn with_capacity(count: usize) -> Self {
        let size = (count * 2).next_power_of_two().max(2);
        Keys { slots: vec![(0, 0); size], mask: size as u32 - 1 }
    }

    pub(crate) fn insert(&mut self, key: u32, value: u32) {
        let mut at = key & self.mask;
        // Ends, as the table is at most half full.
        while let Some(slot) = self.slots.get_mut(at as usize) {
            if slot.0 == 0 || slot.0 == key {
                *slot = (key, value);
                return;
            }
            at = (at + 1) & self.mask;
        }
    }

    /// The slot where the search for a key begins.
    #[inline(always)]
    fn first(&self, key: u32) -> u32 {
        self.slots.get((key & self.mask) as usize).map_or(0, |slot| slot.0)
    }

    #[inline(always)]
    pub(crate) fn get(&self, key: u32) -> Option<u32> {
        let mut at = key & self.mask;
        while let Some(slot) = self.slots.get(at as usize) {
            if slot.0 == key {
                return Some(slot.1);
            }
            if slot.0 == 0 {
                return None;
            }
            at = (at + 1) & self.mask;
        }
        None
    }
}

/// A map from words to small numbers (tags), as the models keep it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lexicon {
    keys: Keys,
}

impl Lexicon {
    pub(crate) fn read(body: &mut Body<'_>) -> Result<Self, ModelError> {
        let count = body.u32()? as usize;
        let entries = body.take(count.checked_mul(5).ok_or(ModelError::Content)?)?;
        let mut keys = Keys::with_capacity(count);
        for entry in entries.chunks_exact(5) {
            keys.insert(u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]).max(1), u32::from(entry[4]));
        }
        Ok(Lexicon { keys })
    }

    #[inline]
    pub(crate) fn get(&self, word: u32) -> Option<u8> {
        self.keys.get(word.max(1)).map(|v| v as u8)
    }
}

/// Writes a lexicon; entries are sorted by their words' hashes.
pub fn write_lexicon(entries: &[(u32, u8)], out: &mut Vec<u8>) {
    out.extend_from_slice(&(entries.len() as u32).to_le_bytes());
    for (word, value) in entries {
        out.extend_from_slice(&word.to_le_bytes());
        out.push(*value);
    }
}

/// Sums of weights, one for each class.
pub(crate) type Scores = [i16; WIDTH];

/// Rows of weights, one for each feature, one weight for each class.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    keys: Keys,
    weights: Vec<[i8; WIDTH]>,
}

impl Rows {
    /// Reads rows written by [`write_rows`].
    pub(crate) fn read(body: &mut Body<'_>) -> Result<Self, ModelError> {
        let count = body.u32()? as usize;
        // A row takes five bytes at least: a wrong count cannot make us reserve more than the file's size allows.
        if count > body.rest.len() / 5 {
            return Err(ModelError::Content);
        }
        let mut rows = Rows { keys: Keys::with_capacity(count), weights: Vec::with_capacity(count) };
        for at in 0..count {
            let key = body.u32()?;
            let filled = body.u8()? as usize;
            let mut row = [0; WIDTH];
            for pair in body.take(filled * 2)?.chunks_exact(2) {
                *row.get_mut(pair[0] as usize).ok_or(ModelError::Content)? = pair[1] as i8;
            }
            rows.keys.insert(key.max(1), at as u32);
            rows.weights.push(row);
        }
        Ok(rows)
    }

    /// Adds the weights of features to the scores.
    ///
    /// Waiting for memory is nearly all that this costs, so what many features need is asked for before any of it is used.
    #[inline]
    pub(crate) fn add<const N: usize>(&self, keys: &[u32; N], scores: &mut Scores) {
        let mut asked = 0;
        for key in keys {
            asked ^= self.keys.first(*key);
        }
        std::hint::black_box(asked);
        let mut found = [0u32; N];
        let mut count = 0;
        for key in keys {
            if let Some(at) = self.keys.get(*key) {
                found[count % N] = at;
                count += 1;
            }
        }
        let found = &found[..count.min(N)];
        let mut asked = 0;
        for at in found {
            asked ^= self.weights.get(*at as usize).map_or(0, |row| row[0] ^ row[WIDTH - 1]);
        }
        std::hint::black_box(asked);
        for row in found.iter().filter_map(|at| self.weights.get(*at as usize)) {
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += i16::from(*weight);
            }
        }
    }
}

/// Writes rows of weights, leaving out zeros.
pub fn write_rows<'r>(rows: impl ExactSizeIterator<Item = (u32, &'r [i8])>, out: &mut Vec<u8>) {
    out.extend_from_slice(&(rows.len() as u32).to_le_bytes());
    for (key, row) in rows {
        out.extend_from_slice(&key.to_le_bytes());
        out.push(row.iter().filter(|w| **w != 0).count() as u8);
        for (class, weight) in row.iter().enumerate().filter(|(_, w)| **w != 0) {
            out.extend_from_slice(&[class as u8, *weight as u8]);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let mut body = Vec::new();
        write_lexicon(&[(7, 3), (9, 4)], &mut body);
        let row = [0i8, 5, -3];
        write_rows([(11u32, &row[..])].into_iter(), &mut body);
        wrap(5, &body)
    }

    fn read(bytes: &[u8]) -> Result<(Lexicon, Rows), ModelError> {
        let mut body = unwrap(bytes, 5)?;
        let read = (Lexicon::read(&mut body)?, Rows::read(&mut body)?);
        body.end()?;
        Ok(read)
    }

    #[test]
    fn reads_what_was_written() {
        let (lexicon, rows) = read(&file()).unwrap();
        assert_eq!((lexicon.get(9), lexicon.get(8)), (Some(4), None));
        let mut scores = [0; WIDTH];
        rows.add(&[11, 12], &mut scores);
        assert_eq!(&scores[..4], [0, 5, -3, 0]);
    }

    #[test]
    fn refuses_damage() {
        let good = file();
        assert!(read(&[]).is_err());
        assert_eq!(unwrap(&good, 6).err(), Some(ModelError::Kind(5)));
        for at in 0..good.len() {
            assert!(read(&good[..at]).is_err());
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            assert!(read(&bad).is_err(), "{at}");
        }
    }

    #[test]
    fn refuses_a_body_that_contradicts_itself() {
        for body in [
            vec![255; 4],
            vec![1, 0, 0, 0],
            vec![0, 0, 0, 0, 255, 255, 255, 255],
            vec![0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 99, 1],
        ] {
            assert!(read(&wrap(5, &body)).is_err(), "{body:?}");
        }
    }
}
