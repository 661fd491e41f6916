//! Statements: from a document to what each party said on each topic.

mod address;
mod code;
mod condition;
mod holder;
mod matter;
mod memory;
mod model;
mod said;
mod sentence;
mod stance;

pub use code::code;
pub use matter::{Matter, matches, matters};
pub use model::{Mode, Rank, Role, Statement};

/// What one document gave.
#[derive(Debug, Clone, Default)]
pub struct Coded {
    /// Statements in the order of the text.
    pub statements: Vec<Statement>,
    /// Names of speakers near a position whom the codebook does not place, each once, in the order of the text.
    pub unplaced: Vec<String>,
}
