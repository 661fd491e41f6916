//! From an analysed text to attributions: the first stage over paragraphs, then the second for each cue candidate.
use super::crf::{LABELS, Lattice, NEVER, Row, STATES};
use super::first::{self, FIRST, edge_class};
use super::model::{Model, Settings};
use super::page::Page;
use super::second::{self, Cue, SECOND, Soft, label};
use super::{RawAttribution, Workspace};
use crate::base::Span;
use crate::text::Analysis;

/// Longest sequence of the first stage, in tokens; longer paragraphs are cut here.
const PIECE: u32 = 600;

/// Cuts the paragraphs into the sequences of the first stage.
pub fn pieces(page: &Page) -> Vec<(u32, u32)> {
    let mut out = Vec::new();
    for &(s, e) in &page.paragraphs {
        let mut at = s;
        while at < e {
            let end = if e - at > PIECE { at + PIECE } else { e };
            out.push((at, end));
            at = end;
        }
    }
    out
}

/// Runs the first stage: fills `soft` and `cues`.
pub fn first_stage(model: &Model, ws: &mut Workspace) {
    let n = ws.page.info.len();
    ws.soft.clear();
    ws.soft.resize(n, Soft::default());
    ws.cues.clear();
    for (s, e) in pieces(&ws.page) {
        ws.rows.clear();
        ws.class.clear();
        for i in s..e {
            ws.features.clear();
            first::emit_first(&ws.page, i as usize, &mut ws.features);
            let mut row = [0.0; LABELS];
            model.first.table.add(&ws.features, &mut row);
            row[7] = NEVER;
            ws.rows.push(row);
            ws.class.push(edge_class(&ws.page, i as usize));
        }
        ws.lattice.posterior(&FIRST, &ws.rows, &ws.class, &model.first.exp, &[0.0; LABELS]);
        for (k, g) in ws.lattice.gamma.iter().enumerate() {
            ws.soft[s as usize + k] = Soft::new(g);
        }
        find_cues(&ws.page, s, &ws.lattice.gamma, model.settings.cue, &mut ws.cues);
    }
}

/// Finds runs of tokens that may be cues in one sequence's posteriors.
pub fn find_cues(page: &Page, start: u32, gamma: &[[f32; STATES]], threshold: f32, out: &mut Vec<Cue>) {
    let p = |k: usize| gamma[k][3] + gamma[k][4];
    let mut k = 0;
    while k < gamma.len() {
        if p(k) < threshold {
            k += 1;
            continue;
        }
        let first = k;
        k += 1;
        // A new cue begins where the field would rather begin one than go on.
        while k < gamma.len() && p(k) >= threshold && gamma[k][3] < 0.5 * p(k) {
            k += 1;
        }
        let mut score = 0.0f32;
        let mut anchor = first;
        let mut best = (0u8, 0.0f32);
        for j in first..k {
            score = score.max(p(j));
            let rank = (page.info[start as usize + j].prior, p(j));
            if rank > best {
                best = rank;
                anchor = j;
            }
        }
        out.push(Cue { start: start + first as u32, end: start + k as u32, anchor: start + anchor as u32, score });
    }
}

/// Scores every token of a cue's window for the second stage.
fn second_rows(model: &Model, ws: &mut Workspace, window: (u32, u32)) {
    ws.rows.clear();
    ws.class.clear();
    for i in window.0..window.1 {
        let k = i as usize;
        if !ws.done[k] {
            ws.features.clear();
            second::emit_static(&ws.page, &ws.soft, k, &mut ws.features);
            let mut row = [0.0; LABELS];
            model.second.table.add(&ws.features, &mut row);
            ws.fixed[k] = row;
            ws.done[k] = true;
        }
        ws.features.clear();
        ws.view.emit(&ws.page, &ws.soft, i, &mut ws.features);
        let mut row = ws.fixed[k];
        model.second.table.add(&ws.features, &mut row);
        pin(ws.view.cue(), i, &mut row);
        ws.rows.push(row);
        ws.class.push(ws.view.arc_class(&ws.page, i));
    }
}

/// Leaves the anchor outside source and content.
pub fn pin(cue: Cue, i: u32, row: &mut Row) {
    if i == cue.anchor {
        for x in &mut row[label::BS as usize..=label::IN as usize] {
            *x = -60.0;
        }
    }
    for x in &mut row[label::NOTHING as usize..] {
        *x = NEVER;
    }
}

/// Runs both stages over an analysed text.
pub fn detect(model: &Model, text: &str, a: &Analysis, ws: &mut Workspace) -> Vec<RawAttribution> {
    ws.page.fill(text, a, &model.lexicon, &mut ws.lower);
    first_stage(model, ws);
    second_stage(model, &model.settings, a, ws)
}

