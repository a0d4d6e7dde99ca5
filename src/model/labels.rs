//! The words in which reports print the closed lists of an assessment.

use crate::model::assessment::{DecidedBy, EvidenceStatus, IntegrityStatus, ReasonCode, Status};

/// The statuses in the order in which reports count them.
pub(crate) const STATUSES: [Status; 4] =
    [Status::Open, Status::NotReviewed, Status::NotAFinding, Status::NotApplicable];

/// A status in the words of the checklist formats.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Open => "Open",
        Status::NotReviewed => "Not Reviewed",
        Status::NotAFinding => "Not a Finding",
        Status::NotApplicable => "Not Applicable",
    }
}

/// A status as the JSON form spells it.
pub(crate) fn status_key(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::NotReviewed => "not_reviewed",
        Status::NotAFinding => "not_a_finding",
        Status::NotApplicable => "not_applicable",
    }
}

/// A reason code as the JSON form spells it, with what it means.
pub(crate) fn reason(code: ReasonCode) -> (&'static str, &'static str) {
    match code {
        ReasonCode::RuleError => ("rule_error", "The rule could not be loaded or failed"),
        ReasonCode::Unreadable => ("unreadable", "Evidence could not be read"),
        ReasonCode::Forbidden => ("forbidden", "Access was refused at collection"),
        ReasonCode::Truncated => ("truncated", "A list ends before its end"),
        ReasonCode::Missing => ("missing", "Evidence is not in the snapshot"),
        ReasonCode::Partial => ("partial", "Only some of the nodes delivered"),
        ReasonCode::Redacted => ("redacted", "A value was redacted"),
        ReasonCode::AbsentField => ("absent_field", "A field is absent"),
        ReasonCode::NeedsSsp => ("needs_ssp", "The SSP must say"),
        ReasonCode::NeedsPerson => ("needs_person", "A person must look"),
        ReasonCode::AnswerExpired => ("answer_expired", "An answer has expired"),
        ReasonCode::EvidenceChanged => ("evidence_changed", "The evidence changed since it was answered"),
    }
}

/// What decided, fit for "decided by …".
pub(crate) fn decided_by(by: DecidedBy) -> &'static str {
    match by {
        DecidedBy::Evidence => "the snapshot",
        DecidedBy::Ssp => "the snapshot against the SSP",
        DecidedBy::Answer => "a recorded answer",
    }
}

/// An evidence status as the JSON form spells it, and as it is shown.
pub(crate) fn evidence(status: EvidenceStatus) -> (&'static str, &'static str) {
    match status {
        EvidenceStatus::Fails => ("fails", "Fails"),
        EvidenceStatus::Unknown => ("unknown", "Unknown"),
        EvidenceStatus::Excepted => ("excepted", "Excepted by the SSP"),
        EvidenceStatus::Noted => ("noted", "Noted, not deciding"),
        EvidenceStatus::Exempts => ("exempts", "Exempts"),
        EvidenceStatus::Passes => ("passes", "Passes"),
    }
}

/// The integrity as one word.
pub(crate) fn integrity(status: IntegrityStatus) -> &'static str {
    match status {
        IntegrityStatus::Verified => "Verified",
        IntegrityStatus::Unverified => "Unverified",
        IntegrityStatus::Broken => "Broken",
    }
}

/// A class of objects; names that packs of users bring stay as they are.
pub(crate) fn class(name: &str) -> &str {
    match name {
        "user" => "Users' objects",
        "mke" => "MKE's own objects",
        "kubernetes" => "Kubernetes' own objects",
        other => other,
    }
}

/// The noun for a count: singular for one.
pub(crate) fn plural<'a>(count: u64, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// The text with a capital letter first.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
