//! Assessing: facts against rules, to verdicts with their evidence.
//!
//! Four stages, each of which knows only those before it. `compile` turns the rules around, so that
//! they stand by kind of fact; `observe` judges objects as they pass and sums up what they show;
//! `cluster` learns from the sums what the cluster is and what was delivered of it; `decide` weighs
//! all of this rule by rule. The files beside them run the stages and say what goes with the verdicts.
//! Sentences are built in `sentences`, which every stage may use.

mod benchmark_overlay;
mod cluster;
mod compile;
mod decide;
mod decision_files;
mod draft;
mod dumps;
mod observe;
mod reads;
mod run;
mod selftest;
mod sentences;
mod ssp_use;
mod summary;

pub use draft::{DraftError, draft_ssp, review_ssp};
pub use reads::{FieldsRead, fields_read};
pub use run::{AssessError, Options, assess};
pub use selftest::{CaseFailure, CaseRun, case_result, run_cases};
