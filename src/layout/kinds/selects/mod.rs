//! What the collector keeps of each kind: everything that is not named goes where it is read.
//!
//! A row of the table names its fields; this folder reads the lists, holds what several rows share, and writes the
//! lists for the collector and its documents.

pub(in crate::layout::kinds) mod docker;
mod fields;
pub(in crate::layout::kinds) mod kubernetes;
mod write;

pub use fields::{Covered, FLAGS, Kept, KeptField, Selection, WORDS};
pub use write::lists;
