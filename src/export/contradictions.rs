//! Statements of a party that disagree, as a table and as JSON.

use std::io::Write;

use serde_json::{Value, json};

use super::positions::iso;
use super::{Error, grid::Grid, write_json};
use crate::matrix::words::voice;
use crate::matrix::{Contradiction, Contradictions, Matrix};
use crate::statement::Statement;

/// Puts pairs of statements into a table, the earlier of each first.
pub fn contradiction_rows(matrix: &Matrix, statements: &[Statement], found: &Contradictions) -> Grid {
    let header = vec![
        "party",
        "topic",
        "who",
        "opposite",
        "days_apart",
        "stance_1",
        "speaker_1",
        "date_1",
        "outlet_1",
        "quote_1",
        "stance_2",
        "speaker_2",
        "date_2",
        "outlet_2",
        "quote_2",
        "id_1",
        "id_2",
    ];
    let mut rows = Vec::new();
    for pair in &found.pairs {
        let (Some(first), Some(second)) = (statements.get(pair.first), statements.get(pair.second)) else { continue };
        let (party, topic) = ids(matrix, pair);
        let mut row = vec![
            party,
            topic,
            pair.voices.name().to_string(),
            if pair.opposite { "yes" } else { "no" }.to_string(),
            pair.days.map(|d| d.to_string()).unwrap_or_default(),
        ];
        for s in [first, second] {
            let outlet = s.outlet.clone().unwrap_or_default();
            row.extend([s.stance.to_string(), voice(s).to_string(), iso(s.day()), outlet, s.quote.clone()]);
        }
        row.extend([first.id.clone(), second.id.clone()]);
        rows.push(row);
    }
    Grid { header, rows }
}

/// Writes pairs of statements as one JSON object.
///
/// # Errors
/// Fails where `out` does.
pub fn write_contradictions_json<W: Write>(
    out: W,
    matrix: &Matrix,
    statements: &[Statement],
    found: &Contradictions,
) -> Result<(), Error> {
    let side = |index: usize| -> Value {
        let Some(s) = statements.get(index) else { return Value::Null };
        json!({
            "id": s.id, "doc": s.doc, "stance": s.stance, "quote": s.quote, "speaker": s.speaker, "named_as": s.source_text,
            "date": s.day().map(|d| d.to_string()), "outlet": s.outlet, "confidence": s.confidence,
        })
    };
    let pairs: Vec<Value> = found
        .pairs
        .iter()
        .map(|pair| {
            let (party, topic) = ids(matrix, pair);
            json!({
                "party": party, "topic": topic, "who": pair.voices.name(), "opposite": pair.opposite, "days_apart": pair.days,
                "first": side(pair.first), "second": side(pair.second),
            })
        })
        .collect();
    let whole = json!({ "as_of": matrix.as_of.map(|d| d.to_string()), "contradictions": pairs, "more": found.more });
    write_json(out, &whole)
}

fn ids(matrix: &Matrix, pair: &Contradiction) -> (String, String) {
    let party = matrix.parties.get(pair.row).map(|p| p.id.clone()).unwrap_or_default();
    (party, matrix.topics.get(pair.column).map(|t| t.id.clone()).unwrap_or_default())
}
