//! Linear-chain conditional random fields over a small set of states (Lafferty, McCallum and Pereira 2001).
//!
//! A [`Topology`] says which states there are, which label each of them scores, and which arcs join them. Emission scores
//! come per token and label; arc scores come from a table chosen by the token's *class* (what stands at its left edge),
//! so that a label may change cheaply at a comma and dearly inside a phrase. Everything is computed in scaled
//! probabilities, one pass forwards and one backwards, linear in the number of tokens.

// States and labels index several arrays at once here; iterators would hide that.
#![allow(clippy::needless_range_loop)]

/// Width of a row of label scores; shorter label sets leave the rest at zero.
pub const LABELS: usize = 8;
/// Largest number of states a topology may have.
pub const STATES: usize = 12;
/// Score of what is forbidden, in log space.
pub const NEVER: f32 = -1.0e30;

/// One score for each label.
pub type Row = [f32; LABELS];
/// Arc scores of one class: `[from][to]`.
pub type Arcs = [[f32; STATES]; STATES];

/// The states of a field, the label each scores, and the arcs between them.
pub struct Topology {
    /// Number of states in use.
    pub states: usize,
    /// Label that each state scores.
    pub label: [u8; STATES],
    /// Bit `to` of entry `from` is set where the arc is allowed.
    pub arcs: [u16; STATES],
    /// Bits of the states that a sequence may begin with.
    pub start: u16,
    /// Outcome (a label index) that each state scores at the end of a sequence, if outcomes are scored; [`LABELS`] where the
    /// sequence may not end there, `u8::MAX` where ending is free.
    pub end: [u8; STATES],
}

impl Topology {
    /// Tells whether the arc is allowed.
    pub fn allows(&self, from: usize, to: usize) -> bool {
        self.arcs[from] >> to & 1 == 1
    }

    /// Returns the end score of a state.
    pub fn end_score(&self, state: usize, ends: &Row) -> f32 {
        match self.end[state] as usize {
            e if e < LABELS => ends[e],
            LABELS => NEVER,
            _ => 0.0,
        }
    }
}

/// Buffers of one forward-backward or Viterbi pass, kept from call to call.
#[derive(Default)]
pub struct Lattice {
    alpha: Vec<[f32; STATES]>,
    beta: Vec<[f32; STATES]>,
    emit: Vec<[f32; STATES]>,
    back: Vec<[u8; STATES]>,
    last: [f32; STATES],
    /// Posterior probability of each state at each token, after [`Lattice::posterior`].
    pub gamma: Vec<[f32; STATES]>,
    /// Posterior probability of each outcome (by label index) at the end.
    pub outcome: Row,
    /// Logarithm of the partition function.
    pub log_z: f64,
}

/// Exponential of arc scores; forbidden arcs become zero.
pub fn exp_arcs(top: &Topology, arcs: &Arcs) -> Arcs {
    warm_arcs(top, arcs, 1.0)
}

/// Exponential of arc scores times `heat`; forbidden arcs become zero.
pub fn warm_arcs(top: &Topology, arcs: &Arcs, heat: f32) -> Arcs {
    let mut out = [[0.0; STATES]; STATES];
    for (i, row) in out.iter_mut().enumerate().take(top.states) {
        for (j, x) in row.iter_mut().enumerate().take(top.states) {
            if top.allows(i, j) {
                *x = exp(arcs[i][j] * heat);
            }
        }
    }
    out
}

/// Computes e to the `x` by range reduction and a polynomial: the same on every machine, relative error below 3e-7.
pub fn exp(x: f32) -> f32 {
    let x = x.clamp(-80.0, 80.0);
    let k = (x * std::f32::consts::LOG2_E).round();
    let r = x - k * 0.693_145_75 - k * 1.428_606_8e-6;
    let p =
        1.0 + r * (1.0 + r * (0.5 + r * (0.166_666_67 + r * (0.041_666_67 + r * (0.008_333_334 + r * 0.001_388_89)))));
    p * f32::from_bits(((k as i32 + 127) as u32) << 23)
}

