//! Dictionary classes and cue priors of words, both part of the model file.
//!
//! Classes are WordNet's lexicographer files (Fellbaum 1998) of a word's first sense as verb and as noun, with bits that
//! tell whether communication, cognition or person is among the first senses. They let the cue tagger generalise from
//! verbs it has seen to verbs it has not.
use std::sync::OnceLock;

use super::page::hash;
use crate::base::quick::QuickMap;

/// Dictionary classes of one dictionary form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LexEntry {
    /// Lexicographer file of the first sense as a verb, 0 if none.
    pub verb: u8,
    /// Lexicographer file of the first sense as a noun, 0 if none.
    pub noun: u8,
    /// Bits: 1 verb of communication, 2 of cognition, 4 noun of communication, 8 person, 16 cognition.
    pub bits: u8,
}

/// Word classes and priors, sorted by hash.
#[derive(Debug, Default, Clone)]
pub struct Lexicon {
    /// Hashes of dictionary forms, ascending.
    pub forms: Vec<u32>,
    /// Classes, in the order of `forms`.
    pub entries: Vec<LexEntry>,
    /// Hash table of priors: `(key, bucket)`, key 0 meaning empty; length a power of two or 0.
    pub priors: Vec<(u32, u8)>,
    index: Vec<u16>,
}

/// Irregular forms of verbs common in reports, and their dictionary forms.
const IRREGULAR: &[(&str, &str)] = &[
    ("said", "say"),
    ("told", "tell"),
    ("thought", "think"),
    ("found", "find"),
    ("saw", "see"),
    ("seen", "see"),
    ("knew", "know"),
    ("known", "know"),
    ("felt", "feel"),
    ("sought", "seek"),
    ("shown", "show"),
    ("heard", "hear"),
    ("wrote", "write"),
    ("written", "write"),
    ("spoke", "speak"),
    ("spoken", "speak"),
    ("swore", "swear"),
    ("sworn", "swear"),
    ("read", "read"),
    ("made", "make"),
    ("gave", "give"),
    ("given", "give"),
    ("took", "take"),
    ("taken", "take"),
    ("put", "put"),
    ("went", "go"),
    ("gone", "go"),
    ("came", "come"),
    ("understood", "understand"),
    ("meant", "mean"),
    ("held", "hold"),
    ("left", "leave"),
    ("kept", "keep"),
    ("became", "become"),
    ("began", "begin"),
    ("begun", "begin"),
    ("got", "get"),
    ("drew", "draw"),
    ("drawn", "draw"),
    ("brought", "bring"),
    ("led", "lead"),
    ("laid", "lay"),
    ("foresaw", "foresee"),
    ("forbade", "forbid"),
    ("chose", "choose"),
    ("chosen", "choose"),
    ("fought", "fight"),
    ("wanted", "want"),
    ("was", "be"),
    ("were", "be"),
    ("is", "be"),
    ("are", "be"),
    ("been", "be"),
    ("am", "be"),
    ("being", "be"),
    ("'s", "'s"),
    ("has", "have"),
    ("had", "have"),
    ("having", "have"),
    ("does", "do"),
    ("did", "do"),
    ("done", "do"),
    ("dealt", "deal"),
    ("bet", "bet"),
    ("cast", "cast"),
    ("struck", "strike"),
    ("shot", "shoot"),
    ("threw", "throw"),
    ("thrown", "throw"),
    ("lied", "lie"),
    ("sent", "send"),
    ("set", "set"),
    ("hit", "hit"),
];

/// Returns the dictionary form of an irregular one.
fn irregular(form: &str) -> Option<&'static str> {
    static FORMS: OnceLock<QuickMap<&'static str, &'static str>> = OnceLock::new();
    FORMS.get_or_init(|| IRREGULAR.iter().copied().collect()).get(form).copied()
}

impl Lexicon {
    /// Makes a lexicon of dictionary forms' hashes, ascending, and their classes.
    pub fn new(forms: Vec<u32>, entries: Vec<LexEntry>) -> Lexicon {
        let mut out = Lexicon { forms, entries, ..Lexicon::default() };
        out.finish();
        out
    }

    /// Builds the index that speeds up look-ups; call after filling `forms`.
    pub fn finish(&mut self) {
        self.index = vec![0; 4097];
        let mut k = 0usize;
        for b in 0..=4096usize {
            while k < self.forms.len() && (self.forms[k] >> 20) < b as u32 {
                k += 1;
            }
            self.index[b] = k.min(u16::MAX as usize) as u16;
        }
    }

