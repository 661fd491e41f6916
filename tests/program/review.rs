//! Review in the spreadsheet: verdicts of the Evidence sheet go into the ledger and win over the machine, and nothing else does.

use std::fs;
use std::process::Command;

use demarche::base::rows::Value;

use crate::ledger::{FIRST_RUN, SECOND_RUN, add, desk, number, on};
use crate::run::{Desk, demarche};
use crate::sheet::{Sheet, built, has_spreadsheet_program, import, import_file, resaved};

const THIRD_RUN: &str = "2025-03-02T08:00:00Z";

/// A ledger of two documents, and the sheet that a build makes of it.
fn reviewed() -> (Desk, Sheet) {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let sheet = Sheet::load(&built(&desk, FIRST_RUN));
    (desk, sheet)
}

fn positions(desk: &Desk) -> String {
    on(desk, "matrix", &["--format", "positions"]).exits(0).out.clone()
}

fn topics(sheet: &Sheet) -> (usize, usize) {
    let of = |party: &str| (0..sheet.rows.len()).find(|row| sheet.text(*row, "Party") == party).unwrap();
    (of("Ukraine"), of("Russia"))
}

#[test]
fn verdicts_win_over_the_machine_and_a_second_import_changes_nothing() {
    let (desk, mut sheet) = reviewed();
    let (nato, truce) = topics(&sheet);
    sheet.write(nato, "Verdict", "accept");
    sheet.write(truce, "Verdict", "correct");
    sheet.write(truce, "Corrected party", "united states");
    sheet.write(truce, "Corrected stance", "-1 ");
    sheet.write(truce, "Corrected condition", "if nobody objects");
    sheet.put(truce, "Corrected date", Value::Day("2025-01-30".parse().unwrap()));
    sheet.write(truce, "Note", "he spoke of Washington");
    let now = ["--now", SECOND_RUN, "--reviewer", "R. Eader"];
    import(&desk, &sheet, &now).exits(0).tells(&["2 verdicts taken (1 accept, 1 correct)", "written to"]);
    let found = positions(&desk);
    assert!(found.contains("us,ceasefire") && found.contains("1 corrected") && found.contains("1 accepted"), "{found}");
    assert!(!found.contains("russia,ceasefire"), "{found}");
    let statements = on(&desk, "find", &["--party", "us", "--format", "jsonl"]).exits(0).out.clone();
    for part in ["\"stance\":-1", "if nobody objects", "\"stated_on\":\"2025-01-30\"", "\"review\":\"correct\""] {
        assert!(statements.contains(part), "{part}: {statements}");
    }
    let before = fs::read(desk.path("ledger.sqlite")).unwrap();
    let later = ["--now", THIRD_RUN, "--reviewer", "R. Eader"];
    import(&desk, &sheet, &later).exits(0).tells(&["0 verdicts taken, 2 were there already", "nothing new"]);
    assert!(fs::read(desk.path("ledger.sqlite")).unwrap() == before);
    // The next workbook tells what was said, and has room for the next verdict.
    let next = Sheet::load(&built(&desk, THIRD_RUN));
    let (accepted, _) =
        (0..next.rows.len()).map(|row| (row, next.text(row, "Party"))).find(|r| r.1 == "Ukraine").unwrap();
    assert_eq!(next.text(accepted, "Verdict"), "");
    assert_eq!(next.text(accepted, "Reviewed so far"), "accept by R. Eader, 2025-03-01");
    import(&desk, &next, &["--now", THIRD_RUN]).exits(0).tells(&["0 verdicts taken, 0 were there already"]);
    import(&desk, &sheet, &later).exits(0).tells(&["nothing new"]);
}

