//! statements.jsonl: one statement a line, and the way back.

use std::io::{BufRead, Read, Write};

use super::Error;
use crate::statement::Statement;

/// Bytes one line may have: a statement is a quote and a paragraph.
const LINE_BYTES: u64 = 16 << 20;

/// Writes one statement as a line of JSON.
///
/// # Errors
/// Fails where `out` does.
pub fn write_statement<W: Write>(mut out: W, statement: &Statement) -> Result<(), Error> {
    serde_json::to_writer(&mut out, statement).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// Writes one statement a line, in the order given.
///
/// # Errors
/// Fails where `out` does.
pub fn write_statements_jsonl<W: Write>(mut out: W, statements: &[Statement]) -> Result<(), Error> {
    for statement in statements {
        write_statement(&mut out, statement)?;
    }
    out.flush()?;
    Ok(())
}

/// Reads one statement a line; empty lines are passed over.
///
/// # Errors
/// Stops at the first line that is no statement and names it.
pub fn read_statements<R: BufRead>(mut input: R) -> Result<Vec<Statement>, Error> {
    let mut statements = Vec::new();
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let read = input.by_ref().take(LINE_BYTES + 1).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            break;
        }
        if read as u64 > LINE_BYTES {
            return Err(Error::TooLong { line, limit: LINE_BYTES });
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").filter(|_| line == 1).unwrap_or(&bytes);
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        statements.push(serde_json::from_slice(text).map_err(|source| Error::Line { line, source })?);
    }
    Ok(statements)
}
