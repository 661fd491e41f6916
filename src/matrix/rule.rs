//! From the statements that count to one stance.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::model::Stance;
use super::options::Rule;
use crate::statement::Statement;

/// A stance and the statements that decided it, in the order given.
#[derive(Debug, PartialEq)]
pub(super) struct Decision {
    pub(super) stance: Stance,
    pub(super) deciding: Vec<usize>,
}

/// Decides for the statements of one party on one topic, given in their order; at least one.
pub(super) fn decide(rule: Rule, statements: &[Statement], counted: &[usize]) -> Decision {
    let deciding = deciding(rule, statements, counted);
    let values = values(statements, &deciding);
    let stance = match rule {
        Rule::Latest | Rule::Strongest => settle(&values),
        Rule::Majority => majority(&values),
        Rule::Mean => rounded(&values),
    };
    Decision { stance, deciding }
}

/// Returns the mean of stances, 0 where there are none.
pub(super) fn mean(values: &[i8]) -> f64 {
    let sum: i64 = values.iter().map(|v| i64::from(*v)).sum();
    if values.is_empty() { 0.0 } else { sum as f64 / values.len() as f64 }
}

/// Returns the stances of the statements at these indices.
pub(super) fn values(statements: &[Statement], indices: &[usize]) -> Vec<i8> {
    indices.iter().filter_map(|i| statements.get(*i)).map(|s| s.stance).collect()
}

/// Tells which of two statements outweighs the other; those that no other outweighs decide.
pub(super) fn weigh(rule: Rule, one: &Statement, other: &Statement) -> Ordering {
    match rule {
        // Those of the latest day, undated ones being before all days, and of these the ones of the highest rank.
        Rule::Latest => (one.day(), one.rank).cmp(&(other.day(), other.rank)),
        Rule::Strongest => one.stance.unsigned_abs().cmp(&other.stance.unsigned_abs()),
        Rule::Mean | Rule::Majority => Ordering::Equal,
    }
}

fn deciding(rule: Rule, statements: &[Statement], counted: &[usize]) -> Vec<usize> {
    let of = |i: &usize| statements.get(*i);
    let top = counted.iter().filter_map(of).max_by(|a, b| weigh(rule, a, b));
    let decides = |i: &usize| of(i).zip(top).is_some_and(|(s, top)| weigh(rule, s, top).is_eq());
    counted.iter().copied().filter(decides).collect()
}

/// Mixed where signs oppose, else the most frequent stance, ties to the stronger.
fn settle(values: &[i8]) -> Stance {
    if values.iter().any(|v| *v > 0) && values.iter().any(|v| *v < 0) {
        return Stance::Mixed;
    }
    Stance::Value(most_frequent(values))
}

/// The most frequent stance among those of the most frequent direction; directions that tie and oppose are mixed.
fn majority(values: &[i8]) -> Stance {
    let count = |sign: i8| values.iter().filter(|v| v.signum() == sign).count();
    let (yes, neutral, no) = (count(1), count(0), count(-1));
    let sign = if yes == no && yes > 0 && yes >= neutral {
        return Stance::Mixed;
    } else if yes > no && yes >= neutral {
        1
    } else if no > yes && no >= neutral {
        -1
    } else {
        0
    };
    let side: Vec<i8> = values.iter().copied().filter(|v| v.signum() == sign).collect();
    Stance::Value(most_frequent(&side))
}

/// The mean, rounded away from zero; a mean of nothing but opposites is no neutrality and stays mixed.
fn rounded(values: &[i8]) -> Stance {
    let value = mean(values).round() as i8;
    if value == 0 && values.iter().any(|v| *v > 0) && values.iter().any(|v| *v < 0) {
        return Stance::Mixed;
    }
    Stance::Value(value)
}

fn most_frequent(values: &[i8]) -> i8 {
    let mut counts: BTreeMap<i8, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(*value).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(value, count)| (*count, value.unsigned_abs(), *value)).map_or(0, |(value, _)| value)
}
