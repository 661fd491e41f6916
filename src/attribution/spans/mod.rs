//! Who said what: source, cue and content of every attribution in an analysed text.
//!
//! Two linear-chain fields and a ranker. The first field labels all tokens at once and yields cue candidates ([`first`]). The
//! second looks at one candidate at a time, with the first's marginals among its features, and finds that cue's own source
//! and content ([`second`]). Readings drawn from its posterior ([`candidates`]) are ranked against each other and against "no
//! attribution" by features of whole spans and of what other cues claim ([`rank`]); overlaps are settled last ([`decode`]).
//! All weights come from one file ([`model`]), made by the training program.

pub mod candidates;
pub mod crf;
pub mod decode;
pub mod first;
pub mod lexicon;
pub mod memo;
pub mod model;
pub mod page;
pub mod rank;
pub mod second;
pub mod table;

use crate::base::Span;
use crate::text::Analysis;
use candidates::Candidate;
use crf::{LABELS, Lattice, Row};
use memo::Memo;
pub use model::{Model, ModelError};
use page::Page;
use second::{Cue, Soft, View};
use table::{BOTH, Units};

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

/// The two cues that most likely hold a token in their content.
#[derive(Debug, Clone, Copy, Default)]
pub struct Claim {
    /// Probability and index of the likeliest.
    first: (f32, u32),
    /// Probability of the next.
    second: f32,
}

impl Claim {
    /// Takes note of a cue's claim.
    fn add(&mut self, p: f32, cue: u32) {
        if p > self.first.0 {
            self.second = self.first.0;
            self.first = (p, cue);
        } else if p > self.second {
            self.second = p;
        }
    }

    /// Probability that a cue other than `cue` holds the token.
    pub fn other(&self, cue: u32) -> f32 {
        if self.first.1 == cue { self.second } else { self.first.0 }
    }
}

/// What the second stage made of one cue.
#[derive(Debug, Default)]
pub struct Reading {
    /// Probability that there is an attribution.
    pub outcome: f32,
    /// First token of the window.
    pub start: u32,
    /// Content probability of each token of the window.
    pub content: Vec<f32>,
    /// Candidate readings, the best path's first.
    pub candidates: Vec<Candidate>,
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
    /// Whether each paragraph is to be read.
    wanted: Vec<bool>,
    lower: String,
    features: Vec<u32>,
    rows: Vec<Row>,
    class: Vec<u8>,
    lattice: Lattice,
    path: Vec<u8>,
    paths: Vec<u8>,
    view: View,
    /// The second stage's sums of what both stages read, and what they came to with the rest.
    shared: Vec<Units>,
    fixed: Vec<[f32; LABELS]>,
    tokens: Memo<BOTH>,
    steps: Memo<LABELS>,
    /// Whose sums are remembered.
    weights: u64,
    done: Vec<bool>,
    chances: Vec<f32>,
    /// For each token, the cues that most likely hold it in their content.
    pub claims: Vec<Claim>,
    /// For each cue, what the second stage made of it.
    pub readings: Vec<Reading>,
}

/// Finds the attributions of an analysed text with a given model.
pub fn detect_with(model: &Model, text: &str, a: &Analysis, ws: &mut Workspace) -> Vec<RawAttribution> {
    decode::detect(model, text, a, &[], ws)
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

/// Finds attributions as [`detect`] does, with buffers that the thread keeps from document to document.
pub fn detect_here(text: &str, a: &Analysis) -> Vec<RawAttribution> {
    detect_in(text, a, &[])
}

/// Finds the attributions of some paragraphs and of those that a quotation or a colon joins to them; of all, where `wanted` is
/// empty. At the edges of what is wanted a reading may differ from that of the whole text.
pub fn detect_in(text: &str, a: &Analysis, wanted: &[bool]) -> Vec<RawAttribution> {
    if !wanted.is_empty() && !wanted.contains(&true) {
        return Vec::new();
    }
    thread_local! {
        static WORKSPACE: std::cell::RefCell<Workspace> = std::cell::RefCell::default();
    }
    WORKSPACE.with(|workspace| match workspace.try_borrow_mut() {
        Ok(mut workspace) => decode::detect(embedded(), text, a, wanted, &mut workspace),
        Err(_) => decode::detect(embedded(), text, a, wanted, &mut Workspace::default()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::analyse;

    fn found(text: &str) -> Vec<(String, String, String)> {
        let a = analyse(text, &[]);
        let join = |spans: &[Span]| spans.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" | ");
        let all = detect(text, &a, &mut Workspace::default());
        all.iter().map(|x| (join(&x.source), join(&x.cue), join(&x.content))).collect()
    }

    fn has(text: &str, source: &str, cue: &str, content: &str) {
        let all = found(text);
        assert!(all.iter().any(|x| x.0 == source && x.1 == cue && x.2 == content), "{all:?}");
    }

    #[test]
    fn the_model_is_whole() {
        assert!(embedded().first.table.len() > 10_000);
    }

    #[test]
    fn reads_reported_and_quoted_speech() {
        has(
            "The minister said that talks would resume in May.",
            "The minister",
            "said",
            "that talks would resume in May",
        );
        has(
            "“We will never leave the valley,” Petrov said on Monday.",
            "Petrov",
            "said",
            "“We will never leave the valley,”",
        );
        has(
            "According to the envoy, both sides are tired of the war.",
            "the envoy",
            "According to",
            "both sides are tired of the war",
        );
    }

    #[test]
    fn is_the_same_twice_and_with_a_used_workspace() {
        let text = "“No,” she said. “Not before they withdraw.” He disagreed: the ministry had warned that supplies were short.";
        let a = analyse(text, &[]);
        let mut ws = Workspace::default();
        let once = detect(text, &a, &mut ws);
        let other = "A spokesman declined to comment.";
        detect(other, &analyse(other, &[]), &mut ws);
        assert_eq!(once, detect(text, &a, &mut ws));
        assert_eq!(once, detect(text, &a, &mut Workspace::default()));
    }

    #[test]
    fn spans_lie_on_character_boundaries_in_odd_text() {
        let odd = [
            "",
            " ",
            "\"",
            "““““",
            "é: “ü”, ß said \u{1F600}",
            "a\n\n“b\n\n“c” he told",
            ":::: —— ``",
            "said, \"said, \"said",
        ];
        let mut all: Vec<String> = odd.iter().map(|s| s.to_string()).collect();
        all.push("he said \"x\" and ".repeat(400));
        all.push("say ".repeat(5000));
        all.push("“he said, ".repeat(2000));
        for text in &all {
            let a = analyse(text, &[]);
            for x in detect(text, &a, &mut Workspace::default()) {
                for s in x.source.iter().chain(&x.cue).chain(&x.content) {
                    assert!(text.get(s.start as usize..s.end as usize).is_some_and(|t| !t.is_empty()));
                }
            }
        }
    }
}
