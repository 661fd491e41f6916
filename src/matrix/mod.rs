//! Positions: what all statements of a party on a topic amount to as of a date.
//!
//! A pure function of statements, codebook and options. Every order is total, so the same input gives the same matrix
//! on every machine; nothing here reads a clock, a file or a hash map.
//!
//! | file | subject |
//! | --- | --- |
//! | `model` | the matrix and its positions |
//! | `options` | as-of date, window, rule, filters |
//! | `select` | which statements count, and why the others do not |
//! | `rule` | from the statements that count to one stance |
//! | `telling` | the statement to show first, and the one that contradicts it |
//! | `position` | one cell put together |
//! | `gather` | the same of statements that come a document at a time |
//! | `contradictions` | pairs of statements of a party that disagree |
//! | `gaps` | how far parties stand apart, and who stands between |
//! | `timeline` | one cell through time |
//! | `course` | all cells at some moments |
//! | `words` | a position in one line of words |

mod contradictions;
mod course;
mod gaps;
mod gather;
mod model;
mod options;
mod position;
mod rule;
mod select;
mod telling;
mod timeline;
pub mod words;

use std::collections::BTreeMap;

pub use contradictions::{Contradiction, Contradictions, Voices, contradictions};
pub use course::{Courses, courses};
pub use gaps::{Gap, Gaps, Pair, TopicGaps, congruence, gaps};
pub use gather::Gathering;
pub use model::{LeftOut, Matrix, Position, Stance, Standing};
pub use options::{MatrixOptions, Rule};
pub use select::{Saying, copies, sayings};
pub use timeline::{Moment, timeline};

use crate::codebook::{Codebook, Party, Topic};
use crate::statement::Statement;

/// Lays out the positions of all parties on all topics as of a date.
///
/// Parties are those with at least one position: first those of the codebook in its order, then others by id. Topics
/// are those with at least one position in the codebook's order (all of the codebook's on request), then others by id.
///
/// # Examples
/// ```
/// use demarche::codebook;
/// use demarche::matrix::{MatrixOptions, positions};
///
/// let codebook = codebook::load("ukraine-talks").map_err(|problems| format!("{problems:?}"))?;
/// let matrix = positions(&[], &codebook, &MatrixOptions::default());
/// assert!(matrix.positions.is_empty());
/// # Ok::<(), String>(())
/// ```
pub fn positions(statements: &[Statement], codebook: &Codebook, options: &MatrixOptions) -> Matrix {
    let as_of = options.as_of.or_else(|| statements.iter().filter_map(Statement::day).max());
    let since = options.first_day(as_of);
    let standings = select::standings(statements, options, since, as_of);
    let mut groups: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (index, statement) in statements.iter().enumerate() {
        if standings.get(index).is_some_and(|s| s.counts()) {
            groups.entry((statement.party.as_str(), statement.topic.as_str())).or_default().push(index);
        }
    }
    groups.retain(|_, indices| indices.len() >= options.min_statements);
    let (parties, topics, places) = frame(groups.keys().copied(), codebook, options.all_topics);
    let mut positions = Vec::with_capacity(groups.len());
    for (indices, (row, column)) in groups.values().zip(places) {
        positions.extend(position::position(statements, indices, options.rule, row, column));
    }
    positions.sort_by_key(|p| (p.row, p.column));
    Matrix { as_of, since, rule: options.rule, parties, topics, positions, standings }
}

/// The rows and columns of a matrix with these cells, by party and topic in order, and the row and column of each.
fn frame<'c>(
    cells: impl Iterator<Item = (&'c str, &'c str)> + Clone,
    codebook: &Codebook,
    all_topics: bool,
) -> (Vec<Party>, Vec<Topic>, Vec<(usize, usize)>) {
    let parties = rows(cells.clone().map(|(party, _)| party), codebook);
    let topics = columns(cells.clone().map(|(_, topic)| topic), codebook, all_topics);
    let row_of: BTreeMap<&str, usize> = parties.iter().enumerate().map(|(i, p)| (p.id.as_str(), i)).collect();
    let column_of: BTreeMap<&str, usize> = topics.iter().enumerate().map(|(i, t)| (t.id.as_str(), i)).collect();
    // All of them are there: parties and topics come from the cells.
    let place = |(party, topic)| Some((*row_of.get(party)?, *column_of.get(topic)?));
    let places = cells.filter_map(place).collect();
    (parties, topics, places)
}

fn rows<'c>(parties: impl Iterator<Item = &'c str>, codebook: &Codebook) -> Vec<Party> {
    let mut heard: Vec<&str> = parties.collect();
    heard.dedup();
    let known = codebook.parties.iter().filter(|p| heard.contains(&p.id.as_str())).cloned();
    let unknown = heard.iter().filter(|id| !codebook.parties.iter().any(|p| p.id == **id)).map(|id| Party {
        id: (*id).to_string(),
        name: (*id).to_string(),
        short: (*id).to_string(),
        voice: (*id).to_string(),
        kind: String::new(),
        order: u32::MAX,
    });
    known.chain(unknown).collect()
}

fn columns<'c>(topics: impl Iterator<Item = &'c str>, codebook: &Codebook, all: bool) -> Vec<Topic> {
    let mut heard: Vec<&str> = topics.collect();
    heard.sort_unstable();
    heard.dedup();
    let known = codebook.topics.iter().filter(|t| all || heard.contains(&t.id.as_str())).cloned();
    let unknown = heard.iter().filter(|id| !codebook.topics.iter().any(|t| t.id == **id)).map(|id| Topic {
        id: (*id).to_string(),
        name: (*id).to_string(),
        question: String::new(),
        plus: String::new(),
        minus: String::new(),
        setting: false,
        examples: Vec::new(),
    });
    known.chain(unknown).collect()
}
