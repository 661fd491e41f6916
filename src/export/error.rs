//! What can go wrong while writing or reading exports.

/// What went wrong, and where.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The sink or source failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A line is not a statement.
    #[error("line {line}: {source}")]
    Line {
        /// 1-based line.
        line: usize,
        /// What the line lacks.
        #[source]
        source: serde_json::Error,
    },
    /// A line is longer than any statement.
    #[error("line {line}: longer than {limit} bytes")]
    TooLong {
        /// 1-based line.
        line: usize,
        /// Bytes a line may have.
        limit: u64,
    },
}

impl From<csv::Error> for Error {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(io) => Error::Io(io),
            other => Error::Io(std::io::Error::other(format!("{other:?}"))),
        }
    }
}

impl Error {
    /// Tells whether the reader of our output went away.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Error::Io(e) if e.kind() == std::io::ErrorKind::BrokenPipe)
    }
}
