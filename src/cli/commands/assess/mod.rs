//! Verdicts of inputs, and reports of verdicts.

pub(crate) mod analyze;
pub(crate) mod demo;
pub(crate) mod fix;
pub(crate) mod inspect;
pub(crate) mod report;
mod summary;
