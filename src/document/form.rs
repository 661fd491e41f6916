//! Forms: the small pattern language of `data/lexicon/boilerplate.toml`, matched against a whole paragraph.
//!
//! A form is words and signs, `*` for anything or nothing, and `<...>` for a class. It is compiled to elements, and a paragraph to
//! tokens, so that spaces, kinds of apostrophes and a closing full stop make no difference.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A word or sign of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'t> {
    text: &'t str,
    is_word: bool,
}

/// Most tokens of a paragraph that forms are tried on.
const TOKENS: usize = 160;

/// Cuts a paragraph into words and signs; nothing where it is too long to be boilerplate.
///
/// Signs that only dress a line ("- ", "**", a closing full stop or arrow) are left out.
pub(super) fn tokens(line: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let is_word = c.is_alphanumeric();
        let (token, more) = rest.split_at_checked(if is_word { word(rest) } else { c.len_utf8() })?;
        rest = more;
        if c.is_whitespace() {
            continue;
        }
        tokens.push(Token { text: token, is_word });
        if tokens.len() > TOKENS {
            return None;
        }
    }
    while tokens.last().is_some_and(|t| [".", ":", "…", "»", "›", ">", "→", "*", "_", "!", "|"].contains(&t.text))
    {
        tokens.pop();
    }
    let dress = ["-", "–", "—", "•", "·", ">", "*", "_", "»", "▶", "►", "|"];
    let start = tokens.iter().take_while(|t| dress.contains(&t.text)).count();
    tokens.drain(..start);
    Some(tokens)
}

/// Bytes of the letters and digits that a text begins with.
fn word(text: &str) -> usize {
    let ascii = text.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(text.len());
    let more = text.get(ascii..).filter(|more| !more.as_bytes().first().is_none_or(u8::is_ascii));
    more.map_or(ascii, |more| ascii + more.find(|c: char| !c.is_alphanumeric()).unwrap_or(more.len()))
}

impl<'t> Token<'t> {
    /// Returns the token in lower case, apostrophes made alike.
    pub(super) fn key(&self) -> Cow<'t, str> {
        if self.is_apostrophe() {
            return "'".into();
        }
        let lower = self.text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
        if lower { self.text.into() } else { self.text.to_lowercase().into() }
    }

    fn is_apostrophe(&self) -> bool {
        matches!(self.text, "’" | "‘" | "ʼ")
    }

    /// Tells whether the token in lower case is a word.
    fn lowers_to(&self, word: &str) -> bool {
        if self.text.is_ascii() {
            let same = |(a, b): (u8, u8)| a.to_ascii_lowercase() == b;
            return self.text.len() == word.len() && self.text.bytes().zip(word.bytes()).all(same);
        }
        self.text.to_lowercase() == word
    }

    /// Tells whether the token, as written or as its key, is a word or sign.
    fn is(&self, piece: &str) -> bool {
        self.text == piece || if self.is_apostrophe() { piece == "'" } else { self.lowers_to(piece) }
    }

    fn is_capital(&self) -> bool {
        self.is_word && self.text.starts_with(char::is_uppercase)
    }
}

/// One element of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Element {
    /// A word in lower case: matches in any case.
    AnyCase(String),
    /// A word with a capital, or a sign: matches as it is.
    Exact(String),
    /// `*`.
    Anything,
    /// `<number>`.
    Number,
    /// `<names>`: capitalised words, and what joins names.
    Names,
    /// `<hashtags>`.
    Hashtags,
    /// Any of several phrases.
    Class(Vec<Vec<Element>>),
}

/// A compiled form.
#[derive(Debug, Clone)]
pub(super) struct Form {
    elements: Vec<Element>,
}

/// The lists that classes and names draw on.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Class name to phrases.
    pub(super) classes: BTreeMap<String, Vec<String>>,
    /// Lower-case words that may stand between capitalised ones in `<names>`.
    pub(super) joining: BTreeSet<String>,
}

