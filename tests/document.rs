//! Documents from files, folders, patterns and streams, through the public API.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::{self, BufReader, Read};
use std::path::Path;

use demarche::base::{Problem, Severity, limits};
use demarche::document::jsonl::Records;
use demarche::document::{self, Boilerplate, DateOrigin, Document, Furniture, ReadOptions, Reading};
use tempfile::TempDir;

/// A folder with these files in it.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn read(inputs: &[&Path]) -> Reading {
    let inputs: Vec<String> = inputs.iter().map(|path| path.to_str().unwrap().to_string()).collect();
    document::read(&inputs, &ReadOptions::default())
}

/// Reads one document of this name and text.
fn one(name: &str, text: &str) -> Document {
    let folder = folder(&[(name, text.as_bytes())]);
    let mut reading = read(&[folder.path()]);
    assert_eq!((reading.problems.len(), reading.documents.len()), (0, 1), "{:?}", reading.problems);
    reading.documents.remove(0)
}

fn names(reading: &Reading) -> Vec<&str> {
    reading.documents.iter().map(|document| document.name.as_str()).collect()
}

/// The only problem, shown.
fn only(problems: &[Problem]) -> String {
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].to_string()
}

fn regions(document: &Document) -> Vec<(Boilerplate, &str)> {
    document.boilerplate.iter().map(|(span, mark)| (*mark, span.of(&document.text))).collect()
}

fn published(document: &Document) -> Option<(String, DateOrigin)> {
    document.published.map(|(date, origin)| (date.to_string(), origin))
}

// The seeds, line by line.

#[test]
fn the_first_seed_is_report_from_its_first_line_to_its_last() {
    let reading = read(&[Path::new("seeds/000_44f5253c9e8bd9e8.txt")]);
    assert_eq!(reading.problems, []);
    let document = &reading.documents[0];
    assert_eq!(document.text.as_bytes(), fs::read("seeds/000_44f5253c9e8bd9e8.txt").unwrap());
    assert_eq!(document.title, None);
    assert_eq!(document.outlet.as_deref(), Some("RFE/RL"));
    assert_eq!(published(document), Some(("2025-02-13".into(), DateOrigin::Given)));
    assert_eq!(regions(document), []);
}

#[test]
fn the_second_seed_has_its_furniture_marked_and_nothing_else() {
    let reading = read(&[Path::new("seeds/001_11fd0d0c90497ef3.txt")]);
    assert_eq!(reading.problems, []);
    let document = &reading.documents[0];
    assert_eq!(
        document.title.as_deref(),
        Some("Zelenskyy protests US, Russia negotiating over Ukraine’s head after Trump-Putin call")
    );
    let regions = regions(document);
    let marks: Vec<Boilerplate> = regions.iter().map(|(mark, _)| *mark).collect();
    use Boilerplate::{Byline, Caption, Furniture, Meta};
    assert_eq!(marks, [Meta, Meta, Caption, Caption, Caption, Byline, Furniture, Furniture, Furniture]);
    for (region, (start, end)) in regions.iter().zip([
        ("Feb 13, 2025 | Politics, U.S.", ""),
        ("LONDON — ", ""),
        ("People stand among American,", "on Feb. 5, 2025.Genya Savilov/AFP via Getty Images"),
        ("A Ukrainian serviceman sits", "on Feb. 8, 2025.Anatolii Stepanov/Reuters"),
        ("President Donald Trump and Russian", "July 16, 2018.Brendan Smialowski/AFP via Getty Images"),
        ("ABC News’ Will Gretsky,", "contributed to this report."),
        ("ABC News: Top Stories", ""),
        ("Read the full article .", ""),
        ("No related tags found.", ""),
    ]) {
        assert!(region.1.starts_with(start) && region.1.ends_with(end), "{region:?}");
        assert!(!region.1.contains('\n'), "{region:?}");
    }
}

#[test]
fn the_second_seed_tells_its_title_and_date_without_sources() {
    let text = fs::read_to_string("seeds/001_11fd0d0c90497ef3.txt").unwrap();
    let document = one("article.txt", &text);
    assert!(document.title.unwrap().starts_with("Zelenskyy protests"));
    assert_eq!(document.published.unwrap().1, DateOrigin::DateLine);
    assert_eq!(document.published.unwrap().0.to_string(), "2025-02-13");
    let text = fs::read_to_string("seeds/000_44f5253c9e8bd9e8.txt").unwrap();
    let document = one("000_44f5253c9e8bd9e8.txt", &text);
    assert_eq!((document.title, document.published), (None, None));
}

