//! A parsed sentence, and what can be asked of it. All indices are of tokens within the parsed slice.

use std::ops::Range;

use super::rel::Rel;

/// The head of the token that heads the sentence.
pub const ROOT: u32 = u32::MAX;
/// How far climbing goes: a bound against trees that were put together by hand and hold a ring.
const HIGHEST: usize = 256;

/// The dependency tree of a sentence: for each token its head and how it depends on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// The index of each token's head, or [`ROOT`].
    pub heads: Vec<u32>,
    /// Each token's relation to its head.
    pub rels: Vec<Rel>,
}

impl Tree {
    /// Returns how many tokens the tree has.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Tells whether the tree has no tokens.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// Returns the index of the token that heads the sentence.
    pub fn root(&self) -> Option<usize> {
        self.heads.iter().position(|h| *h == ROOT)
    }

    /// Returns a token's head, if it has one.
    pub fn head(&self, token: usize) -> Option<usize> {
        self.heads.get(token).map(|h| *h as usize).filter(|h| *h < self.heads.len())
    }

    /// Returns a token's relation; [`Rel::Dep`] where there is no such token.
    pub fn rel(&self, token: usize) -> Rel {
        self.rels.get(token).copied().unwrap_or_default()
    }

    /// Returns a token's dependents, in order. Takes time linear in the sentence.
    pub fn children(&self, token: usize) -> impl Iterator<Item = usize> + '_ {
        self.heads.iter().enumerate().filter(move |(_, h)| **h as usize == token).map(|(at, _)| at)
    }

    /// Returns a token's first dependent by a relation.
    pub fn child(&self, token: usize, rel: Rel) -> Option<usize> {
        self.children(token).find(|c| self.rel(*c) == rel)
    }

    /// Returns the range from the first to the last token that depends on a token, however far, itself included.
    ///
    /// Takes two passes over the sentence for each level the tree goes against the order of words, mostly two.
    pub fn subtree(&self, token: usize) -> Range<usize> {
        let within = |at: usize| self.governors(at).any(|g| g == token);
        if token >= self.len() {
            return token..token;
        }
        let (mut first, mut last) = (token, token);
        // The parser's trees are projective: a subtree is one unbroken range, found by walking outwards.
        while first > 0 && within(first - 1) {
            first -= 1;
        }
        while last + 1 < self.len() && within(last + 1) {
            last += 1;
        }
        first..last + 1
    }

    /// Returns the token's head, that one's head, and so on up to the root.
    pub fn governors(&self, token: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.head(token), |at| self.head(*at)).take(HIGHEST)
    }

    /// Tells whether one token lies in the subtree of another, itself included.
    pub fn is_within(&self, token: usize, of: usize) -> bool {
        token == of || self.governors(token).any(|g| g == of)
    }

    /// Returns the subject of a verb: its own, or that of the verb it shares one with.
    ///
    /// "She came and said": the subject of "said" is that of "came"; "she wants to say": that of "wants".
    pub fn subject(&self, verb: usize) -> Option<usize> {
        let mut at = verb;
        for _ in 0..HIGHEST {
            if let Some(found) = self.children(at).find(|c| self.rel(*c).is_subject()) {
                return Some(found);
            }
            match self.rel(at) {
                // "persuaded him to say": an object between is the subject.
                Rel::Xcomp => {
                    let head = self.head(at)?;
                    if let Some(object) = self.child(head, Rel::Dobj).filter(|o| *o < at) {
                        return Some(object);
                    }
                    at = head;
                }
                Rel::Conj | Rel::Aux | Rel::Auxpass | Rel::Cop => at = self.head(at)?,
                // "The man running the office": the noun.
                Rel::Acl | Rel::AclRelcl => return self.head(at),
                // "Speaking in Kyiv, she said": the main clause's.
                Rel::Advcl => at = self.head(at)?,
                _ => return None,
            }
        }
        None
    }

    /// Tells whether a word is negated, by a dependent of its own or of the verb it helps ("did not", "never").
    pub fn is_negated(&self, token: usize) -> bool {
        let own = self.child(token, Rel::Neg).is_some();
        let helped = matches!(self.rel(token), Rel::Aux | Rel::Auxpass | Rel::Cop);
        own || helped && self.head(token).is_some_and(|h| self.child(h, Rel::Neg).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Roe did n't want to speak , but left"
    fn tree() -> Tree {
        use Rel::*;
        Tree {
            heads: vec![3, 3, 3, ROOT, 5, 3, 3, 3, 3],
            rels: vec![Nsubj, Aux, Neg, Root, Mark, Xcomp, Punct, Cc, Conj],
        }
    }

    #[test]
    fn climbs_to_subjects() {
        let tree = tree();
        assert_eq!(tree.subject(3), Some(0));
        assert_eq!(tree.subject(5), Some(0));
        assert_eq!(tree.subject(8), Some(0));
        assert_eq!(tree.subject(6), None);
        assert_eq!(tree.subject(99), None);
    }

    #[test]
    fn tells_subtrees_and_negation() {
        let tree = tree();
        assert_eq!(tree.subtree(5), 4..6);
        assert_eq!(tree.subtree(3), 0..9);
        assert!(tree.is_negated(3) && tree.is_negated(1) && !tree.is_negated(5));
        assert_eq!(tree.governors(4).collect::<Vec<_>>(), [5, 3]);
        assert_eq!(tree.root(), Some(3));
    }

    #[test]
    fn bears_a_ring() {
        let tree = Tree { heads: vec![1, 0], rels: vec![Rel::Conj; 2] };
        assert_eq!(tree.subject(0), None);
        assert_eq!(tree.subtree(0), 0..2);
    }
}
