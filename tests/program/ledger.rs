//! The ledger from the outside: adding, adding again, finding, what was known when, and files that are no ledgers.

use std::fs;

use rusqlite::Connection;

use crate::run::{Desk, PLAIN, Ran, demarche};

const SECOND: &str = "Russia rejects a ceasefire, Foreign Minister Sergey Lavrov said on Friday.\n";

/// Runs a command on the desk's ledger.
pub(crate) fn on(desk: &Desk, command: &str, more: &[&str]) -> Ran {
    let mut args = vec![command.to_string()];
    args.extend(more.iter().map(|a| a.to_string()));
    args.extend(["--ledger".to_string(), desk.path("ledger.sqlite").display().to_string()]);
    demarche(args)
}

/// Adds the desk's documents at a time.
pub(crate) fn add(desk: &Desk, at: &str, more: &[&str]) -> Ran {
    let news = desk.path("news").display().to_string();
    let mut args = vec![news.as_str(), "--now", at];
    args.extend(more);
    on(desk, "add", &args)
}

/// Reads one number from the ledger.
#[track_caller]
pub(crate) fn number(desk: &Desk, query: &str) -> i64 {
    let connection = Connection::open(desk.path("ledger.sqlite")).unwrap();
    connection.query_row(query, [], |row| row.get(0)).unwrap()
}

/// Runs SQL on the ledger.
pub(crate) fn change(desk: &Desk, sql: &str) {
    Connection::open(desk.path("ledger.sqlite")).unwrap().execute_batch(sql).unwrap();
}

/// Two dated documents, each with one statement.
pub(crate) fn desk() -> Desk {
    let sources = "file,published,outlet\na.txt,2025-02-13,Example Daily\nb.txt,2025-02-14,Harbour Post\n";
    Desk::new(&[("a.txt", PLAIN.as_bytes()), ("b.txt", SECOND.as_bytes()), ("sources.csv", sources.as_bytes())])
}

pub(crate) const FIRST_RUN: &str = "2025-02-15T08:00:00Z";
pub(crate) const SECOND_RUN: &str = "2025-03-01T08:00:00Z";

#[test]
fn what_is_added_is_found_with_the_fields_of_extract() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0).tells(&["2 documents added", "written to"]);
    let news = desk.path("news").display().to_string();
    let extracted = demarche(["extract", news.as_str()]);
    assert_eq!(on(&desk, "find", &["--format", "jsonl"]).exits(0).out, extracted.out);
    let found = on(&desk, "find", &["ceasefires", "--party", "russia", "--format", "csv"]);
    assert_eq!(found.exits(0).out.lines().count(), 2, "a header and one statement, whatever the form of the word");
    let none: [&[&str]; 6] = [
        &["ceasefire", "--party", "ukraine"],
        &["ceasefire", "--until", "2025-02-13"],
        &["NATO", "--since", "2025-02-14"],
        &["NATO", "--speaker", "lavrov"],
        &["NATO", "--outlet", "harbour post"],
        &["\"ceasefire a\""],
    ];
    for more in none {
        let args = [more, &["--format", "jsonl"]].concat();
        assert_eq!(on(&desk, "find", &args).exits(0).out, "", "{more:?}");
    }
    on(&desk, "find", &["NATO", "--outlet", "example daily"]).exits(0).tells(&["1 statements found"]);
    on(&desk, "find", &["\" * ("]).exits(2).tells(&["cannot search", "hint: "]);
}

#[test]
fn adding_again_changes_no_byte() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let before = fs::read(desk.path("ledger.sqlite")).unwrap();
    add(&desk, SECOND_RUN, &[]).exits(0).tells(&["0 documents added", "nothing new"]);
    assert!(fs::read(desk.path("ledger.sqlite")).unwrap() == before);
    let beside: Vec<_> = fs::read_dir(desk.path("news").parent().unwrap()).unwrap().collect();
    assert_eq!(beside.len(), 2, "nothing but the ledger and the documents: {beside:?}");
}

#[test]
fn two_runs_with_the_same_clock_give_the_same_ledger() {
    let (one, two) = (desk(), desk());
    for desk in [&one, &two] {
        fs::create_dir(desk.path("more")).unwrap();
        add(desk, FIRST_RUN, &[]).exits(0);
    }
    for query in ["SELECT count(*) FROM run WHERE at = '2025-02-15T08:00:00Z'", "SELECT sum(key) FROM statement"] {
        assert_eq!(number(&one, query), number(&two, query));
    }
}

