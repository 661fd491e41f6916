//! What changed: every kind of input, every form of output, exit codes, and what is refused.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command as Process;

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::run::{Desk, Ran, demarche, fed};

/// A statement as a line of statements.jsonl.
fn said(number: u32, party: &str, topic: &str, stance: i8, day: &str, speaker: &str) -> String {
    let quote = format!("Words of {speaker} on {topic}, number {number}");
    json!({
        "id": format!("{number:016x}"), "doc": format!("{day}-{number}.txt"), "start": 0, "end": 40, "quote": quote,
        "context": quote, "party": party, "speaker": speaker, "source_text": speaker, "role": "government", "rank": "official",
        "joint": false, "secondhand": false, "topic": topic, "stance": stance, "condition": null, "mode": "direct",
        "stated_on": day, "published": day, "outlet": "Example Daily", "title": null, "url": null, "confidence": 0.9,
        "review": null, "rules": ["test"],
    })
    .to_string()
}

fn january() -> Vec<String> {
    vec![
        said(1, "russia", "ceasefire", -2, "2025-01-10", "Ivan Example"),
        said(2, "ukraine", "ceasefire", 2, "2025-01-11", "Olena Example"),
        said(3, "us", "nato-membership", 1, "2025-01-12", "Jane Example"),
        said(4, "us", "minerals", 1, "2025-01-12", "Jane Example"),
    ]
}

fn february() -> Vec<String> {
    let mut all = january();
    all.push(said(5, "us", "nato-membership", -2, "2025-02-12", "John Example"));
    all.push(said(6, "russia", "ceasefire", -1, "2025-02-13", "Ivan Example"));
    all.push(said(7, "france", "peacekeeping-force", 2, "2025-02-13", "Marie Example"));
    all.push(said(8, "ukraine", "ceasefire", 2, "2025-02-14", "Olena Example"));
    all
}

/// A desk with january.jsonl, february.jsonl, and all that build makes of each.
fn desk() -> Desk {
    let desk = Desk::new(&[]);
    for (name, lines) in [("january", january()), ("february", february())] {
        let file = desk.path(&format!("{name}.jsonl"));
        fs::write(&file, lines.join("\n")).unwrap();
        demarche(["matrix", text(&file), "-o", text(&desk.path(name)), "--all-topics"]).exits(0);
    }
    desk
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn diff(old: &Path, new: &Path, more: &[&str]) -> Ran {
    demarche(["diff", text(old), text(new)].into_iter().chain(more.iter().copied()))
}

/// The changes as (kind, party, topic).
fn changes(ran: &Ran) -> Vec<(String, String, String)> {
    let whole: Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err));
    let field = |c: &Value, name: &str| c[name].as_str().unwrap().to_string();
    let list = whole["changes"].as_array().unwrap();
    list.iter().map(|c| (field(c, "change"), field(c, "party"), field(c, "topic"))).collect()
}

fn wanted() -> Vec<(String, String, String)> {
    [
        ("reversed", "us", "nato-membership"),
        ("softened", "russia", "ceasefire"),
        ("first stated", "france", "peacekeeping-force"),
    ]
    .map(|(a, b, c)| (a.to_string(), b.to_string(), c.to_string()))
    .into()
}

#[test]
fn two_dates_of_one_file_of_statements() {
    let desk = desk();
    let file = desk.path("february.jsonl");
    let ran = demarche(["diff", text(&file), "--from", "2025-01-31", "--format", "json"]);
    assert_eq!(changes(ran.exits(1)), wanted());
    let ran = demarche(["diff", text(&file), "--from", "2025-01-31", "--to", "2025-02-28"]);
    assert!(
        ran.exits(1)
            .out
            .starts_with("Changes from 31 Jan 2025 to 28 Feb 2025\n1 reversed, 1 softened, 1 first stated;")
    );
    for line in ["leans yes (+1) → rejects (-2)", "before  ‘Words of Jane Example", "now     ‘Words of John Example"]
    {
        assert!(ran.out.contains(line), "{line}: {}", ran.out);
    }
    assert!(ran.out.lines().all(|l| l.chars().count() <= 80) && !ran.out.contains('\u{1b}'));
    demarche(["diff", text(&file), "--from", "2025-02-20", "--to", "2025-02-28"]).exits(0);
    let silent = demarche(["diff", text(&file), "--from", "2025-01-31", "--window", "30", "--format", "json"]);
    assert!(changes(silent.exits(1)).contains(&("went silent".into(), "us".into(), "minerals".into())));
}

