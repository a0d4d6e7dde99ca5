//! Assessing: facts against rules, to verdicts with their evidence.

mod about;
mod age;
pub mod answers;
mod applies;
pub mod assessment;
mod benchmark;
mod cases;
mod compile;
mod context;
mod counts;
mod decide;
mod draft;
mod dumps;
mod gaps;
mod gathered;
mod known;
mod lines;
mod memo;
mod namespaces;
mod observe;
mod official;
mod older;
mod probes;
mod reading;
mod run;
mod shown;
mod sight;
mod sources;
mod ssp;
mod subject;
mod tally;
mod verdict;

pub use about::{reason_word, status_word};
pub use cases::{CaseFailure, case_result, run_cases};
pub use draft::{DraftError, draft_ssp, review_ssp};
pub(crate) use gaps::capital;
pub use run::{AssessError, Options, assess};
pub use ssp::{
    Amiss, Approval, Entry, Given, Needed, Pattern, PortRange, SECTIONS, Scope, Section, Ssp, Target, ssp_schema,
};
pub use verdict::{Findings, NonEmpty, Verdict};
