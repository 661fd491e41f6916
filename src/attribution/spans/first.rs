//! The first stage: one field over source, cue and content of all attributions at once.
//!
//! Its marginals find cue candidates and serve the second stage as features (stacking: Cohen and Carvalho 2005).
use super::crf::{LABELS, STATES, Topology};
use super::memo::Sink;
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

/// Puts a group's number and what its features are made of, each with its width in bits, into one key.
#[inline(always)]
pub(super) fn key<const N: usize>(group: u64, parts: [(u32, u32); N]) -> u64 {
    parts.iter().fold(0, |key, &(value, bits)| key << bits | u64::from(value)) | group << 58
}

/// Gives the features of token `i` that both stages use: words, tags, shapes, classes, quotation and clause state.
#[inline]
pub fn emit_shared(page: &Page, i: usize, sink: &mut impl Sink) {
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
    for (k, t) in x.iter().enumerate() {
        let place = k as u32;
        if !(2..=4).contains(&k) {
            sink.group(key(1 + u64::from(place), [(t.word, 32), (g(t), 8)]), |out| {
                out.push(mix(10 + place, t.word, 0));
                out.push(mix(20 + place, g(t), 0));
            });
            continue;
        }
        // The dictionary form and its classes follow from the word, for words; marks have none.
        let word = u32::from(t.lemma == t.word);
        let parts = [(t.word, 32), (g(t), 8), (u32::from(t.shape), 8), (word, 1), (u32::from(t.prior), 3)];
        sink.group(key(1 + u64::from(place), parts), |out| {
            let k = place - 2;
            out.push(mix(10 + place, t.word, 0));
            out.push(mix(20 + place, g(t), 0));
            out.push(mix(30 + k, t.lemma, 0));
            out.push(mix(33 + k, u32::from(t.prior), g(t)));
            out.push(mix(36 + k, u32::from(t.entry.verb) << 8 | u32::from(t.entry.noun), g(t)));
            out.push(mix(39 + k, u32::from(t.entry.bits), g(t)));
            out.push(mix(42 + k, u32::from(t.shape), 0));
            if k == 1 {
                out.push(mix(63, t.suffix, 0));
            }
        });
    }
    let tags = |a: &Info, b: &Info| g(a) << 8 | g(b);
    sink.group(key(8, [(tags(p2, p1), 16), (g(c), 8)]), |out| {
        out.push(mix(50, tags(p2, p1), 0));
        out.push(mix(55, tags(p2, p1), g(c)));
    });
    sink.group(key(9, [(tags(p1, c), 16), (g(n1), 8)]), |out| {
        out.push(mix(51, tags(p1, c), 0));
        out.push(mix(52, tags(c, n1), 0));
        out.push(mix(54, tags(p1, c), g(n1)));
    });
    sink.group(key(10, [(tags(c, n1), 16), (g(n2), 8)]), |out| {
        out.push(mix(53, tags(n1, n2), 0));
        out.push(mix(56, tags(c, n1), g(n2)));
    });
    // Words with their neighbours seldom come again in the news.
    sink.rest(&[
        mix(59, c.lemma, g(n1)),
        mix(60, c.lemma, g(p1)),
        mix(64, c.suffix, g(p1)),
        mix(57, p1.word, c.word),
        mix(58, c.word, n1.word),
        mix(61, p1.lemma, g(c)),
        mix(62, n1.lemma, g(c)),
    ]);
    let shapes = u32::from(p1.shape) << 16 | u32::from(c.shape) << 8 | u32::from(n1.shape);
    sink.group(key(12, [(shapes, 24)]), |out| out.push(mix(65, shapes, 0)));
    let (q, flags) = (u32::from(c.quote), u32::from(c.flags));
    let (left, right) = (u32::from(c.quote_left), u32::from(c.quote_right));
    sink.group(key(13, [(q, 2), (left, 8), (right, 8), (flags, 8)]), |out| {
        out.push(mix(67, q << 8 | left, flags));
        out.push(mix(68, q << 8 | right, flags));
        out.push(mix(69, q << 16 | left << 8 | right, 0));
    });
    let (begun, ends) = (u32::from(c.sent_left), u32::from(c.sent_right));
    sink.group(key(14, [(begun, 8), (ends, 8), (q, 2), (flags, 8)]), |out| {
        out.push(mix(70, begun, q));
        out.push(mix(71, ends, q));
        out.push(mix(73, flags, begun << 8 | q));
    });
    sink.group(key(15, [(q, 2), (g(c), 8), (begun, 8)]), |out| {
        out.push(mix(1, 0, 0));
        out.push(mix(66, q, g(c)));
        out.push(mix(72, begun, g(c)));
    });
    let (from, to) = (u32::from(c.clause_left), u32::from(c.clause_right));
    sink.group(key(16, [(from, 8), (to, 8), (u32::from(p1.punct), 8)]), |out| {
        out.push(mix(74, from, u32::from(p1.punct)));
        out.push(mix(75, to, from));
    });
    let mark = |a: &Info| u32::from(a.quote) << 8 | u32::from(a.punct);
    let state = |a: &Info, b: &Info| mark(a) << 16 | mark(b);
    let marks = [(mark(p2), 10), (mark(p1), 10), (mark(c), 10), (mark(n1), 10), (flags, 8)];
    sink.group(key(17, marks), |out| {
        for (k, t) in [p1, c, n1].iter().enumerate() {
            out.push(mix(45 + k as u32, mark(t), flags));
        }
        out.push(mix(76, state(p2, p1), state(c, n1)));
    });
    sink.group(key(18, [(mark(p1), 10), (mark(c), 10), (g(n1), 8)]), |out| out.push(mix(77, state(p1, c), g(n1))));
}

