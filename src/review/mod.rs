//! What analysts say of statements: read from a workbook, checked, counted, compared, and put to use for the codebook.
//!
//! Reading is forgiving about the form (columns moved, rows sorted, numbers typed as text) and strict about the meaning: what is
//! not understood is refused with sheet, row and column, and never guessed.
//!
//! | file | subject |
//! | --- | --- |
//! | `form` | the rows of the Evidence sheets, by the names of their columns |
//! | `value` | parties, topics, stances and days as people type them |
//! | `check` | rows into reviews, or refusals with their place |
//! | `white` | whether a row still has what the program wrote there |
//! | `own` | a statement that a reviewer adds, and its words in the document |
//! | `dna` | codings of Discourse Network Analyzer as such rows |
//! | `agreement` | how far two reviewers agree, and where they do not |
//! | `count` | how many verdicts of whom, and what has none |
//! | `suggest` | lines for the codebook, from corrections that come again |

mod agreement;
mod check;
mod count;
mod dna;
mod form;
mod own;
mod suggest;
mod value;
mod white;

pub use agreement::{Agreement, Conflict, Pair, agreement};
pub use check::{Checked, Shown, check};
pub use count::{Counts, State, counts, states};
pub use dna::{Beside, Events};
pub use form::{Form, Line, Place, Refusal, documents, form, ids};
pub use suggest::{Suggestion, suggest};
