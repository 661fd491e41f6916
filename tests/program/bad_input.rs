//! Input at fault: exit code 2, a message that helps, the good documents done, earlier output untouched.

use std::fs;

use crate::run::{Desk, OUTPUTS, PLAIN, demarche, fed, snapshot};

const GOOD: (&str, &[u8]) = ("good.txt", PLAIN.as_bytes());

/// Builds one bad document beside a good one: the bad one is told, the good one is done.
#[track_caller]
fn beside_a_good_one(bad: (&str, &[u8]), told: &[&str]) {
    let desk = Desk::new(&[GOOD, bad]);
    desk.build(&[]).exits(2).tells(&[bad.0]).tells(told);
    let rows = desk.rows("statements.csv");
    assert!(rows.iter().any(|r| r["doc"] == "good.txt"), "the good document was not done");
    assert!(rows.iter().all(|r| r["doc"] != bad.0));
}

#[test]
fn a_missing_path_is_told_and_the_rest_done() {
    let desk = Desk::new(&[GOOD]);
    let missing = desk.path("nowhere.txt").display().to_string();
    desk.build(&[&missing]).exits(2).tells(&["error: ", "nowhere.txt", "does not exist", "hint: "]);
    assert_eq!(desk.rows("positions.csv").len(), 1);
}

#[test]
fn an_empty_file_is_told_and_the_rest_done() {
    beside_a_good_one(("empty.txt", b""), &["it holds no text"]);
    beside_a_good_one(("blank.txt", b" \n\t\n"), &["it holds no text"]);
}

#[test]
fn a_binary_file_is_told_and_the_rest_done() {
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0\\r\xa8f\0\0\0\x04gAMA";
    beside_a_good_one(("picture.txt", picture), &["it is no text"]);
    let program = [b"\x7fELF\x02\x01\x01".as_slice(), &[0u8; 500]].concat();
    beside_a_good_one(("program.txt", &program), &["it is no text"]);
}

#[test]
fn broken_utf8_is_told_with_the_byte_and_the_rest_done() {
    let mut bytes = "Der Präsident sagte, die Ukraine müsse dabei sein. ".repeat(40).into_bytes();
    bytes[700] = 0xff;
    bytes[701] = 0xfe;
    beside_a_good_one(("broken.txt", &bytes), &["UTF-8", "byte"]);
}

#[test]
fn a_folder_without_documents_is_told() {
    let desk = Desk::new(&[]);
    desk.build(&[]).exits(2).tells(&["error: ", "hint: "]);
    assert!(!desk.path("out").exists(), "nothing is written where nothing was read");
}

#[test]
fn all_documents_bad_leaves_earlier_output_untouched() {
    let desk = Desk::new(&[GOOD]);
    desk.build(&[]).exits(0);
    let before = snapshot(&desk.path("out"));
    fs::write(desk.path("news/good.txt"), b"").unwrap();
    desk.build(&[]).exits(2);
    assert_eq!(snapshot(&desk.path("out")), before);
}

#[test]
fn strict_stops_and_writes_nothing() {
    let desk = Desk::new(&[GOOD, ("empty.txt", b"")]);
    desk.build(&["--strict"]).exits(2).tells(&["empty.txt"]);
    assert!(!desk.path("out").exists());
}

#[test]
fn a_line_of_fifty_megabytes_is_read_to_its_end() {
    let mut text = PLAIN.trim_end().to_string();
    text.reserve(50 << 20);
    let more = " and then the weather over the harbour stayed grey while ferries went out and came back";
    while text.len() < 50 << 20 {
        text.push_str(more);
    }
    let desk = Desk::new(&[GOOD, ("long.txt", text.as_bytes())]);
    desk.build(&[]).exits(0);
    assert!(desk.rows("statements.csv").iter().any(|r| r["doc"] == "good.txt"));
}

#[test]
fn a_file_beyond_the_limit_is_refused_by_name() {
    beside_a_good_one(("huge.txt", &vec![b'a'; (64 << 20) + 1]), &["larger than 64 MiB"]);
}

#[test]
fn a_bad_row_of_sources_csv_is_told_with_its_line() {
    let sources =
        "file,published,outlet\ngood.txt,2025-02-13,Example Daily\nother.txt,13 Februember 2025,Example Daily\n";
    let desk =
        Desk::new(&[GOOD, ("other.txt", b"Rain fell on the port all day.\n"), ("sources.csv", sources.as_bytes())]);
    desk.build(&[]).exits(2).tells(&["sources.csv", "line 3", "Februember"]);
    assert_eq!(desk.rows("statements.csv")[0]["published"], "2025-02-13", "the good row counts");
}

#[test]
fn a_bad_line_on_standard_input_is_told_with_its_number() {
    let lines = format!("{{\"id\":\"a\",\"text\":{:?}}}\nthis is no JSON\n", PLAIN.trim_end());
    let ran = fed(["extract", "-"], lines);
    ran.exits(2).tells(&["line 2"]);
    assert_eq!(ran.out.lines().count(), 1);
}

/// Folders that cannot be made or written, also by root: below a regular file, and in /proc.
fn unwritable(desk: &Desk) -> Vec<std::path::PathBuf> {
    let mut folders = vec![desk.path("news/good.txt/out"), desk.path("news/good.txt")];
    if cfg!(target_os = "linux") {
        folders.push("/proc/demarche-out".into());
    }
    folders
}

#[test]
fn a_folder_that_cannot_be_written_is_told_by_name() {
    let desk = Desk::new(&[GOOD]);
    for folder in unwritable(&desk) {
        let ran = desk.build_into(&folder, &[]);
        ran.exits(2).tells(&["error: ", &folder.display().to_string()]);
        assert!(!ran.err.contains("written to"), "{}", ran.err);
    }
    assert_eq!(fs::read(desk.path("news/good.txt")).unwrap(), PLAIN.as_bytes());
}

#[test]
fn a_folder_in_the_place_of_a_file_is_told_and_no_file_is_touched() {
    for taken in OUTPUTS {
        let desk = Desk::new(&[GOOD]);
        desk.build(&[]).exits(0);
        fs::remove_file(desk.path("out").join(taken)).unwrap();
        let before = snapshot(&desk.path("out"));
        fs::create_dir(desk.path("out").join(taken)).unwrap();
        fs::write(desk.path("news/more.txt"), PLAIN.replace("join NATO", "join the European Union")).unwrap();
        desk.build(&[]).exits(2).tells(&["error: ", taken]);
        fs::remove_dir(desk.path("out").join(taken)).unwrap();
        assert!(snapshot(&desk.path("out")) == before, "{taken}: another file was changed or left behind");
    }
}

#[test]
fn wrong_arguments_exit_with_two() {
    let cases: [(&[&str], &str); 7] = [
        (&["build", "--as-of", "soon"], "2025-02-13"),
        (&["build", "--since", "2025-03-01", "--as-of", "2025-02-01"], "--since"),
        (&["build", "--party", "atlantis"], "atlantis"),
        (&["build", "--topic", "cheese"], "cheese"),
        (&["build", "--codebook", "no-such-codebook"], "no-such-codebook"),
        (&["build", "--threads", "0"], "--threads"),
        (&["explain", "ffffffffffffffffffff"], "no statement has that id"),
    ];
    for (args, told) in cases {
        demarche(args).exits(2).tells(&[told]);
    }
    demarche(["--help"]).exits(0);
}
