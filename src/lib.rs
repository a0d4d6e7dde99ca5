//! Judges a snapshot of a Mirantis Kubernetes Engine 3.x cluster against the DISA STIG, offline.
//!
//! Data goes one way: [`archive`] (bytes) → [`layout`] (paths) → [`facts`] (values) → [`rules`] and
//! [`assess`] (verdicts) → [`report`] (files). [`intake`] reads what others
//! wrote about the rules, and [`evidence`] says whether a snapshot is what its
//! collector wrote.

pub mod answers;
pub mod archive;
pub mod assess;
pub mod cli;
pub mod evidence;
pub mod facts;
pub mod intake;
pub mod layout;
pub mod model;
pub mod report;
pub mod rules;
pub mod ssp;
pub mod yaml;
