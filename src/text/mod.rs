//! What a text is made of: paragraphs, sentences, tokens with part of speech, quotations.
//!
//! [`analyse`] is the way in. Everything it returns is spans and indices over the one text it was given; the text itself is
//! never copied or changed. Time is linear in the text, and no input is refused.

mod abbrev;
pub mod hash;
mod lemma;
pub mod model;
mod paragraph;
pub mod parse;
mod quote;
mod sentence;
mod tag;
pub mod tagger;
mod token;

use std::ops::Range;

pub use lemma::lemma;
pub use parse::{Parser, ROOT, Rel, Tree, Workspace};
pub use tag::Tag;
pub use tagger::Tagger;

use crate::base::Span;

/// The index that stands for "none" wherever an index may be missing.
pub const NONE: u32 = u32::MAX;

/// The longest text analysed, in bytes; what lies beyond is not looked at, as spans could not name it.
pub const LONGEST_TEXT: usize = u32::MAX as usize - 1;

/// What kind of thing a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TokenKind {
    /// A word, a clitic, an abbreviation.
    Word,
    /// Digits with their separators, without letters.
    Number,
    /// Punctuation, an apostrophe that stands alone among it.
    Punct,
    /// A quotation mark.
    Quote,
    /// An address, a handle, a sign.
    Symbol,
}

/// One token of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, in bytes of the text.
    pub span: Span,
    /// Its kind.
    pub kind: TokenKind,
    /// Its part of speech.
    pub tag: Tag,
    /// The index of its sentence.
    pub sentence: u32,
    /// The index of the outermost quotation it lies in, the marks among it, or [`NONE`].
    pub quote: u32,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// From the first byte of its first token to the last of its last.
    pub span: Span,
    /// The indices of its tokens.
    pub tokens: Range<u32>,
    /// The index of its paragraph.
    pub paragraph: u32,
}

/// One paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// From the first byte of its first token to the last of its last.
    pub span: Span,
    /// The indices of its sentences.
    pub sentences: Range<u32>,
    /// The indices of its tokens.
    pub tokens: Range<u32>,
    /// Whether it is a short line without a full stop.
    pub heading: bool,
}

/// One quotation. Quotations are ordered by where they open; an inner one follows the one it lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Its span with the marks.
    pub outer: Span,
    /// Its span without the marks.
    pub inner: Span,
    /// The indices of the tokens between the marks.
    pub tokens: Range<u32>,
    /// Whether a closing mark was found; one without ends with its paragraph, or where the next one opens.
    pub closed: bool,
    /// The index of the quotation of an earlier paragraph that it goes on with, or [`NONE`].
    pub continues: u32,
    /// Whether it stands in single marks.
    pub single: bool,
    /// How many quotations it lies in; 0 is an outermost one.
    pub depth: u8,
}

/// A text taken apart; see [`analyse`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analysis {
    /// All tokens, in order.
    pub tokens: Vec<Token>,
    /// All sentences, in order; every token lies in one.
    pub sentences: Vec<Sentence>,
    /// All paragraphs that have tokens, in order.
    pub paragraphs: Vec<Paragraph>,
    /// All quotations, by where they open.
    pub quotes: Vec<Quote>,
}

/// Takes a text apart. `skip` holds byte regions, sorted, that yield no tokens and end paragraphs (boilerplate).
pub fn analyse(text: &str, skip: &[Span]) -> Analysis {
    analyse_with(Tagger::builtin(), text, skip)
}

/// Takes a text apart as [`analyse`] does, with a tagger of one's own.
pub fn analyse_with(tagger: &Tagger, text: &str, skip: &[Span]) -> Analysis {
    let text = clip(text);
    let mut analysis = Analysis::default();
    analysis.tokens.reserve(text.len() / 5);
    let mut quotes = quote::Reader::default();
    for block in paragraph::split(text, skip) {
        let first = analysis.tokens.len();
        token::tokenise(text, block, &mut analysis.tokens);
        let Some(tokens) = analysis.tokens.get_mut(first..).filter(|t| !t.is_empty()) else { continue };
        quotes.read(text, tokens, first as u32, &mut analysis.quotes);
        let sentence = analysis.sentences.len() as u32;
        let paragraph = analysis.paragraphs.len() as u32;
        sentence::split(text, tokens, quotes.roles(), first as u32, paragraph, &mut analysis.sentences);
        let span = Span { start: tokens[0].span.start, end: tokens[tokens.len() - 1].span.end };
        let sentences = sentence..analysis.sentences.len() as u32;
        analysis.paragraphs.push(Paragraph {
            span,
            heading: sentences.len() == 1 && sentence::is_heading(text, tokens),
            sentences,
            tokens: first as u32..(first + tokens.len()) as u32,
        });
    }
    tagger.tag(text, &mut analysis.tokens, &analysis.sentences);
    analysis
}

