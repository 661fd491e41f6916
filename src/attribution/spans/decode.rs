//! From an analysed text to attributions: the first stage over paragraphs, then the second for each cue candidate.
use super::candidates::{Candidate, gather, overlap};
use super::crf::{LABELS, NEVER, Row, STATES, exp};
use super::first::{self, FIRST, edge_class};
use super::model::Model;
use super::page::{Page, quote};
use super::rank;
use super::second::{self, Cue, REACH, SECOND, Soft, label};
use super::table::Pair;
use super::{Claim, RawAttribution, Reading, Workspace};
use crate::base::Span;
use crate::text::Analysis;

/// Longest sequence of the first stage, in tokens; longer paragraphs are cut here.
const PIECE: u32 = 600;

/// Tokens beyond its paragraph that the features of a token may look at.
const OUTLOOK: usize = 8;

/// How far a reading's nearness to those that say the same counts in the choice among them.
const CENTRE: f32 = 0.5;

/// Wants every paragraph that a window may reach from a wanted one.
fn join(page: &Page, wanted: &mut [bool]) {
    // A window goes on into the next paragraph after a colon and inside quotation marks, and back alike.
    let joined = |k: usize| {
        let (Some(&(_, end)), Some(&(start, _))) = (page.paragraphs.get(k), page.paragraphs.get(k + 1)) else {
            return false;
        };
        let colon = end.checked_sub(1).is_some_and(|last| page.info[last as usize].punct == 3);
        colon || page.info.get(start as usize).is_some_and(|x| x.quote != quote::OUT)
    };
    for k in 1..wanted.len() {
        wanted[k] |= wanted[k - 1] && joined(k - 1);
    }
    for k in (1..wanted.len()).rev() {
        wanted[k - 1] |= wanted[k] && joined(k - 1);
    }
}

/// Reads the words of the paragraphs wanted, and of those that the features of their tokens look out at.
fn read(model: &Model, text: &str, a: &Analysis, ws: &mut Workspace) {
    let all = a.tokens.len();
    let mut done = 0;
    for k in 0..ws.page.paragraphs.len() {
        if ws.wanted.get(k) == Some(&false) {
            continue;
        }
        let (s, e) = ws.page.paragraphs[k];
        let from = (s as usize).saturating_sub(OUTLOOK).max(done);
        done = (e as usize + OUTLOOK).min(all).max(from);
        ws.page.read(text, a, &model.lexicon, from..done, &mut ws.lower);
    }
    ws.page.link();
}

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
    ws.shared.clear();
    ws.shared.resize(n, [0; LABELS]);
    fit(model, ws);
    ws.cues.clear();
    for (s, e) in pieces(&ws.page) {
        let paragraph = ws.page.info[s as usize].paragraph as usize;
        if ws.wanted.get(paragraph) == Some(&false) {
            continue;
        }
        ws.rows.clear();
        ws.class.clear();
        for i in s..e {
            let page = &ws.page;
            let sums =
                ws.tokens.sum(|f, sum| model.pair.count(f, sum), |sink| first::emit_first(page, i as usize, sink));
            let (units, shared) = Pair::part(&sums);
            ws.shared[i as usize] = shared;
            let mut row = [0.0; LABELS];
            model.first.table.put(&units, &mut row);
            row[7] = NEVER;
            ws.rows.push(row);
            ws.class.push(edge_class(&ws.page, i as usize));
        }
        ws.lattice.posterior(&FIRST, &ws.rows, &ws.class, &model.first.exp, &model.first.exp_back, &[0.0; LABELS]);
        for (k, g) in ws.lattice.gamma.iter().enumerate() {
            ws.soft[s as usize + k] = Soft::new(g);
        }
        let before = ws.cues.len();
        find_cues(&ws.page, s, &ws.lattice.gamma, model.settings.cue, &mut ws.cues);
        thin(&mut ws.cues, before, (e - s) as usize / 4 + 2);
    }
}

/// Forgets what another model's weights summed to.
fn fit(model: &Model, ws: &mut Workspace) {
    if ws.weights != model.stamp {
        ws.tokens.clear();
        ws.steps.clear();
        ws.weights = model.stamp;
    }
    ws.tokens.forget_runs();
}

