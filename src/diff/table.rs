//! Rows of a table that somebody wrote, long or wide, into a side.
//!
//! *Long* is one row a position, with a party column and a topic column anywhere: `positions.csv`, or a list by hand. *Wide*
//! is parties by topics, either across. Which of them it is shows in the names: a header with `party` and `topic`, or columns
//! of which one holds parties and one topics, is long; a row of several topics over a column of parties, or the other way
//! round, is wide. What stands above or beside the table is passed over.

use std::collections::BTreeMap;

use super::cell::{self, Read};
use super::names::Names;
use super::side::{Evidence, Side, Stand};
use crate::base::date;
use crate::base::rows::{self, Row, Value};
use crate::codebook::Labels;
use crate::matrix::Stance;

/// Rows among which the header is looked for.
const HEADER_ROWS: usize = 30;

/// Names of columns of the long form, as people write them.
const PARTY: [&str; 5] = ["party", "actor", "country", "side", "who"];
const TOPIC: [&str; 4] = ["topic", "issue", "question", "matter"];
const STANCE: [&str; 5] = ["stance", "position", "label", "score", "value"];

/// One thing of a table that could not be used, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u32,
    /// A name that the codebook does not have; nothing may be wrong with the table.
    pub unknown: bool,
    /// Why it could not be used.
    pub why: String,
    /// What to do.
    pub hint: String,
}

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// The positions; the side has no name yet.
    pub side: Side,
    /// What could not be used.
    pub faults: Vec<Fault>,
}

/// Reads a table; nothing where the rows hold none, or none that names a party and a topic of the codebook.
pub fn read(rows: &[Row], names: &Names<'_>, labels: &Labels) -> Option<Found> {
    if let [header] = rows
        && header.cells.first_key_value().is_some_and(|(_, first)| plain(first) == PARTY[0])
    {
        // A matrix.csv or positions.csv of nothing: a header alone.
        return Some(Found::default());
    }
    let reader = Reader { rows, names, labels };
    reader.long().or_else(|| reader.wide())
}

struct Reader<'a> {
    rows: &'a [Row],
    names: &'a Names<'a>,
    labels: &'a Labels,
}

/// Positions with the cell each was read from.
#[derive(Default)]
struct Taken {
    found: Found,
    places: BTreeMap<(String, String), (u32, u32)>,
}

impl Taken {
    fn fault(&mut self, at: (u32, u32), unknown: bool, why: String, hint: impl Into<String>) {
        self.found.faults.push(Fault { row: at.0, column: at.1, unknown, why, hint: hint.into() });
    }

    fn put(&mut self, party: &str, topic: &str, stand: Stand, at: (u32, u32)) {
        let key = (party.to_string(), topic.to_string());
        if let Some((row, column)) = self.places.get(&key).copied() {
            let why = format!("{party} on {topic} stands in {} already", cell_name(row, column));
            self.fault(at, false, why, "Keep one cell for each party and topic; the first counts");
            return;
        }
        self.places.insert(key.clone(), at);
        self.found.side.stands.insert(key, stand);
    }
}

