//! Training of the two stages, the first jackknifed for the second.
use super::data::{Doc, Gold};
use super::optimise::{Alphabet, Lists, Plan, Sequence, Trained, train as optimise};
use demarche::attribution::spans::crf::{STATES, Topology};
use demarche::attribution::spans::decode::{first_stage, pieces};
use demarche::attribution::spans::first::{EDGES, FIRST, edge_class, emit_first, label as one};
use demarche::attribution::spans::memo::Plain;
use demarche::attribution::spans::model::{Field, Model};
use demarche::attribution::spans::second::{Cue, SECOND, View, emit_static, label as two, window};
use demarche::attribution::spans::table::Table;

pub struct Plans {
    pub first: Plan,
    pub second: Plan,
    /// Least count of a feature.
    pub least: u32,
    /// Rows whose largest weight lies below are left out.
    pub floor: f32,
    /// The same for the second stage.
    pub floor2: f32,
    /// Where to keep the first stage between runs.
    pub cache: Option<String>,
    /// The same for the second stage.
    pub cache2: Option<String>,
    /// The ranker.
    pub rank: Plan,
}

/// Number of jackknife folds.
const FOLDS: usize = 4;

fn runs(tokens: &[u32]) -> Vec<(u32, u32)> {
    let mut out: Vec<(u32, u32)> = Vec::new();
    for &t in tokens {
        match out.last_mut() {
            Some(r) if r.1 == t => r.1 = t + 1,
            _ => out.push((t, t + 1)),
        }
    }
    out
}

fn gold_first(doc: &Doc) -> Vec<u8> {
    let mut out = vec![one::O; doc.analysis.tokens.len()];
    let mut put = |tokens: &[u32], b: u8, i: u8| {
        for (s, e) in runs(tokens) {
            for k in s..e {
                out[k as usize] = if k == s { b } else { i };
            }
        }
    };
    for g in &doc.gold {
        put(&g.source, one::BS, one::IS);
    }
    for g in &doc.gold {
        put(&g.content, one::BN, one::IN);
    }
    for g in &doc.gold {
        put(&g.cue, one::BC, one::IC);
    }
    out
}

/// Cuts gold labels to what a paragraph's sequence may begin with and go on with.
fn legal(top: &Topology, gold: &mut [u8]) {
    for k in 0..gold.len() {
        let ok =
            if k == 0 { top.start >> gold[0] & 1 == 1 } else { top.allows(gold[k - 1] as usize, gold[k] as usize) };
        if !ok {
            // An inside label without its beginning: make it a beginning.
            gold[k] = match gold[k] {
                one::IS => one::BS,
                one::IC => one::BC,
                one::IN => one::BN,
                x => x,
            };
        }
    }
}

fn field(top: &Topology, t: Trained, floor: f32) -> Field {
    let weights: Vec<_> = t.weights.into_iter().filter(|(_, r)| r.iter().any(|w| w.abs() >= floor)).collect();
    let most = weights.iter().flat_map(|(_, r)| r.iter()).fold(0.0f32, |a, w| a.max(w.abs()));
    // Eight bits: a few very large weights are clipped rather than all others blurred.
    let scale = (most / 127.0).min(0.02);
    eprintln!("{} rows, largest weight {most:.2}", weights.len());
    Field::new(top, Table::build(&weights, scale), t.arcs)
}

pub fn train(docs: &mut [Doc], model: &mut Model, plans: &Plans) {
    let fields = cached(plans.cache.as_deref(), false, || firsts(docs, plans));
    let mut fields = fields.into_iter();
    let whole = fields.next().expect("first");
    for (fold, f) in fields.enumerate() {
        model.first = f;
        model.join();
        for d in docs.iter_mut().filter(|d| d.fold == fold) {
            first_stage(model, &mut d.ws);
        }
    }
    model.first = whole;
    let fields = cached(plans.cache2.as_deref(), true, || seconds(docs, plans));
    let mut fields = fields.into_iter();
    let whole = fields.next().expect("second");
    model.rank = super::ranking::train(docs, model, fields.collect(), plans);
    model.second = whole;
    model.join();
}

