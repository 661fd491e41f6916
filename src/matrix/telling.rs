//! The statement to show first, and the one that contradicts it.

use std::cmp::{Ordering, Reverse};

use super::model::Stance;
use super::options::Rule;
use crate::statement::{Mode, Statement};

/// Ranks how well a statement's words show a position: direct speech over paraphrase over the reporter's account, and
/// of each the lengths that can be read at a glance. Higher is better.
pub(super) fn quality(statement: &Statement) -> u8 {
    let words = statement.quote.split_whitespace().count();
    let readable = (4..=40).contains(&words);
    match (statement.mode, readable) {
        (Mode::Direct, true) => 6,
        (Mode::Mixed, true) => 5,
        (Mode::Indirect, true) => 4,
        (Mode::Direct | Mode::Mixed, false) => 3,
        (Mode::Narrated, true) => 2,
        (Mode::Indirect | Mode::Narrated, false) => 1,
    }
}

/// Chooses among the deciding statements the one that shows the stance best.
pub(super) fn best(statements: &[Statement], deciding: &[usize], stance: Stance) -> Option<usize> {
    let agrees = |s: &Statement| match stance {
        Stance::Value(value) => (s.stance == value, s.stance.signum() == value.signum()),
        Stance::Mixed => (true, true),
    };
    let key = |i: &usize| {
        statements.get(*i).map(|s| {
            let sure = s.confidence >= super::Position::UNCERTAIN;
            (agrees(s), sure, quality(s), percent(s), s.day(), s.rank, Reverse((&s.doc, s.start, &s.id)))
        })
    };
    deciding.iter().copied().max_by_key(key)
}

/// Finds the most telling statement whose sign differs from that of `best`: opposite before neutral, then under the
/// rule "latest" the later, the higher in rank, the better said.
pub(super) fn contradiction(statements: &[Statement], counted: &[usize], best: usize, rule: Rule) -> Option<usize> {
    let sign = statements.get(best)?.stance.signum();
    let others = counted.iter().filter_map(|i| Some((*i, statements.get(*i)?)));
    let opposite = |s: &Statement| s.stance.signum() * sign < 0;
    others
        .filter(|(_, s)| s.stance.signum() != sign)
        .max_by(|(_, a), (_, b)| opposite(a).cmp(&opposite(b)).then_with(|| weigh(a, b, rule)))
        .map(|(index, _)| index)
}

/// Tells which of two statements of the same sign is the more telling one.
pub(super) fn weigh(a: &Statement, b: &Statement, rule: Rule) -> Ordering {
    let day = |s: &Statement| if rule == Rule::Strongest { None } else { s.day() };
    let first = |s: &Statement| (day(s), s.rank, s.stance.unsigned_abs());
    // Most are told apart by their days, and words need not be counted.
    first(a).cmp(&first(b)).then_with(|| {
        let second = |s: &Statement| (quality(s), percent(s));
        second(a).cmp(&second(b)).then_with(|| (&b.doc, b.start, &b.id).cmp(&(&a.doc, a.start, &a.id)))
    })
}

fn percent(statement: &Statement) -> i64 {
    (statement.confidence * 100.0).round() as i64
}