impl Reader<'_> {
    fn stance(&self, taken: &mut Taken, text: &str, at: (u32, u32)) -> Option<Stand> {
        match cell::stance(text, self.labels) {
            Ok(Read::Nothing) => None,
            Ok(Read::Stance { stance, number, uncertain }) => Some(Stand { number, uncertain, ..Stand::bare(stance) }),
            Err(why) => {
                let words = self.labels.stances.iter().map(String::as_str).chain([self.labels.mixed.as_str()]);
                let words = words.collect::<Vec<_>>().join(", ");
                taken.fault(at, false, why, format!("Write a number from -2 to 2, or one of: {words}"));
                None
            }
        }
    }

    /// A list with a party and a topic in every row.
    fn long(&self) -> Option<Found> {
        let (head, party, topic) = self.named_columns().or_else(|| self.seen_columns())?;
        let header: BTreeMap<u32, String> = match head.and_then(|at| self.rows.get(at)) {
            Some(row) => row.cells.iter().map(|(column, value)| (*column, plain(value))).collect(),
            None => BTreeMap::new(),
        };
        let column = |wanted: &[&str]| {
            wanted.iter().find_map(|w| header.iter().find(|(c, n)| n.as_str() == *w && **c != party && **c != topic))
        };
        let column = |wanted: &[&str]| column(wanted).map(|(c, _)| *c);
        let named: Vec<u32> = STANCE.iter().filter_map(|name| column(&[name])).collect();
        let body = self.rows.get(head.map_or(0, |at| at + 1)..)?;
        let stances = if named.is_empty() { self.stance_columns(body, &[party, topic]) } else { named };
        if stances.is_empty() {
            return None;
        }
        let others = Others {
            as_of: column(&["as_of", "as of"]),
            condition: column(&["condition", "conditions"]),
            quote: column(&["quote", "quotation"]),
            speaker: column(&["speaker"]),
            outlet: column(&["outlet", "source"]),
            day: column(&["date", "day"]),
            ids: column(&["statement_ids"]),
            doubt: column(&["low_confidence", "low confidence"]),
        };
        let mut taken = Taken::default();
        for row in body {
            self.line(row, (party, topic), &stances, &others, &mut taken);
        }
        let days: Vec<_> = body.iter().filter_map(|row| day(row, others.as_of)).collect();
        taken.found.side.as_of = days.iter().max().copied();
        (!taken.found.side.stands.is_empty() || !taken.found.faults.is_empty()).then_some(taken.found)
    }

    fn line(&self, row: &Row, keys: (u32, u32), stances: &[u32], others: &Others, taken: &mut Taken) {
        let (party_name, topic_name) = (row.text(keys.0), row.text(keys.1));
        let (blank_party, blank_topic) = (party_name.trim().is_empty(), topic_name.trim().is_empty());
        let filled: Vec<u32> = stances.iter().copied().filter(|c| !row.text(*c).trim().is_empty()).collect();
        if (blank_party && blank_topic) || (filled.is_empty() && (blank_party || blank_topic)) {
            return;
        }
        let mut named = |what: &str, name: &str, column: u32, id: Option<&str>| match id {
            Some(id) => Some(id.to_string()),
            None if name.trim().is_empty() => {
                taken.fault(
                    (row.number, column),
                    false,
                    format!("the row names no {what}"),
                    format!("Name the {what}"),
                );
                None
            }
            None => {
                taken.fault((row.number, column), true, unknown(what, name), hint(what));
                None
            }
        };
        let party = named("party", &party_name, keys.0, self.names.party(&party_name));
        let topic = named("topic", &topic_name, keys.1, self.names.topic(&topic_name));
        let (Some(party), Some(topic)) = (party, topic) else { return };
        let mut stand: Option<Stand> = None;
        for column in filled {
            let at = (row.number, column);
            let Some(next) = self.stance(taken, &row.text(column), at) else { continue };
            match &stand {
                None => {
                    let mut next = next;
                    others.add(row, &mut next);
                    stand = Some(next);
                }
                Some(first) if first.stance != next.stance => {
                    let why = "it says something else than the column before it".to_string();
                    taken.fault(at, false, why, "Make the two agree; the first counts");
                }
                Some(_) => {}
            }
        }
        if let Some(stand) = stand {
            taken.put(&party, &topic, stand, (row.number, stances.first().copied().unwrap_or(keys.0)));
        }
    }

    /// A header that names a party and a topic column.
    fn named_columns(&self) -> Option<(Option<usize>, u32, u32)> {
        self.rows.iter().take(HEADER_ROWS).enumerate().find_map(|(at, row)| {
            let named = |wanted: &[&str]| {
                wanted.iter().find_map(|w| row.cells.iter().find(|(_, v)| plain(v) == *w).map(|(column, _)| *column))
            };
            Some((Some(at), named(&PARTY)?, named(&TOPIC)?))
        })
    }

    /// Columns of which one holds parties and one topics, row by row; the header is the row before the first of them.
    fn seen_columns(&self) -> Option<(Option<usize>, u32, u32)> {
        let mut pairs: BTreeMap<(u32, u32), (usize, usize)> = BTreeMap::new();
        for (at, row) in self.rows.iter().enumerate() {
            let holds = |test: &dyn Fn(&str) -> bool| -> Vec<u32> {
                row.cells.iter().filter(|(_, v)| matches!(v, Value::Text(t) if test(t))).map(|(c, _)| *c).collect()
            };
            let parties = holds(&|t| self.names.party(t).is_some());
            let topics = holds(&|t| self.names.topic(t).is_some());
            if let ([party], [topic]) = (parties.as_slice(), topics.as_slice()) {
                pairs.entry((*party, *topic)).or_insert((0, at)).0 += 1;
            }
        }
        let ((party, topic), (_, first)) =
            pairs.into_iter().max_by_key(|(key, (count, first))| (*count, std::cmp::Reverse(*first), *key))?;
        Some((first.checked_sub(1), party, topic))
    }

    /// The first column that holds stances, where no header names one.
    fn stance_columns(&self, body: &[Row], keys: &[u32]) -> Vec<u32> {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for row in body {
            for (column, value) in row.cells.iter().filter(|(c, _)| !keys.contains(c)) {
                let reads = matches!(cell::stance(&value.text(), self.labels), Ok(Read::Stance { .. }));
                *counts.entry(*column).or_default() += usize::from(reads);
            }
        }
        let best = counts.into_iter().filter(|(_, n)| *n > 0).max_by_key(|(c, n)| (*n, std::cmp::Reverse(*c)));
        best.map(|(column, _)| column).into_iter().collect()
    }

    /// Parties by topics, either across.
    fn wide(&self) -> Option<Found> {
        let mut heads: Vec<(usize, bool, usize)> = Vec::new();
        for (at, row) in self.rows.iter().take(HEADER_ROWS).enumerate() {
            let count = |across: bool| row.cells.values().filter(|v| self.id(across, &v.text()).is_some()).count();
            heads.extend([true, false].map(|across| (count(across), across, at)).into_iter().filter(|(n, ..)| *n > 0));
        }
        heads.sort_by_key(|(count, across, at)| (std::cmp::Reverse(*count), *at, !*across));
        heads.into_iter().find_map(|(_, across, at)| self.grid(at, across))
    }

    /// The id of a topic (`true`) or a party.
    fn id(&self, topic: bool, name: &str) -> Option<&str> {
        if topic { self.names.topic(name) } else { self.names.party(name) }
    }

    /// A table whose header is the row `at`, with topics (`across`) or parties in it.
    fn grid(&self, at: usize, across: bool) -> Option<Found> {
        let (header, body) = (self.rows.get(at)?, self.rows.get(at + 1..)?);
        let columns: BTreeMap<u32, &str> =
            header.cells.iter().filter_map(|(c, v)| Some((*c, self.id(across, &v.text())?))).collect();
        let mut keys: BTreeMap<u32, usize> = BTreeMap::new();
        for (column, value) in body.iter().flat_map(|row| &row.cells).filter(|(c, _)| !columns.contains_key(c)) {
            *keys.entry(*column).or_default() += usize::from(self.id(!across, &value.text()).is_some());
        }
        let best = keys.into_iter().filter(|(_, n)| *n > 0).max_by_key(|(c, n)| (*n, std::cmp::Reverse(*c)));
        let (key, _) = best?;
        let (head, side) = if across { ("topic", "party") } else { ("party", "topic") };
        let mut taken = Taken::default();
        for (column, value) in header.cells.iter().filter(|(c, _)| **c > key && !columns.contains_key(c)) {
            taken.fault((header.number, *column), true, unknown(head, &value.text()), hint(head));
        }
        for row in body {
            let name = row.text(key);
            let filled: Vec<(u32, String)> =
                columns.keys().map(|c| (*c, row.text(*c))).filter(|(_, text)| !text.trim().is_empty()).collect();
            let Some(id) = self.id(!across, &name) else {
                // Remarks below a table and rows of links are no positions.
                let holds =
                    |(_, text): &(u32, String)| matches!(cell::stance(text, self.labels), Ok(Read::Stance { .. }));
                if filled.iter().any(holds) {
                    let why =
                        if name.trim().is_empty() { format!("the row names no {side}") } else { unknown(side, &name) };
                    taken.fault((row.number, key), !name.trim().is_empty(), why, hint(side));
                }
                continue;
            };
            for (column, text) in filled {
                let (Some(stand), Some(other)) =
                    (self.stance(&mut taken, &text, (row.number, column)), columns.get(&column))
                else {
                    continue;
                };
                let (party, topic) = if across { (id, *other) } else { (*other, id) };
                taken.put(party, topic, stand, (row.number, column));
            }
        }
        Some(taken.found)
    }
}