impl Form {
    /// Compiles a form.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    pub(super) fn compile(form: &str, words: &Words) -> Result<Form, String> {
        let mut elements = Vec::new();
        let mut rest = form;
        while let Some(at) = rest.find(['*', '<']) {
            let (literal, tail) = rest.split_at(at);
            literals(literal, &mut elements);
            if let Some(tail) = tail.strip_prefix('*') {
                elements.push(Element::Anything);
                rest = tail;
                continue;
            }
            let (name, tail) = tail[1..].split_once('>').ok_or("a < without its >")?;
            elements.push(match name {
                "number" => Element::Number,
                "names" => Element::Names,
                "hashtags" => Element::Hashtags,
                _ => {
                    let phrases = words.classes.get(name).ok_or_else(|| format!("there is no class <{name}>"))?;
                    let mut class = Vec::new();
                    for phrase in phrases {
                        let mut elements = Vec::new();
                        literals(phrase, &mut elements);
                        class.push(elements);
                    }
                    // The longest first: "AFP Photo" before "AFP".
                    class.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
                    Element::Class(class)
                }
            });
            rest = tail;
        }
        literals(rest, &mut elements);
        let form = Form { elements };
        if form.keys().is_empty() {
            return Err("a form needs a word, a sign or a class besides * and <names>".into());
        }
        if form.elements.iter().filter(|e| **e == Element::Anything).count() > 3 {
            return Err("a form may have three * at most".into());
        }
        Ok(form)
    }

    /// Returns tokens of which one at least must stand in a paragraph that matches.
    pub(super) fn keys(&self) -> Vec<String> {
        let key = |element: &Element| match element {
            Element::AnyCase(word) | Element::Exact(word) => Some(word.to_lowercase()),
            _ => None,
        };
        let literal = self
            .elements
            .iter()
            .filter_map(key)
            .max_by_key(|word| (word.chars().all(char::is_alphanumeric), word.len()));
        if let Some(word) = literal.clone().filter(|word| word.chars().all(char::is_alphanumeric)) {
            return vec![word];
        }
        // Of each phrase its longest word, which is rarest: "The Associated Press" is not to be thought of wherever "the" stands.
        let longest = |phrase: &Vec<Element>| phrase.iter().filter_map(key).max_by_key(String::len);
        let class = self.elements.iter().find_map(|element| match element {
            Element::Class(phrases) => Some(phrases.iter().filter_map(longest).collect()),
            Element::Hashtags => Some(vec!["#".to_string()]),
            _ => None,
        });
        class.or(literal.map(|sign| vec![sign])).unwrap_or_default()
    }

    /// Tells whether the form fits the whole of a paragraph.
    pub(super) fn fits(&self, tokens: &[Token<'_>], words: &Words) -> bool {
        ends(&self.elements, tokens, words)
    }
}

/// Tells whether the elements fit the tokens, looking at their ends first: most forms begin with anything, and few lines end as they do.
fn ends(elements: &[Element], tokens: &[Token<'_>], words: &Words) -> bool {
    let Some((element, before)) = elements.split_last() else { return tokens.is_empty() };
    match element {
        Element::AnyCase(_) | Element::Exact(_) | Element::Number => tokens.split_last().is_some_and(|(last, rest)| {
            fits(std::slice::from_ref(element), std::slice::from_ref(last), words) && ends(before, rest, words)
        }),
        Element::Class(phrases) => phrases.iter().any(|phrase| {
            let split = tokens.len().checked_sub(phrase.len()).and_then(|at| tokens.split_at_checked(at));
            split.is_some_and(|(head, tail)| fits(phrase, tail, words) && ends(before, head, words))
        }),
        Element::Anything | Element::Names | Element::Hashtags => fits(elements, tokens, words),
    }
}

/// Appends the words and signs of a literal part.
fn literals(text: &str, elements: &mut Vec<Element>) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if c.is_alphanumeric() {
            rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
        let (piece, tail) = rest.split_at(length);
        rest = tail;
        if c.is_whitespace() {
            continue;
        }
        let lower = !piece.chars().any(char::is_uppercase) && c.is_alphabetic();
        elements.push(if lower { Element::AnyCase(piece.to_string()) } else { Element::Exact(piece.to_string()) });
    }
}

