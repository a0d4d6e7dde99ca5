//! The documents of the evidence folder, `mke-stig.evidence/1`.

use serde::Serialize;

use crate::model::assessment::{Asset, Benchmark, Evidence, Input, IntegrityStatus, PackId, Reason, Status};

/// Name and version of the index's form.
pub(crate) const SCHEMA: &str = "mke-stig.evidence/1";
/// What a line that is left out means.
pub(crate) const OMITTED: &str = "Lines that were counted and not kept: --evidence-limit 0 keeps more when the snapshot is assessed \
                       again, up to a bound for each check and member. A line on what holds stands for all such objects \
                       of its member.";

/// What is in the folder.
#[derive(Serialize)]
pub(crate) struct Index<'a> {
    pub(crate) schema: &'static str,
    pub(crate) marking: Option<&'a str>,
    pub(crate) tool: String,
    pub(crate) pack: &'a PackId,
    pub(crate) benchmark: &'a Benchmark,
    pub(crate) asset: &'a Asset,
    pub(crate) collected_at: Option<String>,
    pub(crate) inputs: &'a [Input],
    pub(crate) integrity: IntegrityStatus,
    /// What `evidence_omitted` counts.
    pub(crate) omitted: &'static str,
    pub(crate) rules: Vec<Entry<'a>>,
}

/// A rule's folder.
#[derive(Serialize)]
pub(crate) struct Entry<'a> {
    pub(crate) id: &'a str,
    pub(crate) rule_id: &'a str,
    pub(crate) status: Status,
    pub(crate) reason: Option<&'a Reason>,
    pub(crate) verdict: String,
    pub(crate) evidence: String,
    pub(crate) evidence_lines: usize,
    pub(crate) evidence_omitted: u64,
    pub(crate) evidence_digest: &'a str,
    pub(crate) excerpts: Vec<Excerpted<'a>>,
}

/// An excerpt in the index.
#[derive(Serialize)]
pub(crate) struct Excerpted<'a> {
    pub(crate) file: String,
    pub(crate) member: &'a str,
    pub(crate) sha256: &'a str,
}

/// What was seen in one member.
#[derive(Serialize)]
pub(crate) struct Excerpt<'a> {
    pub(crate) marking: Option<&'a str>,
    pub(crate) rule: &'a str,
    pub(crate) member: &'a str,
    /// Of the whole member.
    pub(crate) sha256: &'a str,
    pub(crate) lines: Vec<&'a Evidence>,
}

/// The excerpts of the members that follow the first ones.
#[derive(Serialize)]
pub(crate) struct Further<'a> {
    pub(crate) marking: Option<&'a str>,
    pub(crate) rule: &'a str,
    pub(crate) members: Vec<Excerpt<'a>>,
}
