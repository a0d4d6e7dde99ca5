//! Reads rule files, naming every mistake.

pub(crate) mod check;
mod conditions;
pub(crate) mod definitions;
pub(crate) mod matcher;
pub(crate) mod operand;
pub(crate) mod pack_file;
pub(crate) mod rule_file;
pub(crate) mod values;
