//! One file a sheet.

pub(super) mod evidence;
pub(super) mod lists;
pub(super) mod matrix;
pub(super) mod parties;
pub(super) mod read_me;
pub(super) mod sources;
pub(super) mod stance;
pub(super) mod topics;
