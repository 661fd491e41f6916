//! What the fields see of each token: hashed word forms, shape, tag, word classes, quotation state and nearby cue-like words.
//!
//! A [`Page`] is filled once for a document and then read by every feature template, so that no template touches the text.
use super::lexicon::{LexEntry, Lexicon};
use crate::text::{Analysis, TokenKind};
use std::ops::Range;

/// Stands for "no such token".
pub const NONE: u32 = u32::MAX;
/// Prior bucket from which a word counts as cue-like.
pub const CUE_LIKE: u8 = 3;

/// Where a token stands towards quotation marks.
pub mod quote {
    /// Outside every quotation.
    pub const OUT: u8 = 0;
    /// An opening mark.
    pub const OPEN: u8 = 1;
    /// Inside.
    pub const IN: u8 = 2;
    /// A closing mark.
    pub const CLOSE: u8 = 3;
}

/// What is known of one token.
#[derive(Debug, Clone, Copy, Default)]
pub struct Info {
    /// Hash of the lower-cased form.
    pub word: u32,
    /// Hash of the dictionary form.
    pub lemma: u32,
    /// Hash of the last three characters.
    pub suffix: u32,
    /// Part of speech.
    pub tag: u8,
    /// Capitals, digits and length, packed.
    pub shape: u8,
    /// Punctuation mark class, 0 for words.
    pub punct: u8,
    /// Quotation state, see [`quote`].
    pub quote: u8,
    /// Tokens since the quotation's (or the outside stretch's) start, bucketed.
    pub quote_left: u8,
    /// Tokens to the quotation's (or the outside stretch's) end, bucketed.
    pub quote_right: u8,
    /// Tokens since the sentence's start, bucketed.
    pub sent_left: u8,
    /// Tokens to the sentence's end, bucketed.
    pub sent_right: u8,
    /// Tokens since the last clause mark, bucketed.
    pub clause_left: u8,
    /// Tokens to the next clause mark, bucketed.
    pub clause_right: u8,
    /// Dictionary classes of verb and noun, and sense bits.
    pub entry: LexEntry,
    /// Bucket of the word's prior probability of lying in a cue, 0 to 7.
    pub prior: u8,
    /// Sentence of the token.
    pub sentence: u32,
    /// Paragraph of the token.
    pub paragraph: u32,
    /// Nearest cue-like token to the left, in reach.
    pub cue_left: u32,
    /// Nearest cue-like token to the right, in reach.
    pub cue_right: u32,
    /// Quotation of the token, or [`NONE`].
    pub quotation: u32,
    /// Bits: 1 first sentence of a paragraph, 2 heading, 4 the quotation is never closed, 8 single marks, 16 continues.
    pub flags: u8,
}

/// A document as the feature templates see it.
#[derive(Default)]
pub struct Page {
    /// One entry a token.
    pub info: Vec<Info>,
    /// For each token, and for the end, how many words (not marks) stand before it.
    pub words: Vec<u32>,
    /// Half-open token ranges of the sentences.
    pub sentences: Vec<(u32, u32)>,
    /// Whether each sentence holds quoted tokens.
    pub quoted: Vec<bool>,
    /// Half-open token ranges of the paragraphs.
    pub paragraphs: Vec<(u32, u32)>,
    /// Half-open token ranges of the quotations, marks included.
    pub quotes: Vec<(u32, u32)>,
}

