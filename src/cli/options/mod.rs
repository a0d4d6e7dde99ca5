//! Options that several subcommands share, and the files that they name.

pub(crate) mod assess;
pub(crate) mod limits;
pub(crate) mod output;
pub(crate) mod read;
pub(crate) mod sign;
