//! Documents: from files and streams to text with what is known of it.

mod model;

pub use model::{Boilerplate, DateOrigin, Document};