// Finding.

#[test]
fn files_come_in_the_order_of_arguments_and_of_their_paths() {
    let folder = folder(&[
        ("b/z.txt", b"Text z."),
        ("b/a.md", b"Text a."),
        ("b/a/c.TXT", b"Text c."),
        ("b-1.txt", b"Text minus."),
        ("B.txt", b"Text capital."),
        (".hidden.txt", b"Not seen."),
        (".git/x.txt", b"Not seen."),
        ("last.txt", b"Text last."),
    ]);
    let all = read(&[folder.path()]);
    assert_eq!(names(&all), ["B.txt", "b-1.txt", "b/a.md", "b/a/c.TXT", "b/z.txt", "last.txt"]);
    let some = read(&[&folder.path().join("last.txt"), &folder.path().join("b")]);
    assert_eq!(names(&some), ["last.txt", "a.md", "a/c.TXT", "z.txt"]);
    assert_eq!((all.problems, some.problems), (vec![], vec![]));
}

#[test]
fn what_is_no_document_is_noted_in_a_folder_and_refused_by_name() {
    let folder =
        folder(&[("a.txt", b"Text."), ("b.odt", b"PK"), ("c/d.odp", b"PK"), ("sources.csv", b"file\na.txt\n")]);
    let reading = read(&[folder.path()]);
    assert_eq!(names(&reading), ["a.txt"]);
    let note = only(&reading.problems);
    assert_eq!(reading.problems[0].severity, Severity::Note);
    assert!(note.contains("2 files were passed over") && note.contains("b.odt, c/d.odp"), "{note}");

    let reading =
        read(&[&folder.path().join("b.odt"), &folder.path().join("a.txt"), &folder.path().join("sources.csv")]);
    assert_eq!(names(&reading), ["a.txt"]);
    let error = only(&reading.problems);
    assert_eq!(reading.problems[0].severity, Severity::Error);
    assert!(
        error.contains("b.odt") && error.contains("a document ends in .txt, .md, .html, .htm, .docx, .pdf, .eml"),
        "{error}"
    );
}

#[test]
fn patterns_match_below_their_folder() {
    let folder = folder(&[
        ("2025/a.txt", b"Text a."),
        ("2025/b.md", b"Text b."),
        ("2025/deep/c.txt", b"Text c."),
        ("2025/.d.txt", b"Hidden."),
        ("2026/e.txt", b"Text e."),
    ]);
    let found = |pattern: &str| {
        let reading = read(&[&folder.path().join(pattern)]);
        (names(&reading).join(" "), reading.problems.len())
    };
    assert_eq!(found("2025/*.txt"), ("a.txt".into(), 0));
    assert_eq!(found("*/*.txt"), ("2025/a.txt 2026/e.txt".into(), 0));
    assert_eq!(found("**/*.txt"), ("2025/a.txt 2025/deep/c.txt 2026/e.txt".into(), 0));
    assert_eq!(found("202[6-9]/?.txt"), ("2026/e.txt".into(), 0));
    assert_eq!(found("2025/*.pdf"), (String::new(), 1));
    assert_eq!(found("2030/*.txt"), (String::new(), 1));
    assert_eq!(found("2025/[.txt"), (String::new(), 1));
}

#[test]
fn a_folder_is_listed_in_the_order_of_its_paths() {
    let mut files: Vec<(String, &[u8])> =
        ["a/b.txt", "a-b.txt", "a.txt", "a/b/c.txt", "a0/d.md", "a/.e/f.txt", "a/sources.csv", "Z.html", "é/g.txt"]
            .map(|name| (name.to_string(), b"Text.".as_slice()))
            .into();
    files.extend((0..12).map(|n| (format!("a/{n}.jpg"), b"".as_slice())));
    let folder = folder(&files.iter().map(|(name, text)| (name.as_str(), *text)).collect::<Vec<_>>());
    let listed = |argument: &Path| {
        let (inputs, problems) = document::find(&[argument.display().to_string()]);
        let count = inputs.len();
        let listed: Vec<_> = inputs.into_iter().map(Result::unwrap).map(|input| (input.name, input.path)).collect();
        assert_eq!(listed.len(), count);
        (listed, problems.iter().map(|problem| problem.why.clone()).collect::<Vec<_>>())
    };
    let (below, told) = listed(folder.path());
    let shown: Vec<&str> = below.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(shown, ["Z.html", "a-b.txt", "a.txt", "a/b.txt", "a/b/c.txt", "a0/d.md", "é/g.txt"]);
    assert!(below.iter().all(|(name, path)| *path == folder.path().join(name)));
    assert!(told[0].starts_with("a/0.jpg, a/1.jpg, a/10.jpg,") && told[0].contains(" and 2 more; "), "{told:?}");
    // A link makes it a list that is made before the first file is read.
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a0", folder.path().join("link")).unwrap();
        let (linked, problems) = listed(folder.path());
        assert_eq!((&linked, &problems[0]), (&below, &told[0]));
    }
}

