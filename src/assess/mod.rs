//! Assessing: facts against rules, to verdicts with their evidence.

mod benchmark_overlay;
mod cluster;
mod compile;
mod decide;
mod draft;
mod dumps;
mod observe;
mod reasons;
mod remarks;
mod run;
mod selftest;
mod ssp_use;
mod summary;

pub use draft::{DraftError, draft_ssp, review_ssp};
pub use run::{AssessError, Options, assess};
pub use selftest::{CaseFailure, CaseRun, case_result, run_cases};
