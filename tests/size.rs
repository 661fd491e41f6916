//! Texts made to take long end in good time, with output that is sane.
//!
//! `benches/pipeline.rs` measures how long larger ones take; here only that they end is tested, and what they give.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use demarche::attribution;
use demarche::codebook;
use demarche::document::{Document, ReadOptions, jsonl::Records};
use demarche::statement::{self, Coded};

fn document(text: &str) -> Document {
    let record = serde_json::json!({ "id": "odd.txt", "text": text, "published": "2025-02-14" }).to_string();
    Records::new(record.as_bytes(), ReadOptions::default()).next().unwrap().unwrap()
}

/// Attributions and statements of a text, each a piece of the text.
fn read(text: &str) -> (usize, Coded) {
    let book = codebook::load("ukraine-talks").unwrap_or_else(|p| panic!("{p:?}"));
    let document = document(text);
    let attributions = attribution::attribute(&document, &book);
    for span in attributions.iter().flat_map(|a| a.source.iter().chain(&a.cue).chain(&a.content)) {
        assert!(!span.of(&document.text).is_empty());
    }
    let coded = statement::code(&document, &book);
    for statement in &coded.statements {
        assert!(document.text.contains(&statement.quote), "{}", statement.quote);
    }
    (attributions.len(), coded)
}

#[test]
fn a_sentence_of_a_hundred_thousand_words() {
    let text = "Kyiv wants a ceasefire and the minister said that he rejects any swap of land while ".repeat(6_250);
    let (_, coded) = read(&text);
    assert!(coded.statements.iter().any(|s| s.topic == "ceasefire"));
    assert!(coded.statements.iter().all(|s| s.quote.len() < 10_000));
}

#[test]
fn ten_thousand_quotation_marks_within_each_other() {
    for mark in ["“", "\"", "« ", "‘", "''", "“‘"] {
        let open = format!("He said: {}Kyiv wants a ceasefire.", mark.repeat(10_000));
        read(&open);
        read(&format!("{open}{}", mark.replace('“', "”").replace('«', "»").repeat(10_000)));
    }
}

#[test]
fn a_paragraph_of_a_megabyte() {
    let text = "The president said on Monday that Ukraine wants a ceasefire. “We need it soon,” he told reporters. Officials in \
                Moscow rejected a swap of occupied land, and rain fell. "
        .repeat(6_000);
    let (attributions, coded) = read(&text);
    assert!(attributions >= 10_000, "{attributions}");
    assert!(coded.statements.len() >= 5_000, "{}", coded.statements.len());
}

#[test]
fn names_and_offices_without_end() {
    let mut text = String::new();
    for at in 0..4_000u32 {
        let letters = |n: u32| (0..4).map(|k| char::from(b'a' + (n / 26u32.pow(k) % 26) as u8)).collect::<String>();
        text.push_str(&format!(
            "The envoy Anna K{} told Boris M{} that he rejects a ceasefire. ",
            letters(at),
            letters(7 * at)
        ));
    }
    let (attributions, _) = read(&text);
    assert!(attributions > 1_000, "{attributions}");
}

#[test]
fn a_condition_on_a_condition_without_end() {
    let clause = "if Ukraine agrees to a ceasefire unless it is after the talks before the end of the war ";
    let (_, coded) = read(&format!("Putin said that Russia wants a ceasefire {}.", clause.repeat(6_000)));
    let conditions = coded.statements.iter().filter_map(|s| s.condition.as_ref());
    assert!(conditions.into_iter().all(|c| c.len() < 1_000));
}
