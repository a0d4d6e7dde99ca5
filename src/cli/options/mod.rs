//! Options that several subcommands share.

pub(crate) mod args;
pub(crate) mod benchmark;
