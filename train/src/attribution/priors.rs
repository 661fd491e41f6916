//! Priors: how often a word lies in a cue, counted over the other documents.
use super::data::Doc;
use demarche::attribution::spans::Model;
use demarche::attribution::spans::lexicon::{LEMMA, prior_bucket};
use std::collections::HashMap;

type Counts = HashMap<u32, (f32, f32)>;

fn count(doc: &Doc) -> Counts {
    let mut out = Counts::new();
    let mut cue = vec![false; doc.ws.page.info.len()];
    for g in &doc.gold {
        for &i in &g.cue {
            cue[i as usize] = true;
        }
    }
    for (x, &c) in doc.ws.page.info.iter().zip(&cue) {
        for key in [x.word, x.lemma ^ LEMMA] {
            let e = out.entry(key).or_default();
            e.0 += f32::from(u8::from(c));
            e.1 += 1.0;
        }
    }
    out
}

const LEAST: f32 = 3.0;

fn bucket(c: f32, n: f32) -> u8 {
    prior_bucket((c + 0.05) / (n + 1.0))
}

/// Learns priors: the model gets those of all documents, each document's page those of the others.
pub fn learn(docs: &mut [Doc], model: &mut Model) {
    let own: Vec<Counts> = docs.iter().map(count).collect();
    let mut all = Counts::new();
    for c in &own {
        for (&k, v) in c {
            let e = all.entry(k).or_default();
            e.0 += v.0;
            e.1 += v.1;
        }
    }
    for (doc, own) in docs.iter_mut().zip(&own) {
        for x in &mut doc.ws.page.info {
            let get = |key: u32| {
                let (a, o) = (all.get(&key).copied().unwrap_or_default(), own.get(&key).copied().unwrap_or_default());
                (a.0 - o.0, a.1 - o.1)
            };
            let (c, n) = get(x.word);
            x.prior = if n >= LEAST {
                bucket(c, n)
            } else {
                let (c, n) = get(x.lemma ^ LEMMA);
                if n > 0.5 { bucket(c, n) } else { 0 }
            };
        }
        doc.ws.page.link();
    }
    // A word's own key matters only where it differs from its dictionary form's, which the table cannot know: keep all
    // words seen often enough, and dictionary forms with a prior.
    let lemmas: std::collections::HashSet<u32> =
        docs.iter().flat_map(|d| d.ws.page.info.iter().map(|x| x.lemma ^ LEMMA)).collect();
    let mut pairs: Vec<(u32, u8)> = all
        .iter()
        .filter_map(|(&k, &(c, n))| {
            let b = bucket(c, n);
            if lemmas.contains(&k) { (b > 0).then_some((k, b)) } else { (n >= LEAST).then_some((k, b)) }
        })
        .collect();
    pairs.sort_unstable();
    model.lexicon.set_priors(&pairs);
    eprintln!("{} priors, {} cue-like", pairs.len(), pairs.iter().filter(|p| p.1 >= 3).count());
}
