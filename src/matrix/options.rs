//! As-of date, window, rule and filters.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::statement::Role;

/// How statements become one stance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Rule {
    /// The latest day with statements, by the highest rank that spoke on it.
    #[default]
    Latest,
    /// The mean of all statements of the window, rounded away from zero.
    Mean,
    /// The direction most statements of the window take, in its most frequent strength.
    Majority,
    /// The strongest statement of the window.
    Strongest,
}

impl Rule {
    /// All rules, in the order they are offered.
    pub const ALL: [Rule; 4] = [Rule::Latest, Rule::Mean, Rule::Majority, Rule::Strongest];

    /// Returns the rule's name, as options and sheets carry it.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Latest => "latest",
            Rule::Mean => "mean",
            Rule::Majority => "majority",
            Rule::Strongest => "strongest",
        }
    }

    /// Returns the rule of that name.
    pub fn named(name: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// Returns the rule in a sentence for readers of the sheets.
    pub fn sentence(self) -> &'static str {
        match self {
            Rule::Latest => {
                "A position is what the party said on the latest day it spoke to the topic; on that day a head of state, \
                 government or institution outweighs ministers and spokespersons, and these outweigh legislators."
            }
            Rule::Mean => "A position is the mean of all statements in the window, rounded away from zero.",
            Rule::Majority => {
                "A position is the direction that most statements in the window take, in its most frequent strength."
            }
            Rule::Strongest => "A position is the strongest statement in the window.",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What to count and how.
///
/// Empty filter lists let everything through; roles `expert`, `former` and `other` never count.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MatrixOptions {
    /// Last day that counts; the latest day among all statements where none is given.
    pub as_of: Option<Date>,
    /// First day that counts. Where given, statements of unknown date cannot be placed in the window and are left out.
    pub since: Option<Date>,
    /// Days that count up to the as-of date, that day included; where given, and `since` is not, it sets the first day.
    pub window: Option<u32>,
    /// How statements become one stance.
    pub rule: Rule,
    /// Statements below this confidence (0 to 1) are left out.
    pub min_confidence: f64,
    /// Positions with fewer statements than this are left out.
    pub min_statements: usize,
    /// Party ids to keep.
    pub parties: Vec<String>,
    /// Topic ids to keep.
    pub topics: Vec<String>,
    /// Roles to keep.
    pub roles: Vec<Role>,
    /// Outlets to keep, as documents name them, in any case.
    pub outlets: Vec<String>,
    /// Gives topics on which nobody spoke a column of their own.
    pub all_topics: bool,
}

impl MatrixOptions {
    /// Returns the first day that counts as of a date, where there is one.
    pub fn first_day(&self, as_of: Option<Date>) -> Option<Date> {
        let opened = || {
            let back = i64::from(self.window?.max(1)) - 1;
            // A window longer than the calendar is none.
            as_of?.checked_sub(back.days()).ok()
        };
        self.since.or_else(opened)
    }
}
