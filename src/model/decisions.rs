//! What people decided, as an assessment keeps it: the files, each answer, each approval.
//!
//! A verdict that rests on a person names the person, the day and the end as fields, so that a reader finds
//! them without taking sentences apart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::assessment::Status;
use crate::model::severity::Severity;

/// Years for which an answer or an approval may hold: authorizations to operate are given for three at most.
pub const MOST_YEARS: u8 = 3;

/// A file in which people decided something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionFile {
    /// What it is.
    pub role: DecisionRole,
    /// File name, without its directories.
    pub name: String,
    /// SHA-256 (hex) of the file.
    pub sha256: String,
    /// The system that it says it is about; `null` where it names none, as files of answers do.
    pub system: Option<String>,
    /// Id of the cluster that it says it is about; `null` where it says none.
    pub cluster: Option<String>,
    /// Entries or answers in it.
    pub entries: u64,
    /// Those that had a part in this assessment.
    pub used: u64,
    /// Those that had none: nothing needed them, or they do not hold.
    pub unused: u64,
}

/// What a file of decisions is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionRole {
    /// The machine-readable part of the System Security Plan.
    Ssp,
    /// Answers to what needs a person.
    Answers,
}

/// An entry of the SSP that has a part in the verdict of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    /// Section of the SSP, for example `exceptions`.
    pub section: String,
    /// What it states, and of which objects.
    pub states: String,
    /// Why it is needed.
    pub reason: String,
    /// Who approved it.
    pub approver: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub expires: String,
}

/// What an answer does to the verdict of its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerEffect {
    /// It gives the verdict, alone or with others.
    Decides,
    /// It holds, and stands beside a verdict that it does not give.
    Beside,
    /// It does not hold: it has expired, or was given for other evidence.
    Lapsed,
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
