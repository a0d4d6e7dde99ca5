//! What checklists say besides verdicts: the benchmark, the asset that was
//! judged, and what people set beside a finding.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::input::Input;
use crate::model::severity::Severity;

/// The benchmark whose rules were judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// Its id, as `Mirantis_Kubernetes_Engine_STIG`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version, `2` of V2R1.
    pub version: String,
    /// Its release, `1` of V2R1.
    pub release: String,
    /// The benchmark date, `YYYY-MM-DD`; empty where it is not known.
    pub date: String,
    /// Classification of the benchmark itself.
    pub classification: String,
    /// Key of the target in checklists (`dc:identifier`); only a benchmark that was given says it.
    pub target_key: Option<String>,
    /// Its description; only a benchmark that was given says it.
    pub description: Option<String>,
    /// Its notice, as `terms-of-use`; only a benchmark that was given says it.
    pub notice: Option<String>,
    /// The file that was given; `null` where the texts are the rule pack's own.
    pub source: Option<Input>,
}

/// The asset that was judged: the cluster as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Its name: as given, else the cluster id, else `mke-cluster`.
    pub name: String,
    /// Fully qualified domain name.
    pub fqdn: Option<String>,
    /// IP addresses: as given, else those of the managers.
    pub ips: Vec<String>,
    /// MAC addresses, as given.
    pub macs: Vec<String>,
}

/// The texts and ids that a benchmark which was given has for a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Official {
    /// Whether the rule pack does not know this revision of the rule, so that its check may not be the
    /// one that was judged.
    pub revision_unknown: bool,
    /// Title of the group, which is the SRG id.
    pub group_title: String,
    /// Title of the rule.
    pub title: String,
    /// The discussion of the vulnerability.
    pub discussion: String,
    /// How it is checked.
    pub check: String,
    /// How it is fixed.
    pub fix: String,
    /// Weight, as `10.0`.
    pub weight: String,
    /// Id of the check, as `C-64631r966146_chk`.
    pub check_system: String,
    /// Name of the check's content, as `M`.
    pub check_ref_name: String,
    /// File that the check's content refers to.
    pub check_ref_href: String,
    /// Id of the fix, as `F-64539r966146_fix`.
    pub fix_id: String,
    /// False positives.
    pub false_positives: String,
    /// False negatives.
    pub false_negatives: String,
    /// Whether a finding can be documented away: `true` or `false`.
    pub documentable: String,
    /// Mitigations.
    pub mitigations: String,
    /// When another severity may be given.
    pub severity_override_guidance: String,
    /// Potential impacts.
    pub potential_impacts: String,
    /// Third-party tools.
    pub third_party_tools: String,
    /// Mitigation control.
    pub mitigation_control: String,
    /// Who is responsible.
    pub responsibility: String,
    /// IA controls.
    pub ia_controls: String,
    /// Ids of earlier benchmarks.
    pub legacy_ids: Vec<String>,
    /// Key of the target, where the rule has one of its own.
    pub target_key: Option<String>,
}

/// Another severity that the site gives a finding. The rule keeps the STIG's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeverityOverride {
    /// `high`, `medium` or `low`.
    pub severity: Severity,
    /// Why.
    pub justification: String,
    /// Who says so.
    pub reviewer: String,
    /// When, `YYYY-MM-DD`.
    pub date: String,
}
