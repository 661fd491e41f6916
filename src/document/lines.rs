//! Lines and units: what boilerplate and head lines are told by.
//!
//! A unit is what a reader takes for one paragraph: a line, or, where the text was wrapped at a fixed width, the lines that run
//! on from each other.

use crate::base::Span;

/// Returns the span of every line from byte `from`, without white space at its edges. Blank lines give empty spans.
pub(super) fn lines(text: &str, from: usize) -> impl Iterator<Item = Span> {
    let mut at = from;
    text.get(from..).unwrap_or("").split('\n').map(move |line| {
        let span = Span::new(at, at + line.len()).trim(text);
        at += line.len() + 1;
        span
    })
}

/// Longest line of a text wrapped at a fixed width, in characters.
const WRAPPED: usize = 130;

/// Returns the units of the text from byte `from`, in order.
pub(super) fn units(text: &str, from: usize) -> Vec<Span> {
    let lines: Vec<Span> = lines(text, from).collect();
    let Some(width) = wrap_width(text, &lines) else {
        return lines.into_iter().filter(|line| !line.is_empty()).collect();
    };
    let mut units: Vec<Span> = Vec::new();
    let mut last = Span::default();
    for line in lines {
        if !line.is_empty() {
            match units.last_mut() {
                Some(unit) if runs_on(text, last, line, width) => *unit = unit.cover(line),
                _ => units.push(line),
            }
        }
        last = line;
    }
    units
}

/// Tells whether a line was broken only because the next one's first word did not fit the width.
fn runs_on(text: &str, line: Span, next: Span, width: usize) -> bool {
    let word = next.of(text).split_whitespace().next().unwrap_or("");
    !line.is_empty() && !next.is_empty() && chars(line.of(text)) + 1 + chars(word) > width
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

/// Returns the width of the longest line where most lines run on into the next.
fn wrap_width(text: &str, lines: &[Span]) -> Option<usize> {
    let mut width = 0;
    for line in lines {
        if line.len() > 4 * WRAPPED {
            return None;
        }
        width = width.max(chars(line.of(text)));
    }
    let (mut pairs, mut running) = (0, 0);
    for pair in lines.windows(2) {
        let [line, next] = pair else { continue };
        if !line.is_empty() && !next.is_empty() {
            pairs += 1;
            running += usize::from(runs_on(text, *line, *next, width));
        }
    }
    (pairs >= 3 && running * 3 > pairs * 2 && (40..=WRAPPED).contains(&width)).then_some(width)
}

/// Tells whether a line ends as sentences end, a closing quotation mark or bracket included.
pub(super) fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»']);
    line.ends_with(['.', '!', '?', '…', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<&str> {
        units(text, 0).into_iter().map(|unit| unit.of(text)).collect()
    }

    #[test]
    fn each_line_of_an_unwrapped_text_is_a_unit() {
        assert_eq!(shown("One.\nTwo. \n\n  Three\n"), ["One.", "Two.", "Three"]);
        assert_eq!(shown("\n\n"), Vec::<&str>::new());
    }

    #[test]
    fn wrapped_lines_run_on_to_the_end_of_their_paragraph() {
        let text = "Talks in the hall\n\nThe envoys of both sides met for the third\ntime and agreed to meet once more before the\n\
                    end of the month.\nPhoto: Pool\n\nNeither side would say what had been left\nopen when they parted.\n";
        assert_eq!(
            shown(text),
            [
                "Talks in the hall",
                "The envoys of both sides met for the third\ntime and agreed to meet once more before the\nend of the month.",
                "Photo: Pool",
                "Neither side would say what had been left\nopen when they parted.",
            ]
        );
    }
}
