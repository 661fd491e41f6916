//! Codings of Discourse Network Analyzer (its event list as CSV) as reviews: each becomes a row as a reviewer would have written it on the
//! sheet Evidence, and is checked as those are.
//!
//! DNA codes agreement, and no strength: yes is read as +1 and no as -1, unless a column `stance` says more.

use std::collections::BTreeMap;

use super::form::{Form, Line, Place, Refusal, flat};
use super::value;
use crate::base::rows::Value;
use crate::codebook::Codebook;
use crate::statement::Statement;

/// Columns without which a file is no event list.
const NEEDED: [&str; 4] = ["text", "organization", "concept", "agreement"];

/// What the ledger knows of what the rows speak of.
#[derive(Debug)]
pub struct Beside<'a> {
    /// The name of each document, by its title and by its name; none where two have that title.
    pub documents: BTreeMap<String, Option<String>>,
    /// Statements by their id, for rows that demarche itself exported.
    pub statements: &'a BTreeMap<String, Statement>,
    /// The codebook.
    pub codebook: &'a Codebook,
}

/// Tells whether a text is an event list, by its header.
pub fn is_events(text: &str) -> bool {
    let header = text.lines().next().unwrap_or_default().to_lowercase();
    NEEDED.iter().all(|name| header.contains(name))
}

/// Returns the ids of statements that rows name: those that demarche exported.
pub fn event_ids(text: &str) -> Vec<String> {
    rows(text).unwrap_or_default().into_iter().filter_map(|row| row.fields.get("id").cloned()).collect()
}

/// One row of the list.
#[derive(Debug, Clone)]
struct Event {
    number: u32,
    fields: BTreeMap<String, String>,
}

/// Reads the rows; `Err` tells what is wrong with the file.
fn rows(text: &str) -> Result<Vec<Event>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().next().unwrap_or_default();
    let sign = [b';', b',', b'\t'].into_iter().max_by_key(|sign| header.bytes().filter(|b| b == sign).count());
    let mut reader =
        csv::ReaderBuilder::new().delimiter(sign.unwrap_or(b';')).flexible(true).from_reader(text.as_bytes());
    let names: Vec<String> =
        reader.headers().map_err(|e| e.to_string())?.iter().map(|n| flat(n).to_lowercase()).collect();
    if let Some(missing) = NEEDED.iter().find(|name| !names.iter().any(|own| own == *name)) {
        return Err(format!("it has no column named {missing}"));
    }
    let mut events = Vec::new();
    for (number, record) in (2..).zip(reader.records()) {
        let record = record.map_err(|e| e.to_string())?;
        let fields =
            names.iter().cloned().zip(record.iter().map(|v| v.trim().to_string())).filter(|(_, v)| !v.is_empty());
        events.push(Event { number, fields: fields.collect() });
    }
    Ok(events)
}

/// Reads an event list into rows to be checked.
pub fn events(text: &str, beside: &Beside<'_>) -> Form {
    let mut form = Form::default();
    let events = match rows(text) {
        Ok(events) => events,
        Err(why) => {
            let hint =
                "Export the statements from DNA as CSV, with person, organization, concept and agreement".to_string();
            form.refusals.push(Refusal { place: Place::default(), why, hint });
            return form;
        }
    };
    // Where nobody is undecided, agreement is a yes or a no, and 0 is the no.
    let graded = events.iter().any(|e| e.fields.get("agreement").is_some_and(|a| a == "-1"));
    form.lines = events.iter().filter_map(|event| line(event, graded, beside)).collect();
    form
}

/// Makes a row of an event; none where it says nothing new.
fn line(event: &Event, graded: bool, beside: &Beside<'_>) -> Option<Line> {
    let field = |name: &str| event.fields.get(name).cloned();
    let party = field("organization").map(|name| known(&name, |n| value::party(n, beside.codebook)));
    let topic = field("concept").map(|name| known(&name, |n| value::topic(n, beside.codebook)));
    let told = field("agreement").map(|told| agreement(&told, graded));
    let own = field("id").and_then(|id| beside.statements.get(&id));
    // DNA's users change the agreement; strength stays where the direction does.
    let before = own.map(|statement| statement.stance).or_else(|| field("stance").and_then(|s| s.parse().ok()));
    let turned = |told: &String| before.map(|before: i8| before.signum().to_string()) != Some(told.clone());
    let stance = match (told.filter(turned), field("stance")) {
        (Some(turned), _) => Some(turned),
        (None, Some(stance)) => Some(stance),
        (None, None) => before.map(|before| before.to_string()),
    };
    let mut values: Vec<(&'static str, String)> = Vec::new();
    if let Some(statement) = own {
        let changed = [
            ("Corrected party", party, statement.party.clone()),
            ("Corrected topic", topic, statement.topic.clone()),
            ("Corrected stance", stance.clone(), statement.stance.to_string()),
        ];
        let changed =
            changed.into_iter().filter_map(|(name, now, before)| Some((name, now.filter(|now| *now != before)?)));
        values.extend(changed);
        if values.is_empty() {
            return None;
        }
        let as_it_was = [
            ("Id", statement.id.clone()),
            ("Document", statement.doc.clone()),
            ("Quote", statement.quote.clone()),
            ("Party", statement.party.clone()),
            ("Topic", statement.topic.clone()),
            ("Stance", statement.stance.to_string()),
        ];
        values.extend(as_it_was);
        values.push(("Verdict", "correct".to_string()));
    } else {
        let title = field("document title").unwrap_or_default();
        let document = beside.documents.get(&flat(&title)).cloned().flatten().unwrap_or(title);
        let day = field("time").map(|time| time.chars().take(10).collect::<String>());
        let parts = [
            ("Party", party),
            ("Topic", topic),
            ("Stance", stance),
            ("Quote", field("text")),
            ("Speaker", field("person")),
            ("Document", Some(document)),
            ("Condition", field("condition")),
            ("Day", day.filter(|day| day.contains('-'))),
        ];
        values.extend(parts.into_iter().filter_map(|(name, value)| Some((name, value?))));
    }
    let values = values.into_iter().map(|(name, value)| (name, Value::Text(value))).collect();
    Some(Line::new(event.number, values))
}

/// Reads a name whole, or what stands before its colon: "Ukraine: Government", "Ceasefire: a ceasefire now".
fn known(name: &str, read: impl Fn(&str) -> Option<String>) -> String {
    let first = name.split(':').next().unwrap_or_default().trim();
    read(name).or_else(|| read(first)).unwrap_or_else(|| name.to_string())
}

fn agreement(told: &str, graded: bool) -> String {
    match told.to_lowercase().as_str() {
        "1" | "yes" | "true" => "1",
        "0" if graded => "0",
        "0" | "no" | "false" | "-1" => "-1",
        other => other,
    }
    .to_string()
}
