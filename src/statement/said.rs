//! The day a statement was made, where the text tells.

use jiff::civil::Date;

use super::code::Context;
use crate::attribution::{Voice, Who};
use crate::base::date::find_dates;

/// Returns the day a statement in a sentence was made: a date of the sentence outside what is said.
pub(super) fn on(context: &Context<'_>, number: usize, voice: Option<&Voice>, _speaker: Option<&Who>) -> Option<Date> {
    let span = context.analysis.sentences[number].span;
    let text = span.of(&context.document.text);
    let found = find_dates(text, context.published);
    found
        .iter()
        .filter(|(at, _)| !voice.is_some_and(|v| v.says(span.start + at.start)))
        .map(|(_, date)| *date)
        .next()
}
