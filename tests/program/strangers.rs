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

/// A text whose title, source and quotation hold commands to the terminal, and enough besides to be taken for a text.
fn commanding() -> Vec<u8> {
    let talk =
        "The envoys met in the old town hall and spoke until the evening, and nobody told what about. ".repeat(8);
    let said =
        format!("Ukraine {COMMANDS} wants to join NATO, President Volodymyr Zelenskyy {COMMANDS} said on Thursday.");
    format!("A title {COMMANDS}\n\n{said}\n\n{talk}\n").into_bytes()
}

#[test]
fn words_of_a_document_command_no_terminal() {
    let desk = Desk::new(&[("a.txt", &commanding())]);
    let sources = "file,published,outlet\na.txt,2025-02-13,The \u{202e}Post\n";
    fs::write(desk.path("news/sources.csv"), sources).unwrap();
    let built = desk.build(&[]);
    plain("build", &built.exits(0).err);
    add(&desk, FIRST_RUN, &[]).exits(0);
    let id = desk.rows("statements.csv").first().map(|row| row["id"].clone()).unwrap();
    let news = desk.path("news").display().to_string();
    let (book, lines) = (desk.path("out/positions.xlsx"), desk.path("out/statements.jsonl"));
    let (book, lines) = (book.display().to_string(), lines.display().to_string());
    let (party, topic) = ("ukraine", "nato-membership");
    let runs: [&[&str]; 14] = [
        &["matrix", &lines],
        &["matrix", &lines, "--rows", "topics"],
        &["timeline", party, topic, &lines],
        &["contradictions", &lines],
        &["gaps", &lines],
        &["explain", &id, &news],
        &["text", &lines],
        &["text", &book],
        &["codebook", "gaps", &news],
        &["export", "markdown", &lines],
        &["gaps", &lines, "--format", "markdown"],
        &["diff", &lines, "--from", "2025-02-01", "--to", "2025-02-20"],
        &["diff", &lines, "--from", "2025-02-01", "--to", "2025-02-20", "--format", "markdown"],
        &["eval", &lines, &news],
    ];
    let mut shown = 0;
    for args in runs {
        for color in ["auto", "always"] {
            let ran = demarche(args.iter().copied().chain(["--color", color]));
            // These are the program's own.
            let own = |text: &str| {
                ["[1m", "[36m", "[33m", "[0m"]
                    .iter()
                    .fold(text.to_string(), |text, code| text.replace(&format!("\u{1b}{code}"), ""))
            };
            plain(&args.join(" "), &own(&ran.out));
            plain(&args.join(" "), &own(&ran.err));
            assert!(color == "always" || !ran.out.contains('\u{1b}'));
            shown += usize::from(ran.out.contains("\\u{1b}"));
        }
    }
    assert!(shown >= 8, "the quotation was shown {shown} times");
    for args in [&["NATO"][..], &["NATO", "--color", "always"]] {
        plain("find", &on(&desk, "find", args).exits(0).out.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""));
    }
    // Files and what programs read hold the words as they stand.
    let verbatim = desk.rows("statements.csv").iter().any(|row| row["quote"].contains('\u{202e}'));
    assert!(verbatim);
}

#[cfg(unix)]
#[test]
fn names_of_files_command_no_terminal_and_look_like_no_message() {
    let name = "a\u{1b}]0;taken\u{7}\nerror: all is lost\nb.txt";
    let desk = Desk::new(&[(name, PLAIN.as_bytes()), ("bad\u{1b}[2J\nwarning: c.docx", b"no zip")]);
    let built = desk.build(&[]);
    plain("build", &built.err);
    assert!(
        !built.err.lines().any(|line| line.starts_with("error: all") || line.starts_with("warning: c")),
        "{}",
        built.err
    );
    add(&desk, FIRST_RUN, &[]);
    let found = on(&desk, "find", &["NATO"]);
    plain("find", &found.exits(0).out);
    assert!(!found.out.lines().any(|line| line.starts_with("error")), "{}", found.out);
}

