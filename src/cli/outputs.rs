//! The files that a matrix makes, and the closing summary.

use std::fs;
use std::path::Path;

use super::fault::{Fault, say};
use crate::base::{Problem, Severity, file};
use crate::export::{self, Options, Table};
use crate::workbook::{self, Report};

/// Makes all files in memory, then writes all of them or none.
///
/// # Errors
/// Names the first file that could not be written.
pub(super) fn write(folder: &Path, report: &Report<'_>, options: Options) -> Result<(), Fault> {
    let (matrix, statements, labels) = (report.matrix, report.statements, &report.codebook.labels);
    let made = |name: &str, result: Result<(), export::Error>| {
        result.map_err(|e| Fault::from(Problem::error("cannot make the file").at(folder.join(name)).why(e)))
    };
    let names = ["statements.jsonl", "statements.csv", "positions.csv", "matrix.csv", "positions.xlsx"];
    let mut files: Vec<(String, Vec<u8>)> = names.iter().map(|name| ((*name).to_string(), Vec::new())).collect();
    for (name, bytes) in &mut files {
        match name.as_str() {
            "statements.jsonl" => made(name, export::write_statements_jsonl(bytes, statements))?,
            "statements.csv" => made(name, export::write_statements_csv(bytes, statements, options))?,
            "positions.csv" => made(name, export::write_positions(bytes, matrix, statements, labels, options))?,
            "matrix.csv" => made(name, export::write_matrix(bytes, matrix, labels, options))?,
            _ => {
                *bytes = workbook::to_bytes(report)
                    .map_err(|e| Problem::error("cannot make the workbook").at(folder.join(name)).why(e))?;
            }
        }
    }
    for table in [Table::Statements, Table::Positions].into_iter().filter(|_| options.csvw) {
        let (name, mut bytes) = (format!("{}-metadata.json", table.file()), Vec::new());
        made(&name, export::write_csvw(&mut bytes, table))?;
        files.push((name, bytes));
    }
    prepare(folder)?;
    // All are on the disk before the first takes its name, so that one that cannot be written leaves the others as they were.
    let mut ready = Vec::new();
    for (name, bytes) in &files {
        let path = folder.join(name);
        ready.push((file::AtomicFile::with(&path, bytes).map_err(|e| e.problem(&path))?, path));
    }
    for (file, path) in ready {
        file.commit().map_err(|e| e.problem(&path))?;
    }
    Ok(())
}

/// Makes the folder.
pub(super) fn prepare(folder: &Path) -> Result<(), Fault> {
    fs::create_dir_all(folder).map_err(|e| {
        Fault::from(Problem::error("cannot make the output folder").at(folder).why(e).hint("Name another one with -o"))
    })
}

/// Tells on standard error what was done.
pub(super) fn summary(folder: &Path, report: &Report<'_>, problems: &[Problem]) {
    say(&lines(folder, report, problems));
}

fn lines(folder: &Path, report: &Report<'_>, problems: &[Problem]) -> String {
    let matrix = report.matrix;
    let counted = matrix.standings.iter().filter(|s| s.counts()).count();
    let contradictory = matrix.positions.iter().filter(|p| p.contradiction.is_some()).count();
    let as_of = matrix.as_of.map_or_else(|| "no date known".to_string(), |d| format!("as of {d}"));
    let mut out = format!(
        "{} documents, {} statements ({counted} count), {} parties on {} topics, {} positions, {contradictory} contradictory; {as_of}\n",
        report.sources.len(),
        report.statements.len(),
        matrix.parties.len(),
        matrix.topics.len(),
        matrix.positions.len(),
    );
    let notes = [
        ("speakers not placed", report.unplaced()),
        ("documents without date", report.documents(|s| s.published.is_none())),
        ("on something else, not coded", report.documents(|s| s.elsewhere)),
        ("copies of another, counted once", report.documents(|s| s.copy_of.is_some())),
    ];
    for (head, items) in notes.iter().filter(|(_, items)| !items.is_empty()) {
        out.push_str(&format!("{head}: {}\n", some(items)));
    }
    let unread = problems.iter().filter(|p| p.severity == Severity::Error).count();
    if unread > 0 {
        out.push_str(&format!("not used: {unread} (told above)\n"));
    }
    out.push_str(&format!(
        "written to {}: positions.xlsx, positions.csv, matrix.csv, statements.csv, statements.jsonl\n",
        folder.display()
    ));
    out
}

fn some(items: &[&str]) -> String {
    let shown = items.iter().take(8).copied().collect::<Vec<_>>().join(", ");
    if items.len() > 8 { format!("{shown} and {} more", items.len() - 8) } else { shown }
}
