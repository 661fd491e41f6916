//! Precision, recall, F1 and the shares of right fields.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::agreement::{self, Confusion};
use super::calibration::Calibration;
use super::matching::{Matching, Placed};
use super::row::Row;

/// What is right among what was found, and what was found among what is right.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Rates {
    /// Share of what was found that is right; 0 where nothing was.
    pub precision: f64,
    /// Share of the gold that was found; 0 where there is none.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

impl Rates {
    /// Makes rates of what was found rightly, found wrongly, and missed.
    pub fn new(right: usize, wrong: usize, missed: usize) -> Rates {
        Rates::apart((right, right + wrong), (right, right + missed))
    }

    /// Makes rates of two shares, each a number of a whole.
    pub fn apart(found: (usize, usize), gold: (usize, usize)) -> Rates {
        let share = |(part, whole): (usize, usize)| if whole > 0 { part as f64 / whole as f64 } else { 0.0 };
        let (precision, recall) = (share(found), share(gold));
        let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
        Rates { precision, recall, f1 }
    }
}

/// Figures of the rows of one topic, party, mode or side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Id of the topic or party, or name of the mode or side.
    pub name: String,
    /// Required rows of the gold.
    pub gold: usize,
    /// Predictions, borderline ones and duplicates left out.
    pub found: usize,
    /// Statements.
    pub statement: Rates,
    /// Statements with the right sign.
    pub sign: Rates,
}

/// How the gold's conditions were found.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Condition {
    /// Share of matched rows with a condition whose prediction has one.
    pub found: f64,
    /// Share of matched predictions with a condition whose row has one.
    pub right: f64,
}

/// Everything that is measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Documents that the gold names.
    pub documents: usize,
    /// Required rows.
    pub required: usize,
    /// Borderline rows.
    pub borderline: usize,
    /// Predictions in these documents.
    pub predicted: usize,
    /// Required rows that were found.
    pub matched: usize,
    /// Predictions of rows that were found already.
    pub duplicates: usize,
    /// Share of predictions whose quote stands in the document.
    pub grounded: f64,
    /// Statements.
    pub statement: Rates,
    /// Statements with the right sign.
    pub statement_and_sign: Rates,
    /// Cells of each document (party and topic, secondhand ones left out) with the right sign.
    pub cell_and_sign: Rates,
    /// Share of matched statements with the right sign.
    pub stance_sign: f64,
    /// With the right stance.
    pub stance_exact: f64,
    /// With a stance at most one step off.
    pub stance_near: f64,
    /// With the right last name, where the gold names a speaker.
    pub speaker: f64,
    /// With the right day, where the gold tells one.
    pub stated_on: f64,
    /// With the right mode, where the gold tells one.
    pub mode: f64,
    /// Conditions.
    pub condition: Condition,
    /// Stances of matched statements: gold in rows, predictions in columns.
    pub confusion: Confusion,
    /// Cohen's kappa of stances.
    pub kappa: Option<f64>,
    /// Cohen's kappa, weighted by squares.
    pub kappa_quadratic: Option<f64>,
    /// Krippendorff's alpha of stances as an ordinal scale.
    pub alpha_ordinal: Option<f64>,
    /// Krippendorff's alpha of signs as a nominal scale.
    pub alpha_sign: Option<f64>,
    /// Support, undecided, opposition.
    pub sides: Vec<Group>,
    /// By topic, those of the gold's rows and of predictions.
    pub topics: Vec<Group>,
    /// By party.
    pub parties: Vec<Group>,
    /// By mode.
    pub modes: Vec<Group>,
    /// Confidence against the share that is right, where predictions carry one.
    pub calibration: Calibration,
}

/// How near a stance must come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Near {
    Sign,
    Exact,
    Step,
}

/// Tells whether a stance is one that the gold accepts.
pub(super) fn right(gold: &Row, found: &Row, near: Near) -> bool {
    std::iter::once(gold.stance).chain(gold.stance_also.iter().copied()).any(|wanted| match near {
        Near::Sign => found.stance.signum() == wanted.signum(),
        Near::Exact => found.stance == wanted,
        Near::Step => (found.stance - wanted).abs() <= 1,
    })
}

/// The last word of a name, letters, digits, underscores and hyphens alone, in lower case.
fn last_name(name: &str) -> Option<String> {
    let kept = |c: char| if c.is_alphanumeric() || c == '_' || c == '-' { c } else { ' ' };
    let plain: String = name.to_lowercase().chars().map(kept).collect();
    plain.split_whitespace().next_back().map(String::from)
}

fn same_speaker(gold: &Row, found: &Row) -> bool {
    let name = |r: &Row| r.speaker.as_deref().and_then(last_name);
    name(gold).is_some() && name(gold) == name(found)
}

