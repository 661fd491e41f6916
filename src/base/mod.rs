//! What every layer shares and nothing else: byte spans, content ids, dates, limits, problems, white space, text for terminals, files written whole or not at all.

pub mod date;
pub mod delimited;
pub mod file;
pub mod id;
pub mod limits;
pub mod plain;
pub mod problem;
pub mod quick;
pub mod rows;
pub mod space;
pub mod span;

pub use problem::{Problem, Problems, Severity};
pub use span::{CodePoints, LineIndex, Span};
