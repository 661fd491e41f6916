//! Read me: what a stranger needs to read the other sheets.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::page::{Page, Paper, as_of};
use super::super::report::Report;
use super::super::style::{BODY, Styles};
use crate::base::Problem;
use crate::matrix::{LeftOut, Stance, words};

/// What each sheet is for.
const SHEETS: [(&str, &str); 9] = [
    ("Matrix", "who stands where, in words; every cell leads to its evidence"),
    ("Stance", "the same as numbers from -2 to 2"),
    ("Evidence", "every statement with its quotation; yellow columns are for your corrections"),
    ("Changes", "what became of each position since an earlier day, old and new words side by side"),
    ("Gaps", "how near every two parties stand (1 the same, 0 opposite ends), and on each topic who stands between"),
    ("Contradictions", "where a party's speakers, or one speaker over time, say yes and no, with both quotations"),
    ("Parties", "who spoke, how often, on what"),
    ("Topics", "the questions and what + and - mean"),
    ("Sources", "the documents, how each was dated, what was not understood"),
];

/// How to send corrections back.
const REVIEWING: [(&str, &str); 2] = [
    (
        "To correct a statement",
        "choose a Verdict in its row on Evidence: accept, reject, or correct and then what is wrong, in the yellow columns \
         alone. Sort, filter and add columns as you like.",
    ),
    (
        "To add one",
        "write Party, Topic, Stance, Quote and Document below the last row. Save, and: demarche review import FILE.xlsx",
    ),
];

/// Writes the sheet.
pub(in super::super) fn write(book: &mut Workbook, report: &Report<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let mut page = Page::new(book, "Read me", &[190, 660])?;
    let mut row = 0;
    page.text(row, 0, &format!("Who stands where: {}", report.codebook.title), &styles.title)?;
    page.sheet.set_row_height(row, 28)?;
    row += 1;
    for (head, text) in facts(report) {
        pair(&mut page, row, head, &text, styles)?;
        row += 1;
    }
    row += 1;
    page.text(row, 0, "Words and colours", &styles.prose_head)?;
    row += 1;
    for (stance, text) in legend() {
        page.text(row, 0, &swatch(report, stance), &styles.stance(stance))?;
        page.text(row, 1, text, &styles.prose)?;
        page.height(row, 1, BODY)?;
        row += 1;
    }
    page.text(row, 0, &report.codebook.labels.none, &styles.empty)?;
    page.text(
        row,
        1,
        "no statement of the party on the topic in these documents. This is not the same as neutral.",
        &styles.prose,
    )?;
    page.height(row, 1, BODY)?;
    row += 1;
    for (head, text) in marks() {
        pair(&mut page, row, head, text, styles)?;
        row += 1;
    }
    row += 1;
    page.text(row, 0, "Sheets", &styles.prose_head)?;
    row += 1;
    let link = styles
        .prose
        .clone()
        .set_font_color(rust_xlsxwriter::Color::RGB(0x0B57A4))
        .set_underline(rust_xlsxwriter::FormatUnderline::Single);
    for (sheet, text) in SHEETS.into_iter().filter(|(sheet, _)| *sheet != "Changes" || report.changes.is_some()) {
        page.link(row, 0, &format!("internal:'{sheet}'!A1"), sheet, &link)?;
        page.text(row, 1, text, &styles.prose)?;
        page.height(row, 1, BODY)?;
        row += 1;
    }
    row += 1;
    page.text(row, 0, "Corrections", &styles.prose_head)?;
    row += 1;
    for (head, text) in REVIEWING {
        pair(&mut page, row, head, text, styles)?;
        row += 1;
    }
    row += 1;
    page.text(row, 0, "Not understood", &styles.prose_head)?;
    row += 1;
    for (head, text) in gaps(report) {
        pair(&mut page, row, head, &text, styles)?;
        row += 1;
    }
    page.print(report, Paper::Portrait, 1, 0);
    Ok(())
}

fn pair(page: &mut Page<'_>, row: u32, head: &str, text: &str, styles: &Styles) -> Result<(), XlsxError> {
    page.text(row, 0, head, &styles.prose)?;
    page.text(row, 1, text, &styles.prose)?;
    let lines = page.lines(1, text, BODY).max(page.lines(0, head, BODY));
    page.height(row, lines, BODY)
}

