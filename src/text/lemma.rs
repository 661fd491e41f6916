//! Lemmas (stub).
use super::Tag;
use std::borrow::Cow;

/// Returns the lemma of a lower-cased word.
pub fn lemma(lower: &str, _tag: Tag) -> Cow<'_, str> {
    lower.into()
}
