//! Test cases of rules: a small cluster, and the verdict that a rule must give of it.
//!
//! `folder.rs` finds the files, `file.rs` reads cases, `setting.rs` puts their clusters together, and `stock.rs`
//! derives the cases that every rule must stand.

pub(crate) mod case;
mod change;
pub(crate) mod file;
mod fixture;
pub(crate) mod folder;
pub(crate) mod setting;
pub(crate) mod stock;
