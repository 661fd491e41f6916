//! Runs, documents and their statements.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rusqlite::{OptionalExtension, Transaction, params};

use super::open::{Ledger, Sign};
use super::row::{self, iso, word};
use super::{Entry, Error};
use crate::document::copies::{self, Copies, Sketch};
use crate::document::{DateOrigin, Document, Given, again};
use crate::statement::{Coded, Statement};

/// A run of a command that writes.
#[derive(Debug, Clone)]
pub struct Run {
    /// When.
    pub at: Timestamp,
    /// The command's name.
    pub command: String,
    /// Version of the program that codes.
    pub engine: String,
    /// Name of the codebook.
    pub codebook: String,
    /// Its content hash.
    pub codebook_hash: String,
    /// Further options, as words.
    pub options: String,
}

/// What a run changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Documents that were not there.
    pub added: usize,
    /// Those of them that are copies of another.
    pub copies: usize,
    /// Documents of which something else is known now: a date, an outlet.
    pub changed: usize,
    /// Documents coded again because engine or codebook are others.
    pub recoded: usize,
    /// Statements that came in.
    pub statements_added: usize,
    /// Statements that no longer hold.
    pub statements_dropped: usize,
    /// Reviews that came in.
    pub reviews: usize,
}

/// How a document stands to those stored.
#[derive(Debug, Clone, PartialEq)]
pub enum Stored {
    /// Its text is not there.
    New,
    /// It is there, and nothing new is known of it.
    Same,
    /// It is there, and this is what is known of it now.
    Changed(Box<Document>),
    /// Its text is there under this other name.
    Elsewhere(String),
}

/// The one transaction of a command that writes: [`Writing::commit`] makes all of it last, dropping it none.
#[derive(Debug)]
pub struct Writing<'l> {
    pub(super) transaction: Transaction<'l>,
    pub(super) run: i64,
    pub(super) tally: Tally,
    engine: String,
    codebook_hash: String,
    at: Timestamp,
    /// Documents that copies are held against, and the days of which they are.
    copies: Copies,
    days: BTreeSet<Option<Date>>,
    _sign: Sign,
}

impl Ledger {
    /// Begins a run. `recode` allows a codebook of another name than the ledger's, and codes all documents again.
    ///
    /// # Errors
    /// Where another program writes, or the ledger belongs to another codebook.
    pub fn write(&mut self, run: &Run, recode: bool) -> Result<Writing<'_>, Error> {
        let who = format!("demarche {}", run.command);
        let (transaction, sign) = self.begin(&who)?;
        let last = "SELECT at, codebook FROM run ORDER BY id DESC LIMIT 1";
        let last: Option<(String, String)> =
            transaction.query_row(last, [], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        let mut at = run.at;
        if let Some((before, codebook)) = last {
            if codebook != run.codebook && !recode {
                return Err(Error::OtherCodebook { found: codebook, asked: run.codebook.clone() });
            }
            // What was known on a day is told by the order of runs, which a clock put back must not break.
            at = before.parse().map_or(at, |before: Timestamp| at.max(before));
        }
        let at = Timestamp::from_second(at.as_second()).unwrap_or(at);
        transaction.execute(
            "INSERT INTO run (at, command, engine, codebook, codebook_hash, options) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![at.to_string(), run.command, run.engine, run.codebook, run.codebook_hash, run.options],
        )?;
        let number = transaction.last_insert_rowid();
        let engine = if recode { String::new() } else { run.engine.clone() };
        let codebook_hash = run.codebook_hash.clone();
        let (copies, days) = (Copies::default(), BTreeSet::new());
        Ok(Writing {
            transaction,
            run: number,
            tally: Tally::default(),
            engine,
            codebook_hash,
            at,
            copies,
            days,
            _sign: sign,
        })
    }
}

/// A document as stored, to be coded again.
struct Row {
    key: i64,
    entry: Entry,
    file: String,
}

const DOCUMENT: &str = "SELECT d.key, d.file, d.id, d.name, d.title, d.outlet, d.author, d.url, d.published, \
     d.published_from, d.unplaced, d.elsewhere, d.copy_of FROM document d";

impl Row {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
        Ok(Row { key: row.get(0)?, file: row.get(1)?, entry: Entry::read(row, 2)? })
    }

    fn tells(&self, document: &Document) -> bool {
        let entry = &self.entry;
        (&entry.title, &entry.outlet, &entry.author, &entry.url, entry.published)
            == (&document.title, &document.outlet, &document.author, &document.url, document.published)
    }
}

