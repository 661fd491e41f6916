//! The highlighter form of daff: matrix.csv with the changes in its cells, which daff renders, and applies to the old file.
//!
//! The first column says what became of the row: `@@` the header, `!` columns that came or went, `+++` and `---` a party that came
//! or went, `->` cells that changed (`old->new`), `+` cells in new columns alone, `...` parties of whom nothing changed.

use std::io::Write;

use super::super::{Error, Options, csv_writer, guarded};
use crate::codebook::Codebook;
use crate::diff::Side;
use crate::diff::words::{cell, in_order};

/// Writes the matrix of both sides with the changes.
///
/// # Errors
/// Fails where `out` does.
pub fn write_daff<W: Write>(
    out: W,
    old: &Side,
    new: &Side,
    codebook: &Codebook,
    options: Options,
) -> Result<(), Error> {
    let labels = &codebook.labels;
    let keys = || old.stands.keys().chain(new.stands.keys());
    let topics = in_order(keys().map(|key| key.1.as_str()), codebook.topics.iter().map(|t| t.id.as_str()));
    let parties = in_order(keys().map(|key| key.0.as_str()), codebook.parties.iter().map(|p| p.id.as_str()));
    let has = |side: &Side, test: &dyn Fn(&(String, String)) -> bool| side.stands.keys().any(test);
    let fate = |test: &dyn Fn(&(String, String)) -> bool| match (has(old, test), has(new, test)) {
        (false, true) => "+++",
        (true, false) => "---",
        _ => "",
    };
    let columns: Vec<&str> = topics.iter().map(|topic| fate(&|key| key.1 == *topic)).collect();
    let mut csv = csv_writer(out, options)?;
    let mut write = |fields: Vec<String>| -> Result<(), Error> {
        csv.write_record(fields.iter().map(|f| guarded(f, options.guard_formulas).into_owned()))?;
        Ok(())
    };
    let row = |tag: &str, head: &str, cells: Vec<String>| {
        let mut fields = vec![tag.to_string(), head.to_string()];
        fields.extend(cells);
        fields
    };
    if columns.iter().any(|c| !c.is_empty()) {
        write(row("!", "", columns.iter().map(|c| (*c).to_string()).collect()))?;
    }
    write(row("@@", "party", topics.iter().map(|t| (*t).to_string()).collect()))?;
    let mut skipped = false;
    for party in &parties {
        let cells: Vec<(String, String)> =
            topics.iter().map(|t| (cell(old.get(party, t), labels), cell(new.get(party, t), labels))).collect();
        let fate = fate(&|key| key.0 == *party);
        let fields = match fate {
            "+++" => row(fate, party, cells.into_iter().map(|(_, new)| new).collect()),
            "---" => row(fate, party, cells.into_iter().map(|(old, _)| old).collect()),
            _ => match changed(&cells, &columns) {
                Some((tag, cells)) => row(&tag, party, cells),
                None => {
                    if !skipped {
                        write(row("...", "...", vec!["...".to_string(); topics.len()]))?;
                    }
                    skipped = true;
                    continue;
                }
            },
        };
        skipped = false;
        write(fields)?;
    }
    csv.flush()?;
    Ok(())
}

/// The tag and cells of a party that both sides have, where anything of it changed.
fn changed(cells: &[(String, String)], columns: &[&str]) -> Option<(String, Vec<String>)> {
    let moved = |pair: &((&String, &String), &&str)| pair.0.0 != pair.0.1 && pair.1.is_empty();
    let pairs = || cells.iter().map(|(old, new)| (old, new)).zip(columns);
    let modified = pairs().any(|pair| moved(&pair));
    if !modified && !columns.iter().any(|c| !c.is_empty()) {
        return None;
    }
    // An arrow that stands in a cell already would be taken for a change: a longer one is not.
    let mut arrow = "->".to_string();
    while cells.iter().any(|(old, new)| old.contains(&arrow) || new.contains(&arrow)) {
        arrow.insert(0, '-');
    }
    let written = pairs().map(|pair| match (pair.0, *pair.1) {
        ((_, new), "+++") => new.clone(),
        ((old, _), "---") => old.clone(),
        ((old, new), _) if old != new => format!("{old}{arrow}{new}"),
        ((old, _), _) => old.clone(),
    });
    let tag = if modified {
        arrow.clone()
    } else if columns.contains(&"+++") {
        "+".to_string()
    } else {
        String::new()
    };
    Some((tag, written.collect()))
}
