//! Why a row was missed, why a prediction is false, in a few words each.

use std::collections::BTreeMap;

use serde::Serialize;

use super::figures::{Near, right};
use super::matching::{LEAST, Matching, Placed, comparable, overlap};
use super::row::Row;

/// A row or a prediction that went wrong, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wrong {
    /// The row of the gold, for misses and wrong stances; the prediction for false alarms.
    pub row: Row,
    /// The prediction of a wrong stance.
    pub found: Option<Row>,
    /// Why.
    pub reason: String,
}

/// Where wording of topics stands in each document: first code point, one past the last, id of the topic.
pub type Wording = BTreeMap<String, Vec<(usize, usize, String)>>;

/// What is known of the coder beside its predictions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Predictions below the confidence asked for.
    pub dropped: &'a [Placed],
    /// Candidates that the model of confidence refused.
    pub refused: &'a [Placed],
    /// Where the codebook's wording stands, where the coder is this program.
    pub wording: Option<&'a Wording>,
}

/// Returns the required rows that were missed.
pub fn misses(gold: &[Placed], found: &[Placed], made: &Matching, known: Known<'_>) -> Vec<Wrong> {
    let reason = |g: &Placed| -> String {
        let beside = |f: &&Placed| f.row.doc == g.row.doc && overlap(g, f) > 0.0;
        let meets = |f: &&Placed| f.row.doc == g.row.doc && overlap(g, f) >= LEAST;
        let beaten = [(known.dropped, "below --min-confidence"), (known.refused, "found, but too unsure to be kept")];
        for (rows, why) in beaten {
            if let Some(f) = rows.iter().find(|f| comparable(&g.row, &f.row) && meets(f)) {
                return format!("{why} ({:.2})", f.row.confidence.unwrap_or(0.0));
            }
        }
        if found.iter().any(|f| comparable(&g.row, &f.row) && meets(&f)) {
            return "its statement belongs to another row already".to_string();
        }
        let same = |f: &&Placed| f.row.party == g.row.party && f.row.topic == g.row.topic;
        if found.iter().filter(meets).any(|f| same(&f) && f.row.secondhand != g.row.secondhand) {
            let as_what = if g.row.secondhand { "the party's own" } else { "secondhand" };
            return format!("found as {as_what}");
        }
        let others: Vec<&Placed> = found.iter().filter(meets).filter(|f| f.row.topic == g.row.topic).collect();
        if !others.is_empty() {
            return format!("found for another party: {}", list(others.iter().map(|f| f.row.party.as_str())));
        }
        if found.iter().filter(beside).any(|f| comparable(&g.row, &f.row)) {
            return "found, but the quotes overlap too little".to_string();
        }
        let elsewhere: Vec<&Placed> = found.iter().filter(meets).filter(|f| f.row.party == g.row.party).collect();
        let under = if elsewhere.is_empty() {
            String::new()
        } else {
            format!("found under topic {}", list(elsewhere.iter().map(|f| f.row.topic.as_str())))
        };
        let Some(wording) = known.wording else {
            return if under.is_empty() { "nothing found in the passage".to_string() } else { under };
        };
        let named = wording.get(&g.row.doc).is_some_and(|all| {
            let meets = |(from, to, topic): &(usize, usize, String)| {
                *topic == g.row.topic && g.spans.iter().any(|s| *from < s.1 && s.0 < *to)
            };
            all.iter().any(meets)
        });
        let why = if named { "wording found, no stance" } else { "no wording of the topic found in the passage" };
        if under.is_empty() { why.to_string() } else { format!("{why}; {under}") }
    };
    let wrong = |i: usize| Wrong { row: gold[i].row.clone(), found: None, reason: reason(&gold[i]) };
    made.missed(gold).into_iter().map(wrong).collect()
}

/// Returns the predictions that belong to no row.
pub fn false_alarms(gold: &[Placed], found: &[Placed], made: &Matching) -> Vec<Wrong> {
    let reason = |f: &Placed| -> String {
        if f.spans.is_empty() {
            return "the quote is not in the document".to_string();
        }
        let near: Vec<&Placed> = gold.iter().filter(|g| g.row.doc == f.row.doc && overlap(g, f) > 0.0).collect();
        let meets = |g: &&&Placed| overlap(g, f) >= LEAST;
        if let Some(g) = near.iter().find(|g| comparable(&g.row, &f.row)) {
            let kind = if g.row.required { "required" } else { "borderline" };
            return format!("overlap with a {kind} row too small");
        }
        let same = |g: &&&Placed| g.row.topic == f.row.topic && g.row.party == f.row.party;
        if near.iter().filter(meets).any(|g| same(&g)) {
            let as_what = if f.row.secondhand { "the party's own" } else { "secondhand" };
            return format!("gold has this passage as {as_what}");
        }
        let of_topic: Vec<&str> =
            near.iter().filter(meets).filter(|g| g.row.topic == f.row.topic).map(|g| g.row.party.as_str()).collect();
        if !of_topic.is_empty() {
            return format!("gold has this passage for party {}", list(of_topic.into_iter()));
        }
        let of_party: Vec<&str> =
            near.iter().filter(meets).filter(|g| g.row.party == f.row.party).map(|g| g.row.topic.as_str()).collect();
        if !of_party.is_empty() {
            return format!("gold has this passage under topic {}", list(of_party.into_iter()));
        }
        match near.first() {
            Some(g) => format!("gold has this passage under topic {} for party {}", g.row.topic, g.row.party),
            None => "nothing coded here".to_string(),
        }
    };
    let wrong = |j: usize| Wrong { row: found[j].row.clone(), found: None, reason: reason(&found[j]) };
    made.alarms(found).into_iter().map(wrong).collect()
}

