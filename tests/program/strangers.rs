//! Things from strangers: names, words and files that would have the program do what nobody asked it to.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use assert_cmd::Command;

use crate::ledger::{FIRST_RUN, add, change, number, on};
use crate::run::{Desk, PLAIN, Ran, demarche, fed};

/// What turns a terminal's colours, title and clipboard, and the direction of its text.
const COMMANDS: &str = "\u{1b}[2J\u{1b}]0;taken\u{7}\u{9b}31m\u{202e}";

/// Runs the program in a folder for no longer than a minute, within two gigabytes of memory.
fn within(folder: &Path, args: &[&str]) -> Ran {
    let line = "ulimit -v 2000000; exec \"$0\" \"$@\"";
    let mut command = Command::new("bash");
    command.current_dir(folder).args(["-c", line, env!("CARGO_BIN_EXE_demarche")]).args(args).env("NO_COLOR", "1");
    let output = command.timeout(Duration::from_secs(60)).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// Checks that a text for the terminal holds nothing that the terminal would obey.
#[track_caller]
fn plain(what: &str, text: &str) {
    let bad = |c: char| {
        c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let found: Vec<String> = text.chars().filter(|c| bad(*c)).map(|c| format!("{c:?}")).collect();
    assert!(found.is_empty(), "{what}: {found:?} in {text:?}");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_the_writers_sign_is_left_alone() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    fs::write(desk.path("precious"), "mine").unwrap();
    std::os::unix::fs::symlink(desk.path("precious"), desk.path("ledger.sqlite-writer")).unwrap();
    add(&desk, FIRST_RUN, &[]).exits(0);
    assert_eq!(fs::read_to_string(desk.path("precious")).unwrap(), "mine");
}

#[test]
fn what_a_sign_says_is_no_command_to_the_terminal() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    add(&desk, FIRST_RUN, &[]).exits(0);
    fs::write(desk.path("news/b.txt"), PLAIN.replace("join NATO", "join the European Union")).unwrap();
    let other = rusqlite::Connection::open(desk.path("ledger.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    fs::write(desk.path("ledger.sqlite-writer"), format!("demarche add{COMMANDS}")).unwrap();
    let ran = add(&desk, FIRST_RUN, &[]);
    plain("add", &ran.exits(2).tells(&["demarche add"]).err);
}

#[test]
fn values_that_no_ledger_holds_are_told() {
    for sql in [
        "UPDATE statement SET start = -5, \"end\" = -1",
        "UPDATE statement SET role = 'governments'",
        "UPDATE document SET published = '2025-99-99'",
    ] {
        let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
        add(&desk, FIRST_RUN, &[]).exits(0);
        change(&desk, sql);
        on(&desk, "find", &["NATO"]).exits(2).tells(&["damaged", "hint: "]);
    }
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    add(&desk, FIRST_RUN, &[]).exits(0);
    change(
        &desk,
        "UPDATE statement SET start = 4000000000, \"end\" = 1, confidence = 9e999, party = '', quote = '';
         UPDATE run SET codebook = '../../etc'",
    );
    on(&desk, "find", &[]).exits(0);
    let page = desk.path("page.html").display().to_string();
    on(&desk, "report", &["-o", &page]).exits(0);
    on(&desk, "matrix", &[]).exits(0);
    add(&desk, FIRST_RUN, &[]).exits(2).tells(&["../../etc", "--recode"]);
}

/// Runs a shell line; true where it went well.
fn shell(line: &str) -> bool {
    std::process::Command::new("bash").args(["-c", line]).output().is_ok_and(|o| o.status.success())
}

#[cfg(unix)]
#[test]
fn a_ledger_in_a_folder_that_takes_no_files_can_be_read() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    add(&desk, FIRST_RUN, &[]).exits(0);
    let disk = desk.path("disk");
    fs::create_dir(&disk).unwrap();
    let (from, to) = (desk.path("ledger.sqlite").display().to_string(), disk.display().to_string());
    let mounted = cfg!(target_os = "linux")
        && shell(&format!(
            "mount -t tmpfs -o size=4m tmpfs '{to}' && cp '{from}' '{to}/' && mount -o remount,ro '{to}'"
        ));
    if !mounted {
        eprintln!("left out: no disk could be mounted, which takes an administrator");
        return;
    }
    let ledger = disk.join("ledger.sqlite").display().to_string();
    let found = demarche(["find", "NATO", "--ledger", &ledger]);
    let added = demarche(["add", &desk.path("news").display().to_string(), "--ledger", &ledger]);
    shell(&format!("umount '{to}'"));
    assert!(found.exits(0).out.contains("Zelenskyy"), "{}", found.out);
    // There is nothing to add, or it is told that nothing can be.
    assert!(matches!(added.code, Some(0 | 2)) && !added.err.contains("panicked"), "{}", added.err);
}

#[test]
fn nesting_of_data_ends_in_words() {
    let deep = format!("{{\"text\": \"x\", \"more\": {}{}}}\n", "[".repeat(200_000), "]".repeat(200_000));
    fed(["extract", "-"], deep.clone()).exits(2).tells(&["recursion limit", "line 1"]);
    let deep = deep.replace("\"text\"", "\"id\"");
    fed(["matrix", "-"], deep.clone()).exits(2).tells(&["line 1"]);
    let desk = Desk::new(&[("a.html", b""), ("gold.jsonl", deep.as_bytes())]);
    let page = format!(
        "<html><head><script type=\"application/ld+json\">{}</script></head><body><p>{PLAIN}</p></body>",
        "[".repeat(200_000)
    );
    fs::write(desk.path("news/a.html"), page).unwrap();
    desk.build(&[]).exits(0);
    let (gold, news) =
        (desk.path("news/gold.jsonl").display().to_string(), desk.path("news/a.html").display().to_string());
    demarche(["eval", &gold, &news]).exits(2);
    let front = format!("---\ntitle: {}\nanchors: &a [*a, *a]\n---\n{PLAIN}", "[{".repeat(200_000));
    fs::write(desk.path("news/a.html"), front).unwrap();
    desk.build(&[]).exits(0);
    for toml in [format!("a = {}", "[".repeat(100_000)), format!("[{}b]", "a.".repeat(100_000))] {
        fs::write(desk.path("demarche.toml"), &toml).unwrap();
        within(&desk.path(""), &["build", "news"]).exits(2).tells(&["demarche.toml"]);
    }
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn xml_opens_no_file_and_expands_nothing() {
    let entities =
        "<!DOCTYPE d [<!ENTITY file SYSTEM \"file:///etc/passwd\"><!ENTITY a \"bomb\"><!ENTITY b \"&a;&a;\">]>";
    let body = format!(
        "<?xml version=\"1.0\"?>{entities}<w:document><w:body><w:p><w:r><w:t>{} &file; &b;</w:t></w:r></w:p></w:body></w:document>",
        PLAIN.trim_end()
    );
    let feed =
        format!("{entities}<rss><channel><item><description>{PLAIN} &file;</description></item></channel></rss>");
    let word = zipped(&[("word/document.xml", &body)]);
    let desk = Desk::new(&[("a.docx", &word), ("b.rss", feed.as_bytes())]);
    // A feed with a document type is none.
    desk.build(&[]).exits(2).tells(&["b.rss", "neither RSS nor Atom"]);
    let rows = desk.rows("statements.csv");
    assert!(rows.iter().any(|row| row["context"].ends_with("&file; &b;")), "{rows:?}");
    assert!(rows.iter().all(|row| !row["context"].contains("root:") && !row["context"].contains("bomb")));
}

#[test]
fn a_tag_of_a_million_attributes_takes_no_time() {
    let attributes: String = (0..1_000_000).map(|n| format!(" a{n}=\"\"")).collect();
    let feed =
        format!("<rss><channel><item><link{attributes}/><description>{PLAIN}</description></item></channel></rss>");
    let desk = Desk::new(&[("a.rss", feed.as_bytes())]);
    within(&desk.path(""), &["extract", "news"]).exits(0);
}

#[test]
fn names_of_documents_are_no_names_of_files() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    add(&desk, FIRST_RUN, &[]).exits(0);
    change(&desk, "UPDATE document SET name = '../../../etc/a.txt', file = '/etc/a.txt'");
    let project = desk.path("a.qdpx");
    on(&desk, "export", &["qdpx", "-o", &project.display().to_string()]).exits(0);
    let archive = zip::ZipArchive::new(fs::File::open(project).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(names.len() > 1 && names.iter().all(|name| !name.contains("etc") && !name.contains("..")), "{names:?}");
    assert_eq!(number(&desk, "SELECT count(*) FROM document"), 1);
}

#[test]
fn what_the_environment_says_wrong_is_told_or_passed_over() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    let run = |name: &str, value: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
        let args = ["add", "news", "--ledger", "ledger.sqlite"];
        let output = command.current_dir(desk.path("")).args(args).env(name, value).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for value in ["soon", "99999999999999999999", "1e3"] {
        let (code, told) = run("SOURCE_DATE_EPOCH", value);
        assert!(code == Some(2) && told.contains("SOURCE_DATE_EPOCH") && told.contains("hint: "), "{told}");
    }
    for (name, value) in [("COLUMNS", "-1"), ("COLUMNS", "99999999999999999999"), ("TMPDIR", "/nowhere"), ("LANG", "x")]
    {
        let (code, told) = run(name, value);
        assert!(code == Some(0), "{name}={value}: {told}");
    }
}
