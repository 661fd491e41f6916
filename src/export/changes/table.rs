//! Markdown and CSV, one line a change.

use std::io::Write;

use super::super::grid::markdown as plain;
use super::super::{Error, Options, csv_writer, guarded};
use crate::codebook::Codebook;
use crate::diff::words::{Namer, moved, notes, tally, title};
use crate::diff::{Change, Diff, Evidence, Stand};
use crate::matrix::words;

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
    let mut csv = csv_writer(out);
    csv.write_record(CHANGE_COLUMNS)?;
    for change in diff.all.iter().filter(|c| all || c.kind.is_change()) {
        for field in fields(change, codebook) {
            csv.write_field(guarded(&field, options.guard_formulas).as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(())
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
    let mut listed = diff.all.iter().filter(|c| all || c.kind.is_change()).peekable();
    if listed.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "\n| change | party | topic | stance | before | now |\n| --- | --- | --- | --- | --- | --- |")?;
    for change in listed {
        let mut stance = moved(change, &codebook.labels);
        for note in notes(change) {
            stance.push_str(&format!("; {note}"));
        }
        let cells = [
            change.kind.name(),
            namer.party(&change.party),
            namer.topic(&change.topic),
            &stance,
            &said(&change.old),
            &said(&change.new),
        ];
        writeln!(out, "| {} |", cells.map(plain).join(" | "))?;
    }
    Ok(())
}

fn said(stand: &Option<Stand>) -> String {
    let Some(stand) = stand else { return String::new() };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(stand.conditions.as_deref().and_then(words::condition));
    if let Some(best) = stand.evidence.first() {
        if !best.quote.is_empty() {
            parts.push(words::quoted(&best.quote, 220));
        }
        let day = best.day.map(words::day).unwrap_or_default();
        let by = [best.speaker.as_str(), &day, &best.outlet];
        parts.push(by.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", "));
    }
    parts.join(" — ")
}
