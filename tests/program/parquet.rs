//! Parquet files: those of other programs are read, ours hold what the CSV files hold, and what is broken is told.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::sync::Arc;

use parquet::basic::{Compression, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::Field;
use parquet::schema::types::Type;

use crate::run::{Desk, PLAIN, demarche};
use crate::ways::{Dice, fixture, lent, two_hundred};

/// A file of one column `text` that says the same in every row, in its dictionary only once.
fn repeated(text: &str, rows: usize) -> Vec<u8> {
    let column = Type::primitive_type_builder("text", Physical::BYTE_ARRAY);
    let column = column.with_repetition(Repetition::REQUIRED).build().unwrap();
    let schema = Type::group_type_builder("table").with_fields(vec![Arc::new(column)]).build().unwrap();
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut file = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).unwrap();
    let mut group = file.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let values = vec![ByteArray::from(text); rows];
    column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    file.into_inner().unwrap()
}

#[track_caller]
fn refused(bytes: &[u8], why: &str) {
    let desk = Desk::new(&[("bad.parquet", bytes), ("good.txt", PLAIN.as_bytes())]);
    let files = ["bad.parquet", "good.txt"].map(|name| desk.path("news").join(name).display().to_string());
    let ran = demarche(["build", &files[0], &files[1], "-o", &desk.path("out").display().to_string()]);
    ran.exits(2).tells(&["cannot read the row", "bad.parquet", why, "hint: Make the file anew"]);
    assert!(desk.rows("statements.csv").iter().any(|row| row["doc"] == "good.txt"));
}

#[test]
fn what_cannot_be_read_is_told() {
    let whole = fixture("pandas.parquet");
    refused(b"", "EOF");
    refused(b"PAR1", "EOF");
    refused(&whole[..whole.len() / 2], "Corrupt footer");
    refused(&fixture("talks.csv"), "Corrupt footer");
    refused(&fixture("pandas-brotli.parquet"), "it is packed with BROTLI, which is not read");
}

#[test]
fn a_file_that_unpacks_beyond_all_measure_is_stopped() {
    let text = format!("{PLAIN}{}", "The envoys met again. ".repeat(20_000));
    refused(&repeated(&text, 4_000), "more than 200 times its size");
}

#[test]
fn an_archive_may_hold_tables_of_it() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("2025/talks.parquet", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(&fixture("polars.parquet")).unwrap();
    let desk = Desk::new(&[("all.zip", &zip.finish().unwrap().into_inner())]);
    desk.build(&[]).exits(0);
    let rows = desk.rows("statements.csv");
    assert!(
        !rows.is_empty() && rows.iter().all(|row| row["doc"].starts_with("all.zip/2025/talks.parquet#a-")),
        "{rows:?}"
    );
}

#[test]
fn damaged_files_become_documents_or_a_problem() {
    let mut dice = Dice(23);
    for name in ["pandas.parquet", "polars.parquet"] {
        let files = two_hundred(name, &mut dice);
        let mut documents = lent(&files);
        documents.push(("good.txt", PLAIN.as_bytes()));
        let desk = Desk::new(&documents);
        let news = desk.path("news");
        let mut args = vec!["build".to_string(), "-o".to_string(), desk.path("out").display().to_string()];
        args.extend(["*.parquet", "good.txt"].map(|name| news.join(name).display().to_string()));
        let ran = demarche(&args);
        assert!(!ran.err.contains("panicked") && matches!(ran.code, Some(0 | 2)), "{}", ran.err);
        let read = fs::read_to_string(desk.path("out/statements.csv")).unwrap();
        assert!(read.contains("good.txt"));
        // Of each file a document was read, or it is told of.
        let untold = files.iter().filter(|(name, _)| !ran.err.contains(name.as_str()) && !read.contains(name.as_str()));
        let untold: Vec<&String> = untold.map(|(name, _)| name).collect();
        assert!(untold.is_empty(), "{untold:?}\n{}", ran.err);
    }
}

/// The rows of a Parquet file, each value as CSV has it.
fn rows(path: &std::path::Path) -> Vec<BTreeMap<String, String>> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let text = |field: &Field| match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Date(days) => {
            jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(*days)).unwrap().to_string()
        }
        Field::Bool(yes) => yes.to_string(),
        Field::Double(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let row = |row: parquet::record::Row| row.get_column_iter().map(|(n, f)| (n.clone(), text(f))).collect();
    reader.get_row_iter(None).unwrap().map(Result::unwrap).map(row).collect()
}

#[test]
fn the_files_hold_what_the_csv_files_hold() {
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    desk.build(&[]).exits(0);
    let lines = desk.path("out/statements.jsonl").display().to_string();
    for table in ["statements", "positions"] {
        let file = desk.path(&format!("{table}.parquet"));
        demarche(["export", "parquet", &lines, "--table", table, "-o", &file.display().to_string()]).exits(0);
        let (ours, wanted) = (rows(&file), desk.rows(&format!("{table}.csv")));
        assert_eq!(ours.len(), wanted.len());
        assert!(!ours.is_empty());
        for (row, wanted) in ours.iter().zip(&wanted) {
            for (column, value) in row {
                let plain = wanted[column].replace("yes", "true").replace("no", "false");
                let number = |text: &str| text.parse::<f64>().ok();
                let same = *value == wanted[column]
                    || *value == plain
                    || number(value).is_some_and(|n| number(&plain) == Some(n));
                assert!(same, "{table}, {column}: {value:?}, not {:?}", wanted[column]);
            }
        }
        let again = fs::read(&file).unwrap();
        demarche(["export", "parquet", &lines, "--table", table, "-o", &file.display().to_string()]).exits(0);
        assert_eq!(fs::read(&file).unwrap(), again);
    }
    demarche(["export", "markdown", &lines, "--table", "positions"]).exits(2).tells(&["--table", "it is for parquet"]);
}