#[test]
fn columns_and_rows_may_stand_in_any_order() {
    let (desk, mut sheet) = reviewed();
    let (nato, truce) = topics(&sheet);
    sheet.write(nato, "Verdict", " Reject");
    sheet.write(truce, "Verdict", "CORRECT");
    sheet.write(truce, "Corrected stance", "+1");
    sheet.write(truce, "Corrected date", "30 January 2025");
    sheet.heads.reverse();
    sheet.rows.iter_mut().for_each(|row| row.reverse());
    sheet.rows.reverse();
    sheet.heads.insert(3, "What Anna thinks".into());
    for row in &mut sheet.rows {
        row.insert(3, Some(Value::Text("hm".into())));
    }
    sheet.hidden = vec![0, 5];
    let unused = sheet.column("Context");
    sheet.heads.remove(unused);
    sheet.rows.iter_mut().for_each(|row| drop(row.remove(unused)));
    sheet.rows.push(vec![None; sheet.heads.len()]);
    sheet.rows.last_mut().unwrap()[3] = Some(Value::Text("twelve in all".into()));
    import(&desk, &sheet, &["--now", SECOND_RUN]).exits(0).tells(&["2 verdicts taken (1 reject, 1 correct)"]);
    let found = on(&desk, "find", &["--format", "csv"]).exits(0).out.clone();
    assert!(found.contains(",1,,") || found.contains("2025-01-30"), "{found}");
    assert!(!positions(&desk).contains("nato-membership"));
}

