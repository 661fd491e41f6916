//! Where wording stands in a document, whether or not a stance comes of it: for those who ask what the codebook knows.

use std::ops::Range;

use super::sentence::Searcher;
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

/// Finds wording in the sentences of one document.
pub struct Matcher<'a>(Searcher<'a>);

impl<'a> Matcher<'a> {
    /// Prepares the words of a document.
    pub fn new(book: &Codebook, analysis: &'a Analysis, words: &Words<'_>, people: &'a People<'a>) -> Self {
        Matcher(Searcher::new(book, analysis, words, people))
    }

    /// Finds the matches in one sentence: tokens of the document, and what each pattern was added with.
    pub fn matches(&self, wording: &Wording, sentence: &text::Sentence) -> Vec<(Range<usize>, u32)> {
        self.0.search(wording, sentence).ranges().collect()
    }
}

/// Finds the wording of topics in a document, in the order of the text; headings hold none.
pub fn matters(document: &Document, book: &Codebook) -> Vec<Matter> {
    let skip: Vec<Span> = document.boilerplate.iter().map(|(span, _)| *span).collect();
    let analysis = text::analyse(&document.text, &skip);
    let words = Words::new(&document.text, &analysis);
    let people = People::new(&words, &analysis, book, document.published.map(|(date, _)| date));
    let matcher = Matcher::new(book, &analysis, &words, &people);
    let mut found = Vec::new();
    for sentence in &analysis.sentences {
        if analysis.paragraphs[sentence.paragraph as usize].heading {
            continue;
        }
        for (range, value) in matcher.matches(&book.wording, sentence) {
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
