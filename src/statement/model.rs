//! The statement: one party's stance on one topic, backed by one verbatim quote of one document.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Whose voice a speaker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Leaders, ministers, spokespersons, envoys, institutions.
    Government,
    /// Members of a parliament.
    Legislator,
    /// Held an office, holds none on the date of the statement.
    Former,
    /// Scholars, analysts, observers.
    Expert,
    /// Anybody else.
    Other,
}

/// How high a speaker stands; the position rule lets the higher rank of a day decide. Higher is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// Stands for no party.
    None,
    /// Member of a parliament.
    Legislator,
    /// Any other voice of the party: ministers, spokespersons, envoys, institutions, unnamed officials.
    Official,
    /// Head of state, of government or of an institution.
    Leader,
}

/// How the words reached the page (after PARC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Inside quotation marks.
    Direct,
    /// Paraphrase with a quoted fragment.
    Mixed,
    /// Attributed paraphrase.
    Indirect,
    /// The reporter's own account of the position.
    Narrated,
}

/// One party's stance on one topic, backed by one verbatim quote of one document.
///
/// `start` and `end` count code points of the document's text, as other programs slice it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Content id: document, span, party, topic.
    pub id: String,
    /// File name of the document.
    pub doc: String,
    /// First code point of the quote.
    pub start: u32,
    /// One past the last code point of the quote.
    pub end: u32,
    /// Verbatim substring of the document.
    pub quote: String,
    /// The paragraph the quote stands in, shortened where long.
    pub context: String,
    /// Party id, or `none` where the speaker stands for no party.
    pub party: String,
    /// Full name of the speaker or institution, where one is named.
    pub speaker: Option<String>,
    /// The words of the document that name the source.
    pub source_text: Option<String>,
    /// Whose voice the speaker is on that date.
    pub role: Role,
    /// How high the speaker stands on that date.
    pub rank: Rank,
    /// One of several signatories.
    pub joint: bool,
    /// The speaker ascribes the stance to a party not their own.
    pub secondhand: bool,
    /// Topic id.
    pub topic: String,
    /// -2 (rejects) to 2 (demands) on the topic's question.
    pub stance: i8,
    /// The words the stance hangs on.
    pub condition: Option<String>,
    /// How the words reached the page.
    pub mode: Mode,
    /// When it was said, where the text tells.
    pub stated_on: Option<Date>,
    /// When the document was published, where known.
    pub published: Option<Date>,
    /// Outlet of the document.
    pub outlet: Option<String>,
    /// Title of the document.
    pub title: Option<String>,
    /// Address of the document.
    pub url: Option<String>,
    /// Name of the document of which this one is a copy, where it is one: the same story in another outlet.
    #[serde(default)]
    pub copy_of: Option<String>,
    /// 0 to 1, two decimals: the share of such statements that are right.
    pub confidence: f64,
    /// An analyst's verdict, where there is one.
    pub review: Option<String>,
    /// Ids of the rules that made the statement, in the order they applied.
    pub rules: Vec<String>,
}

impl Statement {
    /// Returns the day the statement counts for: the day it was said, else the day it was published.
    pub fn day(&self) -> Option<Date> {
        self.stated_on.or(self.published)
    }

    /// Returns the name of the document that first told the story: copies of one story have it in common.
    pub fn story(&self) -> &str {
        self.copy_of.as_deref().unwrap_or(&self.doc)
    }
}
