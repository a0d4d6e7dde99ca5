//! The assessment: the public, versioned result of one run and the only input of every report.
//!
//! Its JSON form (`mke-stig.assessment/1`) is written as `assessment.json`; `rules/`, archives and
//! facts are not reachable from here.

use std::collections::BTreeMap;

use crate::model::procedure::Procedure;
use crate::model::severity::{Cat, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::model::benchmark::{Asset, Benchmark, Official, SeverityOverride};
pub use crate::model::decisions::{AnswerEffect, Approved, DecisionFile, DecisionRole};
pub use crate::model::input::{Input, Integrity, IntegrityStatus, Node, OrchestratorUse, Snapshot};

/// Name and version of the JSON form.
pub const SCHEMA: &str = "mke-stig.assessment/1";

/// All verdicts of one run, with what they rest on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The program and the rule pack that judged.
    pub tool: Tool,
    /// Classification or distribution marking; `null` when none was set.
    pub marking: Option<String>,
    /// The benchmark whose rules were judged.
    pub benchmark: Benchmark,
    /// What was judged, as checklists name it.
    pub asset: Asset,
    /// What was read.
    pub snapshot: Snapshot,
    /// The SSP and the files of answers that were given, in that order.
    #[serde(default)]
    pub decisions: Vec<DecisionFile>,
    /// Counts.
    pub summary: Summary,
    /// One result per rule, in the order of the rule ids.
    pub rules: Vec<RuleResult>,
}

/// The program that judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Program name.
    pub name: String,
    /// Program version.
    pub version: String,
    /// Which reading of ambiguous rules decided: `intended` or `literal`.
    #[serde(default = "intended")]
    pub reading: String,
    /// The STIG's rule pack.
    pub pack: PackId,
    /// Packs given with `--rules`.
    pub extra_packs: Vec<PackId>,
}

/// Assessments from before there was a choice are of this reading.
fn intended() -> String {
    "intended".to_owned()
}

/// Identity of a rule pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackId {
    /// Pack id, for example `mke-stig-v2r1`.
    pub id: String,
    /// Pack version.
    pub version: String,
    /// Title of the benchmark, in full.
    pub title: String,
    /// SHA-256 (hex) over the pack's files in order of their names.
    pub sha256: String,
}

/// Counts over all rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Status (snake case) → rules.
    pub by_status: BTreeMap<String, u64>,
    /// CAT (`I`, `II`, `III`) → status → rules.
    pub by_cat: BTreeMap<Cat, BTreeMap<String, u64>>,
    /// Nodes known, and those that delivered every per-node kind the rules read.
    pub coverage: Coverage,
}

/// Coverage of the nodes known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Nodes known.
    pub nodes: u64,
    /// Nodes that delivered every per-node kind that the rules read.
    pub complete: u64,
}

/// The status of a rule, in the words of the checklist formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A finding.
    Open,
    /// Nothing decided it; the reason says why.
    NotReviewed,
    /// Every object needed was seen and none breaks the rule.
    NotAFinding,
    /// The rule does not apply to this cluster.
    NotApplicable,
}

/// Why a rule is Not Reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// A rule could not be loaded or failed while running.
    RuleError,
    /// Facts could not be read (damaged, wrong digest, not what they should be).
    Unreadable,
    /// Access was refused at collection.
    Forbidden,
    /// A list ends before its end.
    Truncated,
    /// Facts are not in the snapshot.
    Missing,
    /// Only some of the nodes delivered.
    Partial,
    /// A value was redacted.
    Redacted,
    /// A field is absent and the rule does not say what that means.
    AbsentField,
    /// The SSP must say.
    NeedsSsp,
    /// A person must look.
    NeedsPerson,
    /// An answer has expired.
    AnswerExpired,
    /// The evidence changed since the answer.
    EvidenceChanged,
}

impl ReasonCode {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 12] = [
        Self::RuleError,
        Self::Unreadable,
        Self::Forbidden,
        Self::Truncated,
        Self::Missing,
        Self::Partial,
        Self::Redacted,
        Self::AbsentField,
        Self::NeedsSsp,
        Self::NeedsPerson,
        Self::AnswerExpired,
        Self::EvidenceChanged,
    ];
}

/// A reason with its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The code.
    pub code: ReasonCode,
    /// One or more sentences: what is missing, where, and what closes the gap.
    pub text: String,
}

/// What decided a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// The snapshot.
    Evidence,
    /// The snapshot against the SSP.
    Ssp,
    /// A recorded answer.
    Answer,
}

