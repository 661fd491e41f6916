//! The ledger: documents, the statements read in them and the runs that read them, in one SQLite file.
//!
//! Three times are kept apart: the day a thing was said, the day it was published, and the run that brought it in. So one can ask
//! where a party stood on a day, and also what was known of it on a day. Nothing that was stored is deleted: a row that no
//! longer holds gets the run that dropped it.
//!
//! A command that writes is one transaction ([`Ledger::write`]); readers go on meanwhile and see what was there before.
//! Only this module speaks SQL.
//!
//! | file | subject |
//! | --- | --- |
//! | `schema` | tables, views, and the way from earlier forms to the present one |
//! | `open` | opening and refusing files, one writer at a time |
//! | `write` | runs, documents and their statements |
//! | `select` | statements and documents, as they are or as they were known on a day |
//! | `find` | search in quotations |
//! | `health` | whether the file is sound |
//! | `review` | reviews, written and read |
//! | `apply` | statements with reviews applied |
//! | `row` | between rows and statements |

mod apply;
mod error;
mod find;
mod health;
mod open;
mod review;
mod row;
mod schema;
mod select;
mod write;

pub use apply::{Reviewed, apply};
pub use error::Error;
pub use health::Health;
pub use open::{Ledger, is_ledger};
pub use review::{NewReview, Review, Verdict};
pub(crate) use row::word;
pub use schema::VERSION;
pub use select::{Entry, Known, Selection};
pub use write::{DocumentIds, Run, Stored, Tally, Writing};