/// Gives the features of token `i` towards the nearest cue-like words and the edges of its quotation.
#[inline]
pub fn emit_near(page: &Page, i: usize, sink: &mut impl Sink) {
    let c = &page.info[i];
    let g = u32::from(c.tag);
    let q = u32::from(c.quote);
    let mut both = [0u32; 2];
    for (side, cue) in [c.cue_left, c.cue_right].into_iter().enumerate() {
        let s = side as u32 * 12 + 80;
        let way = side as u64 * 4;
        let Some(near) = page.info.get(cue as usize) else {
            sink.group(key(19 + way, [(q, 2)]), |out| out.push(mix(s, 0, q)));
            continue;
        };
        let far = u32::from(bucket((cue as i64 - i as i64).unsigned_abs() as u32));
        // What lies between: same sentence, the quotation state of the cue, and the first mark on the way from the cue.
        let beside = if side == 0 { at(page, cue as usize, 1) } else { at(page, cue as usize, -1) };
        let same = [(u32::from(near.sentence == c.sentence), 1), (u32::from(near.quotation == c.quotation), 1)];
        let between = same[0].0 << 16 | same[1].0 << 12 | u32::from(beside.punct) << 4 | u32::from(beside.quote);
        both[side] = near.lemma;
        sink.run(side, key(20 + way, [(cue, 32), (q, 2), same[0], same[1]]), |out| {
            out.push(mix(s, near.lemma, q));
            out.push(mix(s + 1, near.lemma, between));
            out.push(mix(s + 4, u32::from(near.tag), between));
            out.push(mix(s + 6, near.word, beside.word));
        });
        let prior = u32::from(near.prior);
        sink.group(key(20 + way, [(far, 4), (between, 17), (prior, 8), (q, 2)]), |out| {
            out.push(mix(s + 2, far, between));
            out.push(mix(s + 7, prior << 8 | far, q));
        });
        let tag = u32::from(near.tag);
        sink.rest(&[mix(s + 3, near.lemma, g), mix(s + 5, far, tag << 8 | g), mix(s + 8, near.lemma, far)]);
        let (there, here) = (tag << 8 | u32::from(beside.tag), u32::from(c.clause_left) << 8 | q);
        sink.group(key(22 + way, [(there, 16), (here, 16)]), |out| out.push(mix(s + 9, there, here)));
    }
    // No key is 0, not even where both are missing.
    let ends = (u64::from(c.cue_left) << 32 | u64::from(c.cue_right)).wrapping_add(2);
    sink.run(2, ends, |out| out.push(mix(104, both[0], both[1])));
    if let Some(&(s, e)) = page.quotes.get(c.quotation as usize) {
        sink.run(3, key(28, [(c.quotation, 32), (q, 2)]), |out| {
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
        });
    } else {
        let (left, right) = (u32::from(c.quote_left), u32::from(c.quote_right));
        sink.group(key(29, [(left, 8), (right, 8)]), |out| out.push(mix(112, left, right)));
    }
}

/// Gives all first-stage features of token `i`.
#[inline]
pub fn emit_first(page: &Page, i: usize, sink: &mut impl Sink) {
    emit_shared(page, i, sink);
    emit_near(page, i, sink);
}
