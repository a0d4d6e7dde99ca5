//! A benchmark and its rules.

use crate::model::severity::Severity;

/// A benchmark, as its file states it. What the file leaves out is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Benchmark {
    /// Id, without the prefix of XCCDF 1.2.
    pub id: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Version, such as `2`.
    pub version: String,
    /// Release, such as `1` or, of a draft, `0.3`.
    pub release: String,
    /// Benchmark date as `YYYY-MM-DD`.
    pub date: String,
    /// Id of the notice.
    pub notice: String,
    /// Publisher's source, such as a host name.
    pub source: String,
    /// Classification that the name of the file states by its prefix.
    pub classification: Option<String>,
    /// Target key: the identifier that all rules refer to.
    pub target_key: Option<String>,
    /// Whether results of a scan stand in the file beside the rules.
    pub has_results: bool,
    /// The rules, in the order of the file.
    pub rules: Vec<OfficialRule>,
}

/// A rule in its publisher's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfficialRule {
    /// `V-…`
    pub vuln_id: String,
    /// `SV-…r…_rule`
    pub rule_id: String,
    /// Title of its group: the SRG's id.
    pub srg: String,
    /// `CNTR-MK-…`
    pub stig_id: String,
    /// None where the file says none that is known.
    pub severity: Option<Severity>,
    /// Weight, such as `10.0`.
    pub weight: String,
    /// Title.
    pub title: String,
    /// Why it matters.
    pub discussion: String,
    /// How it is checked.
    pub check: String,
    /// Id of the check's system, such as `C-…_chk`.
    pub check_system: String,
    /// Name of the check's reference, such as `M`.
    pub check_name: String,
    /// File of the check's reference.
    pub check_href: String,
    /// How it is fixed.
    pub fix: String,
    /// Id of the fix, such as `F-…_fix`.
    pub fix_id: String,
    /// CCIs.
    pub ccis: Vec<String>,
    /// Ids of earlier benchmarks.
    pub legacy_ids: Vec<String>,
    /// False positives.
    pub false_positives: String,
    /// False negatives.
    pub false_negatives: String,
    /// `true` or `false`.
    pub documentable: String,
    /// Mitigations.
    pub mitigations: String,
    /// When the severity may be changed.
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
    /// Target key of the rule itself.
    pub target_key: Option<String>,
    /// Line of the file in which it begins.
    pub line: usize,
}
