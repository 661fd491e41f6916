//! Rows of a CSV file as people and spreadsheets write it: commas, semicolons or tabs, UTF-8, UTF-16 or Windows-1252.

use std::collections::BTreeMap;

use super::rows::{Row, Value};

/// Separators that are looked for in the first line; the commonest one of it counts.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// What keeps a CSV file from being read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file holds zero bytes, which no text does.
    #[error("it is no text")]
    NoText,
    /// A line is not CSV.
    #[error("{why}")]
    Line {
        /// 1-based line.
        line: u64,
        /// What is wrong.
        why: String,
    },
}

/// Reads all rows that hold anything. The number of a row is that of its first line, from 0; every cell is text.
///
/// # Errors
/// Fails where the bytes are no text, or a record cannot be told from its neighbours.
pub fn rows(bytes: &[u8]) -> Result<Vec<Row>, Error> {
    let text = decode(bytes)?;
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| first.bytes().filter(|b| *b == separator).count();
    let most = SEPARATORS.into_iter().rev().max_by_key(|s| count(*s)).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(most).from_reader(text.as_bytes());
    let (mut rows, mut counted, mut lines) = (Vec::new(), 0usize, 0u32);
    for record in reader.records() {
        let record = record
            .map_err(|e| Error::Line { line: e.position().map_or(0, csv::Position::line), why: e.to_string() })?;
        // The reader takes the second half of a line end, and empty lines, for the beginning of the next record.
        let start = record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(usize::MAX));
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let begins = start + rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let between = text.as_bytes().get(counted..begins).unwrap_or_default();
        lines = lines.saturating_add(u32::try_from(between.iter().filter(|b| **b == b'\n').count()).unwrap_or(0));
        counted = counted.max(begins);
        let cells: BTreeMap<u32, Value> = (0u32..)
            .zip(&record)
            .filter(|(_, field)| !field.is_empty())
            .map(|(column, field)| (column, Value::Text(field.to_string())))
            .collect();
        if !cells.is_empty() {
            rows.push(Row { number: lines, cells });
        }
    }
    Ok(rows)
}

fn decode(bytes: &[u8]) -> Result<String, Error> {
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, length)) => {
            let rest = bytes.get(length..).unwrap_or_default();
            encoding.decode_without_bom_handling(rest).0.into_owned()
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_string(),
            Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        },
    };
    if text.contains('\0') { Err(Error::NoText) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn separators_and_encodings_of_spreadsheets() {
        let utf16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("a\tb\r\nc\td\r\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in [b"a,b\r\nc,d\r\n".to_vec(), b"\xef\xbb\xbfa;b\nc;d\n".to_vec(), utf16] {
            let rows = rows(&bytes).unwrap();
            assert_eq!(rows.len(), 2);
            assert_eq!((rows[1].text(0), rows[1].text(1), rows[1].number), ("c".into(), "d".into(), 1));
        }
        assert_eq!(rows(b"T\xfcrkiye,1\n").unwrap()[0].text(0), "Türkiye");
        assert!(rows(b"").unwrap().is_empty());
        assert!(matches!(rows(b"a\0b"), Err(Error::NoText)));
    }

    #[test]
    fn the_number_of_a_row_is_its_first_line() {
        let rows = rows(b"a,b\n\"one\ntwo\",c\n\n,,\nd,e\n").unwrap();
        assert_eq!(rows.iter().map(|r| r.number).collect::<Vec<_>>(), [0, 1, 5]);
    }
}
