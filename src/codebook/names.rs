//! Names in text: parties, institutions, groups and people, found by their words.

use super::model::{OfficeRank, PartyIx, PersonIx};
use crate::base::quick::QuickMap;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Referent {
    /// A party by its name or another name for it.
    Party(PartyIx),
    /// A party by the adjective or noun for its people.
    Demonym(PartyIx),
    /// A party by its capital or seat of power.
    Seat(PartyIx),
    /// Several parties.
    Group(u32),
    /// An institution of a party.
    Institution(u32),
    /// A person by the full name.
    Person(PersonIx),
    /// A person by the surname alone.
    Surname(PersonIx),
}

/// A name found: tokens `start..end` of the sequence given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameMatch {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// What it stands for.
    pub referent: Referent,
}

#[derive(Debug, Clone)]
struct Entry {
    words: Vec<String>,
    referent: Referent,
}

/// All names of a codebook, by their first word.
#[derive(Debug, Clone, Default)]
pub struct NameIndex {
    by_first: QuickMap<String, Vec<Entry>>,
}

/// Splits a name into the tokens a text would have for it.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for piece in name.replace(['’', '‘'], "'").split_whitespace() {
        let piece = piece.trim_end_matches(',');
        match piece.strip_suffix("'s") {
            Some(stem) if !stem.is_empty() => {
                words.push(stem.to_string());
                words.push("'s".to_string());
            }
            _ => match piece.strip_suffix("s'") {
                Some(stem) => {
                    words.push(format!("{stem}s"));
                    words.push("'".to_string());
                }
                None => words.push(piece.to_string()),
            },
        }
    }
    if words.len() > 1 && words[0].eq_ignore_ascii_case("the") {
        words.remove(0);
    }
    words
}

/// Compares one word of a name with one token: letters as they are, or a token all in capitals.
fn same_word(name: &str, token: &str) -> bool {
    if name == token {
        return true;
    }
    if name.contains('\'') && token.contains(['’', '‘']) {
        return same_word(name, &token.replace(['’', '‘'], "'"));
    }
    if name.chars().all(|c| !c.is_uppercase()) {
        return token.to_lowercase() == name;
    }
    token.chars().count() > 2
        && token.chars().all(|c| !c.is_lowercase())
        && token.chars().any(char::is_uppercase)
        && name.to_uppercase() == token
}

impl NameIndex {
    /// Adds a name. Returns what it stood for before, where that is something else.
    pub fn add(&mut self, name: &str, referent: Referent) -> Option<Referent> {
        let words = name_words(name);
        let first = words.first()?.to_lowercase();
        let entries = self.by_first.entry(first).or_default();
        if let Some(same) = entries.iter().find(|e| e.words == words) {
            return (same.referent != referent).then_some(same.referent);
        }
        let at = entries.partition_point(|e| e.words.len() >= words.len());
        entries.insert(at, Entry { words, referent });
        None
    }

    /// Lists all names by their words, with what they stand for.
    pub(super) fn all(&self) -> impl Iterator<Item = (&[String], Referent)> {
        self.by_first.values().flatten().map(|e| (e.words.as_slice(), e.referent))
    }

    /// Removes a name (an ambiguous surname, say).
    pub fn remove(&mut self, name: &str) {
        let words = name_words(name);
        if let Some(entries) = words.first().and_then(|w| self.by_first.get_mut(&w.to_lowercase())) {
            entries.retain(|e| e.words != words);
        }
    }

