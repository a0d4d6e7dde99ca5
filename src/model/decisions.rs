//! What people decided, as an assessment keeps it: the files, each answer, each approval.
//!
//! A verdict that rests on a person names the person, the day and the end as fields, so that a reader finds
//! them without taking sentences apart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
