//! The part-of-speech tagger: a dictionary for words with one tag, an averaged perceptron for the rest.
//!
//! Words are tagged from left to right, each by the best sum of weights over features of the word, its neighbours and
//! the two tags before it (Collins 2002, decoded greedily). Punctuation and numbers get their tags by form.
//! `train/` makes the model; what it needs of the features is public here for that end.

use std::sync::OnceLock;

use super::hash::{self, feature};
use super::model::{self, Lexicon, ModelError, Rows, WIDTH};
use super::tag::{self, Tag};
use super::{Sentence, Token, TokenKind};

const BUILTIN: &[u8] = include_bytes!("../../data/models/tagger.bin");
/// The number of this kind of model in its file.
pub const KIND: u32 = 1;
/// Set in a lexicon entry whose word always has the tag given; otherwise the tag is the commonest.
pub const CERTAIN: u8 = 0x80;
/// The tag of a word the lexicon does not hold, in features.
const UNKNOWN: u8 = 0x7f;
/// How many features a word has.
pub const FEATURES: usize = 26;

/// What the features see of one word.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen {
    word: u32,
    tails: [u32; 3],
    head: u32,
    shape: u32,
    /// The lexicon's tag, or [`UNKNOWN`].
    known: u8,
    /// The tag, where form or lexicon settle it.
    settled: Option<Tag>,
}

/// A tagger with its model.
#[derive(Debug, Clone, Default)]
pub struct Tagger {
    lexicon: Lexicon,
    rows: Rows,
}

impl Tagger {
    /// Returns the tagger that comes with the program.
    pub fn builtin() -> &'static Tagger {
        static TAGGER: OnceLock<Tagger> = OnceLock::new();
        // A test reads the same bytes; an empty tagger could only follow from a broken build, and still works.
        TAGGER.get_or_init(|| Tagger::from_bytes(BUILTIN).unwrap_or_default())
    }

    /// Reads a tagger from the bytes of a model file.
    ///
    /// # Errors
    /// The file is not a tagger's, or is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Tagger, ModelError> {
        let mut body = model::unwrap(bytes, KIND)?;
        let tagger = Tagger { lexicon: Lexicon::read(&mut body)?, rows: Rows::read(&mut body)? };
        body.end()?;
        Ok(tagger)
    }

    /// Sets the tags of all words, sentence by sentence; marks keep the tags that the quotation reader gave them.
    pub fn tag(&self, text: &str, tokens: &mut [Token], sentences: &[Sentence]) {
        let mut seen = Vec::new();
        for sentence in sentences {
            let range = sentence.tokens.start as usize..sentence.tokens.end as usize;
            let Some(tokens) = tokens.get_mut(range) else { continue };
            self.look(text, tokens, &mut seen);
            let mut tags = [None; 2];
            for (at, token) in tokens.iter_mut().enumerate() {
                token.tag = match seen.get(at).and_then(|s| s.settled) {
                    Some(tag) => tag,
                    None => self.best(&features(&seen, at, tags)),
                };
                tags = [tags[1], Some(token.tag)];
            }
        }
    }

    /// Looks at every word of a sentence; `seen` is cleared first.
    pub fn look(&self, text: &str, tokens: &[Token], seen: &mut Vec<Seen>) {
        seen.clear();
        // The first word may be capitalised for its place alone, and so may one after an opening mark.
        let mut first = true;
        for token in tokens {
            let written = token.text(text);
            let word = hash::word(written);
            let mut settled = tag::of_mark(token, text);
            let entry = if settled.is_none() { self.lexicon.get(word) } else { None };
            if let Some(tag) = entry.filter(|e| e & CERTAIN != 0) {
                settled = Tag::from_index(tag & !CERTAIN);
            }
            let known = settled.map(|t| t as u8).or(entry.map(|e| e & !CERTAIN)).unwrap_or(UNKNOWN);
            let shape = shape(written) | u32::from(first) << 6;
            let tails = [hash::tail(written, 2), hash::tail(written, 3), hash::tail(written, 4)];
            let head = written.bytes().take(3).fold(0, |h, b| h << 8 | u32::from(hash::fold(b)));
            seen.push(Seen { word, tails, head, shape, known, settled });
            first = match token.kind {
                TokenKind::Word | TokenKind::Number => matches!(settled, Some(Tag::Period | Tag::Colon)),
                _ => first || matches!(settled, Some(Tag::OpenQuote | Tag::Colon)),
            };
        }
    }

    fn best(&self, features: &[u32; FEATURES]) -> Tag {
        let mut scores = [0; WIDTH];
        self.rows.add(features, &mut scores);
        let mut best = 0;
        for (class, score) in scores.iter().enumerate().take(Tag::ALL.len()) {
            if *score > scores[best] {
                best = class;
            }
        }
        Tag::from_index(best as u8).unwrap_or(Tag::NN)
    }
}

