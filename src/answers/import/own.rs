//! Answers that this program wrote into a checklist itself, with all that makes an answer.
//!
//! An answer comes back as it was given, unless somebody gave the review another status since, or it
//! was given for another revision of the rule: then it waits for a person, with every word of it.

use crate::answers::AnswerStatus;
use crate::answers::carry::{self, Carried};
use crate::answers::import::first_release;
use crate::answers::import::imported::Entry;
use crate::answers::import::imported::blank;
use crate::intake::{Review, ReviewStatus};
use crate::model::assessment::Status;
use crate::model::date::Day;
use crate::model::evidence_digest;
use crate::rules::Rule;

/// What a review of this program gives.
pub(crate) struct Own {
    /// The answers in it.
    pub(crate) entries: Vec<Entry>,
    /// What is wrong with what it carries.
    pub(crate) problems: Vec<(String, &'static str)>,
}

const ASK_THE_FILE: &str = "take them from the answers file that the checklist was made with";

/// Reads a review. None of one that another program, or a person, wrote.
pub(crate) fn read(review: &Review, rule: &Rule, re_review: Option<&String>, origin: &str) -> Option<Own> {
    if !review.comments.starts_with(concat!("Assessed by ", env!("CARGO_PKG_NAME"), " ")) {
        return None;
    }
    let Some(found) = carry::read(&review.comments) else {
        let entries = first_release::answers(review, rule, re_review, origin);
        return Some(Own { entries, problems: Vec::new() });
    };
    let mut own = Own { entries: Vec::new(), problems: Vec::new() };
    if found.damaged {
        let message = format!("the answers that the comment of {} carries were cut or changed", rule.id);
        own.problems.push((message, ASK_THE_FILE));
    }
    if found.too_long > 0 {
        let message = format!("{} answers to {} were too long for the checklist", found.too_long, rule.id);
        own.problems.push((message, ASK_THE_FILE));
    }
    for carried in found.answers {
        if let Some(entry) = entry(&carried, review, rule, re_review, origin) {
            own.entries.push(entry);
        } else {
            let message = format!("an answer that the comment of {} carries is incomplete", rule.id);
            own.problems.push((message, ASK_THE_FILE));
        }
    }
    Some(own)
}

fn entry(
    carried: &Carried<'_>,
    review: &Review,
    rule: &Rule,
    re_review: Option<&String>,
    origin: &str,
) -> Option<Entry> {
    let answer = &*carried.answer;
    let (status, proposed) = match answer.status {
        Status::Open => (AnswerStatus::Open, ReviewStatus::Open),
        Status::NotAFinding => (AnswerStatus::NotAFinding, ReviewStatus::NotAFinding),
        Status::NotApplicable => (AnswerStatus::NotApplicable, ReviewStatus::NotApplicable),
        Status::NotReviewed => return None,
    };
    if carried.rule != rule.id || !is_complete(carried) {
        return None;
    }
    let changed = review_status(carried.result) != review.status;
    let re_review = re_review
        .cloned()
        .or_else(|| changed.then(|| "the checklist's status was changed after it was written".to_owned()));
    Some(Entry {
        status: if re_review.is_some() { AnswerStatus::Undecided } else { status },
        whole: true,
        node: answer.node.clone(),
        subject: answer.subject.clone(),
        reviewer: answer.reviewer.clone(),
        date: answer.date.clone(),
        expires: answer.expires.clone(),
        evidence_digest: answer.evidence_digest.clone(),
        risk_acceptance: answer.risk_acceptance.clone(),
        severity: answer.severity,
        justification: answer.justification.clone(),
        ..blank(rule, proposed, re_review, answer.comment.clone(), origin.to_owned())
    })
}

/// Whether an answer has what a file of answers demands of one that decides.
fn is_complete(carried: &Carried<'_>) -> bool {
    let answer = &*carried.answer;
    let said = |text: &str| !text.trim().is_empty();
    let open = answer.status == Status::Open;
    let days = Day::parse(&answer.date).is_some() && Day::parse(&answer.expires).is_some();
    let digest = answer.evidence_digest.as_ref().map(|digest| evidence_digest::form(digest).is_some());
    said(&answer.comment)
        && said(&answer.reviewer)
        && days
        && answer.date <= answer.expires
        && digest.unwrap_or(open)
        && (open || answer.severity.is_none() && answer.risk_acceptance.is_none())
        && (answer.severity.is_none() || answer.justification.is_some())
}

fn review_status(status: Status) -> ReviewStatus {
    match status {
        Status::Open => ReviewStatus::Open,
        Status::NotAFinding => ReviewStatus::NotAFinding,
        Status::NotApplicable => ReviewStatus::NotApplicable,
        Status::NotReviewed => ReviewStatus::NotReviewed,
    }
}
