//! The tables and views of a ledger, and the way from every earlier form of them to the present one.

use std::collections::BTreeMap;
use std::fmt;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::Error;

/// Marks a SQLite file as a ledger ("dmch").
pub(super) const APPLICATION: u32 = 0x646d_6368;

/// What leads from one form to the next, the first from nothing. A step that was published never changes.
const STEPS: [&str; 4] = [
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
];

/// The form that this program writes.
pub const VERSION: u32 = STEPS.len() as u32;

/// Views, made anew after the last step.
const VIEWS: &str = include_str!("schema/views.sql");

/// Reads a number that SQLite keeps of the file.
fn pragma(connection: &Connection, name: &str) -> Result<u32, Error> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

/// Checks that a connection is to a ledger; returns its form, 0 for a file that holds nothing yet.
pub(super) fn version(connection: &Connection) -> Result<u32, Error> {
    let application = pragma(connection, "application_id")?;
    let version = pragma(connection, "user_version")?;
    if application != APPLICATION {
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
        let empty = tables == 0 && application == 0 && version == 0;
        return if empty { Ok(0) } else { Err(Error::NotALedger("another program made this database")) };
    }
    if version > VERSION { Err(Error::Newer(version)) } else { Ok(version) }
}

/// Checks that the tables, indexes and triggers of a ledger of some form are those that this program makes, and its views say what ours say; views
/// that somebody added are theirs. A trigger would act at the next change, and a view in the place of a table may take any time.
pub(super) fn check(connection: &Connection, form: u32) -> Result<(), Error> {
    let fresh = Connection::open_in_memory()?;
    for step in STEPS.iter().take(form as usize) {
        fresh.execute_batch(step)?;
    }
    if form == VERSION {
        fresh.execute_batch(VIEWS)?;
    }
    let (ours, theirs) = (objects(&fresh)?, objects(connection)?);
    for (object, made) in &ours {
        let found = theirs.get(object).ok_or_else(|| Error::Changed(format!("the {object} is missing")))?;
        if found != made {
            return Err(Error::Changed(format!("the {object} is another")));
        }
    }
    let added = theirs.keys().find(|object| object.kind != "view" && !ours.contains_key(object));
    added.map_or(Ok(()), |object| Err(Error::Changed(format!("the {object} was added"))))
}

/// What a database holds: a table, an index, a trigger or a view.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Object {
    kind: String,
    name: String,
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.kind, self.name)
    }
}

/// Lists what a database holds with how it was made, but for what SQLite keeps for itself.
fn objects(connection: &Connection) -> Result<BTreeMap<Object, Option<String>>, Error> {
    let mut all =
        connection.prepare("SELECT type, name, sql FROM sqlite_master WHERE substr(name, 1, 7) <> 'sqlite_'")?;
    let object = |row: &rusqlite::Row<'_>| Ok((Object { kind: row.get(0)?, name: row.get(1)? }, row.get(2)?));
    Ok(all.query_map([], object)?.collect::<Result<_, _>>()?)
}

/// Brings a ledger to the present form in one transaction; returns the form it had.
pub(super) fn migrate(connection: &mut Connection) -> Result<u32, Error> {
    let before = version(connection)?;
    if before == VERSION {
        return Ok(before);
    }
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    // Another program may have done it while this one waited.
    let before = version(&transaction)?;
    check(&transaction, before)?;
    for step in STEPS.iter().skip(before as usize) {
        transaction.execute_batch(step)?;
    }
    if before < VERSION {
        let views = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
        let names: Vec<String> = transaction
            .prepare("SELECT name FROM sqlite_master WHERE type = 'view'")?
            .query_map([], views)?
            .collect::<Result<_, _>>()?;
        for line in VIEWS.lines().filter_map(|l| l.strip_prefix("CREATE VIEW ")) {
            // Views that somebody added by hand are theirs.
            let own = line.split_whitespace().next().unwrap_or("");
            if names.iter().any(|n| n == own) {
                transaction.execute_batch(&format!("DROP VIEW {own}"))?;
            }
        }
        transaction.execute_batch(VIEWS)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()?;
    Ok(before)
}