#[test]
fn every_input_gives_the_same_changes_against_every_other() {
    let desk = desk();
    let files = ["statements.jsonl", "statements.csv", "positions.csv", "matrix.csv", "positions.xlsx"];
    for (at, old) in files.iter().enumerate() {
        let new = files[(at + 1) % files.len()];
        for (old, new) in [(old, &new), (old, old)] {
            let ran = diff(&desk.path("january").join(old), &desk.path("february").join(new), &["--format", "json"]);
            assert_eq!(changes(ran.exits(1)), wanted(), "{old} and {new}");
        }
        let again = diff(&desk.path("january").join(old), &desk.path("january").join(new), &[]);
        again.exits(0);
        assert!(again.out.contains("No change; 4 unchanged"), "{old} and {new}: {}", again.out);
    }
}

#[test]
fn evidence_comes_along_from_a_workbook() {
    let desk = desk();
    let (old, new) = (desk.path("january/positions.xlsx"), desk.path("february/positions.xlsx"));
    let ran = diff(&old, &new, &["--format", "json", "--all"]);
    let whole: Value = serde_json::from_str(&ran.exits(1).out).unwrap();
    let first = &whole["changes"][0];
    assert_eq!(first["old"]["evidence"][0]["speaker"], "Jane Example");
    assert_eq!(first["new"]["evidence"][0]["id"], format!("{:016x}", 5));
    assert_eq!(first["new"]["evidence"][0]["date"], "2025-02-12");
    assert_eq!((&whole["old"]["as_of"], &whole["new"]["as_of"]), (&json!("2025-01-12"), &json!("2025-02-14")));
    assert!(ran.out.contains("reaffirmed"), "number 8 is new and says what number 2 said");
}

/// A workbook by hand: remarks above, the topics down, the parties across, cells as people write them.
fn by_hand(path: &Path, wrong: bool) {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Notes").unwrap().write_string(0, 0, "Nothing to see").unwrap();
    let sheet = book.add_worksheet().set_name("My view").unwrap();
    sheet.write_string(0, 0, "How I see it").unwrap();
    for (column, party) in [(1, "Russia"), (2, "Ukraine"), (3, "US"), (4, "France")] {
        sheet.write_string(2, column, party).unwrap();
    }
    for (row, topic) in [(3, "Ceasefire"), (4, "NATO membership"), (5, "minerals"), (6, "Peacekeeping force")] {
        sheet.write_string(row, 0, topic).unwrap();
    }
    sheet.write_string(3, 1, "doubts").unwrap();
    sheet.write_number(3, 2, 2).unwrap();
    sheet.write_string(4, 3, "Rejects (-2)").unwrap();
    sheet.write_string(5, 3, "+1").unwrap();
    sheet.write_string(6, 4, "demands").unwrap();
    if wrong {
        sheet.write_string(2, 5, "Atlantis").unwrap();
        sheet.write_string(3, 3, "we shall see").unwrap();
    }
    book.save(path).unwrap();
}

