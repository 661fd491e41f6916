//! Tags and text of a page, in their order.
//!
//! html5gum goes from one quoted attribute to the next by calls within calls, which a tag of many thousands drives beyond the stack:
//! here such a page ends with an error.

use std::cell::Cell;

use html5gum::{DefaultEmitter, Emitter, ForwardingEmitter, Readable, Reader, StringReader, Token, Tokenizer};
use thiserror::Error;

use super::error::DocumentError;
use crate::base::limits;

/// Hands the tags and texts of a page to `take`.
///
/// # Errors
///
/// A tag with more attributes than the limit, and the first of `take`.
pub(super) fn each(html: &str, mut take: impl FnMut(Token) -> Result<(), DocumentError>) -> Result<(), DocumentError> {
    let attributes = Cell::new(0);
    let mut inner = DefaultEmitter::default();
    // Scripts and styles hold what looks like tags.
    inner.naively_switch_states(true);
    let counting = Counting { inner, attributes: &attributes };
    let bounded = Bounded { inner: html.to_reader(), attributes: &attributes };
    for token in Tokenizer::new_with_emitter(bounded, counting) {
        take(token.map_err(|Crowded| DocumentError::Crowded("attributes in a tag", limits::ATTRIBUTES))?)?;
    }
    Ok(())
}

/// Counts the attributes of the tag that is open.
struct Counting<'c> {
    inner: DefaultEmitter,
    attributes: &'c Cell<usize>,
}

impl ForwardingEmitter for Counting<'_> {
    type Token = Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = Token> {
        &mut self.inner
    }

    fn init_start_tag(&mut self) {
        self.attributes.set(0);
        Emitter::init_start_tag(&mut self.inner);
    }

    fn init_end_tag(&mut self) {
        self.attributes.set(0);
        Emitter::init_end_tag(&mut self.inner);
    }

    fn init_attribute(&mut self) {
        self.attributes.set(self.attributes.get() + 1);
        Emitter::init_attribute(&mut self.inner);
    }
}

#[derive(Debug, Error)]
#[error("a tag has too many attributes")]
struct Crowded;

/// Reads a page as long as its tags have few attributes.
struct Bounded<'p> {
    inner: StringReader<'p>,
    attributes: &'p Cell<usize>,
}

impl Bounded<'_> {
    fn check(&self) -> Result<(), Crowded> {
        if self.attributes.get() > limits::ATTRIBUTES { Err(Crowded) } else { Ok(()) }
    }
}

impl Reader for Bounded<'_> {
    type Error = Crowded;

    fn read_byte(&mut self) -> Result<Option<u8>, Crowded> {
        self.check()?;
        self.inner.read_byte().map_err(|never| match never {})
    }

    fn try_read_string(&mut self, wanted: &[u8], case_sensitive: bool) -> Result<bool, Crowded> {
        self.inner.try_read_string(wanted, case_sensitive).map_err(|never| match never {})
    }

    fn read_until<'b>(&'b mut self, needle: &[u8], buffer: &'b mut [u8; 4]) -> Result<Option<&'b [u8]>, Crowded> {
        self.check()?;
        self.inner.read_until(needle, buffer).map_err(|never| match never {})
    }
}
