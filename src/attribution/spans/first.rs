//! The first stage: one field over source, cue and content of all attributions at once.
//!
//! Its marginals find cue candidates and serve the second stage as features (stacking: Cohen and Carvalho 2005).
use super::crf::{LABELS, STATES, Topology};
use super::page::{Info, NONE, Page, bucket, mix, quote};

/// Label numbers of the first stage.
pub mod label {
    /// Outside.
    pub const O: u8 = 0;
    /// First token of a source.
    pub const BS: u8 = 1;
    /// Further token of a source.
    pub const IS: u8 = 2;
    /// First token of a cue.
    pub const BC: u8 = 3;
    /// Further token of a cue.
    pub const IC: u8 = 4;
    /// First token of a content.
    pub const BN: u8 = 5;
    /// Further token of a content.
    pub const IN: u8 = 6;
}

/// Number of classes of token edges, see [`edge_class`].
pub const EDGES: usize = 14;

const fn bits(list: &[usize]) -> u16 {
    let mut x = 0;
    let mut k = 0;
    while k < list.len() {
        x |= 1 << list[k];
        k += 1;
    }
    x
}

/// States of the first stage: one a label.
pub const FIRST: Topology = Topology {
    states: 7,
    label: [0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0],
    arcs: [
        bits(&[0, 1, 3, 5]),
        bits(&[0, 1, 2, 3, 5]),
        bits(&[0, 1, 2, 3, 5]),
        bits(&[0, 1, 3, 4, 5]),
        bits(&[0, 1, 3, 4, 5]),
        bits(&[0, 1, 3, 5, 6]),
        bits(&[0, 1, 3, 5, 6]),
        0,
        0,
        0,
        0,
        0,
    ],
    // A sequence is a paragraph, and a quotation may run on from the one before.
    start: bits(&[0, 1, 3, 5, 6]),
    end: [u8::MAX; STATES],
};

const _: () = assert!(FIRST.states <= STATES && LABELS >= 7);

/// Tells what stands at the left edge of token `i`: the class of the arc into it.
pub fn edge_class(page: &Page, i: usize) -> u8 {
    let x = &page.info[i];
    let Some(before) = i.checked_sub(1).map(|k| &page.info[k]) else { return 4 };
    if x.paragraph != before.paragraph {
        4
    } else if x.quote == quote::OPEN {
        5
    } else if before.quote == quote::OPEN {
        6
    } else if x.quote == quote::CLOSE {
        7
    } else if before.quote == quote::CLOSE {
        8
    } else if x.sentence != before.sentence {
        3
    } else if matches!(x.punct, 1 | 4) {
        1
    } else if matches!(before.punct, 1 | 4) {
        2
    } else if matches!(x.punct, 2 | 5 | 6) {
        9
    } else if matches!(x.punct, 3 | 9 | 10) {
        10
    } else if matches!(before.punct, 3 | 9 | 10) {
        11
    } else if matches!(x.punct, 7 | 8) || matches!(before.punct, 7 | 8) {
        12
    } else {
        0
    }
}

/// A token outside the document, for windows that reach over its edge.
pub const OUTSIDE: Info = Info {
    word: 1,
    lemma: 1,
    suffix: 1,
    tag: 250,
    shape: 0,
    punct: 14,
    quote: 0,
    quote_left: 0,
    quote_right: 0,
    sent_left: 0,
    sent_right: 0,
    clause_left: 0,
    clause_right: 0,
    entry: super::lexicon::LexEntry { verb: 0, noun: 0, bits: 0 },
    prior: 0,
    sentence: NONE,
    paragraph: NONE,
    cue_left: NONE,
    cue_right: NONE,
    quotation: NONE,
    flags: 0,
};

/// Returns the token `d` places from `i`, or [`OUTSIDE`].
#[inline]
pub fn at(page: &Page, i: usize, d: isize) -> &Info {
    i.checked_add_signed(d).and_then(|k| page.info.get(k)).unwrap_or(&OUTSIDE)
}

