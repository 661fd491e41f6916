//! The dependency parser: greedy, transition-based, with an averaged perceptron for the moves and one for relations.
//!
//! The system is arc-hybrid, trained with a dynamic oracle (Goldberg and Nivre 2013), on features after Zhang and Nivre
//! (2011). Relations are chosen as arcs are made, so that later moves see them. Time is linear in the number of tokens:
//! a long sentence is cut at punctuation into windows, and the heads of the later ones hang on the first.

mod cells;
pub mod features;
mod rel;
pub mod state;
mod tree;

use std::sync::OnceLock;

pub use cells::write_cells;
pub use rel::Rel;
pub use tree::{ROOT, Tree};

use self::cells::Cells;
use self::state::{LONGEST, Move, State};
use super::model::{self, ModelError, Rows, WIDTH};
use super::{Tag, Token};

const BUILTIN: &[u8] = include_bytes!("../../../data/models/parser.bin");
/// The number of this kind of model in its file.
pub const KIND: u32 = 2;

/// A parser with its model.
#[derive(Debug, Clone, Default)]
pub struct Parser {
    moves: Cells,
    rels: Rows,
}

/// What parsing needs at hand; kept from sentence to sentence, it saves allocating.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    state: State,
    /// The tree parsed last.
    pub tree: Tree,
}

impl Parser {
    /// Returns the parser that comes with the program.
    pub fn builtin() -> &'static Parser {
        static PARSER: OnceLock<Parser> = OnceLock::new();
        // A test reads the same bytes; an empty parser could only follow from a broken build, and still makes trees.
        PARSER.get_or_init(|| Parser::from_bytes(BUILTIN).unwrap_or_default())
    }

    /// Reads a parser from the bytes of a model file.
    ///
    /// # Errors
    /// The file is not a parser's, or is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Parser, ModelError> {
        let mut body = model::unwrap(bytes, KIND)?;
        let parser = Parser { moves: Cells::read(&mut body)?, rels: Rows::read(&mut body)? };
        body.end()?;
        Ok(parser)
    }

    /// Parses the tokens of one sentence. Indices in the tree are of this slice.
    pub fn parse(&self, text: &str, tokens: &[Token]) -> Tree {
        let mut work = Workspace::default();
        self.parse_into(text, tokens, &mut work);
        work.tree
    }

    /// Parses as [`Parser::parse`] does, into a workspace that may be used again.
    pub fn parse_into<'w>(&self, text: &str, tokens: &[Token], work: &'w mut Workspace) -> &'w Tree {
        let Workspace { state, tree } = work;
        tree.heads.clear();
        tree.rels.clear();
        let mut root = None;
        let mut from = 0;
        while let Some(rest) = tokens.get(from..).filter(|r| !r.is_empty()) {
            let window = rest.get(..window(rest)).unwrap_or(rest);
            state.begin(text, window);
            self.run(state);
            for at in 0..window.len() {
                let (head, rel) = match state.head(at) {
                    Some((head, rel)) => ((from + head) as u32, rel),
                    None => match root {
                        Some(root) => (root, Rel::Parataxis),
                        None => {
                            root = Some((from + at) as u32);
                            (ROOT, Rel::Root)
                        }
                    },
                };
                tree.heads.push(head);
                tree.rels.push(rel);
            }
            from += window.len();
        }
        tree
    }

    fn run(&self, state: &mut State) {
        while !state.is_done() {
            // With one way to go there is nothing to weigh.
            let step = if state.stack().is_empty() {
                Move::Shift
            } else if state.front() >= state.len() {
                Move::Right
            } else {
                let scores = self.moves.score(&features::move_features(state));
                match cells::best(scores, |m| state.allows(m)) {
                    Some(step) => step,
                    None => return,
                }
            };
            let rel = if step == Move::Shift { Rel::Dep } else { self.rel(state, step) };
            state.apply(step, rel);
        }
    }

    fn rel(&self, state: &State, step: Move) -> Rel {
        let mut scores = [0; WIDTH];
        self.rels.add(&features::rel_features(state, step), &mut scores);
        let mut best = 0;
        for (class, score) in scores.iter().enumerate().take(Rel::ALL.len()) {
            if *score > scores[best] {
                best = class;
            }
        }
        Rel::from_index(best as u8).unwrap_or_default()
    }
}

/// How many of the tokens to parse at once: all, or as many as end with punctuation.
fn window(tokens: &[Token]) -> usize {
    if tokens.len() <= LONGEST {
        return tokens.len();
    }
    let ends = |t: &Token| matches!(t.tag, Tag::Period | Tag::Colon | Tag::Comma | Tag::CloseBracket | Tag::CloseQuote);
    let half = LONGEST / 2;
    tokens.iter().take(LONGEST).rposition(ends).map(|at| at + 1).filter(|n| *n > half).unwrap_or(LONGEST)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::text::analyse;

    #[test]
    fn builtin_model_is_sound() {
        Parser::from_bytes(BUILTIN).unwrap();
    }

    #[test]
    fn every_tree_is_one() {
        for text in [
            "",
            "Go.",
            "The minister said on Monday that the talks would not resume.",
            &"so, ".repeat(500),
            &"so ".repeat(500),
        ] {
            let analysis = analyse(text, &[]);
            for at in 0..analysis.sentences.len() {
                let tokens = analysis.sentence_tokens(at);
                let tree = Parser::builtin().parse(text, tokens);
                assert_eq!((tree.heads.len(), tree.rels.len()), (tokens.len(), tokens.len()));
                assert_eq!(tree.heads.iter().filter(|h| **h == ROOT).count(), 1);
                for token in 0..tokens.len().min(50) {
                    assert!(token == tree.root().unwrap() || tree.governors(token).last() == tree.root());
                }
            }
        }
    }

    #[test]
    fn finds_subjects_and_negation() {
        let text = "Roe did not say when the talks would resume.";
        let analysis = analyse(text, &[]);
        let tree = Parser::builtin().parse(text, &analysis.tokens);
        assert_eq!(tree.root(), Some(3));
        assert_eq!(tree.subject(3), Some(0));
        assert!(tree.is_negated(3) && !tree.is_negated(8));
        assert_eq!(tree.rel(8), Rel::Ccomp);
    }
}
