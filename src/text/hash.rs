//! Hashes of words and of features: fixed for ever, as the model files hold them.

const PRIME: u64 = 0x0000_0100_0000_01b3;
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const MIX_A: u64 = 0x9e37_79b9_7f4a_7c15;
const MIX_B: u64 = 0xd6e8_feb8_6659_fd93;
/// The longest part of a word that is hashed, in bytes; longer "words" are no words.
const LONGEST: usize = 64;

/// FNV-1a of bytes, 64 bits wide.
pub fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(BASIS, |h, b| (h ^ u64::from(*b)).wrapping_mul(PRIME))
}

/// Hashes a word in lower case, with straight apostrophes and every digit as 0, so that such forms are one word.
pub fn word(word: &str) -> u32 {
    let mut h = BASIS;
    let bytes = word.as_bytes();
    if bytes.is_ascii() {
        for b in bytes.iter().take(LONGEST) {
            h = (h ^ u64::from(fold(*b))).wrapping_mul(PRIME);
        }
    } else {
        let mut buffer = [0; 4];
        for c in word.chars().take(LONGEST) {
            let c = match c {
                '’' | '‘' | '´' => '\'',
                c if c.is_ascii() => fold(c as u8) as char,
                c => c.to_lowercase().next().unwrap_or(c),
            };
            for b in c.encode_utf8(&mut buffer).bytes() {
                h = (h ^ u64::from(b)).wrapping_mul(PRIME);
            }
        }
    }
    (h ^ (h >> 32)) as u32
}

/// One byte in lower case, a digit as 0.
pub(crate) fn fold(b: u8) -> u8 {
    if b.is_ascii_digit() { b'0' } else { b.to_ascii_lowercase() }
}

/// Hashes the last `count` bytes of a word in lower case; of a shorter word, all of it.
pub(crate) fn tail(word: &str, count: usize) -> u32 {
    let bytes = word.as_bytes();
    let from = bytes.len().saturating_sub(count);
    bytes.iter().skip(from).fold(1, |h: u32, b| h.rotate_left(8) ^ u32::from(fold(*b)))
}

/// The key of a feature: a template's number and up to three values. Never 0, which marks empty slots.
#[inline(always)]
pub(crate) fn feature(template: u32, a: u32, b: u32, c: u32) -> u32 {
    let low = (u64::from(a) << 32 | u64::from(b)) ^ u64::from(template).wrapping_mul(MIX_B);
    let mut h = low.wrapping_mul(MIX_A);
    h ^= h >> 29;
    h = (h ^ u64::from(c)).wrapping_mul(MIX_B);
    ((h >> 32) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_digits_and_apostrophes() {
        assert_eq!(word("Don’t"), word("don't"));
        assert_eq!(word("1994"), word("2026"));
        assert_eq!(word("Élan"), word("élan"));
        assert_ne!(word("a"), word("b"));
    }

    #[test]
    fn keys_depend_on_every_part() {
        let all = [feature(1, 2, 3, 4), feature(2, 2, 3, 4), feature(1, 3, 2, 4), feature(1, 2, 3, 5)];
        assert!(all.iter().enumerate().all(|(i, a)| all[..i].iter().all(|b| a != b)));
    }
}
