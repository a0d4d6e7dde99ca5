//! Reads rule files, naming every mistake.

pub(crate) mod cases;
pub(crate) mod rule_file;
pub(crate) mod syntax;
