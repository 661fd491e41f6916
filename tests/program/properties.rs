//! What holds for every input: quotations stand where they are said to, the order of documents makes no difference, and what is written is read back.

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;

use demarche::attribution;
use demarche::base::delimited;
use demarche::codebook::{self, Codebook};
use demarche::diff::Names;
use demarche::document::{Document, ReadOptions, from_bytes};
use demarche::export::{self, Options};
use demarche::matrix::{self, MatrixOptions};
use demarche::statement::{self, Mode, Rank, Role, Statement};
use demarche::workbook::{self, Report, read, recall};
use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::ledger::FIRST_RUN;
use crate::run::{Desk, demarche};

fn book() -> &'static Codebook {
    static LOADED: OnceLock<Codebook> = OnceLock::new();
    LOADED.get_or_init(|| codebook::load("ukraine-talks").unwrap())
}

/// Pieces of news and of what comes with it, in any order: whole sentences, quotation marks that do not match, signs of many bytes.
fn pieces() -> impl Strategy<Value = String> {
    const PIECES: [&str; 30] = [
        "Ukraine",
        "Russia",
        "the Kremlin",
        "Zelenskyy",
        "Mr Putin",
        "U.S. Secretary of State Marco Rubio",
        "he",
        "they",
        " said ",
        " told reporters on Thursday that ",
        " rejected ",
        " would never accept ",
        " supports ",
        ", according to ",
        "NATO membership for Ukraine",
        "a ceasefire",
        "security guarantees",
        "if Russia withdraws",
        "“",
        "”",
        "\"",
        "‘",
        "’",
        ". ",
        "\n\n",
        "é",
        "\u{301}",
        "🕊",
        "\u{200d}",
        " — ",
    ];
    vec(prop_oneof![9 => prop::sample::select(&PIECES[..]).prop_map(String::from), 1 => any::<char>().prop_map(String::from)], 1..60)
        .prop_map(|pieces| pieces.concat())
}

fn document(text: &str) -> Option<Document> {
    from_bytes("2025-02-13-a.txt", text.as_bytes().to_vec(), &ReadOptions::default()).pop()?.ok()
}

