//! Changes: what differs between two sets of positions, most important first.
//!
//! A [`Side`] is a set of positions by party and topic, however it was come by: computed from statements, or read from a
//! table that somebody wrote. [`compare`] takes two and tells for each party and topic what became of the position. It is
//! a pure function: two sides that hold the same give no change, and a comparison turned round gives the opposite
//! changes.
//!
//! | file | subject |
//! | --- | --- |
//! | `side` | positions to compare, with the statements behind them |
//! | `change` | kinds of change, and the order of their importance |
//! | `compare` | two sides into changes |
//! | `names` | parties and topics by whatever a table calls them |
//! | `cell` | what somebody wrote into a cell, as a stance |
//! | `words` | a change in a few words, as all that show one put it |
//! | `table` | rows of a table, long or wide, into a side |

mod cell;
mod change;
mod compare;
mod names;
mod side;
mod table;
pub mod words;

pub use cell::{Read, stance};
pub use change::{Change, Diff, Kind};
pub use compare::compare;
pub use names::Names;
pub use side::{Evidence, Side, Stand};
pub use table::{Fault, Found, cell_name, read};

#[cfg(test)]
mod tests;
