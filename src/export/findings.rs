//! What the exports for other programs are made from.

use crate::codebook::Codebook;
use crate::matrix::Matrix;
use crate::statement::Statement;

/// A matrix with the statements and the codebook it was made from.
#[derive(Debug, Clone, Copy)]
pub struct Findings<'a> {
    /// Positions of the parties on the topics.
    pub matrix: &'a Matrix,
    /// All statements that were given, those that do not count included.
    pub statements: &'a [Statement],
    /// The codebook they were coded with.
    pub codebook: &'a Codebook,
}

impl<'a> Findings<'a> {
    /// Returns the statements behind the positions, by document and place in it.
    pub fn behind(&self) -> Vec<&'a Statement> {
        let indices = self.matrix.positions.iter().flat_map(|p| &p.statements);
        let mut found: Vec<&Statement> = indices.filter_map(|i| self.statements.get(*i)).collect();
        found.sort_by_key(|s| (&s.doc, s.start, s.end, &s.topic, &s.party, &s.id));
        found
    }
}
