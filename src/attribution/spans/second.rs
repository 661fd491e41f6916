//! The second stage: for each cue candidate, a field over the source and the content of that cue alone.
//!
//! Its states remember whether source and content have been met, so that a cue gets one source at most, and so that the
//! end of the sequence can be scored by what was found: nothing (no attribution), content alone, or both.
use super::crf::{LABELS, STATES, Topology};
use super::first::{at, key};
use super::memo::Sink;
use super::page::{NONE, Page, bucket, mix, quote};

/// Label numbers of the second stage; the last three are outcomes.
pub mod label {
    /// Outside.
    pub const O: u8 = 0;
    /// First token of the source.
    pub const BS: u8 = 1;
    /// Further token of the source.
    pub const IS: u8 = 2;
    /// First token of a piece of content.
    pub const BN: u8 = 3;
    /// Further token of a piece of content.
    pub const IN: u8 = 4;
    /// Outcome: no attribution.
    pub const NOTHING: u8 = 5;
    /// Outcome: content without a source.
    pub const BARE: u8 = 6;
    /// Outcome: content and source.
    pub const FULL: u8 = 7;
}

const fn bits(list: &[usize]) -> u16 {
    let mut x = 0;
    let mut k = 0;
    while k < list.len() {
        x |= 1 << list[k];
        k += 1;
    }
    x
}

/// States: 0 to 3 outside with (source, content) met = 00, 10, 01, 11; 4, 5 first of source with content not yet, already met;
/// 6, 7 further of source, likewise; 8, 9 first of content with source not yet, already met; 10, 11 further of content.
pub const SECOND: Topology = Topology {
    states: 12,
    label: [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4],
    arcs: [
        bits(&[0, 4, 8]),
        bits(&[1, 9]),
        bits(&[2, 5, 8]),
        bits(&[3, 9]),
        bits(&[1, 6, 9]),
        bits(&[3, 7, 9]),
        bits(&[1, 6, 9]),
        bits(&[3, 7, 9]),
        bits(&[2, 5, 10]),
        bits(&[3, 11]),
        bits(&[2, 5, 10]),
        bits(&[3, 11]),
    ],
    start: bits(&[0, 4, 8]),
    end: [5, LABELS as u8, 6, 7, LABELS as u8, 7, LABELS as u8, 7, 6, 7, 6, 7],
};

const _: () = assert!(SECOND.states <= STATES);

/// A word or run of words that may be a cue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cue {
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
    /// The token that carries the sense.
    pub anchor: u32,
    /// First-stage probability that this is a cue.
    pub score: f32,
}

/// First-stage marginals of one token, in buckets 0 to 7.
#[derive(Debug, Clone, Copy, Default)]
pub struct Soft {
    /// Of being in a source.
    pub source: u8,
    /// Of beginning a source.
    pub source_first: u8,
    /// Of being in a cue.
    pub cue: u8,
    /// Of being in a content.
    pub content: u8,
    /// Of beginning a content.
    pub content_first: u8,
    /// Best role: 0 none, 1 source, 2 cue, 3 content.
    pub role: u8,
}

/// Puts a probability into one of 8 buckets.
pub fn prob_bucket(p: f32) -> u8 {
    match p {
        p if p < 0.01 => 0,
        p if p < 0.05 => 1,
        p if p < 0.15 => 2,
        p if p < 0.35 => 3,
        p if p < 0.6 => 4,
        p if p < 0.8 => 5,
        p if p < 0.95 => 6,
        _ => 7,
    }
}

impl Soft {
    /// Buckets the first stage's posteriors of its seven labels.
    pub fn new(g: &[f32; STATES]) -> Soft {
        let (s, c, n) = (g[1] + g[2], g[3] + g[4], g[5] + g[6]);
        let mut role = 0;
        let mut best = g[0];
        for (k, x) in [s, c, n].into_iter().enumerate() {
            if x > best {
                best = x;
                role = k as u8 + 1;
            }
        }
        Soft {
            source: prob_bucket(s),
            source_first: prob_bucket(g[1]),
            cue: prob_bucket(c),
            content: prob_bucket(n),
            content_first: prob_bucket(g[5]),
            role,
        }
    }
}

