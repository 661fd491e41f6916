//! Agreement of two codings of the same statements beyond what chance would give.
//!
//! Coefficients take pairs of stances (gold, found), each from -2 to 2. They are 1 where the two always agree, 0 where they
//! agree as often as chance would have it, and undefined (`None`) where both use one and the same stance throughout.
//!
//! # Sources
//! - J. Cohen, "A Coefficient of Agreement for Nominal Scales", Educational and Psychological Measurement 20 (1960) 37-46.
//! - J. Cohen, "Weighted kappa", Psychological Bulletin 70 (1968) 213-220.
//! - K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (University of Pennsylvania, 2011); the same in his "Content
//!   Analysis" (2nd edition 2004, chapter 11).

/// Stances from -2 to 2.
pub const STANCES: usize = 5;

/// How often each stance of the gold (rows) met each stance found (columns), from -2 to 2.
pub type Confusion = [[usize; STANCES]; STANCES];

fn place(stance: i8) -> usize {
    usize::try_from(i16::from(stance.clamp(-2, 2)) + 2).unwrap_or(2)
}

/// Counts pairs.
pub fn confusion(pairs: &[(i8, i8)]) -> Confusion {
    let mut table = Confusion::default();
    for (gold, found) in pairs {
        table[place(*gold)][place(*found)] += 1;
    }
    table
}

/// Cohen's kappa (1960): 1 - disagreement observed / disagreement expected of two coders with these margins.
///
/// # Examples
/// 20 times both yes, 15 times both no, 5 times yes and no, 10 times no and yes: agreement 0.7, expected 0.5, kappa 0.4.
/// ```
/// use demarche::eval::agreement::kappa;
///
/// let counts = [(1, 1, 20), (1, -1, 5), (-1, 1, 10), (-1, -1, 15)];
/// let pairs: Vec<(i8, i8)> = counts.iter().flat_map(|(a, b, n)| vec![(*a, *b); *n]).collect();
/// assert!((kappa(&pairs).unwrap_or(f64::NAN) - 0.4).abs() < 1e-12);
/// ```
pub fn kappa(pairs: &[(i8, i8)]) -> Option<f64> {
    weighted(pairs, |a, b| if a == b { 0.0 } else { 1.0 })
}

/// Cohen's weighted kappa (1968), disagreement weighted by the square of its distance.
pub fn kappa_quadratic(pairs: &[(i8, i8)]) -> Option<f64> {
    weighted(pairs, |a, b| {
        let distance = a as f64 - b as f64;
        distance * distance
    })
}

fn weighted(pairs: &[(i8, i8)], weight: impl Fn(usize, usize) -> f64) -> Option<f64> {
    let table = confusion(pairs);
    let total = pairs.len() as f64;
    let row = |a: usize| table[a].iter().sum::<usize>() as f64;
    let column = |b: usize| table.iter().map(|r| r[b]).sum::<usize>() as f64;
    let (mut observed, mut expected) = (0.0, 0.0);
    for (a, counts) in table.iter().enumerate() {
        for (b, count) in counts.iter().enumerate() {
            observed += weight(a, b) * *count as f64 / total;
            expected += weight(a, b) * row(a) * column(b) / (total * total);
        }
    }
    (expected > 0.0).then(|| 1.0 - observed / expected)
}

/// Krippendorff's alpha for two coders and ordinal values: the distance of two values is what lies between them in the ranks of
/// all values given, `(n_a / 2 + n_between + n_b / 2)` squared.
pub fn alpha_ordinal(pairs: &[(i8, i8)]) -> Option<f64> {
    alpha(pairs, |values, a, b| {
        let (low, high) = (a.min(b), a.max(b));
        let between: f64 = values[low..=high].iter().sum();
        let ranks = between - (values[low] + values[high]) / 2.0;
        if a == b { 0.0 } else { ranks * ranks }
    })
}

/// Krippendorff's alpha for two coders and nominal values.
///
/// # Examples
/// The second example of Krippendorff (2011), twelve units coded a to e, has alpha 0.692.
/// ```
/// use demarche::eval::agreement::alpha_nominal;
///
/// let one = [-2, -2, -1, -1, 1, 0, 0, 0, 2, 1, 1, -2];
/// let two = [-1, -2, -1, -1, -1, 0, 0, 0, 2, 1, 1, 1];
/// let pairs: Vec<(i8, i8)> = one.into_iter().zip(two).collect();
/// assert_eq!(format!("{:.3}", alpha_nominal(&pairs).unwrap_or(f64::NAN)), "0.692");
/// ```
pub fn alpha_nominal(pairs: &[(i8, i8)]) -> Option<f64> {
    alpha(pairs, |_, a, b| if a == b { 0.0 } else { 1.0 })
}

