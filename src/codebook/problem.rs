//! What is wrong with a codebook, and where.

use std::fmt;

/// One fault of a codebook or lexicon file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// File the fault is in, as the user knows it.
    pub file: String,
    /// 1-based line, where one is to blame.
    pub line: Option<usize>,
    /// What is wrong and why, in one sentence without a full stop.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

impl Problem {
    /// Makes a problem.
    pub fn new(file: &str, line: Option<usize>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Problem { file: file.to_string(), line, what: what.into(), hint: hint.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.what)?;
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