/// Most tokens a window reaches to either side of the cue's sentence, and of the cue itself.
pub const REACH: u32 = 160;

/// Returns the token range that the second stage looks at for a cue: its sentence and the quotations that adjoin it.
pub fn window(page: &Page, cue: &Cue) -> (u32, u32) {
    let anchor = &page.info[cue.anchor as usize];
    let (mut s, mut e) = page.sentences.get(anchor.sentence as usize).copied().unwrap_or((cue.start, cue.end));
    let quoted = |k: u32| page.quoted.get(k as usize).copied().unwrap_or(false);
    let low = cue.anchor.saturating_sub(REACH);
    let high = cue.anchor.saturating_add(REACH);
    let mut k = anchor.sentence;
    // To the left: while the sentences before hold quoted words, within the paragraph or where a quotation runs on.
    while k > 0 && s > low && quoted(k - 1) {
        let (a, _) = page.sentences[k as usize - 1];
        if page.info[a as usize].paragraph != anchor.paragraph {
            let first_here = &page.info[s as usize];
            if first_here.quote == quote::OUT || anchor.paragraph - page.info[a as usize].paragraph > 3 {
                break;
            }
        }
        k -= 1;
        s = a;
    }
    k = anchor.sentence + 1;
    while (k as usize) < page.sentences.len() && e < high {
        let (a, b) = page.sentences[k as usize];
        let first = &page.info[a as usize];
        let last = &page.info[e as usize - 1];
        let colon = last.punct == 3;
        if !(quoted(k) || colon) {
            break;
        }
        if first.paragraph != anchor.paragraph && !(first.quote != quote::OUT || colon) {
            break;
        }
        k += 1;
        e = b;
    }
    (s.max(low), e.min(high))
}

/// Gives the second stage's features of token `i` that do not depend on the cue.
#[inline]
pub fn emit_static(page: &Page, soft: &[Soft], i: usize, sink: &mut impl Sink) {
    super::first::emit_shared(page, i, sink);
    super::first::emit_near(page, i, sink);
    emit_soft(page, soft, i, sink);
}

/// Gives those of them that read the first stage's marginals.
#[inline]
pub fn emit_soft(page: &Page, soft: &[Soft], i: usize, sink: &mut impl Sink) {
    let none = Soft::default();
    let get = |d: isize| i.checked_add_signed(d).and_then(|k| soft.get(k)).unwrap_or(&none);
    let (p, c, n) = (get(-1), get(0), get(1));
    let f = |x: &Soft| u32::from(x.source) << 8 | u32::from(x.cue) << 4 | u32::from(x.content);
    let firsts = |x: &Soft| u32::from(x.source_first) << 4 | u32::from(x.content_first);
    let tag = u32::from(page.info[i].tag);
    sink.group(key(1, [(f(p), 12), (f(c), 12), (f(n), 12), (firsts(c), 8)]), |out| {
        out.push(mix(120, f(c), 0));
        out.push(mix(121, f(p), f(c)));
        out.push(mix(122, f(c), f(n)));
        out.push(mix(123, firsts(c), f(c)));
    });
    let roles = u32::from(p.role) << 8 | u32::from(c.role) << 4 | u32::from(n.role);
    let (source, content) = (u32::from(c.source), u32::from(c.content));
    sink.group(key(2, [(roles, 12), (tag, 8), (source, 4), (content, 4)]), |out| {
        out.push(mix(124, roles, tag));
        out.push(mix(126, source, tag));
        out.push(mix(127, content, tag));
    });
    sink.group(key(3, [(firsts(n), 8), (roles >> 4, 8)]), |out| {
        out.push(mix(125, firsts(n), u32::from(p.role) << 4 | u32::from(c.role)));
    });
}

