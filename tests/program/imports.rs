//! What other programs coded: codebooks (REFI-QDA) to begin with, codings of Discourse Network Analyzer as reviews.

use std::fs;
use std::path::PathBuf;

use crate::run::{Desk, demarche};
use crate::ways::fixture as article;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(name)
}

#[test]
fn codes_of_other_programs_begin_a_codebook() {
    for (file, topics) in [("qualcoder.qdc", 6), ("taguette.qdc", 7)] {
        let desk = Desk::new(&[]);
        let (from, dir) = (fixture(file).display().to_string(), desk.path("").display().to_string());
        demarche(["codebook", "new", "mine", "--from", &from, "--dir", &dir]).exits(0);
        let checked = demarche(["codebook", "check", &desk.path("mine").display().to_string()]);
        let told = checked.exits(0).out.clone();
        assert!(told.contains(&format!("{topics} topics, no faults found")), "{file}: {told}{}", checked.err);
    }
    let desk = Desk::new(&[]);
    let dir = desk.path("").display().to_string();
    demarche(["codebook", "new", "mine", "--from", &fixture("qualcoder.qdc").display().to_string(), "--dir", &dir])
        .exits(0);
    let topics = fs::read_to_string(desk.path("mine/topics.toml")).unwrap();
    assert!(topics.contains("id = \"nato-membership\"") && topics.contains("for = [\"nato membership\"]"), "{topics}");
    assert!(
        topics.contains("“boots on the ground”") && topics.contains("\\\"de jure\\\"")
            || topics.contains("\"de jure\""),
        "{topics}"
    );
    assert!(!topics.contains("id = \"territory\""), "a code with codes below it is no topic: {topics}");
}

#[test]
fn our_own_codebook_comes_back() {
    let desk = Desk::new(&[]);
    let file = desk.path("ours.qdc").display().to_string();
    demarche(["export", "qdc", "-o", &file]).exits(0);
    let dir = desk.path("").display().to_string();
    demarche(["codebook", "new", "again", "--from", &file, "--dir", &dir]).exits(0);
    let book = demarche::codebook::load(&desk.path("again").display().to_string()).unwrap();
    let ours = demarche::codebook::load("ukraine-talks").unwrap();
    let names = |book: &demarche::codebook::Codebook| book.topics.iter().map(|t| t.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&book), names(&ours));
    assert!(book.parties.iter().any(|p| p.name == "Ukraine"));
}

#[test]
fn what_is_no_codebook_is_told() {
    let desk = Desk::new(&[("a.qdc", b"<Project/>"), ("b.qdc", b"<CodeBook><Codes><Code/>"), ("c.qdc", b"\xff\xfe")]);
    for (file, why) in [
        ("a.qdc", "it is no REFI-QDA codebook"),
        ("b.qdc", "a code has no name"),
        ("c.qdc", "UTF-8"),
        ("d.qdc", "No such file"),
    ] {
        let from = desk.path("news").join(file).display().to_string();
        let dir = desk.path("").display().to_string();
        let ran = demarche(["codebook", "new", "mine", "--from", &from, "--dir", &dir]);
        ran.exits(2).tells(&["cannot read the codebook", file, why, "hint:"]);
        assert!(!desk.path("mine").exists());
    }
}

/// A ledger with the article.
fn ledger() -> (Desk, String) {
    let desk = Desk::new(&[("talks.txt", &article("talks.txt"))]);
    let path = desk.path("talks.sqlite").display().to_string();
    demarche(["add", &desk.path("news").display().to_string(), "--ledger", &path]).exits(0);
    (desk, path)
}

#[test]
fn codings_of_dna_become_reviews() {
    let (desk, ledger) = ledger();
    let header = "\"statement ID\";\"time\";\"document ID\";\"document title\";\"author\";\"source\";\"section\";\"type\";\"text\";\"person\";\"organization\";\"concept\";\"agreement\"\r\n";
    let row = |text: &str, party: &str, topic: &str, agreement: &str| {
        format!(
            "1;2025-02-13 18:20:00;1;\"Envoys part without an accord\";\"\";\"\";\"\";\"\";\"{text}\";\"Dmitry Peskov\";\"{party}\";\"{topic}\";{agreement}\r\n"
        )
    };
    let file = desk.path("events.csv");
    let sound = row("saw no need of mediators", "Russia: Government", "Ceasefire", "0");
    fs::write(&file, format!("{header}{sound}{}", row("words that nobody said", "Russia", "Ceasefire", "1"))).unwrap();
    let import = |more: &[&str]| {
        let mut args =
            vec!["review".to_string(), "import".into(), file.display().to_string(), "--ledger".into(), ledger.clone()];
        args.extend(["--reviewer".to_string(), "A. Nalyst".into()]);
        args.extend(more.iter().map(|a| a.to_string()));
        demarche(args)
    };
    // One row is at fault, so nothing is taken unless it is asked for.
    import(&[]).exits(2).tells(&["row 3", "the words are not in talks.txt", "nothing was taken"]);
    import(&["--partial"]).exits(2).tells(&["1 verdicts taken (1 add)"]);
    fs::write(&file, format!("{header}{sound}")).unwrap();
    import(&[]).exits(0).tells(&["1 were there already"]);
    let found = demarche(["find", "mediators", "--party", "russia", "--topic", "ceasefire", "--ledger", &ledger]);
    assert!(found.exits(0).out.contains("saw no need of mediators"), "{}", found.out);
}

#[test]
fn our_own_events_say_only_what_was_changed() {
    let (desk, ledger) = ledger();
    let file = desk.path("events.csv").display().to_string();
    demarche(["export", "dna", "--ledger", &ledger, "-o", &file]).exits(0);
    let import = || demarche(["review", "import", &file, "--ledger", &ledger, "--reviewer", "A. Nalyst"]);
    import().exits(0).tells(&["0 verdicts taken"]);
    let events = fs::read_to_string(&file).unwrap();
    let line = events
        .lines()
        .find(|l| l.contains("\"Russia\"") && l.contains("-2"))
        .expect("Russia rejects something")
        .to_string();
    let changed = line.replacen(";-1;-2;", ";-1;-1;", 1);
    assert_ne!(line, changed, "{line}");
    fs::write(&file, events.replace(&line, &changed)).unwrap();
    import().exits(0).tells(&["1 verdicts taken (1 correct)"]);
    let statements = demarche(["matrix", "--ledger", &ledger, "--format", "positions"]).exits(0).out.clone();
    assert!(!statements.is_empty());
}

#[test]
fn codings_in_the_manner_of_dna_itself_are_read_to_the_row() {
    let (_desk, ledger) = ledger();
    let ran =
        demarche(["review", "import", &fixture("dna.csv").display().to_string(), "--ledger", &ledger, "--partial"]);
    // Its concepts are its own: each row that does not fit the codebook is told.
    assert!(
        ran.code == Some(2) && ran.err.contains("dna.csv") && ran.err.contains("row ") && !ran.err.contains("panicked"),
        "{}",
        ran.err
    );
}
