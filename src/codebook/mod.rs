//! The codebook: parties, people with dated roles, topics with their two poles, and the wording that signals them.

mod about;
mod files;
mod load;
mod model;
mod names;
mod needs;
mod problem;
mod table;
mod topics;
pub mod wording;

pub use about::About;
pub use files::names;
pub use load::{load, patterns, texts};
pub use model::*;
pub use names::{NameIndex, NameMatch, Referent, TitleIndex, TitleMatch};
pub use topics::Pattern;
