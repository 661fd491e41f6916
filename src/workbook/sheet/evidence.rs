//! Evidence: every statement with its quote, and the columns that a reviewer fills in.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Formula, Table, TableColumn,
    TableStyle, Workbook, XlsxError,
};

use super::super::page::{MANY, Page, Paper};
use super::super::plan::{EVIDENCE_HEADER, Plan};
use super::super::report::Report;
use super::super::style::{BODY, HEAD, Styles};
use super::lists::List;
use crate::base::limits::SHEET_ROWS;
use crate::matrix::{self, Stance, Standing};
use crate::statement::{Mode, Rank, Role, Statement};

/// Columns with their widths in pixels: what a reader needs, then what a reviewer fills in, then the rest.
const COLUMNS: [(&str, u32); 39] = [
    ("Party", 110),
    ("Topic", 130),
    ("Stance", 62),
    ("Position", 96),
    ("Quote", 400),
    ("Condition", 140),
    ("Speaker", 130),
    ("Day", 82),
    ("Outlet", 110),
    ("Counts", 88),
    ("Matrix", 62),
    ("Verdict: accept, reject or correct", 110),
    ("Corrected party: if wrong", 110),
    ("Corrected topic: if wrong", 120),
    ("Corrected stance: if wrong", 96),
    ("Corrected condition: if wrong; none if there is none", 170),
    ("Corrected date: if wrong, as 2025-02-13", 136),
    ("Note: why, or anything else", 160),
    ("Reviewer: your name", 100),
    ("Reviewed so far", 150),
    ("Confidence", 90),
    ("Role", 90),
    ("Mode", 74),
    ("Named as", 150),
    ("Secondhand", 92),
    ("Joint", 60),
    ("Stated on", 82),
    ("Published", 82),
    ("Title", 220),
    ("Document", 180),
    ("Start", 60),
    ("End", 60),
    ("Context", 240),
    ("Rules", 140),
    ("Id", 140),
    ("Address", 240),
    ("Rank", 80),
    ("Copy of", 180),
    ("Also in", 180),
];
const READ: u16 = 11;
const REVIEW: std::ops::Range<u16> = READ..19;
/// Empty rows under the statements that have the drop-downs too, for statements that a reviewer adds.
const SPARE_ROWS: u32 = 200;

/// Writes the sheet, or several where one is too short.
pub(in super::super) fn write(
    book: &mut Workbook,
    report: &Report<'_>,
    plan: &Plan,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let copies = matrix::copies(report.statements, &report.matrix.standings);
    for (number, (name, indices)) in plan.sheets().into_iter().enumerate() {
        let mut page = Page::long(book, &name, &COLUMNS.map(|(_, width)| width))?;
        let last = EVIDENCE_HEADER + u32::try_from(indices.len()).unwrap_or(0);
        header(&mut page, last, number, styles)?;
        let statements =
            indices.iter().filter_map(|i| Some((i, report.statements.get(*i)?, report.matrix.standings.get(*i)?)));
        let mut row = EVIDENCE_HEADER;
        for (index, statement, standing) in statements {
            row += 1;
            line(&mut page, row, statement, *standing, report, plan, styles)?;
            let others = copies.get(index).into_iter().flatten().filter_map(|i| report.statements.get(*i));
            let others: Vec<&str> = others.map(|s| s.outlet.as_deref().unwrap_or(&s.doc)).collect();
            page.maybe(row, 38, (!others.is_empty()).then(|| others.join("; ")).as_deref(), &styles.line)?;
        }
        validate(&mut page, report, last)?;
        page.sheet.set_freeze_panes(EVIDENCE_HEADER + 1, 2)?;
        page.sheet.set_repeat_rows(EVIDENCE_HEADER, EVIDENCE_HEADER)?;
        page.sheet.set_print_area(0, 0, last, READ - 2)?;
        page.print(report, Paper::A4, 1, 0);
    }
    Ok(())
}

