//! Maps for short keys that are looked up for every word of a text.
//!
//! The hash is fast and not keyed, so it belongs to tables made of our own data; it never decides an order of output.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map with the fast hash.
pub type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// A hasher that takes eight bytes a step.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quick(u64);

impl Quick {
    #[inline]
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Quick {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.mix(chunk.iter().rev().fold(0, |word, b| word << 8 | u64::from(*b)));
        }
        let rest = chunks.remainder();
        if !rest.is_empty() {
            self.mix(rest.iter().rev().fold(rest.len() as u64, |word, b| word << 8 | u64::from(*b)));
        }
    }

    #[inline]
    fn write_u8(&mut self, n: u8) {
        self.mix(u64::from(n));
    }

    #[inline]
    fn write_u32(&mut self, n: u32) {
        self.mix(u64::from(n));
    }

    #[inline]
    fn write_usize(&mut self, n: usize) {
        self.mix(n as u64);
    }

    #[inline]
    fn finish(&self) -> u64 {
        // Maps take the low bits for the place and the high ones to tell keys apart.
        self.0 ^ self.0 >> 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_near_keys_apart() {
        let hash = |key: &str| {
            let mut quick = Quick::default();
            quick.write(key.as_bytes());
            quick.finish()
        };
        let keys = ["", "a", "b", "talk", "talks", "ceasefire", "ceasefires", "\0", "\0\0"];
        for (at, key) in keys.iter().enumerate().skip(1) {
            assert!(keys[..at].iter().all(|other| hash(other) != hash(key)), "{key:?}");
        }
    }
}
