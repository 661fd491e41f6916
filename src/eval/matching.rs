//! Which prediction belongs to which row of the gold.
//!
//! A prediction can belong to a row of the same document, party, topic and `secondhand` whose quote it overlaps by at least
//! 30 % of the shorter of the two. Each belongs to one at most: required rows choose before borderline ones, and greater
//! overlaps before smaller, ties in the order of the rows. A prediction whose every row was taken is a duplicate.

use std::collections::{BTreeMap, BTreeSet};

use super::check::Texts;
use super::row::Row;

/// Least overlap, as a share of the shorter quote.
pub(super) const LEAST: f64 = 0.3;

/// A row with the places where its quote stands, in code points.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The row.
    pub row: Row,
    /// Where its quote stands; nowhere where it is not in the document.
    pub spans: Vec<(usize, usize)>,
}

/// Returns every place of a quote in a text, overlapping ones included, in code points.
pub(super) fn locate(text: &str, quote: &str) -> Vec<(usize, usize)> {
    let length = quote.chars().count();
    let mut found = Vec::new();
    let (mut from, mut points) = (0, 0);
    if quote.is_empty() {
        return found;
    }
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(quote)) {
        points += text.get(from..from + at).map_or(0, |t| t.chars().count());
        found.push((points, points + length));
        let step = text.get(from + at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
        from += at + step;
        points += 1;
    }
    found
}

/// Places rows of the gold: where they say, else where their quote stands.
pub fn place(rows: Vec<Row>, texts: &Texts, told: bool) -> Vec<Placed> {
    let spans = |row: &Row| match row.at.filter(|_| told) {
        Some(at) => vec![at],
        None => texts.get(&row.doc).map(|t| locate(t, &row.quote)).unwrap_or_default(),
    };
    rows.into_iter().map(|row| Placed { spans: spans(&row), row }).collect()
}

/// Returns the greatest overlap of two rows, as a share of the shorter quote.
pub(super) fn overlap(a: &Placed, b: &Placed) -> f64 {
    let mut best = 0.0f64;
    for a in &a.spans {
        for b in &b.spans {
            let shared = a.1.min(b.1).saturating_sub(a.0.max(b.0));
            let shorter = (a.1 - a.0).min(b.1 - b.0).max(1);
            best = best.max(shared as f64 / shorter as f64);
        }
    }
    best
}

/// Tells whether two rows may be one: document, party, topic and `secondhand`.
pub(super) fn comparable(gold: &Row, found: &Row) -> bool {
    gold.doc == found.doc
        && gold.party == found.party
        && gold.topic == found.topic
        && gold.secondhand == found.secondhand
}

/// Who belongs to whom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matching {
    /// For each row of the gold that was found, the prediction.
    pub of_gold: BTreeMap<usize, usize>,
    /// For each prediction that found a row, the row.
    pub of_found: BTreeMap<usize, usize>,
    /// Predictions of rows that were found already.
    pub duplicates: BTreeSet<usize>,
}

impl Matching {
    /// Returns required rows with the predictions that found them.
    pub fn pairs<'a>(&'a self, gold: &'a [Placed], found: &'a [Placed]) -> Vec<(&'a Row, &'a Row)> {
        let rows = self.of_gold.iter().filter_map(|(i, j)| Some((&gold.get(*i)?.row, &found.get(*j)?.row)));
        rows.filter(|(g, _)| g.required).collect()
    }

    /// Returns the required rows that nothing found.
    pub fn missed(&self, gold: &[Placed]) -> Vec<usize> {
        (0..gold.len()).filter(|i| gold[*i].row.required && !self.of_gold.contains_key(i)).collect()
    }

    /// Returns the predictions that found nothing and repeat nothing.
    pub fn alarms(&self, found: &[Placed]) -> Vec<usize> {
        (0..found.len()).filter(|j| !self.of_found.contains_key(j) && !self.duplicates.contains(j)).collect()
    }
}

/// Matches predictions with the gold.
pub fn matching(gold: &[Placed], found: &[Placed]) -> Matching {
    let mut pairs: Vec<(f64, bool, usize, usize)> = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, f) in found.iter().enumerate() {
            if comparable(&g.row, &f.row) {
                let share = overlap(g, f);
                if share >= LEAST {
                    pairs.push((share, g.row.required, i, j));
                }
            }
        }
    }
    // A stable sort: what ties keeps the order of the rows.
    pairs.sort_by(|a, b| b.1.cmp(&a.1).then(b.0.total_cmp(&a.0)));
    let mut made = Matching::default();
    for (_, _, i, j) in &pairs {
        if !made.of_gold.contains_key(i) && !made.of_found.contains_key(j) {
            made.of_gold.insert(*i, *j);
            made.of_found.insert(*j, *i);
        }
    }
    made.duplicates = pairs.iter().map(|(_, _, _, j)| *j).filter(|j| !made.of_found.contains_key(j)).collect();
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(party: &str, span: (usize, usize), required: bool) -> Placed {
        let row = Row { doc: "d".into(), party: party.into(), topic: "t".into(), required, ..Row::default() };
        Placed { row, spans: vec![span] }
    }

    #[test]
    fn quotes_are_found_in_code_points_and_where_they_overlap() {
        assert_eq!(locate("“é” é” é”", "é” é"), [(1, 5), (4, 8)]);
        assert_eq!(locate("abc", "x"), []);
        assert_eq!(locate("abc", ""), []);
    }

    #[test]
    fn a_required_row_takes_the_prediction_before_a_borderline_one_of_greater_overlap() {
        let gold = [placed("a", (0, 10), false), placed("a", (6, 16), true), placed("b", (0, 10), true)];
        let found = [placed("a", (2, 12), true), placed("a", (0, 9), true), placed("a", (1, 8), true)];
        let made = matching(&gold, &found);
        // 0 overlaps row 1 by 6 of 10; 1 and 2 lie in row 0 whole, 1 comes first; 2 repeats row 0.
        assert_eq!(made.of_gold, BTreeMap::from([(0, 1), (1, 0)]));
        assert_eq!(made.duplicates, BTreeSet::from([2]));
        assert_eq!(made.missed(&gold), [2]);
        assert!(made.alarms(&found).is_empty());
    }

    #[test]
    fn three_tenths_of_the_shorter_quote_are_enough() {
        let gold = [placed("a", (0, 10), true)];
        assert_eq!(matching(&gold, &[placed("a", (7, 40), true)]).of_gold.len(), 1);
        assert_eq!(matching(&gold, &[placed("a", (8, 40), true)]).of_gold.len(), 0);
    }
}
