//! The outcome of a rule as formats for programs tell it, and the evidence that it rests on.
//!
//! Checklists know four statuses; XCCDF, SARIF and HDF tell apart why a rule was not reviewed. [`Outcome`] is the finer
//! list from which each of them takes its word.

use crate::model::assessment::{Evidence, EvidenceStatus, ReasonCode, RuleResult, Status};
use crate::rules::USER;

/// The outcome of a rule, finer than the four statuses of checklists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing breaks the rule.
    Pass,
    /// A finding.
    Fail,
    /// The rule does not apply.
    NotApplicable,
    /// A person or the SSP must say.
    Review,
    /// Evidence is missing or cannot be read.
    Undecided,
    /// The rule itself failed.
    Error,
}

impl Outcome {
    pub(crate) fn of(rule: &RuleResult) -> Self {
        match (rule.status, rule.reason.as_ref().map(|reason| reason.code)) {
            (Status::Open, _) => Self::Fail,
            (Status::NotAFinding, _) => Self::Pass,
            (Status::NotApplicable, _) => Self::NotApplicable,
            (Status::NotReviewed, Some(ReasonCode::RuleError)) => Self::Error,
            (
                Status::NotReviewed,
                Some(
                    ReasonCode::NeedsPerson
                    | ReasonCode::NeedsSsp
                    | ReasonCode::AnswerExpired
                    | ReasonCode::EvidenceChanged,
                ),
            ) => Self::Review,
            (Status::NotReviewed, _) => Self::Undecided,
        }
    }

    /// The word of XCCDF for it, which other formats carry as a property.
    pub(crate) fn xccdf(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "notapplicable",
            Self::Review => "notchecked",
            Self::Undecided => "unknown",
            Self::Error => "error",
        }
    }
}

/// The lines that break the rule.
pub(crate) fn failing(rule: &RuleResult) -> impl Iterator<Item = &Evidence> {
    rule.evidence.iter().filter(|line| line.status == EvidenceStatus::Fails)
}

/// Whether the object is MKE's or Kubernetes' own.
pub(crate) fn is_own(line: &Evidence) -> bool {
    line.class.as_deref().is_some_and(|class| class != USER)
}

/// The lines that a verdict rests on: what fails for Open, what is unknown for Not Reviewed, what
/// holds (or is excepted) for Not a Finding, what exempts for Not Applicable.
pub(crate) fn deciding(rule: &RuleResult) -> impl Iterator<Item = &Evidence> {
    let status = rule.status;
    rule.evidence.iter().filter(move |line| match status {
        Status::Open => line.status == EvidenceStatus::Fails,
        Status::NotReviewed => line.status == EvidenceStatus::Unknown,
        Status::NotAFinding => matches!(line.status, EvidenceStatus::Passes | EvidenceStatus::Excepted),
        Status::NotApplicable => line.status == EvidenceStatus::Exempts,
    })
}
