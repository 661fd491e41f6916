//! One sentence as the coding of stances reads it: words for patterns, stance words by the token that heads them, the tree.

use std::collections::BTreeMap;

use crate::attribution::{People, Words};
use crate::codebook::wording::{Match, NamedAt, Word, Wording};
use crate::codebook::{Codebook, Operator, OperatorClass};
use crate::text::{Analysis, Rel, Token, TokenKind, Tree};

/// A stance word in place.
#[derive(Debug, Clone, Copy)]
pub(super) struct OperatorAt<'b> {
    pub(super) operator: &'b Operator,
    /// First token.
    pub(super) start: usize,
    /// One past the last token.
    pub(super) end: usize,
}

/// One sentence, tokens counted in the document.
pub(super) struct Sentence<'a> {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) tokens: &'a [Token],
    pub(super) words: &'a Words<'a>,
    pub(super) tree: &'a Tree,
    operators: BTreeMap<usize, Vec<OperatorAt<'a>>>,
    lists: Vec<(&'a str, usize, usize)>,
}

/// The words of a sentence for one pattern vocabulary, quotation marks left out.
pub(super) struct Line {
    pub(super) words: Vec<Word>,
    pub(super) tokens: Vec<usize>,
    pub(super) named: Vec<NamedAt>,
}

/// A match in tokens of the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// First token.
    pub(super) start: usize,
    /// One past the last token.
    pub(super) end: usize,
    /// What the pattern was added with.
    pub(super) value: u32,
    /// The token that heads the match.
    pub(super) head: usize,
    named: u64,
}

impl Hit {
    /// Makes a hit of all the tokens of a range.
    pub(super) fn new(sentence: &Sentence<'_>, start: usize, end: usize) -> Hit {
        Hit { start, end, value: 0, head: sentence.head_of(start, end), named: u64::MAX }
    }

    /// Tells whether the hit points back to what an earlier sentence names.
    pub(super) fn points_back(&self) -> bool {
        self.named == u64::MAX
    }

    /// Tells whether the pattern itself names a token, rather than passing over it in a gap.
    pub(super) fn names(&self, token: usize) -> bool {
        token >= self.start
            && token < self.end
            && (token - self.start >= 64 || self.named >> (token - self.start) & 1 == 1)
    }

    /// Tells whether all that another pattern names lies in what this one names too.
    pub(super) fn covers(&self, other: &Hit) -> bool {
        self.start <= other.start
            && other.end <= self.end
            && (other.start..other.end).filter(|t| other.names(*t)).all(|t| self.names(t))
    }

    /// Returns the length in tokens.
    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }
}

/// Prepares the tokens of a sentence for one pattern vocabulary.
pub(super) fn line(
    wording: &Wording,
    from: usize,
    to: usize,
    a: &Analysis,
    words: &Words<'_>,
    people: &People<'_>,
) -> Line {
    let vocabulary = wording.vocabulary();
    let mut line = Line { words: Vec::new(), tokens: Vec::new(), named: Vec::new() };
    let mut at = vec![0; to - from + 1];
    for token in from..to {
        at[token - from] = line.words.len();
        if a.tokens[token].kind == TokenKind::Quote {
            continue;
        }
        let lower = words.lower[token].as_ref();
        let lemma = crate::text::lemma(lower, a.tokens[token].tag);
        line.words.push(Word {
            form: vocabulary.id(lower),
            lemma: vocabulary.id(&lemma),
            stop: matches!(lower, ";" | ":"),
        });
        line.tokens.push(token);
    }
    at[to - from] = line.words.len();
    for mention in people.within(from, to) {
        let (start, end) = (mention.start.max(from), mention.end.min(to));
        for party in &mention.who.parties {
            // A person, an office or officials count whole and by the words inside that name the party.
            line.named.push(NamedAt { start: at[start - from], end: at[end - from], party: *party });
        }
    }
    for (start, end, party) in people.names_within(from, to) {
        line.named.push(NamedAt { start: at[start - from], end: at[end - from], party });
    }
    line.named.sort_by_key(|n| (n.start, n.end, n.party));
    line.named.dedup();
    line
}

impl<'a> Sentence<'a> {
    /// Prepares a sentence.
    pub(super) fn new(
        sentence: &crate::text::Sentence,
        analysis: &'a Analysis,
        words: &'a Words<'a>,
        people: &People<'_>,
        book: &'a Codebook,
        tree: &'a Tree,
    ) -> Self {
        let (from, to) = (sentence.tokens.start as usize, sentence.tokens.end as usize);
        let mut made =
            Sentence { from, to, tokens: &analysis.tokens, words, tree, operators: BTreeMap::new(), lists: Vec::new() };
        for hit in made.find(&book.stance_wording, analysis, people) {
            let operator = &book.operators[hit.value as usize];
            let found = OperatorAt { operator, start: hit.start, end: hit.end };
            made.operators.entry(hit.head).or_default().push(found);
        }
        made.lists = made
            .find(&book.list_wording, analysis, people)
            .into_iter()
            .map(|hit| (book.lists[hit.value as usize].as_str(), hit.start, hit.end))
            .collect();
        made
    }