#[test]
fn every_refusal_names_sheet_row_and_column_and_takes_nothing() {
    let (desk, sheet) = reviewed();
    let (nato, truce) = topics(&sheet);
    let before = fs::read(desk.path("ledger.sqlite")).unwrap();
    let refused = |mut edited: Sheet, column: &str, why: &str| {
        // A sound verdict beside it is not taken either.
        if edited.text(truce, "Id") == sheet.text(truce, "Id") && edited.text(truce, "Verdict").is_empty() {
            edited.write(truce, "Verdict", "reject");
        }
        let ran = import(&desk, &edited, &["--now", SECOND_RUN]);
        ran.exits(2).tells(&["sheet Evidence, row ", &format!("({column})"), why, "hint: ", "nothing was taken"]);
        assert!(fs::read(desk.path("ledger.sqlite")).unwrap() == before, "{why}");
    };
    // What is written into a row, the column that is named, and why.
    type Case<'c> = (&'c [(&'c str, &'c str)], &'c str, &'c str);
    let stored: [Case<'_>; 27] = [
        (&[("Verdict", "maybe")], "Verdict", "\"maybe\" is no verdict"),
        (&[("Verdict", "add")], "Verdict", "there already"),
        (&[("Verdict", "correct")], "Verdict", "without a corrected value"),
        (&[("Corrected party", "Russia")], "Corrected party", "without a verdict"),
        (&[("Verdict", "accept"), ("Corrected stance", "1")], "Corrected stance", "verdict accept"),
        (&[("Verdict", "correct"), ("Corrected party", "Atlantis")], "Corrected party", "\"Atlantis\" is no party"),
        (&[("Verdict", "correct"), ("Corrected topic", "weather")], "Corrected topic", "\"weather\" is no topic"),
        (&[("Verdict", "correct"), ("Corrected stance", "3")], "Corrected stance", "\"3\" is no stance"),
        (&[("Verdict", "correct"), ("Corrected date", "03/04/2025")], "Corrected date", "one way only"),
        (&[("Id", "0123456789abcdef")], "Id", "no statement of the ledger"),
        (&[("Party", "Russia")], "Party", "was changed"),
        (&[("Topic", "Ceasefire")], "Topic", "was changed"),
        (&[("Quote", "other words")], "Quote", "not the one of this row's id"),
        (&[("Condition", "if so")], "Condition", "was changed"),
        (&[("Speaker", "Somebody")], "Speaker", "was changed"),
        (&[("Day", "2025-01-01")], "Day", "was changed"),
        (&[("Position", "rejects"), ("Verdict", "accept")], "Position", "Corrected stance"),
        (&[("Position", "hm")], "Position", "was changed"),
        (&[("Stated on", "2025-02-11"), ("Verdict", "accept")], "Stated on", "Corrected date"),
        (&[("Published", "2025-02-01")], "Published", "was changed"),
        (&[("Outlet", "Another Daily")], "Outlet", "was changed"),
        (&[("Role", "expert")], "Role", "was changed"),
        (&[("Secondhand", "yes")], "Secondhand", "was changed"),
        (&[("Joint", "yes")], "Joint", "was changed"),
        (&[("Mode", "narrated")], "Mode", "was changed"),
        (&[("Counts", "no")], "Counts", "verdict reject"),
        (&[("Counts", "rejected")], "Counts", "was changed"),
    ];
    for (cells, column, why) in stored {
        let mut edited = sheet.clone();
        cells.iter().for_each(|(name, text)| edited.write(nato, name, text));
        refused(edited, column, why);
    }
    const CLAIM: [(&str, &str); 3] = [("Party", "Poland"), ("Topic", "nato-membership"), ("Stance", "1")];
    let quote = |doc, words| [("Quote", words), ("Document", doc)];
    type Own<'c> = (Vec<(&'c str, &'c str)>, &'c str, &'c str);
    let kept = |more: (&'static str, &'static str)| [&CLAIM[..], &quote("a.txt", "join NATO"), &[more]].concat();
    let own: [Own<'_>; 9] = [
        ([&[("Verdict", "accept")][..], &quote("a.txt", "join NATO")].concat(), "Verdict", "without an Id"),
        (quote("a.txt", "join NATO").to_vec(), "Party", "without party"),
        ([&CLAIM[..], &quote("a.txt", "never said")].concat(), "Quote", "not in a.txt"),
        ([&CLAIM[..], &quote("z.txt", "join NATO")].concat(), "Document", "no document \"z.txt\""),
        (
            [&CLAIM[..], &[("Corrected party", "Russia")], &quote("a.txt", "join NATO")].concat(),
            "Corrected party",
            "Poland",
        ),
        (kept(("Position", "rejects")), "Position", "says \"rejects\" and Stance 1"),
        (kept(("Secondhand", "yes")), "Secondhand", "cannot be kept"),
        (kept(("Joint", "yes")), "Joint", "cannot be kept"),
        (kept(("Role", "expert")), "Role", "cannot be kept"),
    ];
    for (cells, column, why) in own {
        let mut edited = sheet.clone();
        edited.own(&cells);
        refused(edited, column, why);
    }
    type Edit = fn(&mut Sheet, usize, usize);
    let others: [(Edit, &str, &str); 4] = [
        (
            |s, n, _| {
                s.write(n, "Verdict", "correct");
                s.put(n, "Corrected stance", Value::Number(0.5))
            },
            "Corrected stance",
            "no stance",
        ),
        (|s, n, _| s.put(n, "Stance", Value::Number(-2.0)), "Stance", "was changed"),
        // Ids sorted apart from their rows.
        (
            |s, n, t| {
                let (a, b) = (s.text(n, "Id"), s.text(t, "Id"));
                s.write(n, "Id", &b);
                s.write(t, "Id", &a)
            },
            "Document",
            "id of this row",
        ),
        (
            |s, n, _| {
                s.write(n, "Verdict", "accept");
                let again = s.rows[n].clone();
                s.rows.push(again)
            },
            "Verdict",
            "a second verdict",
        ),
    ];
    for (edit, column, why) in others {
        let mut edited = sheet.clone();
        edit(&mut edited, nato, truce);
        refused(edited, column, why);
    }
    let row = format!("row {}", nato + 2);
    let mut edited = sheet.clone();
    edited.write(nato, "Verdict", "maybe");
    import(&desk, &edited, &[]).exits(2).tells(&[&row, "column L (Verdict)"]);
    for name in ["Id", "Verdict", "Quote", "Corrected stance", "Corrected date", "Note", "Reviewer"] {
        let mut edited = sheet.clone();
        let column = edited.column(name);
        edited.heads[column] = "Other".into();
        import(&desk, &edited, &[]).exits(2).tells(&[&format!("no column named {name}")]);
    }
    let mut twice = sheet.clone();
    let context = twice.column("Context");
    twice.heads[context] = "Verdict".into();
    import(&desk, &twice, &[]).exits(2).tells(&["two columns are named Verdict: L and "]);
}

