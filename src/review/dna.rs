//! Codings of Discourse Network Analyzer (its event list as CSV) as reviews: each becomes a row as a reviewer would have written it on the
//! sheet Evidence, and is checked as those are.
//!
//! DNA codes agreement, and no strength: yes is read as +1 and no as -1, unless a column `stance` says more.

use std::collections::{BTreeMap, BTreeSet};

use super::form::{Form, Line};
use super::value;
use crate::base::delimited;
use crate::base::rows::{Row, Value};
use crate::base::space::flat;
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

/// An event list.
#[derive(Debug, Clone)]
pub struct Events(Vec<Event>);

/// One row of the list.
#[derive(Debug, Clone)]
struct Event {
    /// Number of the row as a spreadsheet shows it.
    number: u32,
    fields: BTreeMap<String, String>,
}

impl Events {
    /// Reads the rows of a CSV file.
    ///
    /// # Errors
    ///
    /// Why the text is no event list.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut rows = delimited::rows(text.as_bytes()).map_err(|e| e.to_string())?.into_iter();
        let header = rows.next().unwrap_or_default();
        let names: BTreeMap<u32, String> =
            header.cells.iter().map(|(column, name)| (*column, flat(&name.text()).to_lowercase())).collect();
        if NEEDED.iter().any(|name| !names.values().any(|own| own == name)) {
            return Err("its header has no columns text, organization, concept and agreement".to_string());
        }
        let fields = |row: Row| -> BTreeMap<String, String> {
            let named = names.iter().map(|(column, name)| (name.clone(), row.text(*column).trim().to_string()));
            named.filter(|(_, value)| !value.is_empty()).collect()
        };
        Ok(Events((2..).zip(rows).map(|(number, row)| Event { number, fields: fields(row) }).collect()))
    }

    /// Returns the ids of statements that rows name: those that demarche exported.
    pub fn ids(&self) -> BTreeSet<String> {
        self.0.iter().filter_map(|event| event.fields.get("id").cloned()).collect()
    }

    /// Makes rows to be checked.
    pub fn form(&self, beside: &Beside<'_>) -> Form {
        // Where nobody is undecided, agreement is a yes or a no, and 0 is the no.
        let graded = self.0.iter().any(|e| e.fields.get("agreement").is_some_and(|a| a == "-1"));
        Form { lines: self.0.iter().filter_map(|event| line(event, graded, beside)).collect(), ..Form::default() }
    }
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
