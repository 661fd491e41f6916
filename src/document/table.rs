//! Tables of documents, CSV or a spreadsheet: one document a row, its parts by the names of the columns.
//!
//! Columns are what the caller says they are, else what their names say plainly. Rows are read one at a time, so that a table may be
//! longer than memory; a row at fault is told with its number, and the others count.

use std::collections::BTreeMap;
use std::io::Read;
use std::str::FromStr;

use super::decode::unix_lines;
use super::facts::Facts;
use super::front::{self, Field};
use super::load::{ReadOptions, english};
use super::model::Document;
use super::sources::Given;
use crate::base::rows::{Book, Error, Limits, Row, Value};
use crate::base::{Problem, date, limits};

/// What a column of a table of documents holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Text,
    Id,
    Title,
    Published,
    Outlet,
    Author,
    Url,
}

/// The parts by the names that [`Columns`] takes; the first of each is its own.
const PARTS: [(&str, Part); 11] = [
    ("text", Part::Text),
    ("published", Part::Published),
    ("outlet", Part::Outlet),
    ("title", Part::Title),
    ("url", Part::Url),
    ("author", Part::Author),
    ("id", Part::Id),
    ("body", Part::Text),
    ("date", Part::Published),
    ("source", Part::Outlet),
    ("publisher", Part::Outlet),
];

/// Names of columns that plainly hold the text, the plainest first.
const TEXTS: [&str; 9] =
    ["text", "body", "full text", "fulltext", "article text", "body text", "article body", "content", "article"];
/// Names of columns that plainly hold an id.
const IDS: [&str; 6] = ["id", "doc id", "document id", "article id", "doc", "guid"];

/// Which columns of a table hold what, where their names do not say it: `text=body,published=day`.
///
/// ```
/// use demarche::document::Columns;
///
/// assert!("text=body,published=day,outlet=medium".parse::<Columns>().is_ok());
/// let told = "colour=red".parse::<Columns>().unwrap_err();
/// assert_eq!(told, "\"colour\" is no part of a document; write text, published, outlet, title, url, author or id");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    named: BTreeMap<Part, String>,
}

impl Columns {
    /// Nothing but what the names say.
    pub(super) const fn plain() -> Self {
        Columns { named: BTreeMap::new() }
    }
}

impl FromStr for Columns {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut columns = Columns::default();
        for pair in text.split(',') {
            let (key, name) = pair
                .split_once('=')
                .map(|(key, name)| (key.trim(), name.trim()))
                .filter(|(_, name)| !name.is_empty())
                .ok_or("write it as text=body,published=date,outlet=source")?;
            let part = PARTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).ok_or_else(|| {
                format!("\"{key}\" is no part of a document; write text, published, outlet, title, url, author or id")
            })?;
            if columns.named.insert(part.1, name.to_string()).is_some() {
                return Err(format!("{} is given twice", part.1.name()));
            }
        }
        Ok(columns)
    }
}

impl Part {
    fn name(self) -> &'static str {
        PARTS.iter().find(|(_, part)| *part == self).map_or("", |(name, _)| name)
    }

    /// How plainly a column's name says that it holds this part: 0 is plainest.
    fn said_by(self, column: &str) -> Option<usize> {
        let column = column.trim().to_lowercase().replace(['-', '_'], " ");
        let field = match self {
            Part::Text => return TEXTS.iter().position(|name| *name == column),
            Part::Id => return IDS.iter().position(|name| *name == column),
            Part::Title => Field::Title,
            Part::Published => Field::Published,
            Part::Outlet => Field::Outlet,
            Part::Author => Field::Author,
            Part::Url => Field::Url,
        };
        front::known(&column).filter(|(_, found)| *found == field).map(|(rank, _)| rank)
    }
}

/// The header of a table: where each part stands.
struct Header {
    names: BTreeMap<u32, String>,
    places: BTreeMap<Part, u32>,
}

impl Header {
    /// Finds the parts of a document among the cells of a row.
    fn read(row: &Row, columns: &Columns) -> Result<Header, String> {
        let names: BTreeMap<u32, String> =
            row.cells.iter().map(|(at, value)| (*at, value.text().trim().to_string())).collect();
        let list = || names.values().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let places = places(&names, columns, |part, name| {
            Err(format!("there is no column \"{name}\" for the {}; the columns are {}", part.name(), list()))
        })?;
        if places.contains_key(&Part::Text) {
            Ok(Header { names, places })
        } else {
            Err(format!("no column is plainly the text; the columns are {}", list()))
        }
    }

