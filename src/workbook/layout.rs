//! How many lines a text takes, so that rows are as high as their text in every program.
//!
//! Excel and LibreOffice disagree on automatic row heights and some readers compute none at all; so heights are set
//! here, from the widths of Arial's characters (those of Helvetica and Liberation Sans).

/// Widths of the printable ASCII characters in thousandths of the font size, from the space on.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// Pixels of a cell that its text cannot use.
const PADDING: f64 = 7.0;
/// What hinting and rounding may add to a line.
const SAFETY: f64 = 1.03;
/// Height of a line for its font size.
const LEADING: f64 = 1.28;
/// Height of the highest row that Excel takes, in points.
const HIGHEST: f64 = 409.0;

/// A font as far as lengths go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Font {
    /// Size in points.
    pub(super) size: f64,
    /// Bold text runs wider.
    pub(super) bold: bool,
}

impl Font {
    /// An upright font.
    pub(super) const fn plain(size: f64) -> Self {
        Font { size, bold: false }
    }

    /// A bold font.
    pub(super) const fn bold(size: f64) -> Self {
        Font { size, bold: true }
    }

    /// Returns the width of a text in pixels at 96 to the inch.
    pub(super) fn width(self, text: &str) -> f64 {
        let thousandths: f64 = text.chars().map(width).sum();
        let weight = if self.bold { 1.08 } else { 1.0 };
        thousandths / 1000.0 * self.size * 96.0 / 72.0 * weight * SAFETY
    }

    /// Returns the lines a text takes in a cell of this width in pixels.
    pub(super) fn lines(self, text: &str, cell: f64) -> usize {
        lines(&[(self, text)], cell)
    }

    /// Sets a word after what is used of a line and returns the number of lines that this begins.
    fn place(self, word: &str, room: f64, used: &mut f64) -> usize {
        let (space, wide) = (self.width(" "), self.width(word));
        let mut begun = 0;
        if *used > 0.0 && *used + space + wide > room {
            begun += 1;
            *used = 0.0;
        }
        if wide > room {
            let pieces = (wide / room).ceil();
            begun += pieces as usize - 1;
            *used = wide - (pieces - 1.0) * room;
        } else {
            *used += if *used > 0.0 { space + wide } else { wide };
        }
        begun
    }

    /// Returns the height in points of a row with this many lines.
    pub(super) fn height(self, lines: usize) -> f64 {
        (lines as f64 * self.size * LEADING + 3.0).min(HIGHEST).ceil()
    }
}

/// Returns the lines that runs of several fonts take, one after the other, in a cell of this width in pixels.
pub(super) fn lines(runs: &[(Font, &str)], cell: f64) -> usize {
    let room = (cell - PADDING).max(10.0);
    let (mut lines, mut used) = (1, 0.0);
    for (font, text) in runs {
        for (number, paragraph) in text.split('\n').enumerate() {
            if number > 0 {
                lines += 1;
                used = 0.0;
            }
            for word in paragraph.split_whitespace() {
                lines += font.place(word, room, &mut used);
            }
        }
    }
    lines
}

fn width(c: char) -> f64 {
    let ascii = (c as usize).checked_sub(32).and_then(|at| WIDTHS.get(at));
    match (ascii, c) {
        (Some(width), _) => f64::from(*width),
        (None, '‘' | '’') => 222.0,
        (None, '“' | '”') => 333.0,
        (None, '—' | '…' | '⚠') => 1000.0,
        (None, c) if (c as u32) < 0x2000 => 600.0,
        (None, c) if (c as u32) < 0x2100 => 556.0,
        (None, _) => 1000.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_grow_with_text_and_never_vanish() {
        let font = Font::plain(10.0);
        assert_eq!(font.lines("", 100.0), 1);
        assert_eq!(font.lines("Kyiv", 100.0), 1);
        assert_eq!(font.lines("one\ntwo", 100.0), 2);
        assert!(font.lines(&"word ".repeat(40), 100.0) >= 10);
        assert!(font.lines(&"x".repeat(200), 100.0) >= 10);
        assert!(font.height(1000) <= 409.0);
    }
}