fn fits(elements: &[Element], tokens: &[Token<'_>], words: &Words) -> bool {
    let Some((element, rest)) = elements.split_first() else { return tokens.is_empty() };
    match element {
        Element::Anything if rest.is_empty() => true,
        Element::Anything => (0..=tokens.len()).any(|n| tokens.get(n..).is_some_and(|t| fits(rest, t, words))),
        Element::Names => {
            let longest = names(tokens, words);
            longest.into_iter().rev().any(|n| tokens.get(n..).is_some_and(|t| fits(rest, t, words)))
        }
        Element::Hashtags => {
            let pairs = tokens
                .chunks(2)
                .take_while(|pair| matches!(pair, [sign, word] if sign.text == "#" && word.is_word))
                .count();
            pairs > 0 && tokens.get(2 * pairs..).is_some_and(|t| fits(rest, t, words))
        }
        Element::Number => match tokens.split_first() {
            Some((first, tail)) => first.text.bytes().all(|b| b.is_ascii_digit()) && fits(rest, tail, words),
            None => false,
        },
        Element::AnyCase(word) => match tokens.split_first() {
            Some((first, tail)) => first.is_word && first.lowers_to(word) && fits(rest, tail, words),
            None => false,
        },
        Element::Exact(piece) => match tokens.split_first() {
            Some((first, tail)) => first.is(piece) && fits(rest, tail, words),
            None => false,
        },
        Element::Class(phrases) => phrases.iter().any(|phrase| {
            tokens.get(..phrase.len()).is_some_and(|head| fits(phrase, head, words))
                && tokens.get(phrase.len()..).is_some_and(|tail| fits(rest, tail, words))
        }),
    }
}

/// Returns every length at which the tokens begin with names, from the shortest.
fn names(tokens: &[Token<'_>], words: &Words) -> Vec<usize> {
    let mut lengths = Vec::new();
    let first = tokens.first();
    if !first.is_some_and(|t| t.is_capital() || t.text == "@" || t.text == "the") {
        return lengths;
    }
    let mut before = "";
    for (n, token) in tokens.iter().enumerate() {
        let fine = if token.is_word {
            token.is_capital()
                || words.joining.contains(&token.text.to_lowercase())
                || before == "@"
                || ["'", "’"].contains(&before) && token.text == "s"
        } else {
            [",", ".", "'", "’", "-", "–", "&", ";", "/", "@", "|"].contains(&token.text)
        };
        if !fine {
            break;
        }
        if token.is_capital() || before == "@" || ["'", "’"].contains(&token.text) {
            lengths.push(n + 1);
        }
        before = token.text;
    }
    lengths
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn words() -> Words {
        let classes =
            [("agency".to_string(), vec!["AFP".to_string(), "Getty Images".to_string(), "Getty".to_string()])];
        Words { classes: classes.into(), joining: ["and", "in", "de"].map(str::to_string).into() }
    }

    fn fits(form: &str, line: &str) -> bool {
        let words = words();
        let form = Form::compile(form, &words).unwrap();
        let tokens = tokens(line).unwrap();
        let keyed = tokens.iter().any(|t| form.keys().iter().any(|k| *k == t.key()));
        let fits = form.fits(&tokens, &words);
        assert!(!fits || keyed, "{line} fits and must be found by its key");
        fits
    }

    #[test]
    fn forms_fit_whole_lines() {
        for (form, line, expected) in [
            ("read more *", "READ MORE about it", true),
            ("read more *", "Read more", true),
            ("read more *", "I read more", false),
            ("Share", "Share", true),
            ("Share", "share", false),
            ("share", "SHARE »", true),
            ("*/<agency>", "A hall in 2025.Jane Doe/AFP", true),
            ("*/<agency> via <agency>", "A hall. Jane Doe/AFP via Getty Images.", true),
            ("*/<agency>", "AFP / said so", false),
            ("By <names>", "By Jane Doe and Juan de Rey", true),
            ("By <names>", "By Jane O’Neill, in Kyiv", true),
            ("By <names>", "By and by", false),
            ("By <names>", "By Jane Doe said", false),
            ("<names> contributed", "The Courier’s Jane Doe contributed", true),
            ("<number> min read", "- 5 min read", true),
            ("<hashtags>", "#talks #peace2025", true),
            ("<hashtags>", "#talks and more", false),
            ("[*/<agency>]", "[Jane Doe/AFP]", true),
            ("![*](*)", "![Alt text](img.png)", true),
            ("editor's note: *", "Editor’s note: this", true),
        ] {
            assert_eq!(fits(form, line), expected, "{form} on {line}");
        }
    }

    #[test]
    fn bad_forms_say_why() {
        for (form, why) in [
            ("<nobody> x", "no class <nobody>"),
            ("a <names", "without its >"),
            ("* <names> *", "needs a word"),
            ("", "needs a word"),
        ] {
            let error = Form::compile(form, &words()).unwrap_err();
            assert!(error.contains(why), "{form}: {error}");
        }
    }

    #[test]
    fn long_paragraphs_are_no_lines() {
        assert!(tokens(&"word ".repeat(500)).is_none());
        assert!(tokens(&"x".repeat(5_000_000)).is_some_and(|t| t.len() == 1));
    }
}
