//! Whether a ledger's file is sound, and what is in it.

use super::{Error, Ledger};

/// What a look at the whole of a ledger finds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// Documents that hold.
    pub documents: i64,
    /// Statements that hold.
    pub statements: i64,
    /// Reviews, superseded ones included.
    pub reviews: i64,
    /// Runs.
    pub runs: i64,
    /// When the last run was.
    pub last: Option<String>,
    /// What is at fault; empty where nothing is.
    pub faults: Vec<String>,
}

impl Ledger {
    /// Looks through the file: pages and indices, rows that point nowhere, counts.
    ///
    /// # Errors
    /// Where the ledger cannot be read at all.
    pub fn health(&self) -> Result<Health, Error> {
        let count = |query: &str| self.connection.query_row(query, [], |row| row.get::<_, i64>(0));
        let mut faults = Vec::new();
        let mut check = self.connection.prepare("PRAGMA quick_check(5)")?;
        let found = check.query_map([], |row| row.get::<_, String>(0))?;
        for fault in found {
            faults.push(fault?);
        }
        faults.retain(|fault| fault != "ok");
        let lost = count("SELECT count(*) FROM pragma_foreign_key_check")?;
        if lost > 0 {
            faults.push(format!("{lost} rows point to rows that are not there"));
        }
        let unread =
            count("SELECT count(*) FROM document d LEFT JOIN document_text t ON t.id = d.id WHERE t.id IS NULL")?;
        if unread > 0 {
            faults.push(format!("{unread} documents have no text"));
        }
        Ok(Health {
            documents: count("SELECT count(*) FROM document WHERE dropped_run IS NULL")?,
            statements: count("SELECT count(*) FROM statement WHERE dropped_run IS NULL")?,
            reviews: count("SELECT count(*) FROM review")?,
            runs: count("SELECT count(*) FROM run")?,
            last: self.connection.query_row("SELECT max(at) FROM run", [], |row| row.get(0))?,
            faults,
        })
    }
}
