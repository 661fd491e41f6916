//! One statement of either side, and how it is read from JSON Lines and CSV.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::base::Problem;
use crate::base::file::ends_in;
use crate::statement::Statement;

/// A statement with what judging it needs; the fields are those of statements.jsonl, and some that only gold has.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Row {
    /// 1-based line in its file; 0 where it comes from no file.
    pub line: u64,
    /// Name of the document.
    pub doc: String,
    /// Verbatim piece of the document.
    pub quote: String,
    /// First code point and one past the last, where the row tells them.
    pub at: Option<(usize, usize)>,
    /// Id of the party, or `none`.
    pub party: String,
    /// Full name of the speaker.
    pub speaker: Option<String>,
    /// Ascribed to the party by a speaker not its own.
    pub secondhand: bool,
    /// Id of the topic.
    pub topic: String,
    /// -2 to 2.
    pub stance: i8,
    /// Gold only: other stances that count as right.
    pub stance_also: Vec<i8>,
    /// The words the stance hangs on.
    pub condition: Option<String>,
    /// The day it was said, as written.
    pub stated_on: Option<String>,
    /// direct, mixed, indirect or narrated.
    pub mode: Option<String>,
    /// Gold only: false for a borderline row.
    pub required: bool,
    /// Predictions only: how sure the coder is.
    pub confidence: Option<f64>,
    /// Predictions only: ids of the rules that made it.
    pub rules: Vec<String>,
}

impl From<&Statement> for Row {
    fn from(s: &Statement) -> Row {
        Row {
            line: 0,
            doc: s.doc.clone(),
            quote: s.quote.clone(),
            at: Some((s.start as usize, s.end as usize)),
            party: s.party.clone(),
            speaker: s.speaker.clone(),
            secondhand: s.secondhand,
            topic: s.topic.clone(),
            stance: s.stance,
            stance_also: Vec::new(),
            condition: s.condition.clone(),
            stated_on: s.stated_on.map(|d| d.to_string()),
            mode: Some(format!("{:?}", s.mode).to_lowercase()),
            required: true,
            confidence: Some(s.confidence),
            rules: s.rules.clone(),
        }
    }
}

/// A row as files write it: everything may be missing, and numbers and flags may be text.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Raw {
    #[serde(deserialize_with = "text")]
    doc: Option<String>,
    #[serde(deserialize_with = "verbatim")]
    quote: Option<String>,
    start: Value,
    end: Value,
    #[serde(deserialize_with = "text")]
    party: Option<String>,
    #[serde(deserialize_with = "text")]
    speaker: Option<String>,
    secondhand: Value,
    #[serde(deserialize_with = "text")]
    topic: Option<String>,
    stance: Value,
    stance_also: Value,
    #[serde(deserialize_with = "text")]
    condition: Option<String>,
    #[serde(deserialize_with = "text")]
    stated_on: Option<String>,
    #[serde(deserialize_with = "text")]
    mode: Option<String>,
    required: Value,
    confidence: Value,
    rules: Value,
}

fn verbatim<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(input)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

fn text<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(input)? {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Reads rows from JSON Lines, or from CSV where the name ends in `.csv`; rows that cannot be read are problems with
/// their line, and the others go on.
pub fn read(path: &Path, bytes: &[u8]) -> (Vec<Row>, Vec<Problem>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let csv = ends_in(path, &["csv"]);
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let raws = if csv { from_csv(bytes) } else { from_lines(bytes) };
    for (line, raw) in raws {
        match raw.and_then(|raw| row(line, raw)) {
            Ok(row) => rows.push(row),
            Err((why, hint)) => {
                let problem = Problem::error("cannot use the row").at(path).why(why).hint(hint);
                problems.push(if line > 0 { problem.line(line) } else { problem });
            }
        }
    }
    (rows, problems)
}

type Refused = (String, &'static str);

const FIELDS: &str = "docs/eval.md tells the fields of a row";

fn from_lines(bytes: &[u8]) -> Vec<(u64, Result<Raw, Refused>)> {
    let lines = (1u64..).zip(bytes.split(|b| *b == b'\n'));
    let filled = lines.filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace));
    let parsed =
        |line: &[u8]| serde_json::from_slice(line).map_err(|e| (format!("it is no JSON object ({e})"), FIELDS));
    filled.map(|(number, line)| (number, parsed(line))).collect()
}

fn from_csv(bytes: &[u8]) -> Vec<(u64, Result<Raw, Refused>)> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let head: Vec<String> = match reader.headers() {
        Ok(head) => head.iter().map(|h| h.trim().to_lowercase()).collect(),
        Err(e) => return vec![(1, Err((e.to_string(), FIELDS)))],
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, |p| line_of(bytes, p.byte()));
                let fields: BTreeMap<&str, &str> =
                    head.iter().map(String::as_str).zip(record.iter()).filter(|(_, value)| !value.is_empty()).collect();
                let raw = serde_json::to_value(fields).and_then(serde_json::from_value);
                rows.push((line, raw.map_err(|e| (e.to_string(), FIELDS))));
            }
            Err(e) => {
                let line = e.position().map_or(0, csv::Position::line);
                rows.push((line, Err((e.to_string(), "Save the file as CSV in UTF-8"))));
            }
        }
    }
    rows
}

/// Returns the 1-based line of a record; the reader places it before the line feed that ends the line above.
fn line_of(bytes: &[u8], at: u64) -> u64 {
    let at = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
    let (before, after) = bytes.split_at(at);
    let skipped = after.iter().take_while(|b| matches!(b, b'\r' | b'\n')).filter(|b| **b == b'\n').count();
    (before.iter().filter(|b| **b == b'\n').count() + skipped + 1) as u64
}

