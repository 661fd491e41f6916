//! Stands in for the readers until they are merged. To be removed.

use std::io::BufRead;
use std::path::PathBuf;

use super::{DateOrigin, Document};
use crate::base::Problem;
use crate::base::id::content_id;

/// One file to read.
#[derive(Debug, Clone)]
pub struct Input {
    path: PathBuf,
    name: String,
}

/// What sources.csv says of documents.
#[derive(Debug, Clone, Default)]
pub struct Sources;

impl Sources {
    /// Reads the sources.csv beside the inputs.
    pub fn read(_inputs: &[Input]) -> (Sources, Vec<Problem>) {
        (Sources, Vec::new())
    }
}

/// Finds the documents that files, folders and patterns name.
pub fn find(inputs: &[String]) -> (Vec<Input>, Vec<Problem>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for input in inputs {
        let path = PathBuf::from(input);
        if path.is_dir() {
            let mut files: Vec<PathBuf> = std::fs::read_dir(&path).into_iter().flatten().flatten().map(|e| e.path()).collect();
            files.sort();
            found.extend(files.into_iter().filter(|f| f.extension().is_some_and(|e| e == "txt")).map(|path| Input {
                name: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
                path,
            }));
        } else if path.is_file() {
            found.push(Input { name: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(), path });
        } else {
            problems.push(Problem::error("cannot read the document").at(&path).why("it does not exist").hint("Check the spelling"));
        }
    }
    (found, problems)
}

/// Reads one document.
///
/// # Errors
/// Returns why it cannot be read.
pub fn load(input: &Input, _sources: &Sources) -> Result<Document, Problem> {
    let text = std::fs::read_to_string(&input.path).map_err(|e| Problem::error("cannot read the document").at(&input.path).why(e))?;
    Ok(document(&input.name, text, None))
}

/// Reads one document a line.
pub fn jsonl<R: BufRead>(reader: R) -> impl Iterator<Item = Result<Document, Problem>> {
    #[derive(serde::Deserialize)]
    struct Record {
        id: String,
        text: String,
        published: Option<jiff::civil::Date>,
    }
    reader.lines().zip(1u64..).map(|(line, number)| {
        let fail = |e: &dyn std::fmt::Display| Problem::error("cannot read the document").at("-").line(number).why(e);
        let record: Record = serde_json::from_str(&line.map_err(|e| fail(&e))?).map_err(|e| fail(&e))?;
        Ok(document(&record.id, record.text, record.published.map(|d| (d, DateOrigin::Given))))
    })
}

fn document(name: &str, text: String, published: Option<(jiff::civil::Date, DateOrigin)>) -> Document {
    Document {
        id: content_id(&[&text]),
        name: name.to_string(),
        title: None,
        outlet: None,
        url: None,
        author: None,
        published,
        boilerplate: vec![],
        text,
    }
}
