//! Stands in for attribution until it is merged. To be removed.

use crate::base::Span;
use crate::codebook::Codebook;
use crate::document::Document;

/// Who, the reporting words, what is said.
#[derive(Debug, Clone, Default)]
pub struct Attribution {
    /// Spans of the source.
    pub source: Vec<Span>,
    /// Spans of the cue.
    pub cue: Vec<Span>,
    /// Spans of the content.
    pub content: Vec<Span>,
}

/// Finds the attributions of a document.
pub fn attribute(_document: &Document, _codebook: &Codebook) -> Vec<Attribution> {
    Vec::new()
}
