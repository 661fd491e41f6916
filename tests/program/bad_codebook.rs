//! A codebook at fault: every fault told with file and line, exit code 2, nothing written.

use std::fs;
use std::path::PathBuf;

use crate::run::{Desk, Ran, demarche};

/// A sound codebook of two parties, to be broken file by file.
const SOUND: [(&str, &str); 5] = [
    ("codebook.toml", "title = \"Talks on the harbour\"\nversion = \"1\"\n"),
    (
        "parties.csv",
        "id,name,short,kind,aliases,demonyms,metonyms,order\nnorthport,Northport,,state,,Northporter,,1\nsouthport,Southport,,state,,Southporter,,2\n",
    ),
    ("people.csv", "name,aliases,pronoun\nAda Marsh,,she\nBen Reed,,he\n"),
    (
        "roles.csv",
        "person,party,rank,title,from,to\nAda Marsh,northport,leader,mayor,2020-01-01,\nBen Reed,southport,leader,mayor,2021,2024-06\n",
    ),
    (
        "topics.toml",
        "[[topic]]\nid = \"tolls\"\nname = \"Tolls\"\nquestion = \"Should the harbour tolls be kept?\"\nplus = \"kept\"\nminus = \"dropped\"\nfor = [\"harbour|harbor toll\", \"=tolls\"]\nagainst = [\"toll-free harbour\"]\n",
    ),
];

struct Book {
    desk: Desk,
}

impl Book {
    fn new() -> Self {
        let book = Book { desk: Desk::new(&[]) };
        fs::create_dir(book.folder()).unwrap();
        for (name, text) in SOUND {
            fs::write(book.folder().join(name), text).unwrap();
        }
        book
    }

    fn folder(&self) -> PathBuf {
        self.desk.path("harbour")
    }

    /// Adds lines to a file, and checks.
    fn with(&self, file: &str, more: &str) -> Ran {
        let path = self.folder().join(file);
        let text = fs::read_to_string(&path).unwrap_or_default() + more;
        fs::write(&path, text).unwrap();
        self.check()
    }

    fn check(&self) -> Ran {
        demarche(["codebook".to_string(), "check".to_string(), self.folder().display().to_string()])
    }
}

#[test]
fn the_sound_codebook_is_sound() {
    let ran = Book::new().check();
    ran.exits(0);
    assert!(ran.out.contains("no faults found"), "{}", ran.out);
}

#[test]
fn every_fault_names_file_and_line() {
    let cases: [(&str, &str, &[&str]); 13] = [
        ("roles.csv", "Ada Marsh,eastport,leader,mayor,2020,\n", &["roles.csv", "line 4", "'eastport'"]),
        ("roles.csv", "Cy Doyle,northport,leader,mayor,2020,\n", &["roles.csv", "line 4", "'Cy Doyle'"]),
        ("roles.csv", "Ada Marsh,northport,leader,mayor,2020-13-40,\n", &["roles.csv", "line 4", "'2020-13-40'"]),
        ("roles.csv", "Ada Marsh,northport,king,mayor,2020,\n", &["roles.csv", "line 4", "'king'"]),
        ("roles.csv", "Ada Marsh,northport,leader,mayor,2021,2020\n", &["roles.csv", "line 4", "ends before"]),
        ("people.csv", "Eve Stone,Ada Marsh,she\n", &["people.csv", "line 4", "'Ada Marsh'"]),
        ("people.csv", "Ben Reed,,he\n", &["people.csv", "line 4", "second time"]),
        ("parties.csv", "eastport,Eastport,,state,Northport,,,3\n", &["parties.csv", "line 4", "'Northport'"]),
        ("parties.csv", "northport,Northport again,,state,,,,3\n", &["parties.csv", "line 4", "second time"]),
        ("parties.csv", "West Port,Westport,,state,,,,3\n", &["parties.csv", "line 4", "'West Port'"]),
        ("parties.csv", "eastport,Eastport,,state\n", &["parties.csv", "line 4", "4 fields"]),
        ("topics.toml", "says.\"2\" = [\"keep {nobody}\"]\n", &["topics.toml", "line 9", "{nobody}"]),
        ("topics.toml", "colour = \"red\"\n", &["topics.toml", "line 9", "colour"]),
    ];
    for (file, more, told) in cases {
        Book::new().with(file, more).exits(2).tells(told);
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let book = Book::new();
    book.with("roles.csv", "Ada Marsh,eastport,leader,mayor,2020,\nCy Doyle,northport,leader,mayor,2020,\n")
        .exits(2)
        .tells(&["line 4", "line 5"]);
    book.with("people.csv", "Ben Reed,,he\n").exits(2).tells(&["people.csv", "roles.csv"]);
}

#[test]
fn a_missing_file_is_named() {
    for (file, _) in SOUND {
        let book = Book::new();
        fs::remove_file(book.folder().join(file)).unwrap();
        book.check().exits(2).tells(&[file, "missing"]);
    }
}

#[test]
fn a_file_in_another_encoding_is_named() {
    let book = Book::new();
    fs::write(book.folder().join("people.csv"), b"name,aliases,pronoun\nJos\xe9 Prado,,he\n").unwrap();
    book.check().exits(2).tells(&["people.csv", "UTF-8"]);
}

#[test]
fn a_broken_codebook_keeps_earlier_output() {
    let desk = Desk::new(&[("a.txt", crate::run::PLAIN.as_bytes())]);
    desk.build(&[]).exits(0);
    let before = crate::run::snapshot(&desk.path("out"));
    let book = Book::new();
    book.with("roles.csv", "Ada Marsh,eastport,leader,mayor,2020,\n").exits(2);
    desk.build(&["--codebook", &book.folder().display().to_string()]).exits(2).tells(&["roles.csv"]);
    assert_eq!(crate::run::snapshot(&desk.path("out")), before);
}

#[test]
fn the_codebooks_the_program_carries_are_sound() {
    for name in demarche::codebook::names() {
        let ran = demarche(["codebook", "check", name]);
        ran.exits(0);
        assert!(ran.out.contains(name));
    }
}