#[test]
fn what_spreadsheets_do_to_white_columns_on_saving_is_no_change() {
    let (desk, mut sheet) = reviewed();
    let (nato, truce) = topics(&sheet);
    sheet.put(nato, "Published", Value::Number(45701.0));
    sheet.write(truce, "Published", "14 February 2025");
    sheet.put(truce, "Day", Value::Number(45702.0));
    sheet.write(nato, "Stance", "2.0");
    sheet.write(nato, "Outlet", "Example Daily ");
    sheet.write(nato, "Secondhand", "No");
    sheet.write(nato, "Verdict", "accept");
    import(&desk, &sheet, &["--now", SECOND_RUN]).exits(0).tells(&["1 verdicts taken (1 accept)"]);
}

#[test]
fn partial_takes_the_sound_rows_and_lists_the_others() {
    let (desk, mut sheet) = reviewed();
    let (nato, truce) = topics(&sheet);
    sheet.write(nato, "Verdict", "maybe");
    sheet.write(truce, "Verdict", "reject");
    let ran = import(&desk, &sheet, &["--partial", "--now", SECOND_RUN]);
    ran.exits(2).tells(&["the row was left out", "\"maybe\"", "1 verdicts taken (1 reject)", "1 rows left out"]);
    assert!(!positions(&desk).contains("russia,ceasefire"));
    assert!(positions(&desk).contains("ukraine,nato-membership"));
}

#[test]
fn a_statement_of_ones_own_counts_and_can_be_judged() {
    let (desk, mut sheet) = reviewed();
    sheet.own(&[
        ("Corrected party", "Poland"),
        ("Topic", "nato-membership"),
        ("Stance", "-1"),
        // Copied from a page with other white space.
        ("Quote", " join \n NATO"),
        ("Document", "a.txt"),
        ("Speaker", "A Delegate"),
        ("Reviewer", "Anna Berg"),
    ]);
    import(&desk, &sheet, &["--now", SECOND_RUN]).exits(0).tells(&["1 verdicts taken (1 add)"]);
    import(&desk, &sheet, &["--now", THIRD_RUN]).exits(0).tells(&["nothing new"]);
    assert!(positions(&desk).contains("poland,nato-membership"));
    let mut next = Sheet::load(&built(&desk, THIRD_RUN));
    let own = (0..next.rows.len()).find(|row| next.text(*row, "Party") == "Poland").unwrap();
    assert_eq!(next.text(own, "Quote"), "join NATO");
    assert_eq!(next.text(own, "Reviewed so far"), "add by Anna Berg, 2025-03-01");
    next.write(own, "Verdict", "reject");
    import(&desk, &next, &["--now", THIRD_RUN]).exits(0).tells(&["1 verdicts taken (1 reject)"]);
    assert!(!positions(&desk).contains("poland,nato-membership"));
    // The first file again does not bring it back.
    import(&desk, &sheet, &["--now", THIRD_RUN]).exits(0).tells(&["nothing new"]);
    assert!(!positions(&desk).contains("poland,nato-membership"));
}