/// 1 - disagreement observed / expected, from the coincidences of both orders of each pair.
fn alpha(pairs: &[(i8, i8)], distance: impl Fn(&[f64; STANCES], usize, usize) -> f64) -> Option<f64> {
    let table = confusion(pairs);
    let coincidences = |a: usize, b: usize| (table[a][b] + table[b][a]) as f64;
    let mut values = [0.0; STANCES];
    for (a, value) in values.iter_mut().enumerate() {
        *value = (0..STANCES).map(|b| coincidences(a, b)).sum();
    }
    let total: f64 = values.iter().sum();
    let (mut observed, mut expected) = (0.0, 0.0);
    for a in 0..STANCES {
        for b in 0..STANCES {
            let far = distance(&values, a, b);
            observed += coincidences(a, b) * far;
            expected += values[a] * values[b] * far;
        }
    }
    (expected > 0.0).then(|| 1.0 - (total - 1.0) * observed / expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, wanted: f64) {
        assert!((found.unwrap_or(f64::NAN) - wanted).abs() < 1e-9, "{found:?}, not {wanted}");
    }

    #[test]
    fn full_agreement_is_one_and_one_stance_alone_is_undefined() {
        let pairs = [(2, 2), (-1, -1), (0, 0)];
        for coefficient in [kappa, kappa_quadratic, alpha_ordinal, alpha_nominal] {
            near(coefficient(&pairs), 1.0);
            assert_eq!(coefficient(&[(2, 2), (2, 2)]), None);
            assert_eq!(coefficient(&[]), None);
        }
    }

    #[test]
    fn opposite_codings_are_worse_than_chance() {
        // Observed 0, expected 1/2: kappa -1. Coincidences 2 and 2 of 4: alpha 1 - 3 * 4 / 8 = -1/2.
        let pairs = [(1, -1), (-1, 1)];
        near(kappa(&pairs), -1.0);
        near(alpha_nominal(&pairs), -0.5);
    }

    #[test]
    fn weighted_kappa_by_hand() {
        // Squared distances: observed (16 + 4 + 4) / 4 = 6. Margins: gold -2 twice, 0 once, 2 once; found -2 once, 0 once, 2 twice.
        // Expected: row * column * distance, over 16: (2*1*4 + 2*2*16 + 1*1*4 + 1*2*4 + 1*1*16 + 1*1*4) / 16 = 6.5.
        let pairs = [(-2, -2), (-2, 2), (0, 2), (2, 0)];
        near(kappa_quadratic(&pairs), 1.0 - 6.0 / 6.5);
    }

    #[test]
    fn krippendorffs_first_example() {
        // Krippendorff 2011, part A: binary data, two coders, ten units: alpha 0.095.
        let one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
        let two = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
        let pairs: Vec<(i8, i8)> = one.into_iter().zip(two).collect();
        assert_eq!(format!("{:.3}", alpha_nominal(&pairs).unwrap_or(f64::NAN)), "0.095");
    }

    #[test]
    fn ordinal_alpha_by_hand() {
        // Values given: -2 once, -1 once, 0 once, 1 three times, 2 twice; n = 8.
        // Pairs: (1,1) no distance; (1,2) lies (3 + 2) - 5/2 = 2.5, squared 6.25; (-2,-1) 2 - 1 = 1; (0,2) 6 - 3/2 = 4.5, 20.25.
        // Observed: 2 * (6.25 + 1 + 20.25) = 55.
        // Expected over ordered pairs: 2 * (n_a n_b d) summed:
        //   (-2,-1) 1*1*1; (-2,0) 1*1*4; (-2,1) 3*(6-2)^2=48; (-2,2) 2*(8-1.5)^2=84.5; (-1,0) 1; (-1,1) 3*9=27;
        //   (-1,2) 2*5.5^2=60.5; (0,1) 3*4=12; (0,2) 2*20.25=40.5; (1,2) 6*6.25=37.5; sum 316, doubled 632.
        let pairs = [(1, 1), (1, 2), (-2, -1), (0, 2)];
        near(alpha_ordinal(&pairs), 1.0 - 7.0 * 55.0 / 632.0);
    }
}
