//! The words a stance hangs on: "if", "unless", "only after", "in exchange for".

use super::code::Context;
use super::sentence::{Hit, Sentence};
use super::stance::Reading;
use crate::base::Span;
use crate::text::Rel;

/// Finds the condition of a stance in its sentence: a clause opened by a word of the list `condition` that hangs on a word
/// which governs the matter.
pub(super) fn find(context: &Context<'_>, sentence: &Sentence<'_>, hit: &Hit, reading: &Reading) -> Option<Span> {
    for (start, end) in sentence.list("condition") {
        if (start..end).any(|t| hit.names(t)) {
            continue;
        }
        // The clause is what the word that the conjunction marks governs.
        let mark = start;
        let clause =
            sentence.governor(mark).filter(|_| matches!(sentence.rel(mark), Rel::Mark | Rel::Case | Rel::Advmod));
        let Some(clause) = clause else { continue };
        if clause == hit.head || reading.chain.contains(&clause) && clause != *reading.chain.last()? {
            continue;
        }
        let hangs = sentence.governor(clause).is_some_and(|g| reading.chain.contains(&g));
        if !hangs {
            continue;
        }
        let (first, last) = sentence.subtree(clause);
        let first = first.min(start);
        if first <= hit.head && hit.head < last {
            continue;
        }
        let mut last = last;
        while last > first + 1 && context.analysis.tokens[last - 1].tag.is_punct() {
            last -= 1;
        }
        let tokens = &context.analysis.tokens;
        return Some(Span { start: tokens[first].span.start, end: tokens[last - 1].span.end });
    }
    linear(context, sentence, hit)
}

/// Tells whether the words of a condition tell no more than how long something is to last: "until", "as long as".
pub(super) fn of_time(words: &str) -> bool {
    let lower = words.to_lowercase();
    ["until", "once", "as long as", "so long as", "for as long"].iter().any(|w| lower.starts_with(w))
}

/// Finds a condition by its place where the tree misses it: "if" or "unless" after the matter, to the end of its clause.
fn linear(context: &Context<'_>, sentence: &Sentence<'_>, hit: &Hit) -> Option<Span> {
    let tokens = &context.analysis.tokens;
    let ends = |t: usize| {
        matches!(sentence.lower(t), "," | "." | ";" | "—" | "–" | "--" | "!")
            || tokens[t].kind == crate::text::TokenKind::Quote
    };
    let plain =
        |t: &usize| matches!(sentence.lower(*t), "if" | "unless" | "provided") && sentence.listed("condition", *t);
    let start = (hit.end..sentence.to).find(plain)?;
    if (hit.end..start).any(|t| matches!(sentence.lower(t), "," | ";" | "and" | "but"))
        || sentence.lower(start - 1) == "as"
    {
        return None;
    }
    let end = (start + 1..sentence.to).find(|t| ends(*t)).unwrap_or(sentence.to);
    (end > start + 2).then(|| Span { start: tokens[start].span.start, end: tokens[end - 1].span.end })
}
