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
/// Number of paths drawn at once by [`Lattice::sample`].
pub const DRAWS: usize = 24;
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
    /// The highest score of each token, and what its forward scores sum to.
    peaks: Vec<f32>,
    sums: Vec<f32>,
    /// The share of the end in the logarithm of the partition function.
    end: f64,
    draws: Vec<[f32; DRAWS]>,
}

/// Makes the scores of a token sum to 1; returns what they summed to.
#[inline(always)]
fn normalise(scores: &mut [f32; STATES]) -> f32 {
    let sum = scores.iter().sum::<f32>().max(1e-30);
    for x in scores {
        *x /= sum;
    }
    sum
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
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Added and taken away again, it leaves a small number rounded to the nearest whole one, ties to even.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-80.0, 80.0);
    let turns = x * std::f32::consts::LOG2_E;
    let even = turns + ROUND;
    let near = even - ROUND;
    // Ties go away from zero, as `f32::round` has it, without its call: this runs for millions of scores a second.
    let rest = turns - near;
    let up = u32::from(rest == 0.5 && turns > 0.0);
    let down = u32::from(rest == -0.5 && turns < 0.0);
    let k = near + up as f32 - down as f32;
    let whole = even.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(up).wrapping_sub(down);
    let r = x - k * 0.693_145_75 - k * 1.428_606_8e-6;
    let p =
        1.0 + r * (1.0 + r * (0.5 + r * (0.166_666_67 + r * (0.041_666_67 + r * (0.008_333_334 + r * 0.001_388_89)))));
    p * f32::from_bits(whole.wrapping_add(127) << 23)
}

/// Swaps the two sides of each table of arcs: `[to][from]`, for passes that run backwards.
pub fn transpose(arcs: &[Arcs]) -> Vec<Arcs> {
    let swap = |table: &Arcs| {
        let mut out = [[0.0; STATES]; STATES];
        for i in 0..STATES {
            for j in 0..STATES {
                out[j][i] = table[i][j];
            }
        }
        out
    };
    arcs.iter().map(swap).collect()
}

impl Lattice {
    /// Computes the posterior of every state at every token, and of every outcome.
    ///
    /// `arcs` holds one exponentiated table a class (see [`exp_arcs`]) and `back` the same transposed (see [`transpose`]);
    /// `class[t]` chooses the table of the arc into token `t`, the first one's being unused.
    pub fn posterior(&mut self, top: &Topology, rows: &[Row], class: &[u8], arcs: &[Arcs], back: &[Arcs], ends: &Row) {
        let n = rows.len().min(class.len());
        self.gamma.clear();
        self.outcome = [0.0; LABELS];
        self.peaks.clear();
        self.sums.clear();
        self.end = 0.0;
        if n == 0 {
            return;
        }
        self.alpha.resize(n, [0.0; STATES]);
        self.beta.resize(n, [0.0; STATES]);
        self.emit.resize(n, [0.0; STATES]);
        for (row, em) in rows.iter().zip(&mut self.emit) {
            let peak = row.iter().fold(NEVER, |a, &b| if b > a { b } else { a });
            let mut e = *row;
            for x in &mut e {
                *x = exp(*x - peak);
            }
            self.peaks.push(peak);
            *em = [0.0; STATES];
            for s in 0..top.states {
                em[s] = e[(top.label[s] as usize) % LABELS];
            }
        }
        let best_end = (0..top.states).map(|s| top.end_score(s, ends)).fold(NEVER, f32::max);
        let mut last = [0.0f32; STATES];
        for (s, x) in last.iter_mut().enumerate().take(top.states) {
            *x = exp(top.end_score(s, ends) - best_end);
            if top.end[s] as usize == LABELS {
                *x = 0.0;
            }
        }
        let mut first = [0.0f32; STATES];
        for s in 0..top.states {
            if top.start >> s & 1 == 1 {
                first[s] = self.emit[0][s];
            }
        }
        self.sums.push(normalise(&mut first));
        self.alpha[0] = first;
        self.beta[n - 1] = last;
        let (mut a, mut b) = (first, last);
        // Both ways in one loop: neither waits for the other.
        for k in 1..n {
            let forwards = &arcs[class[k] as usize];
            let mut next = [0.0f32; STATES];
            for i in 0..top.states {
                for j in 0..STATES {
                    next[j] += a[i] * forwards[i][j];
                }
            }
            for (x, e) in next.iter_mut().zip(&self.emit[k]) {
                *x *= e;
            }
            let at = n - k;
            for (x, e) in b.iter_mut().zip(&self.emit[at]) {
                *x *= e;
            }
            let backwards = &back[class[at] as usize];
            let mut before = [0.0f32; STATES];
            for j in 0..STATES {
                for i in 0..STATES {
                    before[i] += backwards[j][i] * b[j];
                }
            }
            let sum = normalise(&mut next);
            normalise(&mut before);
            self.sums.push(sum);
            self.alpha[k] = next;
            self.beta[at - 1] = before;
            (a, b) = (next, before);
        }
        let z: f32 = (0..STATES).map(|s| a[s] * last[s]).sum::<f32>().max(1e-30);
        self.end = f64::from(z).ln() + f64::from(best_end);
        for s in 0..top.states {
            let e = top.end[s] as usize;
            if e < LABELS {
                self.outcome[e] += a[s] * last[s] / z;
            }
        }
        self.gamma.extend(self.alpha[..n].iter().zip(&self.beta[..n]).map(|(a, b)| {
            let mut g = [0.0f32; STATES];
            for s in 0..STATES {
                g[s] = a[s] * b[s];
            }
            normalise(&mut g);
            g
        }));
    }

