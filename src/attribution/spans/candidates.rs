//! Candidate readings of one cue: the best path of the second stage and paths drawn from its flattened posterior.
//!
//! Sampling finds readings that differ in kind, where the k best paths differ by a word at an edge. The draws come from a
//! fixed seed, so the same text gives the same candidates.
use super::crf::{DRAWS, Lattice, NEVER, Row, Topology, path_score};
use super::model::Field;
use super::page::{Page, quote};
use super::second::{SECOND, label};

/// One reading of a cue: its source and content, in tokens.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Candidate {
    /// Source, half-open, if any.
    pub source: Option<(u32, u32)>,
    /// Pieces of content, half-open, in order.
    pub content: Vec<(u32, u32)>,
    /// Log score of the path that gave it, less the best path's.
    pub score: f32,
    /// Share of the draws that gave it, 0 to 1.
    pub mass: f32,
    /// Share of the draws that agree with it (see [`agree`]), 0 to 1.
    pub support: f32,
}

/// Flattening of the posterior before drawing.
pub const HEAT: f32 = 0.6;
/// Most candidates kept.
const MOST: usize = 10;

/// Reads source and content off a path.
pub fn read(top: &Topology, page: &Page, start: u32, path: &[u8]) -> Candidate {
    let mut out = Candidate::default();
    for (k, &state) in path.iter().enumerate() {
        let i = start + k as u32;
        match top.label[state as usize] {
            label::BS => out.source = Some((i, i + 1)),
            label::IS => {
                if let Some(s) = &mut out.source {
                    s.1 = i + 1;
                }
            }
            label::BN => out.content.push((i, i + 1)),
            label::IN => {
                if let Some(s) = out.content.last_mut() {
                    s.1 = i + 1;
                }
            }
            _ => {}
        }
    }
    // Marks at the edges belong to the sentence around, unless they are quoted.
    let loose = |i: u32| {
        let x = &page.info[i as usize];
        matches!(x.punct, 1..=4 | 9) && x.quote == quote::OUT
    };
    for s in &mut out.content {
        while s.0 < s.1 && loose(s.0) {
            s.0 += 1;
        }
        while s.0 < s.1 && loose(s.1 - 1) {
            s.1 -= 1;
        }
    }
    out.content.retain(|s| s.0 < s.1);
    out
}

/// Number of words (not marks) that spans hold, and that two lists of spans share.
pub fn words(page: &Page, spans: &[(u32, u32)]) -> u32 {
    spans.iter().map(|&(s, e)| page.words[e as usize] - page.words[s as usize]).sum()
}

/// Number of words that two lists of spans share.
pub fn shared(page: &Page, a: &[(u32, u32)], b: &[(u32, u32)]) -> u32 {
    let mut n = 0;
    for &(s, e) in a {
        for &(p, q) in b {
            let (lo, hi) = (s.max(p), e.min(q));
            if lo < hi {
                n += words(page, &[(lo, hi)]);
            }
        }
    }
    n
}

/// Share of the words of either content that two readings have in common; 0 unless their sources touch.
pub fn overlap(page: &Page, a: &Candidate, b: &Candidate) -> f32 {
    let sources = match (a.source, b.source) {
        (Some(x), Some(y)) => x.0 < y.1 && y.0 < x.1,
        (None, None) => true,
        _ => false,
    };
    if !sources {
        return 0.0;
    }
    let both = shared(page, &a.content, &b.content);
    let all = words(page, &a.content) + words(page, &b.content) - both;
    both as f32 / all.max(1) as f32
}

/// Tells whether two readings say the same: half of the words of either content shared, and touching sources.
pub fn agree(page: &Page, a: &Candidate, b: &Candidate) -> bool {
    overlap(page, a, b) >= 0.5
}

/// Gathers the candidates of a cue from the second stage's scores of its window, the best path's first.
#[allow(clippy::too_many_arguments)]
pub fn gather(
    field: &Field,
    page: &Page,
    window: (u32, u32),
    lattice: &mut Lattice,
    rows: &[Row],
    class: &[u8],
    ends: &Row,
    path: &mut Vec<u8>,
    paths: &mut Vec<u8>,
    out: &mut Vec<Candidate>,
) {
    out.clear();
    let mut ends = *ends;
    ends[label::NOTHING as usize] = NEVER;
    lattice.best(&SECOND, rows, class, &field.arcs, &ends, path);
    let end = |path: &[u8]| path.last().map_or(0.0, |&s| SECOND.end_score(s as usize, &ends));
    let best = path_score(&SECOND, rows, class, &field.arcs, path) + end(path);
    let first = read(&SECOND, page, window.0, path);
    if !first.content.is_empty() {
        out.push(first);
    }
    lattice.warm(&SECOND, rows, class, &field.warm, &ends, HEAT);
    let mut seed = 0x9E37_79B9_7F4A_7C15u64;
    let mut draw = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 40) as f32 / (1u64 << 24) as f32
    };
    let drawn = lattice.sample(&SECOND, class, &field.warm_back, &mut draw, paths);
    let mut met: Vec<(&[u8], Option<usize>)> = Vec::new();
    for path in paths.chunks_exact(class.len().max(1)).take(drawn) {
        // Most draws give one of a few paths.
        let known = match met.iter().find(|(before, _)| *before == path) {
            Some((_, known)) => *known,
            None => {
                let mut c = read(&SECOND, page, window.0, path);
                let known = if c.content.is_empty() {
                    None
                } else {
                    let same = out.iter().position(|o| o.content == c.content && o.source == c.source);
                    Some(same.unwrap_or_else(|| {
                        c.score = path_score(&SECOND, rows, class, &field.arcs, path) + end(path) - best;
                        out.push(c);
                        out.len() - 1
                    }))
                };
                met.push((path, known));
                known
            }
        };
        if let Some(o) = known.and_then(|k| out.get_mut(k)) {
            o.mass += 1.0 / DRAWS as f32;
        }
    }
    for k in 0..out.len() {
        out[k].support = (0..out.len()).filter(|&j| j == k || agree(page, &out[k], &out[j])).map(|j| out[j].mass).sum();
    }
    if out.len() > MOST {
        out[1..].sort_by(|a, b| b.mass.total_cmp(&a.mass).then(b.score.total_cmp(&a.score)));
        out.truncate(MOST);
    }
}
