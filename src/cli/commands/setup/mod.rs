//! What goes with the program: the collector's scripts, completions, manual pages.

pub(crate) mod collector;
pub(crate) mod completions;