impl Seen {
    /// Returns the tag that form or lexicon settle.
    pub fn settled(&self) -> Option<Tag> {
        self.settled
    }
}

/// The outward form of a word: capitals, digits, hyphen, full stop, in bits.
fn shape(word: &str) -> u32 {
    let mut chars = word.chars();
    let first = chars.next().is_some_and(char::is_uppercase);
    let (mut upper, mut lower, mut digit, mut hyphen, mut stop) = (false, false, false, false, false);
    for c in chars.take(24) {
        upper |= c.is_uppercase();
        lower |= c.is_lowercase();
        digit |= c.is_ascii_digit();
        hyphen |= c == '-';
        stop |= c == '.';
    }
    u32::from(first)
        | u32::from(upper) << 1
        | u32::from(lower) << 2
        | u32::from(digit || word.starts_with(|c: char| c.is_ascii_digit())) << 3
        | u32::from(hyphen) << 4
        | u32::from(stop) << 5
}

/// The keys of the features of the word at `at`, after the two tags before it.
pub fn features(seen: &[Seen], at: usize, tags: [Option<Tag>; 2]) -> [u32; FEATURES] {
    let edge = Seen { known: UNKNOWN - 1, ..Seen::default() };
    let get = |at: usize| seen.get(at).copied().unwrap_or(edge);
    let back = |by: usize| at.checked_sub(by).map_or(edge, get);
    let (w, l1, l2, r1, r2) = (get(at), back(1), back(2), get(at + 1), get(at + 2));
    let number = |t: Option<Tag>| t.map_or(99, |t| t as u32);
    let (t2, t1) = (number(tags[0]), number(tags[1]));
    let (k0, k1, k2) = (u32::from(w.known), u32::from(r1.known), u32::from(r2.known));
    [
        feature(0, w.word, 0, 0),
        feature(1, w.tails[0], w.shape, 0),
        feature(2, w.tails[1], w.shape & 3, 0),
        feature(3, w.tails[2], 0, 0),
        feature(4, w.head, 0, 0),
        feature(5, w.shape, k0, 0),
        feature(6, t1, k0, 0),
        feature(7, t1, t2, 0),
        feature(8, t1, w.word, 0),
        feature(9, t1, w.tails[1], w.shape & 3),
        feature(10, l1.word, 0, 0),
        feature(11, l1.word, w.word, 0),
        feature(12, l2.word, t1, 0),
        feature(13, r1.word, 0, 0),
        feature(14, r1.word, w.word, 0),
        feature(15, r2.word, 0, 0),
        feature(16, r1.tails[1], r1.shape & 3, k0),
        feature(17, k1, k0, t1),
        feature(18, k1, k2, k0),
        feature(19, k1, w.word, 0),
        feature(20, w.shape, r1.shape, t1),
        feature(21, t1, t2, k0 << 8 | k1),
        feature(22, l1.tails[1], w.tails[0], 0),
        feature(23, w.shape, l1.shape, w.tails[0]),
        feature(24, w.word, t1, t2),
        feature(25, w.word, w.shape, 0),
    ]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::text::analyse;

    #[test]
    fn builtin_model_is_sound() {
        Tagger::from_bytes(BUILTIN).unwrap();
    }

    #[test]
    fn tags_plain_sentences() {
        let text =
            "The minister didn't say when the talks would resume, but Roe told reporters on Monday she was ready.";
        let analysis = analyse(text, &[]);
        let tags: Vec<&str> = analysis.tokens.iter().map(|t| t.tag.as_str()).collect();
        assert_eq!(tags.join(" "), "DT NN VBD RB VB WRB DT NNS MD VB , CC NNP VBD NNS IN NNP PRP VBD JJ .");
    }
}