/// Makes the rows a table that can be sorted and filtered; a filter alone where there are very many.
fn header(page: &mut Page<'_>, last: u32, number: usize, styles: &Styles) -> Result<(), XlsxError> {
    let columns: Vec<TableColumn> = (0u16..)
        .zip(COLUMNS)
        .map(|(at, (name, _))| {
            let format = if REVIEW.contains(&at) { &styles.review_head } else { &styles.head };
            TableColumn::new().set_header(name).set_header_format(format)
        })
        .collect();
    let width = u16::try_from(COLUMNS.len() - 1).unwrap_or(0);
    if (EVIDENCE_HEADER + 1..=MANY).contains(&last) {
        let name = if number == 0 { "Evidence".to_string() } else { format!("Evidence{}", number + 1) };
        let table = Table::new().set_name(format!("Table{name}")).set_style(TableStyle::None).set_columns(&columns);
        page.sheet.add_table(EVIDENCE_HEADER, 0, last, width, &table)?;
    } else {
        for (at, (name, _)) in (0u16..).zip(COLUMNS) {
            let format = if REVIEW.contains(&at) { &styles.review_head } else { &styles.head };
            page.text(EVIDENCE_HEADER, at, name, format)?;
        }
        if last > EVIDENCE_HEADER {
            page.sheet.autofilter(EVIDENCE_HEADER, 0, last, width)?;
        }
    }
    let lines = (0u16..).zip(COLUMNS).map(|(at, (name, _))| page.lines(at, name, HEAD)).max().unwrap_or(2);
    page.height(EVIDENCE_HEADER, lines, HEAD)
}

fn line(
    page: &mut Page<'_>,
    row: u32,
    statement: &Statement,
    standing: Standing,
    report: &Report<'_>,
    plan: &Plan,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let stance = Stance::Value(statement.stance);
    let (party, topic) = (report.party(&statement.party), report.topic(&statement.topic));
    let speaker = statement.speaker.as_deref().or(statement.source_text.as_deref());
    let counts = match standing {
        Standing::Counts => "yes",
        Standing::LeftOut(reason) => reason.name(),
    };
    page.text(row, 0, party, &styles.row_head)?;
    page.text(row, 1, topic, &styles.text)?;
    page.number(row, 2, f64::from(statement.stance), &styles.number)?;
    page.text(row, 3, stance.label(&report.codebook.labels), &styles.stance(stance))?;
    page.text(row, 4, &statement.quote, &styles.text)?;
    page.maybe(row, 5, statement.condition.as_deref(), &styles.text)?;
    page.maybe(row, 6, speaker, &styles.text)?;
    page.date(row, 7, statement.day(), &styles.date)?;
    page.maybe(row, 8, statement.outlet.as_deref(), &styles.text)?;
    page.text(row, 9, counts, &styles.text)?;
    match plan.matrix_link(report, &statement.party, &statement.topic) {
        Some(link) => page.link(row, 10, &link, "← cell", &styles.link)?,
        None => page.blank(row, 10, &styles.line)?,
    }
    for column in REVIEW {
        page.blank(row, column, if column == 16 { &styles.review_date } else { &styles.review })?;
    }
    let so_far = report.ledger.and_then(|tie| tie.reviews.get(&statement.id)).or(statement.review.as_ref());
    page.maybe(row, REVIEW.end, so_far.map(String::as_str), &styles.text)?;
    details(page, row, statement, styles)?;
    let texts = [
        (0, party),
        (1, topic),
        (4, statement.quote.as_str()),
        (5, statement.condition.as_deref().unwrap_or_default()),
        (6, speaker.unwrap_or_default()),
        (8, statement.outlet.as_deref().unwrap_or_default()),
        (9, counts),
        (REVIEW.end, so_far.map(String::as_str).unwrap_or_default()),
    ];
    page.fit(row, &texts, BODY, BODY)
}

