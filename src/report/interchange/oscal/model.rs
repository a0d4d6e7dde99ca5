//! The parts of OSCAL assessment results that this program writes, by the names of the standard.

use serde::Serialize;

use crate::report::base::text;

/// Names our properties as ours.
const NS: &str = "urn:mke-stig:ns:oscal";

#[derive(Serialize)]
pub(crate) struct Root<O: Serialize> {
    #[serde(rename = "assessment-results")]
    pub(crate) body: Body<O>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Body<O: Serialize> {
    pub(crate) uuid: String,
    pub(crate) metadata: Metadata,
    pub(crate) import_ap: Plan,
    pub(crate) results: [AssessmentResult<O>; 1],
    pub(crate) back_matter: BackMatter,
}

/// A property: one line that neither begins nor ends with a blank.
#[derive(Serialize)]
pub(crate) struct Prop {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ns: Option<&'static str>,
    value: String,
}

impl Prop {
    /// A property of ours; none where its value would be empty.
    pub(crate) fn own(name: &'static str, text: &str) -> Option<Self> {
        Some(Self { name, ns: Some(NS), value: value(text)? })
    }

    /// A property of OSCAL's own; none where its value would be empty.
    pub(crate) fn known(name: &'static str, text: &str) -> Option<Self> {
        Some(Self { name, ns: None, value: value(text)? })
    }
}

/// A text as the standard takes a value; none where nothing is left of it.
pub(crate) fn value(text: &str) -> Option<String> {
    Some(text::short(text)).filter(|line| !line.is_empty())
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Metadata {
    pub(crate) last_modified: String,
    pub(crate) oscal_version: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) props: Vec<Prop>,
    pub(crate) remarks: String,
    pub(crate) title: String,
    pub(crate) version: String,
}

#[derive(Serialize)]
pub(crate) struct Plan {
    pub(crate) href: String,
    pub(crate) remarks: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AssessmentResult<O: Serialize> {
    pub(crate) description: String,
    pub(crate) end: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) findings: Vec<Finding>,
    pub(crate) local_definitions: LocalDefinitions,
    pub(crate) remarks: String,
    pub(crate) reviewed_controls: ReviewedControls,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) risks: Vec<Risk>,
    pub(crate) start: String,
    pub(crate) title: String,
    pub(crate) uuid: String,
    pub(crate) observations: O,
}

/// What the rules of a control say of it together.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Finding {
    pub(crate) description: String,
    pub(crate) related_observations: Vec<ObservationReference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) related_risks: Vec<RiskReference>,
    pub(crate) target: Target,
    pub(crate) title: String,
    pub(crate) uuid: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ObservationReference {
    pub(crate) observation_uuid: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RiskReference {
    pub(crate) risk_uuid: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Target {
    pub(crate) status: TargetStatus,
    pub(crate) target_id: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
}

#[derive(Serialize)]
pub(crate) struct TargetStatus {
    pub(crate) reason: &'static str,
    pub(crate) state: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct LocalDefinitions {
    pub(crate) assessment_assets: AssessmentAssets,
    pub(crate) inventory_items: Vec<InventoryItem>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AssessmentAssets {
    pub(crate) assessment_platforms: [Platform; 1],
    pub(crate) components: [Component; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Platform {
    pub(crate) uses_components: [ComponentReference; 1],
    pub(crate) uuid: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ComponentReference {
    pub(crate) component_uuid: String,
}

#[derive(Serialize)]
pub(crate) struct Component {
    pub(crate) description: &'static str,
    pub(crate) status: ComponentStatus,
    pub(crate) title: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) uuid: String,
}

#[derive(Serialize)]
pub(crate) struct ComponentStatus {
    pub(crate) state: &'static str,
}

/// The cluster, or a node.
#[derive(Serialize)]
pub(crate) struct InventoryItem {
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) props: Vec<Prop>,
    pub(crate) uuid: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ReviewedControls {
    pub(crate) control_selections: [ControlSelection; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ControlSelection {
    pub(crate) description: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) include_controls: Vec<SelectedControl>,
}

#[derive(Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct SelectedControl {
    pub(crate) control_id: String,
}

/// A rule that is Open.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Risk {
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) props: Vec<Prop>,
    pub(crate) related_observations: [ObservationReference; 1],
    pub(crate) remediations: [Remediation; 1],
    pub(crate) statement: String,
    pub(crate) status: &'static str,
    pub(crate) title: String,
    pub(crate) uuid: String,
}

#[derive(Serialize)]
pub(crate) struct Remediation {
    pub(crate) description: String,
    pub(crate) lifecycle: &'static str,
    pub(crate) title: String,
    pub(crate) uuid: String,
}

/// A rule with its verdict.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Observation<'a> {
    pub(crate) collected: &'a str,
    pub(crate) description: String,
    pub(crate) methods: [&'static str; 1],
    pub(crate) origins: [Origin; 1],
    pub(crate) props: Vec<Prop>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) relevant_evidence: Vec<RelevantEvidence>,
    pub(crate) remarks: String,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) title: String,
    pub(crate) types: [&'static str; 1],
    pub(crate) uuid: String,
}

#[derive(Serialize)]
pub(crate) struct Origin {
    pub(crate) actors: [Actor; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Actor {
    pub(crate) actor_uuid: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
}

/// A member, with what was seen in it.
#[derive(Serialize)]
pub(crate) struct RelevantEvidence {
    pub(crate) description: String,
    pub(crate) href: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) props: Option<[Prop; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Subject {
    pub(crate) subject_uuid: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
}

#[derive(Serialize)]
pub(crate) struct BackMatter {
    pub(crate) resources: Vec<Resource>,
}

/// The benchmark, or an input.
#[derive(Serialize)]
pub(crate) struct Resource {
    pub(crate) description: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) props: Vec<Prop>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rlinks: Option<[Link; 1]>,
    pub(crate) title: String,
    pub(crate) uuid: String,
}

#[derive(Serialize)]
pub(crate) struct Link {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hashes: Option<[Hash; 1]>,
    pub(crate) href: String,
}

#[derive(Serialize)]
pub(crate) struct Hash {
    pub(crate) algorithm: &'static str,
    pub(crate) value: String,
}