#[test]
fn a_workbook_by_hand_is_compared_and_its_faults_are_told_by_cell() {
    let desk = desk();
    let hand = desk.path("by-hand.xlsx");
    by_hand(&hand, false);
    let ran = diff(&desk.path("january.jsonl"), &hand, &["--format", "json"]);
    assert_eq!(changes(ran.exits(1)), wanted());
    diff(&hand, &desk.path("february/positions.csv"), &["--strict"]).exits(0);
    by_hand(&hand, true);
    let old = desk.path("january.jsonl");
    let ran = diff(&old, &hand, &["--format", "json"]);
    assert_eq!(changes(ran.exits(2)), wanted(), "the rest is compared");
    ran.tells(&[
        "cell F3 of sheet My view",
        "\"Atlantis\" is no party",
        "cell D4",
        "\"we shall see\" is no stance",
        "by-hand.xlsx",
    ]);
    let strict = diff(&old, &hand, &["--strict"]);
    strict.exits(2);
    assert!(strict.out.is_empty());
}

#[test]
fn a_workbook_that_another_program_saved_reads_the_same() {
    let desk = desk();
    let profile = format!("-env:UserInstallation=file://{}", text(&desk.path("profile")));
    let csv = desk.path("february/matrix.csv");
    let run = Process::new("soffice")
        .args(["--headless", &profile, "--convert-to", "xlsx", "--outdir", text(&desk.path("saved")), text(&csv)])
        .output();
    let saved = desk.path("saved/matrix.xlsx");
    if run.is_err() || !saved.exists() {
        return; // There is no LibreOffice here.
    }
    diff(&csv, &saved, &[]).exits(0);
    assert_eq!(changes(diff(&desk.path("january.jsonl"), &saved, &["--format", "json"]).exits(1)), wanted());
}

#[test]
fn a_cell_changed_by_hand_counts_as_it_stands() {
    let desk = desk();
    let csv = desk.path("february/positions.csv");
    let edited = fs::read_to_string(&csv).unwrap().replace(",-2,rejects,", ",-1,doubts,");
    fs::write(desk.path("edited.csv"), edited).unwrap();
    let ran = diff(&csv, &desk.path("edited.csv"), &["--format", "json"]);
    assert_eq!(changes(ran.exits(1)), [("softened".to_string(), "us".to_string(), "nato-membership".to_string())]);
}

/// Changes words of the sheet Matrix, as somebody does who edits the workbook.
fn edit(from: &Path, to: &Path, old: &str, new: &str) {
    repack(from, to, |name, text| {
        if !name.ends_with("sharedStrings.xml") {
            return text;
        }
        assert_eq!(text.matches(old).count(), 1, "{text}");
        text.replace(old, new)
    });
}

/// Writes a workbook again with its parts changed.
fn repack(from: &Path, to: &Path, change: impl Fn(&str, String) -> String) {
    let mut archive = zip::ZipArchive::new(Cursor::new(fs::read(from).unwrap())).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().to_string();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        out.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(change(&name, text).as_bytes()).unwrap();
    }
    fs::write(to, out.finish().unwrap().into_inner()).unwrap();
}

#[test]
fn a_cell_of_a_workbook_changed_by_hand_counts_and_is_told() {
    let desk = desk();
    let (made, edited) = (desk.path("february/positions.xlsx"), desk.path("edited.xlsx"));
    edit(&made, &edited, ">Rejects<", ">Doubts<");
    let ran = diff(&made, &edited, &["--format", "json"]);
    assert_eq!(changes(ran.exits(1)), [("softened".to_string(), "us".to_string(), "nato-membership".to_string())]);
    ran.tells(&["note: ", "was edited", "us on nato-membership"]);
    let own = diff(&made, &made, &["--strict"]);
    own.exits(0);
    assert_eq!(own.err, "");
}

