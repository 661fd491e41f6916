//! The Evidence sheet as a reviewer changes it: read, changed and written again without the program's own writer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use demarche::base::rows::Value;
use demarche::workbook::read;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use crate::ledger::on;
use crate::run::{Desk, Ran};

/// A sheet of evidence: its columns in order, and its rows.
#[derive(Clone)]
pub(crate) struct Sheet {
    pub(crate) heads: Vec<String>,
    pub(crate) rows: Vec<Vec<Option<Value>>>,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) hidden: Vec<usize>,
}

impl Sheet {
    /// Reads the workbook that the program made.
    pub(crate) fn load(path: &Path) -> Sheet {
        let mut book = read::open(fs::read(path).unwrap()).unwrap();
        let table = read::table_with(&mut book, "Evidence", |n| n.iter().any(|n| n == "Id")).unwrap();
        let value = |row: &demarche::base::rows::Row, column: &u32| row.cells.get(column).cloned();
        let rows = table.rows.iter().map(|row| table.columns.keys().map(|c| value(row, c)).collect()).collect();
        let properties = book.properties().unwrap();
        Sheet { heads: table.columns.into_values().collect(), rows, properties, hidden: Vec::new() }
    }

    pub(crate) fn column(&self, name: &str) -> usize {
        self.heads.iter().position(|h| read::is_named(h, name)).unwrap_or_else(|| panic!("{name} in {:?}", self.heads))
    }

    /// The row of the one statement on a topic.
    #[track_caller]
    pub(crate) fn on_topic(&self, topic: &str) -> usize {
        let rows: Vec<usize> = (0..self.rows.len()).filter(|row| self.text(*row, "Topic") == topic).collect();
        assert_eq!(rows.len(), 1, "{topic}");
        rows[0]
    }

    pub(crate) fn text(&self, row: usize, name: &str) -> String {
        self.rows[row][self.column(name)].as_ref().map(Value::text).unwrap_or_default()
    }

    pub(crate) fn put(&mut self, row: usize, name: &str, value: Value) {
        let column = self.column(name);
        self.rows[row][column] = Some(value);
    }

    pub(crate) fn write(&mut self, row: usize, name: &str, text: &str) {
        self.put(row, name, Value::Text(text.into()));
    }

    /// Adds a row with these values.
    pub(crate) fn own(&mut self, values: &[(&str, &str)]) -> usize {
        self.rows.push(vec![None; self.heads.len()]);
        for (name, text) in values {
            self.write(self.rows.len() - 1, name, text);
        }
        self.rows.len() - 1
    }

    pub(crate) fn save(&self, path: &Path) {
        let mut book = Workbook::new();
        let mut properties = DocProperties::new();
        for (name, value) in &self.properties {
            properties = properties.set_custom_property(name, value.as_str());
        }
        book.set_properties(&properties);
        let day = Format::new().set_num_format("d/m/yy");
        let sheet = book.add_worksheet();
        sheet.set_name("Evidence").unwrap();
        for column in &self.hidden {
            sheet.set_column_hidden(*column as u16).unwrap();
        }
        for (column, head) in (0u16..).zip(&self.heads) {
            sheet.write_string(0, column, head).unwrap();
        }
        for (row, cells) in (1u32..).zip(&self.rows) {
            for (column, value) in (0u16..).zip(cells) {
                match value {
                    None => continue,
                    Some(Value::Number(number)) => sheet.write_number(row, column, *number).unwrap(),
                    Some(Value::Day(d)) => {
                        let date = ExcelDateTime::from_ymd(d.year() as u16, d.month() as u8, d.day() as u8).unwrap();
                        sheet.write_datetime_with_format(row, column, &date, &day).unwrap()
                    }
                    Some(value) => sheet.write_string(row, column, value.text()).unwrap(),
                };
            }
        }
        book.save(path).unwrap();
    }
}

/// Builds the workbook of the desk's ledger into `out`.
pub(crate) fn built(desk: &Desk, at: &str) -> PathBuf {
    let out = desk.path("out").display().to_string();
    on(desk, "build", &["-o", &out, "--now", at]).exits(0);
    desk.path("out/positions.xlsx")
}

/// Saves a sheet and imports it.
pub(crate) fn import(desk: &Desk, sheet: &Sheet, more: &[&str]) -> Ran {
    let path = desk.path("edited.xlsx");
    sheet.save(&path);
    import_file(desk, &path, more)
}

pub(crate) fn import_file(desk: &Desk, path: &Path, more: &[&str]) -> Ran {
    let path = path.display().to_string();
    on(desk, "review", &[&["import", &path], more].concat())
}

/// Tells whether LibreOffice and openpyxl are here, and says so where they are not.
pub(crate) fn has_spreadsheet_program() -> bool {
    let runs =
        |program: &str, args: &[&str]| Command::new(program).args(args).output().is_ok_and(|o| o.status.success());
    let here = runs("soffice", &["--version"]) && runs("python3", &["-c", "import openpyxl"]);
    if !here {
        eprintln!("left out: LibreOffice (soffice) or openpyxl is not here");
    }
    here
}

/// Opens a workbook in LibreOffice and saves it twice, once as an OpenDocument file.
pub(crate) fn resaved(desk: &Desk, workbook: &Path) -> PathBuf {
    let saved = |from: &Path, to: &str| {
        let folder = desk.path("saved");
        let profile = format!("-env:UserInstallation=file://{}", desk.path("profile").display());
        let mut command = Command::new("soffice");
        command.args(["--headless", &profile, "--convert-to", to, "--outdir"]).arg(&folder).arg(from);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        folder.join(from.file_stem().unwrap()).with_extension(to)
    };
    saved(&saved(workbook, "ods"), "xlsx")
}
