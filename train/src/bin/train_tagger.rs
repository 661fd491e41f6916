//! Trains and measures the tagger: `train_tagger CORPUS [OUT]`. Without OUT it trains on nine tenths and measures on the
//! rest; with OUT it then trains on all and writes the model.

#[path = "../corpus/mod.rs"]
mod corpus;

use std::path::Path;
use std::time::Instant;

use corpus::tagging::{Tagged, accuracy, align, train};
use demarche::text::Tagger;

const EPOCHS: usize = 6;
const LEAST: f32 = 1.5;

fn main() -> corpus::Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("usage: train_tagger CORPUS [OUT]")?;
    let docs = corpus::read(Path::new(&folder))?;
    let docs: Vec<Tagged<'_>> = docs.iter().map(align).collect();
    let (test, rest): (Vec<&Tagged<'_>>, Vec<&Tagged<'_>>) = docs.iter().partition(|d| d.doc.is_test());
    let start = Instant::now();
    let bytes = train(&rest, EPOCHS, LEAST, true)?;
    println!("trained on {} articles in {:.1?}, {} bytes", rest.len(), start.elapsed(), bytes.len());
    let start = Instant::now();
    let tagger = Tagger::from_bytes(&bytes)?;
    println!("loaded in {:.1?}", start.elapsed());
    let (all, words, confused) = accuracy(&tagger, &test);
    println!("held out ({} articles): {all:.4} of all tokens, {words:.4} of words", test.len());
    let mut confused: Vec<_> = confused.into_iter().collect();
    confused.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    for ((gold, ours), n) in confused.iter().take(16) {
        println!("  {n} {} as {}", gold.as_str(), ours.as_str());
    }
    let tokens: usize = docs.iter().map(|d| d.analysis.tokens.len()).sum();
    let mut copies: Vec<_> = docs.iter().map(|d| d.analysis.tokens.clone()).collect();
    let start = Instant::now();
    for (doc, copy) in docs.iter().zip(&mut copies) {
        tagger.tag(&doc.doc.text, copy, &doc.analysis.sentences);
    }
    println!("speed: {:.2} million tokens a second", tokens as f64 / start.elapsed().as_secs_f64() / 1e6);
    if let Some(out) = args.next() {
        let all: Vec<&Tagged<'_>> = docs.iter().collect();
        let bytes = train(&all, EPOCHS, LEAST, false)?;
        std::fs::write(&out, &bytes)?;
        println!("wrote {out}, {} bytes", bytes.len());
    }
    Ok(())
}