    /// Finds the classes of a dictionary form by its hash.
    pub fn find(&self, form: u32) -> Option<LexEntry> {
        if self.index.len() < 4097 {
            return None;
        }
        let b = (form >> 20) as usize;
        let (s, e) = (self.index[b] as usize, self.index[b + 1] as usize);
        self.forms[s..e].iter().position(|&f| f == form).map(|k| self.entries[s + k])
    }

    /// Finds the dictionary form (as a hash) and classes of a lower-cased word.
    pub fn lemma(&self, lower: &str) -> (u32, LexEntry) {
        let whole = hash(lower.as_bytes());
        if let Some(base) = irregular(lower) {
            let h = hash(base.as_bytes());
            return (h, self.find(h).unwrap_or_default());
        }
        let n = lower.len();
        if n < 4 || !lower.is_ascii() {
            return (whole, self.find(whole).unwrap_or_default());
        }
        let b = lower.as_bytes();
        let mut buf = [0u8; 72];
        let mut attempt = |cut: usize, add: &[u8]| -> Option<(u32, LexEntry)> {
            let keep = n - cut;
            if keep < 2 || keep + add.len() > buf.len() {
                return None;
            }
            buf[..keep].copy_from_slice(&b[..keep]);
            buf[keep..keep + add.len()].copy_from_slice(add);
            let h = hash(&buf[..keep + add.len()]);
            self.find(h).map(|e| (h, e))
        };
        let doubled = |cut: usize| n > cut + 2 && b[n - cut - 1] == b[n - cut - 2];
        let found = if lower.ends_with("ies") || lower.ends_with("ied") {
            attempt(3, b"y")
        } else if lower.ends_with("ing") && n > 5 {
            attempt(3, b"e").or_else(|| attempt(3, b"")).or_else(|| if doubled(3) { attempt(4, b"") } else { None })
        } else if lower.ends_with("ed") {
            attempt(1, b"").or_else(|| attempt(2, b"")).or_else(|| if doubled(2) { attempt(3, b"") } else { None })
        } else if lower.ends_with("es") {
            attempt(1, b"").or_else(|| attempt(2, b""))
        } else if lower.ends_with('s') && !lower.ends_with("ss") {
            attempt(1, b"")
        } else {
            None
        };
        found.unwrap_or_else(|| (whole, self.find(whole).unwrap_or_default()))
    }

    /// Returns the prior bucket of a word, 0 to 7: its form's if that is known, else its dictionary form's.
    pub fn prior(&self, word: u32, lemma: u32) -> u8 {
        self.look(word).or_else(|| self.look(lemma ^ LEMMA)).unwrap_or(0)
    }

    fn look(&self, key: u32) -> Option<u8> {
        let mask = self.priors.len().checked_sub(1)?;
        let mut k = key as usize & mask;
        // The table is at most half full, so an empty slot ends every probe; the bound is for damaged files.
        for _ in 0..=mask {
            let (have, value) = self.priors[k];
            if have == 0 {
                return None;
            }
            if have == key {
                return Some(value);
            }
            k = (k + 1) & mask;
        }
        None
    }

    /// Builds the table of priors from `(key, bucket)` pairs.
    pub fn set_priors(&mut self, pairs: &[(u32, u8)]) {
        let size = (pairs.len() * 2 + 2).next_power_of_two();
        self.priors = vec![(0, 0); size];
        for &(key, value) in pairs {
            let mut k = key as usize & (size - 1);
            while self.priors[k].0 != 0 && self.priors[k].0 != key {
                k = (k + 1) & (size - 1);
            }
            if key != 0 {
                self.priors[k] = (key, value);
            }
        }
    }
}

/// Marks keys of the prior table that stand for dictionary forms.
pub const LEMMA: u32 = 0x5bd1_e995;

/// Puts a prior probability into its bucket.
pub fn prior_bucket(p: f32) -> u8 {
    match p {
        p if p < 0.01 => 0,
        p if p < 0.03 => 1,
        p if p < 0.08 => 2,
        p if p < 0.2 => 3,
        p if p < 0.4 => 4,
        p if p < 0.6 => 5,
        p if p < 0.8 => 6,
        _ => 7,
    }
}