/// Keeps the `most` likeliest of the cues from `from` on, in order: a bound on the work that hostile text can ask for.
fn thin(cues: &mut Vec<Cue>, from: usize, most: usize) {
    if cues.len() - from <= most {
        return;
    }
    let mut scores: Vec<f32> = cues[from..].iter().map(|c| c.score).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    let least = scores[most];
    let mut rest = cues.split_off(from);
    rest.retain(|c| c.score > least);
    cues.append(&mut rest);
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
    ws.steps.forget_runs();
    let table = &model.second.table;
    for i in window.0..window.1 {
        let k = i as usize;
        if !ws.done[k] {
            let (page, soft) = (&ws.page, &ws.soft);
            let mut units = ws.steps.sum(|f, sum| table.count(f, sum), |sink| second::emit_soft(page, soft, k, sink));
            for (unit, shared) in units.iter_mut().zip(&ws.shared[k]) {
                *unit += shared;
            }
            let mut row = [0.0; LABELS];
            table.put(&units, &mut row);
            ws.fixed[k] = row;
            ws.done[k] = true;
        }
        let (page, soft, view) = (&ws.page, &ws.soft, &ws.view);
        let units = ws.steps.sum(|f, sum| table.count(f, sum), |sink| view.emit(page, soft, i, sink));
        let mut row = ws.fixed[k];
        table.put(&units, &mut row);
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

/// Runs all stages over an analysed text.
pub fn detect(model: &Model, text: &str, a: &Analysis, wanted: &[bool], ws: &mut Workspace) -> Vec<RawAttribution> {
    if !model.is_whole() {
        return Vec::new();
    }
    ws.page.outline(text, a);
    ws.wanted.clear();
    ws.wanted.extend_from_slice(wanted);
    join(&ws.page, &mut ws.wanted);
    read(model, text, a, ws);
    first_stage(model, ws);
    second_stage(model, a, ws)
}

/// Runs the second stage for every cue: fills `ws.readings` and `ws.claims`.
pub fn read_cues(model: &Model, ws: &mut Workspace) {
    let n = ws.page.info.len();
    if ws.weights != model.stamp {
        // The first stage ran with other weights, as it does in training.
        fit(model, ws);
        for i in 0..n {
            let page = &ws.page;
            let sums = ws.tokens.sum(|f, sum| model.pair.count(f, sum), |sink| first::emit_first(page, i, sink));
            ws.shared[i] = Pair::part(&sums).1;
        }
    }
    ws.done.clear();
    ws.done.resize(n, false);
    ws.fixed.resize(n, [0.0; LABELS]);
    ws.claims.clear();
    ws.claims.resize(n, Claim::default());
    ws.readings.clear();
    for c in 0..ws.cues.len() {
        let reading = read_cue(model, ws, ws.cues[c]);
        for (k, p) in reading.content.iter().enumerate() {
            ws.claims[reading.start as usize + k].add(p * reading.outcome, c as u32);
        }
        ws.readings.push(reading);
    }
}

fn read_cue(model: &Model, ws: &mut Workspace, cue: Cue) -> Reading {
    let window = second::window(&ws.page, &cue);
    ws.view.set(&ws.page, &ws.soft, cue, window);
    second_rows(model, ws, window);
    let mut ends = [0.0; LABELS];
    ws.features.clear();
    ws.view.emit_end(&ws.page, &ws.soft, &mut ws.features);
    model.second.table.add(&ws.features, &mut ends);
    ws.lattice.posterior(&SECOND, &ws.rows, &ws.class, &model.second.exp, &model.second.exp_back, &ends);
    let outcome = 1.0 - ws.lattice.outcome[label::NOTHING as usize];
    let mut reading = Reading { outcome, start: window.0, ..Reading::default() };
    if outcome >= model.settings.outcome {
        reading.content.extend(ws.lattice.gamma.iter().map(|g| g[8] + g[9] + g[10] + g[11]));
        let (field, page) = (&model.second, &ws.page);
        let lattice = &mut ws.lattice;
        let (path, paths) = (&mut ws.path, &mut ws.paths);
        gather(field, page, window, lattice, &ws.rows, &ws.class, &ends, path, paths, &mut reading.candidates);
    }
    reading
}

/// Emits the features of choice `k` for cue `c`: 0 is "no attribution", the others its candidates in order.
pub fn emit_choice(ws: &Workspace, c: usize, k: usize, out: &mut Vec<u32>) {
    let scene = rank::Scene {
        page: &ws.page,
        soft: &ws.soft,
        claims: &ws.claims,
        cues: &ws.cues,
        readings: &ws.readings,
        index: c,
    };
    match k.checked_sub(1) {
        None => rank::emit_none(&scene, out),
        Some(k) => rank::emit(&scene, k, out),
    }
}

/// Runs the second stage over the cues found, ranks their readings, and settles overlaps.
pub fn second_stage(model: &Model, a: &Analysis, ws: &mut Workspace) -> Vec<RawAttribution> {
    read_cues(model, ws);
    let mut all: Vec<Scored> = Vec::new();
    for c in 0..ws.cues.len() {
        if ws.readings[c].candidates.is_empty() {
            continue;
        }
        ws.chances.clear();
        for k in 0..=ws.readings[c].candidates.len() {
            let mut features = std::mem::take(&mut ws.features);
            features.clear();
            emit_choice(ws, c, k, &mut features);
            let mut row = [0.0; LABELS];
            model.rank.add(&features, &mut row);
            ws.features = features;
            ws.chances.push(row[0]);
        }
        softmax(&mut ws.chances);
        let candidates = &ws.readings[c].candidates;
        for (k, x) in candidates.iter().enumerate() {
            // A reading is as good as all readings that say the same; among those, the one nearest to them all comes first.
            let (mut score, mut worth) = (ws.chances[k + 1], ws.chances[k + 1]);
            for (j, y) in candidates.iter().enumerate() {
                let common = if j == k { 0.0 } else { overlap(&ws.page, x, y) };
                if common >= 0.5 {
                    score += ws.chances[j + 1];
                    worth += ws.chances[j + 1] * (1.0 - CENTRE + CENTRE * common.powi(4));
                }
            }
            if score >= model.settings.accept {
                all.push(Scored { index: c, score, worth, reading: x.clone() });
            }
        }
    }
    settle(all, &ws.cues).iter().map(|f| spans(a, &ws.cues[f.index], &f.reading, f.score)).collect()
}

fn softmax(scores: &mut [f32]) {
    let most = scores.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
    let mut sum = 0.0;
    for x in scores.iter_mut() {
        *x = exp(*x - most);
        sum += *x;
    }
    for x in scores.iter_mut() {
        *x /= sum;
    }
}

/// A reading of one cue and its probability.
struct Scored {
    index: usize,
    score: f32,
    worth: f32,
    reading: Candidate,
}

fn spans(a: &Analysis, cue: &Cue, reading: &Candidate, score: f32) -> RawAttribution {
    let span = |&(s, e): &(u32, u32)| -> Option<Span> {
        let first = a.tokens.get(s as usize)?;
        let last = a.tokens.get((e as usize).checked_sub(1)?)?;
        Some(Span { start: first.span.start, end: last.span.end })
    };
    let inside = |i: u32| reading.source.iter().chain(&reading.content).any(|&(s, e)| s <= i && i < e);
    let (mut s, mut e) = (cue.anchor, cue.anchor + 1);
    while s > cue.start && !inside(s - 1) {
        s -= 1;
    }
    while e < cue.end && !inside(e) {
        e += 1;
    }
    RawAttribution {
        source: reading.source.iter().filter_map(span).collect(),
        cue: [(s, e)].iter().filter_map(span).collect(),
        content: reading.content.iter().filter_map(span).collect(),
        score,
    }
}

/// Chooses at most one reading a cue, the likeliest first, such that none lies in another's content; ordered by cue.
fn settle(mut all: Vec<Scored>, cues: &[Cue]) -> Vec<Scored> {
    all.sort_by(|x, y| y.worth.total_cmp(&x.worth).then(x.index.cmp(&y.index)));
    let mut kept: Vec<Option<Scored>> = cues.iter().map(|_| None).collect();
    for f in all {
        if kept[f.index].is_some() {
            continue;
        }
        let at = cues[f.index].anchor;
        // Windows reach only so far, so only near cues can clash.
        let low = cues.partition_point(|c| c.anchor + 2 * REACH + 2 < at);
        let high = cues.partition_point(|c| c.anchor <= at + 2 * REACH + 2);
        let size: u32 = f.reading.content.iter().map(|s| s.1 - s.0).sum();
        let holds = |r: &Candidate, i: u32| r.content.iter().any(|&(s, e)| s <= i && i < e);
        let clash = (low..high).any(|k| {
            kept[k].as_ref().is_some_and(|g| {
                let shared: u32 = f
                    .reading
                    .content
                    .iter()
                    .flat_map(|&(s, e)| g.reading.content.iter().map(move |&(a, b)| e.min(b).saturating_sub(s.max(a))))
                    .sum();
                holds(&g.reading, at) || holds(&f.reading, cues[k].anchor) || shared * 2 > size
            })
        });
        if !clash {
            let k = f.index;
            kept[k] = Some(f);
        }
    }
    kept.into_iter().flatten().collect()
}
