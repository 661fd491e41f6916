//! Statements and documents, as they are or as they were known on a day.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use super::apply::{added_id, apply};
use super::review::{Verdict, reviews};
use super::row::{self, day, maybe_kind, unlined, word};
use super::{Error, Ledger};
use crate::base::id::content_id;
use crate::document::DateOrigin;
use crate::statement::{Role, Statement};

/// A document as the ledger knows it, without its text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entry {
    /// Content id of the text.
    pub id: String,
    /// Its name, which no other document of the ledger has.
    pub name: String,
    /// Title, where known.
    pub title: Option<String>,
    /// Outlet, where known.
    pub outlet: Option<String>,
    /// Author, where known.
    pub author: Option<String>,
    /// Address, where known.
    pub url: Option<String>,
    /// Publication date and where it was found.
    pub published: Option<(Date, DateOrigin)>,
    /// Speakers near a position whom the codebook does not place.
    pub unplaced: Vec<String>,
    /// Whether it is on something else than the negotiation, and was not coded.
    pub elsewhere: bool,
    /// Name of the document that it is a copy of, where it is one.
    pub copy_of: Option<String>,
}

impl Entry {
    /// Reads an entry from eleven columns.
    pub(super) fn read(row: &Row<'_>, from: usize) -> rusqlite::Result<Entry> {
        let origin = maybe_kind::<DateOrigin>(row, from + 7)?;
        Ok(Entry {
            id: row.get(from)?,
            name: row.get(from + 1)?,
            title: row.get(from + 2)?,
            outlet: row.get(from + 3)?,
            author: row.get(from + 4)?,
            url: row.get(from + 5)?,
            published: day(row, from + 6)?.zip(origin),
            unplaced: unlined(row.get_ref(from + 8)?.as_str()?),
            elsewhere: row.get(from + 9)?,
            copy_of: row.get(from + 10)?,
        })
    }
}

/// As of which run: the ledger as it is, or as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Known {
    /// As it is.
    #[default]
    Now,
    /// As it was after the run of this number; 0 is before the first.
    Run(i64),
}

impl Known {
    /// A condition on the rows of a table that hold.
    pub(super) fn holds(self, table: &str) -> String {
        match self {
            // The sign keeps SQLite from walking an index of what holds, row by row, where nearly all rows do.
            Known::Now => format!("+{table}.dropped_run IS NULL"),
            Known::Run(n) => {
                format!("{table}.added_run <= {n} AND ({table}.dropped_run IS NULL OR {table}.dropped_run > {n})")
            }
        }
    }
}

/// Which statements to load. Empty lists let everything through.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selection {
    /// As of which run.
    pub known: Known,
    /// Statements by their ids.
    pub ids: Option<BTreeSet<String>>,
    /// Party ids.
    pub parties: Vec<String>,
    /// Topic ids.
    pub topics: Vec<String>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Outlets, as documents name them, in any case.
    pub outlets: Vec<String>,
    /// Part of the speaker's name, in any case.
    pub speaker: Option<String>,
    /// First day; leaves out statements of unknown date.
    pub since: Option<Date>,
    /// Last day; statements of unknown date count as older than all others.
    pub until: Option<Date>,
    /// Least confidence.
    pub min_confidence: f64,
    /// Leaves out what counts for no position: secondhand statements, speakers of no party.
    pub counting: bool,
    /// Takes in all that somebody judged, whatever else is asked: verdicts are told of a cell, not of what counts in it.
    pub judged: bool,
    /// Words of the quotation; as [`Selection::search`] makes them.
    pub words: Option<String>,
    /// Loads context, source, rules, title and address too, which a matrix does not need.
    pub whole: bool,
}

impl Selection {
    /// Tells whether a statement is wanted, the words aside.
    pub fn takes(&self, s: &Statement) -> bool {
        let among = |list: &[String], value: &String| list.is_empty() || list.contains(value);
        let lower = |text: Option<&String>| text.map(|t| t.to_lowercase()).unwrap_or_default();
        let among_outlets = |outlets: &[String]| {
            let outlet = lower(s.outlet.as_ref());
            outlets.iter().any(|o| o.to_lowercase() == outlet)
        };
        let speaks = matches!(s.role, Role::Government | Role::Legislator);
        if self.judged && s.review.is_some() {
            return true;
        }
        self.ids.as_ref().is_none_or(|ids| ids.contains(&s.id))
            && among(&self.parties, &s.party)
            && among(&self.topics, &s.topic)
            && (self.roles.is_empty() || self.roles.contains(&s.role))
            && (self.outlets.is_empty() || among_outlets(&self.outlets))
            && self.speaker.as_ref().is_none_or(|w| lower(s.speaker.as_ref()).contains(&w.to_lowercase()))
            && self.since.is_none_or(|since| s.day().is_some_and(|day| day >= since))
            && self.until.is_none_or(|until| s.day().is_none_or(|day| day <= until))
            && s.confidence >= self.min_confidence
            && (!self.counting || (!s.secondhand && speaks && s.party != "none"))
    }

