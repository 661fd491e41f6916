//! Training of a field: AdaGrad on the likelihood, feature dropout, averaged weights.
#![allow(clippy::needless_range_loop, clippy::too_many_arguments)]
use demarche::attribution::spans::crf::{Arcs, LABELS, Lattice, NEVER, Row, STATES, Topology, exp_arcs, transpose};
use std::collections::HashMap;

/// Features by number.
#[derive(Default)]
pub struct Alphabet {
    pub keys: Vec<u32>,
    map: HashMap<u32, u32>,
}

impl Alphabet {
    /// Keeps the features seen at least `least` times.
    pub fn of(lists: &[&[u32]], least: u32) -> Alphabet {
        let mut all: Vec<u32> = Vec::with_capacity(lists.iter().map(|l| l.len()).sum());
        for l in lists {
            all.extend_from_slice(l);
        }
        all.sort_unstable();
        let mut keys = Vec::new();
        let mut k = 0;
        while k < all.len() {
            let mut e = k;
            while e < all.len() && all[e] == all[k] {
                e += 1;
            }
            if (e - k) as u32 >= least && all[k] != 0 {
                keys.push(all[k]);
            }
            k = e;
        }
        let map = keys.iter().enumerate().map(|(i, &k)| (k, i as u32)).collect();
        Alphabet { keys, map }
    }

    pub fn get(&self, key: u32) -> Option<u32> {
        self.map.get(&key).copied()
    }
}

/// Lists of features, one a token, end to end.
#[derive(Default)]
pub struct Lists {
    pub flat: Vec<u32>,
    pub ends: Vec<u32>,
}

impl Lists {
    pub fn push(&mut self, list: &[u32]) {
        self.flat.extend_from_slice(list);
        self.ends.push(self.flat.len() as u32);
    }
    pub fn get(&self, i: usize) -> &[u32] {
        let s = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.flat[s..self.ends[i] as usize]
    }
    /// Replaces hashes by numbers, dropping the unknown.
    pub fn number(&mut self, alphabet: &Alphabet) {
        let mut flat = Vec::with_capacity(self.flat.len());
        let mut s = 0usize;
        for e in &mut self.ends {
            for &f in &self.flat[s..*e as usize] {
                if let Some(n) = alphabet.get(f) {
                    flat.push(n);
                }
            }
            s = *e as usize;
            *e = flat.len() as u32;
        }
        self.flat = flat;
    }
}

/// One training sequence: tokens `start..start+gold.len()` of a document's shared lists, and lists of its own.
pub struct Sequence {
    pub doc: u32,
    pub start: u32,
    pub own: Lists,
    pub class: Vec<u8>,
    /// Gold states.
    pub gold: Vec<u8>,
    /// Pinned token (by place in the sequence), if any.
    pub pin: Option<usize>,
    pub ends: Vec<u32>,
    /// Gold outcome label, `u8::MAX` if outcomes are not scored.
    pub outcome: u8,
}

/// Settings of the optimiser.
#[derive(Clone, Copy)]
pub struct Plan {
    pub epochs: usize,
    pub rate: f32,
    pub dropout: f32,
    pub l2: f32,
    /// What the sums of squared gradients begin with: the larger, the less rare features learn.
    pub g0: f32,
    pub seed: u64,
}

pub struct Trained {
    pub weights: Vec<(u32, Row)>,
    pub arcs: Vec<Arcs>,
}

pub struct Random(pub u64);
impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}

#[derive(Clone, Copy, Default)]
struct Cell {
    w: Row,
    g2: Row,
    u: Row,
}

fn step(c: &mut Cell, l: usize, grad: f32, rate: f32, l2: f32, t: f32) {
    let g = grad - l2 * c.w[l];
    c.g2[l] += g * g;
    let d = rate * g / (c.g2[l].sqrt() + 1e-6);
    c.w[l] += d;
    c.u[l] += t * d;
}

