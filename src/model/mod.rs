//! What every later room speaks: the published assessment, verdicts, and the words, days, digests and characters of
//! both. It knows no other room.

pub mod assessment;
pub mod benchmark;
pub mod date;
pub mod decisions;
pub mod digest;
pub mod display;
pub(crate) mod evidence_digest;
pub mod input;
pub mod labels;
pub mod severity;
pub mod verdict;