    /// The same as conditions on rows, as far as SQL can tell; letters of other alphabets are compared afterwards.
    fn conditions(&self) -> (Vec<String>, Vec<Value>) {
        let mut conditions = vec![self.known.holds("s")];
        let mut values = Vec::new();
        if let Some(ids) = &self.ids {
            // One value, however many they are: SQLite takes no more than some thousands.
            conditions.push("s.id IN (SELECT value FROM json_each(?))".to_string());
            values.push(Value::Text(serde_json::json!(ids).to_string()));
        }
        let mut list = |column: &str, items: Vec<String>| {
            if !items.is_empty() {
                let marks = vec!["?"; items.len()].join(", ");
                conditions.push(format!("{column} IN ({marks})"));
                values.extend(items.into_iter().map(Value::Text));
            }
        };
        list("s.party", self.parties.clone());
        list("s.topic", self.topics.clone());
        list("s.role", self.roles.iter().map(word).collect());
        if let Some(since) = self.since {
            conditions.push("s.day >= ?".to_string());
            values.push(Value::Text(since.to_string()));
        }
        if let Some(until) = self.until {
            // Written so that no index serves it: where this is all that is asked, reading on is faster than looking up.
            conditions.push("coalesce(s.day, '') <= ?".to_string());
            values.push(Value::Text(until.to_string()));
        }
        if self.min_confidence > 0.0 {
            conditions.push("s.confidence >= ?".to_string());
            values.push(Value::Real(self.min_confidence));
        }
        if self.counting {
            conditions.push("s.secondhand = 0 AND s.party <> 'none' AND s.role IN ('government', 'legislator')".into());
        }
        (conditions, values)
    }
}

