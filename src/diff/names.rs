//! Parties and topics by whatever a table calls them.

use std::collections::BTreeMap;

use crate::codebook::{Codebook, Referent};

/// Finds ids by id, name, short name, or any other name the codebook has for a party; case and spaces do not matter.
#[derive(Debug)]
pub struct Names<'a> {
    codebook: &'a Codebook,
    parties: BTreeMap<String, &'a str>,
    topics: BTreeMap<String, &'a str>,
}

impl<'a> Names<'a> {
    /// Collects the names of a codebook; where two share one, the first keeps it.
    pub fn new(codebook: &'a Codebook) -> Names<'a> {
        let (mut parties, mut topics) = (BTreeMap::new(), BTreeMap::new());
        let ids = codebook.parties.iter().map(|p| (&p.id, &p.id));
        let names = codebook.parties.iter().map(|p| (&p.name, &p.id));
        let shorts = codebook.parties.iter().map(|p| (&p.short, &p.id));
        for (name, id) in ids.chain(names).chain(shorts) {
            parties.entry(plain(name)).or_insert(id.as_str());
        }
        let ids = codebook.topics.iter().map(|t| (&t.id, &t.id));
        let names = codebook.topics.iter().map(|t| (&t.name, &t.id));
        let questions = codebook.topics.iter().map(|t| (&t.question, &t.id));
        for (name, id) in ids.chain(names).chain(questions) {
            topics.entry(plain(name)).or_insert(id.as_str());
        }
        topics.remove("");
        parties.remove("");
        Names { codebook, parties, topics }
    }

    /// Returns the id of the party of that name.
    pub fn party(&self, name: &str) -> Option<&'a str> {
        let plain = plain(name);
        if plain.is_empty() {
            return None;
        }
        self.parties.get(&plain).copied().or_else(|| self.alias(name))
    }

    /// Returns the id of the topic of that name; a question below the name, as on the sheet Matrix, is passed over.
    pub fn topic(&self, name: &str) -> Option<&'a str> {
        let first = name.trim().lines().next().unwrap_or_default();
        [name, first].into_iter().find_map(|n| self.topics.get(&plain(n)).copied())
    }

    /// A party by another name of it, where that is all the cell says.
    fn alias(&self, name: &str) -> Option<&'a str> {
        let words: Vec<&str> = name.split_whitespace().collect();
        let lower: Vec<String> = words.iter().map(|w| w.to_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        if words.len() > 12 {
            return None;
        }
        let found = self.codebook.names.find(&words, &lower);
        let [only] = found.as_slice() else { return None };
        let whole = only.start == 0 && only.end == words.len();
        match only.referent {
            Referent::Party(party) | Referent::Demonym(party) | Referent::Seat(party) if whole => {
                self.codebook.parties.get(party as usize).map(|p| p.id.as_str())
            }
            _ => None,
        }
    }
}

fn plain(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