#[test]
fn of_several_reviewers_the_later_holds_and_conflicts_are_listed() {
    let (desk, sheet) = reviewed();
    let (nato, truce) = topics(&sheet);
    let (mut anna, mut ben) = (sheet.clone(), sheet.clone());
    anna.write(truce, "Verdict", "accept");
    anna.write(nato, "Verdict", "accept");
    ben.write(truce, "Verdict", "reject");
    ben.write(nato, "Verdict", "accept");
    let by = |name: &'static str| ["--reviewer", name, "--now", SECOND_RUN];
    import(&desk, &anna, &by("Anna")).exits(0);
    import(&desk, &ben, &by("Ben")).exits(0).tells(&["2 verdicts taken"]);
    assert!(!positions(&desk).contains("russia,ceasefire"));
    import(&desk, &anna, &by("Anna")).exits(0).tells(&["nothing new"]);
    assert!(!positions(&desk).contains("russia,ceasefire"), "a file read again does not outvote what came after it");
    let told = on(&desk, "review", &["agreement"]).exits(0).out.clone();
    for part in ["Anna and Ben", "2 statements, 1 the same", "Conflicts: 1", "Ben: reject   <- holds"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // In a workbook that shows Ben's verdict, Anna's is a new one.
    let mut next = Sheet::load(&built(&desk, THIRD_RUN));
    let row = next.on_topic(&sheet.text(truce, "Topic"));
    assert_eq!(next.text(row, "Counts"), "rejected");
    next.write(row, "Verdict", "accept");
    import(&desk, &next, &["--reviewer", "Anna", "--now", THIRD_RUN]).exits(0).tells(&["1 verdicts taken (1 accept)"]);
    assert!(positions(&desk).contains("russia,ceasefire"));
    let status = on(&desk, "review", &["status"]).exits(0).out.clone();
    assert!(status.contains("2 reviewed, 0 not") && status.contains("3 verdicts were replaced"), "{status}");
}

#[test]
fn accepting_what_another_corrected_keeps_the_correction() {
    let (desk, mut sheet) = reviewed();
    let (_, truce) = topics(&sheet);
    sheet.write(truce, "Verdict", "correct");
    sheet.write(truce, "Corrected stance", "2");
    import(&desk, &sheet, &["--reviewer", "Anna", "--now", SECOND_RUN]).exits(0);
    let mut next = Sheet::load(&built(&desk, THIRD_RUN));
    let row = next.on_topic(&sheet.text(truce, "Topic"));
    assert_eq!(next.text(row, "Stance"), "2");
    next.write(row, "Verdict", "accept");
    import(&desk, &next, &["--reviewer", "Ben", "--now", THIRD_RUN]).exits(0).tells(&["1 accept"]);
    let found = on(&desk, "find", &["ceasefire", "--format", "jsonl"]).exits(0).out.clone();
    assert!(found.contains("\"stance\":2") && found.contains("\"review\":\"accept\""), "{found}");
}

#[test]
fn a_workbook_read_back_keeps_the_verdicts_of_its_ledger() {
    let (desk, mut sheet) = reviewed();
    let (nato, truce) = topics(&sheet);
    sheet.write(nato, "Verdict", "reject");
    sheet.write(truce, "Verdict", "correct");
    sheet.write(truce, "Corrected stance", "-1");
    sheet.write(truce, "Corrected condition", "if nobody objects");
    import(&desk, &sheet, &["--reviewer", "Anna", "--now", SECOND_RUN]).exits(0).tells(&["2 verdicts taken"]);
    let workbook = built(&desk, THIRD_RUN).display().to_string();
    let ledger = desk.path("ledger.sqlite").display().to_string();
    demarche(["diff", &workbook, &ledger]).exits(0);
    demarche(["diff", &ledger, &workbook]).exits(0);
    // Positions of other days are made of the statements alone, and a rejected one counts on none of them.
    let since = |file: &str| {
        demarche(["diff", file, "--from", "2025-02-01", "--to", "2025-03-01", "--format", "csv"]).exits(1).out.clone()
    };
    let found = since(&workbook);
    assert_eq!(found, since(&ledger));
    assert!(found.contains("ceasefire") && !found.contains("nato-membership"), "{found}");
    for command in ["text", "gaps", "contradictions"] {
        let told = |file: &str| demarche([command, file]).exits(0).out.clone();
        assert_eq!(told(&workbook), told(&ledger), "{command}");
    }
}

#[test]
fn a_workbook_of_another_ledger_is_refused() {
    let (desk, mut sheet) = reviewed();
    let (nato, _) = topics(&sheet);
    sheet.write(nato, "Verdict", "accept");
    let other = crate::ledger::desk();
    add(&other, SECOND_RUN, &[]).exits(0);
    import(&other, &sheet, &[]).exits(2).tells(&["cannot take the workbook", "made from the ledger", "--ledger"]);
    let mut later = sheet.clone();
    later.properties.insert("demarche.ledger_run".into(), "99".into());
    import(&desk, &later, &[]).exits(2).tells(&["after run 99", "earlier copy"]);
    // One made without a ledger names its statements all the same.
    let plain = desk.path("plain");
    desk.build_into(&plain, &[]).exits(0);
    let mut sheet = Sheet::load(&plain.join("positions.xlsx"));
    assert!(!sheet.properties.contains_key("demarche.ledger"));
    sheet.write(nato, "Verdict", "accept");
    import(&desk, &sheet, &["--now", SECOND_RUN]).exits(0).tells(&["1 verdicts taken"]);
    demarche(["review", "import", "nowhere.xlsx", "--ledger", desk.path("ledger.sqlite").to_str().unwrap()])
        .exits(2)
        .tells(&["cannot read the workbook", "nowhere.xlsx", "hint: "]);
}

#[test]
fn status_and_export_tell_all_reviews() {
    let (desk, mut sheet) = reviewed();
    let (nato, truce) = topics(&sheet);
    on(&desk, "review", &["status"]).exits(0);
    sheet.write(nato, "Verdict", "accept");
    sheet.write(truce, "Note", "to be asked");
    sheet.own(&[("Note", "ask about the third round")]);
    let ran = import(&desk, &sheet, &["--reviewer", "Anna", "--now", SECOND_RUN]);
    ran.exits(0).tells(&["note: the row says nothing yet", "(Note)", "a note in a row without a statement"]);
    let status = on(&desk, "review", &["status"]).exits(0).out.clone();
    for part in ["2 statements: 1 reviewed, 1 not", "accept", "Anna"] {
        assert!(status.contains(part), "{part}: {status}");
    }
    let csv = on(&desk, "review", &["export"]).exits(0).out.clone();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0][0], &rows[0][1], &rows[0][7], &rows[0][17]), ("accept", "holds", "ukraine", "Anna"));
    let lines = on(&desk, "review", &["export", "--format", "jsonl"]).exits(0).out.clone();
    let value: serde_json::Value = serde_json::from_str(lines.trim()).unwrap();
    assert_eq!(value["seen_stance"], serde_json::json!(2));
    assert_eq!(value["party"], serde_json::Value::Null);
    // When its statement goes, the review is told as lost.
    crate::ledger::change(&desk, "UPDATE review SET statement_id = 'ffff', start = 9000, \"end\" = 9001");
    let status = on(&desk, "review", &["status"]).exits(0).out.clone();
    assert!(status.contains("1 verdicts lost their statement") && status.contains("accept of ukraine"), "{status}");
    assert_eq!(number(&desk, "SELECT count(*) FROM review"), 1);
}

