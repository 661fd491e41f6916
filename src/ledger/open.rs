//! Opening and refusing files, one writer at a time.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::schema::{self, APPLICATION, VERSION};
use super::{Error, Known};
use crate::base::file::read_text;
use crate::base::plain::is_command;

/// How every SQLite file begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Bytes of that beginning which tell what the file is.
const HEAD: usize = 100;
/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(3);

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    migrated: Option<u32>,
}

/// Tells whether a file begins as a ledger does; whether it is a sound one shows when it is opened. A pipe is never read: what is
/// taken out of it is gone for whoever reads it next.
pub fn is_ledger(path: impl AsRef<Path>) -> bool {
    let path = path.as_ref();
    let mut magic = [0; 16];
    path.is_file() && File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *MAGIC
}

impl Ledger {
    /// Opens a ledger that is there. One of an earlier form is brought to the present one.
    ///
    /// # Errors
    /// Where the file is missing, no ledger, newer than this program or damaged; it is then untouched.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        if !path.exists() {
            return Err(Error::Missing);
        }
        let length = inspect(path)?;
        if length == 0 {
            return Err(Error::NotALedger("it is empty"));
        }
        Ledger::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens a ledger, or makes one where no file is.
    ///
    /// # Errors
    /// Those of [`Ledger::open`], and where the file or its folder cannot be made.
    pub fn open_or_create(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|e| Error::Unwritable(e.to_string()))?;
        }
        if path.exists() {
            inspect(path)?;
        }
        Ledger::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self, Error> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(|e| Error::Unwritable(e.to_string()))?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let before = match schema::version(&connection) {
            // A folder that takes no files has no room for what SQLite needs beside the ledger; nobody writes there either.
            Err(Error::Other(_) | Error::Unwritable(_)) if !beside(path, "-wal").exists() => {
                let name = path.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
                connection = Connection::open_with_flags(format!("file:{name}?immutable=1"), flags)?;
                schema::version(&connection)?
            }
            found => found?,
        };
        // What a stranger may have put into the file is not to be believed, nor to act.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        if before == VERSION {
            schema::check(&connection, before)?;
        }
        // Asked for earlier, it would read the file, and fail where the fallback above is for.
        connection.pragma_update(None, "cache_size", -65_536)?;
        if before == VERSION {
            return Ok(Ledger { connection, path: path.to_path_buf(), migrated: None });
        }
        let named = |e: Error| held(e, path);
        // Readers then go on while somebody writes. It stays with the file.
        connection.pragma_update(None, "journal_mode", "wal").map_err(|e| named(e.into()))?;
        let before = schema::migrate(&mut connection).map_err(named)?;
        let migrated = (before > 0 && before < VERSION).then_some(before);
        Ok(Ledger { connection, path: path.to_path_buf(), migrated })
    }

    /// Returns the form the ledger had before this program opened it, where it was an earlier one.
    pub fn migrated(&self) -> Option<u32> {
        self.migrated
    }

    /// Holds the ledger as it is, whatever others write from now on, until it is closed.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn hold(&self) -> Result<(), Error> {
        self.connection.execute_batch("BEGIN")?;
        // SQLite holds from the first time that anything is read.
        self.last_run(Known::Now).map(drop)
    }

    /// Opens another reader of the same moment, for another thread; none where somebody has written since this one held.
    pub(super) fn again(&self) -> Result<Option<Ledger>, Error> {
        let other = Ledger::open(&self.path)?;
        // Each reads its part once.
        other.connection.pragma_update(None, "cache_size", -8_192)?;
        other.hold()?;
        // Nothing is written but by a run, which leaves a row.
        let same = other.last_run(Known::Now)? == self.last_run(Known::Now)?;
        Ok(same.then_some(other))
    }

    /// Begins the one transaction of a writer.
    pub(super) fn begin(&mut self, who: &str) -> Result<(Transaction<'_>, Sign), Error> {
        let path = self.path.clone();
        let transaction = Transaction::new(&mut self.connection, TransactionBehavior::Immediate)
            .map_err(|e| held(e.into(), &path))?;
        Ok((transaction, Sign::put(&path, who)))
    }
}

/// Looks at the beginning of a file without SQLite, which might change it; returns its length.
fn inspect(path: &Path) -> Result<u64, Error> {
    let meta = fs::metadata(path)?;
    if !meta.is_file() {
        return Err(Error::NotALedger(if meta.is_dir() { "it is a folder" } else { "it is a pipe or a device" }));
    }
    if meta.len() == 0 {
        return Ok(0);
    }
    let mut head = Vec::with_capacity(HEAD);
    File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    if !head.starts_with(MAGIC) {
        return Err(Error::NotALedger("it is not a SQLite file"));
    }
    let number = |at: usize| head.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes);
    let (pages, version, application) = (number(28), number(60), number(68));
    if head.len() < HEAD {
        return Err(Error::Damaged("it ends within its first page".into()));
    }
    // What was written last may still stand in the file beside it, which SQLite reads.
    let settled = fs::metadata(beside(path, "-wal")).map_or(0, |m| m.len()) == 0;
    if application != APPLICATION && (application != 0 || (settled && version != 0)) {
        return Err(Error::NotALedger("another program made this database"));
    }
    if version > VERSION {
        return Err(Error::Newer(version));
    }
    let size = match head.get(16..18) {
        Some([0, 1]) => 65_536,
        Some([high, low]) => u64::from(*high) << 8 | u64::from(*low),
        _ => 0,
    };
    if settled && !beside(path, "-journal").exists() && u64::from(pages) * size > meta.len() {
        let (told, found) = (u64::from(pages) * size, meta.len());
        return Err(Error::Damaged(format!("it should have {told} bytes and has {found}")));
    }
    Ok(meta.len())
}

/// The path of a file that SQLite or we keep beside the ledger.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    PathBuf::from(name)
}

/// Says who holds a busy ledger, where that is known.
fn held(error: Error, path: &Path) -> Error {
    match error {
        Error::Busy(None) => {
            /// Bytes that a name takes at most.
            const NAME: u64 = 200;
            let told = read_text(beside(path, "-writer"), NAME).ok();
            let shown = told.map(|who| who.chars().filter(|c| !is_command(*c) && *c != '\n').collect::<String>());
            Error::Busy(shown.filter(|who| !who.is_empty()))
        }
        other => other,
    }
}

/// A file beside the ledger that names its writer to others. It locks nothing: that is SQLite's work, and where a writer was
/// killed the next one puts its own name there.
#[derive(Debug)]
pub(super) struct Sign(PathBuf);

impl Sign {
    fn put(ledger: &Path, who: &str) -> Sign {
        let path = beside(ledger, "-writer");
        // Without it a second writer is told less, and nothing else is lost. What stands there may be a link to another's file.
        fs::remove_file(&path).ok();
        let mut new = fs::OpenOptions::new();
        if let Ok(mut file) = new.write(true).create_new(true).open(&path) {
            write!(file, "{who} (process {})", std::process::id()).ok();
        }
        Sign(path)
    }
}

impl Drop for Sign {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}