/// Appends the features of token `i` that both stages use: words, tags, shapes, classes, quotation and clause state.
pub fn emit_shared(page: &Page, i: usize, out: &mut Vec<u32>) {
    let x = [
        at(page, i, -3),
        at(page, i, -2),
        at(page, i, -1),
        at(page, i, 0),
        at(page, i, 1),
        at(page, i, 2),
        at(page, i, 3),
    ];
    let (p2, p1, c, n1, n2) = (x[1], x[2], x[3], x[4], x[5]);
    let g = |a: &Info| u32::from(a.tag);
    out.push(mix(1, 0, 0));
    for (k, t) in x.iter().enumerate() {
        out.push(mix(10 + k as u32, t.word, 0));
        out.push(mix(20 + k as u32, g(t), 0));
    }
    for (k, t) in [p1, c, n1].iter().enumerate() {
        out.push(mix(30 + k as u32, t.lemma, 0));
        out.push(mix(33 + k as u32, u32::from(t.prior), g(t)));
        out.push(mix(36 + k as u32, u32::from(t.entry.verb) << 8 | u32::from(t.entry.noun), g(t)));
        out.push(mix(39 + k as u32, u32::from(t.entry.bits), g(t)));
        out.push(mix(42 + k as u32, u32::from(t.shape), 0));
        out.push(mix(45 + k as u32, u32::from(t.quote) << 8 | u32::from(t.punct), u32::from(c.flags)));
    }
    let tags = |a: &Info, b: &Info| g(a) << 8 | g(b);
    out.push(mix(50, tags(p2, p1), 0));
    out.push(mix(51, tags(p1, c), 0));
    out.push(mix(52, tags(c, n1), 0));
    out.push(mix(53, tags(n1, n2), 0));
    out.push(mix(54, tags(p1, c), g(n1)));
    out.push(mix(55, tags(p2, p1), g(c)));
    out.push(mix(56, tags(c, n1), g(n2)));
    out.push(mix(57, p1.word, c.word));
    out.push(mix(58, c.word, n1.word));
    out.push(mix(59, c.lemma, g(n1)));
    out.push(mix(60, c.lemma, g(p1)));
    out.push(mix(61, p1.lemma, g(c)));
    out.push(mix(62, n1.lemma, g(c)));
    out.push(mix(63, c.suffix, 0));
    out.push(mix(64, c.suffix, g(p1)));
    out.push(mix(65, u32::from(p1.shape) << 16 | u32::from(c.shape) << 8 | u32::from(n1.shape), 0));
    let q = u32::from(c.quote);
    out.push(mix(66, q, g(c)));
    out.push(mix(67, q << 8 | u32::from(c.quote_left), u32::from(c.flags)));
    out.push(mix(68, q << 8 | u32::from(c.quote_right), u32::from(c.flags)));
    out.push(mix(69, q << 16 | u32::from(c.quote_left) << 8 | u32::from(c.quote_right), 0));
    out.push(mix(70, u32::from(c.sent_left), q));
    out.push(mix(71, u32::from(c.sent_right), q));
    out.push(mix(72, u32::from(c.sent_left), g(c)));
    out.push(mix(73, u32::from(c.flags), u32::from(c.sent_left) << 8 | q));
    out.push(mix(74, u32::from(c.clause_left), u32::from(p1.punct)));
    out.push(mix(75, u32::from(c.clause_right), u32::from(c.clause_left)));
    let state = |a: &Info, b: &Info| {
        u32::from(a.quote) << 24 | u32::from(a.punct) << 16 | u32::from(b.quote) << 8 | u32::from(b.punct)
    };
    out.push(mix(76, state(p2, p1), state(c, n1)));
    out.push(mix(77, state(p1, c), g(n1)));
}

/// Appends the features of token `i` towards the nearest cue-like words and the edges of its quotation.
pub fn emit_near(page: &Page, i: usize, out: &mut Vec<u32>) {
    let c = &page.info[i];
    let g = u32::from(c.tag);
    let q = u32::from(c.quote);
    let mut both = [0u32; 2];
    for (side, cue) in [c.cue_left, c.cue_right].into_iter().enumerate() {
        let s = side as u32 * 12 + 80;
        let Some(near) = page.info.get(cue as usize) else {
            out.push(mix(s, 0, q));
            continue;
        };
        let far = u32::from(bucket((cue as i64 - i as i64).unsigned_abs() as u32));
        // What lies between: same sentence, the quotation state of the cue, and the first mark on the way from the cue.
        let beside = if side == 0 { at(page, cue as usize, 1) } else { at(page, cue as usize, -1) };
        let between = u32::from(near.sentence == c.sentence) << 16
            | u32::from(near.quotation == c.quotation) << 12
            | u32::from(beside.punct) << 4
            | u32::from(beside.quote);
        both[side] = near.lemma;
        out.push(mix(s, near.lemma, q));
        out.push(mix(s + 1, near.lemma, between));
        out.push(mix(s + 2, far, between));
        out.push(mix(s + 3, near.lemma, g));
        out.push(mix(s + 4, u32::from(near.tag), between));
        out.push(mix(s + 5, far, u32::from(near.tag) << 8 | g));
        out.push(mix(s + 6, near.word, beside.word));
        out.push(mix(s + 7, u32::from(near.prior) << 8 | far, q));
        out.push(mix(s + 8, near.lemma, far));
        out.push(mix(s + 9, u32::from(near.tag) << 8 | u32::from(beside.tag), u32::from(c.clause_left) << 8 | q));
    }
    out.push(mix(104, both[0], both[1]));
    if let Some(&(s, e)) = page.quotes.get(c.quotation as usize) {
        let (before, after) = (at(page, s as usize, -1), at(page, e as usize, 0));
        let last = at(page, e as usize, -2);
        let after2 = at(page, e as usize, 1);
        out.push(mix(105, after.lemma, u32::from(last.punct)));
        out.push(mix(106, u32::from(after.tag) << 8 | u32::from(after2.tag), u32::from(last.punct)));
        out.push(mix(107, before.lemma, u32::from(before.punct)));
        out.push(mix(108, u32::from(before.tag), u32::from(before.punct) << 8 | q));
        out.push(mix(109, u32::from(last.punct) << 8 | u32::from(bucket(e - s)), u32::from(before.punct)));
        out.push(mix(
            110,
            u32::from(at(page, s as usize, 1).shape),
            u32::from(last.punct) << 8 | u32::from(before.punct),
        ));
        out.push(mix(111, u32::from(after.prior), u32::from(after2.prior) << 8 | u32::from(last.punct)));
    } else {
        out.push(mix(112, u32::from(c.quote_left), u32::from(c.quote_right)));
    }
}

/// Appends all first-stage features of token `i`.
pub fn emit_first(page: &Page, i: usize, out: &mut Vec<u32>) {
    emit_shared(page, i, out);
    emit_near(page, i, out);
}
