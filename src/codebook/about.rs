//! Whether a document is about the negotiation at all.
//!
//! An archive holds much that only sounds like a topic: penalties in a cup final, elections elsewhere. A negotiation has
//! principals, and an article about it names them again and again; what names them in passing is on something else.

use std::collections::BTreeSet;

use super::model::{PartyIx, Person};
use super::names::{NameIndex, Referent};
use crate::base::quick::QuickMap;

/// Up to this many bytes a text may take its subject for granted: a post, a spokesperson's reply.
const SHORT: usize = 1000;
/// So many times an article on the negotiation names a principal at least, if its title does not.
const OFTEN: usize = 3;

/// The names of a negotiation's principals, to be looked for in whole documents.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Names by the key of their first bytes, the longest first; none where every document counts.
    names: QuickMap<u16, Vec<Box<str>>>,
    /// Which keys there are, a bit each: nearly all words end here.
    keys: Vec<u64>,
}

impl About {
    /// Gathers all names of the principals: their own, their institutions' and those of their people.
    pub(super) fn new(
        principals: &BTreeSet<PartyIx>,
        names: &NameIndex,
        people: &[Person],
        institutions: &[PartyIx],
    ) -> Self {
        let stands_for = |referent: Referent| match referent {
            Referent::Party(p) | Referent::Demonym(p) | Referent::Seat(p) => principals.contains(&p),
            Referent::Group(_) => false,
            Referent::Institution(i) => institutions.get(i as usize).is_some_and(|p| principals.contains(p)),
            Referent::Person(p) | Referent::Surname(p) => {
                people.get(p as usize).is_some_and(|p| p.offices.iter().any(|o| principals.contains(&o.party)))
            }
        };
        let mut about = About { names: QuickMap::default(), keys: vec![0; (1 << KEY_BITS) / 64] };
        let wanted = names.all().filter(|(_, referent)| stands_for(*referent));
        let mut wanted: Vec<Box<str>> = wanted.map(|(words, _)| words.join(" ").into()).collect();
        wanted.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in wanted {
            // What follows a name of two letters may be anything.
            let thirds = if name.len() < 3 { 0..=u8::MAX } else { 0..=0 };
            let mut keys: Vec<u16> = thirds.filter_map(|third| key(&[name.as_bytes(), &[third]].concat())).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                about.keys[usize::from(key) / 64] |= 1 << (key % 64);
                about.names.entry(key).or_default().push(name.clone());
            }
        }
        about
    }

    /// Tells whether a document may be about the negotiation: it is short, its title names a principal, or its text does
    /// more than once or twice.
    pub fn covers(&self, title: Option<&str>, text: &str) -> bool {
        self.names.is_empty()
            || text.len() <= SHORT
            || title.is_some_and(|title| self.names_in(title, 1))
            || self.names_in(text, OFTEN)
    }

    /// Tells whether a text names principals so many times, in whatever case.
    fn names_in(&self, text: &str, times: usize) -> bool {
        let bytes = text.as_bytes();
        let (mut at, mut met, mut in_word) = (0, 0, false);
        while let Some(byte) = bytes.get(at) {
            // What is no ASCII may be a letter or a quotation mark; `whole` knows.
            if !in_word
                && (byte.is_ascii_alphanumeric() || !byte.is_ascii())
                && let Some(end) = self.name_at(text, at)
            {
                met += 1;
                if met == times {
                    return true;
                }
                at = end;
                in_word = true;
                continue;
            }
            in_word = byte.is_ascii_alphanumeric();
            at += 1;
        }
        false
    }

    /// Returns where the longest name that begins at a byte ends.
    fn name_at(&self, text: &str, at: usize) -> Option<usize> {
        let rest = text.as_bytes().get(at..)?;
        let key = key(rest).or_else(|| key(&[rest, &[0]].concat()))?;
        if self.keys.get(usize::from(key) / 64)? >> (key % 64) & 1 == 0 {
            return None;
        }
        let fits = |name: &&str| {
            let own = rest.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()));
            own && whole(text, at..at + name.len())
        };
        self.names.get(&key)?.iter().map(AsRef::as_ref).find(fits).map(|name| at + name.len())
    }
}

/// Bits of a key.
const KEY_BITS: u32 = 15;

/// The low five bits of the first three bytes, which are the same for both cases of a letter; none of fewer bytes.
fn key(bytes: &[u8]) -> Option<u16> {
    let three = bytes.first_chunk::<3>()?;
    Some(three.iter().fold(0, |key, byte| key << 5 | u16::from(byte & 31)))
}

/// Tells whether a range of a text begins and ends with its words.
fn whole(text: &str, range: std::ops::Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|t| t.chars().next_back());
    let after = text.get(range.end..).and_then(|t| t.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use crate::codebook::load;

    #[test]
    fn long_texts_that_name_a_principal_in_passing_are_on_something_else() {
        let about = load("iran-nuclear").unwrap().about;
        let match_report = "The referee gave two penalties in Tirana, and the coach called for talks. ".repeat(20);
        assert!(!about.covers(None, &match_report));
        let passing = "The guest of honour came from Iran’s federation. ";
        assert!(!about.covers(None, &format!("{match_report}\n{passing}")));
        assert!(about.covers(None, &format!("{match_report}\n{}", passing.repeat(3))));
        assert!(about.covers(Some("Tehran waits"), &match_report));
        assert!(about.covers(None, "“We will not yield,” the minister said."));
    }
}
