//! Writes one sheet: clips what is too long, never makes a formula, sets print and panes.

use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, Note, Url, Workbook, Worksheet, XlsxError};

use super::layout::Font;
use super::report::Report;
use super::style::{FACE, HEAD};
use crate::base::limits::CELL_CHARS;
use crate::matrix::words;

/// Ends a text that was clipped.
const CLIPPED: &str = " … [clipped]";
/// Characters an address may have to be a link.
const LINK_CHARS: usize = 2_000;
/// Rows of a sheet to which more is told than their cells: heights, links, borders, that they are a table. The writer holds all of it in memory, spreadsheet
/// programs find heights by themselves, and with 65,530 links to a sheet Excel calls the file broken.
pub(super) const MANY: u32 = 20_000;
/// Characters of a note.
const NOTE_CHARS: usize = 2_000;

/// How a sheet is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paper {
    /// A4, upright.
    Portrait,
    /// A4, on its side.
    A4,
    /// A3, on its side.
    A3,
}

/// What stands above every printed page.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    /// On the left.
    pub(super) title: String,
    /// On the right.
    pub(super) remark: String,
}

/// One sheet being written.
pub(super) struct Page<'b> {
    /// The sheet itself, for what has no method here.
    pub(super) sheet: &'b mut Worksheet,
    widths: Vec<f64>,
    links: usize,
}

impl<'b> Page<'b> {
    /// Adds a sheet with columns of these widths in pixels.
    pub(super) fn new(book: &'b mut Workbook, name: &str, widths: &[u32]) -> Result<Self, XlsxError> {
        Page::on(book.add_worksheet(), name, widths)
    }

    /// The same for a sheet of any number of rows: each is on the disk once the next is begun, so rows are written in their order.
    pub(super) fn long(book: &'b mut Workbook, name: &str, widths: &[u32]) -> Result<Self, XlsxError> {
        Page::on(book.add_worksheet_with_constant_memory()?, name, widths)
    }

    fn on(sheet: &'b mut Worksheet, name: &str, widths: &[u32]) -> Result<Self, XlsxError> {
        sheet.set_name(name)?;
        sheet.set_screen_gridlines(false);
        for (column, width) in (0u16..).zip(widths) {
            sheet.set_column_width_pixels(column, *width)?;
        }
        Ok(Page { sheet, widths: widths.iter().map(|w| f64::from(*w)).collect(), links: 0 })
    }

    /// Sets paper, margins, header and footer; the sheet is fitted to so many pages across and down, 0 for as many
    /// as it takes.
    pub(super) fn print(&mut self, report: &Report<'_>, paper: Paper, across: u16, down: u16) {
        self.print_as(&heading(report), paper, across, down);
    }

    /// The same under another heading.
    pub(super) fn print_as(&mut self, heading: &Heading, paper: Paper, across: u16, down: u16) {
        if paper != Paper::Portrait {
            self.sheet.set_landscape();
        }
        self.sheet.set_paper_size(if paper == Paper::A3 { 8 } else { 9 });
        self.sheet.set_margins(0.4, 0.4, 0.65, 0.55, 0.3, 0.3);
        self.sheet.set_print_fit_to_pages(across, down);
        let plain = |text: &str| words::shorten(text, 80).replace('&', "&&");
        self.sheet.set_header(format!("&L&9{}&C&9&A&R&9{}", plain(&heading.title), plain(&heading.remark)));
        self.sheet.set_footer(format!("&L&9demarche {}&R&9Page &P of &N", env!("CARGO_PKG_VERSION")));
    }

    /// Writes the title and the remark on rows 0 and 1.
    pub(super) fn title(&mut self, title: &str, remark: &str, styles: &super::style::Styles) -> Result<(), XlsxError> {
        self.text(0, 0, title, &styles.title)?;
        self.sheet.set_row_height(0, 24)?;
        self.text(1, 0, remark, &styles.remark)
    }

    /// Writes the names of columns on a row of so many lines.
    pub(super) fn heads<const N: usize>(
        &mut self,
        row: u32,
        columns: [(&str, u32); N],
        lines: usize,
        styles: &super::style::Styles,
    ) -> Result<(), XlsxError> {
        for (column, (name, _)) in (0u16..).zip(columns) {
            self.text(row, column, name, &styles.head)?;
        }
        self.height(row, lines, HEAD)
    }

    /// Writes text as text, whatever it begins with.
    pub(super) fn text(&mut self, row: u32, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        let text = clip(text);
        if text.starts_with(['=', '+', '-', '@']) {
            // Keeps the text a text when somebody edits the cell.
            self.sheet.write_string_with_format(row, column, text, &format.clone().set_quote_prefix())?;
        } else if row > MANY {
            self.sheet.write_string(row, column, text)?;
        } else {
            self.sheet.write_string_with_format(row, column, text, format)?;
        }
        Ok(())
    }

    /// Writes text into a cell that goes on over so many rows below.
    pub(super) fn tall(
        &mut self,
        row: u32,
        column: u16,
        below: u32,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        self.sheet.merge_range(row, column, row + below, column, "", format)?;
        self.text(row, column, text, format)
    }

    /// Writes text where there is any, else an empty cell of the same looks.
    pub(super) fn maybe(
        &mut self,
        row: u32,
        column: u16,
        text: Option<&str>,
        format: &Format,
    ) -> Result<(), XlsxError> {
        match text.filter(|t| !t.is_empty()) {
            Some(text) => self.text(row, column, text, format),
            None => self.blank(row, column, format),
        }
    }

    /// Writes an empty cell.
    pub(super) fn blank(&mut self, row: u32, column: u16, format: &Format) -> Result<(), XlsxError> {
        if row <= MANY {
            self.sheet.write_blank(row, column, format)?;
        }
        Ok(())
    }