/// Runs the second stage over the cues found, and settles overlaps.
pub fn second_stage(model: &Model, set: &Settings, a: &Analysis, ws: &mut Workspace) -> Vec<RawAttribution> {
    let n = ws.page.info.len();
    ws.done.clear();
    ws.done.resize(n, false);
    ws.fixed.resize(n, [0.0; LABELS]);
    let mut found: Vec<Found> = Vec::new();
    for c in 0..ws.cues.len() {
        let cue = ws.cues[c];
        let window = second::window(&ws.page, &cue);
        ws.view.set(&ws.page, &ws.soft, cue, window);
        second_rows(model, ws, window);
        let mut ends = [0.0; LABELS];
        ws.features.clear();
        ws.view.emit_end(&ws.page, &ws.soft, &mut ws.features);
        model.second.table.add(&ws.features, &mut ends);
        ws.lattice.posterior(&SECOND, &ws.rows, &ws.class, &model.second.exp, &ends);
        let score = 1.0 - ws.lattice.outcome[label::NOTHING as usize];
        if score < set.accept {
            continue;
        }
        // The best path among those that have content.
        ends[label::NOTHING as usize] = NEVER;
        ws.lattice.best(&SECOND, &ws.rows, &ws.class, &model.second.arcs, &ends, &mut ws.path);
        let mut f = Found { cue, score, source: None, content: Vec::new() };
        for (k, &state) in ws.path.iter().enumerate() {
            let i = window.0 + k as u32;
            match SECOND.label[state as usize] {
                label::BS => f.source = Some((i, i + 1)),
                label::IS => {
                    if let Some(s) = &mut f.source {
                        s.1 = i + 1;
                    }
                }
                label::BN => f.content.push((i, i + 1)),
                label::IN => {
                    if let Some(s) = f.content.last_mut() {
                        s.1 = i + 1;
                    }
                }
                _ => {}
            }
        }
        if f.source.is_none() {
            f.source = likely_source(&ws.lattice, window.0, set.source, &f.content);
        }
        if !f.content.is_empty() {
            found.push(f);
        }
    }
    settle(&mut found);
    found.iter().map(|f| f.spans(a)).collect()
}

/// What was found for one cue, in tokens.
#[derive(Debug, Clone)]
pub struct Found {
    cue: Cue,
    score: f32,
    source: Option<(u32, u32)>,
    content: Vec<(u32, u32)>,
}

impl Found {
    fn spans(&self, a: &Analysis) -> RawAttribution {
        let span = |&(s, e): &(u32, u32)| -> Option<Span> {
            let first = a.tokens.get(s as usize)?;
            let last = a.tokens.get((e as usize).checked_sub(1)?)?;
            Some(Span { start: first.span.start, end: last.span.end })
        };
        let inside = |i: u32| self.source.iter().chain(&self.content).any(|&(s, e)| s <= i && i < e);
        let (mut s, mut e) = (self.cue.anchor, self.cue.anchor + 1);
        while s > self.cue.start && !inside(s - 1) {
            s -= 1;
        }
        while e < self.cue.end && !inside(e) {
            e += 1;
        }
        RawAttribution {
            source: self.source.iter().filter_map(span).collect(),
            cue: [(s, e)].iter().filter_map(span).collect(),
            content: self.content.iter().filter_map(span).collect(),
            score: self.score,
        }
    }
}

/// Finds the run of likely source tokens with the highest marginal of at least `least`.
fn likely_source(lattice: &Lattice, start: u32, least: f32, content: &[(u32, u32)]) -> Option<(u32, u32)> {
    let p = |k: usize| lattice.gamma[k][4] + lattice.gamma[k][5] + lattice.gamma[k][6] + lattice.gamma[k][7];
    let mut best = None;
    let mut best_p = least;
    let mut k = 0;
    while k < lattice.gamma.len() {
        let free = |k: usize| !content.iter().any(|&(s, e)| s <= start + k as u32 && start + (k as u32) < e);
        let first = k;
        let mut top = 0.0f32;
        while k < lattice.gamma.len() && p(k) >= 0.5 * least && free(k) {
            top = top.max(p(k));
            k += 1;
        }
        if top >= best_p {
            best_p = top;
            best = Some((start + first as u32, start + k as u32));
        }
        k += 1;
    }
    best
}

/// Drops cues inside another's content, and contents that a likelier attribution has taken.
fn settle(found: &mut Vec<Found>) {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|&x, &y| found[y].score.total_cmp(&found[x].score).then(x.cmp(&y)));
    let mut keep: Vec<bool> = vec![false; found.len()];
    let mut kept: Vec<usize> = Vec::new();
    for x in order {
        let f = &found[x];
        let size: u32 = f.content.iter().map(|s| s.1 - s.0).sum();
        // Attributions lie in the order of their cues and reach at most a window away, so only near ones can clash.
        let clash = kept.iter().any(|&y| {
            let g = &found[y];
            let in_other = g.content.iter().any(|&(s, e)| s <= f.cue.anchor && f.cue.anchor < e);
            let holds_other = f.content.iter().any(|&(s, e)| s <= g.cue.anchor && g.cue.anchor < e);
            let shared: u32 = f
                .content
                .iter()
                .flat_map(|&(s, e)| g.content.iter().map(move |&(a, b)| e.min(b).saturating_sub(s.max(a))))
                .sum();
            in_other || holds_other || shared * 2 > size
        });
        if !clash {
            keep[x] = true;
            kept.push(x);
        }
    }
    let mut k = 0;
    found.retain(|_| {
        k += 1;
        keep[k - 1]
    });
}
