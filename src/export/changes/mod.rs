//! Changes as Markdown, CSV, JSON and daff.
//!
//! | file | subject |
//! | --- | --- |
//! | `table` | Markdown and CSV, one line a change |
//! | `json` | one JSON object |
//! | `daff` | the highlighter form of daff: a matrix with the changes in its cells |

mod daff;
mod json;
mod table;

pub use daff::write_daff;
pub use json::write_json;
pub use table::{CHANGE_COLUMNS, write_csv, write_markdown};
