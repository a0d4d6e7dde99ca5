//! A test case as it is run: the whole small cluster, and what must come out.
//!
//! How it was written, as a difference from what is given or in full, is gone by then; `assess/selftest.rs` makes a
//! snapshot of the cluster and assesses it as it assesses any other.

use serde_json::Value;

use crate::layout::Kind;
use crate::model::assessment::{ReasonCode, Status};
use crate::rules::rule::{Orchestrator, Wording};

/// How facts are missing in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Not collected.
    Missing,
    /// Access was refused.
    Forbidden,
    /// Cut.
    Truncated,
    /// Damaged.
    Unreadable,
}

/// The facts of one kind, of one node or of the cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFacts {
    /// The kind.
    pub kind: Kind,
    /// The node; none for the cluster.
    pub node: Option<String>,
    /// The objects.
    pub objects: Vec<Value>,
}

/// The small cluster of a case, and how it is judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CaseInput {
    /// Nodes that the cluster has; `mgr-…` are managers.
    pub nodes: Vec<String>,
    /// The orchestrators that the nodes' labels name.
    pub orchestrators: Vec<Orchestrator>,
    /// The facts.
    pub facts: Vec<CaseFacts>,
    /// Facts that could not be had.
    pub gaps: Vec<(Kind, Option<String>, Gap)>,
    /// The reading that decides.
    pub reading: Wording,
    /// The SSP, as YAML text.
    pub ssp: Option<String>,
}

/// A test case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The cluster.
    pub input: CaseInput,
    /// The status that must come out.
    pub status: Status,
    /// The reason that must come out with Not Reviewed; none for any.
    pub reason: Option<ReasonCode>,
}
