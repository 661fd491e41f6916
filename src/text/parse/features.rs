//! What the parser looks at: the features of a state, for the next move and for the relation of an arc.
//!
//! After Zhang and Nivre (2011), trimmed: words and tags around the top of the stack and the front of the queue, their
//! outermost dependents, distance, valency, and (our own) quotations and commas between.

use super::state::{Move, NOBODY, Node, State};
use crate::text::hash::feature;

/// How many features a move has.
pub const MOVE_FEATURES: usize = 78;
/// How many features a relation has.
pub const REL_FEATURES: usize = 34;

/// What stands for a node that is not there.
const EDGE: Node = Node {
    word: 1,
    tag: 63,
    quote: 0,
    lefts: 0,
    rights: 0,
    left: [NOBODY; 2],
    right: [NOBODY; 2],
    head: NOBODY,
    rel: super::Rel::Dep,
    left_kinds: 1 << 20,
    right_kinds: 1 << 20,
    commas: 0,
    verbs: 0,
};

/// A distance in classes.
fn near(from: u16, to: u16) -> u32 {
    match to.abs_diff(from) {
        d @ 0..=4 => u32::from(d),
        5..=6 => 5,
        7..=10 => 6,
        11..=20 => 7,
        _ => 8,
    }
}

impl State {
    #[inline]
    fn node(&self, at: u16) -> &Node {
        self.nodes.get(at as usize).unwrap_or(&EDGE)
    }

    fn below(&self, depth: usize) -> u16 {
        self.stack.len().checked_sub(depth + 1).and_then(|at| self.stack.get(at)).copied().unwrap_or(NOBODY)
    }
}

/// The keys of the features of the next move.
pub fn move_features(state: &State) -> [u32; MOVE_FEATURES] {
    let (i0, i1, i2) = (state.below(0), state.below(1), state.below(2));
    let q = state.next;
    let (s0, s1, s2) = (state.node(i0), state.node(i1), state.node(i2));
    let (b0, b1, b2, b3) = (state.node(q), state.node(q + 1), state.node(q + 2), state.node(q + 3));
    let (before, after) = (state.node(i0.wrapping_sub(1)), state.node(i0.saturating_add(1)));
    let p = |n: &Node| u32::from(n.tag);
    let (s0p, s1p, s2p, b0p, b1p, b2p) = (p(s0), p(s1), p(s2), p(b0), p(b1), p(b2));
    let (s0w, s1w, b0w, b1w) = (s0.word, s1.word, b0.word, b1.word);
    let (s0l, s0r, s1l, s1r, b0l) = (
        state.node(s0.left[0]),
        state.node(s0.right[0]),
        state.node(s1.left[0]),
        state.node(s1.right[0]),
        state.node(b0.left[0]),
    );
    let (s0l2, s0r2, b0l2, s1r2) =
        (state.node(s0.left[1]), state.node(s0.right[1]), state.node(b0.left[1]), state.node(s1.right[1]));
    let r = |n: &Node| n.rel as u32;
    let (d0, d1) = (near(i0, q), near(i1, i0));
    let (vl0, vr0) = (u32::from(s0.lefts.min(5)), u32::from(s0.rights.min(5)));
    let (vr1, vlb) = (u32::from(s1.rights.min(5)), u32::from(b0.lefts.min(5)));
    // What lies between: quotation marks' regions, commas, verbs.
    let quoted = |a: &Node, b: &Node| {
        u32::from(a.quote == b.quote) | u32::from(a.quote != u32::MAX) << 1 | u32::from(b.quote != u32::MAX) << 2
    };
    let (q0, q1) = (quoted(s0, b0), quoted(s1, s0));
    let between = |a: &Node, b: &Node| {
        u32::from(b.commas.saturating_sub(a.commas).min(3)) | u32::from(b.verbs.saturating_sub(a.verbs).min(3)) << 2
    };
    let (c0, c1) = (between(s0, b0), between(s1, s0));
    let s0b0 = s0p << 8 | b0p;
    let s1s0 = s1p << 8 | s0p;
    let three = s1p << 16 | s0b0;
    [
        feature(0, s0w, s0p, 0),
        feature(1, s0p, 0, 0),
        feature(2, s1w, s1p, 0),
        feature(3, s1p, 0, 0),
        feature(4, b0w, b0p, 0),
        feature(5, b0p, b1p, 0),
        feature(6, b1w, b1p, 0),
        feature(7, b1w, s0b0, 0),
        feature(8, s2p, s1s0, 0),
        feature(9, s0w, b0w, 0),
        feature(10, s0w, b0w, s0b0),
        feature(11, s0w, s0b0, 0),
        feature(12, b0w, s0b0, 0),
        feature(13, s0b0, 0, 0),
        feature(14, s1w, s0w, 0),
        feature(15, s1w, s0w, s1s0),
        feature(16, s1w, s1s0, 0),
        feature(17, s0w, s1s0, 0),
        feature(18, s1s0, 0, 0),
        feature(19, s1p, b0p, 0),
        feature(20, s1w, b0w, 0),
        feature(21, three, 0, 0),
        feature(22, three, b1p, 0),
        feature(23, s0b0, b1p, b2p),
        feature(24, b0p, b1p, b2p),
        feature(25, three, s2p, 0),
        feature(26, s0w, three, 0),
        feature(27, s1w, three, 0),
        feature(28, b0w, three, 0),
        feature(29, s0b0, p(s0l), 0),
        feature(30, s0b0, p(s0r), 0),
        feature(31, s0b0, p(b0l), 0),
        feature(32, s1s0, p(s1r), b0p),
        feature(33, s1s0, p(s1l), 0),
        feature(34, s1s0, p(s0l), 0),
        feature(35, s1s0, p(s0r), b0p),
        feature(36, s0p, d0, 0),
        feature(37, s0w, d0, 0),
        feature(38, s0b0, d0, c0),
        feature(39, s1s0, d1, c1),
        feature(40, s1w, d1, s0p),
        feature(41, b0w, d0, s0p),
        feature(42, s0w, vr0, 0),
        feature(43, s0p, vr0, b0p),
        feature(44, s0w, vl0, s0p),
        feature(45, s0p, vl0, vr0),
        feature(46, b0w, vlb, 0),
        feature(47, b0p, vlb, s0p),
        feature(48, s1w, vr1, 0),
        feature(49, s1p, vr1, s0p),
        feature(50, s0w, r(s0l), 0),
        feature(51, s0p, r(s0l), r(s0l2)),
        feature(52, s0w, r(s0r), 1),
        feature(53, s0p, r(s0r) << 8 | r(s0r2), b0p),
        feature(54, s1p, r(s1r) << 8 | r(s1r2), s0p),
        feature(55, s1w, r(s1r), s0p),
        feature(56, b0p, r(b0l) << 8 | r(b0l2), s0p),
        feature(57, s0r.word, s0b0, 0),
        feature(58, s0l.word, s1s0, 0),
        feature(59, s1r.word, s1s0, 0),
        feature(60, s0b0, q0, 0),
        feature(61, three, q0, q1),
        feature(62, s0b0, q1, c1),
        feature(63, b0w, q0, s0p),
        feature(64, s0b0, c0, b1p),
        feature(65, s1s0, c1, b0p),
        feature(66, b0w, b1w, 0),
        feature(67, b2.word, b1p, b0p),
        feature(68, b0p, b1p, b2p << 8 | p(b3)),
        feature(69, s0b0, b0.left_kinds, 0),
        feature(70, b0w, b0.left_kinds, 0),
        feature(71, s1s0, s1.right_kinds, b0p),
        feature(72, s1w, s1.right_kinds, s0p),
        feature(73, s0b0, s0.right_kinds << 16 | s0.left_kinds, 0),
        feature(74, s0w, s0.right_kinds, b0p),
        feature(75, s1s0, s1.right_kinds, s0.right_kinds << 16 | s0.left_kinds),
        feature(76, s0b0, p(before), p(after)),
        feature(77, s0b0, p(state.node(q.wrapping_sub(1))), b1p),
    ]
}

