//! Answers out of checklists and answer files that other programs wrote.
//!
//! What is carried decides nothing by itself: an entry is undecided, with what the file said beside
//! it, until a person completes it. The one exception is an answer that this program wrote into a
//! checklist with all that makes an answer: reviewer, dates and the digest of the evidence.

mod answer_file;
mod checklist;
mod first_release;
mod imported;
mod own;
mod read;
mod rules;
mod write;

pub use imported::{Entry, Imported};
pub use read::import;
