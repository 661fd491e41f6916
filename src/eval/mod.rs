//! Judges statements against an analyst's own coding: how many were found, how many of those found are right, how far the
//! two codings agree beyond chance, and how far the confidence can be believed.
//!
//! A pure function of rows and texts; nothing here reads a file or codes a document.
//!
//! | file | subject |
//! | --- | --- |
//! | `row` | one statement of either side, and how it is read from JSON Lines and CSV |
//! | `check` | which rows of the gold can be used, and where their quotes stand |
//! | `matching` | which prediction belongs to which row of the gold |
//! | `figures` | precision, recall, F1 and the shares of right fields, whole and by topic, party, mode and side |
//! | `agreement` | confusion of stances, Cohen's kappa, Krippendorff's alpha |
//! | `calibration` | confidence against the share that is right |
//! | `reasons` | why a row was missed, why a prediction is false |
//!
//! # Terms
//! *Gold* is the analyst's coding, a *prediction* a statement that is judged. A row of the gold is *borderline* where it is
//! marked `required: false`: found or not, it counts neither way.

pub mod agreement;
pub mod calibration;
mod check;
mod figures;
mod matching;
mod reasons;
mod row;

pub use check::{Texts, check, select};
pub use figures::{Condition, Figures, Group, Rates, figures};
pub use matching::{Matching, Placed, matching, place};
pub use reasons::{Known, Wording, Wrong, false_alarms, misses, wrong_stances};
pub use row::{Row, read};
