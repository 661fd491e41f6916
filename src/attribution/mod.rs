//! Attribution: source, cue and content, with the source resolved to a person, institution or party.

mod mention;
mod resolve;
pub mod spans;
mod texts;
mod voice;
mod who;

pub use mention::Words;
pub use resolve::People;
pub use voice::{Voice, list_start, own_words, resolve};
pub use who::{Kind, Mention, PersonKey, Pronoun, Standing, Who};

pub use spans::RawAttribution as Attribution;

use crate::base::Span;
use crate::codebook::Codebook;
use crate::document::Document;

/// Finds the attributions of a document: mention spans in bytes, sources not resolved.
pub fn attribute(document: &Document, _codebook: &Codebook) -> Vec<Attribution> {
    let skip: Vec<Span> = document.boilerplate.iter().map(|(span, _)| *span).collect();
    let analysis = crate::text::analyse(&document.text, &skip);
    spans::detect(&document.text, &analysis, &mut spans::Workspace::default())
}