/// What the second stage's features need of a cue, gathered once for its window.
pub struct View {
    cue: Cue,
    window: (u32, u32),
    lemma: u32,
    tag: u32,
    after: u32,
    before: u32,
    prior: u32,
    class: u32,
    /// For each token of the window: strong cues and commas between it and this cue, and quotation marks passed.
    steps: Vec<[u8; 4]>,
}

impl Default for View {
    fn default() -> Self {
        let cue = Cue { start: 0, end: 0, anchor: 0, score: 0.0 };
        View { cue, window: (0, 0), lemma: 0, tag: 0, after: 0, before: 0, prior: 0, class: 0, steps: Vec::new() }
    }
}

impl View {
    /// Gathers the view of a cue; `strong` tells the first-stage bucket of being a cue for each token.
    pub fn set(&mut self, page: &Page, soft: &[Soft], cue: Cue, window: (u32, u32)) {
        let a = &page.info[cue.anchor as usize];
        self.cue = cue;
        self.window = window;
        self.lemma = a.lemma;
        self.tag = u32::from(a.tag);
        self.prior = u32::from(a.prior);
        self.class = u32::from(a.entry.verb) << 8 | u32::from(a.entry.noun);
        let next = at(page, cue.end as usize, 0);
        let last = at(page, cue.start as usize, -1);
        let kind = |x: &super::page::Info| if x.punct > 0 { 256 + u32::from(x.punct) } else { u32::from(x.tag) };
        self.after = kind(next);
        self.before = kind(last);
        let (s, e) = window;
        self.steps.clear();
        self.steps.resize((e - s) as usize, [0; 4]);
        let mut step = |range: &mut dyn Iterator<Item = u32>| {
            let (mut cues, mut commas, mut marks, mut ends) = (0u8, 0u8, 0u8, 0u8);
            for i in range {
                self.steps[(i - s) as usize] = [cues.min(3), commas.min(3), marks.min(4), ends.min(3)];
                let x = &page.info[i as usize];
                let c = soft[i as usize].cue;
                if c >= 4 && (i == 0 || soft[i as usize - 1].cue < 4) {
                    cues = cues.saturating_add(1);
                }
                commas = commas.saturating_add(u8::from(x.punct == 1));
                marks = marks.saturating_add(u8::from(x.quote == quote::OPEN || x.quote == quote::CLOSE));
                ends = ends.saturating_add(u8::from(matches!(x.punct, 2..=6 | 9)));
            }
        };
        step(&mut (s..cue.start).rev());
        step(&mut (cue.end..e));
    }

    /// Returns the cue.
    pub fn cue(&self) -> Cue {
        self.cue
    }

    /// Returns the class of the arc into token `i`: its edge class, doubled for the two sides of the cue.
    pub fn arc_class(&self, page: &Page, i: u32) -> u8 {
        super::first::edge_class(page, i as usize) + if i >= self.cue.start { super::first::EDGES as u8 } else { 0 }
    }

