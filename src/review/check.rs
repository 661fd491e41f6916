//! Rows into reviews, or refusals with their place.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::form::{Form, Line, Place, Refusal};
use super::white::untouched;
use super::{own, value};
use crate::base::space::flat;
use crate::codebook::Codebook;
use crate::ledger::{NewReview, Verdict};
use crate::statement::Statement;

/// What the reviewer saw, and what the rows are checked against.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The ledger's statements that rows name, as they were when the workbook was made, by id.
    pub statements: BTreeMap<String, Statement>,
    /// The texts of documents that rows add statements to, by name.
    pub texts: BTreeMap<String, String>,
    /// The codebook of the ledger.
    pub codebook: &'a Codebook,
    /// The codebook is the one that the workbook was made with, byte for byte.
    pub same_codebook: bool,
    /// The workbook was made from the ledger.
    pub tied: bool,
    /// Reviewer where the row names none.
    pub reviewer: Option<String>,
    /// When the verdicts are said to be given.
    pub at: Timestamp,
}

/// What became of a workbook's rows.
#[derive(Debug, Default)]
pub struct Checked {
    /// Reviews in the order of the rows, each with its place.
    pub reviews: Vec<(Place, NewReview)>,
    /// What cannot be taken.
    pub refusals: Vec<Refusal>,
    /// What says nothing yet: notes without a verdict.
    pub notes: Vec<Refusal>,
}

pub(super) const CORRECTED: [&str; 5] =
    ["Corrected party", "Corrected topic", "Corrected stance", "Corrected condition", "Corrected date"];

/// Checks every row.
pub fn check(form: &Form, shown: &Shown<'_>) -> Checked {
    let mut out = Checked { refusals: form.refusals.clone(), ..Checked::default() };
    let mut judged: BTreeMap<(String, Option<String>), Place> = BTreeMap::new();
    for line in &form.lines {
        let read = match line.text("Id") {
            Some(id) => stored(line, &id, shown),
            None => own::added(line, shown),
        };
        let review = match read {
            Ok(Read::Review(review)) => review,
            Ok(Read::Note(note)) => {
                out.notes.push(note);
                continue;
            }
            Ok(Read::Nothing) => continue,
            Err(refusal) => {
                out.refusals.push(refusal);
                continue;
            }
        };
        let about = about(&review);
        let place = line.place("Verdict");
        match judged.get(&(about.clone(), review.reviewer.clone())) {
            Some(first) => {
                let why = format!("a second verdict on the statement of {}", row(first));
                out.refusals.push(line.refuse("Verdict", why, "Keep one of the two"));
            }
            None => {
                judged.insert((about, review.reviewer.clone()), place.clone());
                out.reviews.push((place, *review));
            }
        }
    }
    out
}

/// What a review is about: the id of a statement, or what an added one claims.
fn about(review: &NewReview) -> String {
    if let Some(id) = &review.statement {
        return id.clone();
    }
    let claim = [Some(&review.doc), Some(&review.quote), review.party.as_ref(), review.topic.as_ref()];
    claim.into_iter().flatten().cloned().collect::<Vec<_>>().join("\n")
}

fn row(place: &Place) -> String {
    Place { column: None, ..place.clone() }.to_string()
}

/// What a row says.
pub(super) enum Read {
    Review(Box<NewReview>),
    Note(Refusal),
    Nothing,
}

