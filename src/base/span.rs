//! Half-open byte ranges into one document's text, and the two ways people count them: lines and code points.

use serde::{Deserialize, Serialize};

/// A half-open range of byte offsets into one document's text, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Makes a span from byte offsets. Documents are capped far below 4 GiB ([`super::limits::DOCUMENT_BYTES`]).
    pub fn new(start: usize, end: usize) -> Self {
        Span { start: u32::try_from(start).unwrap_or(u32::MAX), end: u32::try_from(end).unwrap_or(u32::MAX) }
    }

    /// Returns the length in bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Tells whether the span covers nothing.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Returns the text the span covers, or nothing where it does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }

    /// Tells whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Tells whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Returns the number of bytes the two share.
    pub fn shared(self, other: Span) -> usize {
        (self.end.min(other.end)).saturating_sub(self.start.max(other.start)) as usize
    }

    /// Returns the smallest span that covers both.
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Returns the span without white space at its edges.
    pub fn trim(self, text: &str) -> Span {
        let s = self.of(text);
        let head = s.len() - s.trim_start().len();
        let body = s.trim().len();
        Span { start: self.start + head as u32, end: self.start + (head + body) as u32 }
    }
}

/// Turns byte offsets into 1-based lines and columns.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Indexes the line starts of `text`.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1));
        LineIndex { starts }
    }

    /// Returns the 1-based line of a byte offset.
    pub fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|s| *s <= byte).max(1)
    }
}

/// Turns byte offsets into code point offsets, as exports and other programs count.
///
/// Asking costs one pass over what lies between a place and the one asked for before.
#[derive(Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    byte: usize,
    points: usize,
}

impl<'t> CodePoints<'t> {
    /// Starts at the beginning of `text`.
    pub fn new(text: &'t str) -> Self {
        CodePoints { text, byte: 0, points: 0 }
    }

    /// Returns the number of code points before a byte offset.
    pub fn at(&mut self, byte: u32) -> u32 {
        let byte = (byte as usize).min(self.text.len());
        let between = self.text.as_bytes().get(self.byte.min(byte)..self.byte.max(byte)).unwrap_or(&[]);
        let points = between.iter().filter(|b| (**b as i8) >= -0x40).count();
        self.points = if byte < self.byte { self.points.saturating_sub(points) } else { self.points + points };
        self.byte = byte;
        self.points as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        let index = LineIndex::new("a\nbc\n\nd");
        let lines: Vec<usize> = [0, 1, 2, 4, 5, 6].iter().map(|b| index.line(*b)).collect();
        assert_eq!(lines, [1, 1, 2, 2, 3, 4]);
    }

    #[test]
    fn code_points_count_characters_in_any_order_of_asking() {
        let text = "“Kyiv” – Élysée";
        let mut points = CodePoints::new(text);
        for (n, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(points.at(byte as u32) as usize, n);
        }
        assert_eq!(points.at(3), 1);
        assert_eq!(points.at(u32::MAX) as usize, text.chars().count());
    }

    #[test]
    fn spans_trim_white_space_only() {
        let text = "  “No.” \n";
        assert_eq!(Span::new(0, text.len()).trim(text).of(text), "“No.”");
        assert_eq!(Span::new(5, 3).of(text), "");
    }
}
