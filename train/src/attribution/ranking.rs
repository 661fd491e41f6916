//! Training of the choice among readings: listwise softmax on readings of jackknifed fields.
use super::data::{Doc, Gold};
use super::optimise::{Alphabet, Plan, Random};
use super::stages::{Plans, match_cues};
use demarche::attribution::spans::candidates::{Candidate, shared, words};
use demarche::attribution::spans::crf::{LABELS, exp};
use demarche::attribution::spans::decode::{emit_choice, read_cues};
use demarche::attribution::spans::model::{Field, Model};
use demarche::attribution::spans::page::Page;
use demarche::attribution::spans::table::Table;

/// One cue's choices: features of each, and how right each is.
struct Group {
    choices: Vec<Vec<u32>>,
    worth: Vec<f32>,
}

fn runs(tokens: &[u32]) -> Vec<(u32, u32)> {
    tokens.iter().map(|&t| (t, t + 1)).collect()
}

/// Tells how right a reading is: 0 unless half of the words are shared and the source is touched.
pub fn worth(page: &Page, c: &Candidate, g: &Gold) -> f32 {
    let gold = runs(&g.content);
    let both = shared(page, &c.content, &gold);
    let all = words(page, &c.content) + words(page, &gold) - both;
    let iou = both as f32 / all.max(1) as f32;
    let source = match c.source {
        None => g.source.is_empty(),
        Some((s, e)) => g.source.iter().any(|&t| s <= t && t < e && page.info[t as usize].punct == 0),
    };
    if iou >= 0.5 && source { iou * iou } else { 0.0 }
}

pub fn train(docs: &mut [Doc], model: &mut Model, folds: Vec<Field>, plans: &Plans) -> Table {
    let mut groups: Vec<Group> = Vec::new();
    let (mut golds, mut cued, mut right, mut first) = (0, 0, 0, 0);
    for (fold, field) in folds.into_iter().enumerate() {
        model.second = field;
        model.join();
        for d in docs.iter_mut().filter(|d| d.fold == fold) {
            let matched = match_cues(d);
            golds += d.gold.len();
            read_cues(model, &mut d.ws);
            for (k, m) in matched.iter().enumerate() {
                cued += usize::from(m.is_some());
                if d.ws.readings[k].candidates.is_empty() {
                    continue;
                }
                let mut g = Group { choices: Vec::new(), worth: Vec::new() };
                for c in 0..=d.ws.readings[k].candidates.len() {
                    let mut f = Vec::new();
                    emit_choice(&d.ws, k, c, &mut f);
                    g.choices.push(f);
                    g.worth.push(match (c, m) {
                        (0, _) | (_, None) => 0.0,
                        (c, Some(m)) => worth(&d.ws.page, &d.ws.readings[k].candidates[c - 1], &d.gold[*m]),
                    });
                }
                right += usize::from(g.worth.iter().any(|&w| w > 0.0));
                first += usize::from(g.worth[1] > 0.0);
                let sum: f32 = g.worth.iter().sum();
                if sum > 0.0 {
                    g.worth.iter_mut().for_each(|w| *w /= sum);
                } else {
                    g.worth[0] = 1.0;
                }
                groups.push(g);
            }
        }
    }
    eprintln!(
        "ranker: {} cues, of {golds} attributions {cued} have a cue, {right} a right reading, {first} a right best path",
        groups.len()
    );
    let all: Vec<&[u32]> = groups.iter().flat_map(|g| g.choices.iter().map(|c| &c[..])).collect();
    let alphabet = Alphabet::of(&all, plans.least + 1);
    for g in &mut groups {
        for c in &mut g.choices {
            *c = c.iter().filter_map(|&f| alphabet.get(f)).collect();
        }
    }
    let weights = fit(&groups, &alphabet, plans.rank);
    let most = weights.iter().fold(0.0f32, |a, w| a.max(w.abs()));
    eprintln!("ranker: {} features, largest weight {most:.2}", alphabet.keys.len());
    let rows: Vec<_> = alphabet
        .keys
        .iter()
        .zip(&weights)
        .map(|(&k, &w)| {
            let mut row = [0.0; LABELS];
            row[0] = w;
            (k, row)
        })
        .collect();
    Table::build(&rows, (most / 127.0).max(0.001))
}

fn fit(groups: &[Group], alphabet: &Alphabet, plan: Plan) -> Vec<f32> {
    let n = alphabet.keys.len();
    let (mut w, mut g2, mut u) = (vec![0.0f32; n], vec![plan.g0; n], vec![0.0f32; n]);
    let mut rnd = Random(plan.seed | 1);
    let mut order: Vec<usize> = (0..groups.len()).collect();
    let keep_below = ((1.0 - plan.dropout) * 256.0) as u64;
    let mut t = 0.0f32;
    let total = (plan.epochs * groups.len()) as f32;
    let mut kept: Vec<Vec<u32>> = Vec::new();
    for epoch in 0..plan.epochs {
        for i in (1..order.len()).rev() {
            order.swap(i, (rnd.next() % (i as u64 + 1)) as usize);
        }
        let mut loss = 0.0f64;
        for &k in &order {
            let g = &groups[k];
            kept.clear();
            let salt = rnd.next();
            for c in &g.choices {
                // The same features fall out for all choices of a cue, so that the dropout does not tell them apart.
                kept.push(
                    c.iter()
                        .copied()
                        .filter(|&f| {
                            let h = (u64::from(f) ^ salt).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                            h >> 56 < keep_below
                        })
                        .collect(),
                );
            }
            let scores: Vec<f32> = kept.iter().map(|c| c.iter().map(|&f| w[f as usize]).sum()).collect();
            let most = scores.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
            let e: Vec<f32> = scores.iter().map(|s| exp(s - most)).collect();
            let z: f32 = e.iter().sum();
            t += 1.0;
            for ((c, e), y) in kept.iter().zip(&e).zip(&g.worth) {
                let p = e / z;
                loss -= f64::from(*y) * f64::from(p.max(1e-9)).ln();
                let grad = y - p;
                if grad.abs() < 1e-4 {
                    continue;
                }
                for &f in c {
                    let f = f as usize;
                    let gr = grad - plan.l2 * w[f];
                    g2[f] += gr * gr;
                    let d = plan.rate * gr / g2[f].sqrt();
                    w[f] += d;
                    u[f] += t * d;
                }
            }
        }
        eprintln!("ranker epoch {} loss {:.4}", epoch + 1, loss / groups.len() as f64);
    }
    let keep = 1.0 - plan.dropout;
    w.iter().zip(&u).map(|(w, u)| (w - u / total) * keep).collect()
}
