//! Text that a terminal shows and does not obey.

use std::borrow::Cow;

/// Tells what a terminal may obey: control characters, but for line ends and tabs, and what turns the direction of text.
pub fn is_command(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes out what a terminal may obey.
///
/// ```
/// assert_eq!(demarche::base::plain::plain("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\n");
/// ```
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(is_command) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_command(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}
