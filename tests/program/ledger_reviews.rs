//! What an analyst says of statements wins over what the machine read, also after the machine reads anew.

use std::fs;

use demarche::ledger::{Known, Ledger, NewReview, Run, Selection, Verdict};
use demarche::statement::Statement;
use rusqlite::Connection;

use crate::common::judged;
use crate::ledger::{FIRST_RUN, SECOND_RUN, add, change, desk, number, on};
use crate::run::{Desk, demarche};

fn open(desk: &Desk) -> Ledger {
    Ledger::open(desk.path("ledger.sqlite")).unwrap()
}

fn statements(desk: &Desk) -> Vec<Statement> {
    open(desk).statements(&Selection { whole: true, ..Selection::default() }).unwrap()
}

/// The one statement on a topic.
#[track_caller]
fn on_topic(desk: &Desk, topic: &str) -> Statement {
    let mut found = statements(desk);
    found.retain(|s| s.topic == topic);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn verdict(statement: &Statement, verdict: Verdict) -> NewReview {
    judged(statement, verdict, FIRST_RUN)
}

fn run() -> Run {
    Run {
        at: SECOND_RUN.parse().unwrap(),
        command: "review".into(),
        engine: "0.1.0".into(),
        codebook: "ukraine-talks".into(),
        codebook_hash: String::new(),
        options: String::new(),
    }
}

/// Writes a review in a run of its own; tells whether it was new.
fn write(desk: &Desk, review: &NewReview) -> bool {
    let mut ledger = open(desk);
    let mut writing = ledger.write(&run(), false).unwrap();
    let new = writing.review(review).unwrap();
    writing.link().unwrap();
    writing.commit().unwrap();
    new
}

#[test]
fn a_rejected_statement_stays_in_sight_and_counts_for_nothing() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let positions =
        |more: &[&str]| on(&desk, "matrix", &[&["--format", "positions"], more].concat()).exits(0).out.clone();
    assert!(positions(&[]).contains("russia,ceasefire"));
    let review = verdict(&on_topic(&desk, "ceasefire"), Verdict::Reject);
    assert!(write(&desk, &review));
    assert!(!write(&desk, &review), "the same review twice is one");
    assert!(!positions(&[]).contains("russia,ceasefire"));
    assert!(positions(&["--known-on", "2025-02-20"]).contains("russia,ceasefire"), "it was not rejected yet");
    assert_eq!(on_topic(&desk, "ceasefire").review.as_deref(), Some("reject"));
    on(&desk, "find", &["ceasefire"]).exits(0).tells(&["1 statements found"]);
    assert_eq!(number(&desk, "SELECT count(*) FROM position_evidence WHERE topic = 'ceasefire'"), 0);
}

#[test]
fn a_verdict_on_what_does_not_count_is_told_of_its_cell() {
    let desk = Desk::new(&[(
        "a.txt",
        "Ukraine wants to join NATO, President Volodymyr Zelenskyy said on Thursday.\n\n\
         Ukraine wants to join NATO at any price, Russian Foreign Minister Sergey Lavrov said on Friday.\n"
            .as_bytes(),
    )]);
    add(&desk, FIRST_RUN, &[]).exits(0);
    let told = statements(&desk).into_iter().find(|s| s.secondhand).unwrap();
    write(&desk, &verdict(&told, Verdict::Accept));
    let positions = on(&desk, "matrix", &["--format", "positions"]).exits(0).out.clone();
    assert!(positions.contains("ukraine,nato-membership") && positions.contains("1 accepted"), "{positions}");
    let folder = desk.path("brief");
    on(&desk, "build", &["-o", folder.to_str().unwrap()]).exits(0);
    assert_eq!(positions, fs::read_to_string(folder.join("positions.csv")).unwrap());
}

#[test]
fn the_last_of_several_verdicts_counts() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let statement = on_topic(&desk, "ceasefire");
    for (of, wanted) in [(Verdict::Reject, "reject"), (Verdict::Accept, "accept"), (Verdict::Reject, "reject")] {
        assert!(write(&desk, &verdict(&statement, of)));
        assert_eq!(on_topic(&desk, "ceasefire").review.as_deref(), Some(wanted));
    }
    assert_eq!(number(&desk, "SELECT count(*) FROM review_list WHERE state = 'superseded'"), 2);
}

