//! What the sums of all members say of the cluster as a whole.
//!
//! Members become sources, each with its node and how far it can be relied on; of sources that tell the
//! same the newer decides. From these the nodes are learned, then what was delivered of each kind, then
//! what is in use.

pub(crate) mod context;
pub(crate) mod coverage;
pub(crate) mod delivery;
mod freshness;
pub(crate) mod host_names;
pub(crate) mod inputs;
pub(crate) mod nodes;
pub(crate) mod source;
mod sources;
pub(crate) mod usage;
mod whole;
