//! How far two reviewers agree, and where they do not.
//!
//! Of each reviewer the last verdict on a statement counts; which of several reviewers' verdicts holds is told by the order they came
//! in. Verdicts are compared as kinds (right as it stands, to be corrected, wrong), stances as numbers where neither of the two
//! rejects the statement.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::eval::agreement::{alpha_nominal, alpha_ordinal, kappa, kappa_quadratic};
use crate::ledger::{Review, Verdict};
use crate::matrix::words::signed;

/// How far two reviewers agree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// One reviewer, by name the first.
    pub one: String,
    /// The other.
    pub two: String,
    /// Statements that both judged.
    pub both: usize,
    /// Of these, those with the same kind of verdict.
    pub same: usize,
    /// Cohen's kappa of the kinds; none where chance explains all.
    pub kappa: Option<f64>,
    /// Krippendorff's alpha of the kinds, nominal.
    pub alpha: Option<f64>,
    /// Statements that neither rejected.
    pub stances: usize,
    /// Cohen's kappa of their stances, weighted by squares.
    pub stance_kappa: Option<f64>,
    /// Krippendorff's alpha of their stances, ordinal.
    pub stance_alpha: Option<f64>,
}

/// A statement that reviewers judge differently.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// Id of the statement.
    pub statement: String,
    /// Its document.
    pub doc: String,
    /// Its words.
    pub quote: String,
    /// Reviewers with what each says, in the order the verdicts came in; the last one holds.
    pub said: Vec<(String, String)>,
}

/// Agreement of all pairs of reviewers, and all conflicts.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Agreement {
    /// Pairs that judged the same statement at least once, by name.
    pub pairs: Vec<Pair>,
    /// Conflicts, by document and place.
    pub conflicts: Vec<Conflict>,
}

/// Kinds of verdicts as numbers that the coefficients take: wrong, right as it stands, to be corrected.
fn kind(review: &Review) -> i8 {
    match review.given.verdict {
        Verdict::Reject => -1,
        Verdict::Accept | Verdict::Add => 0,
        Verdict::Correct => 1,
    }
}

/// What has to be the same for two reviewers to agree.
fn claim(review: &Review) -> Option<(Option<&String>, Option<&String>, Option<i8>)> {
    (review.given.verdict != Verdict::Reject).then(|| (review.party(), review.topic(), review.stance()))
}

/// `correct: russia, ceasefire, -1`.
fn words(review: &Review) -> String {
    match claim(review) {
        None => Verdict::Reject.name().to_string(),
        Some((party, topic, stance)) => {
            let stance = stance.map(|s| signed(s.into()));
            let claim = [party, topic, stance.as_ref()].into_iter().flatten().map(String::as_str);
            format!("{}: {}", review.given.verdict.name(), claim.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Compares reviewers on the statements that several of them judged; reviews come in the order they were made, each with the statement
/// it holds for.
pub fn agreement(judged: &[(Review, Option<String>)]) -> Agreement {
    let mut statements: BTreeMap<&str, Vec<(&str, &Review)>> = BTreeMap::new();
    for (review, id) in judged {
        let (Some(id), Some(name)) = (id, &review.given.reviewer) else { continue };
        let said = statements.entry(id).or_default();
        said.retain(|(other, _)| other != name);
        said.push((name, review));
    }
    let mut pairs: BTreeMap<(&str, &str), Vec<(&Review, &Review)>> = BTreeMap::new();
    let mut conflicts = Vec::new();
    for (id, said) in &statements {
        for (place, (one, first)) in said.iter().enumerate() {
            for (two, second) in said.iter().skip(place + 1) {
                let (names, verdicts) =
                    if one < two { ((*one, *two), (*first, *second)) } else { ((*two, *one), (*second, *first)) };
                pairs.entry(names).or_default().push(verdicts);
            }
        }
        let claims: Vec<_> = said.iter().map(|(_, review)| claim(review)).collect();
        let differ = claims.windows(2).any(|two| two.first() != two.last());
        if let Some((_, review)) = said.last().filter(|_| differ) {
            let (doc, quote) = (review.given.doc.clone(), review.given.quote.clone());
            let said = said.iter().map(|(name, review)| ((*name).to_string(), words(review))).collect();
            conflicts.push((review.start, Conflict { statement: (*id).to_string(), doc, quote, said }));
        }
    }
    conflicts.sort_by(|a, b| (&a.1.doc, a.0).cmp(&(&b.1.doc, b.0)));
    Agreement {
        pairs: pairs.into_iter().map(|((one, two), verdicts)| pair(one, two, &verdicts)).collect(),
        conflicts: conflicts.into_iter().map(|(_, conflict)| conflict).collect(),
    }
}

fn pair(one: &str, two: &str, verdicts: &[(&Review, &Review)]) -> Pair {
    let kinds: Vec<(i8, i8)> = verdicts.iter().map(|(a, b)| (kind(a), kind(b))).collect();
    let kept = verdicts.iter().filter(|(a, b)| kind(a) >= 0 && kind(b) >= 0);
    let stances: Vec<(i8, i8)> = kept.filter_map(|(a, b)| a.stance().zip(b.stance())).collect();
    Pair {
        one: one.to_string(),
        two: two.to_string(),
        both: kinds.len(),
        same: kinds.iter().filter(|(a, b)| a == b).count(),
        kappa: kappa(&kinds),
        alpha: alpha_nominal(&kinds),
        stances: stances.len(),
        stance_kappa: kappa_quadratic(&stances),
        stance_alpha: alpha_ordinal(&stances),
    }
}
