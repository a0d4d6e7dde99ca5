//! The language of rules: conditions of three values, and what they compare with.
//!
//! A matcher (`matcher.rs`) is a tree of conditions on fields, a condition (`condition.rs`) a list of tests of one
//! value, and a test on a list holds conditions or matchers of its elements: these two files know each other, as a
//! grammar does.

pub(crate) mod condition;
pub(crate) mod decisive;
pub(crate) mod expression;
pub(crate) mod host_path;
pub(crate) mod matcher;
pub(crate) mod reference;
pub(crate) mod truth;
pub(crate) mod value;
pub(crate) mod variables;
pub(crate) mod version;
mod words;