    /// Returns the logarithm of the partition function, after [`Lattice::posterior`]; used in training.
    pub fn log_z(&self) -> f64 {
        let peaks: f64 = self.peaks.iter().map(|p| f64::from(*p)).sum();
        let sums: f64 = self.sums.iter().map(|s| f64::from(*s).ln()).sum();
        if self.peaks.is_empty() { 0.0 } else { peaks + sums + self.end }
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
        let before = Before::new(top);
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
                for &i in before.of(j) {
                    let i = i as usize;
                    let x = score[i] + table[i][j];
                    if x > best {
                        best = x;
                        from = i;
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

    /// Draws [`DRAWS`] paths backwards after [`Lattice::warm`]; `draw` yields numbers from 0 to 1, asked for path by path.
    /// `back` is the transposed table of the arcs that `warm` was given. Each path takes `class.len()` places of `paths`.
    /// Returns how many were drawn before one found no way on.
    pub fn sample(
        &mut self,
        top: &Topology,
        class: &[u8],
        back: &[Arcs],
        draw: &mut impl FnMut() -> f32,
        paths: &mut Vec<u8>,
    ) -> usize {
        let n = class.len();
        paths.clear();
        paths.resize(n * DRAWS, 0);
        if n == 0 || self.alpha.len() < n {
            return 0;
        }
        self.draws.resize(n, [0.0; DRAWS]);
        for k in 0..DRAWS {
            for t in (0..n).rev() {
                self.draws[t][k] = draw();
            }
        }
        let before = Before::new(top);
        let mut dead = DRAWS;
        let mut states = [0u8; DRAWS];
        let mut weights = [[0.0f32; STATES]; STATES];
        for t in (0..n).rev() {
            // All paths take a step together: those in one state share its weights.
            let mut sums = [-1.0f32; STATES];
            let alpha = &self.alpha[t];
            for (k, slot) in states.iter_mut().enumerate().take(dead) {
                let after = if t + 1 == n { 0 } else { *slot as usize % STATES };
                let weight = &mut weights[after];
                if sums[after] < 0.0 {
                    let mut sum = 0.0;
                    if t + 1 == n {
                        for s in 0..top.states {
                            weight[s] = alpha[s] * self.last[s];
                            sum += weight[s];
                        }
                    } else {
                        let table = &back[class[t + 1] as usize][after];
                        for &s in before.of(after) {
                            weight[s as usize] = alpha[s as usize] * table[s as usize];
                            sum += weight[s as usize];
                        }
                    }
                    sums[after] = sum;
                }
                if sums[after] <= 0.0 {
                    dead = k;
                    break;
                }
                let mut left = self.draws[t][k] * sums[after];
                let mut state = 0;
                let choices: &[u8] = if t + 1 == n { &ALL[..top.states] } else { before.of(after) };
                for &s in choices {
                    let w = weight[s as usize];
                    if w > 0.0 {
                        state = s;
                        left -= w;
                        if left < 0.0 {
                            break;
                        }
                    }
                }
                *slot = state;
                paths[k * n + t] = state;
            }
        }
        dead
    }
}

/// All states.
const ALL: [u8; STATES] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/// For each state those that an arc leads from, ascending.
struct Before {
    states: [[u8; STATES]; STATES],
    counts: [usize; STATES],
}

impl Before {
    fn new(top: &Topology) -> Before {
        let mut made = Before { states: [[0; STATES]; STATES], counts: [0; STATES] };
        for j in 0..top.states {
            for i in (0..top.states).filter(|i| top.allows(*i, j)) {
                made.states[j][made.counts[j]] = i as u8;
                made.counts[j] += 1;
            }
        }
        made
    }

    #[inline(always)]
    fn of(&self, state: usize) -> &[u8] {
        &self.states[state][..self.counts[state].min(STATES)]
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
