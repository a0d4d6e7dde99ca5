//! What was read: the inputs, and what they say of the cluster and of their own completeness.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was read, and what is known of the cluster from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The inputs, in the order given.
    pub inputs: Vec<Input>,
    /// Start of the collection, RFC 3339; `null` where no source states it.
    pub collected_at: Option<String>,
    /// Cluster id; `null` where no source states it.
    pub cluster_id: Option<String>,
    /// Running MKE version; `null` where no source states it or sources disagree.
    pub mke_version: Option<String>,
    /// Orchestrators: in use, not in use or unknown, each with the fact that says so.
    pub orchestrators: Vec<OrchestratorUse>,
    /// All nodes known, by name.
    pub nodes: Vec<Node>,
    /// Digests and completeness of the snapshot.
    pub integrity: Integrity,
    /// Things about the input that a reader must know (unrecognized files, two clusters mixed, MKE 4 …).
    pub warnings: Vec<String>,
}

/// Whether an orchestrator is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrchestratorUse {
    /// `swarm` or `kubernetes`.
    pub name: String,
    /// `true` in use, `false` proven not in use, `null` unknown.
    pub in_use: Option<bool>,
    /// The fact that says so.
    pub because: String,
}

/// A node and what it delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Host name.
    pub name: String,
    /// `manager`, `worker` or `null`.
    pub role: Option<String>,
    /// Operating system as its source prints it.
    pub os: Option<String>,
    /// IP addresses that the cluster's sources name.
    pub addresses: Vec<String>,
    /// MAC addresses that the cluster's sources name.
    pub macs: Vec<String>,
    /// Fully qualified domain name, where a source says it.
    pub fqdn: Option<String>,
    /// Kinds expected of a node → `read`, or a reason code (`missing`, `forbidden`, `truncated` …).
    pub kinds: BTreeMap<String, String>,
}

/// Digests and completeness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Integrity {
    /// The overall answer.
    pub status: IntegrityStatus,
    /// Members whose digest equals the manifest's.
    pub verified: u64,
    /// Every problem found, one sentence each.
    pub problems: Vec<String>,
}

/// The overall answer about integrity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IntegrityStatus {
    /// Every member's digest equals its manifest entry and the manifest is whole.
    Verified,
    /// No manifest: nothing to check against.
    Unverified,
    /// A digest differs, a member or an entry is missing, or the manifest is cut.
    Broken,
}

/// One input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// File or folder name, without its directories.
    pub name: String,
    /// SHA-256 (hex) of the file; for a folder, of its sorted `sha256  path` lines.
    pub sha256: String,
    /// Size in bytes; for a folder, the sum over its files.
    pub bytes: u64,
    /// What is in it: `snapshot`, `support dump`, `outputs` (of docker, kubectl or others), `benchmark`.
    #[serde(default)]
    pub holds: Vec<String>,
    /// When the latest of it was taken, RFC 3339; `null` where nothing says.
    #[serde(default)]
    pub taken_at: Option<String>,
}
