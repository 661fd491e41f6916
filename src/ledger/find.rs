//! Search in quotations.

use super::Selection;

/// Turns what somebody types into a search of SQLite's: all words must stand in the quotation, in any order and form
/// ("guarantee" finds "guarantees"); words between double quotation marks stand together; `*` ends the beginning of a word.
///
/// Nothing typed is an error: signs that SQLite would take for its own are only letters here.
pub(super) fn search(typed: &str) -> Option<String> {
    let mut terms = Vec::new();
    for (n, part) in typed.split(['"', '“', '”']).enumerate() {
        // Between the first and the second mark, the third and the fourth.
        if n % 2 == 1 {
            terms.extend(term(part));
        } else {
            terms.extend(part.split_whitespace().filter_map(term));
        }
    }
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

fn term(words: &str) -> Option<String> {
    let (words, star) = words.trim().strip_suffix('*').map_or((words, ""), |begin| (begin, "*"));
    // SQLite reads no further than a zero.
    words.chars().any(char::is_alphanumeric).then(|| format!("\"{}\"{star}", words.replace(['"', '\0'], " ")))
}

impl Selection {
    /// Asks for words of the quotation, as people type them. All words must be there, in any order and form; words between double
    /// quotation marks stand together; `*` ends the beginning of a word. Returns false where nothing can be searched for.
    pub fn search(&mut self, typed: &str) -> bool {
        self.words = search(typed);
        self.words.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::search;

    #[test]
    fn what_people_type_is_no_syntax() {
        let cases = [
            ("security guarantee", Some("\"security\" AND \"guarantee\"")),
            ("\"security guarantees\" NATO", Some("\"security guarantees\" AND \"NATO\"")),
            ("guarant*", Some("\"guarant\"*")),
            ("NOT (don't OR: *", Some("\"NOT\" AND \"(don't\" AND \"OR:\"")),
            ("“a deal” -x", Some("\"a deal\" AND \"-x\"")),
            ("a\0b", Some("\"a b\"")),
            (" \" * ", None),
        ];
        for (typed, wanted) in cases {
            assert_eq!(search(typed).as_deref(), wanted, "{typed}");
        }
    }
}
