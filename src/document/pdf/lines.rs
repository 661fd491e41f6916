//! Characters with their places into lines.

use super::super::error::{DocumentError, too_large};
use crate::base::limits;

/// Where a character stands: from the left and the top of its page in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) x: f64,
    /// Of its base line.
    pub(super) y: f64,
    /// Where the next one stands.
    pub(super) end: f64,
    /// Height of its font.
    pub(super) size: f64,
}

/// A line of a page.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) page: usize,
    /// Left, right and base line in points from the left and the top of the page.
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) y: f64,
    pub(super) size: f64,
    /// Height of the page.
    pub(super) height: f64,
}

/// The lines of a document, in the order in which its pages show them.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) lines: Vec<Line>,
    /// Characters of which the font does not tell what they are.
    pub(super) unreadable: usize,
    /// A page shows a picture.
    pub(super) images: bool,
    page: usize,
    height: f64,
    /// The last character of the open line.
    last: Option<(Spot, char)>,
    bytes: u64,
}

/// Shares of a font's size: what two characters on one line may differ in height, the gap that is a space, the gap that is no longer the
/// same line, and the step back that begins another one.
const SAME_LINE: f64 = 0.45;
const SPACE: f64 = 0.17;
const APART: f64 = 4.0;
const BACK: f64 = 0.5;

impl Lines {
    /// Begins a page.
    pub(super) fn begin(&mut self, height: f64) {
        self.page += 1;
        self.height = height;
        self.last = None;
    }

    /// Puts a character after the last one.
    ///
    /// # Errors
    ///
    /// More text than a document may hold.
    pub(super) fn put(&mut self, spot: Spot, said: &str) -> Result<(), DocumentError> {
        let finite = [spot.x, spot.y, spot.end, spot.size].iter().all(|n| n.is_finite());
        if said.is_empty() || !finite || spot.size <= 0.0 {
            return Ok(());
        }
        self.bytes += said.len() as u64 + 1;
        if self.bytes > limits::DOCUMENT_BYTES {
            return Err(too_large());
        }
        let on = self.last.and_then(|(last, c)| {
            let size = last.size.max(spot.size);
            let level = (spot.y - last.y).abs() <= SAME_LINE * size;
            let gap = spot.x - last.end;
            (level && gap >= -BACK * size && gap <= APART * size).then_some((last, c, gap, size))
        });
        let line = match (on, self.lines.last_mut()) {
            (Some((last, before, gap, size)), Some(line)) => {
                // Bold that is made by showing a character twice.
                if said.starts_with(before) && (spot.x - last.x).abs() < 0.1 * size {
                    return Ok(());
                }
                // The mark of a footnote is none of the sentence's words.
                let raised = spot.size < 0.8 * line.size && spot.y < line.y - 0.15 * line.size;
                if raised && said.chars().all(|c| c.is_ascii_digit()) {
                    return Ok(());
                }
                if gap > SPACE * size && !line.text.ends_with(' ') && !said.starts_with(' ') {
                    line.text.push(' ');
                }
                line
            }
            _ => {
                if said.trim().is_empty() {
                    return Ok(());
                }
                let (page, height) = (self.page, self.height);
                let Spot { x, y, end, size } = spot;
                self.lines.push(Line { text: String::new(), page, left: x, right: end, y, size, height });
                let Some(line) = self.lines.last_mut() else { return Ok(()) };
                line
            }
        };
        for c in said.chars() {
            plain(c, &mut line.text);
        }
        line.right = line.right.max(spot.end);
        line.size = line.size.max(spot.size);
        self.last = said.chars().last().map(|c| (spot, c));
        Ok(())
    }
}

/// Adds a character: ligatures as their letters, every space as one.
fn plain(c: char, text: &mut String) {
    match c {
        'ﬀ' => text.push_str("ff"),
        'ﬁ' => text.push_str("fi"),
        'ﬂ' => text.push_str("fl"),
        'ﬃ' => text.push_str("ffi"),
        'ﬄ' => text.push_str("ffl"),
        'ﬅ' | 'ﬆ' => text.push_str("st"),
        // Kept at the end of a line, where it tells that a word goes on.
        '\u{ad}' => text.push(c),
        c if c.is_whitespace() => {
            if !text.ends_with(' ') {
                text.push(' ');
            }
        }
        c if c.is_control() => {}
        c => text.push(c),
    }
}