#[test]
fn what_goes_while_a_folder_is_read_is_told() {
    let folder = folder(&[
        ("a/one.txt", b"Text."),
        ("b/two.txt", b"Text."),
        ("b/three.txt", b"Text."),
        ("c/d/four.txt", b"Text."),
        ("e.txt", b"Text."),
    ]);
    let (inputs, problems) = document::find(&[folder.path().display().to_string()]);
    assert!(problems.is_empty(), "{problems:?}");
    let mut inputs = inputs.into_iter();
    assert_eq!(inputs.next().unwrap().unwrap().name, "a/one.txt");
    fs::rename(folder.path().join("b/two.txt"), folder.path().join("a/two.txt")).unwrap();
    fs::remove_dir_all(folder.path().join("c/d")).unwrap();
    let (read, told): (Vec<_>, Vec<_>) = inputs.partition(Result::is_ok);
    let read: Vec<String> = read.into_iter().map(|input| input.unwrap().name).collect();
    assert_eq!(read, ["b/three.txt", "e.txt"]);
    let told: Vec<String> = told.into_iter().map(|gone| gone.unwrap_err().to_string()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("/b: 1 fewer") && told[1].contains("/c/d: 1 fewer"), "{told:?}");
}

#[cfg(unix)]
#[test]
fn what_is_called_sources_and_is_no_file_is_told() {
    let folder = folder(&[("a.txt", b"Text one."), ("b/sources.csv/c.txt", b"Text two.")]);
    assert_eq!(names(&read(&[folder.path()])), ["a.txt", "b/sources.csv/c.txt"]);
    std::os::unix::fs::symlink("nowhere.csv", folder.path().join("sources.csv")).unwrap();
    let reading = read(&[folder.path()]);
    assert!(reading.problems.iter().any(|p| p.severity == Severity::Error), "{:?}", reading.problems);
}

#[test]
fn the_same_name_is_told_apart_by_its_folders() {
    let folder = folder(&[
        ("x/2025/a.txt", b"Text one."),
        ("y/2025/a.txt", b"Text two."),
        ("z/a.txt", b"Text three."),
        ("z/b.txt", b"Text four."),
    ]);
    let path = |name: &str| folder.path().join(name);
    let reading = read(&[&path("x/2025/a.txt"), &path("y/2025"), &path("z/a.txt"), &path("z/b.txt")]);
    assert_eq!(names(&reading), ["x/2025/a.txt", "y/2025/a.txt", "z/a.txt", "b.txt"]);
}

#[test]
fn a_text_counts_once_however_often_it_is_given() {
    let folder = folder(&[("a.txt", b"The same."), ("b.txt", b"The same."), ("c.txt", b"Another.")]);
    let reading = read(&[&folder.path().join("c.txt"), folder.path(), folder.path()]);
    assert_eq!(names(&reading), ["c.txt", "a.txt"]);
    assert!(reading.problems.iter().all(|p| p.severity == Severity::Note));
    let shown: Vec<String> = reading.problems.iter().map(Problem::to_string).collect();
    assert!(shown.iter().any(|note| note.contains("b.txt: its text is that of a.txt")), "{shown:?}");
    assert!(shown.iter().any(|note| note.contains("3 files count once")), "{shown:?}");
}

#[cfg(unix)]
#[test]
fn links_are_followed_without_going_round() {
    use std::os::unix::fs::symlink;
    let folder = folder(&[("a/one.txt", b"Text one."), ("b/two.txt", b"Text two.")]);
    let path = |name: &str| folder.path().join(name);
    symlink(folder.path(), path("a/up")).unwrap();
    symlink(folder.path(), path("b/up")).unwrap();
    symlink("../b", path("a/aside")).unwrap();
    symlink("two.txt", path("b/alias.txt")).unwrap();
    symlink("nowhere.txt", path("b/broken.txt")).unwrap();
    let reading = read(&[folder.path()]);
    assert_eq!(names(&reading), ["a/one.txt", "b/alias.txt"], "an alias and its file count once");
    assert_eq!(reading.problems.iter().filter(|p| p.severity == Severity::Error).count(), 1);
    let entered = read(&[&path("a")]);
    assert_eq!(names(&entered), ["aside/alias.txt", "one.txt"], "a folder linked from the one given is read");
    let matched = read(&[&path("**/*.txt")]);
    assert_eq!(names(&matched), ["a/one.txt", "b/alias.txt"]);
}

