//! The words of the English calendar: the one table of them.

use jiff::civil::Weekday;

/// Months with their abbreviations.
const MONTHS: [(&str, &[&str]); 12] = [
    ("January", &["Jan"]),
    ("February", &["Feb"]),
    ("March", &["Mar"]),
    ("April", &["Apr"]),
    ("May", &[]),
    ("June", &["Jun"]),
    ("July", &["Jul"]),
    ("August", &["Aug"]),
    ("September", &["Sep", "Sept"]),
    ("October", &["Oct"]),
    ("November", &["Nov"]),
    ("December", &["Dec"]),
];

/// Weekdays with their abbreviations.
const WEEKDAYS: [(&str, &[&str], Weekday); 7] = [
    ("Monday", &["Mon"], Weekday::Monday),
    ("Tuesday", &["Tue", "Tues"], Weekday::Tuesday),
    ("Wednesday", &["Wed"], Weekday::Wednesday),
    ("Thursday", &["Thu", "Thur", "Thurs"], Weekday::Thursday),
    ("Friday", &["Fri"], Weekday::Friday),
    ("Saturday", &["Sat"], Weekday::Saturday),
    ("Sunday", &["Sun"], Weekday::Sunday),
];

/// Words before a weekday that make it the name of a feast, a day of history or a fixed event.
const NAMING: [&str; 14] = [
    "black", "bloody", "good", "ash", "super", "palm", "easter", "cyber", "holy", "giving", "fat", "maundy", "shrove",
    "whit",
];

/// Words after a weekday that make it the name of something printed.
const PRINTED: [&str; 8] = ["times", "telegraph", "mirror", "express", "mail", "post", "herald", "independent"];

/// Words before a weekday that point forward, repeat it, or count from or to it.
const OPEN: [&str; 26] = [
    "next",
    "coming",
    "following",
    "upcoming",
    "previous",
    "by",
    "until",
    "till",
    "before",
    "since",
    "from",
    "for",
    "through",
    "to",
    "every",
    "each",
    "any",
    "one",
    "some",
    "starting",
    "beginning",
    "most",
    "many",
    "all",
    "ahead",
    "alternate",
];

/// Numbers that stand before "days ago".
const NUMBERS: [&str; 11] = ["today", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// Words that may stand beside a time of day.
const TIME: [&str; 31] = [
    "am", "pm", "a", "p", "m", "t", "z", "gmt", "utc", "bst", "est", "edt", "et", "cst", "cdt", "ct", "pst", "pdt",
    "pt", "cet", "cest", "eet", "eest", "msk", "at", "hrs", "h", "local", "time", "eastern", "noon",
];

/// How a calendar word was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// "February".
    Full,
    /// "Feb", with or without a full stop after it.
    Short,
}

/// Tells whether `word` is written as a calendar word must be: "Monday" or "MONDAY", never "monday".
fn capitalised(word: &str) -> bool {
    let mut bytes = word.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_uppercase())
        && (bytes.clone().all(|b| b.is_ascii_lowercase()) || bytes.all(|b| b.is_ascii_uppercase()))
}

fn form(word: &str, full: &str, short: &[&str]) -> Option<Form> {
    if word.eq_ignore_ascii_case(full) {
        return Some(Form::Full);
    }
    short.iter().any(|s| word.eq_ignore_ascii_case(s)).then_some(Form::Short)
}

/// Returns the month, from 1, that a word names.
pub(super) fn month(word: &str) -> Option<(i8, Form)> {
    if !(3..=9).contains(&word.len()) || !capitalised(word) {
        return None;
    }
    (1..).zip(MONTHS).find_map(|(n, (full, short))| Some((n, form(word, full, short)?)))
}

/// Returns the weekday that a word names.
pub(super) fn weekday(word: &str) -> Option<(Weekday, Form)> {
    if !(3..=9).contains(&word.len()) || !capitalised(word) {
        return None;
    }
    WEEKDAYS.iter().find_map(|(full, short, day)| Some((*day, form(word, full, short)?)))
}

/// Tells whether the word before a weekday makes it a name ("Bloody Sunday").
pub(super) fn names_a_day(before: &str) -> bool {
    NAMING.iter().any(|w| before.eq_ignore_ascii_case(w))
}

/// Tells whether the word after a weekday makes it the name of a paper.
pub(super) fn is_printed(after: &str) -> bool {
    after.starts_with(|c: char| c.is_ascii_uppercase()) && PRINTED.iter().any(|w| after.eq_ignore_ascii_case(w))
}

/// Tells whether the word before a weekday leaves open which day it is.
pub(super) fn leaves_open(before: &str) -> bool {
    OPEN.iter().any(|w| before.eq_ignore_ascii_case(w))
}

/// Returns the number of days that "three" in "three days ago" means.
pub(super) fn number(word: &str) -> Option<i32> {
    if word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()) {
        return word.parse().ok();
    }
    if word.eq_ignore_ascii_case("a") {
        return Some(1);
    }
    (0..).zip(NUMBERS).skip(1).find_map(|(n, w)| word.eq_ignore_ascii_case(w).then_some(n))
}

/// Tells whether `text` holds nothing but a time of day, a zone and the signs between.
pub(super) fn is_time(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphabetic() && c.is_ascii() || c == '\u{a0}')
        .filter(|word| !word.is_empty())
        .all(|word| TIME.iter().any(|w| word.eq_ignore_ascii_case(w)))
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c.is_whitespace() || ":.,+-()".contains(c))
        && text.bytes().filter(u8::is_ascii_digit).count() <= 15
}