    /// Gives the features of token `i` towards the cue.
    #[inline]
    pub fn emit(&self, page: &Page, soft: &[Soft], i: u32, sink: &mut impl Sink) {
        let c = &page.info[i as usize];
        let a = &page.info[self.cue.anchor as usize];
        let (side, far) = if i < self.cue.start {
            (0u32, self.cue.start - i)
        } else if i < self.cue.end {
            (1, 0)
        } else {
            (2, i + 1 - self.cue.end)
        };
        let dist = u32::from(bucket(far));
        let g = u32::from(c.tag);
        let q = u32::from(c.quote);
        if side == 1 {
            sink.rest(&[mix(199, g, self.tag), mix(198, c.word, 0)]);
            return;
        }
        let [cues, commas, marks, ends] = self.steps[(i - self.window.0) as usize].map(u32::from);
        let same_sentence = u32::from(c.sentence == a.sentence);
        let same_paragraph = u32::from(c.paragraph == a.paragraph);
        let same_quote = u32::from(c.quotation == a.quotation);
        let prev = at(page, i as usize, -1);
        let next = at(page, i as usize, 1);
        let place = side | same_sentence << 2 | same_paragraph << 3 | same_quote << 4;
        let way = cues << 9 | commas << 6 | marks << 3 | ends;
        let s = &soft[i as usize];
        let roles = u32::from(s.role) | u32::from(s.source) << 4 | u32::from(s.content) << 8 | u32::from(s.cue) << 12;
        let near = if side == 0 { c.cue_right } else { c.cue_left };
        let own = u32::from(near != NONE && near >= self.cue.start && near < self.cue.end);
        let lemma = self.lemma ^ side << 16;
        let own_form = u32::from(a.lemma == a.word);
        let (before, after) = (self.before, self.after);
        sink.group(key(4, [(place, 5), (dist, 4), (g, 8)]), |out| {
            out.push(mix(130, place, dist));
            out.push(mix(133, place << 8 | dist, g));
        });
        // Outside the cue's sentence and every quotation.
        let astray = c.quote == quote::OUT && same_sentence == 0;
        sink.group(key(5, [(place, 5), (way, 12), (q, 2), (own, 1)]), |out| {
            out.push(mix(131, place, way));
            out.push(mix(134, place << 16 | way, q));
            out.push(mix(164, own << 8 | place, way));
            if astray {
                out.push(mix(162, side, way));
            }
        });
        sink.run(0, key(6, [(place, 5), (cues, 2), (q, 2)]), |out| {
            out.push(mix(132, place, self.lemma));
            out.push(mix(138, self.tag << 8 | place, after));
            out.push(mix(139, self.tag << 8 | place, before));
            out.push(mix(140, after << 8 | place, before << 12 | cues << 8 | q));
        });
        sink.group(key(7, [(place, 5), (roles, 16), (cues, 2), (dist, 4), (own, 1)]), |out| {
            out.push(mix(141, place << 16 | roles, cues));
            out.push(mix(142, place << 16 | roles, dist));
            out.push(mix(163, own << 8 | place, roles));
        });
        let anchor = [(a.word, 32), (own_form, 1), (self.tag, 8)];
        sink.group(key(8, [anchor[0], anchor[1], anchor[2], (side, 2), (g, 8), (dist, 4)]), |out| {
            out.push(mix(135, lemma, g));
            out.push(mix(136, lemma, dist));
            out.push(mix(137, self.tag << 8 | side, g << 8 | dist));
            out.push(mix(152, self.class ^ side << 16, g << 8 | dist));
        });
        sink.group(key(9, [(c.word, 32), (side, 2), (self.tag, 8), (dist.min(4), 3)]), |out| {
            out.push(mix(143, c.word, side << 8 | self.tag));
            out.push(mix(144, c.word, side << 8 | dist.min(4)));
        });
        let (from, to) = (u32::from(c.clause_left), u32::from(c.clause_right));
        let (last, following) = (u32::from(prev.punct), u32::from(next.punct));
        sink.group(
            key(10, [(last, 4), (following, 4), (place, 5), (cues, 2), (commas, 2), (from, 4), (to, 4)]),
            |out| {
                out.push(mix(145, last << 8 | following, place << 8 | cues));
                out.push(mix(149, place << 16 | from << 8 | last, commas << 4 | cues));
                out.push(mix(150, place << 16 | to << 8 | following, commas << 4 | cues));
            },
        );
        let pair = u32::from(prev.tag) << 8 | g;
        sink.group(key(11, [(pair, 16), (side, 2), (dist, 4)]), |out| out.push(mix(146, pair, side << 8 | dist)));
        sink.group(key(12, [(before, 9), (after, 9), (side, 2), (g, 8), (commas, 2)]), |out| {
            out.push(mix(147, after << 8 | side, g << 8 | commas));
            out.push(mix(148, before << 8 | side, g << 8 | commas));
        });
        let marks_here = u32::from(prev.punct) << 16 | u32::from(prev.quote) << 12 | q << 8 | u32::from(c.punct);
        sink.group(key(13, [anchor[0], anchor[1], (side, 2), (marks_here, 20)]), |out| {
            out.push(mix(151, lemma, marks_here));
        });
        sink.rest(&[mix(153, lemma, c.word), mix(154, lemma, prev.word)]);
        if dist <= 4 {
            // The tags on the way, which say more than the distance.
            let (lo, hi) = if side == 0 { (i, self.cue.start) } else { (self.cue.end, i) };
            let mut path = side;
            for k in lo..hi {
                path = mix(155, path, u32::from(page.info[k as usize].tag));
            }
            sink.rest(&[mix(156, path, self.tag), mix(157, path, g)]);
        }
        if c.quote != quote::OUT {
            // How the quotation lies to the cue: what ends it, and whether the cue's clause adjoins it.
            if let Some(&(qs, qe)) = page.quotes.get(c.quotation as usize) {
                let gap = if side == 0 { self.cue.start.saturating_sub(qe) } else { qs.saturating_sub(self.cue.end) };
                let key_here = place << 8 | u32::from(bucket(gap));
                sink.run(1, key(14, [(c.quotation, 32), (place, 5)]), |out| {
                    let last = at(page, qe as usize, -2);
                    let lead = at(page, qs as usize, -1);
                    out.push(mix(158, key_here, u32::from(last.punct) << 8 | u32::from(lead.punct)));
                    out.push(mix(159, key_here, self.lemma));
                    let after = at(page, qe as usize, 0);
                    let after_cue = soft.get(qe as usize + 1).map_or(0, |s| u32::from(s.cue >= 4))
                        | soft.get(qe as usize).map_or(0, |s| u32::from(s.cue >= 4)) << 1;
                    out.push(mix(161, key_here, u32::from(after.tag) << 8 | u32::from(last.punct) << 4 | after_cue));
                });
                sink.rest(&[mix(160, key_here, way)]);
            }
        }
    }

