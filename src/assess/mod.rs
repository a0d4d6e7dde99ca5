//! Assessing: facts against rules, to verdicts with their evidence.

mod benchmark_overlay;
pub(crate) mod cluster;
pub(crate) mod compile;
pub(crate) mod decide;
mod draft;
mod dumps;
pub(crate) mod observe;
pub(crate) mod run;
mod selftest;
mod summary;

pub use draft::{DraftError, draft_ssp, review_ssp};
pub use run::{AssessError, Options, assess};
pub use selftest::{CaseFailure, case_result, run_cases};
pub use summary::{reason_word, status_word};