impl Writing<'_> {
    /// Returns when the run is said to have been: its own time, or that of the run before where the clock was put back.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Returns the ids of all documents stored, so that they need not be coded only to be met.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn documents(&self) -> Result<DocumentIds, Error> {
        let mut query = self.transaction.prepare("SELECT id FROM document WHERE dropped_run IS NULL")?;
        let ids = query.query_map([], |row| Ok(number(row.get_ref(0)?.as_str()?)))?;
        let mut ids: Vec<u64> = ids.collect::<Result<_, _>>()?;
        ids.sort_unstable();
        Ok(DocumentIds(ids))
    }

    /// Tells how a document stands to those stored.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn meet(&self, document: &Document) -> Result<Stored, Error> {
        let Some(row) = self.row(&document.id)? else { return Ok(Stored::New) };
        if row.file != document.name {
            return Ok(Stored::Elsewhere(row.entry.name));
        }
        // What was known stays known; what is given anew counts, a date only where it is as sure as the one before.
        let entry = row.entry.clone();
        let mut merged = document.clone();
        let differs = |now: &Option<String>, before: &Option<String>| before.is_some() && now != before;
        if differs(&merged.title, &entry.title) || differs(&merged.author, &entry.author) {
            // What the text alone tells is a guess, and was there before.
            let guess = again(&document.name, document.text.clone(), &Given::default());
            merged.title = merged.title.filter(|title| Some(title) != guess.title.as_ref());
            merged.author = merged.author.filter(|author| Some(author) != guess.author.as_ref());
        }
        merged.title = merged.title.or(entry.title).or_else(|| document.title.clone());
        merged.outlet = merged.outlet.or(entry.outlet);
        merged.author = merged.author.or(entry.author).or_else(|| document.author.clone());
        merged.url = merged.url.or(entry.url);
        merged.published = match (merged.published, entry.published) {
            (Some((_, now)), Some(before)) if now > before.1 => Some(before),
            (now, before) => now.or(before),
        };
        Ok(if row.tells(&merged) { Stored::Same } else { Stored::Changed(Box::new(merged)) })
    }

    fn row(&self, id: &str) -> Result<Option<Row>, Error> {
        let query = format!("{DOCUMENT} WHERE d.id = ?1 AND d.dropped_run IS NULL");
        Ok(self.transaction.prepare_cached(&query)?.query_row([id], Row::read).optional()?)
    }

    /// Stores a document and what was coded in it, in the place of what was stored of the same text; returns the name it has in the
    /// ledger.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn put(&mut self, document: &Document, coded: &Coded) -> Result<String, Error> {
        let before = self.row(&document.id)?;
        let (key, name) = match &before {
            Some(row) if row.tells(document) => {
                let change = "UPDATE document SET coded_run = ?2, unplaced = ?3, elsewhere = ?4 WHERE key = ?1";
                let unplaced = row::lines(&coded.unplaced);
                self.transaction.prepare_cached(change)?.execute(params![
                    row.key,
                    self.run,
                    unplaced,
                    coded.elsewhere
                ])?;
                self.tally.recoded += 1;
                (row.key, row.entry.name.clone())
            }
            Some(row) => {
                self.drop_statements(row.key)?;
                let change = "UPDATE document SET dropped_run = ?2 WHERE key = ?1";
                self.transaction.prepare_cached(change)?.execute(params![row.key, self.run])?;
                self.tally.changed += 1;
                let name = row.entry.name.clone();
                let (file, copy_of) = (row.file.as_str(), row.entry.copy_of.as_deref());
                (self.insert(document, (&name, file, copy_of), coded)?, name)
            }
            None => {
                let text = "INSERT OR IGNORE INTO document_text (id, text) VALUES (?1, ?2)";
                self.transaction.prepare_cached(text)?.execute(params![document.id, document.text])?;
                self.tally.added += 1;
                let name = self.free(&document.name)?;
                let copy_of = self.copy_of(document, &name, !coded.statements.is_empty())?;
                self.tally.copies += usize::from(copy_of.is_some());
                (self.insert(document, (&name, &document.name, copy_of.as_deref()), coded)?, name)
            }
        };
        self.statements(key, &name, &coded.statements)?;
        Ok(name)
    }

    /// Returns the document of the ledger that a new one is a copy of, and keeps what its own copies are told by. Of documents in which nothing is
    /// found it is kept for the day they are coded again.
    fn copy_of(&mut self, document: &Document, name: &str, is_coded: bool) -> Result<Option<String>, Error> {
        let Some(sketch) = Sketch::of(&document.text) else { return Ok(None) };
        let insert = "INSERT OR IGNORE INTO sketch (id, hashes) VALUES (?1, ?2)";
        self.transaction.prepare_cached(insert)?.execute(params![document.id, sketch.to_bytes()])?;
        if !is_coded {
            return Ok(None);
        }
        let day = document.published.map(|(day, _)| day);
        self.remember(day)?;
        Ok(self.copies.meet(name, day, sketch))
    }

    /// Remembers the documents of the days on which a copy of one of that day may have come.
    fn remember(&mut self, day: Option<Date>) -> Result<(), Error> {
        let days: Vec<Option<Date>> = match day.map(copies::window) {
            None => vec![None],
            Some((first, last)) => first.series(1.day()).take_while(|day| *day <= last).map(Some).collect(),
        };
        let query = "SELECT coalesce(d.copy_of, d.name), k.hashes FROM document d JOIN sketch k ON k.id = d.id \
             WHERE d.dropped_run IS NULL AND d.published IS ?1 \
             AND EXISTS (SELECT 1 FROM statement s WHERE s.document = d.key AND s.dropped_run IS NULL) ORDER BY d.key";
        for day in days {
            if !self.days.insert(day) {
                continue;
            }
            let mut query = self.transaction.prepare_cached(query)?;
            let mut rows = query.query([iso(day)])?;
            while let Some(row) = rows.next()? {
                if let Some(sketch) = Sketch::from_bytes(&row.get::<_, Vec<u8>>(1)?) {
                    self.copies.remember(&row.get::<_, String>(0)?, day, sketch);
                }
            }
        }
        Ok(())
    }

    /// Writes the row of a document under its name, with the file it came from and the document it is a copy of.
    fn insert(
        &self,
        document: &Document,
        (name, file, copy_of): (&str, &str, Option<&str>),
        coded: &Coded,
    ) -> Result<i64, Error> {
        let query = "INSERT INTO document (id, name, file, title, outlet, url, author, published, published_from, \
             unplaced, elsewhere, copy_of, coded_run, added_run) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)";
        self.transaction.prepare_cached(query)?.execute(params![
            document.id,
            name,
            file,
            document.title,
            document.outlet,
            document.url,
            document.author,
            iso(document.published.map(|(day, _)| day)),
            document.published.map(|(_, origin)| word(origin)),
            row::lines(&coded.unplaced),
            coded.elsewhere,
            copy_of,
            self.run,
        ])?;
        Ok(self.transaction.last_insert_rowid())
    }

    /// A name that no other document has: another text of the same name is told apart by a number.
    fn free(&self, name: &str) -> Result<String, Error> {
        let mut query =
            self.transaction.prepare_cached("SELECT 1 FROM document WHERE name = ?1 AND dropped_run IS NULL")?;
        let mut free = name.to_string();
        for n in 2.. {
            if !query.exists([&free])? {
                break;
            }
            free = format!("{name}~{n}");
        }
        Ok(free)
    }

    fn drop_statements(&mut self, document: i64) -> Result<(), Error> {
        let change = "UPDATE statement SET dropped_run = ?2 WHERE document = ?1 AND dropped_run IS NULL";
        self.tally.statements_dropped +=
            self.transaction.prepare_cached(change)?.execute(params![document, self.run])?;
        Ok(())
    }

    /// Stores the statements of a document; those that hold as they were stay untouched.
    fn statements(&mut self, document: i64, name: &str, statements: &[Statement]) -> Result<(), Error> {
        let mut before = self.held(document)?;
        for statement in statements {
            if let Some((key, other)) = before.remove(&statement.id) {
                let copy_of = other.copy_of.clone();
                let named = Statement { doc: name.to_string(), copy_of, ..statement.clone() };
                if other == named {
                    continue;
                }
                self.drop_statement(key)?;
            }
            self.add(document, statement)?;
        }
        for (key, _) in before.into_values() {
            self.drop_statement(key)?;
        }
        Ok(())
    }

    fn held(&self, document: i64) -> Result<BTreeMap<String, (i64, Statement)>, Error> {
        let query = format!(
            "SELECT {}{}, s.key FROM statement s JOIN document d ON d.key = s.document JOIN passage p ON p.statement = s.key \
             WHERE s.document = ?1 AND s.dropped_run IS NULL",
            row::COLUMNS,
            row::PASSAGE
        );
        let mut query = self.transaction.prepare_cached(&query)?;
        let rows = query.query_map([document], |r| {
            let mut statement = row::blank();
            row::statement(r, true, &mut statement)?;
            Ok((statement.id.clone(), (r.get("key")?, statement)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn drop_statement(&mut self, key: i64) -> Result<(), Error> {
        let change = "UPDATE statement SET dropped_run = ?2 WHERE key = ?1";
        self.tally.statements_dropped += self.transaction.prepare_cached(change)?.execute(params![key, self.run])?;
        Ok(())
    }

    fn add(&mut self, document: i64, s: &Statement) -> Result<(), Error> {
        let query = "INSERT INTO statement (id, document, party, topic, stance, day, stated_on, confidence, role, rank, \
             mode, joint, secondhand, start, \"end\", speaker, condition, quote, added_run) VALUES \
             (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
        self.transaction.prepare_cached(query)?.execute(params![
            s.id,
            document,
            s.party,
            s.topic,
            s.stance,
            iso(s.day()),
            iso(s.stated_on),
            s.confidence,
            word(s.role),
            word(s.rank),
            word(s.mode),
            s.joint,
            s.secondhand,
            s.start,
            s.end,
            s.speaker,
            s.condition,
            s.quote,
            self.run,
        ])?;
        let key = self.transaction.last_insert_rowid();
        let query = "INSERT INTO passage (statement, context, source_text, rules) VALUES (?1, ?2, ?3, ?4)";
        let rules = row::lines(&s.rules);
        self.transaction.prepare_cached(query)?.execute(params![key, s.context, s.source_text, rules])?;
        self.tally.statements_added += 1;
        Ok(())
    }

    /// Returns up to `limit` documents that were coded with another engine or codebook, made again from their texts; those
    /// coded in this run are none of them, so that asking until none comes does all.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn outdated(&self, limit: usize) -> Result<Vec<Document>, Error> {
        let query = format!(
            "{DOCUMENT} JOIN run r ON r.id = d.coded_run WHERE d.dropped_run IS NULL AND d.coded_run < ?1 \
             AND (r.engine <> ?2 OR r.codebook_hash <> ?3) ORDER BY d.key LIMIT ?4"
        );
        let mut query = self.transaction.prepare_cached(&query)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = query.query_map(params![self.run, self.engine, self.codebook_hash, limit], Row::read)?;
        let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
        rows.into_iter().map(|row| self.again(row)).collect()
    }

    fn again(&self, row: Row) -> Result<Document, Error> {
        let mut query = self.transaction.prepare_cached("SELECT text FROM document_text WHERE id = ?1")?;
        let text: String = query.query_row([&row.entry.id], |r| r.get(0))?;
        let known = row.entry;
        let given = Given {
            published: known.published.filter(|(_, origin)| *origin == DateOrigin::Given).map(|(day, _)| day),
            outlet: known.outlet,
            title: known.title,
            url: known.url,
            author: known.author,
        };
        let mut document = again(&row.file, text, &given);
        // What the form of the file knew is not in its text.
        let beside = |origin: DateOrigin| matches!(origin, DateOrigin::Metadata | DateOrigin::Made);
        document.published = known.published.filter(|(_, origin)| beside(*origin)).or(document.published);
        Ok(document)
    }

    /// Makes the run last, where it changed anything; one that changed nothing leaves no trace.
    ///
    /// # Errors
    /// Where the disk is full or fails; the ledger is then as it was.
    pub fn commit(self) -> Result<Tally, Error> {
        if self.tally == Tally::default() {
            self.transaction.rollback()?;
        } else {
            self.transaction.commit()?;
        }
        Ok(self.tally)
    }
}

/// Ids of documents; of many documents they are held for the whole of a run, so each as the number it is.
#[derive(Debug)]
pub struct DocumentIds(Vec<u64>);

impl DocumentIds {
    /// Tells whether a document is among them.
    pub fn contains(&self, id: &str) -> bool {
        self.0.binary_search(&number(id)).is_ok()
    }
}

fn number(id: &str) -> u64 {
    u64::from_str_radix(id, 16).unwrap_or(0)
}
