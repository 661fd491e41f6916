//! A codebook of another program (REFI-QDA, `.qdc`: NVivo, MAXQDA, ATLAS.ti, QualCoder, Taguette) as the beginning of one for demarche.
//!
//! Codes tell what there is to say and not in which words it is said: their names become topics with one pattern each, and
//! their descriptions the questions, for the analyst to go on with.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::base::file::read_text;
use crate::base::space::flat;
use crate::base::{Problem, limits};

/// A code with those below it.
#[derive(Debug, Default)]
struct Code {
    name: String,
    about: String,
    below: Vec<Code>,
}

/// What a codebook of another program gives.
#[derive(Debug)]
pub(super) struct Begun {
    /// topics.toml.
    pub(super) topics: String,
    /// parties.csv, where the codes name parties.
    pub(super) parties: Option<String>,
}

/// Reads a `.qdc` file.
///
/// # Errors
/// A file that cannot be read, is no codebook of that form, or holds no code.
pub(super) fn read(path: &Path) -> Result<Begun, Problem> {
    let fault = |why: &dyn std::fmt::Display| Problem::error("cannot read the codebook").at(path).why(why);
    let hint = "Export the codebook as REFI-QDA (.qdc) from your program";
    let text = read_text(path, limits::DATA_FILE_BYTES).map_err(|e| fault(&e).hint(hint))?;
    let codes = codes(&text).map_err(|why| fault(&why).hint(hint))?;
    if codes.is_empty() {
        return Err(fault(&"there is no code in it").hint(hint));
    }
    let mut begun = Begun { topics: HEAD.to_string(), parties: None };
    let mut ids = BTreeSet::new();
    let mut parties = Vec::new();
    for code in &codes {
        // As demarche itself writes them.
        if code.name == "Parties" && !code.below.is_empty() {
            parties.extend(code.below.iter().map(|c| c.name.strip_prefix("Party: ").unwrap_or(&c.name)));
        } else {
            topics(code, &mut ids, &mut begun.topics);
        }
    }
    if !parties.is_empty() {
        begun.parties = Some(rows(&parties));
    }
    Ok(begun)
}

const HEAD: &str = "# Made of the codes of another program: a topic for each code without codes below it. Give each a question that yes and no answer, name its
# poles, and add the words in which the news speak of it; `for` and `against` say what is asked for, `says` what is a position by
# itself. docs/codebook.md explains patterns.
";

fn codes(text: &str) -> Result<Vec<Code>, String> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Code> = vec![Code::default()];
    let (mut is_book, mut about) = (false, false);
    loop {
        let event = reader.read_event().map_err(|e| format!("byte {}: {e}", reader.error_position()))?;
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "CodeBook" => is_book = true,
                "Code" if open.len() > limits::NESTING => {
                    return Err(format!("its codes are nested more than {} deep", limits::NESTING));
                }
                "Code" => open.push(Code { name: name(&tag)?, ..Code::default() }),
                "Description" => about = true,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "Code" => {
                let code = Code { name: name(&tag)?, ..Code::default() };
                if let Some(top) = open.last_mut() {
                    top.below.push(code);
                }
            }
            Event::Text(piece) if about => {
                let piece: &str = piece.as_ref();
                if let Some(top) = open.last_mut() {
                    top.about.push_str(piece);
                }
            }
            Event::GeneralRef(entity) if about => {
                let named: &str = entity.as_ref();
                let c = entity.resolve_char_ref().ok().flatten().map(String::from);
                let c = c.or_else(|| quick_xml::escape::resolve_predefined_entity(named).map(String::from));
                if let (Some(top), Some(c)) = (open.last_mut(), c) {
                    top.about.push_str(&c);
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "Description" => about = false,
                "Code" if open.len() > 1 => {
                    let code = open.pop().unwrap_or_default();
                    if let Some(top) = open.last_mut() {
                        top.below.push(code);
                    }
                }
                _ => {}
            },
            Event::Eof if is_book => return Ok(open.drain(..1).flat_map(|code| code.below).collect()),
            Event::Eof => return Err("it is no REFI-QDA codebook".to_string()),
            _ => {}
        }
    }
}

fn name(tag: &BytesStart<'_>) -> Result<String, String> {
    let found = tag.try_get_attribute("name").map_err(|e| e.to_string())?;
    let value =
        found.and_then(|a| a.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|v| v.trim().to_string()));
    value.filter(|name| !name.is_empty()).ok_or_else(|| "a code has no name".to_string())
}

/// Writes a topic for each code that has none below it; stances below a topic, as demarche writes them, are part of it.
fn topics(code: &Code, ids: &mut BTreeSet<String>, out: &mut String) {
    let part = |below: &Code| below.name.strip_prefix(&code.name).is_some_and(|rest| rest.starts_with(": "));
    if !code.below.is_empty() && !code.below.iter().all(part) {
        for below in &code.below {
            topics(below, ids, out);
        }
        return;
    }
    let words: Vec<String> =
        code.name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let plain: String = words.join("-").chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let plain =
        if plain.trim_matches('-').is_empty() { "topic".to_string() } else { plain.trim_matches('-').to_string() };
    let id = (1..).map(|n| if n == 1 { plain.clone() } else { format!("{plain}-{n}") }).find(|id| !ids.contains(id));
    let id = id.unwrap_or_default();
    ids.insert(id.clone());
    let about = flat(&code.about);
    let question = about.split_inclusive('?').next().filter(|q| q.ends_with('?')).map(String::from);
    let question = question.unwrap_or_else(|| format!("{}: for or against?", code.name));
    let about = if about.is_empty() { String::new() } else { format!("# {about}\n") };
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let fields = [
        ("id", quoted(&id)),
        ("name", quoted(&code.name)),
        ("question", quoted(&question)),
        ("plus", quoted("for it")),
        ("minus", quoted("against it")),
        ("for", format!("[{}]", quoted(&words.join(" ")))),
    ];
    write!(out, "\n{about}[[topic]]\n").ok();
    for (key, value) in fields {
        writeln!(out, "{key} = {value}").ok();
    }
}

/// Writes parties.csv.
fn rows(parties: &[&str]) -> String {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["id", "name", "short", "kind", "aliases", "demonyms", "metonyms", "order"]).ok();
    let mut ids = BTreeSet::new();
    for (order, name) in (1..).zip(parties) {
        let id: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        if ids.insert(id.clone()) {
            let order = order.to_string();
            csv.write_record([id.trim_matches('-'), name, name, "state", "", "", "", &order]).ok();
        }
    }
    String::from_utf8(csv.into_inner().unwrap_or_default()).unwrap_or_default()
}
