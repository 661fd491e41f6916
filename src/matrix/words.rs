//! A position in one line of words, and the words that all who tell of statements and parties share.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::gaps::{Pair, TopicGaps};
use super::model::{Matrix, Position};
use crate::base::space::flat;
use crate::codebook::Labels;
use crate::statement::Statement;

/// Characters of a quote in a cell; longer quotes are cut at a word and marked.
pub const QUOTE_CHARS: usize = 110;

const CONDITION_CHARS: usize = 110;

const OPENERS: [&str; 22] = [
    "if",
    "unless",
    "only",
    "when",
    "once",
    "provided",
    "providing",
    "after",
    "until",
    "till",
    "as",
    "in",
    "without",
    "with",
    "on",
    "while",
    "before",
    "except",
    "but",
    "so",
    "should",
    "under",
];

/// Puts a position into one line: label, condition, the best quote, the number of statements.
///
/// `Leans yes, if guarantees fail. ‘100,000 troops would be needed’ (2)`
pub fn summary(position: &Position, statements: &[Statement], labels: &Labels) -> String {
    let quote = statements.get(position.best).map_or("", |s| s.quote.as_str());
    let quote = without(quote, &position.conditions);
    format!("{}. {} ({})", head(position, labels), quoted(&quote, QUOTE_CHARS), position.count())
}

/// Leaves out of a quote the conditions that the label names already, marked with `…`; never more than half of it.
fn without(quote: &str, conditions: &[String]) -> String {
    let mut out = flat(quote);
    for condition in conditions {
        if let Some(at) = out.find(condition.as_str()).filter(|_| condition.len() * 2 < out.len()) {
            let after = out.split_off(at).split_off(condition.len());
            out.push('…');
            out.push_str(&after);
        }
    }
    out
}

/// Returns the label with its condition: `Leans yes, if guarantees fail`.
pub fn head(position: &Position, labels: &Labels) -> String {
    let label = capital(position.stance.label(labels));
    match condition(&position.conditions) {
        Some(words) => format!("{label}, {words}"),
        None => label,
    }
}

/// Joins conditions into words that can follow a label: `if …; or if …`, `condition: a deal on the minerals`.
pub fn condition(conditions: &[String]) -> Option<String> {
    let first = conditions.first()?;
    let opener = first.split_whitespace().next().unwrap_or("").to_lowercase();
    let mut out = if OPENERS.contains(&opener.as_str()) { String::new() } else { "condition: ".to_string() };
    for (place, words) in conditions.iter().enumerate() {
        if place > 0 {
            out.push_str("; ");
        }
        out.push_str(&match_opener(words));
    }
    Some(shorten(&out, CONDITION_CHARS))
}

/// Says in words which statement contradicts the best one: label, date and speaker.
pub fn contradiction(position: &Position, statements: &[Statement], labels: &Labels) -> Option<String> {
    let (best, other) = position.contradiction?;
    let (best, other) = (statements.get(best)?, statements.get(other)?);
    let label = super::Stance::Value(other.stance).label(labels);
    let mut out = format!("contradictory: also {label}");
    if let Some(speaker) = &other.speaker {
        out.push_str(&format!(", {speaker}"));
    }
    if let Some(date) = other.day()
        && best.day() != Some(date)
    {
        out.push_str(&format!(", {}", day(date)));
    }
    Some(out)
}

/// What analysts did to the statements of each party and topic.
#[derive(Debug, Clone, Default)]
pub struct Reviewed<'s>(BTreeMap<(&'s str, &'s str), BTreeMap<&'static str, usize>>);

impl<'s> Reviewed<'s> {
    /// Counts verdicts.
    pub fn new(statements: &'s [Statement]) -> Self {
        let mut cells = Reviewed::default();
        for statement in statements {
            let word = match statement.review.as_deref() {
                Some("accept") => "accepted",
                Some("correct") => "corrected",
                Some("reject") => "rejected",
                Some("add") => "added",
                _ => continue,
            };
            *cells.0.entry((&statement.party, &statement.topic)).or_default().entry(word).or_default() += 1;
        }
        cells
    }