/// Columns of the long form beside party, topic and stance.
struct Others {
    as_of: Option<u32>,
    condition: Option<u32>,
    quote: Option<u32>,
    speaker: Option<u32>,
    outlet: Option<u32>,
    day: Option<u32>,
    ids: Option<u32>,
    doubt: Option<u32>,
}

impl Others {
    fn add(&self, row: &Row, stand: &mut Stand) {
        let text = |column: Option<u32>| column.map(|c| row.text(c).trim().to_string()).unwrap_or_default();
        if self.condition.is_some() {
            let words = text(self.condition);
            stand.conditions =
                Some(words.split("; ").map(str::trim).filter(|w| !w.is_empty()).map(String::from).collect());
        }
        if self.ids.is_some() {
            stand.statements = Some(text(self.ids).split_whitespace().map(String::from).collect());
        }
        stand.uncertain |= text(self.doubt).eq_ignore_ascii_case("yes");
        let evidence = Evidence {
            quote: text(self.quote),
            speaker: text(self.speaker),
            outlet: text(self.outlet),
            day: day(row, self.day),
            stance: Some(stand.stance).and_then(Stance::value),
            ..Evidence::default()
        };
        if !evidence.quote.is_empty() || !evidence.speaker.is_empty() {
            stand.evidence.push(evidence);
        }
    }
}

fn day(row: &Row, column: Option<u32>) -> Option<jiff::civil::Date> {
    match row.cells.get(&column?)? {
        Value::Day(day) => Some(*day),
        other => date::parse(&other.text()),
    }
}

fn plain(value: &Value) -> String {
    value.text().trim().to_lowercase()
}

fn unknown(what: &str, name: &str) -> String {
    format!("\"{}\" is no {what} of the codebook", crate::matrix::words::shorten(name, 60))
}

fn hint(what: &str) -> String {
    let file = if what == "party" { "parties.csv" } else { "topics.toml" };
    format!("Use an id or a name of {file}, or add it there; the rest is compared")
}

/// The name of a cell as spreadsheets have it.
pub fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", rows::letters(column), u64::from(row) + 1)
}
