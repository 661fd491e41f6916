//! Files of many documents: feeds, archives and tables; texts in other languages; pages of demarche's own.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};
use std::path::PathBuf;

use demarche::base::Severity;
use demarche::document::{Columns, DateOrigin, Document, LEFT_OUT, ReadOptions, Reading, read};
use zip::write::SimpleFileOptions;

use crate::run::{Desk, PLAIN, demarche};
use crate::ways::fixture;

fn reading_with(name: &str, bytes: &[u8], columns: &str) -> Reading {
    let desk = Desk::new(&[(name, bytes)]);
    let columns: Columns = if columns.is_empty() { Columns::default() } else { columns.parse().unwrap() };
    let options = ReadOptions { columns: &columns, ..ReadOptions::default() };
    read(&[desk.path("news").join(name).display().to_string()], &options)
}

fn reading(name: &str, bytes: &[u8]) -> Reading {
    reading_with(name, bytes, "")
}

fn day(document: &Document) -> Option<(String, DateOrigin)> {
    document.published.map(|(day, origin)| (day.to_string(), origin))
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// What a document must give in whichever form it comes.
const FIELDS: [&str; 8] = ["quote", "context", "party", "speaker", "topic", "stance", "mode", "confidence"];

/// What the article gives, by the form it came in.
fn statements(names: &[&str]) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut by_form = BTreeMap::new();
    for name in names {
        let desk = Desk::new(&[(name, &fixture(name))]);
        let out = desk.path("out").display().to_string();
        let ran = demarche(["build", &desk.path("news").join(name).display().to_string(), "-o", &out]);
        assert!(matches!(ran.code, Some(0 | 2)), "{}", ran.err);
        let rows = desk.rows("statements.csv");
        assert!(rows.iter().all(|row| row["published"] == "2025-02-13"), "{rows:?}");
        by_form.insert(name.to_string(), rows.iter().map(|row| FIELDS.map(|f| row[f].clone()).to_vec()).collect());
    }
    by_form
}

#[test]
fn the_same_article_gives_the_same_statements_in_every_form() {
    let names = [
        "talks.txt",
        "talks.html",
        "chromium.html",
        "docutils.html",
        "talks.docx",
        "docx-rs.docx",
        "talks.eml",
        "flowed.eml",
        "talks.csv",
        "talks.xlsx",
        "calc.xlsx",
        "talks.jsonl",
        "talks.rss",
        "talks.atom",
        "writer.docx",
        "pandoc.docx",
        "pandoc.html",
        "alternative.eml",
        "html-only.eml",
        "feedgen.rss",
        "feedgen.atom",
        "calc-semicolon.csv",
        "calc-unicode.tsv",
        "polars.jsonl",
        "pandas.parquet",
        "pandas-gzip.parquet",
        "pandas-dates.parquet",
        "pandas-timestamps.parquet",
        "pandas-category.parquet",
        "duckdb.parquet",
        "polars.parquet",
        "libreoffice.pdf",
        "chromium.pdf",
        "reportlab.pdf",
        "typst.pdf",
        "weasyprint.pdf",
        "fpdf2-core.pdf",
    ];
    let by_form = statements(&names);
    assert!(by_form["talks.txt"].len() >= 3);
    for name in names {
        assert_eq!(by_form[name], by_form["talks.txt"], "{name}");
    }
}

#[test]
fn tables_made_by_pandas_are_read_by_the_names_of_their_columns() {
    for name in ["talks.csv", "talks.xlsx"] {
        let Reading { documents, problems } = reading(name, &fixture(name));
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(documents.len(), 2, "{name}");
        assert_eq!(documents[1].name, format!("{name}#a-2"));
        assert_eq!(documents[1].title.as_deref(), Some("Again, “talks”"));
        assert_eq!(documents[1].outlet.as_deref(), Some("Example, Daily"));
        assert_eq!(documents[0].url.as_deref(), Some("https://courier.example/talks"));
        assert_eq!(day(&documents[1]), Some(("2025-02-14".into(), DateOrigin::Given)));
        assert_eq!(documents[0].text, String::from_utf8(fixture("talks.txt")).unwrap(), "{name}");
    }
}

#[test]
fn columns_can_be_said_and_faults_are_told_with_row_and_column() {
    let csv = b"what;when;who\nThe envoys met.;2025-02-13;Courier\n;2025-02-13;x\nThey parted.;soon;x\na;b;c;d\n";
    let Reading { documents, problems } = reading_with("a.csv", csv, "text=what, date=WHEN, outlet=who");
    assert_eq!(documents.len(), 1);
    assert_eq!((documents[0].name.as_str(), documents[0].outlet.as_deref()), ("a.csv#2", Some("Courier")));
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(told[0].contains("a.csv, row 3: column \"what\" is empty"), "{told:?}");
    assert!(told[1].contains("a.csv, row 4: column \"when\" holds \"soon\", which is not one certain day"), "{told:?}");
    assert!(told[2].contains("a.csv, row 5: it has 4 cells, the header 3"), "{told:?}");
    assert_eq!(told.len(), 3);
    let none = reading("a.csv", csv).problems[0].to_string();
    assert!(none.contains("no column is plainly the text; the columns are \"what\", \"when\", \"who\""), "{none}");
    assert!(none.contains("--columns text=body"), "{none}");
    let wrong = reading_with("a.csv", csv, "text=body").problems[0].to_string();
    assert!(wrong.contains("there is no column \"body\" for the text"), "{wrong}");
}

