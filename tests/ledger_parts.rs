//! A ledger gone through in parts by readers beside each other gives what one reader finds.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{codebook, judged, statement};
use demarche::document::{Given, again};
use demarche::ledger::{Ledger, Run, Selection, Verdict};
use demarche::statement::{Coded, Statement};
use rayon::ThreadPoolBuilder;

/// When the ledger is written to.
const FIRST_RUN: &str = "2026-03-01T00:00:00Z";

/// Statements of one document.
const EACH: u32 = 30;

fn run() -> Run {
    Run {
        at: FIRST_RUN.parse().unwrap(),
        command: "add".into(),
        engine: "test".into(),
        codebook: codebook().name.clone(),
        codebook_hash: codebook().hash.clone(),
        options: String::new(),
    }
}

/// Puts documents of these numbers in, each statement with its number as stance's confidence.
fn put(ledger: &mut Ledger, documents: impl Iterator<Item = u32>, confidence: f64) {
    let mut writing = ledger.write(&run(), false).unwrap();
    for number in documents {
        let text = format!("Words of document {number}. ").repeat(2);
        let document = again(&format!("{number:04}.txt"), text, &Given::default());
        let made = |n: u32| Statement { confidence, ..statement(number * EACH + n) };
        let coded = Coded { statements: (0..EACH).map(made).collect(), ..Coded::default() };
        writing.put(&document, &coded).unwrap();
    }
    writing.commit().unwrap();
}

/// Statements by document, as so many readers find them.
fn found(path: &Path, readers: usize) -> BTreeMap<String, Vec<(String, f64, Option<String>)>> {
    let pool = ThreadPoolBuilder::new().num_threads(readers).build().unwrap();
    let parts = pool.install(|| {
        let take = |found: &mut BTreeMap<_, _>, statements: &[Statement]| {
            let told: Vec<_> = statements.iter().map(|s| (s.id.clone(), s.confidence, s.review.clone())).collect();
            if let Some(first) = statements.first() {
                assert!(found.insert(first.doc.clone(), told).is_none(), "{} came twice", first.doc);
            }
        };
        let ledger = Ledger::open(path).unwrap();
        ledger.hold().unwrap();
        ledger.gather(&Selection::default(), BTreeMap::new, take).unwrap()
    });
    assert_eq!(parts.len(), readers);
    let all = parts.iter().map(BTreeMap::len).sum::<usize>();
    let found: BTreeMap<_, _> = parts.into_iter().flatten().collect();
    assert_eq!(found.len(), all, "a document came to two readers");
    found
}

#[test]
fn parts_together_are_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let mut ledger = Ledger::open_or_create(&path).unwrap();
    put(&mut ledger, 0..10, 0.5);
    put(&mut ledger, 10..700, 0.5);
    // As coded once; with documents coded again, whose statements lie apart; with one that was judged.
    for step in 0..3 {
        if step == 1 {
            put(&mut ledger, (0..700).step_by(7), 0.9);
        }
        if step == 2 {
            let mut writing = ledger.write(&run(), false).unwrap();
            let new = judged(&Statement { doc: "0001.txt".into(), ..statement(45) }, Verdict::Accept, FIRST_RUN);
            assert!(writing.review(&new).unwrap());
            writing.commit().unwrap();
        }
        let whole = found(&path, 1);
        assert_eq!(whole.len(), 700);
        assert!(whole.values().all(|s| s.len() == EACH as usize));
        for readers in [2, 3, 8] {
            assert_eq!(found(&path, readers), whole, "step {step}, {readers} readers");
        }
        let reviewed = whole.values().flatten().filter(|s| s.2.is_some()).count();
        assert_eq!(reviewed, usize::from(step == 2));
    }
}

#[test]
fn what_is_held_does_not_change() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    put(&mut Ledger::open_or_create(&path).unwrap(), 0..700, 0.5);
    let reader = Ledger::open(&path).unwrap();
    reader.hold().unwrap();
    put(&mut Ledger::open(&path).unwrap(), 700..705, 0.5);
    let count = |count: &mut usize, _: &[Statement]| *count += 1;
    let held = reader.gather(&Selection::default(), || 0, count).unwrap();
    assert_eq!(held, [700], "no second reader sees the same any more");
    assert_eq!(found(&path, 2).len(), 705);
}
