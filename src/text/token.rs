//! The tokeniser: one paragraph's text into words, numbers and marks, near to the Penn Treebank's way.
//!
//! Clitics are tokens of their own ("do" + "n't", "Kyiv" + "'s"), hyphenated words, addresses and dotted abbreviations are
//! one token, and every quotation mark is one. The text is never changed: a token is a span of it. Every look ahead is
//! bounded or consumed, so time is linear in the text whatever it holds.

use super::abbrev::{self, Ending};
use super::{NONE, Tag, Token, TokenKind};
use crate::base::Span;

/// Words that begin with an apostrophe, as written after it.
const ELISIONS: [&str; 12] =
    ["em", "til", "till", "tis", "twas", "cause", "bout", "round", "cuz", "n", "nuff", "neath"];
/// Clitics, as written after their apostrophe.
const CLITICS: [&str; 6] = ["s", "ll", "re", "ve", "m", "d"];
/// Words the treebank splits, with the length in bytes of their first part.
const CONTRACTIONS: [(&str, usize); 6] =
    [("cannot", 3), ("gonna", 3), ("gotta", 3), ("wanna", 3), ("gimme", 3), ("lemme", 3)];
/// Endings that make "word.word" a network address rather than two sentences without a space.
const DOMAINS: [&str; 26] = [
    "ai", "br", "co", "com", "de", "edu", "eu", "fr", "gov", "info", "int", "io", "mil", "net", "news", "nl", "no",
    "org", "pl", "pm", "ru", "su", "tv", "ua", "uk", "us",
];
/// The longest markup tag taken as one token, in bytes.
const LONGEST_TAG: usize = 400;

/// Appends the tokens of `text[range]`, in order.
pub(crate) fn tokenise(text: &str, range: Span, out: &mut Vec<Token>) {
    let (start, end) = (range.start as usize, range.end as usize);
    let Some(text) = text.get(..end) else { return };
    let mut scan = Scan { text, bytes: text.as_bytes(), floor: start };
    let mut at = start;
    while let Some(c) = scan.at(at) {
        let width = c.len_utf8();
        if c.is_whitespace() || is_invisible(c) {
            at += width;
            continue;
        }
        let (end, kind) = scan.token(at, c);
        let end = end.max(at + width);
        out.push(Token { span: Span::new(at, end), kind, tag: Tag::NN, sentence: 0, quote: NONE });
        at = end;
    }
}

/// A reader over one paragraph; positions are bytes of the whole text.
struct Scan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    floor: usize,
}

