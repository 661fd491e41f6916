//! The matrix and its positions.

use jiff::civil::Date;

use super::options::Rule;
use crate::codebook::{Labels, Party, Topic};

/// What a party's statements on a topic amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stance {
    /// -2 (rejects) to 2 (demands).
    Value(i8),
    /// The deciding statements point in opposite directions.
    Mixed,
}

impl Stance {
    /// Returns the stance as a number, where it is one.
    pub fn value(self) -> Option<i8> {
        match self {
            Stance::Value(value) => Some(value),
            Stance::Mixed => None,
        }
    }

    /// Returns the codebook's word for the stance.
    pub fn label(self, labels: &Labels) -> &str {
        match self {
            Stance::Mixed => &labels.mixed,
            Stance::Value(value) => {
                let place = usize::try_from(i16::from(value.clamp(-2, 2)) + 2).unwrap_or(2);
                labels.stances.get(place).map_or("", String::as_str)
            }
        }
    }
}

/// Why a statement does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// An analyst rejected it.
    Rejected,
    /// The speaker ascribes the stance to a party not their own.
    Secondhand,
    /// The speaker stands for no party: expert, former official, other.
    Role,
    /// Later than the as-of date.
    Later,
    /// Before the window.
    Earlier,
    /// Of unknown date, which cannot be placed in a window with a beginning.
    Undated,
    /// Below the least confidence asked for.
    Confidence,
    /// Outside the parties, topics, roles or outlets asked for.
    Filter,
    /// Repeats a statement of the same document.
    Repeat,
    /// Says in another outlet's copy of the same story what counts already.
    Copy,
}

impl LeftOut {
    /// All reasons.
    pub const ALL: [LeftOut; 10] = [
        LeftOut::Rejected,
        LeftOut::Secondhand,
        LeftOut::Role,
        LeftOut::Later,
        LeftOut::Earlier,
        LeftOut::Undated,
        LeftOut::Confidence,
        LeftOut::Filter,
        LeftOut::Repeat,
        LeftOut::Copy,
    ];

    /// Returns the reason in a word or two.
    pub fn name(self) -> &'static str {
        match self {
            LeftOut::Rejected => "rejected",
            LeftOut::Secondhand => "secondhand",
            LeftOut::Role => "speaks for no party",
            LeftOut::Later => "after the as-of date",
            LeftOut::Earlier => "before the window",
            LeftOut::Undated => "undated",
            LeftOut::Confidence => "low confidence",
            LeftOut::Filter => "filtered out",
            LeftOut::Repeat => "repeat",
            LeftOut::Copy => "copy",
        }
    }
}

/// Whether a statement counts towards a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It does.
    Counts,
    /// It does not.
    LeftOut(LeftOut),
}

impl Standing {
    /// Tells whether the statement counts.
    pub fn counts(self) -> bool {
        self == Standing::Counts
    }
}

/// One party's position on one topic, made of at least one statement.
///
/// All indices point into the statements that the matrix was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// Index of the party among the matrix's parties.
    pub row: usize,
    /// Index of the topic among the matrix's topics.
    pub column: usize,
    /// What the statements amount to.
    pub stance: Stance,
    /// Mean of all statements that count, from -2 to 2.
    pub mean: f64,
    /// Ids of the statements that count, by day (undated first), document and place in it.
    pub ids: Vec<String>,
    /// The same statements; of a [`Gathering`](super::Gathering) only those that were kept.
    pub statements: Vec<usize>,
    /// Those of them that decided the stance, in the same order.
    pub deciding: Vec<usize>,
    /// Day of the first dated statement.
    pub first: Option<Date>,
    /// Day of the last dated statement.
    pub last: Option<Date>,
    /// The words the stance hangs on, each once, in order; those of the deciding statements that agree with the stance.
    pub conditions: Vec<String>,
    /// The statement that shows the position best.
    pub best: usize,
    /// Two statements that disagree in sign, neutral against not neutral included: the best one, and the most telling
    /// of another sign.
    pub contradiction: Option<(usize, usize)>,
    /// Confidence of the surest statement that counts, 0 to 1.
    pub confidence: f64,
}

impl Position {
    /// Below this confidence of the surest statement a position is marked as uncertain.
    pub const UNCERTAIN: f64 = 0.5;

    /// Returns the number of statements that count, which is the topic's salience for the party.
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    /// Tells whether no statement behind the position is surer than even.
    pub fn is_uncertain(&self) -> bool {
        self.confidence < Self::UNCERTAIN
    }
}

/// Positions of all parties on all topics as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Last day that counts; unknown where no statement has a date and none was asked for.
    pub as_of: Option<Date>,
    /// First day that counts, where the window has a beginning.
    pub since: Option<Date>,
    /// How statements became positions.
    pub rule: Rule,
    /// Rows.
    pub parties: Vec<Party>,
    /// Columns.
    pub topics: Vec<Topic>,
    /// Positions by row, then column; a cell without one was found empty.
    pub positions: Vec<Position>,
    /// For each statement given, whether it counts.
    pub standings: Vec<Standing>,
}

impl Matrix {
    /// Returns the position at a row and column, where one was found.
    pub fn at(&self, row: usize, column: usize) -> Option<&Position> {
        let place = self.positions.binary_search_by_key(&(row, column), |p| (p.row, p.column)).ok()?;
        self.positions.get(place)
    }

    /// Returns the position of a party on a topic, by their ids.
    pub fn get(&self, party: &str, topic: &str) -> Option<&Position> {
        let row = self.parties.iter().position(|p| p.id == party)?;
        let column = self.topics.iter().position(|t| t.id == topic)?;
        self.at(row, column)
    }

    /// Returns the short name of the party of a row.
    pub fn short(&self, row: usize) -> &str {
        self.parties.get(row).map_or("", |p| p.short.as_str())
    }

    /// Returns how many statements were left out for a reason.
    pub fn left_out(&self, reason: LeftOut) -> usize {
        self.standings.iter().filter(|s| **s == Standing::LeftOut(reason)).count()
    }

    /// Returns the number a position stands for on a numeric sheet: the mean under [`Rule::Mean`], else the stance.
    pub fn number(&self, position: &Position) -> Option<f64> {
        match self.rule {
            Rule::Mean => position.stance.value().map(|_| (position.mean * 100.0).round() / 100.0),
            _ => position.stance.value().map(f64::from),
        }
    }
}
