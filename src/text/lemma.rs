//! Lemmas: the form under which a dictionary lists a word, by a list of exceptions and by rules for the rest.
//!
//! The exceptions are `data/lexicon/lemmas.txt`; its head explains the form.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::Tag;
use crate::base::quick::QuickMap;

const LIST: &str = include_str!("../../data/lexicon/lemmas.txt");
/// The longest word that has a lemma other than itself, in bytes.
const LONGEST: usize = 40;

/// The classes of words that the list tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Class {
    Verb,
    Noun,
    Other,
}

fn list() -> &'static QuickMap<(&'static str, Class), &'static str> {
    static TABLE: OnceLock<QuickMap<(&'static str, Class), &'static str>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = QuickMap::default();
        for line in LIST.lines() {
            let line = line.split('#').next().unwrap_or("");
            let mut fields = line.split_whitespace();
            let (Some(form), Some(class), Some(lemma)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            let class = match class {
                "v" => Class::Verb,
                "n" => Class::Noun,
                _ => Class::Other,
            };
            table.insert((form, class), lemma);
        }
        table
    })
}

/// Returns the lemma of a lower-cased word (see [`super::lower`]) with a part of speech; mostly the word itself.
pub fn lemma(lower: &str, tag: Tag) -> Cow<'_, str> {
    let class = match tag {
        t if t.is_verb() || t == Tag::MD => Class::Verb,
        Tag::NNS => Class::Noun,
        Tag::PRP | Tag::PRPS | Tag::RB | Tag::JJR | Tag::JJS | Tag::RBR | Tag::RBS => Class::Other,
        _ => return lower.into(),
    };
    if lower.len() > LONGEST {
        return lower.into();
    }
    if let Some(found) = list().get(&(lower, class)) {
        return (*found).into();
    }
    match tag {
        Tag::NNS => plural(lower),
        Tag::VBZ => plural(lower),
        Tag::VBD | Tag::VBN => past(lower),
        Tag::VBG => gerund(lower),
        Tag::JJR | Tag::RBR => strip(lower, "er"),
        Tag::JJS | Tag::RBS => strip(lower, "est"),
        _ => lower.into(),
    }
}

fn plural(word: &str) -> Cow<'_, str> {
    if let Some(stem) = word.strip_suffix("ies").filter(|s| s.len() > 1) {
        return format!("{stem}y").into();
    }
    for end in ["sses", "shes", "ches", "xes", "zzes", "oes"] {
        if word.len() > end.len() + 1 && word.ends_with(end) {
            return cut(word, 2).into();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 1 && !stem.ends_with('s') => stem.into(),
        _ => word.into(),
    }
}

fn past(word: &str) -> Cow<'_, str> {
    if let Some(stem) = word.strip_suffix("ied").filter(|s| s.len() > 1) {
        return format!("{stem}y").into();
    }
    // "agreed", "freed".
    if word.ends_with("eed") {
        return cut(word, 1).into();
    }
    match word.strip_suffix("ed") {
        Some(stem) => restore(stem, word),
        None => word.into(),
    }
}

fn gerund(word: &str) -> Cow<'_, str> {
    match word.strip_suffix("ing") {
        Some(stem) => restore(stem, word),
        None => word.into(),
    }
}

fn strip<'w>(word: &'w str, end: &str) -> Cow<'w, str> {
    match word.strip_suffix(end) {
        Some(stem) if stem.ends_with('i') && stem.len() > 2 => format!("{}y", cut(stem, 1)).into(),
        Some(stem) => restore(stem, word),
        None => word.into(),
    }
}

/// The word without its last `count` bytes, which are ASCII letters.
fn cut(word: &str, count: usize) -> &str {
    word.get(..word.len().saturating_sub(count)).unwrap_or(word)
}

/// Makes a base form of a stem left by an ending: undoes a doubled consonant, or puts back a silent e.
fn restore<'w>(stem: &'w str, word: &'w str) -> Cow<'w, str> {
    let bytes = stem.as_bytes();
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let n = bytes.len();
    if n < 2 || !bytes.iter().any(|b| vowel(*b)) {
        return word.into();
    }
    let (last, before) = (bytes[n - 1], bytes[n - 2]);
    if last == before && !vowel(last) && n > 3 {
        // "fall", "miss", "stuff", "buzz" have their two letters of their own.
        return if matches!(last, b'l' | b's' | b'f' | b'z') { stem.into() } else { cut(stem, 1).into() };
    }
    let ends = |list: &[&str]| list.iter().any(|e| stem.ends_with(e));
    let vowels = bytes.iter().zip(bytes.iter().skip(1)).filter(|(a, b)| vowel(**a) && !vowel(**b)).count();
    // The u of "qu" is no vowel of its own.
    let pair =
        n > 2 && vowel(before) && vowel(bytes[n - 3]) && !(n > 3 && bytes[n - 4] == b'q' && bytes[n - 3] == b'u');
    let silent = match last {
        b'v' | b'c' | b'z' | b'u' => true,
        _ if vowel(last) => false,
        _ if ends(&["iat", "uat", "creat"]) => true,
        b's' => vowel(before) || matches!(before, b'n' | b'r' | b'p' | b'l'),
        b'l' if matches!(before, b'b' | b'c' | b'd' | b'f' | b'g' | b'k' | b'p' | b't' | b'z') => true,
        b'w' | b'x' | b'y' | b'h' => false,
        b'g' if matches!(before, b'd' | b'r' | b'l') => true,
        // One short syllable would have doubled its consonant: "hop" gives "hopping".
        _ if vowels == 1 && vowel(before) && !pair => true,
        _ if pair => false,
        _ => ends(&[
            "at", "ut", "ud", "id", "od", "ad", "ced", "ir", "ur", "ar", "ag", "eg", "ib", "ak", "ik", "ok", "uk",
            "um", "in", "ot", "ul", "chang", "rrang", "lleng", "veng", "hing",
        ]),
    };
    if silent { format!("{stem}e").into() } else { stem.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_irregular_forms() {
        assert_eq!(lemma("said", Tag::VBD), "say");
        assert_eq!(lemma("told", Tag::VBN), "tell");
        assert_eq!(lemma("n't", Tag::RB), "not");
        assert_eq!(lemma("'s", Tag::VBZ), "be");
        assert_eq!(lemma("men", Tag::NNS), "man");
        assert_eq!(lemma("his", Tag::PRPS), "he");
    }

    #[test]
    fn follows_rules() {
        for (form, tag, want) in [
            ("talks", Tag::NNS, "talk"),
            ("parties", Tag::NNS, "party"),
            ("pushes", Tag::VBZ, "push"),
            ("agreed", Tag::VBD, "agree"),
            ("stopped", Tag::VBD, "stop"),
            ("proposed", Tag::VBD, "propose"),
            ("denied", Tag::VBN, "deny"),
            ("insisting", Tag::VBG, "insist"),
            ("urging", Tag::VBG, "urge"),
            ("announced", Tag::VBD, "announce"),
            ("argued", Tag::VBD, "argue"),
            ("demanded", Tag::VBD, "demand"),
            ("stated", Tag::VBD, "state"),
            ("quoting", Tag::VBG, "quote"),
            ("warned", Tag::VBD, "warn"),
            ("Kyiv", Tag::NNP, "Kyiv"),
        ] {
            assert_eq!(lemma(form, tag), want);
        }
    }

    #[test]
    fn bears_anything() {
        for word in ["", "s", "ed", "ing", "er", "ies", "éed", "日ing", "'", "ssss", "xed"] {
            for tag in Tag::ALL {
                lemma(word, *tag);
            }
        }
    }
}
