//! Colours and formats.
//!
//! Stances run from orange (no) over grey to blue (yes): a pair that people with any common colour blindness tell
//! apart, light enough for black text, and different in grey print. Words carry the stance in every cell as well.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatPattern};

use super::layout::Font;
use crate::matrix::Stance;

/// The typeface of all sheets: its metrics exist on every system.
pub(super) const FACE: &str = "Arial";
/// Text of cells.
pub(super) const BODY: Font = Font::plain(10.0);
/// Heads of columns and rows.
pub(super) const HEAD: Font = Font::bold(10.0);
/// Side remarks.
pub(super) const SMALL: Font = Font::plain(8.0);

const INK: Color = Color::RGB(0x1A1A1A);
const FAINT: Color = Color::RGB(0x6B6B6B);
const LINE: Color = Color::RGB(0xBFBFBF);
const DARK: Color = Color::RGB(0x1F3A5F);
const PALE: Color = Color::RGB(0xE8EDF3);
const REVIEW: Color = Color::RGB(0x5B4A1F);
const REVIEW_PALE: Color = Color::RGB(0xFFF9E5);

/// Colours for -2, -1, 0, 1, 2.
pub(super) const STANCES: [Color; 5] =
    [Color::RGB(0xF0A35E), Color::RGB(0xFADDBF), Color::RGB(0xEDEBE4), Color::RGB(0xCFE2F3), Color::RGB(0x86B6E0)];
/// Colour of mixed positions.
pub(super) const MIXED: Color = Color::RGB(0xDCCBE8);

/// Returns the colour of a stance.
pub(super) fn colour(stance: Stance) -> Color {
    match stance {
        Stance::Mixed => MIXED,
        Stance::Value(value) => {
            let place = usize::try_from(i16::from(value.clamp(-2, 2)) + 2).unwrap_or(2);
            STANCES.get(place).copied().unwrap_or(MIXED)
        }
    }
}

/// The formats that sheets share.
#[derive(Debug, Clone)]
pub(super) struct Styles {
    /// Title of a sheet.
    pub(super) title: Format,
    /// A remark under a title.
    pub(super) remark: Format,
    /// Head of a column.
    pub(super) head: Format,
    /// Head of a column that reviewers fill in.
    pub(super) review_head: Format,
    /// A cell that reviewers fill in.
    pub(super) review: Format,
    /// A date that reviewers fill in.
    pub(super) review_date: Format,
    /// Head of a row.
    pub(super) row_head: Format,
    /// Wrapped text.
    pub(super) text: Format,
    /// Text that is cut at the cell's edge.
    pub(super) line: Format,
    /// A whole number or a share.
    pub(super) number: Format,
    /// A share with two decimals.
    pub(super) share: Format,
    /// A day.
    pub(super) date: Format,
    /// A link.
    pub(super) link: Format,
    /// Nothing found.
    pub(super) empty: Format,
    /// Bold words in a rich cell.
    pub(super) strong: Format,
    /// Plain words in a rich cell.
    pub(super) plain: Format,
    /// Small grey words in a rich cell.
    pub(super) faint: Format,
    /// A warning in a rich cell.
    pub(super) warning: Format,
    /// Words on a sheet without a grid.
    pub(super) prose: Format,
    /// Bold words on a sheet without a grid.
    pub(super) prose_head: Format,
}

impl Styles {
    /// Makes all formats.
    pub(super) fn new() -> Self {
        let font = |size: f64| Format::new().set_font_name(FACE).set_font_size(size).set_font_color(INK);
        let grid = || font(BODY.size).set_border(FormatBorder::Thin).set_border_color(LINE).set_align(FormatAlign::Top);
        let head = |back: Color| {
            font(HEAD.size)
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(back)
                .set_border(FormatBorder::Thin)
                .set_border_color(LINE)
                .set_align(FormatAlign::Top)
                .set_text_wrap()
        };
        let prose =
            font(BODY.size).set_align(FormatAlign::Top).set_text_wrap().set_align(FormatAlign::Left).set_indent(1);
        Styles {
            title: font(14.0).set_bold().set_font_color(DARK).set_align(FormatAlign::VerticalCenter),
            remark: font(9.0).set_font_color(FAINT).set_align(FormatAlign::VerticalCenter),
            head: head(DARK),
            review_head: head(REVIEW),
            review: grid().set_background_color(REVIEW_PALE).set_text_wrap(),
            review_date: grid().set_background_color(REVIEW_PALE).set_num_format("yyyy-mm-dd"),
            row_head: grid().set_bold().set_background_color(PALE).set_text_wrap(),
            text: grid().set_text_wrap(),
            line: grid(),
            number: grid().set_align(FormatAlign::Center),
            share: grid().set_align(FormatAlign::Center).set_num_format("0.00"),
            date: grid().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            link: grid().set_font_color(Color::RGB(0x0B57A4)).set_underline(rust_xlsxwriter::FormatUnderline::Single),
            empty: grid().set_font_size(SMALL.size).set_font_color(FAINT).set_align(FormatAlign::Center).set_italic(),
            strong: font(BODY.size).set_bold(),
            plain: font(BODY.size),
            faint: font(SMALL.size).set_font_color(FAINT),
            warning: font(BODY.size).set_bold().set_font_color(Color::RGB(0x8A1C1C)),
            prose: prose.clone(),
            prose_head: prose.set_bold(),
        }
    }

    /// Returns the format of a cell that holds a position.
    pub(super) fn stance(&self, stance: Stance) -> Format {
        self.text.clone().set_background_color(colour(stance))
    }

    /// Returns the format of a cell that holds a contradictory position: a frame in words' colour.
    pub(super) fn contradictory(&self, stance: Stance) -> Format {
        self.stance(stance).set_border(FormatBorder::Medium).set_border_color(Color::RGB(0x8A1C1C))
    }

    /// Returns the format of a number of low confidence.
    pub(super) fn unsure(&self, format: &Format) -> Format {
        format.clone().set_italic().set_font_color(FAINT)
    }

    /// Returns a format without its lower border, for a cell that goes on below.
    pub(super) fn upper(&self, format: &Format) -> Format {
        format.clone().set_border_bottom(FormatBorder::None)
    }

    /// Returns a format without its upper border, for a cell that began above.
    pub(super) fn lower(&self, format: &Format) -> Format {
        format.clone().set_border_top(FormatBorder::None)
    }

    /// Returns the format of a small link in a cell of this format.
    pub(super) fn small_link(&self, format: &Format) -> Format {
        format.clone().set_font_size(SMALL.size).set_font_color(Color::RGB(0x0B3D7A)).unset_text_wrap()
    }

    /// Returns the format of a number cell on the numeric sheet that holds no number.
    pub(super) fn no_number(&self) -> Format {
        self.empty.clone().set_pattern(FormatPattern::None)
    }
}