// Bad input: a problem each, and the rest goes on.

#[test]
fn every_bad_file_says_why_and_the_rest_goes_on() {
    let folder = folder(&[
        ("good.txt", b"The envoys met."),
        ("empty.txt", b""),
        ("blank.txt", b" \r\n\t\n"),
        ("mark.txt", b"\xEF\xBB\xBF"),
        ("image.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("controls.txt", b"\x01\x02\x03\x04\x05\x06 text"),
        ("broken.txt", b"The \xE2\x80\x9Cdeal\xE2\x80\x9D stands\xE2\x80 open."),
    ]);
    let huge = fs::File::create(folder.path().join("huge.txt")).unwrap();
    huge.set_len(limits::DOCUMENT_BYTES + 1).unwrap();
    let missing = folder.path().join("missing.txt");
    let reading = read(&[&missing, folder.path(), Path::new("")]);
    assert_eq!(names(&reading), ["good.txt"]);
    let shown: Vec<String> = reading.problems.iter().map(Problem::to_string).collect();
    for (file, why) in [
        ("missing.txt", "it does not exist"),
        ("empty.txt", "it holds no text"),
        ("blank.txt", "it holds no text"),
        ("mark.txt", "it holds no text"),
        ("image.txt, byte 8", "it is no text: zero byte"),
        ("controls.txt", "6 of its first 11 characters are control characters"),
        ("broken.txt, byte 21", "it is neither valid UTF-8 nor"),
        ("huge.txt", "it is larger than 64 MiB"),
    ] {
        assert!(shown.iter().any(|p| p.contains(&format!("{file}: ")) && p.contains(why)), "{file}: {shown:#?}");
    }
    assert_eq!(shown.len(), 9, "{shown:#?}");
    assert!(reading.problems.iter().all(|p| p.severity == Severity::Error && !p.hint.is_empty()));
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_system_will_not_read_is_a_problem() {
    let folder = folder(&[("good.txt", b"The envoys met.")]);
    // A file that every user may open as theirs, and that fails at the first byte.
    std::os::unix::fs::symlink("/proc/self/mem", folder.path().join("bad.txt")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("device.txt")).unwrap();
    let reading = read(&[folder.path(), Path::new("/dev/null")]);
    assert_eq!(names(&reading), ["good.txt"]);
    let shown: Vec<String> = reading.problems.iter().map(Problem::to_string).collect();
    assert!(shown.iter().any(|p| p.contains("bad.txt: the system does not let it be read")), "{shown:?}");
    assert!(shown.iter().any(|p| p.contains("device.txt: it is neither a file nor a folder")), "{shown:?}");
    assert!(shown.iter().any(|p| p.contains("/dev/null: it is neither a file nor a folder")), "{shown:?}");
}

#[test]
fn a_single_line_of_fifty_megabytes_is_read() {
    let mut text = "The envoys met on Thursday and said \"no\" — twice. ".repeat(1 << 20);
    text.push_str("Jane Doe/AFP");
    assert!(text.len() > 50 << 20);
    let document = one("2025-02-13 line.txt", &text);
    assert_eq!(document.text.len(), text.len());
    assert_eq!(document.title, None);
    assert_eq!(document.boilerplate, []);
    assert_eq!(published(&document), Some(("2025-02-13".into(), DateOrigin::FileName)));
}

#[test]
fn many_short_lines_are_read() {
    let text = "- \n".repeat(1 << 20) + "The envoys met.\n";
    assert_eq!(one("lines.txt", &text).boilerplate, []);
}

#[test]
fn every_encoding_reads_as_the_same_document() {
    let text = "Envoys meet again\n\n“No deal yet,” said the minister – in Zürich.\n";
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let windows: Vec<u8> = text
        .replace('\n', "\r\n")
        .chars()
        .map(|c| match c {
            '“' => 0x93,
            '”' => 0x94,
            '–' => 0x96,
            c => u8::try_from(c).unwrap(),
        })
        .collect();
    for (name, bytes) in [
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-16LE", utf16(u16::to_le_bytes)),
        ("UTF-16BE with mark", [vec![0xFE, 0xFF], utf16(u16::to_be_bytes)].concat()),
        ("Windows-1252 with \\r\\n", windows),
        ("UTF-8 with \\r", text.replace('\n', "\r").into_bytes()),
    ] {
        let folder = folder(&[("a.txt", &bytes)]);
        let reading = read(&[folder.path()]);
        assert_eq!(reading.problems, [], "{name}");
        assert_eq!(reading.documents[0].text, text, "{name}");
        assert_eq!(reading.documents[0].title.as_deref(), Some("Envoys meet again"), "{name}");
    }
}

// sources.csv.

#[test]
fn sources_tell_what_documents_cannot() {
    let folder = folder(&[
        ("a.txt", b"Envoys meet\n\nDate line: none."),
        ("sub/b.txt", b"Text b."),
        ("sub/c.txt", b"Text c."),
        ("sources.csv", "Title,shelf,file,Outlet,published,url,author\n\"Talks, again\",7,a.txt,The Courier,2025-02-13,https://x.example/a,Jane Doe\n,,sub/b.txt,From above,,,\n,,sub/c.txt,From above,,,\n".as_bytes()),
        ("sub/sources.csv", b"file;outlet;published\r\nc.txt;Nearer;13 February 2025\r\n"),
    ]);
    let reading = read(&[folder.path()]);
    assert_eq!(reading.problems, []);
    let [a, b, c] = reading.documents.as_slice() else { panic!("{reading:?}") };
    assert_eq!(a.title.as_deref(), Some("Talks, again"));
    assert_eq!((a.outlet.as_deref(), a.author.as_deref()), (Some("The Courier"), Some("Jane Doe")));
    assert_eq!(a.url.as_deref(), Some("https://x.example/a"));
    assert_eq!(published(a), Some(("2025-02-13".into(), DateOrigin::Given)));
    assert_eq!((b.outlet.as_deref(), b.published), (Some("From above"), None));
    assert_eq!(c.outlet.as_deref(), Some("Nearer"));
    assert_eq!(published(c), Some(("2025-02-13".into(), DateOrigin::Given)));
    let alone = read(&[&folder.path().join("sub/c.txt")]);
    assert_eq!(alone.documents[0].outlet.as_deref(), Some("Nearer"));
}

#[test]
fn bad_rows_of_sources_are_told_with_their_line() {
    let folder = folder(&[
        ("a.txt", b"Text a."),
        ("b.txt", b"Text b."),
        (
            "sources.csv",
            b"file,published,outlet,title\n\
              a.txt,2025-02-31,The Courier,\"Two\nlines\"\n\
              gone.txt,2025-02-13,,\n\
              b.txt,03/04/2025,,\n\
              b.txt,2025-02-13,,\n\
              ,2025-02-13,,\n\
              ,,,\n\
              b.txt,2025-02-13,The Courier,Talks, again\n",
        ),
    ]);
    let reading = read(&[folder.path()]);
    let told: Vec<(Option<u64>, Severity, &str)> =
        reading.problems.iter().map(|p| (p.line, p.severity, &*p.why)).collect();
    assert_eq!(
        told,
        [
            (Some(2), Severity::Error, "\"2025-02-31\" is not one certain day"),
            (Some(4), Severity::Warning, "there is no file gone.txt"),
            (Some(5), Severity::Error, "\"03/04/2025\" is not one certain day"),
            (Some(6), Severity::Error, "line 5 is about b.txt already"),
            (Some(7), Severity::Error, "the cell \"file\" is empty"),
            (Some(9), Severity::Error, "it has 5 cells, the header 4"),
        ]
    );
    assert!(reading.problems.iter().all(|p| p.path.as_ref().unwrap().ends_with("sources.csv")));
    assert_eq!(reading.documents[0].outlet.as_deref(), Some("The Courier"), "the rest of the row counts");
    assert_eq!(reading.documents.len(), 2);
}

#[test]
fn sources_that_cannot_be_used_at_all_leave_the_documents() {
    for (bytes, why) in [
        (&b"name,published\na.txt,2025-02-13\n"[..], "there is no column \"file\""),
        (b"PK\x03\x04\0\0", "it is no text"),
        (b"", "there is no column \"file\""),
    ] {
        let folder = folder(&[("a.txt", b"Text."), ("sources.csv", bytes)]);
        let reading = read(&[folder.path()]);
        assert_eq!(names(&reading), ["a.txt"]);
        let shown = only(&reading.problems);
        assert!(shown.contains("sources.csv") && shown.contains(why), "{shown}");
    }
}

// What documents tell of themselves.

#[test]
fn the_date_is_taken_from_the_surest_place() {
    let body = "BRUSSELS, Feb. 11, 2025 — The envoys met.\n";
    for (name, text, day, origin) in [
        (
            "2025-02-14.txt",
            format!("---\ndate: 2025-02-12\n---\nFeb. 10, 2025\n\n{body}"),
            "2025-02-12",
            DateOrigin::FrontMatter,
        ),
        ("2025-02-14.txt", format!("Envoys meet\n\nFeb. 10, 2025\n\n{body}"), "2025-02-10", DateOrigin::DateLine),
        ("2025-02-14.txt", format!("Envoys meet\n\n{body}"), "2025-02-11", DateOrigin::Dateline),
        ("2025-02-14.txt", "BRUSSELS, Feb. 11 — The envoys met.\n".into(), "2025-02-14", DateOrigin::FileName),
        ("20250214_talks.md", "# Envoys meet\n\nThey did.\n".into(), "2025-02-14", DateOrigin::FileName),
        (
            "a.txt",
            format!("Envoys meet\nUpdated Feb. 10, 2025\nPublished Feb. 9, 2025\n\n{body}"),
            "2025-02-09",
            DateOrigin::DateLine,
        ),
        (
            "a.txt",
            format!("Envoys meet\nPublished: Feb. 9, 2025\nOutlet: The Courier\n\n{body}"),
            "2025-02-09",
            DateOrigin::FrontMatter,
        ),
    ] {
        let document = one(name, &text);
        assert_eq!(published(&document), Some((day.into(), origin)), "{text}");
    }
    assert_eq!(one("a.txt", "The envoys met on February 13, 2025.\n").published, None);
    assert_eq!(one("a.txt", "BRUSSELS, Feb. 11 — The envoys met.\n").published, None);
}

#[test]
fn the_title_is_read_where_there_is_one() {
    for (text, title) in [
        ("Envoys meet again\n\nThey met.\n", Some("Envoys meet again")),
        ("Envoys meet again\nBy Jane Doe\n\nThey met.\n", Some("Envoys meet again")),
        ("Advertisement\n\nEnvoys meet again\n\nThey met.\n", Some("Envoys meet again")),
        ("# Envoys meet again\n\nThey met.\n", Some("Envoys meet again")),
        ("Envoys meet again\n===\n\nThey met.\n", Some("Envoys meet again")),
        ("title: Envoys meet again\n\nThey met.\n", Some("Envoys meet again")),
        ("---\ntitle: 'Envoys meet again'\n---\nThey met.\n", Some("Envoys meet again")),
        ("Envoys leave the U.S.\n\nThey met.\n", Some("Envoys leave the U.S.")),
        ("The envoys met again.\n\nThey met.\n", None),
        ("ZURICH, Feb. 13, 2025 (Courier) —\n\nThey met.\n", None),
        ("ZURICH (Courier) -\n\nEnvoys meet again\n\nThey met.\n", Some("Envoys meet again")),
        ("The envoys met\nand met again\nuntil they parted.\n", None),
        ("Envoys meet again", None),
    ] {
        assert_eq!(one("a.txt", text).title.as_deref(), title, "{text}");
    }
}

#[test]
fn furniture_is_marked_and_report_is_not() {
    let text = "\
Envoys meet again
By Jane Doe, Foreign Editor
John Roe in Zurich
Published 13 Feb 2025 14:02 GMT
5 min read
ZURICH, Switzerland (Courier) — The envoys met for a third day.
Image source, Reuters
Image caption, The hall before the envoys came
The envoys leave the hall on Thursday. [John Roe/Reuters]
The envoys in the hall, Feb. 12, 2025. (AP Photo/John Roe)
“We shall read more of this,” the minister told AFP.
Related: What the treaty says
READ MORE: Five things to know
WATCH | The envoys arrive
Photo: John Roe
The minister said “no deal” and posted a photo: John Roe/AFP
The two sides differ — on nearly everything.
By Friday the talks had stalled.
Share the burden or leave, she wrote.
Sign up for our newsletter
(Reporting by John Roe; Editing by Jane Doe)
© 2025 The Courier. All rights reserved.
#talks #treaty
";
    let document = one("a.txt", text);
    use Boilerplate::{Byline, Caption, Furniture, Meta};
    assert_eq!(
        regions(&document),
        [
            (Byline, "By Jane Doe, Foreign Editor"),
            (Byline, "John Roe in Zurich"),
            (Meta, "Published 13 Feb 2025 14:02 GMT"),
            (Meta, "5 min read"),
            (Meta, "ZURICH, Switzerland (Courier) — "),
            (Caption, "Image source, Reuters"),
            (Caption, "Image caption, The hall before the envoys came"),
            (Caption, "The envoys leave the hall on Thursday. [John Roe/Reuters]"),
            (Caption, "The envoys in the hall, Feb. 12, 2025. (AP Photo/John Roe)"),
            (Furniture, "Related: What the treaty says"),
            (Furniture, "READ MORE: Five things to know"),
            (Furniture, "WATCH | The envoys arrive"),
            (Caption, "Photo: John Roe"),
            (Furniture, "Sign up for our newsletter"),
            (Byline, "(Reporting by John Roe; Editing by Jane Doe)"),
            (Furniture, "© 2025 The Courier. All rights reserved."),
            (Furniture, "#talks #treaty"),
        ]
    );
    assert_eq!(document.author.as_deref(), Some("Jane Doe"));
    assert_eq!(document.text, text);
}

#[test]
fn the_wording_can_be_the_users_own() {
    let wording = "[names]\njoining = []\n[guard]\nverbs = [\"said\"]\n\
                   [[rule]]\nmark = \"furniture\"\nlongest = 80\nforms = [\"zum thema: *\"]\n";
    let furniture = Furniture::parse(wording, "my.toml").unwrap();
    let folder = folder(&[("a.txt", "They met.\nRead more\nZum Thema: Mehr\nZum Thema: “No,” she said\n".as_bytes())]);
    let input = folder.path().to_str().unwrap().to_string();
    let reading = document::read(&[input], &ReadOptions { furniture: &furniture, ..ReadOptions::default() });
    assert_eq!(regions(&reading.documents[0]), [(Boilerplate::Furniture, "Zum Thema: Mehr")]);
}

#[test]
fn any_text_gives_regions_in_order_within_it() {
    let pieces = [
        "\n",
        "\n\n",
        "---\n",
        "+++",
        "Date: ",
        "2025-02-13",
        "Feb. 13, 2025",
        " | ",
        "KYIV",
        " (AP)",
        " — ",
        "- ",
        "By ",
        "Jane Doe",
        "/AFP",
        " via Getty Images",
        "“",
        "”",
        "é",
        "\u{a0}",
        "\r",
        "Photo: ",
        "[",
        "]",
        "*",
        "#talks ",
        "said ",
        ".",
        "title: ",
        "The envoys met. ",
        "’s",
    ];
    let mut state = 11usize;
    for _ in 0..3000 {
        let mut text = String::from("x");
        for _ in 0..24 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            text.push_str(pieces[(state >> 33) % pieces.len()]);
        }
        let line = serde_json::json!({ "id": "a", "text": text }).to_string();
        let document = records(line.as_bytes()).remove(0).unwrap();
        let mut end = 0;
        for (span, _) in &document.boilerplate {
            assert!(span.start >= end && !span.of(&text).is_empty(), "{text:?}: {:?}", document.boilerplate);
            end = span.end;
        }
    }
}

#[test]
fn a_wrapped_caption_is_marked_as_one() {
    let text = "Envoys meet again\n\nThe envoys of both sides met on Thursday for\nthe third time and parted without a word to\n\
                those who had waited for them.\n\nThe envoys leave the hall in which they had\nmet for three days. John Roe/AFP via Getty\nImages\n\n\
                They are to meet again before the month is\nout, the host said.\n";
    let document = one("a.txt", text);
    let regions = regions(&document);
    assert_eq!(regions.len(), 1, "{regions:?}");
    assert!(regions[0].1.starts_with("The envoys leave") && regions[0].1.ends_with("Getty\nImages"));
}

// JSON Lines.

fn records(stream: &[u8]) -> Vec<Result<Document, Problem>> {
    Records::new(stream, ReadOptions::default()).collect()
}

#[test]
fn records_are_documents() {
    let stream = "\u{feff}{\"id\":\"a/1\",\"text\":\"LONDON — They met.\\r\\nTwice.\",\"title\":\"Talks\",\"published\":\"2025-02-13\",\"outlet\":\"The Courier\",\"url\":\"\",\"mood\":3}\r\n\
                  \n\
                  {\"id\":7,\"text\":\"Talks\\n\\nFeb 13, 2025 | World\\n\\nThey met.\",\"publisher\":null}\n\
                  {\"text\":\"No id.\",\"date\":\"Feb. 13, 2025\"}";
    let documents: Vec<Document> = records(stream.as_bytes()).into_iter().map(Result::unwrap).collect();
    let [a, b, c] = documents.as_slice() else { panic!("{documents:?}") };
    assert_eq!((a.name.as_str(), a.title.as_deref(), a.outlet.as_deref()), ("a/1", Some("Talks"), Some("The Courier")));
    assert_eq!(a.text, "LONDON — They met.\r\nTwice.", "the text is the record's own");
    assert_eq!((a.url.as_deref(), published(a)), (None, Some(("2025-02-13".into(), DateOrigin::Given))));
    assert_eq!(regions(a), [(Boilerplate::Meta, "LONDON — ")]);
    assert_eq!((b.name.as_str(), published(b)), ("7", Some(("2025-02-13".into(), DateOrigin::DateLine))));
    assert_eq!((&c.name, published(c)), (&c.id, Some(("2025-02-13".into(), DateOrigin::Given))));
}

#[test]
fn bad_records_are_told_and_the_stream_goes_on() {
    let mut stream = b"{\"id\":\"a\",\"text\":\"Good.\"}\n{\"id\":\"b\"}\n{\"id\":\"c\",\"text\":\n[1]\n".to_vec();
    stream.extend(b"{\"id\":\"d\",\"text\":\"\xFF\"}\n{\"id\":\"e\",\"text\":\" \"}\n");
    stream.extend(b"{\"id\":\"f\",\"text\":\"x\",\"published\":\"last week\"}\n{\"id\":\"g\",\"text\":\"Good.\"}\n");
    let found = records(&stream);
    let good: Vec<&str> = found.iter().flatten().map(|document| document.name.as_str()).collect();
    assert_eq!(good, ["a", "g"]);
    let bad: Vec<(Option<u64>, &str)> =
        found.iter().filter_map(|r| r.as_ref().err()).map(|p| (p.line, &*p.why)).collect();
    assert_eq!(bad.iter().map(|(line, _)| line.unwrap()).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7]);
    assert_eq!(bad[0].1, "missing field `text`");
    assert_eq!(bad[3].1, "it is not UTF-8");
    assert_eq!(bad[4].1, "its text is empty");
    assert_eq!(bad[5].1, "\"last week\" is not one certain day");
}

