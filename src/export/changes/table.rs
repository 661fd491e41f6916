//! Markdown and CSV, one line a change.

use std::io::Write;

use super::super::grid::{Grid, markdown as plain};
use super::super::{Error, Options};
use crate::codebook::Codebook;
use crate::diff::words::{Namer, moved, notes, said, tally, title};
use crate::diff::{Change, Diff, Evidence, Stand};

/// Characters of a quote in Markdown.
const QUOTE_CHARS: usize = 220;

/// The columns of the CSV form, in order; what ends in `_2` is of the new side.
pub const CHANGE_COLUMNS: [&str; 22] = [
    "change",
    "condition_change",
    "party",
    "topic",
    "stance_1",
    "label_1",
    "stance_2",
    "label_2",
    "step",
    "condition_1",
    "condition_2",
    "known_late",
    "low_confidence",
    "date_1",
    "speaker_1",
    "outlet_1",
    "quote_1",
    "date_2",
    "speaker_2",
    "outlet_2",
    "quote_2",
    "statement_ids",
];

/// Writes one line a change, ids for parties and topics; `statement_ids` are those that decided the new position.
///
/// # Errors
/// Fails where `out` does.
pub fn write_csv<W: Write>(out: W, diff: &Diff, codebook: &Codebook, all: bool, options: Options) -> Result<(), Error> {
    let rows = diff.listed(all).map(|change| fields(change, codebook).into()).collect();
    Grid { header: CHANGE_COLUMNS.to_vec(), rows }.write_csv(out, options)
}

fn fields(change: &Change, codebook: &Codebook) -> [String; 22] {
    let labels = &codebook.labels;
    let yes = |flag: bool| if flag { "yes" } else { "no" }.to_string();
    let size = |s: &Option<Stand>| s.as_ref().and_then(Stand::size).map(|n| n.to_string()).unwrap_or_default();
    let label =
        |s: &Option<Stand>| s.as_ref().map_or_else(|| labels.none.clone(), |s| s.stance.label(labels).to_string());
    let hangs =
        |s: &Option<Stand>| s.as_ref().and_then(|s| s.conditions.as_ref()).map(|c| c.join("; ")).unwrap_or_default();
    let day = |e: Option<&Evidence>| e.and_then(|e| e.day).map(|d| d.to_string()).unwrap_or_default();
    let text = |e: Option<&Evidence>, of: fn(&Evidence) -> &String| e.map(of).cloned().unwrap_or_default();
    let (old, new) = change.evidence();
    let ids: Vec<&str> =
        change.new.iter().flat_map(|s| &s.evidence).map(|e| e.id.as_str()).filter(|id| !id.is_empty()).collect();
    [
        change.kind.to_string(),
        change.condition.map(|k| k.to_string()).unwrap_or_default(),
        change.party.clone(),
        change.topic.clone(),
        size(&change.old),
        label(&change.old),
        size(&change.new),
        label(&change.new),
        change.step().map(|s| s.to_string()).unwrap_or_default(),
        hangs(&change.old),
        hangs(&change.new),
        yes(change.known_late),
        yes(change.is_uncertain()),
        day(old),
        text(old, |e| &e.speaker),
        text(old, |e| &e.outlet),
        text(old, |e| &e.quote),
        day(new),
        text(new, |e| &e.speaker),
        text(new, |e| &e.outlet),
        text(new, |e| &e.quote),
        ids.join(" "),
    ]
}

/// Writes a heading, the counts, and a table with a line a change.
///
/// # Errors
/// Fails where `out` does.
pub fn write_markdown<W: Write>(mut out: W, diff: &Diff, codebook: &Codebook, all: bool) -> Result<(), Error> {
    let namer = Namer::new(codebook);
    writeln!(out, "## {}\n\n{}", plain(&title(diff)), tally(diff))?;
    let line = |change: &Change| {
        let mut stance = moved(change, &codebook.labels);
        for note in notes(change) {
            stance.push_str(&format!("; {note}"));
        }
        let words =
            |stand: &Option<Stand>| stand.as_ref().map(|s| said(s, QUOTE_CHARS).join(" — ")).unwrap_or_default();
        let names = [change.kind.name(), namer.party(&change.party), namer.topic(&change.topic)].map(String::from);
        names.into_iter().chain([stance, words(&change.old), words(&change.new)]).collect()
    };
    let rows: Vec<Vec<String>> = diff.listed(all).map(line).collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    Grid { header: vec!["change", "party", "topic", "stance", "before", "now"], rows }.write_markdown(out)
}