#[test]
fn a_verdict_that_was_not_imported_changes_nothing_and_is_told() {
    let desk = desk();
    let (made, judged) = (desk.path("february/positions.xlsx"), desk.path("judged.xlsx"));
    repack(&made, &judged, |name, text| {
        // Evidence is the fourth sheet, and L its column Verdict; the second row is the first statement.
        let Some(at) = text.find("<c r=\"L2\"").filter(|_| name.ends_with("sheet4.xml")) else { return text };
        let end = at + text[at..].find("/>").unwrap() + 2;
        format!("{}<c r=\"L2\" t=\"inlineStr\"><is><t>reject</t></is></c>{}", &text[..at], &text[end..])
    });
    let ran = diff(&made, &judged, &["--all", "--format", "json"]);
    ran.exits(0).tells(&["was edited", "verdicts on Evidence change nothing here; rows that have one: 1"]);
    assert!(!ran.err.contains("cells of Matrix"), "{}", ran.err);
    for command in ["gaps", "contradictions"] {
        assert_eq!(demarche([command, text(&judged)]).exits(0).out, demarche([command, text(&made)]).exits(0).out);
    }
}

#[test]
fn a_pipe_is_read_from_its_first_byte() {
    let desk = desk();
    let shell = |line: &str| {
        let mut command = Process::new("bash");
        command.args(["-c", line, env!("CARGO_BIN_EXE_demarche")]).current_dir(desk.path("january"));
        command.output().unwrap()
    };
    let direct = demarche(["matrix", text(&desk.path("january.jsonl"))]).exits(0).out.clone();
    let piped = shell("\"$0\" matrix <(cat statements.jsonl)");
    assert_eq!(String::from_utf8_lossy(&piped.stdout), direct, "{}", String::from_utf8_lossy(&piped.stderr));
    for file in ["statements.jsonl", "statements.csv", "positions.csv", "positions.xlsx"] {
        let ran = shell(&format!("\"$0\" diff {file} <(cat {file})"));
        assert_eq!(ran.status.code(), Some(0), "{file}: {}", String::from_utf8_lossy(&ran.stderr));
    }
    let ledger = shell("\"$0\" find --ledger <(cat statements.jsonl)");
    assert!(String::from_utf8_lossy(&ledger.stderr).contains("a pipe or a device"));
    fed(["diff", "-", text(&desk.path("january.jsonl"))], "SQLite format 3\0...").exits(2).tells(&["Name the file"]);
}