    /// Finds all matches of a wording, each with the token that heads it.
    pub(super) fn find(&self, wording: &Wording, analysis: &Analysis, people: &People<'_>) -> Vec<Hit> {
        let line = line(wording, self.from, self.to, analysis, self.words, people);
        let hit = |m: &Match| {
            let start = *line.tokens.get(m.start)?;
            let end = line.tokens.get(m.end.checked_sub(1)?)? + 1;
            let mut named = 0u64;
            for word in m.start..m.end {
                let offset = line.tokens[word] - start;
                if m.names(word) && offset < 64 {
                    named |= 1 << offset;
                }
            }
            Some(Hit { start, end, value: m.value, head: self.head_of(start, end), named })
        };
        wording.find(&line.words, &line.named).iter().filter_map(hit).collect()
    }

    /// Returns the governor of a token, nothing for a root.
    pub(super) fn governor(&self, token: usize) -> Option<usize> {
        let head = *self.tree.heads.get(token.checked_sub(self.from)?)?;
        let head = self.from + head as usize;
        (head < self.to).then_some(head)
    }

    /// Returns the relation of a token to its governor.
    pub(super) fn rel(&self, token: usize) -> Rel {
        token.checked_sub(self.from).and_then(|t| self.tree.rels.get(t)).copied().unwrap_or(Rel::Root)
    }

    /// Returns the dependents of a token, in order.
    pub(super) fn children(&self, token: usize) -> impl Iterator<Item = usize> + '_ {
        (self.from..self.to).filter(move |t| self.governor(*t) == Some(token))
    }

    /// Returns the first dependent by one of some relations.
    pub(super) fn child(&self, token: usize, rels: &[Rel]) -> Option<usize> {
        // A parser may take a mark for a word; no mark is a subject or an object.
        self.children(token).find(|t| rels.contains(&self.rel(*t)) && !self.tokens[*t].tag.is_punct())
    }

    /// Returns the preposition or conjunction that marks a dependent.
    pub(super) fn marker(&self, token: usize) -> Option<usize> {
        self.child(token, &[Rel::Case, Rel::Mark])
    }

    fn depth(&self, token: usize) -> usize {
        let mut at = token;
        for depth in 0..self.to - self.from {
            match self.governor(at) {
                Some(up) => at = up,
                None => return depth,
            }
        }
        usize::MAX
    }

    /// Returns the token of a range that governs the others: the one nearest the root, words before marks.
    pub(super) fn head_of(&self, start: usize, end: usize) -> usize {
        let outside = |t: &usize| self.governor(*t).is_none_or(|g| g < start || g >= end);
        let word = |t: &usize| !self.tokens[*t].tag.is_punct();
        let best = (start..end).filter(outside).filter(word).min_by_key(|t| self.depth(*t));
        best.unwrap_or(start)
    }

    /// Returns the first and one past the last token of everything a token governs.
    pub(super) fn subtree(&self, token: usize) -> (usize, usize) {
        let (mut first, mut last) = (token, token);
        for at in self.from..self.to {
            let mut up = at;
            for _ in 0..self.to - self.from {
                if up == token {
                    first = first.min(at);
                    last = last.max(at);
                    break;
                }
                match self.governor(up) {
                    Some(next) => up = next,
                    None => break,
                }
            }
        }
        (first, last + 1)
    }

    /// Returns the longest stance word headed by a token that no token in `taken` belongs to.
    pub(super) fn operator(&self, head: usize, taken: &Hit) -> Option<OperatorAt<'a>> {
        let found = self.operators.get(&head)?;
        found
            .iter()
            .filter(|o| !(o.start..o.end).any(|t| taken.names(t)))
            .max_by_key(|o| (o.end - o.start, std::cmp::Reverse(o.start)))
            .copied()
    }

    /// Returns the longest stance word that begins at a token.
    pub(super) fn starting(&self, token: usize) -> Option<OperatorAt<'a>> {
        self.operators.values().flatten().filter(|o| o.start == token).max_by_key(|o| o.end).copied()
    }

    /// Returns the name and strength of a modal that a token begins.
    pub(super) fn any_modal(&self, token: usize) -> Option<(&'a str, i8)> {
        let found =
            self.operators.values().flatten().find(|o| o.start == token && o.operator.class == OperatorClass::Modal)?;
        Some((found.operator.id.as_str(), found.operator.value.abs()))
    }

    /// Tells whether a token heads a word of pressing others: "urge", "press".
    pub(super) fn presses(&self, head: usize) -> bool {
        self.heads_class(head, OperatorClass::Press)
    }

    /// Tells whether a token heads a stance word of a class.
    pub(super) fn heads_class(&self, head: usize, class: OperatorClass) -> bool {
        self.operators.get(&head).is_some_and(|found| found.iter().any(|o| o.operator.class == class))
    }

    /// Tells whether words of a small list stand at a token.
    pub(super) fn listed(&self, list: &str, token: usize) -> bool {
        self.lists.iter().any(|(name, start, end)| *name == list && *start <= token && token < *end)
    }

    /// Returns the places of a small list's words.
    pub(super) fn list<'s>(&'s self, list: &'s str) -> impl Iterator<Item = (usize, usize)> + 's {
        self.lists.iter().filter(move |(name, ..)| *name == list).map(|(_, start, end)| (*start, *end))
    }

    /// Returns a token in lower case.
    pub(super) fn lower(&self, token: usize) -> &str {
        self.words.lower[token].as_ref()
    }
}