    /// Makes a document of a row; `place` is the table's name and path.
    fn document(&self, row: &Row, place: &Place<'_>, options: &ReadOptions<'_>) -> Result<Document, Problem> {
        let cell = |part: Part| {
            let text = self.places.get(&part).map(|at| row.text(*at)).unwrap_or_default();
            Some(text.trim().to_string()).filter(|text| !text.is_empty())
        };
        let fault = |part: Part, why: &str| {
            let at = self.places.get(&part).and_then(|at| self.names.get(at)).map_or("", String::as_str);
            place.row(row.number).why(format!("column \"{at}\" {why}"))
        };
        let text = self.places.get(&Part::Text).map(|at| unix_lines(row.text(*at))).unwrap_or_default();
        if text.trim().is_empty() {
            return Err(fault(Part::Text, "is empty").hint("Leave the row out, or fetch the document again"));
        }
        let published = match cell(Part::Published) {
            None => None,
            Some(day) => Some(date::parse(&day).ok_or_else(|| {
                fault(Part::Published, &format!("holds \"{day}\", which is not one certain day"))
                    .hint("Write the date as 2025-02-13, or leave the cell empty")
            })?),
        };
        let given = Given {
            published,
            outlet: cell(Part::Outlet),
            title: cell(Part::Title),
            url: cell(Part::Url),
            author: cell(Part::Author),
        };
        let id = cell(Part::Id).unwrap_or_else(|| (row.number + 1).to_string());
        let at = format!("{}#{id}", place.path);
        // The day in the name of a table is not that of its documents.
        let mut document = english("", &at, Facts { text, ..Facts::default() }, &given, options)?;
        document.name = format!("{}#{id}", place.name);
        Ok(document)
    }
}

impl Header {
    /// Tells of a text that fills its cell to the last character, which spreadsheets do by cutting off the rest.
    fn clipped(&self, row: &Row, place: &Place<'_>) -> Option<Problem> {
        let text = self.places.get(&Part::Text).map(|at| row.text(*at))?;
        let told = || {
            Problem::warning("the text may be cut off")
                .at(place.at(row.number))
                .why(format!("it has {} characters, which is all that a spreadsheet's cell holds", limits::CELL_CHARS))
                .hint("Save the table as CSV from where the texts come from")
        };
        (text.len() >= limits::CELL_CHARS && text.chars().count() >= limits::CELL_CHARS).then(told)
    }
}

/// Finds the parts of a document among names; `missing` tells what to do where one that was asked for is not there.
fn places(
    names: &BTreeMap<u32, String>,
    columns: &Columns,
    missing: impl Fn(Part, &str) -> Result<(), String>,
) -> Result<BTreeMap<Part, u32>, String> {
    let mut places = BTreeMap::new();
    for (_, part) in PARTS {
        let place = match columns.named.get(&part) {
            Some(name) => {
                let place = named(names, name);
                if place.is_none() {
                    missing(part, name)?;
                }
                place
            }
            None => plainest(names, part),
        };
        places.extend(place.map(|at| (part, at)));
    }
    Ok(places)
}

/// Finds the parts of a document among the keys of a record, which need not have them all.
///
/// # Errors
///
/// No key plainly holds the text.
pub(super) fn keys<'k>(
    keys: impl Iterator<Item = &'k String>,
    columns: &Columns,
) -> Result<BTreeMap<Part, String>, String> {
    let names: BTreeMap<u32, String> = (0..).zip(keys.cloned()).collect();
    let places = places(&names, columns, |_, _| Ok(()))?;
    if !places.contains_key(&Part::Text) {
        let wanted = columns.named.get(&Part::Text).map_or("text", String::as_str);
        return Err(format!("missing field `{wanted}`"));
    }
    Ok(places.into_iter().filter_map(|(part, at)| Some((part, names.get(&at)?.clone()))).collect())
}

fn named(names: &BTreeMap<u32, String>, name: &str) -> Option<u32> {
    let exact = names.iter().find(|(_, own)| *own == name);
    exact.or_else(|| names.iter().find(|(_, own)| own.eq_ignore_ascii_case(name))).map(|(at, _)| *at)
}

