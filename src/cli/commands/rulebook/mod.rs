//! Rules: what there is, what each asks, whether a pack is well made.

pub(crate) mod explain;
pub(crate) mod rules;
