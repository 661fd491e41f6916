//! Documents: from files and streams to text with what is known of it.

mod model;
mod stub;

pub use model::{Boilerplate, DateOrigin, Document};
pub use stub::{Input, Sources, find, jsonl, load};
