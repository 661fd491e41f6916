//! A ledger gone through in parts by readers beside each other gives what one reader finds.

mod common;

use std::collections::BTreeMap;

use common::{codebook, statement};
use demarche::document::{Given, again};
use demarche::ledger::{Ledger, NewReview, Part, Run, Selection, Verdict};
use demarche::statement::{Coded, Statement};

/// Statements of one document.
const EACH: u32 = 30;

fn run() -> Run {
    Run {
        at: "2026-03-01T00:00:00Z".parse().unwrap(),
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

/// Statements by document; a document that comes twice would show.
fn found(ledger: &Ledger, parts: &[Part]) -> BTreeMap<String, Vec<(String, f64, Option<String>)>> {
    let mut found = BTreeMap::new();
    for part in parts {
        let take = |statements: &[Statement]| {
            let told = statements.iter().map(|s| (s.id.clone(), s.confidence, s.review.clone())).collect();
            if let Some(first) = statements.first() {
                assert!(found.insert(first.doc.clone(), told).is_none(), "{} came twice", first.doc);
            }
        };
        ledger.again().unwrap().unwrap().each_document_of(part, &Selection::default(), take).unwrap();
    }
    found
}

#[test]
fn parts_together_are_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let mut ledger = Ledger::open_or_create(&path).unwrap();
    put(&mut ledger, 0..10, 0.5);
    assert_eq!(ledger.parts(4).unwrap(), [Part::WHOLE], "a small ledger is not worth a second reader");
    put(&mut ledger, 10..700, 0.5);
    // As coded once; with documents coded again, whose statements lie apart; with one that was judged.
    for step in 0..3 {
        if step == 1 {
            put(&mut ledger, (0..700).step_by(7), 0.9);
        }
        if step == 2 {
            let mut writing = ledger.write(&run(), false).unwrap();
            let at = run().at;
            let new = NewReview { statement: Some(statement(45).id), ..judged(at) };
            assert!(writing.review(&new).unwrap());
            writing.commit().unwrap();
        }
        let whole = found(&ledger, &[Part::WHOLE]);
        assert_eq!(whole.len(), 700);
        assert!(whole.values().all(|s| s.len() == EACH as usize));
        for count in [2, 3, 8] {
            let parts = ledger.parts(count).unwrap();
            assert_eq!(parts.len(), count);
            assert_eq!(found(&ledger, &parts), whole, "step {step}, {count} parts");
        }
        let reviewed = whole.values().flatten().filter(|s| s.2.is_some()).count();
        assert_eq!(reviewed, usize::from(step == 2));
    }
}

fn judged(at: jiff::Timestamp) -> NewReview {
    NewReview {
        statement: None,
        doc: "0001.txt".into(),
        quote: String::new(),
        verdict: Verdict::Accept,
        party: None,
        topic: None,
        stance: None,
        condition: None,
        stated_on: None,
        speaker: None,
        note: None,
        reviewer: Some("R. Eader".into()),
        at,
    }
}

#[test]
fn a_second_reader_sees_the_same_moment_or_says_that_it_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    put(&mut Ledger::open_or_create(&path).unwrap(), 0..3, 0.5);
    let reader = Ledger::open(&path).unwrap();
    reader.hold().unwrap();
    assert!(reader.again().unwrap().is_some());
    put(&mut Ledger::open(&path).unwrap(), 3..5, 0.5);
    assert!(reader.again().unwrap().is_none(), "somebody has written since");
    assert_eq!(found_names(&reader), 3, "what is held does not change");
    assert_eq!(found_names(&Ledger::open(&path).unwrap()), 5);
}

fn found_names(ledger: &Ledger) -> usize {
    ledger.documents(demarche::ledger::Known::Now).unwrap().len()
}
