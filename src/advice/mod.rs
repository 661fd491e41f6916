//! What helps an analyst to write a codebook: do its examples come out, is its wording meant as it stands, what does a corpus
//! hold that it misses, and a folder to begin with.
//!
//! Nothing here makes statements better by itself: it tells, and a person decides.
//!
//! | file | subject |
//! | --- | --- |
//! | `examples` | the examples of topics, coded and compared |
//! | `wording` | patterns that probably do not say what was meant |
//! | `gaps` | speakers without a party, and wording near positions that no topic claims |
//! | `keyness` | how far a word belongs to one half of a corpus |
//! | `scaffold` | the files of a new codebook |

mod examples;
mod gaps;
pub mod keyness;
mod qdc;
mod scaffold;
mod wording;

pub use examples::{Tried, try_examples};
pub use gaps::{Gaps, Phrase, Speaker, Survey, noun_phrases, survey};
pub use scaffold::{README, scaffold};
pub use wording::{Doubt, doubts};