/// Trains a field on sequences whose features are numbers of the alphabet.
pub fn train(
    top: &Topology,
    classes: usize,
    alphabet: &Alphabet,
    shared: &[Lists],
    seqs: &[&Sequence],
    plan: Plan,
    name: &str,
) -> Trained {
    let mut cells = vec![Cell { g2: [plan.g0; LABELS], ..Cell::default() }; alphabet.keys.len()];
    let mut arcs = vec![[[0.0f32; STATES]; STATES]; classes];
    let mut arcs_g2 = vec![[[1e-3f32; STATES]; STATES]; classes];
    let mut arcs_u = vec![[[0.0f32; STATES]; STATES]; classes];
    let mut exp: Vec<Arcs> = arcs.iter().map(|a| exp_arcs(top, a)).collect();
    let mut back = transpose(&exp);
    let mut rnd = Random(plan.seed | 1);
    let mut order: Vec<usize> = (0..seqs.len()).collect();
    let mut lattice = Lattice::default();
    let mut rows: Vec<Row> = Vec::new();
    let (mut kept, mut kept_ends): (Vec<u32>, Vec<usize>) = (Vec::new(), Vec::new());
    let keep_below = ((1.0 - plan.dropout) * 256.0) as u64;
    let total = (plan.epochs * seqs.len()) as f32;
    let mut t = 0f32;
    for epoch in 0..plan.epochs {
        for i in (1..order.len()).rev() {
            order.swap(i, (rnd.next() % (i as u64 + 1)) as usize);
        }
        let mut loss = 0.0f64;
        let rate = plan.rate;
        for &si in &order {
            let s = seqs[si];
            let n = s.gold.len();
            rows.clear();
            kept.clear();
            kept_ends.clear();
            let mut bits = 0u64;
            let mut left = 0;
            for k in 0..n {
                let mut row = [0.0; LABELS];
                let fixed = shared[s.doc as usize].get(s.start as usize + k);
                let own: &[u32] = if s.own.ends.is_empty() { &[] } else { s.own.get(k) };
                for &f in fixed.iter().chain(own) {
                    if left == 0 {
                        bits = rnd.next();
                        left = 8;
                    }
                    let keep = bits & 255 < keep_below;
                    bits >>= 8;
                    left -= 1;
                    if keep {
                        kept.push(f);
                        let w = &cells[f as usize].w;
                        for l in 0..LABELS {
                            row[l] += w[l];
                        }
                    }
                }
                if s.outcome == u8::MAX {
                    row[7] = NEVER;
                } else {
                    row[5] = NEVER;
                    row[6] = NEVER;
                    row[7] = NEVER;
                }
                if s.pin == Some(k) {
                    for x in &mut row[1..5] {
                        *x = -60.0;
                    }
                }
                rows.push(row);
                kept_ends.push(kept.len());
            }
            let mut ends = [0.0; LABELS];
            let ends_from = kept.len();
            for &f in &s.ends {
                if rnd.next() & 255 < keep_below {
                    kept.push(f);
                    for l in 5..8 {
                        ends[l] += cells[f as usize].w[l];
                    }
                }
            }
            lattice.posterior(top, &rows, &s.class, &exp, &back, &ends);
            // Likelihood of the gold path.
            let mut path = 0.0f64;
            for k in 0..n {
                path += f64::from(rows[k][top.label[s.gold[k] as usize] as usize]);
                if k > 0 {
                    path += f64::from(arcs[s.class[k] as usize][s.gold[k - 1] as usize][s.gold[k] as usize]);
                }
            }
            if s.outcome != u8::MAX {
                path += f64::from(ends[s.outcome as usize]);
            }
            loss += lattice.log_z() - path;
            t += 1.0;
            let mut from = 0;
            for k in 0..n {
                let mut grad = [0.0; LABELS];
                for st in 0..top.states {
                    grad[top.label[st] as usize] -= lattice.gamma[k][st];
                }
                grad[top.label[s.gold[k] as usize] as usize] += 1.0;
                let to = kept_ends[k];
                if s.pin != Some(k) && grad.iter().any(|g| g.abs() > 1e-4) {
                    for &f in &kept[from..to] {
                        let c = &mut cells[f as usize];
                        for l in 0..LABELS {
                            if grad[l].abs() > 1e-5 {
                                step(c, l, grad[l], rate, plan.l2, t);
                            }
                        }
                    }
                }
                from = to;
                if k > 0 {
                    let post = lattice.arc_posterior(top, k, s.class[k], &exp);
                    let table = s.class[k] as usize;
                    for i in 0..top.states {
                        for j in 0..top.states {
                            if top.allows(i, j) {
                                let mut g = -post[i][j];
                                if i == s.gold[k - 1] as usize && j == s.gold[k] as usize {
                                    g += 1.0;
                                }
                                if g.abs() > 1e-5 {
                                    arcs_g2[table][i][j] += g * g;
                                    let d = rate * g / arcs_g2[table][i][j].sqrt();
                                    arcs[table][i][j] += d;
                                    arcs_u[table][i][j] += t * d;
                                }
                            }
                        }
                    }
                }
            }
            if s.outcome != u8::MAX {
                for &f in &kept[ends_from..] {
                    let c = &mut cells[f as usize];
                    for l in 5..8 {
                        let g = f32::from(u8::from(l as u8 == s.outcome)) - lattice.outcome[l];
                        step(c, l, g, rate, plan.l2, t);
                    }
                }
            }
            // Arc tables change a little each time; their exponentials may lag a few sequences behind.
            if (t as usize).is_multiple_of(16) {
                exp = arcs.iter().map(|a| exp_arcs(top, a)).collect();
                back = transpose(&exp);
            }
        }
        eprintln!("{name} epoch {} loss per sequence {:.4}", epoch + 1, loss / seqs.len() as f64);
    }
    let keep = 1.0 - plan.dropout;
    let weights = alphabet
        .keys
        .iter()
        .zip(&cells)
        .map(|(&k, c)| {
            let mut row = [0.0; LABELS];
            for l in 0..LABELS {
                row[l] = (c.w[l] - c.u[l] / total) * keep;
            }
            (k, row)
        })
        .collect();
    let mut out = arcs;
    for (a, u) in out.iter_mut().zip(&arcs_u) {
        for i in 0..STATES {
            for j in 0..STATES {
                a[i][j] -= u[i][j] / total;
            }
        }
    }
    Trained { weights, arcs: out }
}
