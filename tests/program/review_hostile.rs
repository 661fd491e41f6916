//! Workbooks that nobody made in a spreadsheet: each is refused in words, at once, and the ledger stays as it was.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};

use crate::ledger::{FIRST_RUN, SECOND_RUN, add, desk};
use crate::run::{Desk, Ran};
use crate::sheet::{built, import_file};

type Parts = BTreeMap<String, Vec<u8>>;

const EVIDENCE: &str = "xl/worksheets/sheet4.xml";
const STRINGS: &str = "xl/sharedStrings.xml";

pub(crate) fn unpacked(bytes: &[u8]) -> Parts {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Parts::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        parts.insert(file.name().unwrap().to_string(), bytes);
    }
    parts
}

fn packed(parts: &Parts) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn replace(parts: &mut Parts, part: &str, from: &str, to: &str) {
    let text = String::from_utf8(parts[part].clone()).unwrap();
    assert!(text.contains(from), "{part} has no {from}");
    parts.insert(part.to_string(), text.replacen(from, to, 1).into_bytes());
}

/// A ledger and the parts of a workbook made from it.
fn made() -> (Desk, Parts) {
    let desk = desk();
    add(&desk, FIRST_RUN, &[]).exits(0);
    let parts = unpacked(&fs::read(built(&desk, FIRST_RUN)).unwrap());
    (desk, parts)
}

fn imported(desk: &Desk, bytes: &[u8]) -> Ran {
    let path = desk.path("sent.xlsx");
    fs::write(&path, bytes).unwrap();
    let before = fs::read(desk.path("ledger.sqlite")).unwrap();
    let ran = import_file(desk, &path, &["--now", SECOND_RUN]);
    assert!(fs::read(desk.path("ledger.sqlite")).unwrap() == before);
    ran
}

#[test]
fn workbooks_that_lie_are_refused_with_a_reason() {
    let (desk, parts) = made();
    type Edit = fn(&mut Parts);
    let cases: &[(Edit, &str)] = &[
        (
            |p| {
                replace(
                    p,
                    EVIDENCE,
                    "</sheetData>",
                    "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>",
                )
            },
            "more than 1024 columns",
        ),
        (|p| replace(p, EVIDENCE, "t=\"inlineStr\">", "t=\"s\"><v>99999999</v>"), "sheet Evidence cannot be read"),
        (|p| replace(p, STRINGS, "uniqueCount=\"", "uniqueCount = '9999999999999999"), "announces"),
        (
            |p| replace(p, EVIDENCE, "</sheetData>", "<row r=\"4294967295\"></row><row></row></sheetData>"),
            "beyond the last row",
        ),
        (
            |p| replace(p, EVIDENCE, "</sheetData>", "<row><c\nr = 'ZZZZZZZZZZ1'><v>1</v></c></row></sheetData>"),
            "beyond the last row",
        ),
        (|p| replace(p, EVIDENCE, "<sheetData>", "<sheetData><row r=\"A99999999999\"/>"), "beyond the last row"),
        (|p| drop(p.insert("xl/externalLinks/externalLink1.xml".into(), b"<externalLink/>".to_vec())), "other files"),
        (|p| drop(p.remove("[Content_Types].xml")), "not those of an .xlsx workbook"),
        (
            |p| replace(p, "[Content_Types].xml", "spreadsheetml.sheet.main+xml", "wordprocessingml.document.main+xml"),
            "not those of an .xlsx workbook",
        ),
        (|p| drop(p.remove("xl/workbook.xml")), "no sheet named Evidence"),
        (|p| drop(p.remove(EVIDENCE)), "Evidence"),
        (|p| replace(p, "xl/workbook.xml", "name=\"Evidence\"", "name=\"Proofs\""), "no sheet named Evidence"),
        (|p| drop(p.insert("xl/media/image1.png".into(), vec![0; 300 << 20])), "zip bomb"),
        (|p| drop(p.insert("xl/media/image1.png".into(), vec![0; 60 << 20])), "zip bomb"),
        (
            |p| {
                for n in 0..20 {
                    p.insert(format!("xl/media/image{n}.png"), vec![0; 15 << 20]);
                }
            },
            "bytes when unpacked",
        ),
    ];
    for (edit, why) in cases {
        let mut parts = parts.clone();
        edit(&mut parts);
        imported(&desk, &packed(&parts)).exits(2).tells(&["cannot read the workbook", why, "hint: "]);
    }
    let whole = packed(&parts);
    imported(&desk, &whole).exits(0).tells(&["nothing new"]);
    for bytes in [&whole[..whole.len() / 2], b"", b"Verdict,Id\r\n"] {
        imported(&desk, bytes).exits(2).tells(&["cannot read the workbook", "hint: "]);
    }
    import_file(&desk, &desk.path("news"), &[]).exits(2).tells(&["cannot read the workbook", "hint: "]);
}

#[test]
fn a_million_empty_rows_are_passed_over() {
    let (desk, mut parts) = made();
    let rows: String = (4..=1_048_576).map(|n| format!("<row r=\"{n}\"/>")).collect();
    replace(&mut parts, EVIDENCE, "</sheetData>", &(rows + "</sheetData>"));
    imported(&desk, &packed(&parts)).exits(0).tells(&["nothing new"]);
}

#[test]
fn entities_that_multiply_do_nothing() {
    let (desk, mut parts) = made();
    let bomb = "<!DOCTYPE sst [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><sst";
    replace(&mut parts, STRINGS, "<sst", bomb);
    replace(&mut parts, STRINGS, "<t>", "<t>&b;");
    let ran = imported(&desk, &packed(&parts));
    assert!(matches!(ran.code, Some(0 | 2)) && !ran.err.contains("panicked"), "{}", ran.err);
}
