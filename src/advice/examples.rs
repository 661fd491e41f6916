//! The examples of topics, coded and compared.

use jiff::civil::{Date, date};

use crate::base::id::content_id;
use crate::codebook::{Codebook, Example};
use crate::document::{DateOrigin, Document};
use crate::statement::{self, Statement};

/// The day an example counts as published that tells none: what the carried codebooks are written for.
const PUBLISHED: Date = date(2025, 2, 14);

/// One example and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried<'b> {
    /// Id of the topic.
    pub topic: &'b str,
    /// The example.
    pub example: &'b Example,
    /// The statements found on the topic.
    pub found: Vec<Statement>,
    /// It gave what it must.
    pub passes: bool,
}

impl Tried<'_> {
    /// Says in words what was wanted and what was found.
    pub fn told(&self) -> String {
        let row = |party: &str, stance: i8, secondhand: bool| {
            let hand = if secondhand { " secondhand" } else { "" };
            format!("{party} {stance}{hand}")
        };
        let wanted = match &self.example.party {
            Some(party) => row(party, self.example.stance, self.example.secondhand),
            None => "nothing".to_string(),
        };
        let mut found: Vec<String> = self.found.iter().map(|s| row(&s.party, s.stance, s.secondhand)).collect();
        found.dedup();
        let found = if found.is_empty() { "nothing".to_string() } else { found.join(", ") };
        format!("\"{}\" must give {wanted} and gives {found}", self.example.text)
    }
}

/// Codes every example of a codebook, each alone. An example passes where its statement is among those found on its topic;
/// one without a party passes where none is.
pub fn try_examples(book: &Codebook) -> Vec<Tried<'_>> {
    let examples = book.topics.iter().flat_map(|topic| topic.examples.iter().map(move |e| (topic.id.as_str(), e)));
    examples.map(|(topic, example)| tried(topic, example, book)).collect()
}

fn tried<'b>(topic: &'b str, example: &'b Example, book: &'b Codebook) -> Tried<'b> {
    let document = Document {
        id: content_id(&[&example.text]),
        name: "example".to_string(),
        text: example.text.clone(),
        title: None,
        outlet: None,
        url: None,
        author: None,
        published: Some((example.published.unwrap_or(PUBLISHED), DateOrigin::Given)),
        copy_of: None,
        boilerplate: Vec::new(),
    };
    let mut found = statement::code(&document, book).statements;
    found.retain(|s| s.topic == topic);
    let fits = |s: &Statement| {
        example.party.as_ref() == Some(&s.party) && s.stance == example.stance && s.secondhand == example.secondhand
    };
    let passes = if example.party.is_none() { found.is_empty() } else { found.iter().any(fits) };
    Tried { topic, example, found, passes }
}