/// The result of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleResult {
    /// `V-…`
    pub id: String,
    /// `CNTR-MK-…`
    pub stig_id: String,
    /// `SV-…_rule`
    pub rule_id: String,
    /// `SRG-APP-…`
    pub srg: String,
    /// `high`, `medium` or `low`.
    pub severity: Severity,
    /// `I`, `II` or `III`.
    pub cat: Cat,
    /// Our own title.
    pub title: String,
    /// CCIs.
    pub ccis: Vec<String>,
    /// NIST SP 800-53 Rev. 5 controls.
    pub controls: Vec<String>,
    /// Why it matters.
    pub why: String,
    /// How it is decided.
    pub how: String,
    /// How to fix it, in general.
    pub fix: String,
    /// The steps of it, with the names of objects left open; absent in assessments of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<Procedure>,
    /// How an ambiguous text is read; empty where it is plain.
    pub reading: String,
    /// Texts of the benchmark that was given; `null` where the texts above stand alone.
    pub official: Option<Official>,
    /// The status.
    pub status: Status,
    /// The reason; present exactly when the status is Not Reviewed.
    pub reason: Option<Reason>,
    /// What could not be looked at beside what is open; only an Open has any.
    pub gaps: Vec<Reason>,
    /// Another severity that the site gives; only an Open has one, and `severity` stays the STIG's.
    pub severity_override: Option<SeverityOverride>,
    /// Why the risk is accepted, by whom and when; only an Open has it, and it stays open.
    pub risk_acceptance: Option<String>,
    /// What decided.
    pub decided_by: DecidedBy,
    /// Objects judged.
    pub checked: u64,
    /// Objects that break the rule.
    pub failed: u64,
    /// MKE's own objects and users', counted apart: class → counts.
    pub classes: BTreeMap<String, ClassCount>,
    /// Evidence, capped; the totals above are true.
    pub evidence: Vec<Evidence>,
    /// Evidence lines left out by the cap.
    pub evidence_omitted: u64,
    /// `v3:` and a SHA-256 (hex) over the cluster, the rule, the verdict and what it rests on, without
    /// member digests and times.
    pub evidence_digest: String,
    /// What a reader should know besides: gaps beside an Open, what a person still looks at.
    pub comment: String,
    /// The entries of the SSP that excuse or list objects of this rule and hold on the day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approved>,
    /// The answers that people gave for the rule, as they gave them, whether they count or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<GivenAnswer>,
}

/// What a person answered, in the person's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenAnswer {
    /// What it does here; absent in assessments of the first release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<AnswerEffect>,
    /// Only for this node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Only for this object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What was found: `open`, `not_a_finding` or `not_applicable`.
    pub status: Status,
    /// Why, and what was looked at.
    pub comment: String,
    /// Who looked.
    pub reviewer: String,
    /// When, `YYYY-MM-DD`.
    pub date: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub expires: String,
    /// Digest of the evidence that it was given for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_digest: Option<String>,
    /// Why the risk of a finding is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_acceptance: Option<String>,
    /// Another severity that the site gives a finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Why it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
}

/// Counts for one class of objects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassCount {
    /// Objects looked at.
    pub checked: u64,
    /// Objects that break the condition (deciding or only noted).
    pub failed: u64,
}

/// What an evidence line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceStatus {
    /// Breaks the rule.
    Fails,
    /// Cannot be told.
    Unknown,
    /// Breaks it, but the SSP excuses it.
    Excepted,
    /// Breaks the literal text but does not decide (MKE's own objects).
    Noted,
    /// The fact that makes the rule not applicable.
    Exempts,
    /// Holds.
    Passes,
}

/// One line of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What the line says.
    pub status: EvidenceStatus,
    /// Node; `null` for cluster-wide facts.
    pub node: Option<String>,
    /// The object, as its owner knows it (`/legacy-priv (mirantis/ucp-agent:3.7.1)`).
    pub subject: String,
    /// Class of the object (`user`, `mke`, `kubernetes`), where the kind has classes.
    pub class: Option<String>,
    /// Member, as `snapshot.tar.zst!nodes/w1/docker/containers.json`.
    pub member: String,
    /// JSON pointer in it (`/12/HostConfig/PidMode`), `line 3` in text, empty for the whole member.
    pub pointer: String,
    /// Value seen.
    pub seen: String,
    /// Value wanted.
    pub wanted: String,
    /// SHA-256 (hex) of the member.
    pub sha256: String,
    /// Objects this line stands for (passing objects of one member share a line).
    pub count: u64,
    /// The object by its parts, where the line is about one; absent in assessments of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<NamedObject>,
}

/// An object by the parts of its name, for programs; `subject` says them as people do.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedObject {
    /// Its kind, such as `docker.container`.
    pub kind: String,
    /// Its own name: of a container without the slash, of an image with its tag. Characters that are not shown are
    /// written out, as everywhere.
    pub name: String,
    /// Its namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The service of Swarm that it is or that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The pod of which it is a container, by its UID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod: Option<String>,
    /// Images that it runs or is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
}