impl Ledger {
    /// Returns what was known on a day: the last run up to its end, in universal time.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn known_on(&self, date: Date) -> Result<Known, Error> {
        let next = date.checked_add(1.day()).map_or_else(|_| "9999-99".to_string(), |d| d.to_string());
        let run: Option<i64> =
            self.connection.query_row("SELECT max(id) FROM run WHERE at < ?1", [next], |r| r.get(0))?;
        Ok(Known::Run(run.unwrap_or(0)))
    }

    /// Returns name and hash of the codebook of the last run, where there was one.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn codebook(&self) -> Result<Option<(String, String)>, Error> {
        let query = "SELECT codebook, codebook_hash FROM run ORDER BY id DESC LIMIT 1";
        Ok(self.connection.query_row(query, [], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
    }

    /// Returns what tells this ledger from others, wherever the file lies: derived from its first run and the first document it took
    /// in. A copy has the same. None before the first run.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn id(&self) -> Result<Option<String>, Error> {
        let query = "SELECT at, command, codebook, options, coalesce((SELECT id FROM document ORDER BY key LIMIT 1), '') \
             FROM run ORDER BY id LIMIT 1";
        let parts = |r: &Row<'_>| (0..5).map(|column| r.get::<_, String>(column)).collect::<Result<Vec<_>, _>>();
        let parts = self.connection.query_row(query, [], parts).optional()?;
        Ok(parts.map(|parts| content_id(&parts.iter().map(String::as_str).collect::<Vec<_>>())))
    }

    /// Returns the number of the last run, 0 where there was none.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn last_run(&self, known: Known) -> Result<i64, Error> {
        let last: Option<i64> = self.connection.query_row("SELECT max(id) FROM run", [], |r| r.get(0))?;
        Ok(match known {
            Known::Now => last.unwrap_or(0),
            Known::Run(run) => run.min(last.unwrap_or(0)),
        })
    }

    /// Returns the last day on which anything was said, whoever said it, days that reviews corrected included.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn last_day(&self, known: Known) -> Result<Option<Date>, Error> {
        let query = format!(
            "SELECT s.day FROM statement s WHERE s.day IS NOT NULL AND {} AND s.document NOT IN ({REVIEWED}) \
             ORDER BY s.day DESC LIMIT 1",
            known.holds("s")
        );
        let read = self.connection.query_row(&query, [], |r| day(r, 0)).optional()?.flatten();
        let reviewed = self.reviewed(&Selection { known, ..Selection::default() })?;
        Ok(read.max(reviewed.iter().filter_map(Statement::day).max()))
    }

    /// Returns the ids of statements that begin so, in order, those that reviewers added included.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn ids(&self, beginning: &str, known: Known) -> Result<BTreeSet<String>, Error> {
        // Ids are hexadecimal: whatever begins so lies before the same with a `g` behind.
        let query =
            format!("SELECT s.id FROM statement s WHERE s.id >= ?1 AND s.id < ?1 || 'g' AND {}", known.holds("s"));
        let mut query = self.connection.prepare(&query)?;
        let mut ids: BTreeSet<String> = query.query_map([beginning], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let added = reviews(&self.connection, known)?
            .into_iter()
            .filter(|r| r.given.verdict == Verdict::Add)
            .map(|r| added_id(&r));
        ids.extend(added.filter(|id| id.starts_with(beginning)));
        Ok(ids)
    }

    /// Returns the documents, by name.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn documents(&self, known: Known) -> Result<Vec<Entry>, Error> {
        let query = format!(
            "SELECT d.id, d.name, d.title, d.outlet, d.author, d.url, d.published, d.published_from, d.unplaced, \
             d.elsewhere, d.copy_of \
             FROM document d WHERE {} ORDER BY d.name",
            known.holds("d")
        );
        let mut query = self.connection.prepare(&query)?;
        let rows = query.query_map([], |r| Entry::read(r, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the text of a document by its name.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let query = "SELECT t.text FROM document d JOIN document_text t ON t.id = d.id \
             WHERE d.name = ?1 AND d.dropped_run IS NULL";
        Ok(self.connection.query_row(query, [name], |r| r.get(0)).optional()?)
    }

    /// Returns statements with reviews applied, by document and place in it. Rejected ones are among them, and marked.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn statements(&self, selection: &Selection) -> Result<Vec<Statement>, Error> {
        let mut found = Vec::new();
        visit(&self.connection, selection, Of::NotReviewed(&Part::WHOLE), |statement| {
            found.push(std::mem::replace(statement, row::blank()))
        })?;
        found.extend(self.reviewed(selection)?);
        in_order(&mut found);
        Ok(found)
    }

    /// Hands over the same statements a story at a time, so that they need not all be in memory: those of one document, or of all that are
    /// copies of it; stories come in no order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn each_document(&self, selection: &Selection, take: impl FnMut(&[Statement])) -> Result<(), Error> {
        self.each_document_of(&Part::WHOLE, selection, take)
    }

    /// Takes the same in beside each other, as many readers of one moment as there are threads: each begins with `empty` and goes
    /// through a part of the documents. Returns what each made, which the caller joins.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn gather<T: Send>(
        &self,
        selection: &Selection,
        empty: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, &[Statement]) + Sync,
    ) -> Result<Vec<T>, Error> {
        let go = |ledger: &Ledger, part: &Part| {
            let mut made = empty();
            ledger.each_document_of(part, selection, |statements| take(&mut made, statements)).map(|()| made)
        };
        let readers = self.readers()?;
        if readers.is_empty() {
            return go(self, &Part::WHOLE).map(|made| vec![made]);
        }
        readers.into_par_iter().map(|(reader, part)| go(&reader, &part)).collect()
    }

    /// A reader for each part; none where one is enough, or somebody has written since this one held.
    fn readers(&self) -> Result<Vec<(Ledger, Part)>, Error> {
        let parts = self.parts(rayon::current_num_threads())?;
        if parts.len() < 2 {
            return Ok(Vec::new());
        }
        let readers = parts.into_iter().map(|part| Ok(self.again()?.map(|reader| (reader, part))));
        readers.collect::<Result<Option<_>, _>>().map(Option::unwrap_or_default)
    }

    /// The statements of one part's documents.
    fn each_document_of(
        &self,
        part: &Part,
        selection: &Selection,
        mut take: impl FnMut(&[Statement]),
    ) -> Result<(), Error> {
        let (mut together, mut spent): (Vec<Statement>, Vec<Statement>) = (Vec::new(), Vec::new());
        let mut put = |statement: Option<&mut Statement>| {
            if together.first().is_some_and(|last| statement.as_ref().is_none_or(|s| s.story() != last.story())) {
                in_order(&mut together);
                take(&together);
                spent.append(&mut together);
            }
            together.extend(statement.map(|s| std::mem::replace(s, spent.pop().unwrap_or_else(row::blank))));
        };
        visit(&self.connection, selection, Of::Single(part), |statement| put(Some(statement)))?;
        if part.is_last() {
            visit(&self.connection, selection, Of::Copies, |statement| put(Some(statement)))?;
            let mut reviewed = self.reviewed(selection)?;
            reviewed.sort_by(|a, b| a.story().cmp(b.story()));
            reviewed.iter_mut().map(Some).for_each(&mut put);
        }
        put(None);
        Ok(())
    }

    /// Takes the ledger apart into so many parts of about one size; one part where it is small.
    fn parts(&self, count: usize) -> Result<Vec<Part>, Error> {
        let last: Option<i64> = self.connection.query_row("SELECT max(key) FROM statement", [], |r| r.get(0))?;
        let (last, count) = (last.unwrap_or(0), i64::try_from(count).unwrap_or(1));
        if last < SMALL || count < 2 {
            return Ok(vec![Part::WHOLE]);
        }
        let column = order(&self.connection)?;
        // A part begins with the first statement of a document.
        let query = format!(
            "SELECT min({column}) FROM statement s \
             WHERE s.document = (SELECT document FROM statement WHERE key >= ?1 ORDER BY key LIMIT 1)"
        );
        let mut beginnings = vec![i64::MIN];
        for number in 1..count {
            let found: Option<i64> = self.connection.query_row(&query, [last / count * number], |r| r.get(0))?;
            beginnings.extend(found.filter(|key| beginnings.last().is_some_and(|before| before < key)));
        }
        let ends = beginnings.iter().skip(1).copied().chain([i64::MAX]);
        Ok(beginnings.iter().copied().zip(ends).map(|(from, to)| Part { column, from, to }).collect())
    }

    /// The statements of documents with reviews, reviews applied.
    fn reviewed(&self, selection: &Selection) -> Result<Vec<Statement>, Error> {
        let reviews = reviews(&self.connection, selection.known)?;
        // A review may change whatever is asked for, so these are loaded whole and asked afterwards.
        let all = Selection { known: selection.known, whole: selection.whole, ..Selection::default() };
        let mut reviewed = apply(reviewed_rows(&self.connection, &all)?, &reviews).statements;
        reviewed.retain(|s| selection.takes(s));
        match &selection.words {
            Some(words) => holding(reviewed, words),
            None => Ok(reviewed),
        }
    }
}

