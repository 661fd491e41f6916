//! A project: codes, texts, and the passages that were coded.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::codes::{self, Scheme};
use super::{Coded, ORIGIN, guid};
use crate::codebook::Codebook;
use crate::export::xml::Xml;
use crate::export::{Error, Findings};
use crate::matrix::words;
use crate::statement::Statement;

/// Characters of the name of a passage.
const NAME_CHARS: usize = 60;

/// Writes a project as REFI-QDA: every text whole, every quotation at its place with a code for its topic and stance and one for its
/// party, and speaker, day, condition and confidence in its description. Outlet, day and address of a document are its variables.
///
/// Positions count code points of the text, as the standard has it. Nothing in the archive has a date but the day the positions are as of.
///
/// # Errors
/// Fails where `out` does.
pub fn write_qdpx<W: Write>(mut out: W, findings: Findings<'_>, documents: &[Coded<'_>]) -> Result<(), Error> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, content: &str| -> Result<(), Error> {
        archive.start_file(name, options).map_err(std::io::Error::from)?;
        archive.write_all(content.as_bytes())?;
        Ok(())
    };
    add("project.qde", &project(findings, documents))?;
    for document in documents {
        add(&format!("sources/{}.txt", text_id(document)), &document.text)?;
    }
    let archive = archive.finish().map_err(std::io::Error::from)?;
    out.write_all(archive.get_ref())?;
    Ok(())
}

/// The id of a text. Two documents of the same text and different names are two.
fn text_id(document: &Coded<'_>) -> String {
    guid("text", &[document.name, &document.text])
}

fn project(findings: Findings<'_>, documents: &[Coded<'_>]) -> String {
    let Findings { matrix, codebook, .. } = findings;
    let user = guid("user", &["demarche"]);
    // Some programs take nothing without a time; where no day is known it is the first that archives know.
    let created = matrix.as_of.map_or_else(|| "1980-01-01T00:00:00Z".to_string(), |day| format!("{day}T00:00:00Z"));
    let attributes = [
        ("xmlns", "urn:QDA-XML:project:1.0"),
        ("name", codebook.title.as_str()),
        ("origin", ORIGIN),
        ("creatingUserGUID", &user),
        ("creationDateTime", &created),
    ];
    let mut xml = Xml::new();
    xml.open("Project", &attributes);
    xml.open("Users", &[]);
    xml.empty("User", &[("guid", &user), ("name", "demarche")]);
    xml.close();
    xml.open("CodeBook", &[]);
    codes::write(&mut xml, codebook, &Scheme::of(matrix, codebook));
    xml.close();
    xml.open("Variables", &[]);
    for (name, kind, _) in VARIABLES {
        xml.empty("Variable", &[("guid", &variable(name)), ("name", name), ("typeOfVariable", kind)]);
    }
    xml.close();
    // The schema has no place for a list of sources without one.
    if !documents.is_empty() {
        xml.open("Sources", &[]);
        for document in documents {
            source(&mut xml, codebook, document, [("creatingUser", &user), ("creationDateTime", &created)]);
        }
        xml.close();
    }
    let about = format!("Positions {}, rule {}", words::as_of(matrix.as_of), matrix.rule);
    let book = format!("codebook {}, version {}, {}", codebook.name, codebook.version, codebook.hash);
    xml.text("Description", &[], &format!("{about}; {book}."));
    xml.finish()
}

/// A variable of documents: its name, its type, and the element that holds a value of it.
const VARIABLES: [(&str, &str, &str); 3] =
    [("Outlet", "Text", "TextValue"), ("Published", "Date", "DateValue"), ("Address", "Text", "TextValue")];

fn variable(name: &str) -> String {
    guid("variable", &[name])
}

/// Attributes that tell who made something, and when.
type Made<'m> = [(&'static str, &'m str); 2];

fn source(xml: &mut Xml, codebook: &Codebook, document: &Coded<'_>, made: Made<'_>) {
    let id = text_id(document);
    let path = format!("internal://{id}.txt");
    // Some programs make a file of the name.
    let name = document.name.replace(['/', '\\'], " - ");
    xml.open("TextSource", &[&[("guid", id.as_str()), ("name", &name), ("plainTextPath", &path)], &made[..]].concat());
    let first = document.statements.first();
    if let Some(title) = first.and_then(|s| s.title.as_ref()) {
        xml.text("Description", &[], title);
    }
    for statement in &document.statements {
        selection(xml, codebook, statement, made);
    }
    let outlet = first.and_then(|s| s.outlet.clone());
    let published = first.and_then(|s| s.published).map(|day| day.to_string());
    let values = [outlet, published, first.and_then(|s| s.url.clone())];
    for ((name, _, element), value) in VARIABLES.into_iter().zip(values) {
        if let Some(value) = value {
            xml.open("VariableValue", &[]);
            xml.empty("VariableRef", &[("targetGUID", &variable(name))]);
            xml.text(element, &[], &value);
            xml.close();
        }
    }
    xml.close();
}

fn selection(xml: &mut Xml, codebook: &Codebook, statement: &Statement, made: Made<'_>) {
    let (id, name) = (guid("statement", &[&statement.id]), words::shorten(&statement.quote, NAME_CHARS));
    let (start, end) = (statement.start.to_string(), statement.end.to_string());
    let place = [("startPosition", start.as_str()), ("endPosition", end.as_str())];
    xml.open("PlainTextSelection", &[&[("guid", id.as_str()), ("name", &name)], &place[..], &made[..]].concat());
    xml.text("Description", &[], &described(statement));
    let codes = [codes::stance(codebook, &statement.topic, statement.stance), codes::party(codebook, &statement.party)];
    for code in &codes {
        let coding = guid("coding", &[&statement.id, code]);
        xml.open("Coding", &[&[("guid", coding.as_str())], &made[..]].concat());
        xml.empty("CodeRef", &[("targetGUID", code)]);
        xml.close();
    }
    xml.close();
}

/// `President of the United States, 4 Mar 2025; until they want peace; confidence 0.90; statement 2d23069b6b010f9e`
fn described(statement: &Statement) -> String {
    let said = words::listed(&[words::voice(statement), &words::said_on(statement.day())]);
    let condition = words::condition(statement.condition.as_slice()).unwrap_or_default();
    let sure = format!("confidence {:.2}", statement.confidence);
    let parts = [said, condition, sure, format!("statement {}", statement.id)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}