impl Scan<'_> {
    fn at(&self, at: usize) -> Option<char> {
        let byte = *self.bytes.get(at)?;
        if byte < 128 { Some(byte as char) } else { self.text.get(at..)?.chars().next() }
    }

    fn before(&self, at: usize) -> Option<char> {
        if at <= self.floor {
            return None;
        }
        self.text.get(..at)?.chars().next_back()
    }

    fn slice(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or("")
    }

    fn word_at(&self, at: usize) -> bool {
        self.at(at).is_some_and(is_word_char)
    }

    fn digit_at(&self, at: usize) -> bool {
        self.at(at).is_some_and(|c| c.is_ascii_digit())
    }

    /// Where the run of characters that `keep` accepts ends, from `at` on.
    fn run(&self, at: usize, keep: impl Fn(char) -> bool) -> usize {
        let mut end = at;
        while let Some(c) = self.at(end).filter(|c| keep(*c)) {
            end += c.len_utf8();
        }
        end
    }

    /// The end and kind of the token that starts at `at` with `c`.
    fn token(&mut self, at: usize, c: char) -> (usize, TokenKind) {
        let width = c.len_utf8();
        if is_word_char(c) && c != '_' {
            if let Some(end) = self.address(at, c) {
                return (end, TokenKind::Symbol);
            }
            return self.word(at);
        }
        match c {
            '\'' => self.apostrophes(at),
            '’' | '‘' | '´' | '‛' => {
                // Two curly apostrophes typed for one double mark.
                if c != '‘' && self.at(at + width) == Some(c) {
                    return (at + 2 * width, TokenKind::Quote);
                }
                self.apostrophe(at, width)
            }
            '`' => (if self.at(at + 1) == Some('`') { at + 2 } else { at + 1 }, TokenKind::Quote),
            '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '‚' | '＂' => {
                (at + width, TokenKind::Quote)
            }
            '.' => self.dots(at),
            '…' => (self.run(at, |c| c == '…' || c == '.'), TokenKind::Punct),
            '!' | '?' => (self.run(at, |c| c == '!' || c == '?'), TokenKind::Punct),
            '-' => {
                let lone = self.before(at).is_none_or(|c| c.is_whitespace() || c == '(');
                if lone && self.digit_at(at + 1) {
                    return self.word_from(at, at + 1);
                }
                (self.run(at, |c| c == '-'), TokenKind::Punct)
            }
            '–' | '—' | '―' | '−' => (self.run(at, |other| other == c), TokenKind::Punct),
            '_' | '*' | '=' | '~' | '•' | '·' => (self.run(at, |other| other == c), TokenKind::Symbol),
            '@' | '#' if self.at(at + 1).is_some_and(|c| c.is_alphabetic() || c == '_') => {
                (self.run(at + 1, is_word_char), TokenKind::Symbol)
            }
            '<' => (self.markup(at).unwrap_or(at + 1), TokenKind::Symbol),
            ',' | ';' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '/' | '\\' | '¿' | '¡' | '、' | '。' => {
                (at + width, TokenKind::Punct)
            }
            _ => (at + width, TokenKind::Symbol),
        }
    }

    /// The end of a network address that starts at `at`, without the punctuation that follows it.
    fn address(&self, at: usize, c: char) -> Option<usize> {
        if !matches!(c, 'h' | 'H' | 'w' | 'W' | 'f') {
            return None;
        }
        let head = self.bytes.get(at..(at + 8).min(self.bytes.len()))?;
        let starts = |p: &[u8]| head.len() >= p.len() && head[..p.len()].eq_ignore_ascii_case(p);
        if !(starts(b"http://") || starts(b"https://") || starts(b"www.") || starts(b"ftp://")) {
            return None;
        }
        let end =
            self.run(at, |c| !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | '“' | '”' | '«' | '»' | '|' | '—'));
        let kept = self.slice(at, end).trim_end_matches(|c: char| {
            matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '\'' | '’' | '…' | '*')
        });
        (kept.len() > 7 || (starts(b"www.") && kept.len() > 4)).then_some(at + kept.len())
    }

    /// The end of a markup tag such as `<b>` that starts at `at`.
    fn markup(&self, at: usize) -> Option<usize> {
        let first = self.at(at + 1)?;
        if !(first.is_ascii_alphabetic() || first == '/') {
            return None;
        }
        let rest = self.bytes.get(at + 1..(at + LONGEST_TAG).min(self.bytes.len()))?;
        // Stops at another `<`, so that a text of nothing else is read once.
        let stop = rest.iter().position(|b| matches!(b, b'<' | b'>' | b'\n'))?;
        (rest.get(stop) == Some(&b'>')).then_some(at + 2 + stop)
    }

    /// Full stops: one, a run, or an ellipsis typed with spaces.
    fn dots(&self, at: usize) -> (usize, TokenKind) {
        if self.digit_at(at + 1) && self.before(at).is_none_or(|c| !is_word_char(c) && c != '.') {
            return self.word_from(at, at + 1);
        }
        let run = self.run(at, |c| c == '.' || c == '…');
        if run > at + 1 {
            return (run, TokenKind::Punct);
        }
        let (mut end, mut dots) = (run, 1);
        while matches!(self.at(end), Some(' ' | '\u{a0}')) {
            let next = end + self.at(end).map_or(1, char::len_utf8);
            if self.at(next) != Some('.') || self.digit_at(next + 1) {
                break;
            }
            end = next + 1;
            dots += 1;
        }
        (if dots >= 3 { end } else { run }, TokenKind::Punct)
    }

    /// One or more straight apostrophes: a run of two is a double mark.
    fn apostrophes(&self, at: usize) -> (usize, TokenKind) {
        let run = self.run(at, |c| c == '\'') - at;
        if run == 1 {
            return self.apostrophe(at, 1);
        }
        // Of three, the inner single mark lies next to the word: first when closing, last when opening.
        let closing = self.before(at).is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | '[' | '—' | '–'));
        if run % 2 == 1 && closing { (at + 1, TokenKind::Quote) } else { (at + 2, TokenKind::Quote) }
    }

    /// A single mark: a clitic, a word that begins with an apostrophe, or a mark for the quotation reader to judge.
    fn apostrophe(&self, at: usize, width: usize) -> (usize, TokenKind) {
        let rest = at + width;
        if let Some(end) = self.tail_in(rest, &CLITICS) {
            let opens = self.before(at).is_none_or(|c| !is_word_char(c) && c != '.' && c != ')' && !c.is_whitespace());
            if !opens {
                return (end, TokenKind::Word);
            }
        }
        if self.before(at).is_none_or(|c| !is_word_char(c)) {
            if let Some(end) = self.tail_in(rest, &ELISIONS) {
                return (end, TokenKind::Word);
            }
            // Decades: '90s; without the s only after a true apostrophe, as '20 may open a quotation.
            if self.digit_at(rest) && self.digit_at(rest + 1) {
                let s = matches!(self.at(rest + 2), Some('s'));
                let end = rest + 2 + usize::from(s);
                if !self.word_at(end) && (s || self.at(at) == Some('’')) {
                    return (end, TokenKind::Word);
                }
            }
        }
        (rest, TokenKind::Quote)
    }

    /// The end of the word at `at` if it is one of `list`, whatever its case.
    fn tail_in(&self, at: usize, list: &[&str]) -> Option<usize> {
        list.iter().find_map(|tail| {
            let end = at + tail.len();
            let found = self.bytes.get(at..end)?.eq_ignore_ascii_case(tail.as_bytes());
            (found && !self.word_at(end)).then_some(end)
        })
    }

    fn word(&self, at: usize) -> (usize, TokenKind) {
        if let Some(end) = CONTRACTIONS.iter().find_map(|(whole, part)| {
            let end = at + whole.len();
            let found = self.bytes.get(at..end)?.eq_ignore_ascii_case(whole.as_bytes());
            (found && !self.word_at(end)).then_some(at + part)
        }) {
            return (end, TokenKind::Word);
        }
        self.word_from(at, at)
    }

    /// Reads a word or number that starts at `start`, from `at` on.
    fn word_from(&self, start: usize, at: usize) -> (usize, TokenKind) {
        let mut end = at;
        // Where the part after the last hyphen or slash begins: abbreviations are looked up by it.
        let mut part = at;
        // The character last passed, and whether a letter was seen at all.
        let mut last = ' ';
        let mut letters = false;
        while let Some(c) = self.at(end) {
            let next = end + c.len_utf8();
            if is_word_char(c) {
                letters |= !c.is_numeric() && c != '_';
                last = c;
                end = next;
                continue;
            }
            let joins = match c {
                '-' | '\u{2010}' | '\u{2011}' => {
                    part = next;
                    self.word_at(next)
                }
                '/' => {
                    part = next;
                    self.word_at(next)
                }
                '\'' | '’' if self.word_at(next) => {
                    if matches!(last, 'n' | 'N') && self.tail_in(next, &["t"]).is_some() {
                        // "don't": the clitic takes the n along; "n't" alone is the clitic itself.
                        if end - 1 > start {
                            return (end - 1, TokenKind::Word);
                        }
                        true
                    } else {
                        self.tail_in(next, &CLITICS).is_none()
                    }
                }
                ',' => last.is_ascii_digit() && self.thousands(next),
                ':' => last.is_ascii_digit() && self.digit_at(next),
                '&' => last.is_uppercase() && self.at(next).is_some_and(char::is_uppercase),
                '@' => letters && self.word_at(next),
                '$' => {
                    // "US$5", "C$5": the letters belong to the sign.
                    let short = end - start <= 3 && last.is_ascii_uppercase() && self.digit_at(next);
                    return (if short { next } else { end }, kind(letters || short));
                }
                '.' => match self.stop(start, part, end, last) {
                    Stop::Joins => true,
                    Stop::Keeps if matches!(self.at(next), Some('-' | '/')) && self.word_at(next + 1) => true,
                    Stop::Keeps => return (next, kind(letters)),
                    Stop::Ends => false,
                },
                _ => false,
            };
            if !joins {
                break;
            }
            last = c;
            end = next;
        }
        (end, kind(letters))
    }

    /// Whether exactly three digits stand at `at`.
    fn thousands(&self, at: usize) -> bool {
        (0..3).all(|k| self.digit_at(at + k)) && !self.digit_at(at + 3)
    }

    /// Judges the full stop at `dot` in a word whose last part began at `part`.
    fn stop(&self, start: usize, part: usize, dot: usize, last: char) -> Stop {
        let next = dot + 1;
        let after = self.at(next);
        if last.is_ascii_digit() && after.is_some_and(|c| c.is_ascii_digit()) {
            return Stop::Joins;
        }
        if dot - part < abbrev::LONGEST {
            let piece = self.slice(part, next);
            if abbrev::is_dotted_letters(piece) {
                return self.stop_after_letter(start, part, dot, piece);
            }
            if piece == "Ph." && after == Some('D') {
                return Stop::Joins;
            }
            match abbrev::listed(piece) {
                Some(Ending::BeforeNumber) => {
                    let digit = self.run(next, |c| c == ' ' || c == '\u{a0}');
                    return if digit <= next + 2 && self.digit_at(digit) { Stop::Keeps } else { Stop::Ends };
                }
                Some(_) => return Stop::Keeps,
                None => {}
            }
        }
        // "example.com": lower-case letters after the dot that end in a domain.
        if after.is_some_and(|c| c.is_ascii_lowercase()) {
            let joined = DOMAINS.iter().any(|d| {
                let end = next + d.len();
                self.bytes.get(next..end) == Some(d.as_bytes()) && !self.word_at(end)
            });
            if joined {
                return Stop::Joins;
            }
        }
        Stop::Ends
    }

    /// Judges the full stop after a single letter, or after dotted letters ("J.", "U.S.").
    fn stop_after_letter(&self, start: usize, part: usize, dot: usize, piece: &str) -> Stop {
        let next = dot + 1;
        if let Some(c) = self.at(next).filter(|c| c.is_alphabetic()) {
            // Another lone letter goes on ("U.S"); a word does not ("J.Smith").
            let beyond = next + c.len_utf8();
            return if self.word_at(beyond) { Stop::Keeps } else { Stop::Joins };
        }
        if self.at(next).is_some_and(|c| c.is_ascii_digit()) {
            return Stop::Keeps;
        }
        if dot - part > 2 && piece.chars().filter(|c| *c == '.').count() >= 2 {
            return Stop::Keeps;
        }
        if let Some(listed) = abbrev::listed(piece) {
            let digit = self.run(next, |c| c == ' ');
            let fits = listed != Ending::BeforeNumber || (digit <= next + 2 && self.digit_at(digit));
            return if fits { Stop::Keeps } else { Stop::Ends };
        }
        // A lone capital is an initial, but for the pronoun, a part of a hyphenated word, and the end of the paragraph.
        let capital = piece.chars().next().is_some_and(char::is_uppercase);
        let initial = capital && part == start && piece != "I." && self.at(next).is_some_and(|c| c != '\n');
        if initial && self.at(next).is_some_and(|c| c.is_whitespace() || c == ',' || c == '-') {
            Stop::Keeps
        } else {
            Stop::Ends
        }
    }
}

