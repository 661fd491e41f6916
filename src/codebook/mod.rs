//! The codebook: parties, people with dated roles, topics with their two poles, and the wording that signals them.

mod model;
mod stub;

pub use model::{Codebook, Labels, Party, Topic};
pub use stub::load;