#[test]
fn corrections_that_come_again_become_lines_for_the_codebook() {
    let texts = [
        "Ukraine wants the grain corridor to stay, the envoy Jan Brook said.\n",
        "\"Nobody should touch the grain corridor,\" the envoy Jan Brook said on Friday.\n",
        "Russia rejects a ceasefire, Foreign Minister Sergey Lavrov said on Monday.\n",
        "Russia rejects a ceasefire in the film, Foreign Minister Sergey Lavrov said on Tuesday.\n",
        "Russia will reject a ceasefire, Foreign Minister Sergey Lavrov said on Sunday.\n",
    ];
    let names = ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"];
    let documents: Vec<(&str, &[u8])> = names.into_iter().zip(texts.iter().map(|t| t.as_bytes())).collect();
    let desk = Desk::new(&documents);
    add(&desk, FIRST_RUN, &[]).exits(0);
    assert!(on(&desk, "codebook", &["suggest"]).exits(0).out.contains("No correction"));
    let mut sheet = Sheet::load(&built(&desk, FIRST_RUN));
    for row in 0..sheet.rows.len() {
        if sheet.text(row, "Party") == "Russia" {
            sheet.write(row, "Verdict", "reject");
        }
    }
    for doc in ["a.txt", "b.txt"] {
        let own = [("Party", "Turkey"), ("Topic", "sanctions"), ("Stance", "1"), ("Quote", "the grain corridor")];
        sheet.own(&[&own[..], &[("Document", doc), ("Speaker", "Jan Brook")]].concat());
    }
    import(&desk, &sheet, &["--now", SECOND_RUN]).exits(0).tells(&["3 reject, 2 add"]);
    let before = fs::read(desk.path("ledger.sqlite")).unwrap();
    let told = on(&desk, "codebook", &["suggest"]).exits(0).out.clone();
    for part in [
        "ignore = [\"",
        "a ceasefire",
        "for = [\"grain corridor\"]",
        "topic sanctions",
        "Jan Brook,,they",
        "Jan Brook,turkey,official",
    ] {
        assert!(told.contains(part), "{part}:\n{told}");
    }
    assert!(fs::read(desk.path("ledger.sqlite")).unwrap() == before);
}