fn row(line: u64, raw: Raw) -> Result<Row, Refused> {
    let missing = |field: &str| (format!("\"{field}\" is missing"), FIELDS);
    let start = whole(&raw.start).map_err(|w| (format!("\"start\" is {w}"), FIELDS))?;
    let end = whole(&raw.end).map_err(|w| (format!("\"end\" is {w}"), FIELDS))?;
    let stance = stance(&raw.stance)?.ok_or_else(|| missing("stance"))?;
    let confidence = match number(&raw.confidence) {
        Ok(found) => found.filter(|c| (0.0..=1.0).contains(c)),
        Err(what) => return Err((format!("\"confidence\" is {what}"), "Write a number from 0 to 1")),
    };
    Ok(Row {
        line,
        doc: raw.doc.ok_or_else(|| missing("doc"))?,
        quote: raw.quote.filter(|q| !q.is_empty()).ok_or_else(|| missing("quote"))?,
        at: start.zip(end).filter(|(start, end)| start < end),
        party: raw.party.unwrap_or_else(|| "none".to_string()),
        speaker: raw.speaker,
        secondhand: flag(&raw.secondhand, false, "secondhand")?,
        topic: raw.topic.ok_or_else(|| missing("topic"))?,
        stance,
        stance_also: also(&raw.stance_also)?,
        condition: raw.condition,
        stated_on: raw.stated_on,
        mode: raw.mode.map(|m| m.to_lowercase()),
        required: flag(&raw.required, true, "required")?,
        confidence,
        rules: words(&raw.rules),
    })
}

fn number(value: &Value) -> Result<Option<f64>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Number(n) => Ok(n.as_f64()),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => text.trim().parse().map(Some).map_err(|_| format!("\"{text}\", which is no number")),
        other => Err(format!("{other}, which is no number")),
    }
}

fn whole(value: &Value) -> Result<Option<usize>, String> {
    let Some(number) = number(value)? else { return Ok(None) };
    if number < 0.0 || number.fract() != 0.0 || number > f64::from(u32::MAX) {
        return Err(format!("{number}, which counts no code points"));
    }
    Ok(Some(number as usize))
}

fn stance(value: &Value) -> Result<Option<i8>, Refused> {
    let hint = "Write a whole number from -2 to 2";
    let found = number(value).map_err(|what| (format!("the stance is {what}"), hint))?;
    match found {
        Some(n) if n.fract() == 0.0 && (-2.0..=2.0).contains(&n) => Ok(Some(n as i8)),
        Some(n) => Err((format!("the stance is {n}"), hint)),
        None => Ok(None),
    }
}

/// Reads further stances: a list, or numbers parted by semicolons or spaces.
fn also(value: &Value) -> Result<Vec<i8>, Refused> {
    let parts: Vec<Value> = match value {
        Value::Array(items) => items.clone(),
        Value::String(text) => {
            text.split([';', ' ']).filter(|p| !p.is_empty()).map(|p| Value::String(p.to_string())).collect()
        }
        other => vec![other.clone()],
    };
    let mut stances = Vec::new();
    for part in &parts {
        stances.extend(stance(part)?);
    }
    Ok(stances)
}

fn flag(value: &Value, default: bool, field: &str) -> Result<bool, Refused> {
    match value {
        Value::Null => Ok(default),
        Value::Bool(flag) => Ok(*flag),
        Value::Number(n) => Ok(n.as_f64() != Some(0.0)),
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "" => Ok(default),
            "true" | "yes" | "1" => Ok(true),
            "false" | "no" | "0" => Ok(false),
            _ => Err((format!("\"{field}\" is \"{text}\""), "Write true or false")),
        },
        other => Err((format!("\"{field}\" is {other}"), "Write true or false")),
    }
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(String::from).collect(),
        Value::String(text) => text.split_whitespace().map(String::from).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_lines_and_csv_give_the_same_rows() {
        let json = br#"{"doc":"a.txt","start":3,"end":9,"quote":"we, \"no\"","party":"x","topic":"t","stance":-1,"stance_also":[-2,0],"required":false,"secondhand":true}"#;
        let csv = b"doc,start,end,quote,party,topic,stance,stance_also,required,secondhand\r\na.txt,3,9,\"we, \"\"no\"\"\",x,t,-1,-2;0,false,yes\r\n";
        let (mut one, faults) = read(Path::new("gold.jsonl"), json);
        assert_eq!(faults, []);
        let (two, faults) = read(Path::new("gold.csv"), csv);
        assert_eq!(faults, []);
        assert_eq!(two[0].line, 2);
        one[0].line = 2;
        assert_eq!(one, two);
        assert_eq!(two[0].stance_also, [-2, 0]);
        assert!(!two[0].required && two[0].secondhand);
    }

    #[test]
    fn bad_rows_are_told_with_their_line_and_the_others_go_on() {
        let text = b"{\"doc\":\"a\",\"quote\":\"q\",\"topic\":\"t\",\"stance\":2}\n\nnot json\n{\"doc\":\"a\",\"quote\":\"q\",\"topic\":\"t\",\"stance\":3}\n{\"doc\":\"a\",\"topic\":\"t\",\"stance\":1}\n";
        let (rows, problems) = read(Path::new("gold.jsonl"), text);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].party, "none");
        let lines: Vec<Option<u64>> = problems.iter().map(|p| p.line).collect();
        assert_eq!(lines, [Some(3), Some(4), Some(5)]);
        assert_eq!(&*problems[1].why, "the stance is 3");
        assert_eq!(&*problems[2].why, "\"quote\" is missing");
    }
}
