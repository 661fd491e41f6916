//! Trains and measures the parser: `train_parser CORPUS [OUT]`. Without OUT it trains on nine tenths and measures on the
//! rest; with OUT it then trains on all and writes the model. Tags are those of taggers that have not seen the article.

#[path = "../corpus/mod.rs"]
mod corpus;

use std::path::Path;
use std::time::Instant;

use corpus::learn::{Learner, Map, Random, quantise};
use corpus::tagging::{self, Tagged, align};
use demarche::text::parse::features::{move_features, rel_features};
use demarche::text::parse::state::{Move, State};
use demarche::text::parse::{KIND, Parser, Rel, write_cells};
use demarche::text::{Tag, Tagger, Token, Workspace, model};

/// Passes over the corpus.
const EPOCHS: usize = 9;
/// In how many parts the articles are tagged, each by a tagger trained on the others.
const FOLDS: usize = 2;
/// How often the parser follows its own move in training, once the first pass is over.
const EXPLORE: f64 = 0.9;
/// The table of moves, in bits of its number of buckets of two.
const BITS: u8 = 19;
/// Rows of the relations without a weight over this are left out.
const LEAST: f32 = 2.0;

/// One sentence to learn from: tokens with their tags, heads (none for the root), relations.
struct Sample<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    heads: Vec<Option<usize>>,
    rels: Vec<Rel>,
}

/// CoreNLP's sentences in our tokens; one that does not align is left out.
fn samples<'t>(doc: &Tagged<'t>, tokens: &[Token], lost: &mut usize) -> Vec<Sample<'t>> {
    let text = &doc.doc.text;
    let mut samples = Vec::new();
    for sentence in &doc.doc.sentences {
        let Some(first) = doc.analysis.token_at(sentence[0].start as u32) else {
            *lost += 1;
            continue;
        };
        // For each of their tokens ours; a full stop that belongs to our abbreviation goes with it.
        let mut ours = Vec::new();
        let mut at = first;
        let mut fits = true;
        for gold in sentence {
            match tokens.get(at) {
                Some(t) if t.span.start as usize == gold.start => {
                    let stop = t.span.end as usize == gold.end + 1 && text.as_bytes().get(gold.end) == Some(&b'.');
                    fits &= t.span.end as usize == gold.end || stop;
                    ours.push(at - first);
                    at += 1;
                }
                _ if gold.word == "." && at > first && tokens[at - 1].span.end as usize == gold.end => {
                    ours.push(at - 1 - first);
                }
                _ => fits = false,
            }
            if !fits {
                break;
            }
        }
        if !fits || at - first > 200 {
            *lost += 1;
            continue;
        }
        let mut heads = vec![None; at - first];
        let mut rels = vec![Rel::Root; at - first];
        let mut done = vec![false; at - first];
        for (gold, me) in sentence.iter().zip(&ours) {
            if std::mem::replace(&mut done[*me], true) {
                continue;
            }
            heads[*me] = gold.head.checked_sub(1).map(|h| ours[h]);
            rels[*me] = Rel::from_name(&gold.rel).unwrap_or_default();
        }
        samples.push(Sample { text, tokens: tokens[first..at].to_vec(), heads, rels });
    }
    samples
}

/// How many gold arcs a move puts out of reach (Goldberg and Nivre 2013, for arc-hybrid).
fn cost(state: &State, heads: &[Option<usize>], step: Move) -> usize {
    let front = state.front();
    let stack = state.stack();
    match step {
        Move::Shift => {
            let below = &stack[..stack.len().saturating_sub(1)];
            let dependents = stack.iter().filter(|s| heads[**s as usize] == Some(front)).count();
            dependents + usize::from(heads[front].is_some_and(|h| below.contains(&(h as u16))))
        }
        Move::Left | Move::Right => {
            let Some((top, head)) = state.arc(step) else { return usize::MAX };
            let dependents = (front..heads.len()).filter(|d| heads[*d] == Some(top)).count();
            let missed = match heads[top] {
                Some(gold) => {
                    gold != head && (gold >= front || stack.len() >= 2 && gold == stack[stack.len() - 2] as usize)
                }
                None => true,
            };
            dependents + usize::from(missed)
        }
    }
}

