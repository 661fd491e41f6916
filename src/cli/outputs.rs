//! The files that a matrix makes, and the closing summary.

use std::fs;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::thread;

use super::fault::{Fault, say};
use crate::base::Problem;
use crate::base::file::{AtomicFile, FileError};
use crate::base::space::flat;
use crate::export::{self, Options, Table};
use crate::workbook::{self, Report};

/// Makes all files, whole on the disk but for their names, then gives all of them their names or none. The workbook, which takes longest, is
/// made beside the others.
///
/// # Errors
/// Names the first file that could not be written.
pub(super) fn write(folder: &Path, report: &Report<'_>, options: Options) -> Result<(), Fault> {
    let (matrix, statements, labels) = (report.matrix, report.statements, &report.codebook.labels);
    prepare(folder)?;
    let make = |name: &str, fill: &dyn Fn(&mut AtomicFile) -> Result<(), Unmade>| Made::new(folder.join(name), fill);
    let tables = || -> Result<Vec<Made>, Fault> {
        let mut ready = vec![
            make("statements.jsonl", &|out| Ok(export::write_statements_jsonl(BufWriter::new(out), statements)?))?,
            make("statements.csv", &|out| Ok(export::write_statements_csv(out, statements, options)?))?,
            make("positions.csv", &|out| Ok(export::write_positions(out, matrix, statements, labels, options)?))?,
            make("matrix.csv", &|out| Ok(export::write_matrix(out, matrix, labels, options)?))?,
        ];
        for table in [Table::Statements, Table::Positions].into_iter().filter(|_| options.csvw) {
            let name = format!("{}.csv-metadata.json", table.name());
            ready.push(make(&name, &|out| Ok(export::write_csvw(out, table)?))?);
        }
        Ok(ready)
    };
    let ready = thread::scope(|scope| -> Result<Vec<Made>, Fault> {
        let tables = scope.spawn(tables);
        // The workbook takes most memory: this thread has much to use again that was freed since the documents were read.
        let book = make("positions.xlsx", &|out| Ok(workbook::write(out, report)?));
        let mut ready = tables.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        ready.push(book?);
        Ok(ready)
    })?;
    for Made { file, path } in ready {
        file.commit().map_err(|e| e.problem(&path))?;
    }
    Ok(())
}

/// A file that waits for its name.
struct Made {
    file: AtomicFile,
    path: PathBuf,
}

impl Made {
    fn new(path: PathBuf, fill: &dyn Fn(&mut AtomicFile) -> Result<(), Unmade>) -> Result<Self, Fault> {
        let mut file = AtomicFile::create(&path).map_err(|e| e.problem(&path))?;
        match fill(&mut file) {
            Ok(()) => Ok(Made { file, path }),
            Err(Unmade::Disk(source)) => Err(FileError::writing(&path, source).problem(&path).into()),
            Err(Unmade::Other(why)) => Err(Problem::error("cannot make the file").at(&path).why(why).into()),
        }
    }
}

/// Why a file was not made.
enum Unmade {
    /// The disk does not take it.
    Disk(io::Error),
    /// Anything else.
    Other(String),
}

impl From<export::Error> for Unmade {
    fn from(error: export::Error) -> Self {
        match error {
            export::Error::Io(source) => Unmade::Disk(source),
            other => Unmade::Other(other.to_string()),
        }
    }
}

impl From<workbook::Error> for Unmade {
    fn from(error: workbook::Error) -> Self {
        error.into_io().map_or_else(|other| Unmade::Other(other.to_string()), Unmade::Disk)
    }
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
    let unread = Problem::errors(problems);
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
    let shown = items.iter().take(8).map(|item| flat(item)).collect::<Vec<_>>().join(", ");
    if items.len() > 8 { format!("{shown} and {} more", items.len() - 8) } else { shown }
}
