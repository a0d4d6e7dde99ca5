//! Every sentence that an assessment says of its own: one constructor each.
//!
//! The stages decide which sentence is said and with which values; none of them writes one. So the
//! whole set stands here, can be reworded in one place, and a snapshot test prints it to be read at
//! once: `reasons` say why a rule is Not Reviewed (`objects`: about which objects), `lists` what contradicts a list, `in_use` why an
//! orchestrator counts as used, and `remarks` what stands in comments, warnings and evidence.

pub(crate) mod in_use;
pub(crate) mod lists;
pub(crate) mod node_names;
pub(crate) mod objects;
pub(crate) mod reasons;
pub(crate) mod remarks;
#[cfg(test)]
mod tests;
