//! Positions to compare, with the statements behind them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::matrix::words::voice;
use crate::matrix::{Matrix, Position, Stance};
use crate::statement::Statement;

/// One statement behind a position, as far as the input tells of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    /// Id of the statement.
    pub id: String,
    /// The quotation.
    pub quote: String,
    /// Who said it.
    pub speaker: String,
    /// Where it was published.
    pub outlet: String,
    /// Name of the document.
    pub doc: String,
    /// Day it counts for.
    pub day: Option<Date>,
    /// Its own stance.
    pub stance: Option<i8>,
}

impl Evidence {
    fn of(statement: &Statement) -> Evidence {
        let speaker = voice(statement);
        Evidence {
            id: statement.id.clone(),
            quote: statement.quote.clone(),
            speaker: speaker.trim_end_matches([',', ';', ':', ' ']).to_string(),
            outlet: statement.outlet.clone().unwrap_or_default(),
            doc: statement.doc.clone(),
            day: statement.day(),
            stance: Some(statement.stance),
        }
    }
}

/// One party's position on one topic, as one side has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stand {
    /// The stance.
    pub stance: Stance,
    /// The number it stands for, where that is not whole: a mean.
    pub number: Option<f64>,
    /// The words it hangs on; unknown where the input has no place for them, so that they never count as dropped.
    pub conditions: Option<Vec<String>>,
    /// Statements that decided it, the one that shows it best first.
    pub evidence: Vec<Evidence>,
    /// Ids of all statements behind it; unknown where the input does not tell.
    pub statements: Option<BTreeSet<String>>,
    /// No statement behind it is surer than even.
    pub uncertain: bool,
}

impl Stand {
    /// A stance and nothing else known.
    pub fn bare(stance: Stance) -> Stand {
        Stand { stance, number: None, conditions: None, evidence: Vec::new(), statements: None, uncertain: false }
    }

    /// Returns the stance as a number, a mean where it is one.
    pub fn size(&self) -> Option<f64> {
        self.number.or_else(|| self.stance.value().map(f64::from))
    }
}

/// All positions of one side of a comparison.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Side {
    /// What the side is called in reports: a file, a day.
    pub name: String,
    /// Last day that counts, where known.
    pub as_of: Option<Date>,
    /// First day that counts, where the window has a beginning.
    pub since: Option<Date>,
    /// Positions by party id and topic id.
    pub stands: BTreeMap<(String, String), Stand>,
}

impl Side {
    /// Takes the positions of a matrix with the statements it was made from.
    pub fn of(name: impl Into<String>, matrix: &Matrix, statements: &[Statement]) -> Side {
        let mut side = Side { name: name.into(), as_of: matrix.as_of, since: matrix.since, stands: BTreeMap::new() };
        for position in &matrix.positions {
            let (party, topic) = (matrix.parties.get(position.row), matrix.topics.get(position.column));
            if let (Some(party), Some(topic)) = (party, topic) {
                side.stands.insert((party.id.clone(), topic.id.clone()), stand(position, matrix, statements));
            }
        }
        side
    }

    /// Returns the position of a party on a topic.
    pub fn get(&self, party: &str, topic: &str) -> Option<&Stand> {
        self.stands.get(&(party.to_string(), topic.to_string()))
    }

    /// Keeps the positions of these parties and topics; an empty list keeps all.
    pub fn keep(&mut self, parties: &[String], topics: &[String]) {
        let wanted = |list: &[String], id: &String| list.is_empty() || list.contains(id);
        self.stands.retain(|(party, topic), _| wanted(parties, party) && wanted(topics, topic));
    }
}

fn stand(position: &Position, matrix: &Matrix, statements: &[Statement]) -> Stand {
    // The latest first, behind the one that shows the position best.
    let others = position.deciding.iter().rev().filter(|i| **i != position.best);
    let order = std::iter::once(&position.best).chain(others);
    Stand {
        stance: position.stance,
        number: matrix.number(position).filter(|n| n.fract() != 0.0),
        conditions: Some(position.conditions.clone()),
        evidence: order.filter_map(|i| statements.get(*i)).map(Evidence::of).collect(),
        statements: Some(position.ids.iter().cloned().collect()),
        uncertain: position.is_uncertain(),
    }
}
