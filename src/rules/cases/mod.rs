//! Test cases of rules: a small cluster, and the verdict that a rule must give of it.

pub(crate) mod case;
mod change;
pub(crate) mod file;
mod fixture;
pub(crate) mod folder;
pub(crate) mod setting;
pub(crate) mod stock;