#[test]
fn a_quotation_mark_that_is_not_closed_is_told() {
    let csv = b"text,outlet\nThey met.,A\n\"They parted.,B\nThey slept.,C\n";
    let Reading { documents, problems } = reading("a.csv", csv);
    assert_eq!((documents.len(), problems.len()), (2, 1), "{problems:?}");
    let told = problems[0].to_string();
    assert!(told.contains("a.csv: the number of its quotation marks is odd") && told.contains("row 3"), "{told}");
    for good in [&b"text\n\"They met.\nThey \"\"parted\"\".\"\n"[..], b"text,size\nThey met.,5\" wide\n"] {
        assert_eq!(reading("a.csv", good).problems, []);
    }
}

#[test]
fn sheets_that_are_not_read_are_named() {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, cells) in
        [("Notes", &["Made in May"][..]), ("May", &["text", "They met."]), ("June", &["text"]), ("Blank", &[])]
    {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, cell) in (0..).zip(cells) {
            sheet.write(row, 0, *cell).unwrap();
        }
    }
    let Reading { documents, problems } = reading("a.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!((documents.len(), problems.len()), (1, 1), "{problems:?}");
    let told = problems[0].to_string();
    assert!(told.contains("from \"May\", and none from \"Notes\", \"June\"") && !told.contains("Blank"), "{told}");
}

#[test]
fn the_command_line_takes_columns() {
    let desk = Desk::new(&[("a.csv", format!("story,wann\n\"{}\",2025-02-13\n", PLAIN.trim()).as_bytes())]);
    let table = desk.path("news").join("a.csv").display().to_string();
    let out = desk.path("out").display().to_string();
    demarche(["build", &table, "-o", &out, "--columns", "text=story,published=wann"]).exits(0);
    assert_eq!(desk.rows("statements.csv")[0]["published"], "2025-02-13");
    assert_eq!(desk.rows("statements.csv")[0]["doc"], "a.csv#2");
    demarche(["build", &table, "-o", &out, "--columns", "colour=red"])
        .exits(2)
        .tells(&["\"colour\" is no part of a document"]);
}

#[test]
fn tables_in_a_folder_are_read_only_where_they_are_named() {
    let table = format!("text\n\"{}\"\n", PLAIN.trim());
    let desk = Desk::new(&[("a.csv", table.as_bytes()), ("b.txt", b"The envoys met.\n")]);
    let folder = desk.path("news").display().to_string();
    let whole = read(std::slice::from_ref(&folder), &ReadOptions::default());
    assert_eq!(whole.documents.len(), 1);
    assert!(whole.problems[0].why.contains("a.csv") && whole.problems[0].severity == Severity::Note);
    assert_eq!(read(&[format!("{folder}/*.csv")], &ReadOptions::default()).documents[0].name, "a.csv#2");
    assert_eq!(read(&[format!("{folder}/*")], &ReadOptions::default()).documents[0].name, "b.txt");
}

#[test]
fn an_archive_is_read_as_a_folder_with_its_own_sources() {
    let Reading { documents, problems } = reading("talks.zip", &fixture("talks.zip"));
    assert!(problems.is_empty(), "{problems:?}");
    let names: Vec<&str> = documents.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(names, ["talks.zip/news/talks.docx", "talks.zip/news/talks.eml", "talks.zip/news/talks.html"]);
    assert_eq!(documents[2].outlet.as_deref(), Some("From the archive"));
    let tables = zipped(&[("a.csv", b"text\nThe envoys met.\n"), ("b.jsonl", b"{\"text\": \"They parted.\"}\n")]);
    assert_eq!(reading("a.zip", &tables).documents.len(), 2);
}

#[test]
fn documents_of_archives_and_feeds_are_found_again_by_their_names() {
    let desk = Desk::new(&[("talks.zip", &fixture("talks.zip")), ("talks.rss", &fixture("talks.rss"))]);
    desk.build(&[]);
    let (news, out) = (desk.path("news").display().to_string(), desk.path("out"));
    let statements = out.join("statements.jsonl");
    let docs: BTreeSet<String> = desk.rows("statements.csv").iter().map(|row| row["doc"].clone()).collect();
    assert!(docs.contains("talks.rss#1") && docs.iter().any(|doc| doc.starts_with("talks.zip/news/")), "{docs:?}");
    let project = out.join("talks.qdpx").display().to_string();
    let ran = demarche(["export", "qdpx", &statements.display().to_string(), "--documents", &news, "-o", &project]);
    assert!(!ran.err.contains("cannot find the text"), "{}", ran.err);
    assert!(std::fs::metadata(&project).is_ok());
    // Each statement is found where it was made.
    let gold = std::fs::read_to_string(&statements).unwrap();
    let ran = demarche(["eval", &statements.display().to_string(), &news, "--format", "json"]);
    let figures: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(figures["required"].as_u64(), Some(gold.lines().count() as u64), "{}{}", ran.out, ran.err);
}

