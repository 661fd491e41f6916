//! What a file tells of its document: the text, and what the form of the file knows beside it.

use jiff::civil::Date;

use super::sources::Given;
use crate::base::date::{self, When};

/// A text, and what its file knows of it.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The text that a reader sees.
    pub(super) text: String,
    /// What the file says of the document.
    pub(super) given: Given,
    /// The day the file was made, which stands in where nothing else tells a day.
    pub(super) made: Option<Date>,
}

/// Reads the first full date of a value.
pub(super) fn day(value: &str) -> Option<Date> {
    if value.len() > 120 {
        return None;
    }
    date::scan(value).into_iter().find_map(|found| match found.when {
        When::Day(date) => Some(date),
        _ => None,
    })
}
