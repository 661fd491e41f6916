//! What went wrong with one piece of input, told so that a reader can put it right: what, where, why, what to do.
//!
//! Inside a module errors are typed; they become a [`Problem`] where they leave it, so that a batch can collect them and go on.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Serialize;

/// How much a problem weighs, from the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Note,
    /// Something was left out or guessed; the rest stands.
    Warning,
    /// A piece of input could not be used.
    Error,
}

/// One thing that went wrong, where, why, and what to do about it.
///
/// ```
/// use demarche::base::Problem;
///
/// let problem = Problem::error("cannot use the row")
///     .at("seeds/sources.csv")
///     .line(3)
///     .why("\"13 Febuary\" is not a date")
///     .hint("Write it as 2025-02-13");
/// assert_eq!(
///     problem.to_string(),
///     "cannot use the row: seeds/sources.csv, line 3: \"13 Febuary\" is not a date. Write it as 2025-02-13."
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How much it weighs.
    pub severity: Severity,
    /// What could not be done.
    pub what: Box<str>,
    /// The file, as the user named it.
    pub path: Option<Box<str>>,
    /// 1-based line.
    pub line: Option<u64>,
    /// 0-based byte.
    pub byte: Option<u64>,
    /// Why.
    pub why: Box<str>,
    /// What to do.
    pub hint: Box<str>,
    /// For how many it stands: itself, or as many as are only counted.
    pub times: usize,
}

impl Problem {
    /// Starts a problem of the given weight; `what` says what could not be done.
    pub fn new(severity: Severity, what: impl Into<Box<str>>) -> Self {
        Problem {
            severity,
            what: what.into(),
            path: None,
            line: None,
            byte: None,
            why: Box::default(),
            hint: Box::default(),
            times: 1,
        }
    }

    /// Starts an error.
    pub fn error(what: impl Into<Box<str>>) -> Self {
        Problem::new(Severity::Error, what)
    }

    /// Starts a warning.
    pub fn warning(what: impl Into<Box<str>>) -> Self {
        Problem::new(Severity::Warning, what)
    }

    /// Starts a note.
    pub fn note(what: impl Into<Box<str>>) -> Self {
        Problem::new(Severity::Note, what)
    }

    /// Names the file.
    pub fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.path = Some(path.as_ref().display().to_string().into());
        self
    }

    /// Names the 1-based line.
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// Names the 0-based byte.
    pub fn byte(mut self, byte: u64) -> Self {
        self.byte = Some(byte);
        self
    }

    /// Says why, without a final full stop.
    pub fn why(mut self, why: impl fmt::Display) -> Self {
        self.why = why.to_string().into();
        self
    }

    /// Says for how many it stands.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Returns how many errors there are, those included that are only counted.
    pub fn errors(problems: &[Problem]) -> usize {
        problems.iter().filter(|p| p.severity == Severity::Error).map(|p| p.times).sum()
    }

    /// Says what to do, without a final full stop.
    pub fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.hint = hint.to_string().into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        let mut lead = ": ";
        if let Some(path) = &self.path {
            write!(f, "{lead}{path}")?;
            lead = ", ";
        }
        if let Some(line) = self.line {
            write!(f, "{lead}line {line}")?;
            lead = ", ";
        }
        if let Some(byte) = self.byte {
            write!(f, "{lead}byte {byte}")?;
        }
        if !self.why.is_empty() {
            write!(f, ": {}", self.why)?;
        }
        if !self.hint.is_empty() {
            write!(f, ". {}", self.hint)?;
        }
        f.write_str(".")
    }
}

impl std::error::Error for Problem {}

/// Problems as they are met: so many of the rows of one file, so many of one kind, and then how many more there were. A table of nothing but bad
/// rows, or an archive of repeated texts, would else fill memory and screen.
#[derive(Debug, Default)]
pub struct Problems {
    kept: Vec<Problem>,
    met: BTreeMap<(Severity, Of), usize>,
}

/// What problems have in common.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    /// They are of rows of this file.
    Rows(Box<str>),
    /// They say this, of documents.
    Kind(Box<str>),
}

impl Problems {
    /// Problems of one weight that are kept of the rows of one file.
    pub const OF_ROWS: usize = 100;
    /// Problems that are kept of those that say the same of documents.
    pub const OF_KIND: usize = 10_000;

    /// Takes note of one more.
    pub fn push(&mut self, problem: Problem) {
        let of = table(&problem).map_or_else(|| Of::Kind(problem.what.clone()), |path| Of::Rows(path.into()));
        let most = of.most();
        let met = self.met.entry((problem.severity, of)).or_default();
        *met += 1;
        if *met <= most {
            self.kept.push(problem);
        }
    }

    /// Returns those that were kept, and for each file and kind how many were not.
    pub fn end(mut self) -> Vec<Problem> {
        for ((severity, of), met) in self.met {
            let most = of.most();
            let Some(more) = met.checked_sub(most).filter(|more| *more > 0) else { continue };
            let (problem, hint) = match of {
                Of::Rows(path) => (
                    Problem::new(severity, format!("the same of {more} more rows"))
                        .at(&*path)
                        .why(format!("{most} problems of the rows of a file are told")),
                    "Mend the file by those, and run again",
                ),
                Of::Kind(what) => (
                    Problem::new(severity, what)
                        .why(format!("the same of {more} more documents; {most} of a kind are told")),
                    "Mend or take out those, and run again to see the others",
                ),
            };
            let problem = problem.times(more);
            // Of what a note tells nothing is to be mended.
            self.kept.push(if severity == Severity::Note { problem } else { problem.hint(hint) });
        }
        self.kept
    }
}

impl Of {
    fn most(&self) -> usize {
        match self {
            Of::Rows(_) => Problems::OF_ROWS,
            Of::Kind(_) => Problems::OF_KIND,
        }
    }
}

/// The file, where a problem is one of a row or a line of it: of `news.csv`, or of `news.csv, row 3`.
fn table(problem: &Problem) -> Option<&str> {
    let path = problem.path.as_deref()?;
    let numbered =
        path.rsplit_once(", row ").filter(|(_, row)| !row.is_empty() && row.bytes().all(|b| b.is_ascii_digit()));
    numbered.map(|(file, _)| file).or(problem.line.map(|_| path))
}
