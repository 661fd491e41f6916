//! Paragraphs: which lines of a document belong together.
//!
//! News texts mostly hold one paragraph a line, with or without blank lines between; some are wrapped at a fixed width,
//! with a blank line between paragraphs. A block of lines is taken as wrapped when the first word of each line would
//! not have fitted on the line before it, which is how it must be if a program broke the lines.

use crate::base::Span;

/// The width of wrapped text, in characters: at least, at most.
const WIDTH: (usize, usize) = (50, 110);
/// The share of a block's line breaks that must be explained by its width.
const EXPLAINED: f64 = 0.9;

/// One line without its line end: span, length in characters after trimming, and that of its first word.
struct Line {
    span: Span,
    chars: usize,
    first_word: usize,
    indent: usize,
}

/// Returns the spans of the paragraphs of a text, trimmed; `skip` regions end paragraphs and lie in none.
pub(crate) fn split(text: &str, skip: &[Span]) -> Vec<Span> {
    let mut paragraphs = Vec::new();
    let blocks = blocks(text, skip);
    let width = document_width(&blocks);
    for block in &blocks {
        let wrapped = wraps(block, width);
        let mut start: Option<Span> = None;
        for (at, line) in block.iter().enumerate() {
            let joins = at > 0 && joins(text, &block[at - 1], line, wrapped, width);
            match &mut start {
                Some(open) if joins => open.end = line.span.end,
                _ => paragraphs.extend(start.replace(line.span)),
            }
        }
        paragraphs.extend(start);
    }
    paragraphs
}

/// Runs of lines that are not blank, cut at the skipped regions.
fn blocks(text: &str, skip: &[Span]) -> Vec<Vec<Line>> {
    let mut blocks = Vec::new();
    let mut block: Vec<Line> = Vec::new();
    let mut skips = skip.iter().filter(|s| !s.is_empty()).peekable();
    let mut at = 0;
    for raw in text.split_inclusive('\n') {
        let (start, end) = (at, at + raw.len());
        at = end;
        let mut from = start;
        while let Some(region) = skips.peek() {
            let (low, high) = (region.start as usize, region.end as usize);
            if low >= end {
                break;
            }
            if low > from {
                block.extend(line(text, from, low));
            }
            if !block.is_empty() {
                blocks.push(std::mem::take(&mut block));
            }
            from = from.max(high);
            if high > end {
                break;
            }
            skips.next();
        }
        match line(text, from, end) {
            Some(line) => block.push(line),
            None if !block.is_empty() => blocks.push(std::mem::take(&mut block)),
            None => {}
        }
    }
    if !block.is_empty() {
        blocks.push(block);
    }
    blocks
}

/// The line of `text[from..to]`, or none if it is blank.
fn line(text: &str, from: usize, to: usize) -> Option<Line> {
    let from = ceil(text, from);
    let raw = text.get(from..floor(text, to))?;
    let trimmed = raw.trim();
    if trimmed.is_empty() {
        return None;
    }
    let start = from + (raw.len() - raw.trim_start().len());
    Some(Line {
        span: Span::new(start, start + trimmed.len()),
        chars: trimmed.chars().count(),
        first_word: trimmed.chars().take_while(|c| !c.is_whitespace()).count(),
        indent: start - from,
    })
}

