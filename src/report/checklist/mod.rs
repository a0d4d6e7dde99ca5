//! Checklists as STIG tools import them.

pub(crate) mod ckl;
pub(crate) mod cklb;
pub(crate) mod entry;
pub(crate) mod per_node;
pub(crate) mod xccdf;
