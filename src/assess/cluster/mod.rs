//! What the sums of all members say of the cluster as a whole.

pub(crate) mod context;
pub(crate) mod coverage;
pub(crate) mod delivery;
mod freshness;
pub(crate) mod inputs;
pub(crate) mod nodes;
pub(crate) mod source;
mod sources;
pub(crate) mod usage;