    /// Says what was done to the statements of a position, where anything was: `1 accepted, 2 rejected`.
    pub fn told(&self, matrix: &Matrix, position: &Position) -> Option<String> {
        let (party, topic) = (matrix.parties.get(position.row)?, matrix.topics.get(position.column)?);
        let counts = self.0.get(&(party.id.as_str(), topic.id.as_str()))?;
        Some(counts.iter().map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", "))
    }
}

/// Puts a quote between single quotation marks, white space drawn together and cut at a word where it is longer than
/// `chars`. Outer double marks that the quote brings along are dropped, with or without their partner, and a comma at the end
/// goes too: the cell has its own.
pub fn quoted(quote: &str, chars: usize) -> String {
    let short = shorten(quote, chars);
    let double = |c: char| matches!(c, '"' | '“' | '”');
    let inner = short.trim_matches(double);
    let dropped = short.chars().filter(|c| double(*c)).count() - inner.chars().filter(|c| double(*c)).count();
    let bare = if dropped > 0 && inner.contains(double) { short.as_str() } else { inner };
    format!("‘{}’", bare.trim_end_matches([',', ';', ':', ' ']))
}

/// Draws white space together and cuts at a word, marked with `…`, where the text is longer than `chars` characters.
pub fn shorten(text: &str, chars: usize) -> String {
    let flat = flat(text);
    if flat.chars().count() <= chars {
        return flat;
    }
    let cut: String = flat.chars().take(chars.saturating_sub(1)).collect();
    let whole = cut.rfind(' ').filter(|at| *at > cut.len() / 2).map_or(cut.as_str(), |at| &cut[..at]);
    format!("{}…", whole.trim_end_matches(|c: char| !c.is_alphanumeric()))
}

/// Writes a day as people read it: `13 Feb 2025`.
pub fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// Writes the day of a statement, which may be unknown.
pub fn said_on(date: Option<Date>) -> String {
    date.map_or_else(|| "no date".to_string(), day)
}

/// Says as of when a matrix holds: `as of 13 Feb 2025`.
pub fn as_of(date: Option<Date>) -> String {
    date.map_or_else(|| "no date known".to_string(), |date| format!("as of {}", day(date)))
}

/// Writes a stance with its sign: `+2`, `-1`, `0`.
pub fn signed(number: f64) -> String {
    if number == 0.0 { "0".to_string() } else { format!("{number:+}") }
}

/// Writes a label with its number, where there is one: `rejects (-2)`, `mixed`.
pub fn stance(label: &str, number: Option<f64>) -> String {
    number.map_or_else(|| label.to_string(), |number| format!("{label} ({})", signed(number)))
}

/// Names who speaks, by name or as the document does; nothing where it does not say.
pub fn voice(statement: &Statement) -> &str {
    statement.speaker.as_deref().or(statement.source_text.as_deref()).unwrap_or("")
}

/// Joins what is known, leaving out what is empty: `Ivan Example, 13 Feb 2025, Example Daily`.
pub fn listed(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Lists parties, given as rows of the matrix, by their short names.
pub fn names(rows: &[usize], matrix: &Matrix) -> String {
    rows.iter().map(|row| matrix.short(*row)).collect::<Vec<_>>().join(", ")
}

/// Lists who could bridge two parties, the nearest first and at most so many: `EU (0.75), Turkey (0.50)`.
pub fn bridges(pair: &Pair, matrix: &Matrix, most: usize) -> String {
    let told = pair.bridges.iter().take(most).map(|(row, nearness)| format!("{} ({nearness:.2})", matrix.short(*row)));
    told.collect::<Vec<_>>().join(", ")
}

/// Says where all lean the same way, and who says both.
pub fn common_ground(topic: &TopicGaps, matrix: &Matrix) -> Vec<String> {
    let common = topic.common.map(|sign| if sign > 0 { "all lean yes" } else { "all lean no" }.to_string());
    let mixed = Some(&topic.mixed).filter(|rows| !rows.is_empty());
    common.into_iter().chain(mixed.map(|rows| format!("mixed: {}", names(rows, matrix)))).collect()
}

/// Makes the first letter a capital.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn match_opener(words: &str) -> String {
    let mut letters = words.chars();
    let opener = words.split_whitespace().next().unwrap_or("").to_lowercase();
    match letters.next() {
        Some(first) if OPENERS.contains(&opener.as_str()) => first.to_lowercase().chain(letters).collect(),
        _ => words.to_string(),
    }
}
