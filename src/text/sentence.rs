//! Sentences: where a paragraph's tokens end one and begin the next.
//!
//! A mark that can end a sentence does so unless what follows shows that it goes on: a small letter, a comma, a name after
//! an abbreviation, or the words that tell who asked (`"What now?" Roe asked` is one sentence).

use super::abbrev::{self, Ending};
use super::quote::Role;
use super::{Sentence, Token, TokenKind};
use crate::base::Span;

/// The longest sentence, in tokens; what goes on longer is cut here, so that nothing that looks at a whole sentence can be made
/// to look at a whole book.
pub(super) const LONGEST: usize = 500;
/// The longest heading, in tokens.
const LONGEST_HEADING: usize = 30;
/// How far the words that tell who spoke may reach, in tokens.
const TAG_REACH: usize = 8;

/// Verbs that follow a name after a quoted question or exclamation.
const REPORTING: [&str; 40] = [
    "added",
    "admitted",
    "agreed",
    "announced",
    "argued",
    "asked",
    "asks",
    "begged",
    "called",
    "cried",
    "declared",
    "demanded",
    "exclaimed",
    "explained",
    "insisted",
    "joked",
    "mused",
    "noted",
    "posted",
    "pressed",
    "quipped",
    "read",
    "reads",
    "recalled",
    "remarked",
    "replied",
    "responded",
    "said",
    "says",
    "screamed",
    "shot",
    "shouted",
    "snapped",
    "tells",
    "thundered",
    "told",
    "tweeted",
    "wondered",
    "writes",
    "wrote",
];

/// Words that open sentences, and seldom stand capitalised within one.
const OPENERS: [&str; 96] = [
    "A",
    "After",
    "All",
    "Also",
    "Although",
    "An",
    "And",
    "Another",
    "Any",
    "Are",
    "As",
    "At",
    "Because",
    "Before",
    "Both",
    "But",
    "By",
    "Did",
    "Do",
    "Does",
    "During",
    "Each",
    "Earlier",
    "Even",
    "Every",
    "Few",
    "For",
    "Four",
    "From",
    "Had",
    "Has",
    "Have",
    "He",
    "Her",
    "Here",
    "His",
    "How",
    "However",
    "I",
    "If",
    "In",
    "Indeed",
    "Instead",
    "Is",
    "It",
    "Its",
    "Just",
    "Last",
    "Later",
    "Like",
    "Many",
    "Meanwhile",
    "More",
    "Most",
    "Much",
    "My",
    "No",
    "Nobody",
    "Nor",
    "Not",
    "Now",
    "Of",
    "On",
    "One",
    "Only",
    "Or",
    "Our",
    "Perhaps",
    "She",
    "Should",
    "Since",
    "So",
    "Some",
    "Still",
    "Such",
    "That",
    "The",
    "Their",
    "Then",
    "There",
    "These",
    "They",
    "This",
    "Those",
    "Though",
    "Three",
    "To",
    "Two",
    "Under",
    "Until",
    "We",
    "What",
    "When",
    "Where",
    "Who",
    "You",
];

/// Days, months and zones: they follow an hour within a sentence.
const TIMES: [&str; 34] = [
    "April",
    "August",
    "BST",
    "CET",
    "CST",
    "Central",
    "December",
    "EDT",
    "EEST",
    "EET",
    "EST",
    "ET",
    "Eastern",
    "February",
    "Friday",
    "GMT",
    "January",
    "July",
    "June",
    "Kyiv",
    "March",
    "May",
    "Monday",
    "Moscow",
    "November",
    "October",
    "PT",
    "Pacific",
    "Saturday",
    "September",
    "Sunday",
    "Thursday",
    "Tuesday",
    "Wednesday",
];

/// Splits one paragraph's tokens, the first of which has the index `first`; sets each token's sentence.
pub(crate) fn split(
    text: &str,
    tokens: &mut [Token],
    roles: &[Role],
    first: u32,
    paragraph: u32,
    out: &mut Vec<Sentence>,
) {
    let mut start = 0;
    let mut at = 0;
    while at < tokens.len() {
        // Only a mark that can end a sentence looks ahead, so that no run of brackets is read twice.
        let next = if may_end(text, &tokens[at]) { after_closers(text, tokens, roles, at + 1) } else { at + 1 };
        let next = next.min(start + LONGEST);
        let ends = next >= tokens.len() || next - start >= LONGEST || ends_here(text, tokens, roles, start, at, next);
        if !ends {
            at += 1;
            continue;
        }
        // Closers belong to the sentence they close, whatever ended it.
        let index = out.len() as u32;
        for token in &mut tokens[start..next] {
            token.sentence = index;
        }
        let span = Span { start: tokens[start].span.start, end: tokens[next - 1].span.end };
        out.push(Sentence { span, tokens: first + start as u32..first + next as u32, paragraph });
        start = next;
        at = next;
    }
}

