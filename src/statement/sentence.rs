//! One sentence as the coding of stances reads it: words for patterns, stance words by the token that heads them, the tree.

use std::collections::BTreeMap;
use std::ops::Range;

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
    /// Dependents of all tokens, one token's after another's, and where each token's begin.
    dependents: Vec<u32>,
    begins: Vec<u32>,
    /// How far each token lies from the root.
    depths: Vec<u32>,
    operators: BTreeMap<usize, Vec<OperatorAt<'a>>>,
    /// Words of the small lists by their first token: list, first token, one past the last.
    lists: Vec<(&'a str, usize, usize)>,
    /// Tokens of the longest of them.
    longest: usize,
}

/// The words of a sentence for one pattern vocabulary, quotation marks left out.
struct Line {
    words: Vec<Word>,
    tokens: Vec<usize>,
    named: Vec<NamedAt>,
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

    /// Tells whether another pattern lies wholly in this one, its gaps among it, and shares a word that both name.
    pub(super) fn holds(&self, other: &Hit) -> bool {
        let both = |t: usize| self.names(t) && other.names(t);
        self.start <= other.start && other.end <= self.end && (other.start..other.end).any(both)
    }

    /// Returns the length in tokens.
    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }
}

/// What a wording matches in a sentence; needs no tree.
pub(super) struct Search {
    /// The tokens of the words that matches count.
    tokens: Vec<usize>,
    found: Vec<Match>,
}

/// Searches the sentences of one document for wording.
pub(super) struct Searcher<'a> {
    analysis: &'a Analysis,
    people: &'a People<'a>,
    /// All tokens as patterns see them.
    spelled: Vec<Word>,
}

impl<'a> Searcher<'a> {
    /// Spells a document's words in the vocabulary of a codebook.
    pub(super) fn new(book: &Codebook, analysis: &'a Analysis, words: &Words<'_>, people: &'a People<'a>) -> Self {
        let vocabulary = &book.vocabulary;
        let spell = |(token, lower): (&Token, &std::borrow::Cow<'_, str>)| {
            let lower = lower.as_ref();
            let form = vocabulary.id(lower);
            let lemma = crate::text::lemma(lower, token.tag);
            let lemma = if lemma == lower { form } else { vocabulary.id(&lemma) };
            Word { form, lemma, stop: matches!(lower, ";" | ":") }
        };
        Searcher { analysis, people, spelled: analysis.tokens.iter().zip(&words.lower).map(spell).collect() }
    }

    /// Matches a wording against a sentence.
    pub(super) fn search(&self, wording: &Wording, sentence: &crate::text::Sentence) -> Search {
        let line = self.line(sentence.tokens.start as usize, sentence.tokens.end as usize);
        Search { found: wording.find(&line.words, &line.named), tokens: line.tokens }
    }

    /// Lays out the tokens of a sentence, quotation marks left out.
    fn line(&self, from: usize, to: usize) -> Line {
        let count = to - from;
        let mut line = Line { words: Vec::with_capacity(count), tokens: Vec::with_capacity(count), named: Vec::new() };
        let mut at = Vec::with_capacity(count + 1);
        for token in from..to {
            at.push(line.words.len());
            if self.analysis.tokens[token].kind != TokenKind::Quote {
                line.words.push(self.spelled[token]);
                line.tokens.push(token);
            }
        }
        at.push(line.words.len());
        for mention in self.people.within(from, to) {
            let (start, end) = (mention.start.max(from), mention.end.min(to));
            for party in &mention.who.parties {
                // A person, an office or officials count whole and by the words inside that name the party.
                line.named.push(NamedAt { start: at[start - from], end: at[end - from], party: *party });
            }
        }
        for (start, end, party) in self.people.names_within(from, to) {
            line.named.push(NamedAt { start: at[start - from], end: at[end - from], party });
        }
        line.named.sort_by_key(|n| (n.start, n.end, n.party));
        line.named.dedup();
        line
    }
}

