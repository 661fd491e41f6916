//! Trains the tagger: shared by `train_tagger` and, for tags of articles unseen, by `train_parser`.

use std::collections::BTreeMap;

use demarche::base::Span;
use demarche::text::model;
use demarche::text::tagger::{self, CERTAIN, Tagger};
use demarche::text::{Analysis, Tag, Token, TokenKind, analyse, hash};

use super::learn::{Learner, Map, Random, quantise};
use super::{Doc, Result};

/// One article as we read it, with the tag of each token that is one of CoreNLP's too.
pub struct Tagged<'d> {
    pub doc: &'d Doc,
    pub analysis: Analysis,
    pub gold: Vec<Option<Tag>>,
}

/// Reads an article and aligns CoreNLP's tags to our tokens; one that ends in a stop of its own is theirs without it.
pub fn align(doc: &Doc) -> Tagged<'_> {
    let analysis = analyse(&doc.text, &[]);
    let mut gold = vec![None; analysis.tokens.len()];
    for token in doc.sentences.iter().flatten() {
        let Some(at) = analysis.token_at(token.start as u32) else { continue };
        let ours = analysis.tokens[at].span;
        let same = ours == Span::new(token.start, token.end);
        let stop = ours == Span::new(token.start, token.end + 1) && doc.text.as_bytes()[token.end] == b'.';
        if same || stop {
            gold[at] = Tag::from_name(&token.tag);
        }
    }
    Tagged { doc, analysis, gold }
}

fn is_open(token: &Token) -> bool {
    token.kind == TokenKind::Word
}

/// Counts each word's tags and makes the lexicon: the commonest tag, and whether it is the only one that matters.
fn lexicon(docs: &[&Tagged<'_>]) -> Vec<(u32, u8)> {
    let mut counts: BTreeMap<u32, BTreeMap<Tag, usize>> = BTreeMap::new();
    for doc in docs {
        for (token, gold) in doc.analysis.tokens.iter().zip(&doc.gold) {
            if let Some(tag) = gold.filter(|_| is_open(token)) {
                *counts.entry(hash::word(token.text(&doc.doc.text))).or_default().entry(tag).or_default() += 1;
            }
        }
    }
    let mut entries = Vec::new();
    for (word, tags) in counts {
        let total: usize = tags.values().sum();
        let Some((tag, most)) = tags.iter().max_by_key(|(t, n)| (**n, std::cmp::Reverse(**t))) else { continue };
        if total < 3 {
            continue;
        }
        let certain = total >= 15 && *most as f64 >= 0.98 * total as f64;
        entries.push((word, *tag as u8 | if certain { CERTAIN } else { 0 }));
    }
    entries
}

/// Trains a tagger; returns its model file.
pub fn train(docs: &[&Tagged<'_>], epochs: usize, least: f32, loud: bool) -> Result<Vec<u8>> {
    let lexicon = lexicon(docs);
    let mut body = Vec::new();
    model::write_lexicon(&lexicon, &mut body);
    let mut bare = body.clone();
    model::write_rows(std::iter::empty(), &mut bare);
    let base = Tagger::from_bytes(&model::wrap(tagger::KIND, &bare))?;

    // Every sentence once: what the features see, and the tags.
    let mut sentences = Vec::new();
    for doc in docs {
        for sentence in &doc.analysis.sentences {
            let range = sentence.tokens.start as usize..sentence.tokens.end as usize;
            let mut seen = Vec::new();
            base.look(&doc.doc.text, &doc.analysis.tokens[range.clone()], &mut seen);
            sentences.push((seen, &doc.gold[range]));
        }
    }
    let mut counts: Map<u32> = Map::default();
    for (seen, gold) in &sentences {
        let mut tags = [None; 2];
        for at in 0..seen.len() {
            let tag = seen[at].settled().or(gold[at]);
            if seen[at].settled().is_none() {
                for f in tagger::features(seen, at, tags) {
                    *counts.entry(f).or_default() += 1;
                }
            }
            tags = [tags[1], tag];
        }
    }
    let mut keys: Vec<u32> = counts.into_iter().filter(|(_, n)| *n >= 2).map(|(k, _)| k).collect();
    keys.sort_unstable();
    if loud {
        eprintln!("{} sentences, {} words in the lexicon, {} features", sentences.len(), lexicon.len(), keys.len());
    }
    let mut learner = Learner::new(Tag::ALL.len(), keys.into_iter());
    let mut random = Random(42);
    let mut scores = vec![0.0; Tag::ALL.len()];
    for epoch in 0..epochs {
        random.shuffle(&mut sentences);
        let (mut wrong, mut all) = (0, 0);
        for (seen, gold) in &sentences {
            let mut tags = [None; 2];
            for at in 0..seen.len() {
                let mut tag = seen[at].settled();
                if tag.is_none() {
                    let features = tagger::features(seen, at, tags);
                    learner.score(&features, &mut scores);
                    let best = (0..scores.len()).fold(0, |b, c| if scores[c] > scores[b] { c } else { b });
                    tag = Tag::from_index(best as u8);
                    if let Some(gold) = gold[at] {
                        all += 1;
                        if gold as usize != best {
                            wrong += 1;
                            learner.update(&features, gold as usize, best);
                        }
                    }
                    learner.now += 1;
                }
                tags = [tags[1], tag];
            }
        }
        if loud {
            eprintln!("epoch {epoch}: {wrong} of {all} wrong");
        }
    }
    let rows = quantise(&learner.average(), least);
    if loud {
        eprintln!("{} rows kept", rows.len());
    }
    model::write_rows(rows.iter().map(|(k, r)| (*k, &r[..])), &mut body);
    Ok(model::wrap(tagger::KIND, &body))
}

/// The share of tokens tagged right, over all tokens and over those in words that are not settled by their form.
pub fn accuracy(tagger: &Tagger, docs: &[&Tagged<'_>]) -> (f64, f64, BTreeMap<(Tag, Tag), usize>) {
    let mut counts = [[0usize; 2]; 2];
    let mut confused = BTreeMap::new();
    for doc in docs {
        let mut tokens = doc.analysis.tokens.clone();
        tagger.tag(&doc.doc.text, &mut tokens, &doc.analysis.sentences);
        for (token, gold) in tokens.iter().zip(&doc.gold) {
            let Some(gold) = gold else { continue };
            let open = usize::from(is_open(token));
            counts[open][0] += 1;
            counts[open][1] += usize::from(token.tag == *gold);
            if token.tag != *gold {
                *confused.entry((*gold, token.tag)).or_default() += 1;
            }
        }
    }
    let all = (counts[0][1] + counts[1][1]) as f64 / (counts[0][0] + counts[1][0]) as f64;
    (all, counts[1][1] as f64 / counts[1][0] as f64, confused)
}
