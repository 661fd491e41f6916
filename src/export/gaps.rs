//! Gaps between parties as tables and JSON.

use std::io::Write;

use serde_json::json;

use super::{Error, grid::Grid, write_json};
use crate::matrix::{Gaps, Matrix, TopicGaps, congruence};

/// Puts gaps into one table: every two parties on every topic, then every two over all topics, with `all` for the topic.
pub fn gap_rows(matrix: &Matrix, gaps: &Gaps) -> Grid {
    let header = vec![
        "topic",
        "party_1",
        "party_2",
        "stance_1",
        "stance_2",
        "gap",
        "congruence",
        "topics",
        "opposed",
        "same_side",
        "between",
        "bridges",
    ];
    let mut rows = Vec::new();
    for topic in &gaps.topics {
        for gap in &topic.gaps {
            let stance = |row| topic.number(row).map(|n| n.to_string()).unwrap_or_default();
            rows.push(vec![
                matrix.topics.get(topic.column).map(|t| t.id.clone()).unwrap_or_default(),
                party(matrix, gap.low),
                party(matrix, gap.high),
                stance(gap.low),
                stance(gap.high),
                gap.gap.to_string(),
                share(gap.congruence()),
                String::new(),
                String::new(),
                String::new(),
                gap.between.iter().map(|row| party(matrix, *row)).collect::<Vec<_>>().join(" "),
                String::new(),
            ]);
        }
    }
    for pair in &gaps.pairs {
        rows.push(vec![
            "all".to_string(),
            party(matrix, pair.first),
            party(matrix, pair.second),
            String::new(),
            String::new(),
            share((1.0 - pair.congruence) * 4.0),
            share(pair.congruence),
            pair.topics.to_string(),
            pair.opposed.to_string(),
            pair.shared.to_string(),
            pair.between
                .iter()
                .map(|(row, count)| format!("{} ({count})", party(matrix, *row)))
                .collect::<Vec<_>>()
                .join(" "),
            pair.bridges
                .iter()
                .map(|(row, nearness)| format!("{} ({nearness:.2})", party(matrix, *row)))
                .collect::<Vec<_>>()
                .join(" "),
        ]);
    }
    Grid { header, rows }
}

/// Writes gaps as one JSON object: `topics` and `pairs`.
///
/// # Errors
/// Fails where `out` does.
pub fn write_gaps_json<W: Write>(out: W, matrix: &Matrix, gaps: &Gaps) -> Result<(), Error> {
    let topic = |t: &TopicGaps| {
        json!({
            "topic": matrix.topics.get(t.column).map(|t| &t.id),
            "placed": t.placed.iter().map(|(row, n)| json!({"party": party(matrix, *row), "stance": n})).collect::<Vec<_>>(),
            "mixed": t.mixed.iter().map(|row| party(matrix, *row)).collect::<Vec<_>>(),
            "common_ground": t.common.map(|sign| if sign > 0 { "for" } else { "against" }),
            "gaps": t.gaps.iter().map(|g| json!({
                "low": party(matrix, g.low),
                "high": party(matrix, g.high),
                "gap": g.gap,
                "congruence": congruence(g.gap),
                "between": g.between.iter().map(|row| party(matrix, *row)).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        })
    };
    let whole = json!({
        "as_of": matrix.as_of.map(|d| d.to_string()),
        "topics": gaps.topics.iter().map(topic).collect::<Vec<_>>(),
        "pairs": gaps.pairs.iter().map(|p| json!({
            "parties": [party(matrix, p.first), party(matrix, p.second)],
            "topics": p.topics,
            "congruence": p.congruence,
            "opposed": p.opposed,
            "same_side": p.shared,
            "between": p.between.iter().map(|(row, count)| json!({"party": party(matrix, *row), "topics": count})).collect::<Vec<_>>(),
            "bridges": p.bridges.iter().map(|(row, nearness)| json!({"party": party(matrix, *row), "congruence": nearness})).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    });
    write_json(out, &whole)
}

fn party(matrix: &Matrix, row: usize) -> String {
    matrix.parties.get(row).map(|p| p.id.clone()).unwrap_or_default()
}

fn share(value: f64) -> String {
    format!("{value:.2}")
}