#[test]
fn a_correction_is_found_under_its_new_values_and_by_its_words() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let statement = on_topic(&desk, "ceasefire");
    write(
        &desk,
        &NewReview {
            party: Some("us".into()),
            stance: Some(1),
            condition: Some("if the guns fall silent".into()),
            stated_on: Some("2025-01-30".parse().unwrap()),
            ..verdict(&statement, Verdict::Correct)
        },
    );
    let corrected = on_topic(&desk, "ceasefire");
    assert_eq!((corrected.party.as_str(), corrected.stance, corrected.confidence), ("us", 1, 1.0));
    assert_eq!(corrected.id, statement.id);
    let found = |more: &[&str]| on(&desk, "find", more).exits(0).err.contains("1 statements found");
    assert!(found(&["ceasefires", "--party", "us", "--until", "2025-01-30"]));
    assert!(!found(&["ceasefires", "--party", "russia"]));
    let matrix = on(&desk, "matrix", &["--party", "us", "--format", "positions"]);
    assert!(matrix.exits(0).out.contains("us,ceasefire"), "{}", matrix.out);
    assert!(matrix.out.contains("if the guns fall silent"));
}

#[test]
fn an_added_statement_counts_and_is_found() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let new = NewReview {
        statement: None,
        quote: "join NATO".into(),
        party: Some("poland".into()),
        topic: Some("nato-membership".into()),
        stance: Some(-1),
        speaker: Some("A Delegate".into()),
        ..verdict(&on_topic(&desk, "nato-membership"), Verdict::Add)
    };
    assert!(write(&desk, &new));
    assert!(!write(&desk, &new));
    let added: Vec<Statement> = statements(&desk).into_iter().filter(|s| s.party == "poland").collect();
    assert_eq!(added.len(), 1);
    let text = fs::read_to_string(desk.path("news/a.txt")).unwrap();
    let quoted: String = text.chars().take(added[0].end as usize).skip(added[0].start as usize).collect();
    assert_eq!(quoted, "join NATO");
    assert_eq!(added[0].outlet.as_deref(), Some("Example Daily"));
    on(&desk, "find", &["joins", "--party", "poland"]).exits(0).tells(&["1 statements found"]);
    assert!(
        on(&desk, "matrix", &["--party", "poland", "--format", "positions"]).out.contains("poland,nato-membership")
    );
    // It can be reviewed as any other.
    assert!(write(&desk, &verdict(&added[0], Verdict::Reject)));
    assert!(!on(&desk, "matrix", &["--party", "poland", "--format", "positions"]).out.contains("poland,nato"));
}

#[test]
fn of_an_added_statement_the_last_word_counts() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let new = |stance: i8, reviewer: &str| NewReview {
        statement: None,
        quote: "join NATO".into(),
        party: Some("poland".into()),
        topic: Some("nato-membership".into()),
        stance: Some(stance),
        reviewer: Some(reviewer.into()),
        ..verdict(&on_topic(&desk, "ceasefire"), Verdict::Add)
    };
    let new = |stance, reviewer| NewReview { doc: "a.txt".into(), ..new(stance, reviewer) };
    let own = || statements(&desk).into_iter().find(|s| s.party == "poland").unwrap();
    let counted = |condition: &str| {
        number(&desk, &format!("SELECT count(*) FROM position_evidence WHERE party = 'poland' AND {condition}"))
    };
    assert!(write(&desk, &new(-1, "Anna")));
    assert!(write(&desk, &new(-2, "Ben")));
    assert_eq!((own().stance, counted("stance = -2"), counted("true")), (-2, 1, 1));
    assert!(write(&desk, &verdict(&own(), Verdict::Reject)));
    assert_eq!((own().review.as_deref(), counted("true")), (Some("reject"), 0));
    // Somebody else finds it too, and so says the last.
    assert!(write(&desk, &new(1, "Carl")));
    assert_eq!((own().review.as_deref(), own().stance, counted("stance = 1")), (Some("add"), 1, 1));
    assert_eq!(number(&desk, "SELECT count(*) FROM review_list WHERE state = 'superseded'"), 1);
    let told = on(&desk, "review", &["status"]).exits(0).out.clone();
    assert!(told.contains("3 verdicts were replaced"), "{told}");
    assert!(write(&desk, &verdict(&own(), Verdict::Accept)));
    assert_eq!((own().stance, counted("review = 'accept' AND stance = 1")), (1, 1));
}