#[test]
fn what_cannot_be_compared_is_refused_with_the_reason() {
    let desk = desk();
    let good = desk.path("january.jsonl");
    let zip = fs::read(desk.path("january/positions.xlsx")).unwrap();
    let cases: [(&str, &[u8], &[&str]); 8] = [
        ("empty.csv", b"", &["it is empty", "Readable are"]),
        ("blank.xlsx", b" \n", &["it is empty"]),
        ("cut.xlsx", &zip[..zip.len() / 2], &["no readable .xlsx workbook", "cut.xlsx"]),
        ("columns.csv", b"fruit,price\napple,1\n", &["names parties and topics", "ukraine-talks", "--codebook"]),
        ("half.jsonl", b"{\"id\": \"1\"}\n", &["cannot read the statement", "line 1", "missing field"]),
        ("old.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0], &["old form", ".xlsx"]),
        ("picture.csv", b"\x89PNG\0\0\0\rIHDR\0\0", &["it is no text"]),
        ("base.db", b"SQLite format 3\0....", &["cannot use the ledger", "it is damaged"]),
    ];
    for (name, bytes, told) in cases {
        let file = desk.path(name);
        fs::write(&file, bytes).unwrap();
        let ran = diff(&good, &file, &[]);
        ran.exits(2).tells(&[name, "error: "]).tells(told);
        assert!(ran.out.is_empty(), "{name}");
    }
    diff(&good, &desk.path("nowhere.csv"), &[]).exits(2).tells(&["nowhere.csv"]);
    demarche(["diff", text(&good)]).exits(2).tells(&["NEW"]);
    let dates = ["--from", "2025-02-01", "--to", "2025-01-01"];
    demarche(["diff", text(&good)].into_iter().chain(dates)).exits(2).tells(&["is before"]);
    demarche(["diff", text(&desk.path("january/matrix.csv")), "--from", "2025-01-01"])
        .exits(2)
        .tells(&["statements are needed"]);
    demarche(["diff", "-", "-"]).exits(2).tells(&["standard input"]);
}

#[test]
fn unknown_parties_of_statements_are_told_and_compared() {
    let desk = desk();
    let lines = [said(1, "atlantis", "ceasefire", 1, "2025-01-10", "A Voice")].join("\n");
    let ran = fed(["diff", text(&desk.path("january.jsonl")), "-", "--party", "us"], lines.as_bytes());
    ran.exits(1).tells(&["warning", "party atlantis", "standard input"]);
    assert!(!ran.out.contains("Atlantis") && ran.out.contains("2 went silent"), "{}", ran.out);
}

#[test]
fn forms_for_other_programs() {
    let desk = desk();
    let (old, new) = (desk.path("january/matrix.csv"), desk.path("february/positions.xlsx"));
    let daff = diff(&old, &new, &["--format", "daff"]);
    let rows: Vec<Vec<String>> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(daff.exits(1).out.as_bytes())
        .records()
        .map(|r| r.unwrap().iter().map(String::from).collect())
        .collect();
    assert_eq!(rows[0], ["!", "", "", "+++", "", ""]);
    assert_eq!(rows[1], ["@@", "party", "nato-membership", "peacekeeping-force", "ceasefire", "minerals"]);
    let tag = |party: &str| rows.iter().find(|r| r[1] == party).map(|r| r[0].as_str());
    assert_eq!(
        (tag("ukraine"), tag("russia"), tag("us"), tag("france")),
        (Some("+"), Some("->"), Some("->"), Some("+++"))
    );
    assert!(rows.iter().any(|r| r[2] == "leans yes (1)->rejects (-2)"), "{rows:?}");
    let same = diff(&old, &old, &["--format", "daff"]);
    assert!(same.exits(0).out.lines().nth(1).unwrap().starts_with("...,..."));

    let csv = diff(&old, &new, &["--format", "csv"]);
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(csv.exits(1).out.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), &rows[0][0], &rows[0][8]), (3, "reversed", "-3"));

    let page = diff(&old, &new, &["--format", "markdown"]);
    assert!(
        page.exits(1).out.contains("| reversed | United States | NATO membership | leans yes (+1) → rejects (-2) |")
    );
}

#[test]
fn a_workbook_of_changes_with_the_evidence_behind_each() {
    let desk = desk();
    let (old, new) = (desk.path("january.jsonl"), desk.path("february.jsonl"));
    diff(&old, &new, &["--format", "xlsx"]).exits(2).tells(&["--output"]);
    let made = [desk.path("one.xlsx"), desk.path("two.xlsx")];
    for path in &made {
        diff(&old, &new, &["--format", "xlsx", "-o", text(path)]).exits(1);
    }
    assert_eq!(fs::read(&made[0]).unwrap(), fs::read(&made[1]).unwrap());
    let mut book = demarche::workbook::read::open(fs::read(&made[0]).unwrap()).unwrap();
    assert_eq!(book.sheets(), ["Changes", "Side by side", "Evidence"]);
    let changes = demarche::workbook::read::table(&mut book, "Changes", "Change").unwrap();
    assert_eq!(changes.rows.len(), 3);
    assert_eq!(changes.text(&changes.rows[0], "Before"), "leans yes (1)");
    assert_eq!(changes.text(&changes.rows[0], "Now"), "rejects (-2)");
    assert!(changes.text(&changes.rows[0], "Words now").contains("number 5"));
    let evidence = demarche::workbook::read::table(&mut book, "Evidence", "Change").unwrap();
    assert_eq!(evidence.rows.len(), 5, "two positions before and three now rest on one statement each");
}

