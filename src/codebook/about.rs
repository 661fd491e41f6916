//! Whether a document is about the negotiation at all.
//!
//! An archive holds much that only sounds like a topic: penalties in a cup final, elections elsewhere. A negotiation has
//! principals, and an article about it names them again and again; what names them in passing is on something else.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::model::{PartyIx, Person};
use super::names::{NameIndex, Referent};

/// Up to this many bytes a text may take its subject for granted: a post, a spokesperson's reply.
const SHORT: usize = 1000;
/// So many times an article on the negotiation names a principal at least, if its title does not.
const OFTEN: usize = 3;

/// The names of a negotiation's principals, to be looked for in whole documents.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Nothing where every document counts.
    names: Option<AhoCorasick>,
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
        let names: Vec<String> =
            names.all().filter(|(_, r)| stands_for(*r)).map(|(words, _)| words.join(" ")).collect();
        let mut search = AhoCorasick::builder();
        // Every text goes through it, so a table of some megabytes is worth its room.
        search.kind(Some(AhoCorasickKind::DFA)).ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest);
        About { names: search.build(names).ok().filter(|n| n.patterns_len() > 0) }
    }

    /// Tells whether a document may be about the negotiation: it is short, its title names a principal, or its text does
    /// more than once or twice.
    pub fn covers(&self, title: Option<&str>, text: &str) -> bool {
        let Some(names) = &self.names else { return true };
        let named = |text: &str, times: usize| {
            names.find_iter(text).filter(|m| whole(text, m.range())).take(times).count() == times
        };
        text.len() <= SHORT || title.is_some_and(|t| named(t, 1)) || named(text, OFTEN)
    }
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