#[test]
fn a_project_file_that_was_found_writes_within_its_folder() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    let outside = desk.path("news").display().to_string();
    let folder = desk.path("project");
    fs::create_dir_all(folder.join("within")).unwrap();
    fs::copy(desk.path("news/a.txt"), folder.join("a.txt")).unwrap();
    let project = |text: &str| fs::write(folder.join("demarche.toml"), text).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(desk.path("news"), folder.join("link")).unwrap();
    let mut out = vec![
        format!("output = {outside:?}"),
        "output = \"../news\"".to_string(),
        "output = \"within/../../news\"".to_string(),
        "output = \"new/../../news\"".to_string(),
        "ledger = \"../news/ledger.sqlite\"".to_string(),
        "[build]\noutput = \"../news\"".to_string(),
        "[report]\noutput = \"../news/page.html\"".to_string(),
    ];
    if cfg!(unix) {
        out.push("output = \"link/deeper\"".to_string());
    }
    for text in out {
        project(&text);
        within(&folder, &["build", "a.txt"]).exits(2).tells(&["demarche.toml", "outside this folder", "--config"]);
        assert_eq!(fs::read_dir(desk.path("news")).unwrap().count(), 1, "{text}");
    }
    for text in
        ["output = \"new/deeper\"", "output = \"./within\"", "output = \"within\"\nledger = \"within/l.sqlite\""]
    {
        project(text);
        within(&folder, &["build", "a.txt"]).exits(0);
    }
    // Who names the file, or types the flag, has decided.
    project("output = \"../elsewhere\"");
    within(&folder, &["build", "a.txt", "--config", "demarche.toml"]).exits(0);
    assert!(desk.path("elsewhere/positions.xlsx").exists());
}

/// A codebook of two parties and one topic, with these sets and patterns.
fn codebook(desk: &Desk, sets: &str, patterns: &str) {
    let folder = desk.path("book");
    fs::create_dir_all(&folder).unwrap();
    let topic = "[[topic]]\nid = \"tolls\"\nname = \"Tolls\"\nquestion = \"Should the harbour tolls be kept?\"\nplus = \"kept\"\nminus = \"dropped\"\n";
    for (file, text) in [
        ("codebook.toml", "title = \"Talks on the harbour\"\nversion = \"1\"\n".to_string()),
        (
            "parties.csv",
            "id,name,short,kind,aliases,demonyms,metonyms,order\nnorthport,Northport,,state,,Northporter,,1\nsouthport,Southport,,state,,Southporter,,2\n"
                .to_string(),
        ),
        ("people.csv", "name,aliases,pronoun\n".to_string()),
        ("roles.csv", "person,party,rank,title,from,to\n".to_string()),
        ("topics.toml", format!("[sets]\n{sets}\n{topic}for = [{patterns}]\n")),
    ] {
        fs::write(folder.join(file), text).unwrap();
    }
}

#[test]
fn a_pattern_of_gaps_takes_no_time() {
    let text = format!("Northport wants to keep the tolls, {} its mayor said.\n", "toll ".repeat(400));
    let desk = Desk::new(&[("a.txt", text.as_bytes())]);
    let gaps = "\"toll ..12 toll ..12 toll ..12 toll ..12 toll ..12 toll ..12 toll ..12 never\"";
    codebook(&desk, "", gaps);
    within(&desk.path(""), &["extract", "news", "--codebook", "book"]).exits(0);
    // The same hidden in sets, each of which can be left out or divided in many ways.
    let sets = "some = [\"toll\", \"toll toll\", \"toll toll? toll? toll\"]\nmore = [\"{some}\", \"{some} {some}\", \"{some} {some}? {some}?\"]\n";
    codebook(&desk, sets, "\"{more} {more}? {more}? {more}? {more}? {more}? {more}? {more}? never\"");
    within(&desk.path(""), &["extract", "news", "--codebook", "book"]).exits(0);
}