    /// Finds the names in a sequence of tokens, longest first, not overlapping.
    ///
    /// `tokens` and `lower` are the tokens as written and in lower case.
    pub fn find(&self, tokens: &[&str], lower: &[&str]) -> Vec<NameMatch> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let entries = self.by_first.get(lower[at]).map(Vec::as_slice).unwrap_or(&[]);
            let hit = entries.iter().find(|e| {
                tokens.len() - at >= e.words.len()
                    && e.words.iter().zip(&tokens[at..]).all(|(name, token)| same_word(name, token))
            });
            match hit {
                Some(entry) => {
                    let end = at + entry.words.len();
                    found.push(NameMatch { start: at, end, referent: entry.referent });
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }
}

/// A title found: tokens `start..end` of the sequence given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TitleMatch {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// How high the office stands.
    pub rank: OfficeRank,
    /// "ministers", not "minister".
    pub plural: bool,
}

/// Titles of offices and callings, by their first word.
#[derive(Debug, Clone, Default)]
pub struct TitleIndex {
    by_first: QuickMap<String, Vec<(Vec<String>, OfficeRank)>>,
}

impl TitleIndex {
    /// Adds a title, lower case.
    pub fn add(&mut self, title: &str, rank: OfficeRank) {
        let words: Vec<String> = title.split_whitespace().map(str::to_lowercase).collect();
        if let Some(first) = words.first() {
            let entries = self.by_first.entry(first.clone()).or_default();
            let at = entries.partition_point(|e| e.0.len() >= words.len());
            entries.insert(at, (words, rank));
        }
    }

    /// Finds the longest title that begins at a token, singular or plural. `lower` is the tokens in lower case.
    pub fn at(&self, lower: &[&str], start: usize) -> Option<TitleMatch> {
        let first = lower.get(start)?;
        let singular = first.strip_suffix('s').unwrap_or(first);
        let long = self.by_first.get(*first).map(Vec::as_slice).unwrap_or(&[]);
        let cut = if singular == *first { &[] } else { self.by_first.get(singular).map(Vec::as_slice).unwrap_or(&[]) };
        let fits = |words: &[String]| {
            let end = start + words.len();
            let tokens = lower.get(start..end)?;
            let (last, head) = words.split_last()?;
            let (last_token, head_tokens) = tokens.split_last()?;
            if head.iter().zip(head_tokens).any(|(w, t)| w != t) {
                return None;
            }
            match () {
                () if last == last_token => Some(false),
                () if last_token.strip_suffix('s') == Some(last) => Some(true),
                () if last.ends_with("man") && last_token.strip_suffix("en") == last.strip_suffix("an") => Some(true),
                () => None,
            }
        };
        long.iter()
            .chain(cut)
            .filter_map(|(words, rank)| Some((words.len(), *rank, fits(words)?)))
            .max_by_key(|f| f.0)
            .map(|(length, rank, plural)| TitleMatch { start, end: start + length, rank, plural })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(index: &NameIndex, sentence: &str) -> Vec<(usize, usize, Referent)> {
        let tokens: Vec<&str> = sentence.split(' ').collect();
        let lower: Vec<String> = tokens.iter().map(|t| t.to_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        index.find(&tokens, &lower).iter().map(|m| (m.start, m.end, m.referent)).collect()
    }

    #[test]
    fn the_longest_name_wins_and_case_tells_us_from_us() {
        let mut index = NameIndex::default();
        index.add("US", Referent::Party(1));
        index.add("the US Senate", Referent::Institution(2));
        index.add("Ann Hill", Referent::Person(3));
        assert_eq!(find(&index, "the US Senate told us"), [(1, 3, Referent::Institution(2))]);
        assert_eq!(
            find(&index, "ANN HILL met US officials"),
            [(0, 2, Referent::Person(3)), (3, 4, Referent::Party(1))]
        );
    }

    #[test]
    fn possessives_are_words_of_a_name() {
        assert_eq!(name_words("President’s Office"), ["President", "'s", "Office"]);
        let mut index = NameIndex::default();
        assert_eq!(index.add("President's Office", Referent::Institution(0)), None);
        assert_eq!(index.add("President's Office", Referent::Institution(1)), Some(Referent::Institution(0)));
        assert_eq!(find(&index, "the President ’s Office said"), [(1, 4, Referent::Institution(0))]);
    }
}
