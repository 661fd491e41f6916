//! What every layer shares and nothing else: byte spans, content ids, dates, limits, files written whole or not at all.

pub mod date;
pub mod file;
pub mod id;
pub mod limits;
pub mod rows;
pub mod span;

pub use span::{CodePoints, LineIndex, Span};
