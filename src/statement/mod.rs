//! Statements: from a document to what each party said on each topic.

use std::collections::BTreeMap;

mod address;
mod code;
mod condition;
mod confidence;
mod holder;
mod matter;
mod memory;
mod model;
mod plan;
mod reasons;
mod said;
mod sentence;
mod stance;
mod transcript;
mod under;

pub use code::{code, code_with};
pub use confidence::Confidence;
pub use matter::{Matcher, Matter, matters};
pub use model::{Mode, Rank, Role, Statement};

/// What one document gave.
#[derive(Debug, Clone, Default)]
pub struct Coded {
    /// Statements in the order of the text.
    pub statements: Vec<Statement>,
    /// Names of speakers near a position whom the codebook does not place, each once, in the order of the text.
    pub unplaced: Vec<String>,
    /// Whether the document is not about the negotiation (see [`About`](crate::codebook::About)), so that nothing was coded.
    pub elsewhere: bool,
    /// The reasons of each statement by id, where a model that accepts everything asked for them.
    pub reasons: BTreeMap<String, Vec<String>>,
}