/// Tells whether a paragraph's tokens make a heading: short, and without a mark that ends a sentence.
pub(crate) fn is_heading(text: &str, tokens: &[Token]) -> bool {
    let words = tokens.iter().any(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number));
    let last = tokens.iter().rev().find(|t| t.kind != TokenKind::Quote).map_or("", |t| t.text(text));
    words
        && tokens.len() <= LONGEST_HEADING
        && !matches!(last.chars().next_back(), Some('.' | '?' | '!' | ':' | ';' | ',' | '…'))
}

/// The first token from `at` on that is not a closing mark or bracket set close to what it follows.
fn after_closers(text: &str, tokens: &[Token], roles: &[Role], at: usize) -> usize {
    let mut at = at;
    while let (Some(token), Some(last)) = (tokens.get(at), tokens.get(at.wrapping_sub(1))) {
        let closes = match roles.get(at) {
            Some(Role::Closes) => true,
            _ => token.span.start == last.span.end && matches!(token.text(text), ")" | "]" | "}"),
        };
        if !closes || !may_end(text, last) && roles.get(at - 1) != Some(&Role::Closes) && !is_bracket(text, last) {
            break;
        }
        at += 1;
    }
    at
}

fn is_bracket(text: &str, token: &Token) -> bool {
    matches!(token.text(text), ")" | "]" | "}")
}

/// Whether a token is a mark that can end a sentence, or carries one.
fn may_end(text: &str, token: &Token) -> bool {
    match token.kind {
        TokenKind::Punct => matches!(token.text(text).chars().next_back(), Some('.' | '?' | '!' | '…' | '。')),
        TokenKind::Word => text.as_bytes().get(token.span.end as usize - 1) == Some(&b'.'),
        _ => false,
    }
}

/// Whether the sentence that began at `start` ends with the mark at `at`, where `next` is the first token beyond its closers.
fn ends_here(text: &str, tokens: &[Token], roles: &[Role], start: usize, at: usize, next: usize) -> bool {
    let mark = &tokens[at];
    if !may_end(text, mark) {
        return false;
    }
    let (last, follow) = (&tokens[next - 1], &tokens[next]);
    let quoted = (at + 1..next).any(|k| roles.get(k) == Some(&Role::Closes));
    let spaced = follow.span.start > last.span.end;
    let opening = opening(text, tokens, roles, next);
    let Some(word) = tokens.get(opening) else { return false };
    let head = word.text(text).chars().next().unwrap_or(' ');
    let written = mark.text(text);
    if mark.kind == TokenKind::Word {
        let opened = roles.get(next) == Some(&Role::Opens);
        return spaced && ends_with_abbreviation(text, written, word, head, opened, quoted);
    }
    if matches!(follow.kind, TokenKind::Punct)
        && opening == next
        && !matches!(head, '¿' | '¡')
        && !written.ends_with('。')
    {
        return false;
    }
    let fresh = starts_sentence(head) || opening > next && !head.is_lowercase();
    match written.chars().next() {
        Some('.' | '。') if !is_ellipsis(written) => {
            // "1. The first": the number counts, and ends nothing.
            if at == start + 1 && tokens[start].kind == TokenKind::Number && tokens[start].span.len() <= 2 {
                return false;
            }
            if !spaced && !quoted && !head.is_uppercase() && !written.ends_with('。') {
                return false;
            }
            fresh || (!quoted && spaced)
        }
        Some('.' | '…') => {
            spaced && is_opener(word.text(text)) && word.text(text) != "I"
                || quoted && fresh && !is_tag(text, tokens, next)
        }
        // A name may hold a mark ("Yahoo! Inc."): only space tells.
        _ if quoted => fresh && !is_tag(text, tokens, next),
        _ => fresh && spaced,
    }
}

fn is_ellipsis(mark: &str) -> bool {
    mark.len() > 1 && !mark.ends_with('。')
}

/// The index of the first token from `at` on that is not an opening mark or bracket.
fn opening(text: &str, tokens: &[Token], roles: &[Role], at: usize) -> usize {
    let mut at = at;
    while let Some(token) = tokens.get(at) {
        let opens = roles.get(at) == Some(&Role::Opens) || matches!(token.text(text), "(" | "[" | "{");
        if !opens {
            break;
        }
        at += 1;
    }
    at
}

fn starts_sentence(head: char) -> bool {
    head.is_uppercase() || head.is_numeric() || matches!(head, '$' | '£' | '€' | '@' | '#' | '•' | '*' | '¿' | '¡' | '<')
        // Letters of scripts without case.
        || head.is_alphabetic() && !head.is_lowercase()
}

fn is_opener(word: &str) -> bool {
    OPENERS.binary_search(&word).is_ok()
}

