//! Which rows of the gold can be used.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::matching::locate;
use super::row::Row;
use crate::base::Problem;
use crate::codebook::Codebook;

/// The texts of the documents by the names that rows give them.
pub type Texts = BTreeMap<String, String>;

/// Keeps the rows of the gold that can be used: their document is there, it holds their quote, and the codebook knows their
/// party and topic. The others are problems with the line and the reason.
///
/// Where `start` and `end` hold other words than the quote, the quote counts and the places are dropped with a warning.
pub fn check(gold: Vec<Row>, path: &Path, texts: &Texts, book: &Codebook) -> (Vec<Row>, Vec<Problem>) {
    let topics: BTreeSet<&str> = book.topics.iter().map(|t| t.id.as_str()).collect();
    let parties: BTreeSet<&str> = book.parties.iter().map(|p| p.id.as_str()).collect();
    let (mut kept, mut problems) = (Vec::new(), Vec::new());
    for mut row in gold {
        let fault =
            |why: String, hint: &str| Problem::error("cannot use the row").at(path).line(row.line).why(why).hint(hint);
        if !topics.contains(row.topic.as_str()) {
            let why = format!("the codebook {} has no topic \"{}\"", book.name, row.topic);
            problems.push(fault(why, "Mend the id, or name another codebook with --codebook"));
            continue;
        }
        if row.party != "none" && !parties.contains(row.party.as_str()) {
            let why = format!("the codebook {} has no party \"{}\"", book.name, row.party);
            problems.push(fault(why, "Mend the id, or name another codebook with --codebook"));
            continue;
        }
        let Some(text) = texts.get(&row.doc) else {
            let why = format!("there is no document \"{}\"", row.doc);
            problems.push(fault(why, "Mend the name, or name the folder that holds the document"));
            continue;
        };
        let found = locate(text, &row.quote);
        if found.is_empty() {
            let why = format!("\"{}\" is not in {}", brief(&row.quote), row.doc);
            problems.push(fault(why, "Copy the quote from the document, letter by letter"));
            continue;
        }
        if let Some(at) = row.at
            && !found.contains(&at)
        {
            let problem = Problem::warning("the quote was looked for").at(path).line(row.line);
            problems.push(problem.why(format!("other words than the quote stand at {} to {}", at.0, at.1)));
            row.at = None;
        }
        kept.push(row);
    }
    (kept, problems)
}

/// Keeps rows of some topics; all where none are named.
pub fn select(rows: Vec<Row>, topics: &[String]) -> Vec<Row> {
    rows.into_iter().filter(|r| topics.is_empty() || topics.contains(&r.topic)).collect()
}

fn brief(quote: &str) -> String {
    crate::matrix::words::shorten(quote, 80)
}
