//! Fixes with the names of what fails: the steps of rules filled in, and the plan that is made of them.

pub(crate) mod filled;
pub(crate) mod folder;
mod pages;
mod plan;
mod scripts;
pub(crate) mod shell;
