//! The transition system: arc-hybrid (Kuhlmann, Gomez-Rodriguez and Satta 2011).
//!
//! Tokens move from a queue to a stack. A token on top of the stack gets its head from the front of the queue (left) or
//! from the token below it (right), and leaves. The last token left is the root, so every sentence has one.

use super::rel::Rel;
use crate::text::{Token, hash};

/// No token, where a token's index may be missing.
pub(crate) const NOBODY: u16 = u16::MAX;
/// The most tokens of one state.
pub(crate) const LONGEST: usize = 200;

/// What the parser may do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// The front of the queue goes on the stack.
    Shift,
    /// The top of the stack depends on the front of the queue.
    Left,
    /// The top of the stack depends on the token below it.
    Right,
}

impl Move {
    /// All moves, in the order of their numbers.
    pub const ALL: [Move; 3] = [Move::Shift, Move::Left, Move::Right];
}

/// One token as the features see it, and its outermost dependents so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Node {
    pub(crate) word: u32,
    pub(crate) tag: u8,
    pub(crate) quote: u32,
    pub(crate) lefts: u8,
    pub(crate) rights: u8,
    /// The outermost dependents on either side, and the next ones.
    pub(crate) left: [u16; 2],
    pub(crate) right: [u16; 2],
    pub(crate) head: u16,
    pub(crate) rel: Rel,
    /// The kinds of its dependents on either side, in bits.
    pub(crate) left_kinds: u32,
    pub(crate) right_kinds: u32,
    /// How many commas stand before it.
    pub(crate) commas: u16,
    /// How many verbs stand before it.
    pub(crate) verbs: u16,
}

/// A parse under way.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub(crate) nodes: Vec<Node>,
    pub(crate) stack: Vec<u16>,
    pub(crate) next: u16,
}

/// A relation as a bit; relations that say alike what a head still wants share one.
fn kind(rel: Rel) -> u32 {
    let bit = match rel {
        Rel::Nsubj | Rel::Nsubjpass | Rel::Csubj | Rel::Csubjpass | Rel::Expl => 0,
        Rel::Dobj | Rel::Iobj => 1,
        Rel::Aux | Rel::Auxpass => 2,
        Rel::Cop => 3,
        Rel::Mark => 4,
        Rel::Det | Rel::NmodPoss => 5,
        Rel::Case => 6,
        Rel::Cc => 7,
        Rel::Conj => 8,
        Rel::Punct => 9,
        Rel::Ccomp | Rel::Xcomp => 10,
        Rel::Neg => 11,
        Rel::Nmod | Rel::NmodTmod | Rel::Advmod => 12,
        Rel::Compound => 13,
        Rel::Advcl | Rel::Acl | Rel::AclRelcl | Rel::Appos => 14,
        _ => 15,
    };
    1 << bit
}

impl State {
    /// Begins with a sentence; tokens beyond the longest are left out.
    pub fn begin(&mut self, text: &str, tokens: &[Token]) {
        self.nodes.clear();
        self.stack.clear();
        self.next = 0;
        let (mut commas, mut verbs) = (0, 0);
        for token in tokens.iter().take(LONGEST) {
            self.nodes.push(Node {
                word: hash::word(token.text(text)),
                tag: token.tag as u8,
                quote: token.quote,
                left: [NOBODY; 2],
                right: [NOBODY; 2],
                head: NOBODY,
                commas,
                verbs,
                ..Node::default()
            });
            commas += u16::from(token.tag == crate::text::Tag::Comma);
            verbs += u16::from(token.tag.is_verb());
        }
    }

    /// Tells whether a move can be made.
    pub fn allows(&self, step: Move) -> bool {
        let queue = (self.next as usize) < self.nodes.len();
        match step {
            Move::Shift => queue,
            Move::Left => queue && !self.stack.is_empty(),
            Move::Right => self.stack.len() >= 2,
        }
    }

    /// Tells whether one token is left.
    pub fn is_done(&self) -> bool {
        self.next as usize >= self.nodes.len() && self.stack.len() <= 1
    }

    /// The dependent and head that a move would join.
    pub fn arc(&self, step: Move) -> Option<(usize, usize)> {
        let top = self.stack.last().map(|t| *t as usize)?;
        match step {
            Move::Shift => None,
            Move::Left => Some((top, self.next as usize)),
            Move::Right => {
                self.stack.len().checked_sub(2).and_then(|at| self.stack.get(at)).map(|h| (top, *h as usize))
            }
        }
    }

    /// Makes a move, with the relation of the arc it makes. A move that cannot be made does nothing.
    pub fn apply(&mut self, step: Move, rel: Rel) {
        if !self.allows(step) {
            return;
        }
        if step == Move::Shift {
            self.stack.push(self.next);
            self.next += 1;
            return;
        }
        let Some((dependent, head)) = self.arc(step) else { return };
        self.stack.pop();
        if let Some(node) = self.nodes.get_mut(dependent) {
            node.head = head as u16;
            node.rel = rel;
        }
        if let Some(node) = self.nodes.get_mut(head) {
            if step == Move::Left {
                node.left = [dependent as u16, node.left[0]];
                node.lefts = node.lefts.saturating_add(1);
                node.left_kinds |= kind(rel);
            } else {
                node.right = [dependent as u16, node.right[0]];
                node.rights = node.rights.saturating_add(1);
                node.right_kinds |= kind(rel);
            }
        }
    }

    /// The tokens on the stack, the top last.
    pub fn stack(&self) -> &[u16] {
        &self.stack
    }

    /// The index of the front of the queue.
    pub fn front(&self) -> usize {
        self.next as usize
    }

    /// How many tokens the sentence has.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Tells whether the sentence has no tokens.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The head of a token, so far, and its relation.
    pub fn head(&self, token: usize) -> Option<(usize, Rel)> {
        self.nodes.get(token).filter(|n| n.head != NOBODY).map(|n| (n.head as usize, n.rel))
    }
}
