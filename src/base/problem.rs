//! What went wrong with one piece of input, told so that a reader can put it right: what, where, why, what to do.
//!
//! Inside a module errors are typed; they become a [`Problem`] where they leave it, so that a batch can collect them and go on.

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
