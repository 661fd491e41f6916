//! Changes for the terminal: one block a change, most important first, old and new words under each other.

use super::super::terminal::{Colours, wrapped};
use crate::codebook::Codebook;
use crate::diff::words::{self as changes, Namer};
use crate::diff::{Change, Diff, Evidence, Kind, Stand};
use crate::matrix::words;

/// Characters of a quote.
const QUOTE_CHARS: usize = 300;

/// Lays out the changes, and with `all` what stayed as it was, in lines of at most `width` characters.
pub(super) fn page(diff: &Diff, codebook: &Codebook, all: bool, width: usize, colours: Colours) -> String {
    let namer = Namer::new(codebook);
    let mut out = String::new();
    out.push_str(&wrapped(&changes::title(diff), "", "", width));
    out.push_str(&wrapped(&changes::tally(diff), "", "", width));
    let mut last: Option<Kind> = None;
    for change in diff.listed(all) {
        if last != Some(change.kind) {
            out.push_str(&format!("\n{}\n", colours.bold(&words::capital(change.kind.name()))));
            last = Some(change.kind);
        }
        out.push_str(&block(change, &namer, codebook, width));
    }
    out
}

fn block(change: &Change, namer: &Namer<'_>, codebook: &Codebook, width: usize) -> String {
    let mut out = String::new();
    let head = format!(
        "{}, {}: {}",
        namer.party(&change.party),
        namer.topic(&change.topic),
        changes::moved(change, &codebook.labels)
    );
    out.push_str(&wrapped(&head, "  ", "    ", width));
    if !change.kind.is_change() {
        return out;
    }
    for (word, stand) in [("before", &change.old), ("now   ", &change.new)] {
        let Some(stand) = stand else { continue };
        for line in said(stand) {
            let lead = if line.first { format!("    {word}  ") } else { " ".repeat(12) };
            out.push_str(&wrapped(&line.text, &lead, &" ".repeat(12), width));
        }
    }
    for note in changes::notes(change) {
        out.push_str(&wrapped(&note, "    ! ", "      ", width));
    }
    out
}

struct Line {
    first: bool,
    text: String,
}

/// The conditions, the words and who said them.
fn said(stand: &Stand) -> Vec<Line> {
    let mut texts: Vec<String> = Vec::new();
    texts.extend(stand.conditions.as_deref().and_then(words::condition));
    if let Some(best) = stand.evidence.first() {
        if !best.quote.is_empty() {
            texts.push(words::quoted(&best.quote, QUOTE_CHARS));
        }
        let mut by = source(best);
        let more = stand.evidence.len() - 1;
        if more > 0 {
            by.push_str(&format!(", and {more} more"));
        }
        texts.push(by);
    }
    texts.into_iter().enumerate().map(|(at, text)| Line { first: at == 0, text }).collect()
}

fn source(evidence: &Evidence) -> String {
    words::listed(&[&evidence.speaker, &words::said_on(evidence.day), &evidence.outlet])
}