/// Reads a stage's fields from the files of an earlier run, or makes and keeps them.
fn cached(prefix: Option<&str>, second: bool, make: impl FnOnce() -> Vec<Field>) -> Vec<Field> {
    let Some(prefix) = prefix else { return make() };
    let name = |k: usize| format!("{prefix}.{k}");
    let have: Vec<Field> = (0..=FOLDS)
        .map_while(|k| std::fs::read(name(k)).ok())
        .map(|b| {
            let m = Model::from_bytes(&b).expect("cache");
            if second { m.second } else { m.first }
        })
        .collect();
    if have.len() == FOLDS + 1 {
        return have;
    }
    let fields = make();
    let empty = |top: &Topology, n: usize| Field::new(top, Table::default(), vec![[[0.0; STATES]; STATES]; n]);
    for (k, f) in fields.iter().enumerate() {
        let (a, b) = if second { (empty(&FIRST, EDGES), f.clone()) } else { (f.clone(), empty(&SECOND, 2 * EDGES)) };
        let mut half = Model::default();
        (half.first, half.second) = (a, b);
        std::fs::write(name(k), half.to_bytes()).expect("cache");
    }
    fields
}

/// Trains the first stage on all documents, then once without each fold.
fn firsts(docs: &[Doc], plans: &Plans) -> Vec<Field> {
    let mut lists: Vec<Lists> = docs
        .iter()
        .map(|d| {
            let mut l = Lists::default();
            let mut f = Vec::new();
            for i in 0..d.analysis.tokens.len() {
                f.clear();
                emit_first(&d.ws.page, i, &mut Plain(&mut f));
                l.push(&f);
            }
            l
        })
        .collect();
    let alphabet = Alphabet::of(&lists.iter().map(|l| &l.flat[..]).collect::<Vec<_>>(), plans.least);
    for l in &mut lists {
        l.number(&alphabet);
    }
    eprintln!("first stage: {} features", alphabet.keys.len());
    let sequences = |keep: &dyn Fn(&Doc) -> bool| -> Vec<Sequence> {
        let mut out = Vec::new();
        for (k, d) in docs.iter().enumerate().filter(|(_, d)| keep(d)) {
            let gold = gold_first(d);
            for (s, e) in pieces(&d.ws.page) {
                let mut g = gold[s as usize..e as usize].to_vec();
                legal(&FIRST, &mut g);
                out.push(Sequence {
                    doc: k as u32,
                    start: s,
                    own: Lists::default(),
                    class: (s..e).map(|i| edge_class(&d.ws.page, i as usize)).collect(),
                    gold: g,
                    pin: None,
                    ends: Vec::new(),
                    outcome: u8::MAX,
                });
            }
        }
        out
    };
    let seqs = sequences(&|_| true);
    parallel(docs, &seqs, &FIRST, EDGES, &alphabet, &lists, plans.first, plans.floor)
}

/// Trains a field on all sequences, then once without each fold, on two threads.
#[allow(clippy::too_many_arguments)]
fn parallel(
    docs: &[Doc],
    seqs: &[Sequence],
    top: &Topology,
    classes: usize,
    alphabet: &Alphabet,
    lists: &[Lists],
    plan: Plan,
    floor: f32,
) -> Vec<Field> {
    let mut jobs: Vec<(String, Vec<&Sequence>)> = vec![("all".to_string(), seqs.iter().collect())];
    for fold in 0..FOLDS {
        jobs.push((format!("fold {fold}"), seqs.iter().filter(|s| docs[s.doc as usize].fold != fold).collect()));
    }
    let mut fields: Vec<Option<Field>> = (0..jobs.len()).map(|_| None).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let slots = std::sync::Mutex::new(&mut fields);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let k = next.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    let Some((name, seqs)) = jobs.get(k) else { break };
                    let t = optimise(top, classes, alphabet, lists, seqs, plan, name);
                    let f = field(top, t, floor);
                    slots.lock().expect("lock")[k] = Some(f);
                }
            });
        }
    });
    fields.into_iter().map(|f| f.expect("trained")).collect()
}

/// Gold states of the second stage for one cue's window, and the outcome.
pub fn gold_second(gold: Option<&Gold>, cue: &Cue, (s, e): (u32, u32)) -> (Vec<u8>, u8) {
    let n = (e - s) as usize;
    let mut labels = vec![two::O; n];
    if let Some(g) = gold {
        for (a, b) in runs(&g.content) {
            for k in a.max(s)..b.min(e) {
                labels[(k - s) as usize] = if k == a.max(s) { two::BN } else { two::IN };
            }
        }
        // One run of source: the nearest to the cue.
        let near = |r: &(u32, u32)| if r.1 <= cue.anchor { cue.anchor - r.1 } else { r.0.saturating_sub(cue.anchor) };
        if let Some((a, b)) = runs(&g.source).into_iter().filter(|r| r.0 >= s && r.1 <= e).min_by_key(near) {
            for k in a..b {
                labels[(k - s) as usize] = if k == a { two::BS } else { two::IS };
            }
        }
        labels[(cue.anchor - s) as usize] = two::O;
        if !labels.contains(&two::BN) {
            labels.fill(two::O);
        }
    }
    let (mut source, mut content) = (false, false);
    let mut states = Vec::with_capacity(n);
    let mut before = two::O;
    for (k, &l) in labels.iter().enumerate() {
        // The pinned cue may have cut a run in two.
        let l = match l {
            two::IN if k == 0 || !matches!(before, two::BN | two::IN) => two::BN,
            two::IS if k == 0 || !matches!(before, two::BS | two::IS) => two::O,
            l => l,
        };
        before = l;
        states.push(match l {
            two::BS => {
                source = true;
                4 + u8::from(content)
            }
            two::IS => 6 + u8::from(content),
            two::BN => {
                content = true;
                8 + u8::from(source)
            }
            two::IN => 10 + u8::from(source),
            _ => u8::from(source) + 2 * u8::from(content),
        });
    }
    let outcome = if !content {
        two::NOTHING
    } else if source {
        two::FULL
    } else {
        two::BARE
    };
    (states, outcome)
}

