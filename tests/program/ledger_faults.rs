//! A ledger through thick and thin: killed writers, two at once, a disk that is full.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::ledger::{FIRST_RUN, add, number, on};
use crate::run::{Desk, OUTPUTS, PLAIN, snapshot};
use crate::sheet::{Sheet, built, import_file};

/// A desk with so many documents, no two alike.
fn many(documents: usize) -> Desk {
    let desk = Desk::new(&[]);
    fill(&desk, "news", documents);
    desk
}

fn fill(desk: &Desk, folder: &str, documents: usize) {
    fs::create_dir_all(desk.path(folder)).unwrap();
    for n in 0..documents {
        let more = format!("In {folder} the day {n} of the talks with Russia passed without news. ").repeat(20);
        fs::write(desk.path(folder).join(format!("{n:04}.txt")), format!("{PLAIN}\n{more}\n")).unwrap();
    }
}

fn start(desk: &Desk, folder: &str) -> Child {
    started(desk, &["add", &desk.path(folder).display().to_string()])
}

/// Starts a command on the desk's ledger.
fn started(desk: &Desk, args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.args(args).args(["--now", FIRST_RUN, "--ledger"]).arg(desk.path("ledger.sqlite"));
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// How often a test kills; `LEDGER_KILLS=200 cargo test --test program killed` kills more often.
fn kills() -> u32 {
    std::env::var("LEDGER_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(10)
}

/// Kills what `begin` starts, at moments spread over its run and a little beyond its end; `look` sees what each kill left.
fn killed(begin: impl Fn() -> Child, mut look: impl FnMut(u32)) {
    let begun = Instant::now();
    assert!(begin().wait_with_output().unwrap().status.success());
    let length = begun.elapsed();
    for n in 0..kills() {
        look(n);
        let mut child = begin();
        std::thread::sleep(length.mul_f64(f64::from(n) * 1.1 / f64::from(kills())) + Duration::from_millis(1));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    look(kills());
}

/// Checks that a ledger is sound; returns the number of its documents.
fn sound(path: &Path) -> i64 {
    let connection = Connection::open(path).unwrap();
    let integrity: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    assert!(!connection.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap());
    let tables = "SELECT count(*) FROM sqlite_master WHERE name = 'document'";
    let made: i64 = connection.query_row(tables, [], |row| row.get(0)).unwrap();
    if made == 0 {
        return 0;
    }
    connection
        .execute_batch("INSERT INTO quote_search (quote_search) VALUES ('integrity-check')")
        .expect("the search index holds what the statements hold");
    connection.query_row("SELECT count(*) FROM document", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_killed_writer_leaves_all_of_its_run_or_nothing() {
    let kills = kills();
    const DOCUMENTS: usize = 60;
    let whole = many(DOCUMENTS);
    let begun = Instant::now();
    assert!(start(&whole, "news").wait_with_output().unwrap().status.success());
    let length = begun.elapsed();
    let mut seen = BTreeSet::new();
    for n in 0..kills {
        let desk = many(DOCUMENTS);
        let mut child = start(&desk, "news");
        // Spread over the run, and a little beyond its end.
        std::thread::sleep(length.mul_f64(f64::from(n) * 1.1 / f64::from(kills)) + Duration::from_millis(1));
        child.kill().unwrap();
        child.wait().unwrap();
        let path = desk.path("ledger.sqlite");
        if path.exists() {
            let found = sound(&path);
            assert!(found == 0 || found == DOCUMENTS as i64, "{found} documents after kill {n}");
            seen.insert(found);
        }
        add(&desk, FIRST_RUN, &[]).exits(0);
        assert_eq!(sound(&path), DOCUMENTS as i64);
        let all = |desk: &Desk| on(desk, "find", &["--format", "jsonl"]).exits(0).out.clone();
        assert_eq!(all(&desk), all(&whole), "after kill {n}");
    }
    assert!(seen.contains(&0), "no run was killed before its end");
}

#[test]
fn a_killed_import_takes_all_verdicts_or_none() {
    const DOCUMENTS: usize = 60;
    let desk = many(DOCUMENTS);
    add(&desk, FIRST_RUN, &[]).exits(0);
    let mut sheet = Sheet::load(&built(&desk, FIRST_RUN));
    for row in 0..sheet.rows.len() {
        sheet.write(row, "Verdict", "accept");
    }
    let verdicts = sheet.rows.len() as i64;
    assert!(verdicts >= DOCUMENTS as i64);
    let edited = desk.path("edited.xlsx");
    sheet.save(&edited);
    let (path, whole) = (desk.path("ledger.sqlite"), fs::read(desk.path("ledger.sqlite")).unwrap());
    let mut seen = BTreeSet::new();
    let begin = || {
        for ending in ["", "-wal", "-shm"] {
            fs::remove_file(format!("{}{ending}", path.display())).ok();
        }
        fs::write(&path, &whole).unwrap();
        started(&desk, &["review", "import", &edited.display().to_string()])
    };
    killed(begin, |n| {
        assert_eq!(sound(&path), DOCUMENTS as i64, "after kill {n}");
        let taken = number(&desk, "SELECT count(*) FROM review");
        assert!(taken == 0 || taken == verdicts, "{taken} of {verdicts} verdicts after kill {n}");
        import_file(&desk, &edited, &["--now", FIRST_RUN]).exits(0);
        assert_eq!(number(&desk, "SELECT count(*) FROM review"), verdicts, "after kill {n}");
        seen.insert(taken);
    });
    assert_eq!(seen, BTreeSet::from([0, verdicts]), "some runs were killed before their end, some after");
}

#[test]
fn a_killed_build_leaves_every_file_as_it_was_or_as_it_will_be() {
    const DOCUMENTS: usize = 40;
    let desk = many(DOCUMENTS);
    fill(&desk, "more", DOCUMENTS - 1);
    fs::write(desk.path("more/last.txt"), "Russia rejects a ceasefire, Foreign Minister Sergey Lavrov said.\n")
        .unwrap();
    let out = desk.path("out");
    let (news, more, folder) =
        (desk.path("news").display().to_string(), desk.path("more").display().to_string(), out.display().to_string());
    on(&desk, "build", &[&news, "-o", &folder, "--now", FIRST_RUN]).exits(0);
    let (path, whole) = (desk.path("ledger.sqlite"), fs::read(desk.path("ledger.sqlite")).unwrap());
    let before = snapshot(&out);
    let build = ["build", more.as_str(), "-o", folder.as_str()];
    let begin = || {
        for ending in ["", "-wal", "-shm"] {
            fs::remove_file(format!("{}{ending}", path.display())).ok();
        }
        fs::write(&path, &whole).unwrap();
        fs::remove_dir_all(&out).unwrap();
        fs::create_dir(&out).unwrap();
        before.iter().for_each(|(name, bytes)| fs::write(out.join(name), bytes).unwrap());
        started(&desk, &build)
    };
    assert!(begin().wait_with_output().unwrap().status.success());
    let after = snapshot(&out);
    assert!(OUTPUTS.iter().all(|name| before[*name] != after[*name]));
    let mut seen = BTreeSet::new();
    killed(begin, |n| {
        let documents = sound(&path);
        assert!(documents == DOCUMENTS as i64 || documents == 2 * DOCUMENTS as i64, "{documents} after kill {n}");
        let found = snapshot(&out);
        for name in OUTPUTS {
            assert!(found[name] == before[name] || found[name] == after[name], "{name} after kill {n}");
        }
        // What was being written has no name that anybody would open.
        let others = found.keys().filter(|name| !OUTPUTS.contains(&name.as_str()));
        assert!(others.clone().all(|name| name.starts_with(".demarche-") && name.ends_with(".tmp")), "after kill {n}");
        on(&desk, build[0], &[&build[1..], &["--now", FIRST_RUN]].concat()).exits(0);
        let again = snapshot(&out);
        assert!(OUTPUTS.iter().all(|name| again[*name] == after[*name]), "after kill {n}");
        seen.insert(found["positions.xlsx"] == after["positions.xlsx"]);
    });
    assert!(seen.contains(&false), "no run was killed before its end");
}

#[test]
fn two_writers_at_once_take_turns_or_one_is_told_to_wait() {
    let desk = many(30);
    fill(&desk, "more", 30);
    let children = [start(&desk, "news"), start(&desk, "more")];
    let mut done = 0;
    for child in children {
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        match output.status.code() {
            Some(0) => done += 30,
            _ => assert!(err.contains("is writing to it") && err.contains("hint: "), "{err}"),
        }
    }
    assert!(done > 0);
    assert_eq!(sound(&desk.path("ledger.sqlite")), done);
}

/// Runs a shell line; true where it went well.
fn shell(line: &str) -> bool {
    Command::new("bash").args(["-c", line]).output().is_ok_and(|o| o.status.success())
}

#[test]
fn a_full_disk_is_told_and_the_ledger_is_as_it_was() {
    let desk = many(3);
    let disk = desk.path("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = cfg!(target_os = "linux")
        && shell(&format!("mount -t tmpfs -o size=640k tmpfs '{}' 2>/dev/null", disk.display()));
    if !mounted {
        eprintln!("left out: no small disk could be mounted, which takes an administrator");
        return;
    }
    let ledger = disk.join("ledger.sqlite");
    let args = |folder: &str| {
        let folder = desk.path(folder).display().to_string();
        ["add".to_string(), folder, "--ledger".into(), ledger.display().to_string(), "--now".into(), FIRST_RUN.into()]
    };
    let first = crate::run::demarche(args("news"));
    fill(&desk, "more", 400);
    let full = crate::run::demarche(args("more"));
    let documents = sound(&ledger);
    shell(&format!("umount '{}'", disk.display()));
    first.exits(0);
    full.exits(2).tells(&["no space is left", "hint: ", "as it was"]);
    assert_eq!(documents, 3);
}

#[test]
fn a_limit_on_files_is_told_and_the_ledger_is_as_it_was() {
    let desk = many(3);
    add(&desk, FIRST_RUN, &[]).exits(0);
    fill(&desk, "more", 200);
    // Where the shell cannot set the limit there is nothing to see.
    let line = format!(
        "trap '' XFSZ; ulimit -f 200 || exit 77; exec '{}' add '{}' --ledger '{}'",
        env!("CARGO_BIN_EXE_demarche"),
        desk.path("more").display(),
        desk.path("ledger.sqlite").display()
    );
    let output = Command::new("bash").args(["-c", &line]).output().unwrap();
    if output.status.code() == Some(77) {
        eprintln!("left out: the shell cannot limit the size of files");
        return;
    }
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("error: ") && err.contains("as it was"), "{err}");
    assert_eq!(number(&desk, "SELECT count(*) FROM document"), 3);
    sound(&desk.path("ledger.sqlite"));
}
