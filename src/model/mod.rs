//! What every later room speaks: the published assessment, verdicts, and the words, days, digests and characters of
//! both. It knows no other room.

pub mod assessment;
pub mod benchmark;
#[doc(hidden)]
pub mod date;
pub mod decisions;
#[doc(hidden)]
pub mod digest;
#[doc(hidden)]
pub mod display;
pub(crate) mod evidence_digest;
pub mod input;
pub mod labels;
#[doc(hidden)]
pub mod limits;
pub mod procedure;
pub mod severity;
#[doc(hidden)]
pub mod verdict;
