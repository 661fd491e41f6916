//! How far a word belongs to one half of a corpus.

/// Dunning's log-likelihood ratio for two binomials: `in_target` of `target` trials against `in_rest` of `rest` trials, -2 log of
/// the likelihood of one common rate over that of two. Large where the rates differ and there is much to tell it by; 3.84 is the
/// 5 % point of chi-squared with one degree of freedom, 10.83 that of 0.1 %.
///
/// Source: T. Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence", Computational Linguistics 19 (1993) 61-74.
///
/// # Examples
/// ```
/// use demarche::advice::keyness::log_likelihood;
///
/// assert_eq!(log_likelihood(5, 50, 10, 100), 0.0);
/// // From the paper's table 1: "the swiss", 110 with and 2442 without against 111 with and 29114 without, gives 270.72.
/// assert_eq!(format!("{:.2}", log_likelihood(110, 110 + 2442, 111, 111 + 29114)), "270.72");
/// ```
pub fn log_likelihood(in_target: usize, target: usize, in_rest: usize, rest: usize) -> f64 {
    let likelihood = |k: usize, n: usize, p: f64| {
        let part = |count: usize, share: f64| if count == 0 { 0.0 } else { count as f64 * share.ln() };
        part(k, p) + part(n - k.min(n), 1.0 - p)
    };
    let rate = |k: usize, n: usize| if n == 0 { 0.0 } else { k as f64 / n as f64 };
    let common = rate(in_target + in_rest, target + rest);
    let apart = likelihood(in_target, target, rate(in_target, target)) + likelihood(in_rest, rest, rate(in_rest, rest));
    let together = likelihood(in_target, target, common) + likelihood(in_rest, rest, common);
    (2.0 * (apart - together)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_against_everything() {
        // 2 (10 ln 2 + 10 ln 2): rates 1 and 0 against one half.
        let wanted = 40.0 * 2f64.ln();
        assert!((log_likelihood(10, 10, 0, 10) - wanted).abs() < 1e-9);
        assert_eq!(log_likelihood(0, 0, 0, 0), 0.0);
    }
}
