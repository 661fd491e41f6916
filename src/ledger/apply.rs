//! Statements with reviews applied: what an analyst said wins over what the machine read.

use std::collections::BTreeMap;

use super::review::{Review, Verdict};
use crate::base::id::content_id;
use crate::statement::{Mode, Rank, Role, Statement};

/// Statements after their reviews.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reviewed {
    /// All statements, those rejected (`review` tells) and those that a reviewer added included.
    pub statements: Vec<Statement>,
    /// For each review in the order given, the id of the statement it holds for; none where that is no longer there.
    pub links: Vec<Option<String>>,
}

/// Applies reviews, given in the order they were made, to the statements of the documents they are about; of several on one
/// statement the last counts.
///
/// A review holds for the statement of its id; where there is none any more, for the one that covers the same words of the same
/// document on the same topic. An accepted statement has what the reviewer saw, whatever the machine reads now.
pub fn apply(mut statements: Vec<Statement>, reviews: &[Review]) -> Reviewed {
    let mut added: BTreeMap<String, usize> = BTreeMap::new();
    for review in reviews.iter().filter(|r| r.given.verdict == Verdict::Add) {
        let statement = added_statement(review);
        match added.get(&statement.id).and_then(|index| statements.get_mut(*index)) {
            Some(before) => *before = statement,
            None => {
                added.insert(statement.id.clone(), statements.len());
                statements.push(statement);
            }
        }
    }
    let mut of_doc: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, statement) in statements.iter().enumerate() {
        of_doc.entry(statement.doc.clone()).or_default().push(index);
    }
    let mut links = Vec::with_capacity(reviews.len());
    let mut last: BTreeMap<usize, &Review> = BTreeMap::new();
    for review in reviews {
        if review.given.verdict == Verdict::Add {
            let id = added_id(review);
            if let Some(index) = added.get(&id) {
                // Added again: what was said of it before is overruled.
                last.remove(index);
            }
            links.push(Some(id));
            continue;
        }
        let near = of_doc.get(&review.given.doc).map_or(&[][..], Vec::as_slice);
        let target = target(review, &statements, near);
        links.push(target.and_then(|i| statements.get(i)).map(|s| s.id.clone()));
        if let Some(target) = target {
            last.insert(target, review);
        }
    }
    for (index, review) in last {
        if let Some(statement) = statements.get_mut(index) {
            judge(statement, review);
        }
    }
    Reviewed { statements, links }
}

/// Finds the statement that a review holds for, among those of its document.
fn target(review: &Review, statements: &[Statement], near: &[usize]) -> Option<usize> {
    let of = |i: &usize| statements.get(*i);
    if let Some(same) = near.iter().find(|i| of(i).is_some_and(|s| Some(&s.id) == review.given.statement.as_ref())) {
        return Some(*same);
    }
    let party = [review.given.party.as_ref(), review.seen_party.as_ref()];
    let topic = [review.given.topic.as_ref(), review.seen_topic.as_ref()];
    let stance = review.seen_stance.unwrap_or(0);
    let covers = |s: &Statement| {
        let shared = s.end.min(review.end).saturating_sub(s.start.max(review.start));
        shared > 0
            && shared.saturating_mul(2) >= (s.end - s.start.min(s.end)).min(review.end.saturating_sub(review.start))
    };
    let fits = |s: &Statement| {
        let on_topic = topic.contains(&Some(&s.topic));
        // A rejection holds for the claim that was rejected, and for no other that is made of the same words.
        let same = party.contains(&Some(&s.party)) && s.stance.signum() == stance.signum();
        on_topic && covers(s) && (review.given.verdict != Verdict::Reject || same)
    };
    let found: Vec<usize> = near.iter().copied().filter(|i| of(i).is_some_and(fits)).collect();
    let by_party = found.iter().copied().find(|i| of(i).is_some_and(|s| party.contains(&Some(&s.party))));
    by_party.or(match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}

/// Puts a verdict into a statement.
fn judge(statement: &mut Statement, review: &Review) {
    let given = &review.given;
    statement.review = Some(given.verdict.name().to_string());
    if given.verdict == Verdict::Reject {
        return;
    }
    statement.confidence = 1.0;
    if let Some(party) = review.party().filter(|p| **p != statement.party) {
        statement.party.clone_from(party);
        // Whoever speaks for a party in the reviewer's eyes is no expert.
        if !matches!(statement.role, Role::Government | Role::Legislator) && party != "none" {
            (statement.role, statement.rank) = (Role::Government, Rank::Official);
        }
    }
    if let Some(topic) = review.topic() {
        statement.topic.clone_from(topic);
    }
    statement.stance = review.stance().unwrap_or(statement.stance).clamp(-2, 2);
    if let Some(condition) = &given.condition {
        statement.condition = Some(condition.clone()).filter(|c| !c.trim().is_empty());
    }
    statement.stated_on = given.stated_on.or(statement.stated_on);
    statement.rules.push(format!("review:{}", given.verdict.name()));
}

/// The id of a statement that a reviewer added.
pub(super) fn added_id(review: &Review) -> String {
    let span = format!("{}-{}", review.start, review.end);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    content_id(&["added", &review.document, &span, &text(&review.given.party), &text(&review.given.topic)])
}

fn added_statement(review: &Review) -> Statement {
    let given = &review.given;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Statement {
        id: added_id(review),
        doc: given.doc.clone(),
        start: review.start,
        end: review.end,
        quote: given.quote.clone(),
        context: String::new(),
        party: text(&given.party),
        speaker: given.speaker.clone(),
        source_text: None,
        role: Role::Government,
        rank: Rank::Official,
        joint: false,
        secondhand: false,
        topic: text(&given.topic),
        stance: given.stance.unwrap_or(0).clamp(-2, 2),
        condition: given.condition.clone().filter(|c| !c.trim().is_empty()),
        mode: Mode::Direct,
        stated_on: given.stated_on,
        published: review.published,
        outlet: review.outlet.clone(),
        title: review.title.clone(),
        url: review.url.clone(),
        copy_of: None,
        confidence: 1.0,
        review: Some(Verdict::Add.name().to_string()),
        rules: vec!["review:add".to_string()],
    }
}