/// A stream that writes one line without end, far beyond what would fit in memory, then a good record.
struct Endless {
    left: u64,
    tail: &'static [u8],
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return self.tail.read(buffer);
        }
        let length = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        buffer[..length].fill(b'x');
        self.left -= length as u64;
        Ok(length)
    }
}

#[test]
fn a_line_beyond_the_limit_is_refused_and_passed_over() {
    let stream = Endless { left: 1 << 30, tail: b"\n{\"id\":\"a\",\"text\":\"Good.\"}" };
    let mut records =
        Records::new(BufReader::new(stream), ReadOptions::default()).line_limit(1 << 16).named("news.jsonl");
    let problem = records.next().unwrap().unwrap_err();
    assert_eq!(problem.line, Some(1));
    assert!(
        problem.to_string().starts_with("cannot read the record: news.jsonl, line 1: it has more than 65536 bytes")
    );
    let document = records.next().unwrap().unwrap();
    assert_eq!(document.name, "a");
    assert!(records.next().is_none());
    let exact = b"{\"text\":\"12345\"}\n{\"text\":\"123456\"}";
    let found: Vec<bool> = Records::new(&exact[..], ReadOptions::default()).line_limit(16).map(|r| r.is_ok()).collect();
    assert_eq!(found, [true, false]);
}

#[test]
fn a_stream_that_breaks_says_so_and_ends() {
    struct Breaks;
    impl Read for Breaks {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the pipe is gone"))
        }
    }
    let first: &[u8] = b"{\"id\":\"a\",\"text\":\"Good.\"}\n";
    let found: Vec<_> = Records::new(BufReader::new(first.chain(Breaks)), ReadOptions::default()).collect();
    assert_eq!(found.len(), 2);
    assert!(found[0].is_ok());
    assert!(found[1].as_ref().unwrap_err().to_string().contains("line 2: the pipe is gone"));
}

#[test]
fn the_same_input_gives_the_same_ids() {
    let first = read(&[Path::new("seeds")]);
    assert_eq!(first, read(&[Path::new("seeds")]));
    let ids: Vec<&str> = first.documents.iter().map(|document| document.id.as_str()).collect();
    assert!(ids.iter().all(|id| id.len() == 16) && ids[0] != ids[1]);
}
