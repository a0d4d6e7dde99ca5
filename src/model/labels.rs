//! The words for the closed lists of an assessment: keys as documents spell them, labels as people read them.
//!
//! Each list has its words here alone, so that one thing has one name in every report, message and document. A format
//! with words of its own (CKL's `NotAFinding`, XCCDF's `notchecked`) keeps them in its own file.

use crate::model::assessment::{DecidedBy, EvidenceStatus, IntegrityStatus, ReasonCode, Status};

/// The statuses in the order in which reports count them.
pub const STATUSES: [Status; 4] = [Status::Open, Status::NotReviewed, Status::NotAFinding, Status::NotApplicable];

/// Returns a status in the words of checklists.
///
/// ```
/// use mke_stig::model::{assessment::Status, labels};
///
/// assert_eq!(labels::status(Status::NotAFinding), "Not a Finding");
/// ```
#[must_use]
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Open => "Open",
        Status::NotReviewed => "Not Reviewed",
        Status::NotAFinding => "Not a Finding",
        Status::NotApplicable => "Not Applicable",
    }
}

/// Returns a status as documents spell it.
///
/// ```
/// use mke_stig::model::{assessment::Status, labels};
///
/// assert_eq!(labels::status_key(Status::NotAFinding), "not_a_finding");
/// ```
#[must_use]
pub fn status_key(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::NotReviewed => "not_reviewed",
        Status::NotAFinding => "not_a_finding",
        Status::NotApplicable => "not_applicable",
    }
}

/// Returns what a reason code means.
///
/// ```
/// use mke_stig::model::{assessment::ReasonCode, labels};
///
/// assert_eq!(labels::reason(ReasonCode::Redacted), "A value was redacted");
/// ```
#[must_use]
pub fn reason(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::RuleError => "The rule could not be loaded, or it failed",
        ReasonCode::Unreadable => "Evidence could not be read",
        ReasonCode::Forbidden => "Access was refused during collection",
        ReasonCode::Truncated => "A list is truncated",
        ReasonCode::Missing => "Evidence is not in the snapshot",
        ReasonCode::Partial => "Only some nodes delivered evidence",
        ReasonCode::Redacted => "A value was redacted",
        ReasonCode::AbsentField => "A field is absent",
        ReasonCode::NeedsSsp => "Needs an SSP entry",
        ReasonCode::NeedsPerson => "Manual check required",
        ReasonCode::AnswerExpired => "An answer has expired",
        ReasonCode::EvidenceChanged => "The evidence changed after the answer",
    }
}

/// Returns a reason code as documents spell it.
///
/// ```
/// use mke_stig::model::{assessment::ReasonCode, labels};
///
/// assert_eq!(labels::reason_key(ReasonCode::NeedsSsp), "needs_ssp");
/// ```
#[must_use]
pub fn reason_key(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::RuleError => "rule_error",
        ReasonCode::Unreadable => "unreadable",
        ReasonCode::Forbidden => "forbidden",
        ReasonCode::Truncated => "truncated",
        ReasonCode::Missing => "missing",
        ReasonCode::Partial => "partial",
        ReasonCode::Redacted => "redacted",
        ReasonCode::AbsentField => "absent_field",
        ReasonCode::NeedsSsp => "needs_ssp",
        ReasonCode::NeedsPerson => "needs_person",
        ReasonCode::AnswerExpired => "answer_expired",
        ReasonCode::EvidenceChanged => "evidence_changed",
    }
}

/// Returns what decided, fit for "decided by …".
pub(crate) fn decided_by(by: DecidedBy) -> &'static str {
    match by {
        DecidedBy::Evidence => "the snapshot",
        DecidedBy::Ssp => "the snapshot against the SSP",
        DecidedBy::Answer => "a recorded answer",
    }
}

/// Returns an evidence status as it is shown.
pub(crate) fn evidence(status: EvidenceStatus) -> &'static str {
    match status {
        EvidenceStatus::Fails => "Fails",
        EvidenceStatus::Unknown => "Unknown",
        EvidenceStatus::Excepted => "Excepted by the SSP",
        EvidenceStatus::Noted => "Noted, not deciding",
        EvidenceStatus::Exempts => "Exempts",
        EvidenceStatus::Passes => "Passes",
    }
}

/// Returns an evidence status as documents spell it.
pub(crate) fn evidence_key(status: EvidenceStatus) -> &'static str {
    match status {
        EvidenceStatus::Fails => "fails",
        EvidenceStatus::Unknown => "unknown",
        EvidenceStatus::Excepted => "excepted",
        EvidenceStatus::Noted => "noted",
        EvidenceStatus::Exempts => "exempts",
        EvidenceStatus::Passes => "passes",
    }
}

/// Returns the integrity as one word.
pub(crate) fn integrity(status: IntegrityStatus) -> &'static str {
    match status {
        IntegrityStatus::Verified => "Verified",
        IntegrityStatus::Unverified => "Unverified",
        IntegrityStatus::Broken => "Broken",
    }
}

/// Returns the integrity as documents spell it, and as it stands within a sentence.
pub(crate) fn integrity_key(status: IntegrityStatus) -> &'static str {
    match status {
        IntegrityStatus::Verified => "verified",
        IntegrityStatus::Unverified => "unverified",
        IntegrityStatus::Broken => "broken",
    }
}

/// Returns the name of a class of objects; names that packs of users bring stay as they are.
pub(crate) fn class(name: &str) -> &str {
    match name {
        "user" => "Users' objects",
        "mke" => "MKE's own objects",
        "kubernetes" => "Kubernetes' own objects",
        other => other,
    }
}

/// Returns the noun for a count: singular for one.
pub(crate) fn plural<'a>(count: u64, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// The text with a capital letter first.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    fn spelled(value: impl Serialize) -> String {
        serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn keys_are_those_of_the_documents() {
        for status in STATUSES {
            assert_eq!(status_key(status), spelled(status));
        }
        for code in ReasonCode::ALL {
            assert_eq!(reason_key(code), spelled(code));
        }
        for status in [
            EvidenceStatus::Fails,
            EvidenceStatus::Unknown,
            EvidenceStatus::Excepted,
            EvidenceStatus::Noted,
            EvidenceStatus::Exempts,
            EvidenceStatus::Passes,
        ] {
            assert_eq!(evidence_key(status), spelled(status));
        }
        for status in [IntegrityStatus::Verified, IntegrityStatus::Unverified, IntegrityStatus::Broken] {
            assert_eq!(integrity_key(status), spelled(status));
            assert_eq!(integrity(status).to_lowercase(), integrity_key(status));
        }
    }
}