#[test]
fn version_control_shows_what_changed_in_a_workbook() {
    let desk = desk();
    let january = demarche(["text", text(&desk.path("january/positions.xlsx"))]);
    assert_eq!(
        january.exits(0).out.lines().nth(1).unwrap(),
        "Ukraine | Ceasefire | demands (2) | ‘Words of Olena Example on ceasefire, number 2’ | Olena Example, 11 Jan 2025, Example Daily"
    );
    let plain = |file: &str| demarche(["text", text(&desk.path("january").join(file))]).out;
    assert_eq!(january.out, plain("statements.jsonl"), "the workbook and its statements read the same");
    let repository = desk.path("repository");
    fs::create_dir(&repository).unwrap();
    let git = |args: &[&str]| -> Option<String> {
        let mut command = Process::new("git");
        command.current_dir(&repository).args(["-c", "user.name=A", "-c", "user.email=a@example.org"]).args(args);
        let output = command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").output().ok()?;
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    if git(&["init", "-q"]).is_none() {
        return; // There is no git here.
    }
    fs::write(repository.join(".gitattributes"), "*.xlsx diff=demarche\n").unwrap();
    fs::copy(desk.path("january/positions.xlsx"), repository.join("positions.xlsx")).unwrap();
    git(&["config", "diff.demarche.textconv", &format!("{} text", env!("CARGO_BIN_EXE_demarche"))]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "January"]);
    fs::copy(desk.path("february/positions.xlsx"), repository.join("positions.xlsx")).unwrap();
    let shown = git(&["diff"]).unwrap();
    for line in
        ["-United States | NATO membership | leans yes (1) |", "+United States | NATO membership | rejects (-2) |"]
    {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    assert!(shown.contains("\n United States | Minerals"), "what did not change is context: {shown}");
}

#[test]
fn a_build_tells_what_changed_since_a_day() {
    let news: [(&str, &[u8]); 2] = [
        ("2025-01-10-a.txt", b"Ukraine rejects a ceasefire, President Volodymyr Zelenskyy said on Friday.\n"),
        ("2025-02-14-b.txt", b"Ukraine wants a ceasefire, President Volodymyr Zelenskyy said on Friday.\n"),
    ];
    let desk = Desk::new(&news);
    desk.build(&["--changes-since", "2025-01-31"]).exits(0);
    let mut book = demarche::workbook::read::open(fs::read(desk.path("out/positions.xlsx")).unwrap()).unwrap();
    let changes = demarche::workbook::read::table(&mut book, "Changes", "Change").unwrap();
    assert_eq!(changes.rows.len(), 1);
    assert_eq!(changes.text(&changes.rows[0], "Change"), "reversed");
    let statements = desk.path("out/statements.jsonl");
    let ran = demarche(["contradictions", text(&statements), "--format", "json"]);
    let whole: Value = serde_json::from_str(&ran.exits(0).out).unwrap();
    let pair = &whole["contradictions"][0];
    assert_eq!(
        (&pair["who"], &pair["opposite"], &pair["days_apart"]),
        (&json!("one speaker"), &json!(true), &json!(35))
    );
    let near = demarche(["contradictions", text(&statements), "--within", "30"]);
    assert!(near.exits(0).out.contains(": 0 pairs"), "{}", near.out);
}

#[test]
fn gaps_read_the_same_from_statements_and_from_the_workbook() {
    let desk = desk();
    let gaps = |file: &str, form: &str| {
        let ran = demarche(["gaps", text(&desk.path("january").join(file)), "--format", form]);
        ran.exits(0);
        ran.out
    };
    for form in ["table", "csv", "json", "markdown"] {
        assert_eq!(gaps("statements.jsonl", form), gaps("positions.xlsx", form), "{form}");
    }
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(gaps("statements.csv", "csv").as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!(
        rows.iter().map(|r| (&r[0], &r[1], &r[2], &r[5])).collect::<Vec<_>>(),
        [("ceasefire", "russia", "ukraine", "4"), ("all", "ukraine", "russia", "4.00"),]
    );
    let table = demarche(["gaps", text(&desk.path("january/matrix.csv"))]);
    table.exits(2).tells(&["statements are needed"]);
}
