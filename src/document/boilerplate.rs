//! Marks what of a document is not its report: captions, bylines, furniture. Nothing is taken out of the text.
//!
//! The wording is data, `data/lexicon/boilerplate.toml`; how its forms are read stands at the top of that file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;
use toml::Spanned;

use super::form::{Form, Token, Words, tokens};
use super::model::Boilerplate;
use crate::base::quick::QuickMap;
use crate::base::{LineIndex, Problem, Span};

/// The wording of boilerplate, checked and compiled.
#[derive(Debug, Default)]
pub struct Furniture {
    words: Words,
    rules: Vec<Rule>,
    /// Token to the rules and forms it may open the way to.
    index: QuickMap<String, Vec<(usize, usize)>>,
    verbs: BTreeSet<String>,
}

#[derive(Debug)]
struct Rule {
    mark: Boilerplate,
    place: Place,
    longest: usize,
    forms: Vec<Form>,
}

/// Where in a document a rule looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Place {
    Any,
    Head,
    Tail,
}

/// Paragraphs that are the head of a document, the first (the title) left out.
const HEAD: usize = 8;
/// Paragraphs that are its tail.
const TAIL: usize = 15;
/// Bytes that no rule's `longest` may pass.
const LONGEST: usize = 1200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    classes: BTreeMap<String, Vec<String>>,
    names: Names,
    guard: Guard,
    rule: Vec<RuleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    joining: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guard {
    verbs: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleRow {
    mark: Boilerplate,
    #[serde(default = "anywhere")]
    place: Place,
    longest: usize,
    forms: Vec<Spanned<String>>,
}

fn anywhere() -> Place {
    Place::Any
}

impl Furniture {
    /// Returns the wording that is built in.
    pub fn embedded() -> &'static Furniture {
        static EMBEDDED: OnceLock<Furniture> = OnceLock::new();
        // The built-in file is the tests' to check; a build in which it is broken marks nothing.
        EMBEDDED.get_or_init(|| Furniture::parse(EMBEDDED_TEXT, EMBEDDED_PATH).unwrap_or_default())
    }

    /// Checks and compiles the text of a wording file; `path` is for messages.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, with its line.
    pub fn parse(text: &str, path: &str) -> Result<Furniture, Problem> {
        let lines = LineIndex::new(text);
        let problem = |at: usize, why: String| {
            let line = lines.line(at) as u64;
            Problem::error("cannot use the wording of boilerplate").at(path).line(line).why(why)
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            problem(at, error.message().to_string()).hint("The head of the built-in file tells its form")
        })?;
        let words = Words { classes: file.classes, joining: file.names.joining.into_iter().collect() };
        let mut furniture = Furniture { words, verbs: file.guard.verbs.into_iter().collect(), ..Furniture::default() };
        for row in file.rule {
            let mut forms = Vec::new();
            for form in &row.forms {
                let compiled = Form::compile(form.get_ref(), &furniture.words).map_err(|why| {
                    problem(form.span().start, format!("\"{}\": {why}", form.get_ref())).hint("Mend or remove the form")
                })?;
                for key in compiled.keys() {
                    furniture.index.entry(key).or_default().push((furniture.rules.len(), forms.len()));
                }
                forms.push(compiled);
            }
            furniture.rules.push(Rule { mark: row.mark, place: row.place, longest: row.longest.min(LONGEST), forms });
        }
        Ok(furniture)
    }

    /// Tells what a paragraph is, where it is boilerplate; `n` counts from 0 among `all` paragraphs.
    pub(super) fn mark(&self, paragraph: &str, n: usize, all: usize) -> Option<Boilerplate> {
        if paragraph.len() > LONGEST {
            return None;
        }
        let tokens = tokens(paragraph)?;
        let mut candidates: Vec<(usize, usize)> =
            tokens.iter().filter_map(|token| self.index.get(token.key().as_ref())).flatten().copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        let found = candidates.into_iter().find_map(|(rule, form)| {
            let rule = self.rules.get(rule)?;
            let placed = match rule.place {
                Place::Any => true,
                Place::Head => (1..HEAD).contains(&n),
                Place::Tail => n + TAIL >= all && n > 0,
            };
            let form = rule.forms.get(form)?;
            (placed && paragraph.len() <= rule.longest && form.fits(&tokens, &self.words)).then_some(rule.mark)
        })?;
        (!self.reports(paragraph, &tokens)).then_some(found)
    }

    /// Tells whether a paragraph reports speech: it holds a quotation and a reporting verb.
    fn reports(&self, paragraph: &str, tokens: &[Token<'_>]) -> bool {
        let quotes = paragraph.contains(['"', '“', '”', '„', '«', '‘']) || paragraph.contains("''");
        quotes && tokens.iter().any(|token| self.verbs.contains(token.key().as_ref()))
    }
}

/// Puts regions in order and lets none overlap: of two that do, the one that begins first stays.
pub(super) fn in_order(mut regions: Vec<(Span, Boilerplate)>) -> Vec<(Span, Boilerplate)> {
    regions.retain(|(span, _)| !span.is_empty());
    regions.sort_by_key(|(span, mark)| (span.start, std::cmp::Reverse(span.end), *mark));
    let mut end = 0;
    regions.retain(|(span, _)| {
        let keep = span.start >= end;
        if keep {
            end = span.end;
        }
        keep
    });
    regions
}

const EMBEDDED_TEXT: &str = include_str!("../../data/lexicon/boilerplate.toml");
const EMBEDDED_PATH: &str = "data/lexicon/boilerplate.toml";

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_wording_is_sound() {
        let furniture = Furniture::parse(EMBEDDED_TEXT, EMBEDDED_PATH).map_err(|problem| problem.to_string()).unwrap();
        assert!(furniture.rules.len() > 5 && !furniture.verbs.is_empty());
    }

    #[test]
    fn broken_wording_is_refused_with_its_line() {
        let head = "[names]\njoining = []\n[guard]\nverbs = []\n";
        for (text, line, why) in [
            (
                format!("{head}[[rule]]\nmark = \"caption\"\nlongest = 9\nforms = [\"Photo\", \"<nope>\"]\n"),
                8,
                "no class <nope>",
            ),
            (format!("{head}[[rule]]\nmark = \"advert\"\nlongest = 9\nforms = []\n"), 6, "advert"),
            (format!("{head}[[rule]]\nmark = \"caption\"\nlongest = 9\nform = []\n"), 8, "form"),
            ("[[rule]\n".to_string(), 1, "]"),
        ] {
            let problem = Furniture::parse(&text, "my.toml").unwrap_err();
            assert_eq!(problem.line, Some(line), "{problem}");
            assert!(
                problem.to_string().starts_with("cannot use the wording of boilerplate: my.toml, line"),
                "{problem}"
            );
            assert!(problem.why.contains(why), "{problem}");
        }
    }

    #[test]
    fn regions_come_in_order_without_overlap() {
        let at = |start, end| (Span::new(start, end), Boilerplate::Meta);
        assert_eq!(in_order(vec![at(9, 12), at(0, 5), at(3, 8), at(5, 5), at(5, 9)]), [at(0, 5), at(5, 9), at(9, 12)]);
    }
}