/// Reads a row about a statement of the ledger.
fn stored(line: &Line, id: &str, shown: &Shown<'_>) -> Result<Read, Refusal> {
    let Some(statement) = shown.statements.get(id) else {
        let hint = "Bring the Id back as it was; a statement of your own has none";
        return Err(line.refuse("Id", format!("no statement of the ledger has the id {id}"), hint));
    };
    untouched(line, statement, shown)?;
    let Some(typed) = line.text("Verdict") else {
        if let Some(name) = CORRECTED.iter().find(|name| line.value(name).is_some()) {
            let why = "a corrected value without a verdict";
            return Err(line.refuse(name, why, "Choose the verdict correct, or clear the value"));
        }
        if line.value("Note").is_some() {
            return Ok(Read::Note(line.refuse(
                "Note",
                "a note without a verdict",
                "Choose a verdict to have it taken",
            )));
        }
        return Ok(Read::Nothing);
    };
    let verdict = match typed.to_lowercase().as_str() {
        "accept" => Verdict::Accept,
        "reject" => Verdict::Reject,
        "correct" => Verdict::Correct,
        "add" => {
            let hint = "Choose accept, reject or correct; a statement of your own stands in a row without an Id";
            return Err(line.refuse("Verdict", "the statement of this row is there already", hint));
        }
        _ => {
            let why = format!("\"{typed}\" is no verdict");
            return Err(line.refuse("Verdict", why, "Choose accept, reject or correct"));
        }
    };
    if verdict != Verdict::Correct
        && let Some(name) = CORRECTED.iter().find(|name| line.value(name).is_some())
    {
        let why = format!("a corrected value with the verdict {}", verdict.name());
        return Err(line.refuse(name, why, "Choose the verdict correct, or clear the value"));
    }
    let mut review = NewReview {
        statement: Some(id.to_string()),
        doc: statement.doc.clone(),
        quote: statement.quote.clone(),
        verdict,
        party: party(line, "Corrected party", shown)?,
        topic: topic(line, "Corrected topic", shown)?,
        stance: stance(line, "Corrected stance", shown)?,
        condition: line.text("Corrected condition").map(condition),
        stated_on: day(line, "Corrected date")?,
        speaker: None,
        note: line.text("Note"),
        reviewer: line.text("Reviewer").or_else(|| shown.reviewer.clone()),
        at: shown.at,
    };
    if verdict == Verdict::Correct && CORRECTED.iter().all(|name| line.value(name).is_none()) {
        let hint = "Fill in a yellow column what is right, or choose accept or reject";
        return Err(line.refuse("Verdict", "the verdict correct without a corrected value", hint));
    }
    if verdict != Verdict::Reject && statement.review.as_deref().is_some_and(|r| r != Verdict::Reject.name()) {
        // What an earlier reviewer changed is part of what this one saw.
        review.party.get_or_insert_with(|| statement.party.clone());
        review.topic.get_or_insert_with(|| statement.topic.clone());
        review.stance.get_or_insert(statement.stance);
        review.condition.get_or_insert_with(|| statement.condition.clone().unwrap_or_default());
        review.stated_on = review.stated_on.or(statement.stated_on);
    }
    Ok(Read::Review(Box::new(review)))
}

/// `none` and `-` take a condition away.
fn condition(typed: String) -> String {
    if matches!(typed.to_lowercase().as_str(), "none" | "-" | "–") { String::new() } else { typed }
}

pub(super) fn party(line: &Line, name: &str, shown: &Shown<'_>) -> Result<Option<String>, Refusal> {
    let Some(typed) = line.text(name) else { return Ok(None) };
    value::party(&typed, shown.codebook).map(Some).ok_or_else(|| {
        let why = format!("\"{typed}\" is no party of the codebook {}", shown.codebook.name);
        line.refuse(name, why, "Choose one of the list; codebook parties.csv takes new ones")
    })
}

pub(super) fn topic(line: &Line, name: &str, shown: &Shown<'_>) -> Result<Option<String>, Refusal> {
    let Some(typed) = line.text(name) else { return Ok(None) };
    value::topic(&typed, shown.codebook).map(Some).ok_or_else(|| {
        let why = format!("\"{typed}\" is no topic of the codebook {}", shown.codebook.name);
        line.refuse(name, why, "Choose one of the list; codebook topics.toml takes new ones")
    })
}

pub(super) fn stance(line: &Line, name: &str, shown: &Shown<'_>) -> Result<Option<i8>, Refusal> {
    let Some(typed) = line.value(name) else { return Ok(None) };
    value::stance(typed, shown.codebook).map(Some).ok_or_else(|| {
        let why = format!("\"{}\" is no stance", flat(&typed.text()));
        line.refuse(name, why, "Write a whole number from -2 to 2")
    })
}

pub(super) fn day(line: &Line, name: &str) -> Result<Option<jiff::civil::Date>, Refusal> {
    let Some(typed) = line.value(name) else { return Ok(None) };
    value::day(typed).map(Some).ok_or_else(|| {
        let why = format!("\"{}\" is no day that can be read in one way only", flat(&typed.text()));
        line.refuse(name, why, "Write it as 2025-02-13")
    })
}