fn plainest(names: &BTreeMap<u32, String>, part: Part) -> Option<u32> {
    let ranked = names.iter().filter_map(|(at, name)| part.said_by(name).map(|rank| (rank, *at)));
    ranked.min().map(|(_, at)| at)
}

/// Where a table is: the name its documents begin with, and the path that messages tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) name: &'p str,
    pub(super) path: &'p str,
}

impl Place<'_> {
    /// Starts a problem with a row, counted from 0.
    fn row(&self, number: u32) -> Problem {
        Problem::error("cannot read the row").at(self.at(number))
    }

    fn at(&self, number: u32) -> String {
        format!("{}, row {}", self.path, u64::from(number) + 1)
    }

    /// Warns of a quotation mark that is not closed; `longest` is the row of the longest cell of several lines.
    fn unclosed(&self, longest: u32) -> Problem {
        let row = u64::from(longest) + 1;
        Problem::warning("a quotation mark of the table is not closed")
            .at(self.path)
            .why("the number of its quotation marks is odd, so several rows may have been taken for one text")
            .hint(format!(
                "Look at row {row} first, which has the longest cell of several lines, and close or remove the mark"
            ))
    }

    /// The problem of a table without rows.
    fn bare(&self) -> Problem {
        self.table("below its header is no row").hint("Remove it, or fetch it again")
    }

    /// A problem with the whole table.
    fn table(&self, why: impl std::fmt::Display) -> Problem {
        Problem::error("cannot read the table").at(self.path).why(why)
    }
}

const NAME_IT: &str = "Say which column holds the text, as in --columns text=body,published=date,outlet=source";

/// Takes what a table gives, a document at a time, until it says no.
pub(super) type Take<'t> = dyn FnMut(Result<Document, Problem>) -> bool + 't;

/// What to do about a CSV file that cannot be read.
pub(super) const SAVE_ANEW: &str = "Save the table anew as CSV in UTF-8";

/// Reads a CSV table of UTF-8 text; what separates cells is told by the first line, `opening`, and what to do about it where it cannot be read by
/// `mend`.
pub(super) fn csv(
    input: impl Read,
    opening: &str,
    mend: &'static str,
    place: Place<'_>,
    options: &ReadOptions<'_>,
    take: &mut Take<'_>,
) -> bool {
    let first = opening.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| first.bytes().filter(|b| *b == separator).count();
    let most = [b'\t', b';', b','].into_iter().max_by_key(|s| count(*s)).unwrap_or(b',');
    let bounded = Bounded { input, left: limits::DOCUMENT_BYTES, marks: 0 };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(most).from_reader(bounded);
    let mut record = csv::ByteRecord::new();
    let mut header = None::<(Header, usize)>;
    let mut below = 0usize;
    let mut longest = (0usize, 0u32);
    for number in 0u32.. {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                return take(Err(place.row(number).why(error).hint(mend)));
            }
        }
        reader.get_mut().left = limits::DOCUMENT_BYTES;
        let broken = record.iter().filter(|field| field.contains(&b'\n')).map(<[u8]>::len).max();
        longest = longest.max((broken.unwrap_or(0), number));
        let row = match row(&record, number) {
            Ok(row) if row.cells.is_empty() => continue,
            Ok(row) => row,
            Err(column) => {
                let why = format!("cell {} is not UTF-8", column + 1);
                if !take(Err(place.row(number).why(why).hint(mend))) {
                    return false;
                }
                continue;
            }
        };
        below += usize::from(header.is_some());
        let more = match &header {
            None => match Header::read(&row, options.columns) {
                Ok(found) => {
                    header = Some((found, record.len()));
                    true
                }
                Err(why) => {
                    return take(Err(place.table(why).hint(NAME_IT)));
                }
            },
            Some((_, wide)) if record.len() > *wide => {
                let why = format!("it has {} cells, the header {wide}", record.len());
                take(Err(place.row(number).why(why).hint("Put quotation marks around a cell that holds a comma")))
            }
            Some((header, _)) => take(header.document(&row, &place, options)),
        };
        if !more {
            return false;
        }
    }
    // A mark within a cell that has none around it swallows nothing.
    let open = reader.get_ref().marks % 2 == 1 && longest.0 > 0;
    (!open || take(Err(place.unclosed(longest.1)))) && (below > 0 || take(Err(place.bare())))
}