impl Search {
    /// Tells whether nothing matched.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Returns what the patterns that match were added with.
    pub(super) fn values(&self) -> impl Iterator<Item = u32> + '_ {
        self.found.iter().map(|m| m.value)
    }

    /// Returns the matches: tokens of the document, and what each pattern was added with.
    pub(super) fn ranges(&self) -> impl Iterator<Item = (Range<usize>, u32)> + '_ {
        self.found.iter().filter_map(|m| {
            let start = *self.tokens.get(m.start)?;
            let end = self.tokens.get(m.end.checked_sub(1)?)? + 1;
            Some((start..end, m.value))
        })
    }
}

/// Lists the dependents of every token of a tree, in order, and where each token's list begins.
fn dependents(tree: &Tree, count: usize) -> (Vec<u32>, Vec<u32>) {
    let mut begins = vec![0u32; count + 1];
    let heads = || tree.heads.iter().take(count).map(|h| *h as usize);
    for head in heads().filter(|h| *h < count) {
        begins[head + 1] += 1;
    }
    for at in 0..count {
        begins[at + 1] += begins[at];
    }
    let mut next = begins.clone();
    let mut dependents = vec![0u32; begins[count] as usize];
    for (token, head) in heads().enumerate().filter(|(_, h)| *h < count) {
        dependents[next[head] as usize] = token as u32;
        next[head] += 1;
    }
    (dependents, begins)
}

/// Counts the steps from every token up to the root; a token that hangs on no root is as deep as can be.
fn depths(tree: &Tree, dependents: &[u32], begins: &[u32]) -> Vec<u32> {
    let count = begins.len() - 1;
    let mut depths = vec![u32::MAX; count];
    let mut open: Vec<u32> =
        (0..count as u32).filter(|t| tree.heads.get(*t as usize).is_none_or(|h| *h as usize >= count)).collect();
    for root in &open {
        depths[*root as usize] = 0;
    }
    while let Some(token) = open.pop() {
        let token = token as usize;
        for child in &dependents[begins[token] as usize..begins[token + 1] as usize] {
            depths[*child as usize] = depths[token] + 1;
            open.push(*child);
        }
    }
    depths
}

impl<'a> Sentence<'a> {
    /// Prepares a sentence.
    pub(super) fn new(
        sentence: &crate::text::Sentence,
        analysis: &'a Analysis,
        words: &'a Words<'a>,
        searcher: &Searcher<'_>,
        book: &'a Codebook,
        tree: &'a Tree,
    ) -> Self {
        let (from, to) = (sentence.tokens.start as usize, sentence.tokens.end as usize);
        let (dependents, begins) = dependents(tree, to - from);
        let mut made = Sentence {
            from,
            to,
            tokens: &analysis.tokens,
            words,
            tree,
            depths: depths(tree, &dependents, &begins),
            dependents,
            begins,
            operators: BTreeMap::new(),
            lists: Vec::new(),
            longest: 0,
        };
        let search = |wording| searcher.search(wording, sentence);
        for hit in made.hits(&search(&book.stance_wording)) {
            // "the Strip" is no stripping.
            if hit.end == hit.start + 1 && analysis.tokens[hit.head].tag.is_name() {
                continue;
            }
            let operator = &book.operators[hit.value as usize];
            let found = OperatorAt { operator, start: hit.start, end: hit.end };
            made.operators.entry(hit.head).or_default().push(found);
        }
        made.lists = made
            .hits(&search(&book.list_wording))
            .into_iter()
            .map(|hit| (book.lists[hit.value as usize].as_str(), hit.start, hit.end))
            .collect();
        made.lists.sort_by_key(|(_, start, _)| *start);
        made.longest = made.lists.iter().map(|(_, start, end)| end - start).max().unwrap_or(0);
        made
    }

