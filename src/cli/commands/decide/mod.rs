//! What people decide: the SSP, and answers.

pub(crate) mod answers;
mod import;
pub(crate) mod ssp;