/// Computes all figures.
pub fn figures(gold: &[Placed], found: &[Placed], made: &Matching) -> Figures {
    let documents: BTreeSet<&str> = gold.iter().map(|g| g.row.doc.as_str()).collect();
    let pairs = made.pairs(gold, found);
    let missed = made.missed(gold);
    let alarms = made.alarms(found);
    let required = gold.iter().filter(|g| g.row.required).count();
    let signed = pairs.iter().filter(|(g, f)| right(g, f, Near::Sign)).count();
    let share = |test: &dyn Fn(&Row, &Row) -> bool, among: &dyn Fn(&Row, &Row) -> bool| {
        let kept: Vec<_> = pairs.iter().filter(|(g, f)| among(g, f)).collect();
        kept.iter().filter(|(g, f)| test(g, f)).count() as f64 / kept.len().max(1) as f64
    };
    let all = |_: &Row, _: &Row| true;
    let grounded = found.iter().filter(|f| !f.spans.is_empty()).count();
    let stances: Vec<(i8, i8)> = pairs.iter().map(|(g, f)| (g.stance, f.stance)).collect();
    let signs: Vec<(i8, i8)> = stances.iter().map(|(g, f)| (g.signum(), f.signum())).collect();
    let side = |r: &Row| match r.stance.signum() {
        1 => "1 support".to_string(),
        0 => "2 undecided".to_string(),
        _ => "3 opposition".to_string(),
    };
    let mut sides = groups(gold, found, made, side);
    for group in &mut sides {
        group.name = group.name.split_at(2).1.to_string();
    }
    Figures {
        documents: documents.len(),
        required,
        borderline: gold.len() - required,
        predicted: found.len(),
        matched: pairs.len(),
        duplicates: made.duplicates.len(),
        grounded: grounded as f64 / found.len().max(1) as f64,
        statement: Rates::new(pairs.len(), alarms.len(), missed.len()),
        statement_and_sign: Rates::new(signed, alarms.len() + pairs.len() - signed, required - signed),
        cell_and_sign: cells(gold, found),
        stance_sign: share(&|g, f| right(g, f, Near::Sign), &all),
        stance_exact: share(&|g, f| right(g, f, Near::Exact), &all),
        stance_near: share(&|g, f| right(g, f, Near::Step), &all),
        speaker: share(&same_speaker, &|g, _| g.speaker.is_some()),
        stated_on: share(&|g, f| g.stated_on == f.stated_on, &|g, _| g.stated_on.is_some()),
        mode: share(&|g, f| g.mode == f.mode, &|g, _| g.mode.is_some()),
        condition: Condition {
            found: share(&|_, f| f.condition.is_some(), &|g, _| g.condition.is_some()),
            right: share(&|g, _| g.condition.is_some(), &|_, f| f.condition.is_some()),
        },
        confusion: agreement::confusion(&stances),
        kappa: agreement::kappa(&stances),
        kappa_quadratic: agreement::kappa_quadratic(&stances),
        alpha_ordinal: agreement::alpha_ordinal(&stances),
        alpha_sign: agreement::alpha_nominal(&signs),
        sides,
        topics: groups(gold, found, made, |r| r.topic.clone()),
        parties: groups(gold, found, made, |r| r.party.clone()),
        modes: groups(gold, found, made, |r| r.mode.clone().unwrap_or_else(|| "not told".to_string())),
        calibration: calibration(gold, found, made),
    }
}

type Cells<'a> = BTreeMap<(&'a str, &'a str, &'a str), BTreeSet<i8>>;

/// The signs that the statements of each cell take; a cell is a party and a topic in one document.
fn signs<'a>(rows: impl Iterator<Item = &'a Placed>) -> Cells<'a> {
    let mut made = Cells::new();
    for row in rows.map(|p| &p.row).filter(|r| !r.secondhand && !r.party.is_empty() && r.party != "none") {
        made.entry((&row.doc, &row.party, &row.topic)).or_default().insert(row.stance.signum());
    }
    made
}

/// A cell is right where prediction and gold share a sign; where they share none it is both false and missed.
fn cells(gold: &[Placed], found: &[Placed]) -> Rates {
    let wanted = signs(gold.iter().filter(|g| g.row.required));
    let optional = signs(gold.iter());
    let got = signs(found.iter().filter(|f| !f.spans.is_empty()));
    let shared = |key: &(&str, &str, &str), signs: &BTreeSet<i8>| got.get(key).map(|g| !g.is_disjoint(signs));
    let (mut hits, mut turned, mut missed) = (0, 0, 0);
    for (key, signs) in &wanted {
        match shared(key, signs) {
            Some(true) => hits += 1,
            Some(false) => turned += 1,
            None => missed += 1,
        }
    }
    let alarms = got.keys().filter(|key| !optional.contains_key(*key)).count();
    Rates::new(hits, alarms + turned, missed + turned)
}

