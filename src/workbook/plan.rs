//! Which statement stands on which row, so that sheets can link to each other.

use std::collections::BTreeMap;

use rust_xlsxwriter::row_col_to_cell;

use super::report::Report;
use crate::base::limits::SHEET_ROWS;

/// First row of positions on the Matrix sheet, counted from 0.
pub(super) const MATRIX_TOP: u32 = 4;
/// Rows that a party takes on the Matrix sheet: positions, and below them the links to their evidence.
pub(super) const MATRIX_STEP: u32 = 2;
/// First column of positions on the Matrix sheet, counted from 0.
pub(super) const MATRIX_LEFT: u16 = 1;
/// Row of the header on the Evidence sheets, counted from 0.
pub(super) const EVIDENCE_HEADER: u32 = 0;

/// Statements one Evidence sheet can hold.
const EVIDENCE_ROWS: usize = (SHEET_ROWS - 1) as usize;

/// Places of statements and positions.
#[derive(Debug)]
pub(super) struct Plan {
    /// Statements in the order of the Evidence sheet, as indices.
    pub(super) order: Vec<usize>,
    /// Place in `order` of each statement.
    places: Vec<usize>,
    /// First place in `order` of each party and topic.
    first: BTreeMap<(String, String), usize>,
}

impl Plan {
    /// Orders statements by party and topic of the codebook, then day, document and place.
    pub(super) fn new(report: &Report<'_>) -> Self {
        let parties: BTreeMap<&str, usize> = ranks(report.codebook.parties.iter().map(|p| p.id.as_str()));
        let topics: BTreeMap<&str, usize> = ranks(report.codebook.topics.iter().map(|t| t.id.as_str()));
        let rank = |of: &BTreeMap<&str, usize>, id: &str| of.get(id).copied().unwrap_or(usize::MAX);
        let cells: Vec<_> = report
            .statements
            .iter()
            .map(|s| (s.party == "none", rank(&parties, &s.party), rank(&topics, &s.topic)))
            .collect();
        let mut order: Vec<usize> = (0..report.statements.len()).collect();
        order.sort_by(|i, j| {
            let key = |i: usize| {
                let (s, (is_nobody, party, topic)) = report.statements.get(i).zip(cells.get(i))?;
                Some((is_nobody, party, &s.party, topic, &s.topic, s.day(), &s.doc, s.start, s.end, &s.id, i))
            };
            key(*i).cmp(&key(*j))
        });
        let mut first = BTreeMap::new();
        let mut places = vec![0; order.len()];
        for (place, index) in order.iter().enumerate() {
            if let Some(at) = places.get_mut(*index) {
                *at = place;
            }
            if let Some(s) = report.statements.get(*index) {
                first.entry((s.party.clone(), s.topic.clone())).or_insert(place);
            }
        }
        Plan { order, places, first }
    }

    /// Returns the Evidence sheets' names with the places in `order` that each holds; at least one sheet.
    pub(super) fn sheets(&self) -> Vec<(String, &[usize])> {
        if self.order.is_empty() {
            return vec![(evidence_name(0), &[])];
        }
        self.order.chunks(EVIDENCE_ROWS).enumerate().map(|(n, chunk)| (evidence_name(n), chunk)).collect()
    }

    /// Returns the link to the first row of a party and topic on Evidence.
    pub(super) fn evidence_link(&self, party: &str, topic: &str) -> Option<String> {
        link(*self.first.get(&(party.to_string(), topic.to_string()))?)
    }

    /// Returns the link to the row of a statement on Evidence.
    pub(super) fn statement_link(&self, index: usize) -> Option<String> {
        link(*self.places.get(index)?)
    }

    /// Returns the link to a position's cell on Matrix.
    pub(super) fn matrix_link(&self, report: &Report<'_>, party: &str, topic: &str) -> Option<String> {
        let position = report.matrix.get(party, topic)?;
        let row = matrix_row(position.row)?;
        let column = u16::try_from(position.column).ok()?.checked_add(MATRIX_LEFT)?;
        Some(format!("internal:'Matrix'!{}", row_col_to_cell(row, column)))
    }
}

/// Returns the row of a party's positions on Matrix.
pub(super) fn matrix_row(party: usize) -> Option<u32> {
    u32::try_from(party).ok()?.checked_mul(MATRIX_STEP)?.checked_add(MATRIX_TOP)
}

fn link(place: usize) -> Option<String> {
    let row = u32::try_from(place % EVIDENCE_ROWS).ok()? + EVIDENCE_HEADER + 1;
    Some(format!("internal:'{}'!{}", evidence_name(place / EVIDENCE_ROWS), row_col_to_cell(row, 0)))
}

fn evidence_name(number: usize) -> String {
    if number == 0 { "Evidence".to_string() } else { format!("Evidence {}", number + 1) }
}

fn ranks<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut out = BTreeMap::new();
    for (rank, id) in ids.enumerate() {
        out.entry(id).or_insert(rank);
    }
    out
}