/// The part of a text that spans can name.
fn clip(text: &str) -> &str {
    if text.len() <= LONGEST_TEXT {
        return text;
    }
    let mut end = LONGEST_TEXT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

impl Token {
    /// Returns the token as written; empty if `text` is not the text it came from.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.span.start as usize..self.span.end as usize).unwrap_or("")
    }

    /// Returns the token in lower case, curly apostrophes made straight, borrowing where nothing changes.
    pub fn lower<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        lower(self.text(text))
    }

    /// Tells whether its first letter is a capital.
    pub fn is_capital(&self, text: &str) -> bool {
        self.text(text).chars().next().is_some_and(char::is_uppercase)
    }
}

/// Returns a word in lower case with straight apostrophes, borrowing where nothing changes.
pub fn lower(word: &str) -> std::borrow::Cow<'_, str> {
    let plain = word.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    if plain || !word.chars().any(|c| c.is_uppercase() || matches!(c, '’' | '‘' | '´' | '\u{ad}')) {
        return word.into();
    }
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            '’' | '‘' | '´' => out.push('\''),
            '\u{ad}' => {}
            c => out.extend(c.to_lowercase()),
        }
    }
    out.into()
}

impl Analysis {
    /// Returns the indices of the tokens that lie wholly in a span of bytes.
    pub fn tokens_in(&self, span: Span) -> Range<usize> {
        let first = self.tokens.partition_point(|t| t.span.start < span.start);
        let last = self.tokens.partition_point(|t| t.span.end <= span.end);
        first..last.max(first)
    }

    /// Returns the indices of the tokens that touch a span of bytes.
    pub fn tokens_touching(&self, span: Span) -> Range<usize> {
        let first = self.tokens.partition_point(|t| t.span.end <= span.start);
        let last = self.tokens.partition_point(|t| t.span.start < span.end);
        first..last.max(first)
    }

    /// Returns the index of the token that holds a byte, if one does.
    pub fn token_at(&self, byte: u32) -> Option<usize> {
        let at = self.tokens.partition_point(|t| t.span.end <= byte);
        self.tokens.get(at).filter(|t| t.span.start <= byte).map(|_| at)
    }

    /// Returns the index of the sentence that holds a byte, if one does.
    pub fn sentence_at(&self, byte: u32) -> Option<usize> {
        let at = self.sentences.partition_point(|s| s.span.end <= byte);
        self.sentences.get(at).filter(|s| s.span.start <= byte).map(|_| at)
    }

    /// Returns the index of the paragraph that holds a byte, if one does.
    pub fn paragraph_at(&self, byte: u32) -> Option<usize> {
        let at = self.paragraphs.partition_point(|p| p.span.end <= byte);
        self.paragraphs.get(at).filter(|p| p.span.start <= byte).map(|_| at)
    }

    /// Returns the tokens of a sentence; none if there is no such sentence.
    pub fn sentence_tokens(&self, sentence: usize) -> &[Token] {
        self.sentences.get(sentence).map_or(&[], |s| self.slice(&s.tokens))
    }

    /// Returns the tokens of a range of indices; none if it does not lie in the text.
    pub fn slice(&self, range: &Range<u32>) -> &[Token] {
        self.tokens.get(range.start as usize..range.end as usize).unwrap_or(&[])
    }

    /// Returns the outermost quotation a token lies in.
    pub fn quote_of(&self, token: usize) -> Option<&Quote> {
        self.quotes.get(self.tokens.get(token)?.quote as usize)
    }
}

#[cfg(test)]
mod tests;