fn facts(report: &Report<'_>) -> Vec<(&'static str, String)> {
    let (matrix, codebook) = (report.matrix, report.codebook);
    let counted = matrix.standings.iter().filter(|s| s.counts()).count();
    let since = matrix
        .since
        .map_or_else(|| "from the first statement on".to_string(), |d| format!("from {} on", words::day(d)));
    vec![
        ("As of", format!("{}, {since}", as_of(report).trim_start_matches("As of "))),
        (
            "What it shows",
            "What each party has said it wants on each topic, read by a program from the news. Every position rests on \
             verbatim quotations, which stand on Evidence. It shows what was said, not what is meant or will be done."
                .to_string(),
        ),
        ("Rule", matrix.rule.sentence().to_string()),
        ("Left out", left_out(report)),
        (
            "Made from",
            format!(
                "{}, {}; {counted} count, for {} and {}",
                many(report.sources.len(), "document"),
                many(report.statements.len(), "statement"),
                if matrix.parties.len() == 1 { "1 party".to_string() } else { format!("{} parties", matrix.parties.len()) },
                many(matrix.topics.len(), "topic"),
            ),
        ),
        (
            "Made with",
            format!("demarche {}, codebook {} {} ({})", env!("CARGO_PKG_VERSION"), codebook.name, codebook.version, codebook.hash),
        ),
    ]
}

/// Says what never counts, with the number of statements that fell to each reason.
fn left_out(report: &Report<'_>) -> String {
    let reasons = [
        (LeftOut::Secondhand, "said about another party"),
        (LeftOut::Role, "by experts, former officials and others who speak for no party"),
        (LeftOut::Repeat, "repeats within a document"),
        (LeftOut::Copy, "in another outlet's copy of the same story"),
        (LeftOut::Rejected, "rejected by an analyst"),
        (LeftOut::Later, "after the as-of date"),
        (LeftOut::Earlier, "before the window"),
        (LeftOut::Undated, "of unknown date, which no window with a beginning can hold"),
        (LeftOut::Confidence, "below the least confidence asked for"),
        (LeftOut::Filter, "outside the filters asked for"),
    ];
    let found: Vec<String> = reasons
        .iter()
        .map(|(reason, text)| (report.matrix.left_out(*reason), text))
        .filter(|(count, _)| *count > 0)
        .map(|(count, text)| format!("{count} {text}"))
        .collect();
    if found.is_empty() {
        "no statement".to_string()
    } else {
        format!("Statements on Evidence that count for no position: {}.", found.join("; "))
    }
}

fn swatch(report: &Report<'_>, stance: Stance) -> String {
    let label = stance.label(&report.codebook.labels);
    match stance.value() {
        Some(0) | None => label.to_string(),
        Some(value) => format!("{label} ({value:+})"),
    }
}

fn legend() -> [(Stance, &'static str); 6] {
    [
        (Stance::Value(2), "insists on, commits to or demands a yes to the topic's question"),
        (Stance::Value(1), "leans to yes, is open to it, or says yes under conditions"),
        (Stance::Value(0), "says in so many words that it is undecided, premature or on the table"),
        (Stance::Value(-1), "leans to no, is sceptical, calls it unrealistic"),
        (Stance::Value(-2), "rejects it, rules it out or demands the opposite"),
        (Stance::Mixed, "the statements that decide point in opposite directions"),
    ]
}

fn marks() -> [(&'static str, &'static str); 5] {
    [
        ("‘quote’ (3)", "the quotation that shows the position best, and the number of statements behind it"),
        ("if …, condition: …", "what the party makes its position hang on"),
        ("⚠ contradictory", "the party has also said otherwise in the window; with what, by whom and when"),
        ("? low confidence", "the program is less sure than even of every statement behind it: check before use"),
        ("✓ 1 accepted", "an analyst confirmed, corrected, rejected or added so many of its statements"),
    ]
}

fn gaps(report: &Report<'_>) -> Vec<(&'static str, String)> {
    let elsewhere = report.documents(|s| s.elsewhere);
    let empty = report.documents(|s| s.statements == 0 && !s.elsewhere);
    let undated = report.documents(|s| s.published.is_none());
    vec![
        ("Speakers not placed", listed(&report.unplaced(), "none")),
        ("Documents without date", listed(&undated, "none")),
        ("Without statements", listed(&empty, "none")),
        ("On something else", listed(&elsewhere, "none")),
        ("Not read", unread(report.problems)),
    ]
}

/// Things of one kind that are named.
const SHOWN: usize = 12;

/// Lists the first dozen, and how many more there are.
fn listed(items: &[&str], none: &str) -> String {
    if items.is_empty() { none.to_string() } else { first(items, items.len().saturating_sub(SHOWN)) }
}

fn unread(problems: &[Problem]) -> String {
    let shown: Vec<String> = problems.iter().take(SHOWN).map(ToString::to_string).collect();
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    let more = problems.iter().skip(SHOWN).map(|problem| problem.times).sum();
    if shown.is_empty() { "none".to_string() } else { first(&shown, more) }
}

fn first(items: &[&str], more: usize) -> String {
    let mut out = items.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if more > 0 {
        out.push_str(&format!(" and {more} more (see Sources)"));
    }
    out
}

fn many(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