/// What a full stop inside or after a word does.
enum Stop {
    /// The word goes on after it.
    Joins,
    /// The word ends with it and keeps it.
    Keeps,
    /// The word ends before it.
    Ends,
}

fn kind(letters: bool) -> TokenKind {
    if letters { TokenKind::Word } else { TokenKind::Number }
}

/// Whether a character belongs to words: letters, digits, their marks, the low line, the soft hyphen.
pub(crate) fn is_word_char(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    c.is_alphanumeric()
        || matches!(c, '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}')
        || matches!(c, '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// Characters with no width that stand for nothing between words.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || c.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        tokenise(text, Span::new(0, text.len()), &mut out);
        out.iter().map(|t| t.span.of(text)).collect()
    }

    fn check(text: &str, want: &str) {
        assert_eq!(tokens(text).join("|"), want, "{text}");
    }

    #[test]
    fn splits_clitics() {
        check("Lena's dog didn't bark", "Lena|'s|dog|did|n't|bark");
        check("They’ll can’t won’t we’ve I’m he’d", "They|’ll|ca|n’t|wo|n’t|we|’ve|I|’m|he|’d");
        check("cannot gonna", "can|not|gon|na");
        check("O'Hara and D’Arcy at ten o'clock", "O'Hara|and|D’Arcy|at|ten|o'clock");
        check("the farmers' barn", "the|farmers|'|barn");
        check("the '90s, get 'em", "the|'90s|,|get|'em");
    }

    #[test]
    fn keeps_abbreviations_and_numbers() {
        check("Gen. Roe left the U.S. on Feb. 3.", "Gen.|Roe|left|the|U.S.|on|Feb.|3|.");
        check("U.S.-led talks at 5 p.m. today", "U.S.-led|talks|at|5|p.m.|today");
        check("It cost $3,400.50, or 4.5%.", "It|cost|$|3,400.50|,|or|4.5|%|.");
        check("No. 5 said no. Then", "No.|5|said|no|.|Then");
        check("Ms. J. K. Orr, Ph.D., came", "Ms.|J.|K.|Orr|,|Ph.D.|,|came");
        check("US$5m at 10:30", "US$|5m|at|10:30");
        check("the end.Next one", "the|end|.|Next|one");
        check("so do I. Then", "so|do|I|.|Then");
    }

    #[test]
    fn keeps_addresses_whole() {
        check("see https://a.example/x?y=1.", "see|https://a.example/x?y=1|.");
        check("(www.example.org) or example.com.", "(|www.example.org|)|or|example.com|.");
        check("write to me@example.org, @someone #tag", "write|to|me@example.org|,|@someone|#tag");
    }

    #[test]
    fn knows_marks() {
        check("``Yes,'' she said", "``|Yes|,|''|she|said");
        check("“No—never,” «oui» 'x'", "“|No|—|never|,|”|«|oui|»|'|x|'");
        check("wait... what?! . . . no--yes", "wait|...|what|?!|. . .|no|--|yes");
        check("he said, ''she called it 'big'''", "he|said|,|''|she|called|it|'|big|'|''");
    }

    #[test]
    fn survives_anything() {
        for text in [
            "",
            ".",
            "'",
            "''",
            "'''''",
            "n't",
            "'s",
            "-",
            "-5",
            "$",
            "<",
            "<a",
            "…",
            "a\u{301}'",
            "http://",
            "U.",
            "U.S",
        ] {
            tokens(text);
        }
    }
}