impl Lattice {
    /// Computes the posterior of every state at every token, of every outcome, and the partition function.
    ///
    /// `arcs` holds one exponentiated table a class (see [`exp_arcs`]); `class[t]` chooses the table of the arc into token `t`,
    /// the first one's being unused.
    pub fn posterior(&mut self, top: &Topology, rows: &[Row], class: &[u8], arcs: &[Arcs], ends: &Row) {
        let n = rows.len();
        self.gamma.clear();
        self.outcome = [0.0; LABELS];
        self.log_z = 0.0;
        if n == 0 {
            return;
        }
        self.alpha.resize(n, [0.0; STATES]);
        self.beta.resize(n, [0.0; STATES]);
        self.emit.resize(n, [0.0; STATES]);
        let mut log_z = 0.0f64;
        for t in 0..n {
            let top_score = rows[t].iter().take(LABELS).fold(NEVER, |a, &b| if b > a { b } else { a });
            let mut e = [0.0; LABELS];
            for l in 0..LABELS {
                e[l] = exp(rows[t][l] - top_score);
            }
            log_z += f64::from(top_score);
            let em = &mut self.emit[t];
            for s in 0..top.states {
                em[s] = e[top.label[s] as usize];
            }
        }
        for t in 0..n {
            let mut a = [0.0f32; STATES];
            if t == 0 {
                for s in 0..top.states {
                    if top.start >> s & 1 == 1 {
                        a[s] = self.emit[0][s];
                    }
                }
            } else {
                let table = &arcs[class[t] as usize];
                let before = self.alpha[t - 1];
                for i in 0..top.states {
                    let p = before[i];
                    for j in 0..STATES {
                        a[j] += p * table[i][j];
                    }
                }
                for s in 0..STATES {
                    a[s] *= self.emit[t][s];
                }
            }
            let sum: f32 = a.iter().sum::<f32>().max(1e-30);
            log_z += f64::from(sum).ln();
            for x in &mut a {
                *x /= sum;
            }
            self.alpha[t] = a;
        }
        let best_end = (0..top.states).map(|s| top.end_score(s, ends)).fold(NEVER, f32::max);
        let mut last = [0.0f32; STATES];
        for (s, x) in last.iter_mut().enumerate().take(top.states) {
            *x = exp(top.end_score(s, ends) - best_end);
            if top.end[s] as usize == LABELS {
                *x = 0.0;
            }
        }
        let z: f32 = (0..STATES).map(|s| self.alpha[n - 1][s] * last[s]).sum::<f32>().max(1e-30);
        log_z += f64::from(z).ln() + f64::from(best_end);
        for s in 0..top.states {
            let e = top.end[s] as usize;
            if e < LABELS {
                self.outcome[e] += self.alpha[n - 1][s] * last[s] / z;
            }
        }
        self.beta[n - 1] = last;
        for t in (0..n - 1).rev() {
            let table = &arcs[class[t + 1] as usize];
            let mut next = [0.0f32; STATES];
            for s in 0..STATES {
                next[s] = self.beta[t + 1][s] * self.emit[t + 1][s];
            }
            let mut b = [0.0f32; STATES];
            let mut sum = 0.0;
            for i in 0..top.states {
                let mut x = 0.0;
                for j in 0..STATES {
                    x += table[i][j] * next[j];
                }
                b[i] = x;
                sum += x;
            }
            let sum = sum.max(1e-30);
            for x in &mut b {
                *x /= sum;
            }
            self.beta[t] = b;
        }
        self.gamma.resize(n, [0.0; STATES]);
        for t in 0..n {
            let mut g = [0.0f32; STATES];
            let mut sum = 0.0;
            for s in 0..STATES {
                g[s] = self.alpha[t][s] * self.beta[t][s];
                sum += g[s];
            }
            let sum = sum.max(1e-30);
            for x in &mut g {
                *x /= sum;
            }
            self.gamma[t] = g;
        }
        self.log_z = log_z;
    }

    /// Returns the posterior of each arc into token `t` (`t` at least 1), after [`Lattice::posterior`]; used in training.
    pub fn arc_posterior(&self, top: &Topology, t: usize, class: u8, arcs: &[Arcs]) -> Arcs {
        let mut out = [[0.0; STATES]; STATES];
        let table = &arcs[class as usize];
        let mut sum = 0.0;
        for i in 0..top.states {
            for j in 0..top.states {
                let x = self.alpha[t - 1][i] * table[i][j] * self.emit[t][j] * self.beta[t][j];
                out[i][j] = x;
                sum += x;
            }
        }
        let sum = sum.max(1e-30);
        for row in &mut out {
            for x in row {
                *x /= sum;
            }
        }
        out
    }

