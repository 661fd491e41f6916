//! Who said what: source, cue and content of every attribution in an analysed text.
//!
//! Two linear-chain fields in a row. The first labels all tokens at once and yields cue candidates; the second looks at one
//! candidate at a time, with the first's marginals among its features, and finds that cue's own source and content.

pub mod crf;
pub mod decode;
pub mod first;
pub mod lexicon;
pub mod model;
pub mod page;
pub mod second;

use crate::base::Span;
use crate::text::Analysis;
use crf::{LABELS, Lattice, Row};
pub use model::{Model, ModelError};
use page::Page;
use second::{Cue, Soft, View};

/// One attribution: who, the reporting words, what is said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawAttribution {
    /// Spans of the source, empty where the text names none; byte offsets.
    pub source: Vec<Span>,
    /// Spans of the cue; byte offsets.
    pub cue: Vec<Span>,
    /// Spans of the content, in order; byte offsets.
    pub content: Vec<Span>,
    /// Probability that there is an attribution at this cue, 0 to 1.
    pub score: f32,
}

/// Buffers that detection needs, kept from document to document.
#[derive(Default)]
pub struct Workspace {
    /// The document's tokens as the features see them.
    pub page: Page,
    /// First-stage marginals.
    pub soft: Vec<Soft>,
    /// Cue candidates.
    pub cues: Vec<Cue>,
    lower: String,
    features: Vec<u32>,
    rows: Vec<Row>,
    class: Vec<u8>,
    lattice: Lattice,
    path: Vec<u8>,
    view: View,
    fixed: Vec<[f32; LABELS]>,
    done: Vec<bool>,
}

/// Finds the attributions of an analysed text with a given model.
pub fn detect_with(model: &Model, text: &str, a: &Analysis, ws: &mut Workspace) -> Vec<RawAttribution> {
    decode::detect(model, text, a, ws)
}

/// Returns the model built into the program; an empty one, which finds nothing, should it be damaged.
pub fn embedded() -> &'static Model {
    static MODEL: std::sync::OnceLock<Model> = std::sync::OnceLock::new();
    MODEL.get_or_init(|| Model::from_bytes(include_bytes!("../../../data/models/attribution.bin")).unwrap_or_default())
}

/// Finds the attributions of an analysed text with the model built into the program.
pub fn detect(text: &str, a: &Analysis, ws: &mut Workspace) -> Vec<RawAttribution> {
    detect_with(embedded(), text, a, ws)
}
