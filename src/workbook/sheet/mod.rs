//! One file a sheet.

pub(super) mod changes;
pub(super) mod contradictions;
pub(super) mod evidence;
pub(super) mod gaps;
pub(super) mod lists;
pub(super) mod matrix;
pub(super) mod parties;
pub(super) mod read_me;
pub(super) mod side_by_side;
pub(super) mod sources;
pub(super) mod stance;
pub(super) mod topics;