#[test]
fn sets_within_sets_are_loaded_at_once_or_refused() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    let doubled = |levels: usize| -> String {
        let line = |n: usize| format!("s{n} = [\"{{s{0}}} {{s{0}}}\", \"{{s{0}}}? toll {{s{0}}}\"]\n", n - 1);
        std::iter::once("s0 = [\"toll\"]\n".to_string()).chain((1..levels).map(line)).collect()
    };
    codebook(&desk, &doubled(15), "\"{s14} now\"");
    within(&desk.path(""), &["extract", "news", "--codebook", "book"]).exits(0);
    codebook(&desk, &doubled(400), "\"{s399} now\"");
    within(&desk.path(""), &["extract", "news", "--codebook", "book"]).exits(2).tells(&["sets in each other"]);
    // Many sets, each with all words of those before it.
    let wide: String = (0..40_000)
        .map(|n| {
            format!("s{n} = [\"w{n}\"{}]\n", if n % 15 > 0 { format!(", \"{{s{}}}\"", n - 1) } else { String::new() })
        })
        .collect();
    codebook(&desk, &wide, "\"{s39999} now\"");
    within(&desk.path(""), &["extract", "news", "--codebook", "book"]).exits(0);
}

#[test]
fn a_ledger_with_a_schema_of_its_own_is_refused() {
    let first = |sql: &str, told: &str| {
        let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
        add(&desk, FIRST_RUN, &[]).exits(0);
        change(&desk, sql);
        on(&desk, "find", &["NATO"]).exits(2).tells(&["changed by another program", told, "hint: "]);
        let before = fs::read(desk.path("ledger.sqlite")).unwrap();
        fs::write(desk.path("news/b.txt"), PLAIN.replace("join NATO", "join the European Union")).unwrap();
        add(&desk, FIRST_RUN, &[]).exits(2).tells(&[told]);
        assert_eq!(fs::read(desk.path("ledger.sqlite")).unwrap(), before);
    };
    first(
        "CREATE TRIGGER t AFTER INSERT ON run BEGIN UPDATE statement SET stance = -stance; END",
        "trigger \"t\" was added",
    );
    first("CREATE TABLE own (x)", "table \"own\" was added");
    first(
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'stance', 'stance' || ' ') WHERE name = 'statement'",
        "table \"statement\" is another",
    );
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    add(&desk, FIRST_RUN, &[]).exits(0);
    change(&desk, "CREATE VIEW mine AS SELECT count(*) FROM statement");
    on(&desk, "find", &["NATO"]).exits(0);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    codebook(&desk, "", "\"toll\"");
    let pipe = |name: &str| {
        fs::remove_file(desk.path(name)).ok();
        assert!(shell(&format!("mkfifo '{}'", desk.path(name).display())));
    };
    pipe("news/sources.csv");
    within(&desk.path(""), &["extract", "news"]).exits(2).tells(&["sources.csv", "a pipe or a device"]);
    pipe("book/topics.toml");
    within(&desk.path(""), &["extract", "news/a.txt", "--codebook", "book"])
        .exits(2)
        .tells(&["topics.toml", "a pipe or a device"]);
    pipe("demarche.toml");
    within(&desk.path(""), &["extract", "news/a.txt"]).exits(2).tells(&["demarche.toml", "a pipe or a device"]);
}

#[test]
fn faults_without_end_are_told_a_hundred_times() {
    let lines = "x\n".repeat(2_000_000);
    let table = format!("text,date\n{}", ",2025-02-13\n".repeat(300_000));
    let sources = format!("file,published\n{}", "a.txt\n".repeat(300_000));
    let desk =
        Desk::new(&[("a.jsonl", lines.as_bytes()), ("b.csv", table.as_bytes()), ("sources.csv", sources.as_bytes())]);
    let ran = within(&desk.path(""), &["extract", "news", "news/a.jsonl", "news/b.csv"]);
    ran.exits(2).tells(&[
        "a.jsonl",
        "1999900 more rows",
        "b.csv",
        "299900 more rows",
        "sources.csv",
        "299899 more rows",
    ]);
    assert!(ran.err.len() < 200_000, "{} bytes are told", ran.err.len());
}