#[test]
fn a_date_mended_in_sources_is_taken_over_and_the_earlier_one_remembered() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let sources = "file,published,outlet\na.txt,2025-02-20,Example Daily\n";
    fs::write(desk.path("news/sources.csv"), sources).unwrap();
    add(&desk, SECOND_RUN, &[]).exits(0).tells(&["0 documents added, 1 changed", "1 statements added, 1 dropped"]);
    let since = ["--since", "2025-02-20", "--format", "jsonl"];
    assert_eq!(on(&desk, "find", &since).out.lines().count(), 1);
    let then = [&since[..], &["--known-on", "2025-02-28"]].concat();
    assert_eq!(on(&desk, "find", &then).out, "", "the day was not known in February");
    // The date of b.txt is no longer told; what was known stays known.
    assert_eq!(number(&desk, "SELECT count(*) FROM document_list WHERE published = '2025-02-14'"), 1);
}

#[test]
fn another_text_of_the_same_name_is_kept_beside_it() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    fs::write(desk.path("news/a.txt"), PLAIN.replace("NATO", "the European Union")).unwrap();
    add(&desk, SECOND_RUN, &[]).exits(0).tells(&["1 documents added", "a.txt~2"]);
    assert_eq!(number(&desk, "SELECT count(*) FROM document_list"), 3);
    add(&desk, SECOND_RUN, &[]).exits(0).tells(&["nothing new"]);
    let then = on(&desk, "find", &["--known-on", "2025-02-20", "--format", "jsonl"]);
    assert!(!then.exits(0).out.contains("European Union"));
}

#[test]
fn the_same_text_under_another_name_counts_once() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    fs::write(desk.path("news/copy.txt"), PLAIN).unwrap();
    fs::remove_file(desk.path("news/a.txt")).unwrap();
    add(&desk, SECOND_RUN, &[]).exits(0).tells(&["counts once", "copy.txt", "a.txt", "nothing new"]);
}

#[test]
fn a_fault_of_one_document_leaves_the_others_and_strict_all_out() {
    let desk = desk();
    fs::write(desk.path("news/empty.txt"), "").unwrap();
    add(&desk, FIRST_RUN, &["--strict"]).exits(2).tells(&["empty.txt"]);
    assert_eq!(number(&desk, "SELECT (SELECT count(*) FROM document) + (SELECT count(*) FROM run)"), 0);
    add(&desk, FIRST_RUN, &[]).exits(2).tells(&["empty.txt", "2 documents added"]);
}

#[test]
fn another_engine_or_codebook_codes_stored_documents_again() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    fs::remove_dir_all(desk.path("news")).unwrap();
    // As if an earlier version had read the ceasefire otherwise, and found something that is not there.
    change(
        &desk,
        "UPDATE run SET engine = '0.0.1';
         UPDATE statement SET stance = 1 WHERE topic = 'ceasefire';",
    );
    on(&desk, "add", &["--now", SECOND_RUN]).exits(0).tells(&["2 coded again", "1 statements added, 1 dropped"]);
    let stance = "SELECT stance FROM statement_list WHERE topic = 'ceasefire'";
    assert_eq!(number(&desk, stance), -2);
    let then = on(&desk, "find", &["ceasefire", "--known-on", "2025-02-20", "--format", "jsonl"]);
    assert!(then.exits(0).out.contains("\"stance\":1"), "{}", then.out);
    on(&desk, "add", &["--now", SECOND_RUN]).exits(0).tells(&["nothing new"]);
    on(&desk, "add", &["--codebook", "gaza-ceasefire"]).exits(2).tells(&["ukraine-talks", "--recode", "hint: "]);
    on(&desk, "add", &["--codebook", "gaza-ceasefire", "--recode"]).exits(0).tells(&["2 coded again"]);
}

#[test]
fn a_clock_put_back_does_not_put_history_back() {
    let desk = desk();
    add(&desk, SECOND_RUN, &[]).exits(0);
    fs::write(desk.path("news/c.txt"), PLAIN.replace("join NATO", "join the European Union")).unwrap();
    add(&desk, FIRST_RUN, &[]).exits(0).tells(&["warning: ", "clock", "1 documents added"]);
    assert_eq!(number(&desk, &format!("SELECT count(*) FROM run WHERE at = '{SECOND_RUN}'")), 2);
}

