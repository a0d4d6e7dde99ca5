//! What others wrote about the same rules: benchmarks, checklists, files of answers.
//!
//! Each reader gives what its file says, bounded and with places, and judges nothing of it. What a
//! file breaks is a [`Problem`](crate::yaml::Problem) with its line; a document type, and with it
//! every entity of its own, is refused.

mod answer_file;
mod benchmark;
mod checklist;
mod ids;
mod text;
mod xml;

pub use answer_file::{AnswerFile, Choice, read_answer_file};
pub use benchmark::{
    Benchmark, BenchmarkError, Found, OfficialRule, find_benchmark, find_sealed_benchmark, read_benchmarks,
};
pub use checklist::{Checklist, Review, ReviewStatus, read_ckl, read_cklb};
pub use ids::{full_rule_id, vuln_of};
pub use text::{MAX_FILE, decode};
pub use xml::root_name;
