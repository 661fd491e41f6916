//! How far parties stand apart, topic by topic and over all they both speak to, and who stands between.
//!
//! Congruence is 1 where two parties say the same and 0 where one demands what the other rejects: `1 - |s1 - s2| / 4`. A
//! party whose statements point both ways has no number and is left out, which each topic tells.

use super::model::Matrix;

/// From this gap on somebody who stands between two parties is worth naming.
const WIDE: f64 = 2.0;
/// Topics that a party must share with each of two others to count as near them.
const SHARED: usize = 2;

/// All gaps of a matrix.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gaps {
    /// Topics on which at least two parties stand somewhere, in the matrix's order.
    pub topics: Vec<TopicGaps>,
    /// Every two parties that share a topic, the least congruent first.
    pub pairs: Vec<Pair>,
}

/// One topic.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicGaps {
    /// Index of the topic among the matrix's topics.
    pub column: usize,
    /// Parties with a number, as rows of the matrix, from the most against to the most in favour.
    pub placed: Vec<(usize, f64)>,
    /// Parties whose statements point both ways.
    pub mixed: Vec<usize>,
    /// Every two of the placed parties, the widest gap first.
    pub gaps: Vec<Gap>,
    /// Where all placed parties lean the same way, which: 1 or -1.
    pub common: Option<i8>,
}

impl TopicGaps {
    /// Returns the widest gap.
    pub fn widest(&self) -> f64 {
        self.gaps.first().map_or(0.0, |g| g.gap)
    }

    /// Returns who stands between the ends of the widest gap, as rows of the matrix.
    pub fn between(&self) -> &[usize] {
        self.gaps.first().map(|g| g.between.as_slice()).unwrap_or_default()
    }

    /// Returns the number of a party, given as its row, where it has one.
    pub fn number(&self, row: usize) -> Option<f64> {
        self.placed.iter().find(|(r, _)| *r == row).map(|(_, n)| *n)
    }

    /// Returns the placed parties that stand at the same number together, from the most against to the most in favour.
    pub fn groups(&self) -> Vec<(f64, Vec<usize>)> {
        let mut groups: Vec<(f64, Vec<usize>)> = Vec::new();
        for (row, number) in &self.placed {
            match groups.last_mut() {
                Some((same, rows)) if same == number => rows.push(*row),
                _ => groups.push((*number, vec![*row])),
            }
        }
        groups
    }
}

/// Two parties on one topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// The party more against, as a row of the matrix.
    pub low: usize,
    /// The party more in favour.
    pub high: usize,
    /// What lies between them: 0 to 4.
    pub gap: f64,
    /// Parties that stand between the two where the gap is 2 or more, the nearest to the middle first.
    pub between: Vec<usize>,
}

impl Gap {
    /// Returns how near the two stand: 1 at the same place, 0 at opposite ends.
    pub fn congruence(&self) -> f64 {
        congruence(self.gap)
    }
}

/// Two parties over all topics on which both stand somewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Row of the first, which comes first in the matrix.
    pub first: usize,
    /// Row of the second.
    pub second: usize,
    /// Number of topics that both speak to.
    pub topics: usize,
    /// Mean of their congruence over these.
    pub congruence: f64,
    /// Topics on which one says yes and the other no.
    pub opposed: usize,
    /// Topics on which both lean the same way.
    pub shared: usize,
    /// Parties that stand between the two on topics where they are 2 or more apart, with the number of these topics, most
    /// first.
    pub between: Vec<(usize, usize)>,
    /// Parties nearer to each of the two than these are to each other, over at least two topics with each, with their
    /// congruence with the one that they are further from; the nearest first.
    pub bridges: Vec<(usize, f64)>,
}

/// Returns how near two stances are that lie so far apart.
pub fn congruence(gap: f64) -> f64 {
    1.0 - gap.abs() / 4.0
}

