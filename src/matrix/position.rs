//! One cell put together.

use super::model::{Position, Stance};
use super::options::Rule;
use super::{rule, telling};
use crate::base::space::flat;
use crate::statement::Statement;

/// Makes the position of the statements at `indices`, all of one party and topic; nothing where there are none.
pub(super) fn position(
    statements: &[Statement],
    indices: &[usize],
    how: Rule,
    row: usize,
    column: usize,
) -> Option<Position> {
    let mut counted = indices.to_vec();
    counted.sort_by(|i, j| {
        let key = |i: &usize| statements.get(*i).map(|s| (s.day(), &s.doc, s.start, s.end, &s.id));
        key(i).cmp(&key(j)).then(i.cmp(j))
    });
    let decision = rule::decide(how, statements, &counted);
    let best = telling::best(statements, &decision.deciding, decision.stance)?;
    let other = telling::contradiction(statements, &counted, best, how);
    let days = || counted.iter().filter_map(|i| statements.get(*i)).filter_map(Statement::day);
    let confidence = counted.iter().filter_map(|i| statements.get(*i)).map(|s| s.confidence).fold(0.0, f64::max);
    Some(Position {
        row,
        column,
        stance: decision.stance,
        mean: rule::mean(&rule::values(statements, &counted)),
        first: days().min(),
        last: days().max(),
        conditions: conditions(statements, &decision.deciding, decision.stance),
        best,
        contradiction: other.map(|other| (best, other)),
        confidence,
        ids: counted.iter().filter_map(|i| statements.get(*i)).map(|s| s.id.clone()).collect(),
        statements: counted,
        deciding: decision.deciding,
    })
}

/// The conditions of deciding statements that take the direction of the stance, each once whatever its case.
fn conditions(statements: &[Statement], deciding: &[usize], stance: Stance) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for statement in deciding.iter().filter_map(|i| statements.get(*i)) {
        let agrees = stance.value().is_none_or(|v| v.signum() == statement.stance.signum());
        let words = flat(statement.condition.as_deref().unwrap_or(""));
        if agrees && !words.is_empty() && !out.iter().any(|c| c.to_lowercase() == words.to_lowercase()) {
            out.push(words);
        }
    }
    out
}
