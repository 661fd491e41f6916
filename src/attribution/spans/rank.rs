//! The last word on each cue: a log-linear choice among its candidate readings and "no attribution" (listwise softmax).
//!
//! Its features see whole spans, which the fields cannot: how a span begins and ends, what it holds, how source, cue and
//! content lie to each other, and how far the second stage's draws agree.
use super::first::at;
use super::page::{Page, bucket, mix, quote};
use super::second::{Cue, Soft, prob_bucket};
use super::{Claim, Reading};

/// What the features of one cue's choices are read from.
pub struct Scene<'a> {
    /// The document.
    pub page: &'a Page,
    /// First-stage marginals.
    pub soft: &'a [Soft],
    /// Which cues claim which tokens.
    pub claims: &'a [Claim],
    /// All cues.
    pub cues: &'a [Cue],
    /// What the second stage made of each.
    pub readings: &'a [Reading],
    /// The cue in question.
    pub index: usize,
}

/// Appends the features of the choice "no attribution".
pub fn emit_none(scene: &Scene<'_>, out: &mut Vec<u32>) {
    let Scene { page, soft, .. } = *scene;
    let cue = &scene.cues[scene.index];
    let Reading { outcome, candidates, .. } = &scene.readings[scene.index];
    let outcome = *outcome;
    let a = &page.info[cue.anchor as usize];
    let (s, e) = (cue.start as usize, cue.end as usize);
    let tag = u32::from(a.tag);
    let p1 = u32::from(prob_bucket(cue.score)) | (16 * (cue.score * 15.0) as u32);
    let p2 = (outcome * 20.0) as u32;
    let support = candidates.iter().fold(0.0f32, |m, c| m.max(c.support));
    let s20 = (support * 12.0) as u32;
    out.push(mix(300, 0, 0));
    out.push(mix(301, p1, 0));
    out.push(mix(302, p2, 0));
    out.push(mix(303, p1, p2));
    out.push(mix(304, s20, p2));
    out.push(mix(305, a.lemma, 0));
    out.push(mix(306, a.lemma, tag));
    out.push(mix(307, a.lemma, u32::from(prob_bucket(outcome))));
    out.push(mix(308, tag, u32::from(a.prior)));
    out.push(mix(309, tag, p2));
    out.push(mix(310, u32::from(a.entry.verb) << 8 | u32::from(a.entry.noun), tag));
    out.push(mix(311, at(page, e, 0).lemma, tag));
    out.push(mix(312, at(page, s, -1).lemma, tag));
    out.push(mix(313, u32::from(at(page, e, 0).tag), u32::from(at(page, s, -1).tag) << 8 | tag));
    out.push(mix(314, u32::from(a.quote), p2));
    out.push(mix(315, u32::from(a.flags), u32::from(a.quote)));
    let near = |d: isize| {
        cue.anchor.checked_add_signed(d as i32).and_then(|k| soft.get(k as usize)).copied().unwrap_or_default()
    };
    out.push(mix(316, u32::from(near(-1).role) << 8 | u32::from(near(1).role), p1));
    // Does another cue's content hold this cue?
    let held = scene.claims.get(cue.anchor as usize).map_or(0.0, |x| x.other(scene.index as u32));
    out.push(mix(318, u32::from(prob_bucket(held)), 0));
    out.push(mix(319, u32::from(prob_bucket(held)), u32::from(prob_bucket(outcome))));
    let next_cue = scene.cues.get(scene.index + 1).filter(|c| page.info[c.anchor as usize].sentence == a.sentence);
    let last_cue = scene
        .index
        .checked_sub(1)
        .map(|k| (k, &scene.cues[k]))
        .filter(|(_, c)| page.info[c.anchor as usize].sentence == a.sentence);
    let next_p = next_cue.map_or(15, |_| u32::from(prob_bucket(scene.readings[scene.index + 1].outcome)));
    let last_p = last_cue.map_or(15, |(k, _)| u32::from(prob_bucket(scene.readings[k].outcome)));
    out.push(mix(320, next_p << 4 | last_p, u32::from(prob_bucket(outcome))));
    out.push(mix(317, u32::from(near(-1).content) << 8 | u32::from(near(1).content), tag));
}

