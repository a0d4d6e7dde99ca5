//! The evidence folder: every rule with all of its evidence.

pub(crate) mod evidence;
pub(crate) mod model;
pub(crate) mod stale;
pub(crate) mod verdict;