/// Returns the required rows that were found with another sign.
pub fn wrong_stances(gold: &[Placed], found: &[Placed], made: &Matching) -> Vec<Wrong> {
    let mut all = Vec::new();
    for (g, f) in made.pairs(gold, found) {
        if right(g, f, Near::Sign) {
            continue;
        }
        let mut reason = match (g.stance.signum(), f.stance.signum()) {
            (0, _) => "gold is undecided".to_string(),
            (_, 0) => "found as undecided".to_string(),
            _ => "the direction is turned round".to_string(),
        };
        let words: Vec<&str> = f.rules.iter().filter_map(|r| r.strip_prefix("word:")).collect();
        if !words.is_empty() {
            reason.push_str(&format!("; read from: {}", words.join(", ")));
        }
        all.push(Wrong { row: g.clone(), found: Some(f.clone()), reason });
    }
    all
}

/// Joins names, each once, in order.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = names.collect();
    all.sort_unstable();
    all.dedup();
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::matching::matching;
    use super::*;

    fn placed(party: &str, topic: &str, secondhand: bool, span: (usize, usize)) -> Placed {
        let row = Row {
            doc: "d".into(),
            party: party.into(),
            topic: topic.into(),
            secondhand,
            stance: 1,
            required: true,
            confidence: Some(0.25),
            ..Row::default()
        };
        Placed { row, spans: vec![span] }
    }

    fn why_missed(found: &[Placed], dropped: &[Placed], wording: Option<&Wording>) -> String {
        let gold = [placed("a", "t", false, (10, 30))];
        let made = matching(&gold, found);
        let known = Known { dropped, refused: &[], wording };
        misses(&gold, found, &made, known).remove(0).reason
    }

    #[test]
    fn misses_tell_how_near_the_coder_came() {
        let span = (10, 30);
        assert_eq!(why_missed(&[], &[placed("a", "t", false, span)], None), "below --min-confidence (0.25)");
        assert_eq!(why_missed(&[placed("a", "t", true, span)], &[], None), "found as secondhand");
        assert_eq!(why_missed(&[placed("b", "t", false, span)], &[], None), "found for another party: b");
        let little = placed("a", "t", false, (28, 60));
        assert_eq!(why_missed(&[little], &[], None), "found, but the quotes overlap too little");
        assert_eq!(why_missed(&[placed("a", "u", false, span)], &[], None), "found under topic u");
        assert_eq!(why_missed(&[], &[], None), "nothing found in the passage");
        let wording = Wording::from([("d".to_string(), vec![(12, 15, "t".to_string()), (40, 45, "u".to_string())])]);
        assert_eq!(why_missed(&[], &[], Some(&wording)), "wording found, no stance");
        let wording = Wording::from([("d".to_string(), vec![(30, 35, "t".to_string())])]);
        let why = "no wording of the topic found in the passage";
        assert_eq!(why_missed(&[], &[], Some(&wording)), why);
        let found = [placed("a", "u", false, span)];
        assert_eq!(why_missed(&found, &[], Some(&wording)), format!("{why}; found under topic u"));
    }

    fn why_false(gold: &[Placed]) -> String {
        let found = [placed("a", "t", false, (10, 30))];
        let made = matching(gold, &found);
        false_alarms(gold, &found, &made).remove(0).reason
    }

    #[test]
    fn false_alarms_tell_what_the_gold_has_there() {
        let span = (10, 30);
        let mut little = placed("a", "t", false, (28, 60));
        little.row.required = false;
        assert_eq!(why_false(&[little]), "overlap with a borderline row too small");
        assert_eq!(why_false(&[placed("a", "t", true, span)]), "gold has this passage as secondhand");
        assert_eq!(why_false(&[placed("b", "t", false, span)]), "gold has this passage for party b");
        assert_eq!(why_false(&[placed("a", "u", false, span)]), "gold has this passage under topic u");
        assert_eq!(why_false(&[placed("b", "u", false, span)]), "gold has this passage under topic u for party b");
        assert_eq!(why_false(&[placed("b", "u", false, (40, 50))]), "nothing coded here");
        let found = [Placed { spans: Vec::new(), ..placed("a", "t", false, span) }];
        let alarms = false_alarms(&[], &found, &matching(&[], &found));
        assert_eq!(alarms[0].reason, "the quote is not in the document");
    }
}
