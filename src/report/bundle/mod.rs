//! The evidence folder: every rule with all of its evidence.

pub(crate) mod evidence;
pub(crate) mod stale;