/// Assigns each cue candidate the gold attribution whose cue it overlaps; a gold cue goes to its likeliest candidate.
pub fn match_cues(doc: &Doc) -> Vec<Option<usize>> {
    let mut out = vec![None; doc.ws.cues.len()];
    for (g, gold) in doc.gold.iter().enumerate() {
        let best = doc
            .ws
            .cues
            .iter()
            .enumerate()
            .filter(|(k, c)| out[*k].is_none() && gold.cue.iter().any(|&t| c.start <= t && t < c.end))
            .max_by(|a, b| a.1.score.total_cmp(&b.1.score).then(b.0.cmp(&a.0)));
        if let Some((k, _)) = best {
            out[k] = Some(g);
        }
    }
    out
}

/// Trains the second stage on all documents, then once without each fold.
fn seconds(docs: &[Doc], plans: &Plans) -> Vec<Field> {
    let mut shared: Vec<Lists> = Vec::new();
    let mut seqs: Vec<Sequence> = Vec::new();
    let mut view = View::default();
    let mut f = Vec::new();
    let (mut positive, mut golds, mut tokens, mut lost, mut all) = (0, 0, 0usize, 0usize, 0usize);
    for (k, d) in docs.iter().enumerate() {
        let page = &d.ws.page;
        let mut l = Lists::default();
        let matched = match_cues(d);
        golds += d.gold.len();
        let mut wanted = vec![false; d.analysis.tokens.len()];
        for (c, m) in d.ws.cues.iter().zip(&matched) {
            let w = window(page, c);
            let gold = m.map(|g| &d.gold[g]);
            if let Some(g) = gold {
                positive += 1;
                all += g.content.len();
                lost += g.content.iter().filter(|&&t| t < w.0 || t >= w.1).count();
            }
            let (states, outcome) = gold_second(gold, c, w);
            view.set(page, &d.ws.soft, *c, w);
            let mut own = Lists::default();
            for i in w.0..w.1 {
                wanted[i as usize] = true;
                f.clear();
                view.emit(page, &d.ws.soft, i, &mut Plain(&mut f));
                own.push(&f);
            }
            tokens += (w.1 - w.0) as usize;
            f.clear();
            view.emit_end(page, &d.ws.soft, &mut f);
            seqs.push(Sequence {
                doc: k as u32,
                start: w.0,
                own,
                class: (w.0..w.1).map(|i| view.arc_class(page, i)).collect(),
                gold: states,
                pin: Some((c.anchor - w.0) as usize),
                ends: f.clone(),
                outcome,
            });
        }
        for (i, &w) in wanted.iter().enumerate() {
            f.clear();
            if w {
                emit_static(page, &d.ws.soft, i, &mut Plain(&mut f));
            }
            l.push(&f);
        }
        shared.push(l);
    }
    eprintln!(
        "second stage: {} candidates, {positive} of {golds} gold cues, {:.1} tokens a window, {:.2} % of content outside",
        seqs.len(),
        tokens as f32 / seqs.len() as f32,
        100.0 * lost as f32 / all as f32
    );
    let alphabet = {
        let mut all: Vec<&[u32]> = shared.iter().map(|l| &l.flat[..]).collect();
        for s in &seqs {
            all.push(&s.own.flat);
            all.push(&s.ends);
        }
        Alphabet::of(&all, plans.least)
    };
    for l in &mut shared {
        l.number(&alphabet);
    }
    for s in &mut seqs {
        s.own.number(&alphabet);
        s.ends = s.ends.iter().filter_map(|&f| alphabet.get(f)).collect();
    }
    eprintln!("second stage: {} features", alphabet.keys.len());
    parallel(docs, &seqs, &SECOND, 2 * EDGES, &alphabet, &shared, plans.second, plans.floor2)
}