    /// Appends the features that score how the sequence ends: is there an attribution, and has it a source?
    pub fn emit_end(&self, page: &Page, soft: &[Soft], out: &mut Vec<u32>) {
        let (s, e) = (self.cue.start as usize, self.cue.end as usize);
        let a = &page.info[self.cue.anchor as usize];
        let p = u32::from((self.cue.score.clamp(0.0, 1.0) * 15.0) as u8);
        out.push(mix(170, 0, 0));
        out.push(mix(171, p, 0));
        out.push(mix(172, self.lemma, 0));
        out.push(mix(173, self.lemma, self.tag));
        out.push(mix(174, self.lemma, self.after));
        out.push(mix(175, self.lemma, self.before));
        out.push(mix(176, self.tag << 10 | self.before, self.after));
        out.push(mix(177, self.tag, self.prior));
        out.push(mix(178, u32::from(a.quote), p));
        out.push(mix(179, self.tag << 8 | u32::from(at(page, s, -1).tag), u32::from(at(page, s, -2).tag)));
        out.push(mix(180, self.tag << 8 | u32::from(at(page, e, 0).tag), u32::from(at(page, e, 1).tag)));
        out.push(mix(181, at(page, s, -1).lemma, self.tag));
        out.push(mix(182, at(page, e, 0).lemma, self.tag));
        out.push(mix(183, self.class, self.tag));
        out.push(mix(184, u32::from(a.sent_left) << 4 | u32::from(a.sent_right), 0));
        out.push(mix(185, u32::from(a.quote) << 8 | u32::from(a.flags), u32::from(a.quote_left)));
        out.push(mix(186, (e - s).min(6) as u32, self.tag));
        let mut best = [0u8; 4];
        for i in self.window.0..self.window.1 {
            let x = &soft[i as usize];
            let k = if i < self.cue.start { 0 } else { 2 };
            best[k] = best[k].max(x.source);
            best[k + 1] = best[k + 1].max(x.content);
        }
        let best = best.map(u32::from);
        out.push(mix(187, best[0] << 12 | best[1] << 8 | best[2] << 4 | best[3], p));
        out.push(mix(188, best[0] << 4 | best[2], self.tag));
        out.push(mix(189, best[1] << 4 | best[3], self.tag));
    }
}