/// Figures apart by what `key` tells of a row. Precision goes by the predictions of a group, recall by its rows of the gold.
fn groups(gold: &[Placed], found: &[Placed], made: &Matching, key: impl Fn(&Row) -> String) -> Vec<Group> {
    #[derive(Default)]
    struct Count {
        gold: usize,
        gold_hit: usize,
        gold_signed: usize,
        found: usize,
        found_hit: usize,
        found_signed: usize,
    }
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for (i, g) in gold.iter().enumerate().filter(|(_, g)| g.row.required) {
        let prediction = made.of_gold.get(&i).and_then(|j| found.get(*j));
        let signed = prediction.is_some_and(|f| right(&g.row, &f.row, Near::Sign));
        let count = counts.entry(key(&g.row)).or_default();
        count.gold += 1;
        count.gold_hit += usize::from(prediction.is_some());
        count.gold_signed += usize::from(signed);
        if let Some(f) = prediction {
            let count = counts.entry(key(&f.row)).or_default();
            count.found += 1;
            count.found_hit += 1;
            count.found_signed += usize::from(signed);
        }
    }
    for j in made.alarms(found) {
        counts.entry(key(&found[j].row)).or_default().found += 1;
    }
    let group = |(name, c): (String, Count)| Group {
        name,
        gold: c.gold,
        found: c.found,
        statement: Rates::apart((c.found_hit, c.found), (c.gold_hit, c.gold)),
        sign: Rates::apart((c.found_signed, c.found), (c.gold_signed, c.gold)),
    };
    counts.into_iter().map(group).collect()
}

/// Judges the confidence of predictions: right are those of a required row with the right sign; borderline ones and
/// duplicates are left out.
fn calibration(gold: &[Placed], found: &[Placed], made: &Matching) -> Calibration {
    let mut calibration = Calibration::default();
    for (j, f) in found.iter().enumerate() {
        let outcome = match made.of_found.get(&j).and_then(|i| gold.get(*i)) {
            Some(g) if g.row.required => right(&g.row, &f.row, Near::Sign),
            Some(_) => continue,
            None if made.duplicates.contains(&j) => continue,
            None => false,
        };
        if let Some(confidence) = f.row.confidence {
            calibration.add(confidence, outcome);
        }
    }
    calibration
}

#[cfg(test)]
mod tests {
    use super::super::matching::matching;
    use super::*;

    fn placed(topic: &str, stance: i8, span: (usize, usize), required: bool) -> Placed {
        let row = Row {
            doc: "d".into(),
            party: "a".into(),
            topic: topic.into(),
            stance,
            required,
            speaker: Some("Ada O'Marsh".into()),
            confidence: Some(0.8),
            ..Row::default()
        };
        Placed { row, spans: vec![span] }
    }

    #[test]
    fn figures_by_hand() {
        let mut gold = vec![
            placed("t", 2, (0, 10), true),
            placed("t", -1, (20, 30), true),
            placed("u", 1, (40, 50), true),
            placed("u", 1, (60, 70), false),
        ];
        gold[1].row.stance_also = vec![0];
        let mut found = vec![
            placed("t", -2, (0, 10), true),  // wrong sign
            placed("t", 0, (20, 30), true),  // right by stance_also
            placed("u", 2, (60, 70), true),  // borderline: counts neither way
            placed("v", 1, (0, 10), true),   // false
            placed("t", -2, (20, 28), true), // repeats
        ];
        found[1].row.speaker = Some("Minister O'Marsh".into());
        found[3].spans.clear();
        let made = matching(&gold, &found);
        let figures = figures(&gold, &found, &made);
        assert_eq!((figures.required, figures.borderline, figures.predicted), (3, 1, 5));
        assert_eq!((figures.matched, figures.duplicates), (2, 1));
        assert_eq!(figures.statement, Rates { precision: 2.0 / 3.0, recall: 2.0 / 3.0, f1: 2.0 / 3.0 });
        assert_eq!(figures.statement_and_sign, Rates { precision: 1.0 / 3.0, recall: 1.0 / 3.0, f1: 1.0 / 3.0 });
        assert_eq!((figures.stance_sign, figures.stance_exact, figures.stance_near), (0.5, 0.5, 0.5));
        assert_eq!((figures.grounded, figures.speaker), (0.8, 1.0));
        // Cells: t is found with -1 and 0 against 1 and -1, which share -1; u only where borderline; v is not grounded.
        assert_eq!(figures.cell_and_sign, Rates::new(2, 0, 0));
        let sides: Vec<(&str, usize, usize)> =
            figures.sides.iter().map(|g| (g.name.as_str(), g.gold, g.found)).collect();
        assert_eq!(sides, [("support", 2, 1), ("undecided", 0, 1), ("opposition", 1, 1)]);
        let right = figures.calibration.bins[8];
        assert_eq!((right.count, right.right), (3, 1));
    }

    #[test]
    fn three_decimals_round_half_to_even() {
        assert_eq!(format!("{:.3} {:.3} {:.3}", 0.0625, 0.1875, 0.0005), "0.062 0.188 0.001");
    }
}
