//! `sources.csv`: what the documents of a folder cannot say of themselves.
//!
//! A header with `file` and any of `published`, `outlet`, `title`, `url`, `author`, in any order; further columns are for the
//! user. `file` is a path from the folder of the `sources.csv`. Where folders within folders have one each, the nearest tells.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, Path, PathBuf};

use jiff::civil::Date;

use super::decode::decode;
use super::find::{Inputs, SOURCES};
use crate::base::file::read_bytes;
use crate::base::{Problem, Problems, date, limits};

/// What is told of a document from outside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// Publication date.
    pub published: Option<Date>,
    /// Outlet.
    pub outlet: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Author.
    pub author: Option<String>,
}

/// All rows of all `sources.csv` beside the inputs.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    rows: BTreeMap<PathBuf, Given>,
}

impl Sources {
    /// Reads every `sources.csv` beside `inputs`, and between them and the folder given.
    ///
    /// A bad row is a problem with its line; the good rows count.
    pub fn read(inputs: &Inputs) -> (Sources, Vec<Problem>) {
        let mut folders = BTreeSet::new();
        for (own, root) in inputs.folders() {
            let above = own.ancestors().skip(1).filter(|folder| root.is_some_and(|root| folder.starts_with(root)));
            folders.extend(std::iter::once(own).chain(above));
        }
        let mut sources = Sources::default();
        let mut problems = Vec::new();
        // A folder sorts after those it lies in, so that the nearest row is the last to be put in.
        for folder in folders {
            let path = folder.join(SOURCES);
            match open(&path) {
                Ok(None) => {}
                Ok(Some(text)) => sources.rows.extend(rows(&text, &path, folder, &mut problems)),
                Err(problem) => problems.push(problem),
            }
        }
        (sources, problems)
    }

    /// Returns what is told of a file, or of a document in it.
    pub fn of(&self, path: &Path) -> Option<&Given> {
        self.rows.get(&tidy(path))
    }

    /// Adds the rows of a file that lies in an archive, which tell more nearly than any beside it.
    pub(super) fn add(&mut self, bytes: Vec<u8>, path: &Path) -> Vec<Problem> {
        let mut problems = Vec::new();
        match decode(bytes) {
            Ok(text) => {
                let folder = path.parent().unwrap_or(Path::new(""));
                self.rows.extend(rows(&text, path, folder, &mut problems));
            }
            Err(error) => problems.push(unusable(path, error.to_string())),
        }
        problems
    }
}

/// Reads the file, where there is one.
fn open(path: &Path) -> Result<Option<String>, Problem> {
    let trouble = |why: String| unusable(path, why);
    let bytes = match read_bytes(path, limits::DATA_FILE_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(trouble(error.to_string())),
    };
    decode(bytes).map(Some).map_err(|error| trouble(error.to_string()))
}

fn unusable(path: &Path, why: String) -> Problem {
    Problem::error("cannot read what is known of the documents")
        .at(path)
        .why(why)
        .hint("Mend or remove it; without it dates and outlets are read from the documents themselves")
}

/// Tells whether there is such a file, as far as can be seen from outside: what lies in an archive or a feed cannot.
fn may_be(path: &Path) -> bool {
    let feed = path.to_str().and_then(|path| path.rsplit_once('#')).is_some_and(|(feed, _)| Path::new(feed).is_file());
    path.exists() || feed || path.ancestors().skip(1).any(Path::is_file)
}

/// Takes `.` and `a/..` out of a path, as text.
fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            _ => out.push(part),
        }
    }
    out
}

/// The columns that are read.
const COLUMNS: [&str; 6] = ["file", "published", "outlet", "title", "url", "author"];

/// Reads the rows of one file.
fn rows(text: &str, path: &Path, folder: &Path, problems: &mut Vec<Problem>) -> BTreeMap<PathBuf, Given> {
    let mut faults = Problems::default();
    let rows = rows_of(text, path, folder, &mut faults);
    problems.extend(faults.end());
    rows
}

fn rows_of(text: &str, path: &Path, folder: &Path, problems: &mut Problems) -> BTreeMap<PathBuf, Given> {
    let mut rows: BTreeMap<PathBuf, Given> = BTreeMap::new();
    let mut lines: BTreeMap<PathBuf, u64> = BTreeMap::new();
    let head = text.lines().next().unwrap_or("");
    // Spreadsheets of many countries write semicolons and call it CSV.
    let comma = [b',', b';', b'\t'].into_iter().max_by_key(|c| (head.bytes().filter(|b| b == c).count(), *c == b','));
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(comma.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let row_problem = |line: u64, why: String| Problem::error("cannot use the row").at(path).line(line).why(why);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            problems.push(row_problem(1, error.to_string()).hint("Save it as CSV in UTF-8"));
            return rows;
        }
    };
    let column = |name: &str| header.iter().position(|cell| cell.eq_ignore_ascii_case(name));
    let places: Vec<Option<usize>> = COLUMNS.iter().map(|name| column(name)).collect();
    if places[0].is_none() {
        let why = "there is no column \"file\"";
        problems.push(row_problem(1, why.into()).hint("Begin with the line: file,published,outlet,title,url,author"));
        return rows;
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                problems.push(row_problem(line, error.to_string()).hint("Save it as CSV in UTF-8"));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let [file, published, outlet, title, url, author] = [0, 1, 2, 3, 4, 5].map(|i: usize| {
            let cell = places.get(i).copied().flatten().and_then(|at| record.get(at));
            cell.filter(|cell| !cell.is_empty()).map(str::to_string)
        });
        if record.iter().all(str::is_empty) {
            continue;
        }
        if record.len() > header.len() {
            let why = format!("it has {} cells, the header {}", record.len(), header.len());
            problems.push(row_problem(line, why).hint("Put quotation marks around a cell that holds a comma"));
            continue;
        }
        let Some(file) = file else {
            problems.push(row_problem(line, "the cell \"file\" is empty".into()).hint("Name the file of the document"));
            continue;
        };
        let key = tidy(&folder.join(file.replace('\\', "/")));
        if let Some(first) = lines.get(&key) {
            let why = format!("line {first} is about {file} already");
            problems.push(row_problem(line, why).hint("Remove one of the two; the first counts"));
            continue;
        }
        if !may_be(&key) {
            let why = format!("there is no file {file}");
            problems.push(
                Problem::warning("the row is about no document")
                    .at(path)
                    .line(line)
                    .why(why)
                    .hint("Write its path from the folder of this file, with its ending"),
            );
        }
        let day = published.as_deref().and_then(date::parse);
        if let (Some(cell), None) = (&published, day) {
            let problem = Problem::error("cannot use the publication date").at(path).line(line);
            problems.push(problem.why(format!("\"{cell}\" is not one certain day")).hint("Write it as 2025-02-13"));
        }
        lines.insert(key.clone(), line);
        rows.insert(key, Given { published: day, outlet, title, url, author });
    }
    rows
}
