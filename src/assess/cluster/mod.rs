//! What the sums of all members say of the cluster as a whole.

pub(crate) mod context;
mod counts;
mod freshness;
mod namespaces;
pub(crate) mod sources;
mod ssp_values;
