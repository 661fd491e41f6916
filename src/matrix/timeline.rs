//! One cell through time: every statement in order, and what the position was after each day.

use jiff::civil::Date;

use super::model::{Stance, Standing};
use super::options::MatrixOptions;
use super::positions;
use crate::codebook::Codebook;
use crate::statement::Statement;

/// One statement of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Index of the statement among those given.
    pub statement: usize,
    /// Whether it counts for the position of its day.
    pub standing: Standing,
    /// The position once its day was over, where there is one.
    pub position: Option<Stance>,
    /// The position before its day, where its day changed it and it is the last statement of that day.
    pub changed: Option<Option<Stance>>,
}

/// Puts the statements of one party on one topic into order, undated ones first, and tells after each day what they amount to.
///
/// The position of a day is that of a matrix as of this day, so the rule, the window and the filters are those of `options`; its
/// as-of date ends the timeline. Each day asks for a matrix of all days before it, so time grows with statements times days.
pub fn timeline(statements: &[Statement], codebook: &Codebook, options: &MatrixOptions) -> Vec<Moment> {
    let mut order: Vec<usize> = (0..statements.len()).collect();
    let key = |i: &usize| statements.get(*i).map(|s| (s.day(), &s.doc, s.start, s.end, &s.id));
    order.sort_by(|i, j| key(i).cmp(&key(j)));
    let day = |i: usize| statements.get(i).and_then(Statement::day);
    order.retain(|i| options.as_of.is_none_or(|end| day(*i).is_none_or(|d| d <= end)));
    let so_far: Vec<Statement> = order.iter().filter_map(|i| statements.get(*i)).cloned().collect();
    let mut moments = Vec::with_capacity(order.len());
    let mut before = None;
    let mut begin = 0;
    while let Some(first) = order.get(begin) {
        let today = day(*first);
        let end = begin + order.iter().skip(begin).take_while(|i| day(**i) == today).count();
        let (position, standings) = after(so_far.get(..end).unwrap_or_default(), codebook, options, today);
        for (place, statement) in order.iter().enumerate().take(end).skip(begin) {
            let standing = standings.get(place).copied().unwrap_or(Standing::Counts);
            let changed = (place + 1 == end && position != before).then_some(before);
            moments.push(Moment { statement: *statement, standing, position, changed });
        }
        before = position;
        begin = end;
    }
    moments
}

fn after(
    statements: &[Statement],
    codebook: &Codebook,
    options: &MatrixOptions,
    day: Option<Date>,
) -> (Option<Stance>, Vec<Standing>) {
    let matrix = positions(statements, codebook, &MatrixOptions { as_of: day, ..options.clone() });
    (matrix.positions.first().map(|p| p.stance), matrix.standings)
}
