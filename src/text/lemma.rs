//! Base forms of words: a list of the forms that no rule gives, and rules for all others.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::Tag;

/// Forms by class: nouns, verbs, adjectives and adverbs.
struct Forms([HashMap<&'static str, &'static str>; 3]);

fn forms() -> &'static Forms {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    FORMS.get_or_init(|| {
        let mut forms = Forms(Default::default());
        for line in include_str!("../../data/lexicon/lemmas.txt").lines().filter(|l| !l.starts_with('#')) {
            let mut fields = line.split(' ');
            if let (Some(form), Some(class), Some(base)) = (fields.next(), fields.next(), fields.next()) {
                let class = match class {
                    "n" => 0,
                    "v" => 1,
                    _ => 2,
                };
                forms.0[class].insert(form, base);
            }
        }
        forms
    })
}

/// Returns the base form of a lower-case word with a part of speech: "withdrew" as a verb gives "withdraw".
pub fn lemma(lower: &str, tag: Tag) -> Cow<'_, str> {
    let class = match tag {
        Tag::NNS | Tag::NNPS => 0,
        _ if tag.is_verb() || tag == Tag::MD => 1,
        Tag::JJR | Tag::JJS | Tag::RBR | Tag::RBS => 2,
        _ => return Cow::Borrowed(lower),
    };
    if let Some(base) = forms().0[class].get(lower) {
        return Cow::Borrowed(base);
    }
    match class {
        0 => singular(lower),
        1 => infinitive(lower, tag),
        _ => Cow::Borrowed(lower),
    }
}

fn singular(word: &str) -> Cow<'_, str> {
    if let Some(stem) = word.strip_suffix("ies").filter(|s| s.len() > 1) {
        return Cow::Owned(format!("{stem}y"));
    }
    let sibilant = ["xes", "zes", "ches", "shes", "sses"].iter().any(|e| word.ends_with(e));
    if sibilant {
        return Cow::Borrowed(&word[..word.len() - 2]);
    }
    let plain = word.ends_with("ss") || word.ends_with("us");
    match word.strip_suffix('s').filter(|_| !plain) {
        Some(stem) => Cow::Borrowed(stem),
        None => Cow::Borrowed(word),
    }
}

fn infinitive(word: &str, tag: Tag) -> Cow<'_, str> {
    if tag == Tag::VBZ {
        return singular(word);
    }
    let stem = match tag {
        Tag::VBD | Tag::VBN => match word.strip_suffix("ied") {
            Some(stem) if stem.len() > 1 => return Cow::Owned(format!("{stem}y")),
            _ => word.strip_suffix("ed"),
        },
        Tag::VBG => word.strip_suffix("ing"),
        _ => None,
    };
    let Some(stem) = stem.filter(|s| s.chars().any(|c| "aeiouy".contains(c)) && s.len() > 1) else {
        return Cow::Borrowed(word);
    };
    let last: Vec<char> = stem.chars().rev().take(3).collect();
    let vowel = |c: Option<&char>| c.is_some_and(|c| "aeiou".contains(*c));
    let doubled = last.len() > 1 && last[0] == last[1] && !"lsz".contains(last[0]);
    if doubled {
        return Cow::Borrowed(&stem[..stem.len() - last[0].len_utf8()]);
    }
    let silent = stem.ends_with("at") || stem.ends_with("iz") || stem.ends_with("is") || stem.ends_with('v')
        || stem.ends_with('c') || stem.ends_with("dg") || stem.ends_with("rs") || stem.ends_with("ns") || stem.ends_with('u')
        || stem.ends_with("ut") && vowel(last.get(2)) || stem.ends_with("as") || stem.ends_with("os") || stem.ends_with("us");
    if silent { Cow::Owned(format!("{stem}e")) } else { Cow::Borrowed(stem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_and_ruled_forms() {
        let cases = [
            ("withdrew", Tag::VBD, "withdraw"),
            ("negotiations", Tag::NNS, "negotiation"),
            ("treaties", Tag::NNS, "treaty"),
            ("was", Tag::VBD, "be"),
            ("demilitarized", Tag::VBN, "demilitarize"),
            ("rejects", Tag::VBZ, "reject"),
            ("stopping", Tag::VBG, "stop"),
            ("news", Tag::NN, "news"),
            ("better", Tag::JJR, "good"),
        ];
        for (word, tag, base) in cases {
            assert_eq!(lemma(word, tag), base, "{word}");
        }
    }
}