    /// Writes a number.
    pub(super) fn number(&mut self, row: u32, column: u16, number: f64, format: &Format) -> Result<(), XlsxError> {
        if row > MANY {
            self.sheet.write_number(row, column, number)?;
        } else {
            self.sheet.write_number_with_format(row, column, number, format)?;
        }
        Ok(())
    }

    /// Writes a count.
    pub(super) fn count(&mut self, row: u32, column: u16, count: usize, format: &Format) -> Result<(), XlsxError> {
        self.number(row, column, count as f64, format)
    }

    /// Writes a day as a date; as text where spreadsheets know no such date.
    pub(super) fn date(&mut self, row: u32, column: u16, date: Option<Date>, format: &Format) -> Result<(), XlsxError> {
        let Some(date) = date else { return self.blank(row, column, format) };
        let ymd = (u16::try_from(date.year()), u8::try_from(date.month()), u8::try_from(date.day()));
        match ymd {
            (Ok(year), Ok(month), Ok(day)) if year >= 1900 => {
                let value = ExcelDateTime::from_ymd(year, month, day)?;
                self.sheet.write_datetime_with_format(row, column, &value, format)?;
                Ok(())
            }
            _ => self.text(row, column, &date.to_string(), format),
        }
    }

    /// Writes text that leads somewhere; plain text where the address is too long or of no kind we open, and the address itself where the
    /// sheet has as many links as it may.
    pub(super) fn link(
        &mut self,
        row: u32,
        column: u16,
        to: &str,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let opens = to.starts_with("internal:") || to.starts_with("https://") || to.starts_with("http://");
        if !opens || to.chars().count() > LINK_CHARS || to.chars().any(char::is_control) {
            return self.text(row, column, text, format);
        }
        if self.links >= MANY as usize {
            return self.text(row, column, to.trim_start_matches("internal:"), format);
        }
        self.links += 1;
        let url = Url::new(to).set_text(clip(text));
        self.sheet.write_url_with_format(row, column, url, format)?;
        Ok(())
    }

    /// Writes text of several formats; at least one run must not be empty.
    pub(super) fn rich(
        &mut self,
        row: u32,
        column: u16,
        runs: &[(&Format, &str)],
        format: &Format,
    ) -> Result<(), XlsxError> {
        let runs: Vec<(&Format, &str)> = runs.iter().filter(|(_, text)| !text.is_empty()).copied().collect();
        let whole: String = runs.iter().map(|(_, text)| *text).collect();
        if runs.len() < 2 || whole.encode_utf16().count() > CELL_CHARS {
            return self.text(row, column, &whole, format);
        }
        self.sheet.write_rich_string_with_format(row, column, &runs, format)?;
        Ok(())
    }

    /// Pins a note to a cell.
    pub(super) fn note(&mut self, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
        let text = words_kept(text, NOTE_CHARS);
        let lines = u32::try_from(Font::plain(9.0).lines(&text, 330.0)).unwrap_or(20);
        let note = Note::new(text)
            .add_author_prefix(false)
            .set_width(340)
            .set_height((lines * 16 + 16).clamp(60, 420))
            .set_font_name(FACE)
            .set_font_size(9);
        self.sheet.insert_note(row, column, &note)?;
        Ok(())
    }

    /// Makes a row as high as the longest of its texts, each with its column.
    pub(super) fn fit(&mut self, row: u32, texts: &[(u16, &str)], font: Font, height: Font) -> Result<(), XlsxError> {
        if row > MANY {
            return Ok(());
        }
        let lines = texts.iter().map(|(column, text)| self.lines(*column, text, font)).max().unwrap_or(1);
        self.height(row, lines, height)
    }

    /// Returns the lines that a text takes in a column.
    pub(super) fn lines(&self, column: u16, text: &str, font: Font) -> usize {
        font.lines(text, self.widths.get(usize::from(column)).copied().unwrap_or(64.0))
    }

    /// Makes a row as high as this many lines of a font; far down it is left to the program that opens the sheet.
    pub(super) fn height(&mut self, row: u32, lines: usize, font: Font) -> Result<(), XlsxError> {
        if row > MANY {
            return Ok(());
        }
        self.sheet.set_row_height(row, font.height(lines.max(1)))?;
        Ok(())
    }
}

/// The heading of a report's sheets.
pub(super) fn heading(report: &Report<'_>) -> Heading {
    Heading { title: report.codebook.title.clone(), remark: as_of(report) }
}

/// Says as of when the sheets hold.
pub(super) fn as_of(report: &Report<'_>) -> String {
    let matrix = report.matrix;
    match (matrix.since, matrix.as_of) {
        (Some(since), Some(as_of)) => format!("{} to {}", words::day(since), words::day(as_of)),
        (None, Some(as_of)) => format!("As of {}", words::day(as_of)),
        (Some(since), None) => format!("Since {}", words::day(since)),
        (None, None) => "No date known".to_string(),
    }
}

/// Cuts a text at what a cell holds and marks the cut. Excel counts UTF-16 units.
fn clip(text: &str) -> String {
    if text.len() <= CELL_CHARS || text.encode_utf16().count() <= CELL_CHARS {
        return text.to_string();
    }
    let room = CELL_CHARS - CLIPPED.encode_utf16().count();
    let mut used = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += c.len_utf16();
            used <= room
        })
        .collect();
    kept + CLIPPED
}

/// Cuts a text of several lines at a number of characters.
fn words_kept(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_string();
    }
    let mut cut: String = text.chars().take(chars).collect();
    cut.push('…');
    cut
}
