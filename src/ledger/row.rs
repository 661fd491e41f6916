//! Between rows and statements.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::value::{Error as DeError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::statement::{Mode, Rank, Role, Statement};

/// Writes a kind (role, mode, origin of a date) as its word.
pub(crate) fn word(kind: impl Serialize) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Reads a kind from its word.
pub(super) fn kind<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    parsed(text, column)
}

/// Reads a kind that may be missing.
pub(super) fn maybe_kind<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    row.get_ref(column)?.as_str_or_null()?.map(|text| parsed(text, column)).transpose()
}

fn parsed<T: DeserializeOwned>(text: &str, column: usize) -> rusqlite::Result<T> {
    let words: StrDeserializer<'_, DeError> = text.into_deserializer();
    T::deserialize(words).map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(e)))
}

/// Reads a day that may be missing.
pub(super) fn day(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Date>> {
    let Some(text) = row.get_ref(column)?.as_str_or_null()? else { return Ok(None) };
    if let Some(date) = plain(text) {
        return Ok(Some(date));
    }
    let read = text.parse::<Date>();
    read.map(Some).map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(e)))
}

/// Reads a day as [`iso`] writes it, without the many forms that a parser of dates must think of: a matrix reads millions.
fn plain(text: &str) -> Option<Date> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else { return None };
    let number = |digits: &[&u8]| {
        digits.iter().try_fold(0i16, |n, d| d.is_ascii_digit().then(|| n * 10 + i16::from(**d - b'0')))
    };
    let (month, day) = (number(&[m1, m2])?, number(&[d1, d2])?);
    Date::new(number(&[y1, y2, y3, y4])?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Reads a time.
pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let read = row.get_ref(column)?.as_str()?.parse::<Timestamp>();
    read.map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(e)))
}

/// Writes a day.
pub(super) fn iso(date: Option<Date>) -> Option<String> {
    date.map(|d| d.to_string())
}

/// The columns that [`statement`] reads, of `statement s` joined with `document d`.
pub(super) const COLUMNS: &str = "s.id, d.name, s.start, s.\"end\", s.quote, s.party, s.speaker, s.role, s.rank, s.joint, \
     s.secondhand, s.topic, s.stance, s.condition, s.mode, s.stated_on, d.published, d.outlet, s.confidence, d.copy_of";

/// What follows them where the passage is wanted too, `passage p` joined.
pub(super) const PASSAGE: &str = ", d.title, d.url, p.context, p.source_text, p.rules";

/// Number of columns in [`COLUMNS`].
const PLAIN: usize = 20;

/// Reads a statement; without its passage, title and address unless `whole`. Takes the place of one that is done with, whose memory
/// it uses again: a matrix reads a million.
pub(super) fn statement(row: &Row<'_>, whole: bool, statement: &mut Statement) -> rusqlite::Result<()> {
    let plain = Statement {
        id: text(row, 0, &mut statement.id)?,
        doc: text(row, 1, &mut statement.doc)?,
        start: row.get(2)?,
        end: row.get(3)?,
        quote: text(row, 4, &mut statement.quote)?,
        context: String::new(),
        party: text(row, 5, &mut statement.party)?,
        speaker: maybe_text(row, 6, &mut statement.speaker)?,
        source_text: None,
        role: kind(row, 7)?,
        rank: kind(row, 8)?,
        joint: row.get(9)?,
        secondhand: row.get(10)?,
        topic: text(row, 11, &mut statement.topic)?,
        stance: row.get(12)?,
        condition: maybe_text(row, 13, &mut statement.condition)?,
        mode: kind(row, 14)?,
        stated_on: day(row, 15)?,
        published: day(row, 16)?,
        outlet: maybe_text(row, 17, &mut statement.outlet)?,
        title: None,
        url: None,
        copy_of: maybe_text(row, 19, &mut statement.copy_of)?,
        confidence: row.get(18)?,
        review: None,
        rules: Vec::new(),
    };
    *statement = plain;
    if whole {
        statement.title = row.get(PLAIN)?;
        statement.url = row.get(PLAIN + 1)?;
        statement.context = row.get(PLAIN + 2)?;
        statement.source_text = row.get(PLAIN + 3)?;
        statement.rules = unlined(row.get_ref(PLAIN + 4)?.as_str()?);
    }
    Ok(())
}

/// A statement to read the first row into.
pub(super) fn blank() -> Statement {
    Statement {
        id: String::new(),
        doc: String::new(),
        start: 0,
        end: 0,
        quote: String::new(),
        context: String::new(),
        party: String::new(),
        speaker: None,
        source_text: None,
        role: Role::Other,
        rank: Rank::None,
        joint: false,
        secondhand: false,
        topic: String::new(),
        stance: 0,
        condition: None,
        mode: Mode::Narrated,
        stated_on: None,
        published: None,
        outlet: None,
        title: None,
        url: None,
        copy_of: None,
        confidence: 0.0,
        review: None,
        rules: Vec::new(),
    }
}

fn text(row: &Row<'_>, column: usize, spent: &mut String) -> rusqlite::Result<String> {
    let mut text = std::mem::take(spent);
    text.clear();
    text.push_str(row.get_ref(column)?.as_str()?);
    Ok(text)
}

fn maybe_text(row: &Row<'_>, column: usize, spent: &mut Option<String>) -> rusqlite::Result<Option<String>> {
    let Some(found) = row.get_ref(column)?.as_str_or_null()? else { return Ok(None) };
    let mut text = spent.take().unwrap_or_default();
    text.clear();
    text.push_str(found);
    Ok(Some(text))
}

/// Puts a list into one column, and back; items hold no line ends.
pub(super) fn lines(items: &[String]) -> String {
    items.join("\n")
}

/// Takes a column apart into its list.
pub(super) fn unlined(text: &str) -> Vec<String> {
    text.lines().map(String::from).collect()
}
