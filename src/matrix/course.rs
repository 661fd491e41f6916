//! Positions over time: what each was at some moments on the way to the as-of date.

use jiff::civil::Date;
use jiff::{Span, Unit};

use super::model::{Matrix, Position};
use super::options::Rule;
use super::rule;
use crate::statement::Statement;

/// Moments at most.
const MOMENTS: i32 = 24;

/// Returns evenly spaced days from the first dated statement that counts to the as-of date, the last one of them; none where no day is known.
pub fn moments(matrix: &Matrix) -> Vec<Date> {
    let first = matrix.positions.iter().filter_map(|p| p.first).min();
    let last = matrix.as_of.or_else(|| matrix.positions.iter().filter_map(|p| p.last).max());
    let Some((first, last)) = first.zip(last) else { return Vec::new() };
    let days = first.until((Unit::Day, last)).map_or(0, |apart| apart.get_days().max(0));
    let step = ((days + MOMENTS - 2) / (MOMENTS - 1)).max(1);
    let back = |n: i32| last.checked_sub(Span::new().try_days(n.saturating_mul(step)).ok()?).ok();
    let mut moments: Vec<Date> = (0..MOMENTS).map_while(back).take_while(|day| *day >= first).collect();
    moments.reverse();
    moments
}

/// Returns a position as a number at each of some days in order: that of the statements up to then which count now. Nothing where there are none
/// yet, or where they are mixed.
pub fn course(matrix: &Matrix, position: &Position, statements: &[Statement], moments: &[Date]) -> Vec<Option<f64>> {
    // They stand in the order of their days, undated ones first.
    let day = |index: &usize| statements.get(*index).and_then(Statement::day);
    let at = |moment: &Date| {
        let said = position.statements.partition_point(|index| day(index).is_none_or(|day| day <= *moment));
        let said = position.statements.get(..said).filter(|said| !said.is_empty())?;
        match matrix.rule {
            Rule::Mean => Some(rule::mean(&rule::values(statements, said))),
            how => rule::decide(how, statements, said).stance.value().map(f64::from),
        }
    };
    moments.iter().map(at).collect()
}
