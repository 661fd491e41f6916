//! Where wording stands in a document, whether or not a stance comes of it: for those who ask what the codebook knows.

use std::ops::Range;

use super::sentence;
use crate::attribution::{People, Words};
use crate::base::Span;
use crate::codebook::wording::Wording;
use crate::codebook::{Codebook, SignalKind, TopicIx};
use crate::document::Document;
use crate::text::{self, Analysis};

/// A place where a topic's wording stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Matter {
    /// The words, in bytes of the document.
    pub span: Span,
    /// The topic.
    pub topic: TopicIx,
}

/// Finds the matches of a wording in one sentence: tokens of the document, and what each pattern was added with.
pub fn matches(
    wording: &Wording,
    sentence: &text::Sentence,
    analysis: &Analysis,
    words: &Words<'_>,
    people: &People<'_>,
) -> Vec<(Range<usize>, u32)> {
    let (from, to) = (sentence.tokens.start as usize, sentence.tokens.end as usize);
    let line = sentence::line(wording, from, to, analysis, words, people);
    let placed = |m: &crate::codebook::wording::Match| {
        let start = *line.tokens.get(m.start)?;
        let end = line.tokens.get(m.end.checked_sub(1)?)? + 1;
        Some((start..end, m.value))
    };
    wording.find(&line.words, &line.named).iter().filter_map(placed).collect()
}

/// Finds the wording of topics in a document, in the order of the text; headings hold none.
pub fn matters(document: &Document, book: &Codebook) -> Vec<Matter> {
    let skip: Vec<Span> = document.boilerplate.iter().map(|(span, _)| *span).collect();
    let analysis = text::analyse(&document.text, &skip);
    let words = Words::new(&document.text, &analysis);
    let people = People::new(&words, &analysis, book, document.published.map(|(date, _)| date));
    let mut found = Vec::new();
    for sentence in &analysis.sentences {
        if analysis.paragraphs[sentence.paragraph as usize].heading {
            continue;
        }
        for (range, value) in matches(&book.wording, sentence, &analysis, &words, &people) {
            let signal = book.signals[value as usize];
            let tokens = &analysis.tokens[range];
            if signal.kind == SignalKind::Ignores {
                continue;
            }
            if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
                let span = Span { start: first.span.start, end: last.span.end };
                found.push(Matter { span, topic: signal.topic });
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