    /// Finds the best sequence of states (Viterbi 1967) with log-space `arcs`; states whose end score is [`NEVER`] cannot end it.
    pub fn best(
        &mut self,
        top: &Topology,
        rows: &[Row],
        class: &[u8],
        arcs: &[Arcs],
        ends: &Row,
        path: &mut Vec<u8>,
    ) -> f32 {
        let n = rows.len();
        path.clear();
        if n == 0 {
            return 0.0;
        }
        self.back.resize(n, [0; STATES]);
        let mut score = [NEVER; STATES];
        for s in 0..top.states {
            if top.start >> s & 1 == 1 {
                score[s] = rows[0][top.label[s] as usize];
            }
        }
        for t in 1..n {
            let table = &arcs[class[t] as usize];
            let mut next = [NEVER; STATES];
            for j in 0..top.states {
                let mut from = 0;
                let mut best = NEVER;
                for i in 0..top.states {
                    if top.allows(i, j) {
                        let x = score[i] + table[i][j];
                        if x > best {
                            best = x;
                            from = i;
                        }
                    }
                }
                next[j] = best + rows[t][top.label[j] as usize];
                self.back[t][j] = from as u8;
            }
            score = next;
        }
        let mut state = 0;
        let mut best = f32::NEG_INFINITY;
        for s in 0..top.states {
            let x = score[s] + top.end_score(s, ends);
            if x > best {
                best = x;
                state = s;
            }
        }
        path.resize(n, 0);
        for t in (0..n).rev() {
            path[t] = state as u8;
            state = self.back[t][state] as usize;
        }
        best
    }

    /// Prepares sampling: runs forwards with all scores times `heat` (below 1 for flatter), `arcs` being exponentiated likewise.
    pub fn warm(&mut self, top: &Topology, rows: &[Row], class: &[u8], arcs: &[Arcs], ends: &Row, heat: f32) {
        let n = rows.len();
        self.alpha.resize(n, [0.0; STATES]);
        for t in 0..n {
            let most = rows[t].iter().fold(NEVER, |a, &b| if b > a { b } else { a });
            let mut e = [0.0; LABELS];
            for l in 0..LABELS {
                e[l] = exp((rows[t][l] - most) * heat);
            }
            let mut a = [0.0f32; STATES];
            if t == 0 {
                for s in 0..top.states {
                    a[s] = f32::from(top.start >> s & 1);
                }
            } else {
                let table = &arcs[class[t] as usize];
                let before = self.alpha[t - 1];
                for i in 0..top.states {
                    for j in 0..STATES {
                        a[j] += before[i] * table[i][j];
                    }
                }
            }
            let mut sum = 0.0;
            for s in 0..top.states {
                a[s] *= e[top.label[s] as usize];
                sum += a[s];
            }
            let sum = sum.max(1e-30);
            for x in &mut a {
                *x /= sum;
            }
            self.alpha[t] = a;
        }
        self.last = [0.0; STATES];
        let most = (0..top.states).map(|s| top.end_score(s, ends)).fold(NEVER, f32::max);
        for s in 0..top.states {
            let score = top.end_score(s, ends);
            if score > 0.5 * NEVER {
                self.last[s] = exp((score - most) * heat);
            }
        }
    }

    /// Draws a path backwards after [`Lattice::warm`]; `draw` yields numbers from 0 to 1. False where no path can end.
    pub fn sample(
        &self,
        top: &Topology,
        class: &[u8],
        arcs: &[Arcs],
        draw: &mut impl FnMut() -> f32,
        path: &mut Vec<u8>,
    ) -> bool {
        let n = class.len();
        path.clear();
        path.resize(n, 0);
        if n == 0 || self.alpha.len() < n {
            return false;
        }
        let mut weight = [0.0f32; STATES];
        for s in 0..top.states {
            weight[s] = self.alpha[n - 1][s] * self.last[s];
        }
        for t in (0..n).rev() {
            let sum: f32 = weight.iter().sum();
            if sum <= 0.0 {
                return false;
            }
            let mut left = draw() * sum;
            let mut state = 0;
            for s in 0..top.states {
                if weight[s] > 0.0 {
                    state = s;
                    left -= weight[s];
                    if left < 0.0 {
                        break;
                    }
                }
            }
            path[t] = state as u8;
            if t > 0 {
                let table = &arcs[class[t] as usize];
                for s in 0..STATES {
                    weight[s] = self.alpha[t - 1][s] * table[s][state];
                }
            }
        }
        true
    }
}

/// Returns the score of a path in log space, without its end.
pub fn path_score(top: &Topology, rows: &[Row], class: &[u8], arcs: &[Arcs], path: &[u8]) -> f32 {
    let mut sum = 0.0;
    for t in 0..path.len() {
        sum += rows[t][top.label[path[t] as usize] as usize];
        if t > 0 {
            sum += arcs[class[t] as usize][path[t - 1] as usize][path[t] as usize];
        }
    }
    sum
}