/// Checks that a command refuses the desk's ledger and leaves its bytes alone.
#[track_caller]
fn refused(desk: &Desk, told: &[&str]) {
    let path = desk.path("ledger.sqlite");
    let before = fs::read(&path).unwrap();
    for ran in [add(desk, FIRST_RUN, &[]), on(desk, "find", &["NATO"])] {
        ran.exits(2).tells(&["error: ", "ledger.sqlite", "hint: "]).tells(told);
    }
    assert!(fs::read(&path).unwrap() == before, "the file was changed");
}

#[test]
fn files_that_are_no_ledger_are_refused_and_untouched() {
    let desk = desk();
    let path = desk.path("ledger.sqlite");
    fs::write(&path, "Ministers met by the harbour.\n".repeat(200)).unwrap();
    refused(&desk, &["not a SQLite file"]);
    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE recipe (name TEXT)").unwrap();
    refused(&desk, &["another program made this database"]);
    fs::remove_file(&path).unwrap();
    on(&desk, "find", &["NATO"]).exits(2).tells(&["does not exist", "demarche add"]);
    assert!(!path.exists());
}

#[test]
fn a_ledger_of_a_newer_program_is_refused_and_untouched() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    change(&desk, "PRAGMA user_version = 999");
    refused(&desk, &["newer", "999"]);
}

/// A ledger of some size, so that damage can be somewhere in it.
fn large() -> Desk {
    let desk = desk();
    for n in 0..40 {
        let text = format!("{PLAIN}The {n}th day by the harbour passed without news.\n");
        fs::write(desk.path("news").join(format!("{n}.txt")), text).unwrap();
    }
    add(&desk, FIRST_RUN, &[]).exits(0);
    desk
}

#[test]
fn a_truncated_or_garbled_ledger_is_refused_and_untouched() {
    let desk = large();
    let path = desk.path("ledger.sqlite");
    let whole = fs::read(&path).unwrap();
    for keep in [60, 100, 4096, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..keep]).unwrap();
        refused(&desk, &["damaged"]);
    }
    let mut garbled = whole.clone();
    garbled[200..].fill(0x5a);
    fs::write(&path, &garbled).unwrap();
    refused(&desk, &["damaged"]);
    fs::write(&path, &whole).unwrap();
    on(&desk, "find", &["NATO"]).exits(0);
}

#[test]
fn a_second_writer_is_told_who_writes_and_readers_go_on() {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    fs::write(desk.path("news/c.txt"), PLAIN.replace("join NATO", "join the European Union")).unwrap();
    let other = Connection::open(desk.path("ledger.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    fs::write(desk.path("ledger.sqlite-writer"), "demarche add (process 4711)").unwrap();
    add(&desk, FIRST_RUN, &[]).exits(2).tells(&["cannot write", "demarche add (process 4711) is writing", "hint: "]);
    on(&desk, "find", &["NATO"]).exits(0).tells(&["1 statements found"]);
    fs::remove_file(desk.path("ledger.sqlite-writer")).unwrap();
    other.execute_batch("ROLLBACK").unwrap();
    add(&desk, FIRST_RUN, &[]).exits(0).tells(&["1 documents added"]);
}

#[test]
fn what_sources_said_outlives_the_file_that_said_it() {
    let text =
        "Talks in the port\n\nUkraine and Russia met. Russia rejects a ceasefire, Sergey Lavrov said on Friday.\n";
    let sources = "file,published,title\na.txt,2025-02-13,Envoys meet again\n";
    let desk = Desk::new(&[("a.txt", text.as_bytes()), ("sources.csv", sources.as_bytes())]);
    add(&desk, FIRST_RUN, &[]).exits(0);
    fs::remove_file(desk.path("news/sources.csv")).unwrap();
    add(&desk, SECOND_RUN, &[]).exits(0);
    let told = "SELECT count(*) FROM document WHERE dropped_run IS NULL AND title = 'Envoys meet again'";
    assert_eq!(number(&desk, told), 1);
    assert_eq!(number(&desk, "SELECT count(*) FROM document"), 1);
}

#[test]
fn the_id_of_a_row_is_no_date_when_it_is_coded_again() {
    let table =
        "id,text\n2025-02-13-a,\"Ukraine and Russia met. Russia rejects a ceasefire, Sergey Lavrov said on Friday.\"\n";
    let desk = Desk::new(&[("b.csv", table.as_bytes())]);
    let file = desk.path("news/b.csv").display().to_string();
    on(&desk, "add", &[&file, "--now", FIRST_RUN]).exits(0);
    on(&desk, "add", &["--recode", "--now", SECOND_RUN]).exits(0);
    assert_eq!(number(&desk, "SELECT count(*) FROM document WHERE dropped_run IS NULL AND published IS NULL"), 1);
}
