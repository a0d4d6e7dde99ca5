//! The subcommands, one file each.

pub(crate) mod analyze;
pub(crate) mod answers;
mod answers_import;
pub(crate) mod collector;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod explain;
pub(crate) mod inspect;
pub(crate) mod report;
pub(crate) mod rules;
pub(crate) mod ssp;