/// Some of a ledger's documents: those whose keys, or whose statements' keys, lie in a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    column: &'static str,
    from: i64,
    to: i64,
}

impl Part {
    /// All of them.
    const WHOLE: Part = Part { column: "s.key", from: i64::MIN, to: i64::MAX };

    /// Documents with reviews and copies, which are few, go to the last part.
    fn is_last(&self) -> bool {
        self.to == i64::MAX
    }
}

/// Up to this many statements one reader is fast enough.
const SMALL: i64 = 20_000;

/// Documents whose statements are wanted.
#[derive(Clone, Copy)]
enum Of<'a> {
    Reviewed,
    NotReviewed(&'a Part),
    /// Those that are not reviewed, have no copy and are none.
    Single(&'a Part),
    /// Those that are not reviewed, and have a copy or are one.
    Copies,
}

/// Keys of documents that anybody reviewed, at whatever time, and of their copies.
const REVIEWED: &str = "SELECT key FROM document WHERE coalesce(copy_of, name) IN \
     (SELECT coalesce(copy_of, name) FROM document WHERE id IN (SELECT document_id FROM review))";

/// Keys of documents that are copies, or have one.
const COPIES: &str = "SELECT key FROM document WHERE coalesce(copy_of, name) IN \
     (SELECT copy_of FROM document WHERE copy_of IS NOT NULL)";

/// Whether any document was coded again. Where none was, the statements of each lie together in the order they were written, which
/// is read without an index.
const RECODED: &str = "SELECT EXISTS (SELECT 1 FROM document WHERE coded_run <> added_run)";

/// The column by whose order the statements of each document come together.
fn order(connection: &Connection) -> Result<&'static str, Error> {
    let recoded: bool = connection.query_row(RECODED, [], |row| row.get(0))?;
    Ok(if recoded { "s.document" } else { "s.key" })
}

