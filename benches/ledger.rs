//! A ledger of a hundred thousand documents and a million statements, made up: how long it takes to fill, and to answer.
//!
//! `LEDGER_SCALE=1 cargo bench --bench ledger` takes all of them, and some minutes; without it a hundredth. `LEDGER_FILE=FILE` keeps
//! the ledger there and takes it again the next time; `demarche matrix` and the like can look at it. The memory told is the most that
//! the process held while it worked on that line (Linux alone tells it).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use demarche::base::id::content_id;
use demarche::codebook::{self, Codebook};
use demarche::diff::{self, Side};
use demarche::document::{Given, again};
use demarche::ledger::{Ledger, Run, Selection};
use demarche::matrix::{Gathering, Matrix, MatrixOptions};
use demarche::statement::{Coded, Mode, Rank, Role, Statement};
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Statements of one document.
const EACH: usize = 10;
/// Days over which documents are spread.
const DAYS: usize = 1500;

fn main() {
    let scale: f64 = std::env::var("LEDGER_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(0.01);
    let documents = (100_000.0 * scale) as usize;
    let folder = tempfile::tempdir().unwrap();
    let path = std::env::var_os("LEDGER_FILE").map_or_else(|| folder.path().join("ledger.sqlite"), PathBuf::from);
    let codebook = codebook::load("ukraine-talks").unwrap_or_else(|p| panic!("{p:?}"));
    if !path.exists() {
        let what = format!("fill with {documents} documents, {} statements", documents * EACH);
        timed(&what, || fill(&path, documents, &codebook));
    }
    let ledger = timed("open", || Ledger::open(&path).unwrap());
    let first = date(2022, 1, 1);
    let day = |number: usize| Some(first.checked_add((number as i64).days()).unwrap());
    let (middle, last) = (day(DAYS / 2), day(DAYS));
    for (name, options) in [
        ("matrix of thirty days", MatrixOptions { as_of: middle, window: Some(30), ..MatrixOptions::default() }),
        (
            "matrix of one party",
            MatrixOptions { as_of: last, parties: vec!["russia".into()], ..MatrixOptions::default() },
        ),
        ("matrix as of the middle", MatrixOptions { as_of: middle, ..MatrixOptions::default() }),
        ("matrix as of the last day", MatrixOptions { as_of: last, ..MatrixOptions::default() }),
    ] {
        timed(name, || gathered(&ledger, &codebook, [options])[0].0.positions.len());
    }
    timed("diff between the middle and the last day", || {
        let on = |as_of| MatrixOptions { as_of, ..MatrixOptions::default() };
        let sides = gathered(&ledger, &codebook, [on(middle), on(last)]);
        let [old, new] = sides.map(|(matrix, statements)| Side::of("", &matrix, &statements));
        diff::compare(&old, &new, &codebook).all.len()
    });
    let mut one = Selection { whole: true, parties: vec!["russia".into()], since: middle, ..Selection::default() };
    one.search("harbour guarantee*");
    timed("find two words of one party since the middle", || ledger.statements(&one).unwrap().len());
}

/// Does the work; tells its time and the most memory that it held.
fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    // Linux then counts the most from here on.
    std::fs::write("/proc/self/clear_refs", "5").ok();
    let begun = Instant::now();
    let made = work();
    let seconds = begun.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    println!("{seconds:>9.3} s {:>6} MB  {what}", most.map_or_else(|| "?".to_string(), |kb| (kb / 1024).to_string()));
    made
}

/// Matrices as of several days, as the program makes them.
fn gathered<const N: usize>(
    ledger: &Ledger,
    codebook: &Codebook,
    options: [MatrixOptions; N],
) -> [(Matrix, Vec<Statement>); N] {
    let selection = Selection {
        parties: options[0].parties.clone(),
        since: options.iter().map(|o| o.first_day(o.as_of)).min().flatten(),
        until: options.iter().filter_map(|o| o.as_of).max(),
        counting: true,
        ..Selection::default()
    };
    let empty = || options.clone().map(|options| Gathering::new(codebook, options));
    let take = |made: &mut [Gathering<'_>; N], s: &[Statement]| made.iter_mut().for_each(|g| g.take(s));
    let mut gatherings = empty();
    for part in ledger.gather(&selection, empty, take).unwrap() {
        gatherings.iter_mut().zip(part).for_each(|(all, part)| all.join(part));
    }
    gatherings.map(Gathering::matrix)
}

fn fill(path: &Path, documents: usize, codebook: &Codebook) {
    let mut ledger = Ledger::open_or_create(path).unwrap();
    let run = Run {
        at: "2026-03-01T00:00:00Z".parse().unwrap(),
        command: "bench".into(),
        engine: env!("CARGO_PKG_VERSION").into(),
        codebook: codebook.name.clone(),
        codebook_hash: codebook.hash.clone(),
        options: String::new(),
    };
    let mut writing = ledger.write(&run, false).unwrap();
    for number in 0..documents {
        let published = date(2022, 1, 1).checked_add((((number * 7919) % DAYS) as i64).days()).unwrap();
        let text = format!("Day {number} of the talks passed by the harbour. ").repeat(60);
        let given = Given { published: Some(published), outlet: Some("Harbour Post".into()), ..Given::default() };
        let document = again(&format!("{number:06}.txt"), text, &given);
        let statements = (0..EACH).map(|n| statement(number * EACH + n, &document.id, published, codebook)).collect();
        writing.put(&document, &Coded { statements, ..Coded::default() }).unwrap();
    }
    writing.commit().unwrap();
}

fn statement(number: usize, document: &str, published: Date, codebook: &Codebook) -> Statement {
    let party = &codebook.parties[number * 31 % codebook.parties.len().min(24)].id;
    let topic = &codebook.topics[number / 7 % codebook.topics.len()].id;
    let mixed = number.wrapping_mul(2_654_435_761) >> 7;
    let word = ["guarantees", "ferries", "a corridor", "an exchange", "observers"][mixed % 5];
    Statement {
        id: content_id(&[document, &number.to_string()]),
        doc: String::new(),
        start: (number % EACH * 40) as u32,
        end: (number % EACH * 40 + 38) as u32,
        quote: format!(
            "We have asked for {word} at the harbour {number} times, and we shall ask for them again tomorrow"
        ),
        context: "The minister spoke at length on the quay. ".repeat(8),
        party: party.clone(),
        speaker: Some(format!("Speaker {}", mixed % 200)),
        source_text: Some("the minister".into()),
        role: if mixed.is_multiple_of(9) { Role::Expert } else { Role::Government },
        rank: if mixed.is_multiple_of(5) { Rank::Leader } else { Rank::Official },
        joint: false,
        secondhand: mixed.is_multiple_of(11),
        topic: topic.clone(),
        stance: [-2, -1, 0, 1, 2, 2][mixed % 6],
        condition: (mixed.is_multiple_of(8)).then(|| "if the others do".to_string()),
        mode: if mixed.is_multiple_of(2) { Mode::Direct } else { Mode::Indirect },
        stated_on: None,
        published: Some(published),
        outlet: None,
        title: None,
        url: None,
        copy_of: None,
        confidence: (mixed % 60 + 40) as f64 / 100.0,
        review: None,
        rules: vec!["bench".into()],
    }
}
