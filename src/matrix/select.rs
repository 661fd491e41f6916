//! Which statements count, and why the others do not.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::model::{LeftOut, Standing};
use super::options::MatrixOptions;
use super::telling::quality;
use crate::statement::{Role, Statement};

/// Judges every statement, in the order given.
pub(super) fn standings(
    statements: &[Statement],
    options: &MatrixOptions,
    since: Option<Date>,
    as_of: Option<Date>,
) -> Vec<Standing> {
    let mut standings: Vec<Standing> = statements
        .iter()
        .map(|s| reason(s, options, since, as_of).map_or(Standing::Counts, Standing::LeftOut))
        .collect();
    let counting = standings.iter().enumerate().filter(|(_, s)| s.counts()).map(|(index, _)| index);
    let mut order: Vec<usize> = counting.collect();
    let group = |index: &usize| statements.get(*index).map(|s| (s.story(), &s.party, &s.topic));
    order.sort_by(|a, b| group(a).cmp(&group(b)));
    for group in order.chunk_by(|a, b| group(a) == group(b)).filter(|g| g.len() > 1) {
        for (index, reason) in repeats(statements, group) {
            if let Some(standing) = standings.get_mut(index) {
                *standing = Standing::LeftOut(reason);
            }
        }
    }
    standings
}

fn reason(statement: &Statement, options: &MatrixOptions, since: Option<Date>, as_of: Option<Date>) -> Option<LeftOut> {
    let verdict = statement.review.as_deref().unwrap_or("").trim();
    if verdict.eq_ignore_ascii_case("reject") || verdict.eq_ignore_ascii_case("rejected") {
        return Some(LeftOut::Rejected);
    }
    if statement.secondhand {
        return Some(LeftOut::Secondhand);
    }
    let speaks = matches!(statement.role, Role::Government | Role::Legislator);
    if !speaks || statement.party.is_empty() || statement.party == "none" {
        return Some(LeftOut::Role);
    }
    if filtered(statement, options) {
        return Some(LeftOut::Filter);
    }
    match (statement.day(), since, as_of) {
        (None, Some(_), _) => return Some(LeftOut::Undated),
        (Some(day), Some(since), _) if day < since => return Some(LeftOut::Earlier),
        (Some(day), _, Some(as_of)) if day > as_of => return Some(LeftOut::Later),
        _ => {}
    }
    (statement.confidence < options.min_confidence).then_some(LeftOut::Confidence)
}

fn filtered(statement: &Statement, options: &MatrixOptions) -> bool {
    let outlet = statement.outlet.as_deref().unwrap_or("");
    (!options.parties.is_empty() && !options.parties.contains(&statement.party))
        || (!options.topics.is_empty() && !options.topics.contains(&statement.topic))
        || (!options.roles.is_empty() && !options.roles.contains(&statement.role))
        || (!options.outlets.is_empty() && !options.outlets.iter().any(|o| o.to_lowercase() == outlet.to_lowercase()))
}

/// The one of two statements first that stays where they are repeats.
fn better((i, a): &(usize, &Statement), (j, b): &(usize, &Statement)) -> Ordering {
    let key = |s: &Statement| (s.rank, quality(s), (s.confidence * 100.0).round() as i64);
    // Of copies of one story the first to print it, whichever of them was read first.
    let printed = (a.published, &a.doc).cmp(&(b.published, &b.doc));
    key(b).cmp(&key(a)).then(printed).then(a.start.cmp(&b.start)).then(a.id.cmp(&b.id)).then(i.cmp(j))
}

/// What tells whether a statement is a repeat, for those who choose by themselves which statements count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saying {
    /// Of two that are repeats of each other the one with the lower place stays.
    pub place: usize,
    /// Statements of the same number have the same words.
    pub words: usize,
}

/// Tells of each statement what it takes to find the repeats among any of them: of one story, party and topic and of the same
/// direction, those with the same words, or of one document whose quotes overlap.
pub fn sayings(statements: &[Statement]) -> Vec<Saying> {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut sayings: Vec<Saying> = statements
        .iter()
        .map(|s| {
            let next = numbers.len();
            Saying { place: 0, words: *numbers.entry(normal(&s.quote)).or_insert(next) }
        })
        .collect();
    let mut order: Vec<(usize, &Statement)> = statements.iter().enumerate().collect();
    order.sort_by(better);
    for (place, (index, _)) in order.into_iter().enumerate() {
        if let Some(saying) = sayings.get_mut(index) {
            saying.place = place;
        }
    }
    sayings
}

/// Finds the repeats in statements of one story, party and topic: the same words again, or quotes of one document that overlap,
/// taking the same direction. The best of them is kept; opposite directions are never repeats of each other.
fn repeats(statements: &[Statement], group: &[usize]) -> Vec<(usize, LeftOut)> {
    let mut order: Vec<(usize, &Statement)> = group.iter().filter_map(|i| Some((*i, statements.get(*i)?))).collect();
    order.sort_by(better);
    let mut kept: Vec<(&Statement, String)> = Vec::new();
    let mut out = Vec::new();
    for (index, statement) in order {
        let words = normal(&statement.quote);
        let again = kept.iter().find(|(other, theirs)| {
            let overlap = statement.doc == other.doc && statement.start < other.end && other.start < statement.end;
            other.stance.signum() == statement.stance.signum() && (*theirs == words || overlap)
        });
        match again {
            Some((other, _)) => {
                out.push((index, if other.doc == statement.doc { LeftOut::Repeat } else { LeftOut::Copy }));
            }
            None => kept.push((statement, words)),
        }
    }
    out
}

/// Returns for statements that count the copies of them in other outlets, by their indices.
pub fn copies(statements: &[Statement], standings: &[Standing]) -> BTreeMap<usize, Vec<usize>> {
    let is = |index: usize, standing| standings.get(index) == Some(&standing);
    let key =
        |s: &Statement| (s.story().to_string(), s.party.clone(), s.topic.clone(), s.stance.signum(), normal(&s.quote));
    let of = |standing| statements.iter().enumerate().filter(move |(index, _)| is(*index, standing));
    let mut copies: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, statement) in of(Standing::LeftOut(LeftOut::Copy)) {
        copies.entry(key(statement)).or_default().push(index);
    }
    if copies.is_empty() {
        return BTreeMap::new();
    }
    of(Standing::Counts).filter_map(|(index, statement)| Some((index, copies.remove(&key(statement))?))).collect()
}

/// Letters and digits in lower case, single spaces between words: what two printings of one quote share.
fn normal(quote: &str) -> String {
    let words = quote.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