fn ends_with_abbreviation(text: &str, written: &str, word: &Token, head: char, opened: bool, quoted: bool) -> bool {
    let Some(ending) = abbrev::ending(written) else { return false };
    if word.kind == TokenKind::Punct || !starts_sentence(head) {
        return false;
    }
    let next = word.text(text);
    match ending {
        Ending::Never => quoted && head.is_uppercase(),
        Ending::BeforeNumber => false,
        Ending::MayEnd => is_opener(next) || ((opened || quoted) && head.is_uppercase()),
        Ending::Likely => head.is_uppercase() && TIMES.binary_search(&next).is_err(),
    }
}

/// Whether the words from `at` on tell who spoke: a name, then a reporting verb that nothing reported follows.
fn is_tag(text: &str, tokens: &[Token], at: usize) -> bool {
    let mut named = false;
    for (step, token) in tokens.iter().enumerate().skip(at).take(TAG_REACH) {
        let word = token.text(text);
        if step == at && is_opener(word) {
            return false;
        }
        if named && REPORTING.binary_search(&word).is_ok() {
            return !reports_on(text, tokens, step);
        }
        let part_of_name =
            token.is_capital(text) || matches!(word, "of" | "the" | "and" | "de" | "al" | "von" | "van" | "'s" | "’s");
        if !part_of_name {
            return false;
        }
        named = true;
    }
    false
}

/// Whether what follows the verb at `verb` is itself what was said.
fn reports_on(text: &str, tokens: &[Token], verb: usize) -> bool {
    let Some(next) = tokens.get(verb + 1) else { return false };
    let word = next.text(text);
    if matches!(tokens[verb].text(text), "asked" | "asks" | "told" | "tells") {
        return matches!(word, "," | ":" | "that");
    }
    if next.kind == TokenKind::Quote || matches!(word, ":" | "that" | "he" | "she" | "it" | "they" | "we" | "there") {
        return true;
    }
    if word == "," {
        return tokens.get(verb + 2).is_some_and(|t| t.kind == TokenKind::Quote);
    }
    if TIMES.binary_search(&word).is_ok() {
        return tokens.get(verb + 2).is_some_and(|t| matches!(t.kind, TokenKind::Word) && t.text(text) != "in");
    }
    matches!(word, "the" | "a" | "an" | "his" | "her" | "their" | "this" | "no" | "Mr.") || next.is_capital(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::analyse;

    fn check(text: &str, want: &[&str]) {
        let analysis = analyse(text, &[]);
        let found: Vec<&str> = analysis.sentences.iter().map(|s| s.span.of(text)).collect();
        assert_eq!(found, want, "{text}");
    }

    #[test]
    fn word_lists_are_sorted() {
        assert!(REPORTING.is_sorted() && OPENERS.is_sorted() && TIMES.is_sorted());
    }

    #[test]
    fn splits_at_full_stops() {
        check("The dam held. The town slept.", &["The dam held.", "The town slept."]);
        check("Prices rose 4.5 percent. Nobody minded.", &["Prices rose 4.5 percent.", "Nobody minded."]);
        check("It is over.Now rest.", &["It is over.", "Now rest."]);
        check("(They left.) We stayed.", &["(They left.)", "We stayed."]);
        check("1. The first point stands.", &["1. The first point stands."]);
    }

    #[test]
    fn knows_abbreviations() {
        check("Gen. Olga Roe met J. K. Orr. They ate.", &["Gen. Olga Roe met J. K. Orr.", "They ate."]);
        check("She flew to the U.S. The trip was long.", &["She flew to the U.S.", "The trip was long."]);
        check("The U.S. Senate met.", &["The U.S. Senate met."]);
        check("It began at 5 p.m. Tuesday.", &["It began at 5 p.m. Tuesday."]);
        check("It began at 5 p.m. Guards shut the gate.", &["It began at 5 p.m.", "Guards shut the gate."]);
        check("Road No. 5 is shut. Use No. 6.", &["Road No. 5 is shut.", "Use No. 6."]);
        check("The answer is no. Ask again.", &["The answer is no.", "Ask again."]);
        check("See example.com. It helps.", &["See example.com.", "It helps."]);
    }

    #[test]
    fn keeps_a_question_with_who_asked() {
        check("\"What now?\" he asked.", &["\"What now?\" he asked."]);
        check("“Stop!” Roe said. “Wait.”", &["“Stop!” Roe said.", "“Wait.”"]);
        check("“Who pays?” President Orr asked reporters.", &["“Who pays?” President Orr asked reporters."]);
        check("“Who pays?” The room was silent.", &["“Who pays?”", "The room was silent."]);
        check("“Who pays?” Roe said the bill was hers.", &["“Who pays?”", "Roe said the bill was hers."]);
        check("“We go.” She left.", &["“We go.”", "She left."]);
        check("\"We go. You stay,\" she said.", &["\"We go.", "You stay,\" she said."]);
    }

    #[test]
    fn passes_over_ellipses() {
        check("Well ... Roe may go. Or not.", &["Well ... Roe may go.", "Or not."]);
        check("He hoped… The rain went on.", &["He hoped…", "The rain went on."]);
    }
}