/// The features that are seen at least twice on the way to the right trees.
fn count(samples: &[Sample<'_>]) -> (Vec<u32>, Vec<u32>) {
    let (mut moves, mut rels): (Map<u8>, Map<u8>) = Default::default();
    let mut state = State::default();
    let see = |seen: &mut Map<u8>, keys: &[u32]| {
        for key in keys {
            let count = seen.entry(*key).or_default();
            *count = count.saturating_add(1);
        }
    };
    for sample in samples {
        state.begin(sample.text, &sample.tokens);
        while !state.is_done() {
            let allowed = Move::ALL.into_iter().filter(|m| state.allows(*m));
            let Some(step) = allowed.rev().min_by_key(|m| cost(&state, &sample.heads, *m)) else { break };
            see(&mut moves, &move_features(&state));
            let mut rel = Rel::Dep;
            if let Some((dependent, _)) = state.arc(step).filter(|_| step != Move::Shift) {
                see(&mut rels, &rel_features(&state, step));
                rel = sample.rels[dependent];
            }
            state.apply(step, rel);
        }
    }
    let keep = |seen: Map<u8>| {
        let mut keys: Vec<u32> = seen.into_iter().filter(|(_, n)| *n >= 2).map(|(k, _)| k).collect();
        keys.sort_unstable();
        keys
    };
    (keep(moves), keep(rels))
}

fn train(samples: &[Sample<'_>], loud: bool) -> corpus::Result<Vec<u8>> {
    let (move_keys, rel_keys) = count(samples);
    if loud {
        eprintln!("{} features of moves, {} of relations", move_keys.len(), rel_keys.len());
    }
    let mut moves = Learner::new(3, move_keys.into_iter());
    let mut rels = Learner::new(Rel::ALL.len(), rel_keys.into_iter());
    let margin: f32 = std::env::var("MARGIN").map_or(0.0, |v| v.parse().unwrap());
    let epochs: usize = std::env::var("EPOCHS").map_or(EPOCHS, |v| v.parse().unwrap());
    let mut random = Random(7);
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut state = State::default();
    let (mut scores, mut rel_scores) = ([0.0; 3], vec![0.0; Rel::ALL.len()]);
    for epoch in 0..epochs {
        let start = Instant::now();
        random.shuffle(&mut order);
        let (mut wrong, mut all, mut rel_wrong, mut rel_all) = (0, 0, 0, 0);
        for sample in order.iter().map(|s| &samples[*s]) {
            state.begin(sample.text, &sample.tokens);
            while !state.is_done() {
                let features = move_features(&state);
                moves.score(&features, &mut scores);
                let best = |keep: &dyn Fn(Move) -> bool| {
                    let mut found: Option<Move> = None;
                    for step in Move::ALL.into_iter().filter(|m| state.allows(*m) && keep(*m)) {
                        if found.is_none_or(|f| scores[step as usize] > scores[f as usize]) {
                            found = Some(step);
                        }
                    }
                    found
                };
                let Some(guess) = best(&|_| true) else { break };
                let least =
                    Move::ALL.iter().filter(|m| state.allows(**m)).map(|m| cost(&state, &sample.heads, *m)).min();
                let right = best(&|m| Some(cost(&state, &sample.heads, m)) == least).unwrap_or(guess);
                all += 1;
                moves.now += 1;
                let mistaken = Some(cost(&state, &sample.heads, guess)) != least;
                if mistaken {
                    wrong += 1;
                    moves.update(&features, right as usize, guess as usize);
                } else if margin > 0.0 {
                    let rival = best(&|m| Some(cost(&state, &sample.heads, m)) != least);
                    if let Some(rival) = rival.filter(|r| scores[right as usize] - scores[*r as usize] < margin) {
                        moves.update(&features, right as usize, rival as usize);
                    }
                }
                let follow = epoch > 0 && (random.next() % 1000) as f64 <= EXPLORE * 1000.0;
                let step = if mistaken && !follow { right } else { guess };
                let mut rel = Rel::Dep;
                if let Some((dependent, head)) = state.arc(step).filter(|_| step != Move::Shift) {
                    let features = rel_features(&state, step);
                    rels.score(&features, &mut rel_scores);
                    let best = (0..rel_scores.len()).fold(0, |b, c| if rel_scores[c] > rel_scores[b] { c } else { b });
                    rel = Rel::from_index(best as u8).unwrap_or_default();
                    if sample.heads[dependent] == Some(head) {
                        rel_all += 1;
                        rels.now += 1;
                        let gold = sample.rels[dependent];
                        if gold != rel {
                            rel_wrong += 1;
                            rels.update(&features, gold as usize, best);
                        } else if margin > 0.0 {
                            let second = (0..rel_scores.len())
                                .filter(|c| *c != best)
                                .fold(usize::from(best == 0), |b, c| if rel_scores[c] > rel_scores[b] { c } else { b });
                            if rel_scores[best] - rel_scores[second] < margin {
                                rels.update(&features, best, second);
                            }
                        }
                    }
                }
                state.apply(step, rel);
            }
        }
        if loud {
            eprintln!(
                "epoch {epoch}: moves {wrong} of {all} wrong, relations {rel_wrong} of {rel_all}, {:.1?}",
                start.elapsed()
            );
        }
    }
    // The heaviest features take their cells first.
    let mut rows = quantise(&moves.average(), LEAST / 4.0);
    rows.sort_by_key(|(key, row)| (std::cmp::Reverse(row.iter().map(|w| w.unsigned_abs()).max()), *key));
    let count = rows.len();
    let mut body = Vec::new();
    let placed = write_cells(BITS, rows.iter().map(|(k, r)| (*k, [r[0], r[1], r[2]])), &mut body);
    let labels = quantise(&rels.average(), LEAST);
    model::write_rows(labels.iter().map(|(k, r)| (*k, &r[..])), &mut body);
    if loud {
        eprintln!("{count} features of moves, {placed} placed; {} rows of relations", labels.len());
    }
    Ok(model::wrap(KIND, &body))
}

/// The shares of right heads, and of right heads with relation, over all tokens and without punctuation.
fn measure(parser: &Parser, samples: &[&Sample<'_>]) {
    let mut counts = [0usize; 6];
    let mut work = Workspace::default();
    let mut by_rel = vec![[0usize; 3]; Rel::ALL.len()];
    for sample in samples {
        let tree = parser.parse_into(sample.text, &sample.tokens, &mut work);
        for at in 0..sample.tokens.len() {
            let head = tree.head(at) == sample.heads[at];
            let both = head && tree.rel(at) == sample.rels[at];
            let word = usize::from(!matches!(sample.rels[at], Rel::Punct));
            for (slot, hit) in [true, head, both].into_iter().enumerate() {
                counts[slot] += usize::from(hit);
                counts[3 + slot] += usize::from(hit) * word;
            }
            by_rel[sample.rels[at] as usize][0] += 1;
            by_rel[tree.rel(at) as usize][1] += 1;
            by_rel[sample.rels[at] as usize][2] += usize::from(both);
        }
    }
    let share = |a: usize, b: usize| a as f64 / b.max(1) as f64;
    println!("all tokens: UAS {:.4} LAS {:.4}", share(counts[1], counts[0]), share(counts[2], counts[0]));
    println!("without punctuation: UAS {:.4} LAS {:.4}", share(counts[4], counts[3]), share(counts[5], counts[3]));
    for rel in [
        Rel::Root,
        Rel::Nsubj,
        Rel::Nsubjpass,
        Rel::Dobj,
        Rel::Ccomp,
        Rel::Xcomp,
        Rel::Advcl,
        Rel::Nmod,
        Rel::Conj,
        Rel::Neg,
        Rel::Appos,
        Rel::AclRelcl,
        Rel::Parataxis,
    ] {
        let [gold, ours, both] = by_rel[rel as usize];
        println!("  {:10} precision {:.3} recall {:.3} of {gold}", rel.as_str(), share(both, ours), share(both, gold));
    }
}

fn main() -> corpus::Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("usage: train_parser CORPUS [OUT]")?;
    let docs = corpus::read(Path::new(&folder))?;
    let mut docs: Vec<Tagged<'_>> = docs.iter().map(align).collect();
    docs.sort_by_key(|d| d.doc.is_test());
    let held = docs.iter().filter(|d| d.doc.is_test()).count();
    let cut = docs.len() - held;

    // Tags: each fold by a tagger trained on the other ones, the held-out articles by one trained on all folds.
    let start = Instant::now();
    let mut tags: Vec<Vec<Token>> = Vec::new();
    for (at, doc) in docs.iter().enumerate() {
        tags.push(doc.analysis.tokens.clone());
        debug_assert_eq!(tags.len(), at + 1);
    }
    for fold in 0..=FOLDS {
        let in_fold = |at: usize| if at < cut { at % FOLDS == fold } else { fold == FOLDS };
        let others: Vec<&Tagged<'_>> =
            docs.iter().enumerate().filter(|(at, _)| *at < cut && !in_fold(*at)).map(|(_, d)| d).collect();
        let tagger = Tagger::from_bytes(&tagging::train(&others, 4, 1.5, false)?)?;
        for (at, doc) in docs.iter().enumerate().filter(|(at, _)| in_fold(*at)) {
            tagger.tag(&doc.doc.text, &mut tags[at], &doc.analysis.sentences);
        }
    }
    let mut lost = 0;
    let (mut all, mut split) = (Vec::new(), 0);
    for (at, doc) in docs.iter().enumerate() {
        all.extend(samples(doc, &tags[at], &mut lost));
        if at + 1 == cut {
            split = all.len();
        }
    }
    let punct = all.iter().flat_map(|s| &s.tokens).filter(|t| t.tag == Tag::Comma).count();
    eprintln!(
        "{} sentences, {lost} left out as not aligned, {punct} commas; tagged in {:.1?}",
        all.len(),
        start.elapsed()
    );

    let test: Vec<&Sample<'_>> = all[split..].iter().collect();
    let Some(out) = args.next() else {
        let bytes = train(&all[..split], true)?;
        println!("trained on {split} sentences, held out: {held} articles, {} sentences", test.len());
        measure(&Parser::from_bytes(&bytes)?, &test);
        return Ok(());
    };
    let bytes = train(&all, true)?;
    std::fs::write(&out, &bytes)?;
    println!("{out}: {} bytes, trained on all {} sentences", bytes.len(), all.len());
    Ok(())
}
