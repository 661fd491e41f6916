//! Abbreviations that keep their full stop, and what each means for the end of a sentence.
//!
//! The list is `data/lexicon/abbreviations.txt`; its head explains the marks. Dotted letters ("U.S.", "p.m.") follow a
//! rule and need no entry.

use std::sync::OnceLock;

use crate::base::quick::QuickMap;

const LIST: &str = include_str!("../../data/lexicon/abbreviations.txt");

/// What an abbreviation's full stop means for the end of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Never ends a sentence ("Gen.").
    Never,
    /// Ends one where the next word is of those that open sentences ("in the U.S. The ...").
    MayEnd,
    /// Ends one before any capitalised word but days, months and time zones ("at 5 p.m. Police ...").
    Likely,
    /// An abbreviation only before a number ("No. 5").
    BeforeNumber,
}

/// The longest abbreviation looked up, in bytes; a longer word is none.
pub(crate) const LONGEST: usize = 12;

fn list() -> &'static QuickMap<&'static str, Ending> {
    static TABLE: OnceLock<QuickMap<&'static str, Ending>> = OnceLock::new();
    TABLE.get_or_init(|| parse(LIST))
}

fn parse(list: &str) -> QuickMap<&str, Ending> {
    let mut table = QuickMap::default();
    for line in list.lines() {
        let line = line.split('#').next().unwrap_or("");
        let mut fields = line.split_whitespace();
        let Some(word) = fields.next() else { continue };
        let ending = match fields.next() {
            Some("+") => Ending::MayEnd,
            Some("++") => Ending::Likely,
            Some("0") => Ending::BeforeNumber,
            _ => Ending::Never,
        };
        table.insert(word, ending);
    }
    table
}

/// Looks up a word with its full stop in the list.
pub(crate) fn listed(word: &str) -> Option<Ending> {
    if word.len() > LONGEST {
        return None;
    }
    list().get(word).copied()
}

/// Tells what the full stop at the end of a token means, or none if the token is no abbreviation.
pub(crate) fn ending(token: &str) -> Option<Ending> {
    if !token.ends_with('.') || token.len() < 2 {
        return None;
    }
    if let Some(found) = listed(token) {
        return Some(found);
    }
    // "R-Calif.", "then-Sen.": the part after the last hyphen decides.
    if let Some((_, tail)) = token.rsplit_once('-')
        && let Some(found) = listed(tail)
    {
        return Some(found);
    }
    if is_dotted_letters(token) {
        let single = token.chars().count() == 2;
        let lower = token.chars().all(|c| !c.is_uppercase());
        return Some(if single || lower { Ending::Never } else { Ending::MayEnd });
    }
    token.chars().next_back().filter(|c| *c == '.').and(if token.chars().any(char::is_alphanumeric) {
        Some(Ending::MayEnd)
    } else {
        None
    })
}

/// Tells whether a token is letters each followed by a full stop ("U.S.", "J.", "p.m.").
pub(crate) fn is_dotted_letters(token: &str) -> bool {
    let mut letters = 0;
    let mut want_letter = true;
    for c in token.chars() {
        if want_letter {
            if !c.is_alphabetic() {
                return false;
            }
            letters += 1;
        } else if c != '.' {
            return false;
        }
        want_letter = !want_letter;
    }
    letters > 0 && want_letter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_list_and_its_marks() {
        assert_eq!(listed("Gen."), Some(Ending::Never));
        assert_eq!(listed("Inc."), Some(Ending::MayEnd));
        assert_eq!(listed("No."), Some(Ending::BeforeNumber));
        assert_eq!(listed("etc."), Some(Ending::Likely));
        assert_eq!(listed("table."), None);
    }

    #[test]
    fn knows_dotted_letters() {
        assert!(is_dotted_letters("U.S."));
        assert!(is_dotted_letters("J."));
        assert!(!is_dotted_letters("U.S"));
        assert!(!is_dotted_letters("Dr."));
        assert_eq!(ending("U.N."), Some(Ending::MayEnd));
        assert_eq!(ending("J."), Some(Ending::Never));
        assert_eq!(ending("."), None);
        assert_eq!(ending("..."), None);
    }
}
