//! Parts of speech, by the Penn Treebank's names.

use super::{Token, TokenKind};

macro_rules! tags {
    ($($name:ident $text:literal $doc:literal),+ $(,)?) => {
        /// A part of speech, as the Penn Treebank names it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[allow(clippy::upper_case_acronyms, reason = "the treebank's names")]
        pub enum Tag { $(#[doc = $doc] $name),+ }

        impl Tag {
            /// All tags, in the order of their numbers.
            pub const ALL: &'static [Tag] = &[$(Tag::$name),+];

            /// Returns the treebank's name of the tag.
            pub fn as_str(self) -> &'static str {
                match self { $(Tag::$name => $text),+ }
            }
        }
    };
}

tags! {
    NN "NN" "Noun, singular or mass.",
    NNS "NNS" "Noun, plural.",
    NNP "NNP" "Name, singular.",
    NNPS "NNPS" "Name, plural.",
    JJ "JJ" "Adjective.",
    JJR "JJR" "Adjective, comparative.",
    JJS "JJS" "Adjective, superlative.",
    RB "RB" "Adverb.",
    RBR "RBR" "Adverb, comparative.",
    RBS "RBS" "Adverb, superlative.",
    VB "VB" "Verb, base form.",
    VBD "VBD" "Verb, past tense.",
    VBG "VBG" "Verb, gerund or present participle.",
    VBN "VBN" "Verb, past participle.",
    VBP "VBP" "Verb, present, not third person singular.",
    VBZ "VBZ" "Verb, present, third person singular.",
    MD "MD" "Modal verb.",
    IN "IN" "Preposition or subordinating conjunction.",
    TO "TO" "The word \"to\".",
    DT "DT" "Determiner.",
    PDT "PDT" "Predeterminer.",
    PRP "PRP" "Personal pronoun.",
    PRPS "PRP$" "Possessive pronoun.",
    WDT "WDT" "Wh-determiner.",
    WP "WP" "Wh-pronoun.",
    WPS "WP$" "Possessive wh-pronoun.",
    WRB "WRB" "Wh-adverb.",
    EX "EX" "Existential \"there\".",
    CC "CC" "Coordinating conjunction.",
    CD "CD" "Number.",
    RP "RP" "Particle.",
    POS "POS" "Possessive ending.",
    UH "UH" "Interjection.",
    FW "FW" "Foreign word.",
    LS "LS" "List item marker.",
    SYM "SYM" "Symbol.",
    Comma "," "Comma.",
    Period "." "Mark that ends a sentence.",
    Colon ":" "Colon, semicolon, dash, ellipsis.",
    OpenQuote "``" "Opening quotation mark.",
    CloseQuote "''" "Closing quotation mark.",
    OpenBracket "-LRB-" "Opening bracket.",
    CloseBracket "-RRB-" "Closing bracket.",
    Dollar "$" "Sign of a currency.",
    Hash "#" "Number sign.",
}

impl Tag {
    /// Returns the tag with a number, if there is one.
    pub fn from_index(index: u8) -> Option<Tag> {
        Tag::ALL.get(index as usize).copied()
    }

    /// Returns the tag that the treebank calls by a name.
    pub fn from_name(name: &str) -> Option<Tag> {
        Tag::ALL.iter().copied().find(|t| t.as_str() == name)
    }

    /// Tells whether it is a noun or a name.
    pub fn is_noun(self) -> bool {
        matches!(self, Tag::NN | Tag::NNS | Tag::NNP | Tag::NNPS)
    }

    /// Tells whether it is a name.
    pub fn is_name(self) -> bool {
        matches!(self, Tag::NNP | Tag::NNPS)
    }

    /// Tells whether it is a verb, modals apart.
    pub fn is_verb(self) -> bool {
        matches!(self, Tag::VB | Tag::VBD | Tag::VBG | Tag::VBN | Tag::VBP | Tag::VBZ)
    }

    /// Tells whether it is a verb that carries tense: past, present, modal.
    pub fn is_finite(self) -> bool {
        matches!(self, Tag::VBD | Tag::VBP | Tag::VBZ | Tag::MD)
    }

    /// Tells whether it is an adjective.
    pub fn is_adjective(self) -> bool {
        matches!(self, Tag::JJ | Tag::JJR | Tag::JJS)
    }

    /// Tells whether it is an adverb.
    pub fn is_adverb(self) -> bool {
        matches!(self, Tag::RB | Tag::RBR | Tag::RBS | Tag::WRB)
    }

    /// Tells whether it is a mark rather than a word.
    pub fn is_punct(self) -> bool {
        self >= Tag::Comma && self <= Tag::CloseBracket
    }
}

/// The tag that a mark has by its form alone.
pub(crate) fn of_mark(token: &Token, text: &str) -> Option<Tag> {
    let written = token.text(text);
    match token.kind {
        TokenKind::Quote => Some(token.tag),
        TokenKind::Number => Some(Tag::CD),
        TokenKind::Word => None,
        TokenKind::Punct => Some(match written.chars().next() {
            Some(',' | '、') => Tag::Comma,
            Some('?' | '!' | '。' | '¿' | '¡') => Tag::Period,
            Some('.') if written.len() == 1 => Tag::Period,
            Some('(' | '[' | '{') => Tag::OpenBracket,
            Some(')' | ']' | '}') => Tag::CloseBracket,
            Some('\'' | '’' | '‘' | '´' | '`' | '‛' | '‚') => token.tag,
            _ => Tag::Colon,
        }),
        TokenKind::Symbol => Some(match written.chars().next() {
            Some('$' | '£' | '€' | '¥' | '₴' | '₽' | '¢') => Tag::Dollar,
            Some('#') if written.len() == 1 => Tag::Hash,
            Some('%' | '°' | '@' | '#' | 'h' | 'w' | 'H' | 'W' | 'f') => Tag::NN,
            Some('&') => Tag::CC,
            _ => Tag::SYM,
        }),
    }
}
