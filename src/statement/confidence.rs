//! How sure a statement is: a logistic model over the reasons that made it, fitted on hand-coded articles.
//!
//! Every way to a statement is followed, and each leaves its reasons; what the reasons weigh is data
//! (`data/models/confidence.toml`, made by `train_confidence`), and what falls below the threshold is no statement,
//! unless a stance word and a holder make it firm.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

const BUILTIN: &str = include_str!("../../data/models/confidence.toml");

/// The weights of reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confidence {
    /// What a statement that is not firm must reach to be one, 0 to 1.
    pub threshold: f64,
    /// Log odds of a statement without any reason.
    pub bias: f64,
    /// What each reason adds to the log odds.
    pub weights: BTreeMap<String, f64>,
}

impl Confidence {
    /// Returns the model that comes with the program.
    pub fn builtin() -> &'static Confidence {
        static MODEL: OnceLock<Confidence> = OnceLock::new();
        // A test reads the same text; a model that accepts everything could only follow from a broken build.
        MODEL.get_or_init(|| toml::from_str(BUILTIN).unwrap_or_else(|_| Confidence::open()))
    }

    /// Returns a model that accepts everything: what training looks at.
    pub fn open() -> Confidence {
        Confidence { threshold: 0.0, bias: 0.0, weights: BTreeMap::new() }
    }

    /// Returns how sure a statement with these reasons is, 0 to 1.
    pub fn of(&self, reasons: &[String]) -> f64 {
        let odds: f64 = self.bias + reasons.iter().filter_map(|r| self.weights.get(r)).sum::<f64>();
        1.0 / (1.0 + (-odds).exp())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn builtin_model_is_sound() {
        let model: Confidence = toml::from_str(BUILTIN).unwrap();
        assert!(!model.weights.is_empty() && model.threshold > 0.0 && model.threshold < 1.0);
    }

    #[test]
    fn reasons_add_up() {
        let mut model = Confidence::open();
        assert_eq!(model.of(&["a".to_string()]), 0.5);
        model.weights.insert("a".to_string(), 2.0);
        assert!(model.of(&["a".to_string()]) > 0.8);
        assert_eq!(model.of(&["b".to_string()]), 0.5);
    }
}
