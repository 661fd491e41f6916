//! How far confidence can be believed: of statements said to be right seven times in ten, how many are.

use serde::{Serialize, Serializer};

/// Statements of one range of confidence.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bin {
    /// Number of statements.
    pub count: usize,
    /// Number of those that are right.
    pub right: usize,
    /// Sum of their confidence.
    pub sum: f64,
}

impl Bin {
    /// Returns the share that is right; nothing where the range is empty.
    pub fn share(&self) -> Option<f64> {
        (self.count > 0).then(|| self.right as f64 / self.count as f64)
    }

    /// Returns the mean confidence; nothing where the range is empty.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

/// Confidence against the share that is right.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Calibration {
    /// Ten ranges: 0 to below 0.1, and so on; the last holds 1 as well.
    pub bins: [Bin; 10],
    /// Sum of squared differences between confidence and outcome.
    squares: f64,
}

/// Written as a list of the ranges that hold statements, and the two errors.
impl Serialize for Calibration {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Range {
            from: f64,
            count: usize,
            right: usize,
            share: Option<f64>,
            confidence: Option<f64>,
        }
        #[derive(Serialize)]
        struct Whole {
            bins: Vec<Range>,
            error: Option<f64>,
            brier: Option<f64>,
        }
        let range = |(n, b): (usize, &Bin)| Range {
            from: n as f64 / 10.0,
            count: b.count,
            right: b.right,
            share: b.share(),
            confidence: b.mean(),
        };
        let bins = self.bins.iter().enumerate().filter(|(_, b)| b.count > 0).map(range).collect();
        Whole { bins, error: self.error(), brier: self.brier() }.serialize(out)
    }
}

impl Calibration {
    /// Adds a statement.
    pub fn add(&mut self, confidence: f64, right: bool) {
        // Confidence has two decimals; hundredths keep 0.3 out of the range below.
        let place = ((confidence.clamp(0.0, 1.0) * 100.0).round() as usize / 10).min(9);
        let bin = &mut self.bins[place];
        bin.count += 1;
        bin.right += usize::from(right);
        bin.sum += confidence;
        let outcome = if right { 1.0 } else { 0.0 };
        self.squares += (confidence - outcome) * (confidence - outcome);
    }

    /// Returns the number of statements.
    pub fn count(&self) -> usize {
        self.bins.iter().map(|b| b.count).sum()
    }

    /// Returns the expected calibration error: the distance of mean confidence from the share that is right, averaged over the
    /// ranges by their number of statements (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017).
    pub fn error(&self) -> Option<f64> {
        let far = |b: &Bin| (b.right as f64 - b.sum).abs();
        let count = self.count();
        (count > 0).then(|| self.bins.iter().map(far).sum::<f64>() / count as f64)
    }

    /// Returns the Brier score: the mean squared difference of confidence and outcome (Brier 1950); 0 is best, and 0.25 is what
    /// always saying one half gives.
    pub fn brier(&self) -> Option<f64> {
        let count = self.count();
        (count > 0).then(|| self.squares / count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_by_hand() {
        let mut made = Calibration::default();
        for (confidence, right) in [(0.3, true), (0.35, false), (0.8, true), (0.85, true), (1.0, false)] {
            made.add(confidence, right);
        }
        let counts: Vec<usize> = made.bins.iter().map(|b| b.count).collect();
        assert_eq!(counts, [0, 0, 0, 2, 0, 0, 0, 0, 2, 1]);
        // |1 - 0.65| + |2 - 1.65| + |0 - 1| = 1.7 of 5.
        assert!((made.error().unwrap_or(f64::NAN) - 0.34).abs() < 1e-12);
        // 0.49 + 0.1225 + 0.04 + 0.0225 + 1 = 1.675 of 5.
        assert!((made.brier().unwrap_or(f64::NAN) - 0.335).abs() < 1e-12);
        assert_eq!(Calibration::default().error(), None);
    }
}