/// The next character boundary at or after `at`.
fn ceil(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// The last character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The width at which the document is wrapped, in characters, or none: judged by its blocks of three lines and more.
fn document_width(blocks: &[Vec<Line>]) -> Option<usize> {
    let (mut wrapped, mut loose, mut width) = (0, 0, 0);
    for block in blocks.iter().filter(|b| b.len() >= 3) {
        let longest = block.iter().map(|l| l.chars).max().unwrap_or(0);
        if (WIDTH.0..=WIDTH.1).contains(&longest) && explained(block, longest) >= EXPLAINED {
            wrapped += block.len();
            width = width.max(longest);
        } else {
            loose += block.len();
        }
    }
    (wrapped > loose).then_some(width)
}

/// The share of line breaks after which the next word would not have fitted.
fn explained(block: &[Line], width: usize) -> f64 {
    let breaks = block.len().saturating_sub(1).max(1);
    let forced = block.windows(2).filter(|w| w[0].chars + 1 + w[1].first_word > width.saturating_sub(2)).count();
    forced as f64 / breaks as f64
}

fn wraps(block: &[Line], document: Option<usize>) -> bool {
    let longest = block.iter().map(|l| l.chars).max().unwrap_or(0);
    if block.len() < 2 || longest > WIDTH.1 {
        return false;
    }
    match document {
        // A short block has no width of its own; it must fit the document's.
        Some(width) => explained(block, width.max(longest)) >= if block.len() > 3 { 0.7 } else { 1.0 },
        None => block.len() >= 3 && longest >= WIDTH.0 && explained(block, longest) >= EXPLAINED,
    }
}

/// Whether `line` goes on with the paragraph of `last`.
fn joins(text: &str, last: &Line, line: &Line, wrapped: bool, width: Option<usize>) -> bool {
    let words = line.span.of(text);
    if is_bullet(words) {
        return false;
    }
    if wrapped {
        // A short line in wrapped text ends its paragraph, and an indent begins one.
        let short = width.is_some_and(|w| last.chars + 1 + line.first_word < w.saturating_sub(12));
        return !(line.indent >= 2 && last.indent == 0 || short && ends_sentence(last.span.of(text)));
    }
    // A line broken in the middle of a sentence: no mark before the break, a small letter or a comma's tail after it.
    let lower = words.chars().next().is_some_and(char::is_lowercase);
    lower && last.chars >= 40 && last.chars <= WIDTH.1 && !ends_sentence(last.span.of(text))
}

fn ends_sentence(line: &str) -> bool {
    let bare = line.trim_end_matches(['"', '”', '’', '\'', '»', ')', ']']);
    bare.ends_with(['.', '?', '!', ':', '…'])
}

/// Whether a line begins with a bullet or with a number that counts.
fn is_bullet(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next() {
        Some('•' | '‣' | '▪' | '●' | '◦') => true,
        Some('*' | '-' | '–' | '—') => chars.next().is_some_and(char::is_whitespace),
        Some(c) if c.is_ascii_digit() => {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            line.len() - rest.len() <= 2 && (rest.starts_with(". ") || rest.starts_with(") "))
        }
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn paragraphs<'t>(text: &'t str, skip: &[Span]) -> Vec<&'t str> {
        split(text, skip).iter().map(|s| s.of(text)).collect()
    }

    #[test]
    fn takes_one_paragraph_a_line() {
        let text = "The talks ended.\nNobody spoke to the press afterwards, and the cars left the courtyard one by one in the rain.\n\nA third.";
        assert_eq!(paragraphs(text, &[]).len(), 3);
    }

    #[test]
    fn joins_wrapped_lines() {
        let text = "The delegation left the old town hall late on Tuesday evening and\nsaid nothing to the reporters who had been waiting by the gate for\nmost of the day.\n\nA second round is due in\nspring.\n";
        let found = paragraphs(text, &[]);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].ends_with("most of the day."));
    }

    #[test]
    fn keeps_bullets_apart() {
        let text = "They agreed on:\n- a pause\n- a list\n1. first\n2) second";
        assert_eq!(paragraphs(text, &[]).len(), 5);
    }

    #[test]
    fn breaks_at_skipped_regions() {
        let text = "Before the box READ MORE after the box.\nNext line.";
        let from = text.find("READ").unwrap();
        let found = paragraphs(text, &[Span::new(from, from + 9)]);
        assert_eq!(found, ["Before the box", "after the box.", "Next line."]);
        assert!(paragraphs(text, &[Span::new(0, text.len())]).is_empty());
    }

    #[test]
    fn survives_nothing() {
        assert!(paragraphs("", &[]).is_empty());
        assert!(paragraphs("\n \n\t\n", &[]).is_empty());
        assert_eq!(paragraphs("é", &[Span::new(1, 2)]).len(), 0);
    }
}
