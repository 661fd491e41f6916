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

/// Longest line of a text wrapped at a fixed width, in bytes.
const WRAPPED: usize = 130;

/// Returns the units of the text from byte `from`, in order.
pub(super) fn units(text: &str, from: usize) -> Vec<Span> {
    let lines: Vec<Span> = lines(text, from).collect();
    let Some(width) = wrap_width(text, &lines) else {
        return lines.into_iter().filter(|line| !line.is_empty()).collect();
    };
    let mut units: Vec<Span> = Vec::new();
    let mut runs_on = false;
    for line in lines {
        if line.is_empty() {
            runs_on = false;
            continue;
        }
        match units.last_mut() {
            Some(last) if runs_on => *last = last.cover(line),
            _ => units.push(line),
        }
        // A short line ends what it stands in.
        runs_on = line.len() * 10 >= width * 6;
    }
    units
}

/// Returns the width of the longest line where most lines run on into the next.
fn wrap_width(text: &str, lines: &[Span]) -> Option<usize> {
    let (mut pairs, mut running, mut width) = (0, 0, 0);
    for (i, line) in lines.iter().enumerate() {
        width = width.max(line.len());
        if width > WRAPPED {
            return None;
        }
        if !line.is_empty() && lines.get(i + 1).is_some_and(|next| !next.is_empty()) {
            pairs += 1;
            running += usize::from(!ends_sentence(line.of(text)));
        }
    }
    (pairs >= 3 && running * 2 > pairs && width >= 40).then_some(width)
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