/// Changes the workbook of the seeds with openpyxl, as somebody with a spreadsheet would.
const EDIT: &str = r#"
import sys, datetime, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
sheet = book["Evidence"]
heads = {c.value.split(":")[0]: c.column for c in sheet[1] if c.value}
rows = [r for r in range(2, sheet.max_row + 1) if sheet.cell(r, heads["Counts"]).value == "yes"]
def put(row, name, value):
    sheet.cell(row, heads[name], value)
put(rows[0], "Verdict", "reject")
put(rows[1], "Verdict", "correct"); put(rows[1], "Corrected stance", "+1"); put(rows[1], "Corrected party", "Brazil")
put(rows[2], "Verdict", "correct"); put(rows[2], "Corrected date", datetime.date(2025, 1, 2))
for row in rows[:3]:
    put(row, "Reviewer", "Anna Berg")
    print(sheet.cell(row, heads["Id"]).value)
book.save(sys.argv[2])
"#;

#[test]
fn the_seeds_reviewed_in_a_spreadsheet_program_stay_corrected() {
    if !has_spreadsheet_program() {
        return;
    }
    let desk = Desk::new(&[]);
    let out = desk.path("out").display().to_string();
    let build = |at: &str| on(&desk, "build", &["seeds", "-o", &out, "--now", at]);
    build(FIRST_RUN).exits(0);
    let (made, edited) = (desk.path("out/positions.xlsx"), desk.path("edited.xlsx"));
    let python = Command::new("python3").args(["-c", EDIT]).args([&made, &edited]).output().unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let ids: Vec<String> = String::from_utf8(python.stdout).unwrap().lines().map(String::from).collect();
    let xlsx = resaved(&desk, &edited);
    import_file(&desk, &xlsx, &["--now", SECOND_RUN]).exits(0).tells(&["3 verdicts taken (1 reject, 2 correct)"]);
    import_file(&desk, &xlsx, &["--now", THIRD_RUN]).exits(0).tells(&["3 were there already", "nothing new"]);
    build(THIRD_RUN).exits(0);
    let rows = desk.rows("statements.csv");
    let of = |id: &str| rows.iter().find(|r| r["id"] == id).unwrap();
    assert_eq!(of(&ids[0])["review"], "reject");
    let corrected = of(&ids[1]);
    assert_eq!((corrected["party"].as_str(), corrected["stance"].as_str()), ("brazil", "1"));
    assert_eq!(of(&ids[2])["stated_on"], "2025-01-02");
    assert!(desk.rows("positions.csv").iter().any(|r| r["party"] == "brazil" && r["reviewed"] == "1 corrected"));
    assert!(desk.rows("positions.csv").iter().all(|r| !r["statement_ids"].contains(&ids[0])));
}
