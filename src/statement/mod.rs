//! Statements: from a document to what each party said on each topic.

mod model;

pub use model::{Mode, Rank, Role, Statement};

use crate::codebook::Codebook;
use crate::document::Document;

/// What one document gave.
#[derive(Debug, Clone, Default)]
pub struct Coded {
    /// Statements in the order of the text.
    pub statements: Vec<Statement>,
    /// Names of speakers near a position whom the codebook does not place, each once, in the order of the text.
    pub unplaced: Vec<String>,
}

/// Codes one document. A pure function of its input: same document and codebook, same statements.
pub fn code(_document: &Document, _codebook: &Codebook) -> Coded {
    Coded::default()
}