fn kind(page: &Page, i: i64) -> u32 {
    let x = usize::try_from(i).ok().and_then(|k| page.info.get(k)).unwrap_or(&super::first::OUTSIDE);
    if x.punct > 0 { 256 + u32::from(x.punct) } else { u32::from(x.tag) }
}

/// Appends the features of one candidate.
pub fn emit(scene: &Scene<'_>, rank: usize, out: &mut Vec<u32>) {
    let Scene { page, soft, .. } = *scene;
    let cue = &scene.cues[scene.index];
    let reading = &scene.readings[scene.index];
    let c = &reading.candidates[rank];
    let n = reading.candidates.len();
    let content_p = |i: u32| reading.content.get(i.wrapping_sub(reading.start) as usize).copied().unwrap_or(0.0);
    let other = |i: u32| scene.claims.get(i as usize).map_or(0.0, |x| x.other(scene.index as u32));
    let a = &page.info[cue.anchor as usize];
    let tag = u32::from(a.tag);
    let (Some(&(cs, first_end)), Some(&(_, ce))) = (c.content.first(), c.content.last()) else { return };
    // Agreement and path score.
    let mass = (c.mass * 8.0) as u32;
    let support = (c.support * 12.0) as u32;
    let gap = (-c.score * 2.0).clamp(0.0, 15.0) as u32;
    out.push(mix(330, rank.min(5) as u32, n.min(6) as u32));
    out.push(mix(331, mass, 0));
    out.push(mix(332, support, 0));
    out.push(mix(333, gap, 0));
    out.push(mix(334, support, gap));
    // Inside and just outside: how sure the second stage is.
    let (mut sum, mut least, mut len, mut quoted, mut cues, mut commas, mut ends) =
        (0.0f32, 1.0f32, 0u32, 0u32, 0u32, 0u32, 0u32);
    let (mut opens, mut closes) = (0i32, 0i32);
    for &(s, e) in &c.content {
        for i in s..e {
            let p = content_p(i);
            sum += p;
            least = least.min(p);
            let x = &page.info[i as usize];
            len += 1;
            quoted += u32::from(x.quote != quote::OUT);
            opens += i32::from(x.quote == quote::OPEN);
            closes += i32::from(x.quote == quote::CLOSE);
            cues += u32::from(soft[i as usize].cue >= 4);
            commas += u32::from(x.punct == 1);
            ends += u32::from(matches!(x.punct, 2 | 5 | 6));
        }
    }
    let mean = sum / len as f32;
    let kind_of = if quoted == 0 {
        0
    } else if quoted * 10 >= len * 9 {
        2
    } else {
        1u32
    };
    out.push(mix(335, (mean * 10.0) as u32, 0));
    out.push(mix(336, u32::from(prob_bucket(least)), kind_of));
    out.push(mix(337, kind_of << 4 | (opens - closes + 2).clamp(0, 4) as u32, c.content.len().min(4) as u32));
    out.push(mix(338, kind_of, u32::from(bucket(len))));
    out.push(mix(339, kind_of << 8 | cues.min(3), ends.min(3)));
    out.push(mix(340, kind_of, commas.min(4)));
    // What other cues claim of it, and of what stands right after it.
    let (mut taken, mut rivals) = (0.0f32, 0u32);
    for &(s, e) in &c.content {
        taken += (s..e).map(&other).sum::<f32>();
    }
    let taken = taken / len as f32;
    let (mut low, mut high) = (scene.index, scene.index);
    while low > 0 && scene.cues[low - 1].anchor >= cs {
        low -= 1;
    }
    while high + 1 < scene.cues.len() && scene.cues[high + 1].anchor < ce {
        high += 1;
    }
    for k in low..=high {
        let at = scene.cues[k].anchor;
        if k != scene.index && c.content.iter().any(|&(s, e)| s <= at && at < e) {
            rivals = rivals.max(1 + u32::from(prob_bucket(scene.readings[k].outcome)));
        }
    }
    out.push(mix(400, u32::from(prob_bucket(taken)), u32::from(prob_bucket(reading.outcome))));
    out.push(mix(401, rivals, u32::from(prob_bucket(reading.outcome))));
    out.push(mix(402, rivals, u32::from(prob_bucket(taken))));
    out.push(mix(403, u32::from(prob_bucket(other(ce))), u32::from(prob_bucket(content_p(ce)))));
    out.push(mix(404, u32::from(prob_bucket(other(ce + 1))), u32::from(prob_bucket(content_p(ce + 1)))));
    let before_start = cs.wrapping_sub(1);
    out.push(mix(405, u32::from(prob_bucket(other(before_start))), u32::from(prob_bucket(content_p(before_start)))));
    out.push(mix(406, u32::from(prob_bucket(content_p(ce))), u32::from(prob_bucket(content_p(ce - 1)))));
    out.push(mix(407, u32::from(prob_bucket(content_p(cs))), u32::from(prob_bucket(content_p(before_start)))));
    // Order of the three, and gaps between them.
    let order = if ce <= cue.start {
        0
    } else if cs >= cue.end {
        1u32
    } else {
        2
    };
    let source = match c.source {
        None => 0,
        Some((_, e)) if e <= cue.start => {
            if order == 0 && e <= cs {
                1
            } else {
                2
            }
        }
        Some((s, _)) if s >= cue.end && order == 1 && s >= ce => 3,
        Some(_) => 4u32,
    };
    let shape = order << 4 | source << 8 | kind_of;
    out.push(mix(341, shape, 0));
    out.push(mix(342, shape, a.lemma));
    out.push(mix(343, shape, tag));
    out.push(mix(344, shape, u32::from(a.prior) << 12 | kind(page, i64::from(cue.end))));
    let near = if order == 0 { cue.start.saturating_sub(ce) } else { cs.saturating_sub(cue.end) };
    out.push(mix(345, order << 8 | u32::from(bucket(near)), tag));
    out.push(mix(346, order << 8 | u32::from(bucket(near)), a.lemma));
    // How the content begins and ends.
    let (before, start) = (kind(page, i64::from(cs) - 1), kind(page, i64::from(cs)));
    let (last, after) = (kind(page, i64::from(ce) - 1), kind(page, i64::from(ce)));
    let w = |i: i64| usize::try_from(i).ok().and_then(|k| page.info.get(k)).map_or(0, |x| x.lemma);
    let q = |i: i64| usize::try_from(i).ok().and_then(|k| page.info.get(k)).map_or(0, |x| u32::from(x.quote));
    out.push(mix(350, start, order));
    out.push(mix(351, w(i64::from(cs)), order));
    out.push(mix(352, before << 10 | start, order));
    out.push(mix(353, w(i64::from(cs) - 1), start));
    out.push(mix(354, a.lemma, w(i64::from(cs))));
    out.push(mix(355, a.lemma, start));
    out.push(mix(356, last << 10 | after, kind_of));
    out.push(mix(357, w(i64::from(ce)), last));
    out.push(mix(358, w(i64::from(ce)), after));
    out.push(mix(359, w(i64::from(ce) + 1), after));
    out.push(mix(360, kind(page, i64::from(ce) + 1) << 10 | after, kind_of << 8 | order));
    out.push(mix(361, q(i64::from(cs)) << 8 | q(i64::from(ce) - 1) << 4 | q(i64::from(ce)), kind_of));
    let (x, y) = (&page.info[cs as usize], &page.info[ce as usize - 1]);
    let next = at(page, ce as usize, 0);
    out.push(mix(362, u32::from(x.sent_left) << 8 | u32::from(y.sent_right), kind_of));
    out.push(mix(363, u32::from(y.sentence != next.sentence), after << 4 | order));
    out.push(mix(364, (y.sentence.wrapping_sub(x.sentence)).min(4), kind_of << 4 | order));
    out.push(mix(365, (y.paragraph.wrapping_sub(x.paragraph)).min(3), kind_of << 4 | order));
    let next_soft = soft.get(ce as usize).copied().unwrap_or_default();
    let prev_soft = (cs as usize).checked_sub(1).and_then(|k| soft.get(k)).copied().unwrap_or_default();
    out.push(mix(366, u32::from(next_soft.content) << 4 | u32::from(next_soft.cue), after));
    out.push(mix(367, u32::from(prev_soft.content) << 4 | u32::from(prev_soft.cue), before));
    out.push(mix(368, u32::from(next_soft.role) << 4 | u32::from(prev_soft.role), order));
    if c.content.len() > 1 {
        let b = c.content[1];
        out.push(mix(
            370,
            kind(page, i64::from(first_end)) << 10 | kind(page, i64::from(b.0) - 1),
            kind(page, i64::from(b.0)),
        ));
        let between = first_end <= cue.start && cue.end <= b.0;
        let mark = page.info[first_end as usize - 1].punct;
        out.push(mix(371, u32::from(between), kind_of << 8 | u32::from(mark)));
        out.push(mix(372, u32::from(bucket(b.0 - first_end)), u32::from(between)));
    }
    // A quotation that the content leaves half outside, or goes past.
    let cut_left = u32::from(x.quotation != super::page::NONE && x.quote == quote::IN);
    let cut_right =
        u32::from(y.quotation != super::page::NONE && y.quote != quote::CLOSE && next.quotation == y.quotation);
    out.push(mix(373, cut_left << 1 | cut_right, kind_of << 4 | order));
    // The source.
    match c.source {
        None => {
            out.push(mix(380, kind(page, i64::from(cue.start) - 1), tag));
            out.push(mix(381, a.lemma, tag));
            out.push(mix(382, w(i64::from(cue.start) - 1), tag));
            out.push(mix(383, kind(page, i64::from(cue.start) - 1) << 10 | kind(page, i64::from(cue.end)), tag));
        }
        Some((s, e)) => {
            let side = u32::from(s >= cue.end);
            let near = if side == 0 { cue.start.saturating_sub(e) } else { s - cue.end };
            let mut soft_sum = 0u32;
            let (mut marks, mut caps) = (0, 0);
            let mut tags = side;
            for i in s..e {
                let x = &page.info[i as usize];
                soft_sum += u32::from(soft[i as usize].source);
                marks += u32::from(x.punct > 0);
                caps += u32::from(x.shape & 1);
                if i < s + 4 {
                    tags = mix(0, tags, u32::from(x.tag));
                }
            }
            let len = e - s;
            out.push(mix(384, side << 8 | u32::from(bucket(near)), tag));
            out.push(mix(385, soft_sum / len, u32::from(bucket(near))));
            out.push(mix(386, tags, u32::from(len > 4)));
            out.push(mix(387, u32::from(bucket(len)), marks.min(3) << 4 | caps.min(3)));
            out.push(mix(388, kind(page, i64::from(s) - 1) << 10 | kind(page, i64::from(s)), side));
            out.push(mix(389, kind(page, i64::from(e) - 1) << 10 | kind(page, i64::from(e)), side));
            out.push(mix(390, w(i64::from(s) - 1), side));
            out.push(mix(391, w(i64::from(s)), side << 4 | u32::from(len == 1)));
            out.push(mix(392, w(i64::from(e) - 1), side));
            out.push(mix(393, w(i64::from(e)), side << 8 | u32::from(bucket(near))));
            out.push(mix(394, a.lemma, w(i64::from(e) - 1)));
            let mut way = side;
            let (lo, hi) = if side == 0 { (e, cue.start) } else { (cue.end, s) };
            if hi.saturating_sub(lo) <= 5 {
                for i in lo..hi {
                    way = mix(0, way, kind(page, i64::from(i)));
                }
                out.push(mix(395, way, tag));
            } else {
                let (mut commas, mut other) = (0u32, 0u32);
                for i in lo..hi {
                    commas += u32::from(page.info[i as usize].punct == 1);
                    other += u32::from(soft[i as usize].cue >= 4);
                }
                out.push(mix(396, side << 8 | commas.min(4), other.min(2)));
            }
            out.push(mix(397, u32::from(page.info[s as usize].sentence != a.sentence), side));
        }
    }
}
