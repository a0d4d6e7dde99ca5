//! Checklists: what people and other tools found, rule by rule.

mod ckl;
mod cklb;
mod review;

pub use ckl::read_ckl;
pub use cklb::read_cklb;
pub use review::{Checklist, Review, ReviewStatus};
