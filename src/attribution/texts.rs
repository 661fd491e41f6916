//! Who stands behind a text that the document names: "the Ukrainian resolution ... the resolution demands".

use std::collections::BTreeSet;

use super::mention::Words;
use super::who::{Kind, Mention, Who};
use crate::text::{Analysis, lemma};

/// Tokens before a noun that may name its owners, and after it that may lead to its author.
const REACH: usize = 7;
/// Sentences that "the resolution" reaches back.
const MEMORY: u32 = 30;

/// Words between a text and those who wrote it: "drafted by", "a letter from".
const LINKS: &[&str] = &["by", "from", "of", "between"];

/// The texts of a document whose authors it tells.
#[derive(Debug, Default)]
pub(super) struct Texts {
    owned: Vec<(usize, Vec<Who>)>,
}

impl Texts {
    /// Finds the nouns of `nouns` with their authors.
    pub(super) fn new(mentions: &[Mention], words: &Words<'_>, analysis: &Analysis, nouns: &BTreeSet<String>) -> Self {
        let mut owned = Vec::new();
        for (at, token) in analysis.tokens.iter().enumerate() {
            if token.tag.is_noun() && nouns.contains(lemma(&words.lower[at], token.tag).as_ref()) {
                let whos = authors(at, mentions, words, analysis);
                if !whos.is_empty() {
                    owned.push((at, whos));
                }
            }
        }
        Texts { owned }
    }

    /// Returns who wrote the text that a noun stands for: as told beside it, else where the same noun was told of last.
    pub(super) fn authors(&self, token: usize, words: &Words<'_>, analysis: &Analysis) -> &[Who] {
        let name = |at: usize| lemma(&words.lower[at], analysis.tokens[at].tag);
        let sentence = analysis.tokens[token].sentence;
        let until = self.owned.partition_point(|(at, _)| *at <= token);
        let back = |at: usize| sentence - analysis.tokens[at].sentence;
        // "That formula" is the plan of the sentence before.
        let points =
            token > 0 && matches!(words.lower[token - 1].as_ref(), "that" | "this" | "these" | "those" | "such");
        let same = |at: usize| at == token || name(at) == name(token);
        let before = || self.owned[..until].iter().rev().take_while(|(at, _)| back(*at) <= MEMORY);
        let found = before().find(|(at, _)| same(*at));
        found.or_else(|| before().find(|(at, _)| points && back(*at) <= 1)).map_or(&[], |(_, whos)| whos)
    }
}

/// Reads the authors beside a noun: its owners among the words before it, or those whom a link after it leads to.
fn authors(at: usize, mentions: &[Mention], words: &Words<'_>, analysis: &Analysis) -> Vec<Who> {
    let sentence = analysis.tokens[at].sentence;
    let from = mentions.partition_point(|m| m.end + REACH < at);
    let near = mentions[from..].iter().take_while(|m| m.start <= at + REACH);
    let near: Vec<&Mention> =
        near.filter(|m| analysis.tokens[m.head].sentence == sentence && !m.who.parties.is_empty()).collect();
    // "the plan Marsh outlined", "the draft that the union put forward"
    let outlined = |m: &Mention| {
        let that = words.lower.get(at + 1).is_some_and(|w| matches!(w.as_ref(), "that" | "which"));
        let tag = |t: usize| analysis.tokens.get(t).map(|t| t.tag);
        let verb = m.end + usize::from(tag(m.end).is_some_and(|t| t.is_adverb()));
        m.start == at + 1 + usize::from(that) && tag(verb).is_some_and(|t| t.is_verb())
    };
    let linked = |m: &&&Mention| {
        if outlined(m) {
            return true;
        }
        m.start > at + 1
            && words.lower[at + 1..m.start].iter().any(|w| LINKS.contains(&w.as_ref()))
            && words.lower[at + 1..m.start]
                .iter()
                .all(|w| !matches!(w.as_ref(), "," | "." | "to" | "for" | "with" | "on"))
    };
    let modifies = |between: &[usize]| {
        between.iter().all(|t| {
            let tag = analysis.tokens[*t].tag;
            tag.is_adjective()
                || tag.is_noun()
                || tag == crate::text::Tag::CD
                || tag == crate::text::Tag::VBN
                || matches!(words.lower[*t].as_ref(), "'s" | "'" | "-" | "and" | "&" | "own")
        })
    };
    let mut whos: Vec<Who> = Vec::new();
    for mention in near.iter().filter(|m| m.end <= at) {
        let between: Vec<usize> = (mention.end..at).collect();
        if modifies(&between) && mention.who.kind != Kind::Collective {
            whos.push(mention.who.clone());
        }
    }
    if whos.is_empty() {
        whos.extend(near.iter().filter(linked).map(|m| m.who.clone()).take(1));
    }
    whos
}