/// Makes a row of a record, or tells the first cell that is not UTF-8.
fn row(record: &csv::ByteRecord, number: u32) -> Result<Row, u32> {
    let mut cells = BTreeMap::new();
    for (column, field) in (0u32..).zip(record) {
        let text = std::str::from_utf8(field).map_err(|_| column)?;
        if !text.trim().is_empty() {
            cells.insert(column, Value::Text(text.to_string()));
        }
    }
    Ok(Row { number, cells })
}

/// Reads no more than a number of bytes until it is given more, so that a quotation mark nobody closes does not take all memory.
struct Bounded<R> {
    input: R,
    left: u64,
    /// Quotation marks that were read.
    marks: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            let why =
                format!("a row has more than {} MiB; is a quotation mark not closed?", limits::DOCUMENT_BYTES >> 20);
            return Err(std::io::Error::other(why));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.input.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.left -= read as u64;
        self.marks += buffer.iter().take(read).filter(|byte| **byte == b'"').count() as u64;
        Ok(read)
    }
}

/// Rows from the top of a sheet among which the header is.
const HEADER_ROWS: u32 = 20;
/// The property that tells a workbook of demarche's own.
const OWN: &str = "demarche.schema";

/// Reads a spreadsheet: the first sheet that has a header with a column of text.
pub(super) fn xlsx(bytes: Vec<u8>, place: Place<'_>, options: &ReadOptions<'_>, take: &mut Take<'_>) -> bool {
    let hint = "Open it in a spreadsheet program and save it anew, or as CSV";
    let mut book = match Book::open(bytes, Limits::default()) {
        Ok(book) => book,
        Err(error) => return take(Err(place.table(error).hint(hint))),
    };
    if book.properties().is_ok_and(|properties| properties.contains_key(OWN)) {
        let own = place.table("it is a workbook that demarche made, and holds no articles");
        return take(Err(own.hint("Name the documents it was made from; demarche review import reads its verdicts")));
    }
    let mut why = "it has no sheet with anything in it".to_string();
    for sheet in book.sheets() {
        match rows(&mut book, &sheet, &place, options, take) {
            Ok(Ok(Some(more))) => {
                return more && others(&mut book, &sheet, &place).is_none_or(|told| take(Err(told)));
            }
            Ok(Ok(None)) => return take(Err(place.bare())),
            Ok(Err(none)) => why = format!("sheet {sheet}: {none}"),
            Err(error) => return take(Err(place.table(error).hint(hint))),
        }
    }
    take(Err(place.table(why).hint(NAME_IT)))
}

/// Tells of the sheets with anything in them that were not read beside this one.
fn others(book: &mut Book, read: &str, place: &Place<'_>) -> Option<Problem> {
    let mut filled = Vec::new();
    for sheet in book.sheets().into_iter().filter(|sheet| sheet != read) {
        let mut any = false;
        // A sheet that cannot be read, such as one of a chart, has no rows to miss.
        let _ = book.rows(&sheet, |_| {
            any = true;
            false
        });
        if any {
            filled.push(format!("\"{sheet}\""));
        }
    }
    let told = Problem::warning("only one sheet of the workbook was read")
        .at(place.path)
        .why(format!("documents were taken from \"{read}\", and none from {}", filled.join(", ")))
        .hint("Where another holds documents too, save it as a table of its own and name that beside this one");
    (!filled.is_empty()).then_some(told)
}

/// Reads the rows of a sheet, or tells why none of the first is a header. Returns whether more is wanted; nothing where there is no row.
fn rows(
    book: &mut Book,
    sheet: &str,
    place: &Place<'_>,
    options: &ReadOptions<'_>,
    take: &mut Take<'_>,
) -> Result<Result<Option<bool>, String>, Error> {
    let mut more = None;
    let mut header: Result<Header, String> = Err("it is empty".to_string());
    book.rows(sheet, |row| match &header {
        Ok(header) => {
            let wanted = header.clipped(&row, place).is_none_or(|told| take(Err(told)))
                && take(header.document(&row, place, options));
            more = Some(wanted);
            wanted
        }
        Err(_) => {
            let found = Header::read(&row, options.columns);
            // What is told of a sheet without a header is what its first row lacks.
            if found.is_ok() || header.as_ref().is_err_and(|why| why == "it is empty") {
                header = found;
            }
            header.is_ok() || row.number < HEADER_ROWS
        }
    })?;
    Ok(header.map(|_| more))
}
