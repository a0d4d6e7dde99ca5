//! Reads rule files, naming every mistake.
//!
//! `rule_file.rs` and `pack_file.rs` read the two sorts of files, `check.rs` a check, `matcher.rs` the language of
//! conditions, and `definitions.rs` keeps the matchers that have a name.

pub(crate) mod check;
mod conditions;
pub(crate) mod definitions;
pub(crate) mod fix;
pub(crate) mod matcher;
pub(crate) mod operand;
pub(crate) mod pack_file;
pub(crate) mod rule_file;
pub(crate) mod values;