#[test]
fn a_review_of_words_that_are_not_there_is_refused() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let right = verdict(&on_topic(&desk, "ceasefire"), Verdict::Accept);
    let mut ledger = open(&desk);
    let mut writing = ledger.write(&run(), false).unwrap();
    let words = NewReview { statement: None, quote: "words of nobody".into(), ..right.clone() };
    let place = NewReview { statement: None, doc: "nowhere.txt".into(), ..right };
    for (review, told) in [(words, "words of nobody"), (place, "nowhere.txt")] {
        let error = writing.review(&review).unwrap_err().problem(std::path::Path::new("x")).to_string();
        assert!(error.contains(told), "{error}");
    }
}

/// Lets the machine have read the ceasefire in other words, before it reads anew.
fn reread(desk: &Desk, sql: &str) {
    change(desk, &format!("UPDATE run SET engine = '0.0.1'; {sql}"));
}

#[test]
fn a_review_follows_its_words_when_the_id_changes() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let now = on_topic(&desk, "ceasefire");
    // An earlier engine had cut the quotation shorter, and found another stance.
    reread(
        &desk,
        "UPDATE statement SET id = '0123456789abcdef', \"end\" = \"end\" - 4, stance = -1 WHERE topic = 'ceasefire'",
    );
    let earlier = Statement { id: "0123456789abcdef".into(), ..now.clone() };
    write(&desk, &verdict(&earlier, Verdict::Accept));
    on(&desk, "add", &["--now", SECOND_RUN]).exits(0).tells(&["coded again"]);
    let after = on_topic(&desk, "ceasefire");
    assert_eq!((after.id, after.review.as_deref()), (now.id.clone(), Some("accept")));
    assert_eq!(after.stance, -1, "what was accepted holds, whatever the machine reads now");
    assert_eq!(number(&desk, &format!("SELECT count(*) FROM review_list WHERE holds_for = '{}'", now.id)), 1);
}

#[test]
fn a_review_that_lost_its_statement_is_kept_and_told() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let now = on_topic(&desk, "ceasefire");
    // An earlier engine had found a matter in these words that the present one does not find.
    reread(&desk, "UPDATE statement SET id = '0123456789abcdef', topic = 'elections' WHERE topic = 'ceasefire'");
    let earlier = Statement { id: "0123456789abcdef".into(), ..now };
    write(&desk, &verdict(&earlier, Verdict::Reject));
    on(&desk, "add", &["--now", SECOND_RUN]).exits(0).tells(&["warning: ", "1 reviews", "kept", "b.txt"]);
    assert_eq!(on_topic(&desk, "ceasefire").review, None, "the rejection was of another claim");
    assert_eq!(number(&desk, "SELECT count(*) FROM review_list WHERE state = 'lost'"), 1);
}

#[test]
fn a_ledger_of_the_first_form_is_brought_forward_with_all_it_holds() {
    let desk = desk();
    let path = desk.path("ledger.sqlite");
    Connection::open(&path).unwrap().execute_batch(include_str!("../fixtures/ledger-1.sql")).unwrap();
    on(&desk, "find", &["--format", "jsonl"]).exits(0).tells(&["note: ", "present form", "schema 1"]);
    let found = on(&desk, "find", &["--format", "jsonl"]);
    found.exits(0);
    assert_eq!(found.err, "", "once is enough");
    assert_eq!(found.out.lines().count(), 2);
    assert!(found.out.contains("\"published\":\"2025-02-13\""), "{}", found.out);
    let then = on(&desk, "find", &["NATO", "--known-on", "2025-02-16", "--format", "jsonl"]);
    assert!(then.out.contains("\"published\":\"2025-02-12\""), "{}", then.out);
    assert_eq!(number(&desk, "SELECT count(*) FROM review_list"), 0);
    let fresh = self::desk();
    add(&fresh, FIRST_RUN, &[]).exits(0);
    let schema = "SELECT group_concat(type || name || coalesce(sql, ''), char(10)) FROM \
         (SELECT * FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name)";
    let schema = |desk: &Desk| -> String {
        let connection = Connection::open(desk.path("ledger.sqlite")).unwrap();
        connection.query_row(schema, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(schema(&desk), schema(&fresh), "an old ledger ends up as a new one begins");
    assert_eq!(open(&desk).documents(Known::Now).unwrap().len(), 2);
    assert!(demarche(["timeline", "ukraine", "nato-membership", path.to_str().unwrap()]).out.contains("13 Feb 2025"));
}