fn details(page: &mut Page<'_>, row: u32, statement: &Statement, styles: &Styles) -> Result<(), XlsxError> {
    let yes = |flag: bool| if flag { "yes" } else { "no" };
    page.number(row, 20, statement.confidence, &styles.share)?;
    page.text(row, 21, role(statement.role), &styles.line)?;
    page.text(row, 22, mode(statement.mode), &styles.line)?;
    page.maybe(row, 23, statement.source_text.as_deref(), &styles.line)?;
    page.text(row, 24, yes(statement.secondhand), &styles.line)?;
    page.text(row, 25, yes(statement.joint), &styles.line)?;
    page.date(row, 26, statement.stated_on, &styles.date)?;
    page.date(row, 27, statement.published, &styles.date)?;
    page.maybe(row, 28, statement.title.as_deref(), &styles.line)?;
    page.text(row, 29, &statement.doc, &styles.line)?;
    page.number(row, 30, f64::from(statement.start), &styles.number)?;
    page.number(row, 31, f64::from(statement.end), &styles.number)?;
    page.text(row, 32, &statement.context, &styles.line)?;
    page.text(row, 33, &statement.rules.join(" "), &styles.line)?;
    page.text(row, 34, &statement.id, &styles.line)?;
    match &statement.url {
        Some(url) => page.link(row, 35, url, url, &styles.link)?,
        None => page.blank(row, 35, &styles.line)?,
    }
    page.text(row, 36, rank(statement.rank), &styles.line)?;
    page.maybe(row, 37, statement.copy_of.as_deref(), &styles.line)
}

/// Gives the review columns their drop-downs.
fn validate(page: &mut Page<'_>, report: &Report<'_>, last: u32) -> Result<(), XlsxError> {
    let to = last.saturating_add(SPARE_ROWS).min(SHEET_ROWS - 1);
    let first = EVIDENCE_HEADER + 1;
    let own = last.saturating_add(1).min(SHEET_ROWS - 1);
    let lists = [
        (first, 11, List::verdicts(), "Verdict", "accept, reject, or correct (then fill in what is wrong)"),
        (first, 12, List::parties(report), "Corrected party", "Only where the party is wrong"),
        (first, 13, List::topics(report), "Corrected topic", "Only where the topic is wrong"),
        (first, 14, List::stances(), "Corrected stance", "2 demands … 0 noncommittal … -2 rejects"),
        (own, 0, List::parties(report), "A statement of your own", "Party, Topic, Stance, Quote and Document; no Id"),
        (own, 1, List::topics(report), "A statement of your own", "Party, Topic, Stance, Quote and Document; no Id"),
        (own, 2, List::stances(), "A statement of your own", "2 demands … 0 noncommittal … -2 rejects"),
    ];
    for (from, column, list, title, message) in lists {
        let Some(formula) = list.formula() else { continue };
        let rule = DataValidation::new()
            .allow_list_formula(Formula::new(formula))
            .set_input_title(title)?
            .set_input_message(message)?
            .set_error_title("Not on the list")?
            .set_error_message("Please choose an entry of the list.")?
            .set_error_style(DataValidationErrorStyle::Stop);
        page.sheet.add_data_validation(from, column, to, column, &rule)?;
    }
    let days =
        DataValidationRule::Between(ExcelDateTime::from_ymd(1900, 1, 1)?, ExcelDateTime::from_ymd(2199, 12, 31)?);
    let rule = DataValidation::new()
        .allow_date(days)
        .set_input_title("Corrected date")?
        .set_input_message("The day it was said, as 2025-02-13")?
        .set_error_title("No date")?
        .set_error_message("Please write a date, as 2025-02-13.")?;
    page.sheet.add_data_validation(EVIDENCE_HEADER + 1, 16, to, 16, &rule)?;
    Ok(())
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Government => "government",
        Role::Legislator => "legislator",
        Role::Former => "former",
        Role::Expert => "expert",
        Role::Other => "other",
    }
}

fn rank(rank: Rank) -> &'static str {
    match rank {
        Rank::None => "none",
        Rank::Legislator => "legislator",
        Rank::Official => "official",
        Rank::Leader => "leader",
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Direct => "direct",
        Mode::Mixed => "mixed",
        Mode::Indirect => "indirect",
        Mode::Narrated => "narrated",
    }
}
