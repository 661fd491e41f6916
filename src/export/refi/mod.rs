//! REFI-QDA, the exchange form of programs for qualitative analysis: NVivo, MAXQDA, ATLAS.ti, QualCoder and others.
//!
//! A codebook (`.qdc`) is XML; a project (`.qdpx`) is a zip archive with the codebook, the texts and what was coded where. Elements stand
//! in the order that the schema of REFI-QDA 1.5 wants.
//!
//! Ids are derived from content: the same codebook has the same ids in both, and on every machine.
//!
//! | file | makes |
//! | --- | --- |
//! | `codes` | codes of topics, stances and parties |
//! | `project` | a project with texts and coded passages |
//! | `place` | the passages, held against the texts |

mod codes;
mod place;
mod project;

use std::io::Write;

pub use place::Coded;
pub use project::write_qdpx;

use super::Error;
use super::xml::Xml;
use crate::base::id::content_id;
use crate::codebook::Codebook;

/// The program that wrote a file, as the files name it.
const ORIGIN: &str = concat!("demarche ", env!("CARGO_PKG_VERSION"));

/// Writes the codebook as REFI-QDA: a group of five codes for each topic, one for each stance on it, and a code for each party of the
/// codebook's table.
///
/// # Errors
/// Fails where `out` does.
pub fn write_qdc<W: Write>(mut out: W, codebook: &Codebook) -> Result<(), Error> {
    let mut xml = Xml::new();
    xml.open("CodeBook", &[("xmlns", "urn:QDA-XML:codebook:1.0"), ("origin", ORIGIN)]);
    codes::write(&mut xml, codebook, &codes::Scheme::new(codebook));
    out.write_all(xml.finish().as_bytes())?;
    Ok(())
}

/// Makes an id in the form of REFI-QDA, a UUID of version 8 (made by a rule of one's own), of what a thing is and what tells it from others.
fn guid(kind: &str, parts: &[&str]) -> String {
    let half = |which: &str| content_id(&[&["refi-qda", which, kind], parts].concat());
    let (first, second) = (half("first"), half("second"));
    format!("{}-{}-8{}-8{}-{}", &first[..8], &first[8..12], &first[13..], &second[1..4], &second[4..])
}

#[cfg(test)]
mod tests {
    use super::guid;

    #[test]
    fn ids_have_the_form_of_the_schema_and_differ() {
        let id = guid("code", &["a", "b"]);
        let lengths: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert!(id.chars().all(|c| c == '-' || c.is_ascii_hexdigit()), "{id}");
        assert_eq!(id, guid("code", &["a", "b"]));
        assert_ne!(id, guid("code", &["ab"]));
        assert_ne!(id, guid("text", &["a", "b"]));
    }
}