    /// Returns the matches of a search of this sentence, each with the token that heads it.
    pub(super) fn hits(&self, search: &Search) -> Vec<Hit> {
        let hit = |m: &Match| {
            let start = *search.tokens.get(m.start)?;
            let end = search.tokens.get(m.end.checked_sub(1)?)? + 1;
            let mut named = 0u64;
            for word in m.start..m.end {
                let offset = search.tokens[word] - start;
                if offset >= 64 {
                    break;
                }
                if m.names(word) {
                    named |= 1 << offset;
                }
            }
            Some(Hit { start, end, value: m.value, head: self.head_of(start, end), named })
        };
        search.found.iter().filter_map(hit).collect()
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
        let range = token.checked_sub(self.from).and_then(|t| Some(*self.begins.get(t)?..*self.begins.get(t + 1)?));
        let range = range.map_or(0..0, |r| r.start as usize..r.end as usize);
        self.dependents.get(range).unwrap_or(&[]).iter().map(|t| self.from + *t as usize)
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

    /// Returns how far a token lies from the root.
    pub(super) fn depth(&self, token: usize) -> u32 {
        token.checked_sub(self.from).and_then(|t| self.depths.get(t)).copied().unwrap_or(u32::MAX)
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
        let mut open = vec![token];
        // In a tree every token is met once; the bound is for one that were none.
        for _ in self.from..self.to {
            let Some(at) = open.pop() else { break };
            first = first.min(at);
            last = last.max(at);
            open.extend(self.children(at));
        }
        (first, last + 1)
    }

    /// Tells whether two tokens stand in two parts of what "and", "or" or a comma join: right below what holds both, or, where
    /// `deep`, anywhere on the way there, since parsers seldom know what "and" joins.
    pub(super) fn coordinated(&self, one: usize, other: usize, deep: bool) -> bool {
        let above = |t: usize| -> Vec<usize> {
            std::iter::successors(Some(t), |t| self.governor(*t)).take(self.to - self.from).collect()
        };
        let (mut one, mut other) = (above(one), above(other));
        while let (Some(a), Some(b)) = (one.last(), other.last())
            && a == b
        {
            one.pop();
            other.pop();
        }
        let joins =
            |way: &[usize]| way.iter().rev().take(if deep { way.len() } else { 1 }).any(|t| self.rel(*t) == Rel::Conj);
        joins(&one) || joins(&other)
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
        self.heads(head, |o| o.class == class)
    }

    /// Tells whether a token heads a word of wishing: "want", "seek".
    pub(super) fn heads_wish(&self, head: usize) -> bool {
        self.heads(head, |o| o.class == OperatorClass::Attitude && o.value == 2)
    }

    fn heads(&self, head: usize, is: impl Fn(&Operator) -> bool) -> bool {
        self.operators.get(&head).is_some_and(|found| found.iter().any(|o| is(o.operator)))
    }

    /// Tells whether words of a small list stand at a token.
    pub(super) fn listed(&self, list: &str, token: usize) -> bool {
        self.list_within(list, token, token + 1).next().is_some()
    }

    /// Returns the places of a small list's words, in order.
    pub(super) fn list<'s>(&'s self, list: &'s str) -> impl Iterator<Item = (usize, usize)> + 's {
        self.list_within(list, self.from, self.to)
    }

    /// Returns those that share a token with a range.
    pub(super) fn list_within<'s>(
        &'s self,
        list: &'s str,
        from: usize,
        to: usize,
    ) -> impl Iterator<Item = (usize, usize)> + 's {
        let first = self.lists.partition_point(|(_, start, _)| start + self.longest <= from);
        let near = self.lists[first..].iter().take_while(move |(_, start, _)| *start < to);
        near.filter(move |(name, _, end)| *name == list && from < *end).map(|(_, start, end)| (*start, *end))
    }

    /// Tells whether a word stands right before a token.
    pub(super) fn before_is(&self, token: usize, word: &str) -> bool {
        token > self.from && self.lower(token - 1) == word
    }

    /// Returns a token in lower case.
    pub(super) fn lower(&self, token: usize) -> &str {
        self.words.lower[token].as_ref()
    }
}
