//! Positions over time: what each was at some moments on the way to the as-of date.

use jiff::civil::Date;

use super::model::{Matrix, Position};
use super::options::Rule;
use super::rule;
use crate::base::date::{days, from_days};
use crate::statement::Statement;

/// Moments at most.
const MOMENTS: i32 = 24;

/// Each position as a number, at some moments.
#[derive(Debug, Clone, PartialEq)]
pub struct Courses {
    /// Evenly spaced days from the first dated statement that counts to the as-of date, the last one of them.
    pub moments: Vec<Date>,
    /// For each position in the order of the matrix a number at each moment: that of the statements up to then which count now. Nothing where there
    /// are none yet, or where they are mixed.
    pub numbers: Vec<Vec<Option<f64>>>,
}

/// Follows all positions through time; nothing where all that counts was said on one day, or on no known one.
pub fn courses(matrix: &Matrix, statements: &[Statement]) -> Option<Courses> {
    let moments = moments(matrix);
    let (first, last) = (moments.first()?, moments.last()?);
    let course = |position: &Position| course(matrix.rule, position, statements, &moments);
    let numbers = (first < last).then(|| matrix.positions.iter().map(course).collect())?;
    Some(Courses { moments, numbers })
}

fn moments(matrix: &Matrix) -> Vec<Date> {
    let first = matrix.positions.iter().filter_map(|p| p.first).min();
    let last = matrix.as_of.or_else(|| matrix.positions.iter().filter_map(|p| p.last).max());
    let Some((first, last)) = first.zip(last) else { return Vec::new() };
    let (first, last) = (days(first), days(last));
    let step = (((last - first).max(0) + MOMENTS - 2) / (MOMENTS - 1)).max(1);
    let back = (0..MOMENTS).map(|n| last - n * step).take_while(|day| *day >= first);
    let mut moments: Vec<Date> = back.filter_map(from_days).collect();
    moments.reverse();
    moments
}

fn course(rule: Rule, position: &Position, statements: &[Statement], moments: &[Date]) -> Vec<Option<f64>> {
    // They stand in the order of their days, undated ones first.
    let day = |index: &usize| statements.get(*index).and_then(Statement::day);
    let at = |moment: &Date| {
        let said = position.statements.partition_point(|index| day(index).is_none_or(|day| day <= *moment));
        let said = position.statements.get(..said).filter(|said| !said.is_empty())?;
        match rule {
            Rule::Mean => Some(rule::mean(&rule::values(statements, said))),
            how => rule::decide(how, statements, said).stance.value().map(f64::from),
        }
    };
    moments.iter().map(at).collect()
}
