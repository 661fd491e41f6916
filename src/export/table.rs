//! The tables that are written: their names, their columns, and what each column holds.

use super::{POSITION_COLUMNS, STATEMENT_COLUMNS};

/// A table of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// One row a statement.
    Statements,
    /// One row a position.
    Positions,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Words parted by spaces.
    List,
    Integer,
    Decimal,
    /// true or false.
    Boolean,
    /// yes or no.
    YesNo,
    Date,
}

impl Table {
    /// Returns the table's name, which its files have too.
    pub fn name(self) -> &'static str {
        match self {
            Table::Statements => "statements",
            Table::Positions => "positions",
        }
    }

    pub(super) fn columns(self) -> &'static [&'static str] {
        match self {
            Table::Statements => &STATEMENT_COLUMNS,
            Table::Positions => &POSITION_COLUMNS,
        }
    }

    /// The columns whose values together no two rows share.
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Table::Statements => &["id"],
            Table::Positions => &["party", "topic"],
        }
    }

    pub(super) fn kind(self, column: &str) -> Kind {
        match (self, column) {
            (_, "start" | "end" | "statements") | (Table::Statements, "stance") => Kind::Integer,
            // That of several statements may be their mean.
            (Table::Positions, "stance") | (_, "confidence") => Kind::Decimal,
            (_, "joint" | "secondhand") => Kind::Boolean,
            (_, "contradictory" | "low_confidence") => Kind::YesNo,
            (_, "stated_on" | "published" | "as_of" | "first" | "last" | "date") => Kind::Date,
            (_, "rules" | "statement_ids") => Kind::List,
            _ => Kind::Text,
        }
    }
}