/// Mixes a template number and two values into a feature.
#[inline]
pub fn mix(template: u32, a: u32, b: u32) -> u32 {
    let x = (u64::from(a) ^ u64::from(template) << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let y = (x ^ x >> 29 ^ u64::from(b)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (y ^ y >> 32).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z >> 32) as u32
}

/// Hashes bytes to 32 bits (FNV-1a with a final mix).
pub fn hash(bytes: &[u8]) -> u32 {
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for &b in bytes {
        h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    }
    (h ^ h >> 32) as u32
}

/// Puts a count of tokens into one of 11 buckets.
#[inline]
pub fn bucket(n: u32) -> u8 {
    match n {
        0..=5 => n as u8,
        6..=7 => 6,
        8..=11 => 7,
        12..=19 => 8,
        20..=39 => 9,
        _ => 10,
    }
}

fn punct_class(form: &str) -> u8 {
    match form {
        "," => 1,
        "." => 2,
        ":" => 3,
        ";" => 4,
        "?" => 5,
        "!" => 6,
        "(" | "[" | "{" => 7,
        ")" | "]" | "}" => 8,
        "—" | "–" | "--" | "-" | "―" => 9,
        "…" | "..." => 10,
        "“" | "”" | "\"" | "''" | "``" | "«" | "»" | "„" => 11,
        "‘" | "’" | "'" | "`" => 12,
        _ => 13,
    }
}

fn is_clause_mark(punct: u8) -> bool {
    matches!(punct, 1..=11)
}

impl Page {
    /// Fills the page from an analysed text; `lower` is a scratch buffer.
    pub fn fill(&mut self, text: &str, a: &Analysis, lexicon: &Lexicon, lower: &mut String) {
        self.outline(text, a);
        self.read(text, a, lexicon, 0..a.tokens.len(), lower);
        self.link();
    }

    /// Fills in all but what the words themselves tell.
    pub fn outline(&mut self, text: &str, a: &Analysis) {
        self.info.clear();
        self.sentences.clear();
        self.paragraphs.clear();
        self.quotes.clear();
        self.sentences.extend(a.sentences.iter().map(|s| (s.tokens.start, s.tokens.end)));
        self.paragraphs.extend(a.paragraphs.iter().map(|p| (p.tokens.start, p.tokens.end)));
        self.words.clear();
        self.words.push(0);
        let mut words = 0;
        for t in &a.tokens {
            let mark = matches!(t.kind, TokenKind::Punct | TokenKind::Quote | TokenKind::Symbol);
            let punct = if mark { punct_class(t.text(text)) } else { 0 };
            words += u32::from(punct == 0);
            self.words.push(words);
            self.info.push(Info {
                tag: t.tag as u8,
                punct,
                cue_left: NONE,
                cue_right: NONE,
                quotation: NONE,
                sentence: t.sentence,
                ..Info::default()
            });
        }
        self.place(a);
    }

    /// Fills in what the words of some tokens tell.
    pub fn read(&mut self, text: &str, a: &Analysis, lexicon: &Lexicon, range: Range<usize>, lower: &mut String) {
        for (t, x) in a.tokens[range.clone()].iter().zip(&mut self.info[range]) {
            let form = t.text(text);
            lower_case(form, lower);
            x.word = hash(lower.as_bytes());
            if matches!(t.kind, TokenKind::Word) {
                let (lemma, entry) = lexicon.lemma(lower);
                x.lemma = lemma;
                x.entry = entry;
            } else {
                x.lemma = x.word;
            }
            x.suffix = suffix(lower);
            x.shape = shape(form);
            x.prior = lexicon.prior(x.word, x.lemma);
        }
    }

    /// Fills what depends on sentences, paragraphs and quotations.
    fn place(&mut self, a: &Analysis) {
        let n = self.info.len() as u32;
        for (k, &(s, e)) in self.sentences.iter().enumerate() {
            for i in s..e.min(n) {
                let x = &mut self.info[i as usize];
                x.sentence = k as u32;
                x.sent_left = bucket(i - s);
                x.sent_right = bucket(e - 1 - i);
            }
        }
        for (k, p) in a.paragraphs.iter().enumerate() {
            let (s, e) = self.paragraphs[k];
            let first = self.sentences.get(p.sentences.start as usize).map_or(e, |x| x.1);
            for i in s..e.min(n) {
                let x = &mut self.info[i as usize];
                x.paragraph = k as u32;
                x.flags = u8::from(i < first) | u8::from(p.heading) << 1;
            }
        }
        for (k, q) in a.quotes.iter().enumerate() {
            // With the marks.
            let (s, e) = (q.tokens.start.saturating_sub(1), (q.tokens.end + u32::from(q.closed)).min(n));
            self.quotes.push((s, e.max(s)));
            if q.depth > 0 {
                continue;
            }
            let bits = u8::from(!q.closed) << 2 | u8::from(q.single) << 3 | u8::from(q.continues != NONE) << 4;
            for i in s..e {
                let x = &mut self.info[i as usize];
                x.quotation = k as u32;
                x.flags |= bits;
                x.quote = if i == s {
                    quote::OPEN
                } else if i + 1 == e && q.closed {
                    quote::CLOSE
                } else {
                    quote::IN
                };
                x.quote_left = bucket(i - s);
                x.quote_right = bucket(e - 1 - i);
            }
        }
        self.quoted.clear();
        for &(s, e) in &self.sentences {
            self.quoted.push(self.info[s as usize..e as usize].iter().any(|x| x.quote != quote::OUT));
        }
        // Distances to the nearest quotation for tokens outside, within the paragraph.
        let mut last = NONE;
        let mut clause = 0u32;
        for i in 0..n as usize {
            let new_paragraph = i == 0 || self.info[i].paragraph != self.info[i - 1].paragraph;
            if new_paragraph {
                last = NONE;
            }
            if i == 0 || self.info[i].sentence != self.info[i - 1].sentence {
                clause = i as u32;
            }
            let x = &mut self.info[i];
            x.clause_left = bucket(i as u32 - clause);
            if is_clause_mark(x.punct) {
                clause = i as u32;
            }
            if x.quote == quote::OUT {
                x.quote_left = if last == NONE { 11 } else { bucket(i as u32 - last) };
            } else {
                last = i as u32;
            }
        }
        last = NONE;
        for i in (0..n as usize).rev() {
            let end = i + 1 == n as usize;
            if end || self.info[i].paragraph != self.info[i + 1].paragraph {
                last = NONE;
            }
            if end || self.info[i].sentence != self.info[i + 1].sentence {
                clause = i as u32;
            }
            let x = &mut self.info[i];
            x.clause_right = bucket(clause - i as u32);
            if is_clause_mark(x.punct) {
                clause = i as u32;
            }
            if x.quote == quote::OUT {
                x.quote_right = if last == NONE { 11 } else { bucket(last - i as u32) };
            } else {
                last = i as u32;
            }
        }
    }

    /// Links every token to the nearest cue-like token on either side, in its paragraph; call again when priors change.
    pub fn link(&mut self) {
        let mut last = NONE;
        for i in 0..self.info.len() {
            if i == 0 || self.info[i].paragraph != self.info[i - 1].paragraph {
                last = NONE;
            }
            self.info[i].cue_left = last;
            if self.info[i].prior >= CUE_LIKE {
                last = i as u32;
            }
        }
        last = NONE;
        for i in (0..self.info.len()).rev() {
            if i + 1 == self.info.len() || self.info[i].paragraph != self.info[i + 1].paragraph {
                last = NONE;
            }
            self.info[i].cue_right = last;
            if self.info[i].prior >= CUE_LIKE {
                last = i as u32;
            }
        }
    }
}

/// Lower-cases a form and straightens its apostrophes; digits become zeros.
fn lower_case(form: &str, out: &mut String) {
    out.clear();
    for c in form.chars() {
        match c {
            '’' | '‘' => out.push('\''),
            '0'..='9' => out.push('0'),
            _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            _ => out.extend(c.to_lowercase()),
        }
        // A run of a million letters is no word; its head is enough to tell it apart.
        if out.len() > 64 {
            break;
        }
    }
}

fn suffix(lower: &str) -> u32 {
    let start = lower.char_indices().rev().nth(2).map_or(0, |(i, _)| i);
    hash(&lower.as_bytes()[start..])
}

fn shape(form: &str) -> u8 {
    let mut chars = form.chars();
    let first = chars.next().unwrap_or(' ');
    let mut upper = first.is_uppercase();
    let mut bits = u8::from(upper);
    let mut digit = first.is_ascii_digit();
    let mut lower = first.is_lowercase();
    let mut n = 1u8;
    for c in chars.take(30) {
        upper &= !c.is_lowercase();
        lower |= c.is_lowercase();
        digit |= c.is_ascii_digit();
        n += 1;
    }
    bits |= u8::from(upper && n > 1) << 1 | u8::from(digit) << 2 | u8::from(lower) << 3;
    bits | match n {
        1 => 0,
        2..=3 => 16,
        4..=6 => 32,
        _ => 48,
    }
}