fn day() -> impl Strategy<Value = Date> {
    (1990i16..2040, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

/// Text as documents hold it: of one line, with what means something to spreadsheets and to CSV.
fn words() -> impl Strategy<Value = String> {
    "[=+@'\"-]?[A-Za-z“”é🕊<&,;\"'|0-9]{1,12}( [A-Za-z’,;\"=0-9]{1,9}){0,6}"
}

fn a_statement() -> impl Strategy<Value = Statement> {
    let said = ("[0-9a-f]{16}", words(), 0u32..9_999, words(), words(), option::of(words()), option::of(words()));
    let names = prop::sample::select(&["russia", "ukraine", "us", "none", "atlantis"][..]);
    let topics = prop::sample::select(&["nato-membership", "ceasefire", "territory", "fish"][..]);
    let how = (names, topics, -2i8..=2, any::<bool>(), any::<bool>(), 0u32..=100);
    let ranks = prop_oneof![Just(Rank::None), Just(Rank::Legislator), Just(Rank::Official), Just(Rank::Leader)];
    let modes = prop_oneof![Just(Mode::Direct), Just(Mode::Mixed), Just(Mode::Indirect), Just(Mode::Narrated)];
    let roles = prop_oneof![Just(Role::Government), Just(Role::Legislator), Just(Role::Former), Just(Role::Expert)];
    let rest =
        (option::of(day()), option::of(day()), option::of(words()), vec("[a-z.-]{1,8}", 0..3), ranks, modes, roles);
    (said, how, rest).prop_map(|(said, how, rest)| {
        let (id, doc, start, quote, context, speaker, source_text) = said;
        let (party, topic, stance, joint, secondhand, confidence) = how;
        let (stated_on, published, condition, rules, rank, mode, role) = rest;
        Statement {
            id,
            doc,
            start,
            end: start + 5,
            quote,
            context,
            party: party.to_string(),
            // Told apart from the words of the document only where it differs from them.
            speaker: speaker.filter(|name| Some(name) != source_text.as_ref()),
            source_text,
            role,
            rank,
            joint,
            secondhand,
            topic: topic.to_string(),
            stance,
            condition,
            mode,
            stated_on,
            published,
            outlet: None,
            title: Some("A title".to_string()),
            url: None,
            copy_of: None,
            confidence: f64::from(confidence) / 100.0,
            review: None,
            rules,
        }
    })
}

/// Statements with ids that differ.
fn some_statements() -> impl Strategy<Value = Vec<Statement>> {
    vec(a_statement(), 0..12).prop_map(|mut all| {
        let mut ids = BTreeSet::new();
        all.retain(|s| ids.insert(s.id.clone()));
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quotations_stand_where_they_are_said_to(text in pieces()) {
        let Some(document) = document(&text) else { return Ok(()) };
        for attribution in attribution::attribute(&document, book()) {
            for span in attribution.source.iter().chain(&attribution.cue).chain(&attribution.content) {
                prop_assert!(document.text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
            }
        }
        for s in statement::code(&document, book()).statements {
            let said: String = document.text.chars().skip(s.start as usize).take((s.end - s.start) as usize).collect();
            prop_assert_eq!(&said, &s.quote);
            prop_assert!((-2..=2).contains(&s.stance) && (0.0..=1.0).contains(&s.confidence), "{:?}", s);
        }
    }

    #[test]
    fn what_is_written_is_read_back(statements in some_statements(), guard_formulas in any::<bool>()) {
        let mut lines = Vec::new();
        export::write_statements_jsonl(&mut lines, &statements).unwrap();
        prop_assert_eq!(&export::read_statements(lines.as_slice()).unwrap(), &statements);
        let mut csv = Vec::new();
        let options = Options { guard_formulas, ..Options::default() };
        export::write_statements_csv(&mut csv, &statements, options).unwrap();
        prop_assert_eq!(&export::read_statements_csv(&delimited::rows(&csv).unwrap()).unwrap(), &statements);
    }

    #[test]
    fn a_workbook_gives_its_statements_back(statements in some_statements()) {
        let matrix = matrix::positions(&statements, book(), &MatrixOptions::default());
        let report = Report {
            statements: &statements, codebook: book(), matrix: &matrix, sources: &[], changes: None, ledger: None, problems: &[],
        };
        let mut opened = read::open(workbook::to_bytes(&report).unwrap()).unwrap();
        let mut back = recall::statements(&mut opened, &Names::new(book())).unwrap();
        let mut wanted = statements.clone();
        // Evidence has an order of its own, and one column for who speaks.
        back.sort_by(|a, b| a.id.cmp(&b.id));
        wanted.sort_by(|a, b| a.id.cmp(&b.id));
        prop_assert_eq!(back, wanted);
    }

    #[test]
    fn the_order_of_statements_makes_no_difference(statements in some_statements(), turn in 0usize..12) {
        let table = |statements: &[Statement]| {
            let matrix = matrix::positions(statements, book(), &MatrixOptions::default());
            let mut out = Vec::new();
            export::write_matrix(&mut out, &matrix, &book().labels, Options::default()).unwrap();
            String::from_utf8(out).unwrap()
        };
        let mut turned = statements.clone();
        turned.rotate_left(turn.min(statements.len()));
        turned.reverse();
        prop_assert_eq!(table(&turned), table(&statements));
    }
}

/// Articles that differ, on parties, days and matters that differ.
fn articles() -> Vec<(String, String)> {
    let speakers = [
        "Ukraine's president, Volodymyr Zelenskyy,",
        "Kremlin spokesman Dmitry Peskov",
        "Poland's prime minister, Donald Tusk,",
    ];
    let words = ["rejected a ceasefire", "supports NATO membership for Ukraine", "demanded security guarantees"];
    let mut articles = Vec::new();
    for (n, speaker) in speakers.iter().enumerate() {
        for (m, said) in words.iter().enumerate() {
            let text = format!(
                "Talks, part {n}{m}\n\n{speaker} said on Thursday that he {said}. The envoys from Ukraine and Russia met in port {n}{m}.\n"
            );
            articles.push((format!("2025-02-{:02}-part-{n}{m}.txt", 10 + n * 3 + m), text));
        }
    }
    articles
}

#[test]
fn the_order_of_adding_makes_no_difference() {
    let all = articles();
    let documents: Vec<(&str, &[u8])> = all.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let desk = Desk::new(&documents);
    let mut results = BTreeSet::new();
    for (round, step) in [1usize, 2, 4, 5, 7, 8].into_iter().enumerate() {
        let ledger = desk.path(&format!("{round}.sqlite")).display().to_string();
        // Each step has no divisor in common with nine, so each order is another.
        let order: Vec<String> = (0..all.len())
            .map(|n| desk.path("news").join(&all[n * step % all.len()].0).display().to_string())
            .collect();
        for few in order.chunks(1 + round) {
            let args = ["add", "--ledger", &ledger, "--now", FIRST_RUN].map(String::from);
            demarche(args.iter().chain(few)).exits(0);
        }
        let out = desk.path(&format!("out-{round}"));
        demarche(["matrix", "--ledger", &ledger, "-o", &out.display().to_string()]).exits(0);
        let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
        let result = (read("statements.csv"), read("positions.csv"), read("matrix.csv"));
        assert!(result.0.lines().count() > 6, "{}", result.0);
        results.insert(result);
    }
    assert_eq!(results.len(), 1);
}
