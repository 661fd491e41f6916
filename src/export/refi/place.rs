//! Statements held against the text they were read in.

use std::collections::{BTreeMap, BTreeSet};

use crate::statement::Statement;

/// A document with the statements whose quotations stand in its text where they say.
#[derive(Debug, Clone, PartialEq)]
pub struct Coded<'a> {
    /// Name of the document.
    pub name: &'a str,
    /// Its text, as it was coded: line ends `\n`, no byte-order mark.
    pub text: String,
    /// Statements by their place.
    pub statements: Vec<&'a Statement>,
}

impl<'a> Coded<'a> {
    /// Keeps the statements whose quotations stand in the text at the code points they name; returns the others too, since the
    /// text is then not the one that was coded.
    pub fn new(name: &'a str, text: String, statements: Vec<&'a Statement>) -> (Self, Vec<&'a Statement>) {
        let points = statements.iter().flat_map(|s| [s.start, s.end]).collect();
        let bytes = bytes(&text, &points);
        let stands = |s: &&Statement| {
            let found = bytes.get(&s.start).zip(bytes.get(&s.end)).and_then(|(start, end)| text.get(*start..*end));
            !s.quote.is_empty() && found == Some(s.quote.as_str())
        };
        let (statements, misplaced) = statements.into_iter().partition(stands);
        (Coded { name, text, statements }, misplaced)
    }
}

/// Returns the byte offsets of code points, in one pass; those beyond the text have none.
fn bytes(text: &str, points: &BTreeSet<u32>) -> BTreeMap<u32, usize> {
    let mut places = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
    let mut next = 0;
    let mut found = BTreeMap::new();
    for point in points {
        let Some(byte) = places.nth((point - next) as usize) else { break };
        found.insert(*point, byte);
        next = point.saturating_add(1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn code_points_become_bytes_and_the_end_counts() {
        let found = bytes("“é”x", &[0, 1, 3, 4, 5, u32::MAX].into());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [(0, 0), (1, 3), (3, 8), (4, 9)]);
    }
}
