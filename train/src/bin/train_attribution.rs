//! Trains the attribution model.
//!
//! train CORPUS.jsonl[.gz] WORDNET.tsv OUT.bin [--exclude 0,1] [--epochs1 N] [--epochs2 N] [--rate X] [--dropout X]
#[path = "../attribution/data.rs"]
mod data;
#[path = "../attribution/optimise.rs"]
mod optimise;
#[path = "../attribution/priors.rs"]
mod priors;
#[path = "../attribution/ranking.rs"]
mod ranking;
#[path = "../attribution/stages.rs"]
mod stages;

use demarche::attribution::spans::Model;
use demarche::attribution::spans::lexicon::{LexEntry, Lexicon};
use demarche::attribution::spans::page::hash;

fn lexicon(path: &str) -> Lexicon {
    let mut all: Vec<(u32, LexEntry)> = data::read(path)
        .lines()
        .map(|l| {
            let f: Vec<&str> = l.split('\t').collect();
            let n = |k: usize| f[k].parse::<u8>().expect("number");
            (hash(f[0].as_bytes()), LexEntry { verb: n(1), noun: n(2), bits: n(3) })
        })
        .collect();
    all.sort_by_key(|x| x.0);
    all.dedup_by_key(|x| x.0);
    Lexicon::new(all.iter().map(|x| x.0).collect(), all.iter().map(|x| x.1).collect())
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str, default: &str| -> String {
        args.iter()
            .position(|a| a == name)
            .and_then(|k| args.get(k + 1))
            .cloned()
            .unwrap_or_else(|| default.to_string())
    };
    let exclude: Vec<u64> =
        option("--exclude", "").split(',').filter(|s| !s.is_empty()).map(|s| s.parse().expect("part")).collect();
    let number = |name: &str, default: f32| -> f32 { option(name, &default.to_string()).parse().expect("number") };
    let start = std::time::Instant::now();
    let mut model = Model { lexicon: lexicon(&args[2]), ..Model::default() };
    let mut docs = data::load(&args[1], &model);
    docs.retain(|d| !exclude.contains(&d.part));
    eprintln!(
        "{} documents, {} tokens, {:.1} s",
        docs.len(),
        docs.iter().map(|d| d.analysis.tokens.len()).sum::<usize>(),
        start.elapsed().as_secs_f32()
    );
    priors::learn(&mut docs, &mut model);
    let plan = stages::Plans {
        first: optimise::Plan {
            epochs: number("--epochs1", 4.0) as usize,
            rate: number("--rate", 0.1),
            dropout: number("--dropout", 0.5),
            l2: number("--l2", 0.0),
            g0: number("--g0", 0.0),
            seed: 11,
        },
        second: optimise::Plan {
            epochs: number("--epochs2", 4.0) as usize,
            rate: number("--rate2", 0.1),
            dropout: number("--dropout2", 0.5),
            l2: number("--l22", 0.0),
            g0: number("--g02", 0.0),
            seed: 12,
        },
        least: number("--least", 2.0) as u32,
        floor: number("--floor", 0.02),
        floor2: number("--floor2", 0.02),
        cache: Some(option("--cache", "")).filter(|s| !s.is_empty()),
        cache2: Some(option("--cache2", "")).filter(|s| !s.is_empty()),
        rank: optimise::Plan {
            epochs: number("--epochs3", 6.0) as usize,
            rate: number("--rate3", 0.1),
            dropout: number("--dropout3", 0.3),
            l2: number("--l23", 0.0),
            g0: number("--g03", 1.0),
            seed: 13,
        },
    };
    stages::train(&mut docs, &mut model, &plan);
    let bytes = model.to_bytes();
    std::fs::write(&args[3], &bytes).expect("write");
    eprintln!(
        "{} bytes, first {} rows, second {} rows, {:.1} s",
        bytes.len(),
        model.first.table.len(),
        model.second.table.len(),
        start.elapsed().as_secs_f32()
    );
}