/// The keys of the features of the relation of the arc that a move would make.
pub fn rel_features(state: &State, step: Move) -> [u32; REL_FEATURES] {
    let (at, to) = state.arc(step).unwrap_or((usize::MAX, usize::MAX));
    let (at, to) = (at.min(NOBODY as usize) as u16, to.min(NOBODY as usize) as u16);
    let (d, h) = (state.node(at), state.node(to));
    let (dp, hp) = (u32::from(d.tag), u32::from(h.tag));
    let left = u32::from(step == Move::Left);
    let dh = dp << 16 | hp << 8 | left << 4 | near(at, to);
    let pair = dp << 8 | hp << 1 | left;
    let node = |at: u16| state.node(at);
    // Without a dependent on a side, the index of nobody leads to the edge.
    let (dl, dl2, dr) = (node(d.left[0]), node(d.left[1]), node(d.right[0]));
    let (hl, hl2, hr, hr2) = (node(h.left[0]), node(h.left[1]), node(h.right[0]), node(h.right[1]));
    let (before, after) = (node(at.wrapping_sub(1)), node(at.saturating_add(1)));
    let r = |n: &Node| n.rel as u32;
    let quote = u32::from(d.quote == h.quote) | u32::from(d.quote != u32::MAX) << 1;
    let commas = u32::from(d.commas != h.commas);
    [
        feature(100, dh, 0, 0),
        feature(101, d.word, left, 0),
        feature(102, h.word, left, dp),
        feature(103, d.word, h.word, left),
        feature(104, d.word, pair, 0),
        feature(105, h.word, pair, 0),
        feature(106, pair, 0, 0),
        feature(107, pair, u32::from(dl.tag), r(dl)),
        feature(108, pair, dl.word, 0),
        feature(109, pair, r(dl) << 8 | r(dl2), r(dr)),
        feature(110, pair, dr.word, 0),
        feature(111, pair, r(hl) << 8 | r(hl2), 0),
        feature(112, pair, r(hr) << 8 | r(hr2), 0),
        feature(113, pair, u32::from(h.lefts.min(4)), u32::from(h.rights.min(4))),
        feature(114, pair, u32::from(d.lefts.min(4)), u32::from(d.rights.min(4))),
        feature(115, pair, u32::from(before.tag), u32::from(after.tag)),
        feature(116, before.word, pair, 0),
        feature(117, after.word, pair, 0),
        feature(118, pair, quote, commas),
        feature(119, d.word, r(hl), hp << 1 | left),
        feature(120, h.word, r(dl), dp << 1 | left),
        feature(121, h.word, dl.word, left),
        feature(122, h.word, r(hr), dp << 1 | left),
        feature(123, pair, hl.word, 0),
        feature(124, pair, hr.word, 0),
        feature(125, pair, r(hl), r(hr) << 8 | r(dl)),
        feature(126, d.word, u32::from(d.lefts == 0), left),
        feature(127, h.word, r(hl) << 8 | r(hl2), pair),
        feature(128, pair, dl2.word, 0),
        feature(129, d.word, dl.word, left),
        feature(130, pair, u32::from(node(to.saturating_add(1)).tag), quote),
        feature(131, pair, u32::from(node(to.wrapping_sub(1)).tag), commas),
        feature(132, h.word, near(at, to), pair),
        feature(133, pair, u32::from(at == 0), u32::from(hl2.tag)),
    ]
}
