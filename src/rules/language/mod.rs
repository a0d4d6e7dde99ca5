//! The language of rules: conditions of three values, and what they compare with.

pub(crate) mod condition;
pub(crate) mod expression;
pub(crate) mod matcher;
pub(crate) mod time_ref;
pub(crate) mod truth;
pub(crate) mod variables;
pub(crate) mod version;
mod words;
