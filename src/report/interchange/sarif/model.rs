//! The parts of SARIF that this program writes, by the names of the standard.

use serde::Serialize;

use crate::report::base::extract::InputDigest;

/// Base that addresses of members are relative to.
pub(crate) const BASE: &str = "SNAPSHOT";

#[derive(Serialize)]
pub(crate) struct Log<R: Serialize> {
    #[serde(rename = "$schema")]
    pub(crate) schema: &'static str,
    pub(crate) version: &'static str,
    pub(crate) runs: [Run<R>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Run<R: Serialize> {
    pub(crate) artifacts: Vec<Artifact>,
    pub(crate) automation_details: AutomationDetails,
    pub(crate) column_kind: &'static str,
    pub(crate) invocations: [Invocation; 1],
    pub(crate) original_uri_base_ids: UriBases,
    pub(crate) properties: RunProperties,
    pub(crate) tool: Tool,
    pub(crate) results: R,
}

#[derive(Serialize)]
pub(crate) struct Message {
    pub(crate) text: String,
}

/// A member of a snapshot.
#[derive(Serialize)]
pub(crate) struct Artifact {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hashes: Option<Hashes>,
    pub(crate) location: ArtifactLocation,
}

#[derive(Serialize)]
pub(crate) struct Hashes {
    #[serde(rename = "sha-256")]
    pub(crate) sha256: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ArtifactLocation {
    /// Its place among the artifacts of the run, where it is named by a result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) index: Option<usize>,
    pub(crate) uri: String,
    pub(crate) uri_base_id: &'static str,
}

#[derive(Serialize)]
pub(crate) struct AutomationDetails {
    pub(crate) description: Message,
    pub(crate) id: String,
}

#[derive(Serialize)]
pub(crate) struct UriBases {
    #[serde(rename = "SNAPSHOT")]
    pub(crate) snapshot: UriBase,
}

#[derive(Serialize)]
pub(crate) struct UriBase {
    pub(crate) description: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Invocation {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end_time_utc: Option<String>,
    pub(crate) execution_successful: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_time_utc: Option<String>,
    pub(crate) tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Notification {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) associated_rule: Option<RuleReference>,
    pub(crate) level: &'static str,
    pub(crate) message: Message,
}

#[derive(Serialize)]
pub(crate) struct RuleReference {
    pub(crate) id: String,
    pub(crate) index: usize,
}

#[derive(Serialize)]
pub(crate) struct RunProperties {
    pub(crate) benchmark: String,
    pub(crate) inputs: Vec<InputDigest>,
    pub(crate) integrity: &'static str,
    pub(crate) marking: String,
    pub(crate) pack: String,
}

#[derive(Serialize)]
pub(crate) struct Tool {
    pub(crate) driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Driver {
    pub(crate) name: String,
    pub(crate) rules: Vec<Descriptor>,
    pub(crate) semantic_version: String,
    pub(crate) version: String,
}

/// A rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    pub(crate) default_configuration: Configuration,
    pub(crate) full_description: Message,
    pub(crate) help: Message,
    pub(crate) id: String,
    pub(crate) properties: RuleProperties,
    pub(crate) short_description: Message,
}

#[derive(Serialize)]
pub(crate) struct Configuration {
    pub(crate) level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RuleProperties {
    /// A number that code scanning sorts by.
    pub(crate) security_severity: &'static str,
    pub(crate) srg: String,
    pub(crate) stig_id: String,
    pub(crate) stig_rule_id: String,
    pub(crate) tags: Vec<String>,
}

/// One result of a rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunResult {
    pub(crate) kind: &'static str,
    pub(crate) level: &'static str,
    pub(crate) locations: Vec<Location>,
    pub(crate) message: Message,
    pub(crate) partial_fingerprints: PartialFingerprints,
    pub(crate) properties: ResultProperties,
    pub(crate) rule_id: String,
    pub(crate) rule_index: usize,
}

#[derive(Serialize)]
pub(crate) struct PartialFingerprints {
    #[serde(rename = "mkeStigObject/v1")]
    pub(crate) object: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResultProperties {
    pub(crate) checked: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<String>,
    pub(crate) evidence_digest: String,
    pub(crate) evidence_omitted: u64,
    pub(crate) failed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    pub(crate) result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) risk_acceptance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) severity_override: Option<String>,
    pub(crate) status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Location {
    pub(crate) logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) physical_location: Option<PhysicalLocation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogicalLocation {
    pub(crate) fully_qualified_name: String,
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhysicalLocation {
    pub(crate) artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Region {
    pub(crate) start_line: u32,
}