#[test]
fn archives_are_bounded_and_members_that_lead_out_are_refused() {
    let zeros = vec![b' '; 4 << 20];
    let inner = zipped(&[("a.txt", b"x")]);
    let bytes = zipped(&[
        ("../out.txt", b"The envoys met."),
        ("/root.txt", b"The envoys met."),
        ("bomb.txt", &zeros),
        ("inner.zip", &inner),
        ("good.txt", PLAIN.as_bytes()),
        ("picture.png", b"x"),
        (".hidden.txt", b"x"),
    ]);
    let Reading { documents, problems } = reading("a.zip", &bytes);
    assert_eq!(documents.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), ["a.zip/good.txt"]);
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    for (name, why) in [
        ("../out.txt", "leads out of the archive"),
        ("/root.txt", "leads out of the archive"),
        ("bomb.txt", "more than 200 times its size"),
        ("inner.zip", "a zip archive within an archive"),
        ("picture.png", "a document ends in"),
    ] {
        assert!(told.iter().any(|told| told.contains(name) && told.contains(why)), "{name}: {told:#?}");
    }
    assert_eq!(told.len(), 5);
    assert!(reading("b.zip", &zipped(&[])).problems[0].why.contains("holds no document"));
}

#[test]
fn entries_of_feeds_carry_what_the_feed_says() {
    let Reading { documents, problems } = reading("talks.rss", &fixture("talks.rss"));
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[0].name, "talks.rss#1");
    assert_eq!(documents[0].outlet.as_deref(), Some("The Harbour Courier"));
    assert_eq!(documents[0].author.as_deref(), Some("Ida Roe"));
    assert_eq!(documents[0].url.as_deref(), Some("https://courier.example/talks"));
    assert_eq!(documents[1].text, "The envoys met again & parted in the harbour town.\n");
    assert_eq!(day(&documents[1]), Some(("2025-02-14".into(), DateOrigin::Metadata)));
    assert!(problems[0].to_string().contains("talks.rss#2") && problems[0].why.contains("no text"), "{problems:?}");
    let atom = &reading("talks.xml", &fixture("talks.atom")).documents[0];
    assert_eq!(atom.url.as_deref(), Some("https://courier.example/talks?a=1&b=2"));
    assert_eq!(day(atom), Some(("2025-02-13".into(), DateOrigin::Metadata)));
    let other = reading("a.xml", b"<?xml version=\"1.0\"?><list><x>1</x></list>");
    assert!(other.problems[0].why.contains("neither RSS nor Atom"), "{:?}", other.problems);
}

#[test]
fn what_is_not_english_is_listed_and_never_coded() {
    let german = "Die Ukraine will der NATO beitreten, sagte President Volodymyr Zelenskyy said am Donnerstag. Das Land wird nicht \
                  auf die Mitgliedschaft verzichten, und es ist nicht bereit, über einen anderen Weg zu sprechen.\n";
    let desk = Desk::new(&[("de.txt", german.as_bytes()), ("en.txt", PLAIN.as_bytes())]);
    desk.build(&[]).exits(0).tells(&[LEFT_OUT, "de.txt", "it is not in English: it looks like German"]);
    assert!(desk.rows("statements.csv").iter().all(|row| row["doc"] == "en.txt"));
    let bytes = std::fs::read(desk.path("out").join("positions.xlsx")).unwrap();
    let mut book = demarche::workbook::read::open(bytes).unwrap();
    let mut listed = false;
    book.rows("Sources", |row| {
        listed |= row.text(0).contains("de.txt: it is not in English");
        true
    })
    .unwrap();
    assert!(listed);
}

#[test]
fn results_of_demarche_are_no_articles() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    desk.build(&[]).exits(0);
    let page = desk.path("out").join("report.html").display().to_string();
    let statements = desk.path("out").join("statements.jsonl").display().to_string();
    demarche(["report", &statements, "-o", &page]).exits(0);
    let told = |path: PathBuf| {
        let reading = read(&[path.display().to_string()], &ReadOptions::default());
        assert!(reading.documents.is_empty(), "{path:?}");
        reading.problems[0].to_string()
    };
    assert!(told(PathBuf::from(page)).contains("a page that demarche made"));
    assert!(told(desk.path("out").join("positions.xlsx")).contains("a workbook that demarche made"));
    assert!(told(desk.path("out").join("statements.csv")).contains("no column is plainly the text"));
}
