//! Stance: the same positions as numbers, for charts and other programs, and below them as bars through time.

use rust_xlsxwriter::{
    ConditionalFormat3ColorScale, ConditionalFormatType, Format, Sparkline, SparklineType, Workbook, XlsxError,
};

use super::super::page::{Page, Paper, as_of};
use super::super::report::Report;
use super::super::style::{BODY, HEAD, STANCES, Styles};
use crate::matrix::{Courses, Rule, words};

const HEADER: u32 = 2;
/// Stands in a cell without a number where nothing was found; other programs read it as missing.
const NOTHING: &str = "n/a";

/// Writes the sheet.
pub(in super::super) fn write(
    book: &mut Workbook,
    report: &Report<'_>,
    courses: Option<&Courses>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let matrix = report.matrix;
    let mut widths = vec![130];
    widths.resize(matrix.topics.len() + 1, 96);
    let mut page = Page::new(book, "Stance", &widths)?;
    let scale = if matrix.rule == Rule::Mean { "means from -2 to 2" } else { "-2 to 2" };
    let labels = &report.codebook.labels;
    let remark = format!(
        "Numbers on each topic's question, {scale}; {NOTHING}: {}, which is not neutral; {}: statements point both ways; in italics: low confidence.",
        labels.none, labels.mixed
    );
    page.title(&format!("Stances as numbers. {}", as_of(report)), &remark, styles)?;
    page.text(HEADER, 0, "Party", &styles.head)?;
    let mut lines = 1;
    for (column, topic) in (1u16..).zip(&matrix.topics) {
        page.text(HEADER, column, &topic.name, &styles.head)?;
        lines = lines.max(page.lines(column, &topic.name, HEAD));
    }
    page.height(HEADER, lines, HEAD)?;
    for ((row, party), at) in matrix.parties.iter().enumerate().zip(HEADER + 1..) {
        page.text(at, 0, &party.name, &styles.row_head)?;
        let lines = page.lines(0, &party.name, HEAD);
        page.height(at, lines, BODY)?;
        for (index, column) in (0..matrix.topics.len()).zip(1u16..) {
            match matrix.at(row, index).map(|p| (p, matrix.number(p))) {
                Some((position, Some(number))) => {
                    let format = if matrix.rule == Rule::Mean { &styles.share } else { &styles.number };
                    let unsure = position.is_uncertain().then(|| styles.unsure(format));
                    page.number(at, column, number, unsure.as_ref().unwrap_or(format))?;
                }
                Some((position, None)) => {
                    page.text(at, column, position.stance.label(labels), &styles.stance(position.stance))?
                }
                None => page.text(at, column, NOTHING, &styles.no_number())?,
            }
        }
    }
    let rows = u32::try_from(matrix.parties.len()).unwrap_or(0);
    let columns = u16::try_from(matrix.topics.len()).unwrap_or(0);
    if rows > 0 && columns > 0 {
        let scale = ConditionalFormat3ColorScale::new()
            .set_minimum(ConditionalFormatType::Number, -2)
            .set_midpoint(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, 2)
            .set_minimum_color(STANCES[0])
            .set_midpoint_color(STANCES[2])
            .set_maximum_color(STANCES[4]);
        page.sheet.add_conditional_format(HEADER + 1, 1, HEADER + rows, columns, &scale)?;
    }
    if let Some(courses) = courses {
        over_time(&mut page, report, courses, HEADER + rows + 2, styles)?;
    }
    page.sheet.set_freeze_panes(HEADER + 1, 1)?;
    page.sheet.set_repeat_rows(HEADER, HEADER)?;
    page.sheet.set_repeat_columns(0, 0)?;
    page.print(report, Paper::A4, 1, 0);
    Ok(())
}

/// The hidden sheet with the numbers of the bars.
const COURSE: &str = "Over time";
/// Its columns before the first moment.
const LEFT: u16 = 2;
/// Height of a row of bars, in points.
const HIGH: f64 = 26.0;

/// Draws each position through time, from a row on.
fn over_time(
    page: &mut Page<'_>,
    report: &Report<'_>,
    courses: &Courses,
    top: u32,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let matrix = report.matrix;
    let (Some(first), Some(last)) = (courses.moments.first(), courses.moments.last()) else { return Ok(()) };
    let what = format!(
        "How it came about, from {} to {}: a bar up for yes and down for no, as long as the stance is strong; none where it was neutral, mixed or not said yet",
        words::day(*first),
        words::day(*last)
    );
    page.text(top, 0, &what, &styles.remark)?;
    for (party, at) in matrix.parties.iter().zip(top + 1..) {
        page.text(at, 0, &party.name, &styles.row_head)?;
        page.sheet.set_row_height(at, HIGH)?;
        for (_, column) in matrix.topics.iter().zip(1u16..) {
            page.blank(at, column, &styles.line)?;
        }
    }
    let end = LEFT + u16::try_from(courses.moments.len()).unwrap_or(u16::MAX) - 1;
    for ((position, course), place) in matrix.positions.iter().zip(&courses.numbers).zip(1u32..) {
        if course.iter().flatten().count() < 2 {
            continue;
        }
        let bars = Sparkline::new()
            .set_range((COURSE, place, LEFT, place, end))
            .set_type(SparklineType::Column)
            .set_custom_min(-2)
            .set_custom_max(2)
            .show_axis(true)
            .show_hidden_data(true)
            .set_sparkline_color(STANCES[4])
            .show_negative_points(true)
            .set_negative_points_color(STANCES[0]);
        let at = top + 1 + u32::try_from(position.row).unwrap_or(u32::MAX);
        page.sheet.add_sparkline(at, 1 + u16::try_from(position.column).unwrap_or(u16::MAX), &bars)?;
    }
    Ok(())
}

/// Writes the hidden sheet that the bars are drawn from: a row each position, a column each moment.
pub(in super::super) fn numbers(book: &mut Workbook, report: &Report<'_>, courses: &Courses) -> Result<(), XlsxError> {
    let matrix = report.matrix;
    let mut page = Page::new(book, COURSE, &[120, 160])?;
    let plain = Format::new();
    let day = Format::new().set_num_format("yyyy-mm-dd").set_bold();
    for (column, moment) in (LEFT..).zip(&courses.moments) {
        page.date(0, column, Some(*moment), &day)?;
    }
    for ((position, course), row) in matrix.positions.iter().zip(&courses.numbers).zip(1u32..) {
        let party = matrix.parties.get(position.row).map_or("", |p| &p.id);
        let topic = matrix.topics.get(position.column).map_or("", |t| &t.id);
        page.text(row, 0, party, &plain)?;
        page.text(row, 1, topic, &plain)?;
        for (column, number) in (LEFT..).zip(course) {
            if let Some(number) = number {
                page.number(row, column, *number, &plain)?;
            }
        }
    }
    page.sheet.set_hidden(true);
    Ok(())
}
