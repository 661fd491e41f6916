//! Patterns that load and probably do not say what was meant.

use std::collections::BTreeMap;

use crate::codebook::Pattern;
use crate::text;

/// A pattern to look at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The pattern.
    pub pattern: Pattern,
    /// What is odd about it.
    pub why: String,
    /// What to do.
    pub hint: String,
}

/// Articles: an alternative among each other, a slip beside anything else.
const ARTICLES: &[&str] = &["the", "a", "an"];

/// Finds doubtful patterns, in the order given.
pub fn doubts(patterns: &[Pattern]) -> Vec<Doubt> {
    let mut found = Vec::new();
    let mut seen: BTreeMap<(&str, &str), Option<usize>> = BTreeMap::new();
    for pattern in patterns {
        let mut doubt = |why: String, hint: &str| {
            found.push(Doubt { pattern: pattern.clone(), why, hint: hint.to_string() });
        };
        match seen.insert((&pattern.owner, &pattern.text), pattern.line) {
            Some(Some(line)) if Some(line) != pattern.line => {
                doubt(format!("stands in '{}' twice, first in line {line}", pattern.owner), "drop one of the two");
            }
            Some(_) => doubt(format!("stands in '{}' twice", pattern.owner), "drop one of the two"),
            None => {}
        }
        let items: Vec<&str> = pattern.text.split_whitespace().collect();
        if items.windows(2).any(|w| w[0].starts_with("..") && w[1].starts_with("..")) {
            doubt("has two gaps in a row".to_string(), "write one gap with a number: ..7");
        }
        for item in items {
            if let Some((why, hint)) = item_doubt(item) {
                doubt(why, &hint);
            }
        }
    }
    found
}

fn item_doubt(item: &str) -> Option<(String, String)> {
    let body = item.strip_suffix('?').unwrap_or(item);
    let words: Vec<&str> = body.split('|').map(|w| w.trim_start_matches('=')).collect();
    let article = |w: &&&str| ARTICLES.contains(&w.to_lowercase().as_str());
    if let Some(slip) = words.iter().find(article)
        && words.iter().any(|w| !article(&w))
    {
        return Some((
            format!("'{item}' has '{slip}' as an alternative: | parts single words, not phrases"),
            "make a set of the phrases, or write the pattern once for each".to_string(),
        ));
    }
    if let Some(sign) = body.chars().find(|c| matches!(c, '*' | '(' | ')' | '[' | ']' | '\\' | '^' | '+')) {
        return Some((
            format!("'{item}' has a '{sign}', which stands for itself"),
            "docs/codebook.md shows the grammar of wording".to_string(),
        ));
    }
    let split = words.iter().find_map(|w| split(w));
    split.map(|(word, parts)| {
        (format!("'{word}' is never one word of a text, which reads it as '{parts}'"), format!("write it as '{parts}'"))
    })
}

/// Returns a word that texts never hold as one, and the words it falls into.
fn split(word: &str) -> Option<(&str, String)> {
    if word.starts_with(['{', '\'', '’', '"']) || word.starts_with("..") || !word.contains(char::is_alphabetic) {
        return None;
    }
    let text = format!("They saw {word} there.");
    let analysis = text::analyse(&text, &[]);
    let end = "They saw ".len() + word.len();
    let parts: Vec<&str> = analysis
        .tokens
        .iter()
        .filter(|t| t.span.start as usize >= "They saw ".len() && t.span.end as usize <= end)
        .map(|t| t.text(&text))
        .collect();
    (parts.len() > 1).then(|| (word, parts.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(texts: &[&str]) -> Vec<String> {
        let pattern = |(n, text): (usize, &&str)| Pattern {
            path: "topics.toml".into(),
            line: Some(n + 1),
            owner: "tolls".into(),
            text: (*text).to_string(),
        };
        doubts(&texts.iter().enumerate().map(pattern).collect::<Vec<_>>()).into_iter().map(|d| d.why).collect()
    }

    #[test]
    fn alternatives_are_single_words() {
        assert_eq!(
            why(&["operate in rafah|gaza|the strip"]),
            ["'rafah|gaza|the' has 'the' as an alternative: | parts single words, not phrases"]
        );
        assert_eq!(
            why(&["the|a? toll", "not|no toll", "keep the? toll", "peace|{talks}", "harbour|harbor .. =dues"]),
            [""; 0]
        );
    }

    #[test]
    fn words_that_no_text_holds() {
        assert_eq!(why(&["kyiv's part"]), ["'kyiv's' is never one word of a text, which reads it as 'kyiv 's'"]);
        assert_eq!(why(&["kyiv 's part", "f-16", "open-door policy", "sovereignty , independence"]), [""; 0]);
        assert_eq!(why(&["toll(s)"]), ["'toll(s)' has a '(', which stands for itself"]);
    }

    #[test]
    fn repeats_and_double_gaps() {
        assert_eq!(why(&["toll", "dues", "toll"]), ["stands in 'tolls' twice, first in line 1"]);
        assert_eq!(why(&["keep .. ..3 toll"]), ["has two gaps in a row"]);
    }
}
