//! What is wrong with a codebook file, and where.

use crate::base;

/// One fault of a codebook or lexicon file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    file: String,
    line: Option<usize>,
    what: String,
    hint: String,
}

impl Problem {
    /// Makes a problem: 1-based line where one is to blame; what is wrong and why, in one sentence without a full stop.
    pub(super) fn new(file: &str, line: Option<usize>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Problem { file: file.to_string(), line, what: what.into(), hint: hint.into() }
    }

    /// Returns the problem as the program tells it.
    pub(super) fn told(self) -> base::Problem {
        let problem = base::Problem::error("cannot use the codebook").at(self.file).why(self.what).hint(self.hint);
        match self.line {
            Some(line) => problem.line(line as u64),
            None => problem,
        }
    }
}
