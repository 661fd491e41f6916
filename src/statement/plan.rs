//! What of a document is worth reading closely: the sentences that name a matter, and whose words they may be.
//!
//! Most of the news says nothing on any topic. The wording is matched first, which is cheap; attributions are looked for
//! only in the paragraphs where a statement can come about, and in those that tell who "he" is there.

use super::memory::{REACH, points_back};
use super::sentence::{Search, Searcher};
use crate::attribution::Words;
use crate::codebook::Codebook;
use crate::text::Analysis;

/// Sentences before a pronoun whose speakers it may stand for. Mentions are found everywhere, so more changes no statement of the
/// articles coded by hand, and each costs time.
const PRONOUN_REACH: usize = 2;

/// The sentences to code and the paragraphs to look for attributions in.
pub(super) struct Plan {
    /// What the topics' wording matches in each sentence, where it matches anything.
    pub(super) named: Vec<Option<Search>>,
    /// For each sentence that names nothing, whether it may point back to one that does.
    pub(super) points_back: Vec<bool>,
    /// For each paragraph, whether the speakers of its words matter.
    pub(super) voiced: Vec<bool>,
}

impl Plan {
    /// Matches the topics' wording against every sentence that is no heading.
    pub(super) fn new(book: &Codebook, analysis: &Analysis, words: &Words<'_>, searcher: &Searcher<'_>) -> Self {
        let voiced = vec![false; analysis.paragraphs.len()];
        let mut plan = Plan { named: Vec::new(), points_back: Vec::new(), voiced };
        let mut last: Option<usize> = None;
        let mut reached: Option<u32> = None;
        for (number, sentence) in analysis.sentences.iter().enumerate() {
            let heading = analysis.paragraphs[sentence.paragraph as usize].heading;
            let search = |wording| searcher.search(wording, sentence);
            let named = Some(sentence).filter(|_| !heading).map(|_| search(&book.wording)).filter(|s| !s.is_empty());
            let near = last.is_some_and(|last| number <= last + REACH) && !heading;
            let back = named.is_none() && near && points_back(book, searcher, words, sentence);
            if named.is_some() || back {
                last = Some(number);
                plan.voiced[sentence.paragraph as usize] = true;
                // The first sentence of a paragraph that matters reaches furthest back.
                if reached.replace(sentence.paragraph) != Some(sentence.paragraph) {
                    plan.reach_back(number, analysis, words);
                }
            }
            plan.named.push(named);
            plan.points_back.push(back);
        }
        plan
    }

    /// Where a paragraph holds pronouns for persons, those who spoke in the sentences before matter too.
    fn reach_back(&mut self, number: usize, analysis: &Analysis, words: &Words<'_>) {
        let paragraph = analysis.sentences[number].paragraph as usize;
        let tokens = &analysis.paragraphs[paragraph].tokens;
        let mut lower = words.lower[tokens.start as usize..tokens.end as usize].iter();
        let pronoun = lower.any(|w| matches!(w.as_ref(), "he" | "she" | "his" | "her" | "him" | "hers"));
        if pronoun {
            let first = number.saturating_sub(PRONOUN_REACH);
            let from = analysis.sentences[first].paragraph as usize;
            self.voiced[from..paragraph].fill(true);
        }
    }
}