/// Returns the statements of documents with reviews, as the machine read them.
pub(super) fn reviewed_rows(connection: &Connection, selection: &Selection) -> Result<Vec<Statement>, Error> {
    let mut found = Vec::new();
    visit(connection, selection, Of::Reviewed, |statement| found.push(std::mem::replace(statement, row::blank())))?;
    Ok(found)
}

/// Hands over the statements of these documents, document after document.
fn visit(
    connection: &Connection,
    selection: &Selection,
    of: Of<'_>,
    mut take: impl FnMut(&mut Statement),
) -> Result<(), Error> {
    let (mut conditions, mut values) = selection.conditions();
    let (mut passed, mut sorted): (Vec<i64>, &str) = (Vec::new(), "s.document");
    match of {
        Of::Reviewed => conditions.push(format!("s.document IN ({REVIEWED})")),
        Of::Copies => {
            conditions.push(format!("s.document IN ({COPIES}) AND s.document NOT IN ({REVIEWED})"));
            sorted = "coalesce(d.copy_of, d.name), d.name";
        }
        Of::NotReviewed(part) | Of::Single(part) => {
            let keys =
                if matches!(of, Of::Single(_)) { format!("{REVIEWED} UNION {COPIES}") } else { REVIEWED.to_string() };
            let mut keys = connection.prepare(&format!("{keys} ORDER BY key"))?;
            passed = keys.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            sorted = order(connection)?;
            if *part != Part::WHOLE {
                conditions.push(format!("{0} >= {1} AND {0} < {2}", part.column, part.from, part.to));
            }
        }
    }
    let mut from = "statement s JOIN document d ON d.key = s.document".to_string();
    let mut columns = row::COLUMNS.to_string();
    if selection.whole {
        columns.push_str(row::PASSAGE);
        from.push_str(" JOIN passage p ON p.statement = s.key");
    }
    if let Some(words) = &selection.words {
        conditions.push("s.key IN (SELECT rowid FROM quote_search WHERE quote_search MATCH ?)".to_string());
        values.push(Value::Text(words.clone()));
    }
    let conditions = conditions.join(" AND ");
    let query = format!("SELECT {columns}, s.document FROM {from} WHERE {conditions} ORDER BY {sorted}");
    let mut query = connection.prepare(&query)?;
    let document = query.column_count() - 1;
    let mut rows = query.query(params_from_iter(values))?;
    let mut statement = row::blank();
    while let Some(row) = rows.next()? {
        if !passed.is_empty() && passed.binary_search(&row.get(document)?).is_ok() {
            continue;
        }
        row::statement(row, selection.whole, &mut statement)?;
        if selection.takes(&statement) {
            take(&mut statement);
        }
    }
    Ok(())
}

/// Keeps the statements whose quotations hold the words, as a search would tell: for those that no search knows.
fn holding(statements: Vec<Statement>, words: &str) -> Result<Vec<Statement>, Error> {
    let memory = Connection::open_in_memory()?;
    memory.execute_batch(
        "CREATE VIRTUAL TABLE quote_search USING fts5 (quote, tokenize = 'porter unicode61 remove_diacritics 2')",
    )?;
    let mut insert = memory.prepare("INSERT INTO quote_search (rowid, quote) VALUES (?1, ?2)")?;
    for (number, statement) in statements.iter().enumerate() {
        insert.execute(params![i64::try_from(number).unwrap_or(i64::MAX), statement.quote])?;
    }
    let mut query = memory.prepare("SELECT rowid FROM quote_search WHERE quote_search MATCH ?1")?;
    let hits: BTreeSet<i64> = query.query_map([words], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut number = -1;
    let kept = statements.into_iter().filter(|_| {
        number += 1;
        hits.contains(&number)
    });
    Ok(kept.collect())
}

/// Puts statements into the order in which documents are read and coded.
fn in_order(statements: &mut [Statement]) {
    statements.sort_by(|a, b| {
        (&a.doc, a.start, a.end, &a.topic, &a.party, &a.id).cmp(&(&b.doc, b.start, b.end, &b.topic, &b.party, &b.id))
    });
}
