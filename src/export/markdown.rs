//! The matrix as a Markdown table, and below it the statements behind each cell.

use std::io::Write;

use super::grid::{markdown as plain, row};
use super::{Error, Findings};
use crate::matrix::{Position, Stance, words};
use crate::statement::Statement;

/// Writes a page of Markdown: what was counted, the matrix with parties in rows and topics in columns, then every position with the
/// quotations behind it, who said them, when and where.
///
/// Nothing that stands in a document is markup of the page.
///
/// # Errors
/// Fails where `out` does.
pub fn write_markdown<W: Write>(mut out: W, findings: Findings<'_>) -> Result<(), Error> {
    writeln!(out, "# {}\n", plain(&findings.codebook.title))?;
    writeln!(out, "{}\n", head(findings))?;
    if findings.matrix.positions.is_empty() {
        writeln!(out, "No position found.")?;
        return Ok(());
    }
    table(&mut out, findings)?;
    if let Some(legend) = legend(findings) {
        writeln!(out, "\n{legend}")?;
    }
    writeln!(out, "\n## Statements")?;
    let mut party = None;
    for position in &findings.matrix.positions {
        if party != Some(position.row) {
            party = Some(position.row);
            let name = findings.matrix.parties.get(position.row).map_or("", |p| &p.name);
            writeln!(out, "\n### {}", plain(name))?;
        }
        evidence(&mut out, findings, position)?;
    }
    Ok(())
}

fn head(findings: Findings<'_>) -> String {
    let Findings { matrix, codebook, .. } = findings;
    let since = matrix.since.map(|day| format!(" since {}", words::day(day))).unwrap_or_default();
    format!(
        "Positions {}{since}, rule {}: {} parties, {} topics, {} statements. Codebook {}, version {}.",
        words::as_of(matrix.as_of),
        matrix.rule,
        matrix.parties.len(),
        matrix.topics.len(),
        matrix.positions.iter().map(Position::count).sum::<usize>(),
        plain(&codebook.name),
        plain(&codebook.version),
    )
}

fn table<W: Write>(out: &mut W, findings: Findings<'_>) -> Result<(), Error> {
    let matrix = findings.matrix;
    let names = matrix.topics.iter().map(|t| t.name.as_str());
    writeln!(out, "{}", row(std::iter::once("Party").chain(names)))?;
    writeln!(out, "|{}", " --- |".repeat(matrix.topics.len() + 1))?;
    for (at, party) in matrix.parties.iter().enumerate() {
        let cells: Vec<String> = (0..matrix.topics.len())
            .map(|column| {
                let none = || findings.codebook.labels.none.clone();
                matrix.at(at, column).map_or_else(none, |p| cell(findings, p))
            })
            .collect();
        writeln!(out, "{}", row(std::iter::once(party.name.as_str()).chain(cells.iter().map(String::as_str))))?;
    }
    Ok(())
}

/// `leans yes (+1), if guarantees fail ⚠ ?`
fn cell(findings: Findings<'_>, position: &Position) -> String {
    let mut out = standing(findings, position);
    if position.contradiction.is_some() {
        out.push_str(" ⚠");
    }
    if position.is_uncertain() {
        out.push_str(" ?");
    }
    out
}

fn standing(findings: Findings<'_>, position: &Position) -> String {
    let label = position.stance.label(&findings.codebook.labels);
    let condition = words::condition(&position.conditions).unwrap_or_default();
    words::listed(&[&words::stance(label, findings.matrix.number(position)), &condition])
}

/// Explains the marks that stand in the table.
fn legend(findings: Findings<'_>) -> Option<String> {
    let positions = &findings.matrix.positions;
    let contradictory = positions.iter().any(|p| p.contradiction.is_some());
    let uncertain = positions.iter().any(Position::is_uncertain);
    let marks = [
        contradictory.then_some("⚠: the party has also said otherwise."),
        uncertain.then_some("?: no statement behind the position is surer than even."),
    ];
    let told: Vec<&str> = marks.into_iter().flatten().collect();
    Some(told.join(" ")).filter(|told| !told.is_empty())
}

fn evidence<W: Write>(out: &mut W, findings: Findings<'_>, position: &Position) -> Result<(), Error> {
    let topic = findings.matrix.topics.get(position.column).map_or("", |t| &t.name);
    writeln!(out, "\n#### {}: {}\n", plain(topic), plain(&standing(findings, position)))?;
    for statement in position.statements.iter().filter_map(|i| findings.statements.get(*i)) {
        writeln!(out, "- {}", entry(findings, statement))?;
    }
    Ok(())
}

/// `‘We are ready to sign’: demands (+2); President of Ukraine, 4 Mar 2025, Test Courier`
fn entry(findings: Findings<'_>, statement: &Statement) -> String {
    let label = Stance::Value(statement.stance).label(&findings.codebook.labels);
    let stance = words::stance(label, Some(f64::from(statement.stance)));
    let quote = plain(&words::quoted(&statement.quote, usize::MAX));
    let day = words::said_on(statement.day());
    let said = words::listed(&[&plain(words::voice(statement)), &day, &place(statement)]);
    format!("{quote}: {}; {said}", plain(&stance))
}

/// The outlet, else the document, with a link where the address is a plain one.
fn place(statement: &Statement) -> String {
    let name = plain(statement.outlet.as_deref().unwrap_or(&statement.doc));
    match statement.url.as_deref().filter(|url| is_plain_address(url)) {
        Some(url) => format!("[{name}]({url})"),
        None => name,
    }
}

/// Tells whether an address is of the web and holds nothing that could end a Markdown link.
fn is_plain_address(url: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c);
    (url.starts_with("https://") || url.starts_with("http://")) && url.chars().all(allowed)
}
