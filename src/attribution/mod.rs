//! Attribution: source, cue and content, with the source resolved to a person, institution or party.

mod mention;
mod resolve;
pub mod spans;
mod voice;
mod who;

pub use mention::Words;
pub use resolve::People;
pub use voice::{Voice, resolve};
pub use who::{Kind, Mention, PersonKey, Pronoun, Standing, Who};

pub use spans::RawAttribution as Attribution;