/// Measures a matrix.
pub fn gaps(matrix: &Matrix) -> Gaps {
    let topics: Vec<TopicGaps> = (0..matrix.topics.len()).filter_map(|column| topic(matrix, column)).collect();
    let mut pairs = Vec::new();
    for first in 0..matrix.parties.len() {
        for second in first + 1..matrix.parties.len() {
            pairs.extend(pair(&topics, first, second));
        }
    }
    let bridges: Vec<Vec<(usize, f64)>> = pairs.iter().map(|p| bridges(&pairs, p, matrix.parties.len())).collect();
    for (pair, found) in pairs.iter_mut().zip(bridges) {
        pair.bridges = found;
    }
    pairs.sort_by(|a: &Pair, b: &Pair| {
        a.congruence
            .total_cmp(&b.congruence)
            .then(b.topics.cmp(&a.topics))
            .then((a.first, a.second).cmp(&(b.first, b.second)))
    });
    Gaps { topics, pairs }
}

fn topic(matrix: &Matrix, column: usize) -> Option<TopicGaps> {
    let mut placed: Vec<(usize, f64)> = Vec::new();
    let mut mixed = Vec::new();
    for position in matrix.positions.iter().filter(|p| p.column == column) {
        match matrix.number(position) {
            Some(number) => placed.push((position.row, number)),
            None => mixed.push(position.row),
        }
    }
    if placed.len() < 2 {
        return None;
    }
    placed.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut gaps = Vec::new();
    for (at, (low, below)) in placed.iter().enumerate() {
        for (high, above) in placed.iter().skip(at + 1) {
            let gap = above - below;
            let between = if gap >= WIDE { between(&placed, *below, *above) } else { Vec::new() };
            gaps.push(Gap { low: *low, high: *high, gap, between });
        }
    }
    gaps.sort_by(|a, b| b.gap.total_cmp(&a.gap).then((a.low, a.high).cmp(&(b.low, b.high))));
    let common = if placed.iter().all(|(_, n)| *n > 0.0) {
        Some(1)
    } else if placed.iter().all(|(_, n)| *n < 0.0) {
        Some(-1)
    } else {
        None
    };
    Some(TopicGaps { column, placed, mixed, gaps, common })
}

/// Who is nearer to both of two parties than they are to each other.
fn bridges(pairs: &[Pair], of: &Pair, parties: usize) -> Vec<(usize, f64)> {
    let near = |a: usize, b: usize| {
        let at = pairs.binary_search_by_key(&(a.min(b), a.max(b)), |p| (p.first, p.second)).ok()?;
        pairs.get(at).filter(|p| p.topics >= SHARED).map(|p| p.congruence)
    };
    let others = (0..parties).filter(|row| *row != of.first && *row != of.second);
    let mut found: Vec<(usize, f64)> = others
        .filter_map(|row| Some((row, near(row, of.first)?.min(near(row, of.second)?))))
        .filter(|(_, nearness)| *nearness > of.congruence)
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found
}

fn between(placed: &[(usize, f64)], below: f64, above: f64) -> Vec<usize> {
    let middle = f64::midpoint(below, above);
    let mut inside: Vec<(usize, f64)> = placed.iter().filter(|(_, n)| below < *n && *n < above).copied().collect();
    inside.sort_by(|a, b| (a.1 - middle).abs().total_cmp(&(b.1 - middle).abs()).then(a.0.cmp(&b.0)));
    inside.into_iter().map(|(row, _)| row).collect()
}

fn pair(topics: &[TopicGaps], first: usize, second: usize) -> Option<Pair> {
    let mut out = Pair {
        first,
        second,
        topics: 0,
        congruence: 0.0,
        opposed: 0,
        shared: 0,
        between: Vec::new(),
        bridges: Vec::new(),
    };
    let mut total = 0.0;
    for topic in topics {
        let (Some(one), Some(other)) = (topic.number(first), topic.number(second)) else { continue };
        out.topics += 1;
        total += congruence(one - other);
        out.opposed += usize::from(one * other < 0.0);
        out.shared += usize::from(one * other > 0.0);
        let inside = if (one - other).abs() >= WIDE {
            between(&topic.placed, one.min(other), one.max(other))
        } else {
            Vec::new()
        };
        for row in inside {
            match out.between.iter_mut().find(|(r, _)| *r == row) {
                Some((_, count)) => *count += 1,
                None => out.between.push((row, 1)),
            }
        }
    }
    out.between.sort_by_key(|(row, count)| (std::cmp::Reverse(*count), *row));
    if out.topics == 0 {
        return None;
    }
    out.congruence = total / out.topics as f64;
    Some(out)
}
