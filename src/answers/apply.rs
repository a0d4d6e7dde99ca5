//! Puts answers to results.
//!
//! An answer fills what is Not Reviewed, and a finding of a person stands against evidence that shows none.
//! No answer closes what the evidence shows to be open. One that has expired, or was given for other evidence,
//! does neither, and the result says so.

use crate::answers::answer::{Answer, AnswerStatus, Answers};
use crate::model::assessment::{
    AnswerEffect, DecidedBy, EvidenceStatus, GivenAnswer, Reason, ReasonCode, RuleResult, SeverityOverride, Status,
};
use crate::model::evidence_digest::{Form, form};

/// What is said where a person's finding stands against evidence that shows none.
const CONTRADICTS: &str =
    "The evidence alone shows no finding; what a person found stands against it, and both are shown.";

/// What is left of a rule for people.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenPoints {
    /// Reasons that no line of evidence stands for: answers to single objects cannot close them.
    pub(crate) unlined: usize,
}

/// Why an answer does not count.
fn lapse(answer: &Answer, result: &RuleResult, today: Option<&str>) -> Option<Reason> {
    if !answer.holds_on(today) {
        let text = match today {
            Some(_) => format!("The answer of {} from {} held until {}.", answer.reviewer, answer.date, answer.expires),
            None => format!(
                "Whether the answer of {} from {} still holds cannot be told: the day of the collection is not known.",
                answer.reviewer, answer.date
            ),
        };
        return Some(Reason { code: ReasonCode::AnswerExpired, text });
    }
    let digest = answer.evidence_digest.as_ref().filter(|digest| **digest != result.evidence_digest)?;
    let why = match form(digest) {
        Some(Form::Earlier) => {
            "has an evidence digest of an earlier version of this program, which cannot be compared; look again."
        }
        _ => "was given for other evidence; look again.",
    };
    let text = format!("The answer of {} from {} {why}", answer.reviewer, answer.date);
    Some(Reason { code: ReasonCode::EvidenceChanged, text })
}

/// Whether an answer about single objects speaks of a line.
pub(crate) fn speaks_of(answer: &Answer, node: Option<&str>, subject: &str) -> bool {
    answer.node.as_deref().is_none_or(|wanted| node == Some(wanted))
        && answer.subject.as_deref().is_none_or(|wanted| wanted == subject)
}

/// Puts the answers to a rule's result.
pub(crate) fn apply(result: &mut RuleResult, points: OpenPoints, answers: &Answers, today: Option<&str>) {
    let given: Vec<&Answer> = answers
        .answers
        .iter()
        .filter(|answer| answer.rule == result.id && answer.status != AnswerStatus::Undecided)
        .collect();
    if given.is_empty() {
        return;
    }
    let (lapsed, valid): (Vec<_>, Vec<_>) =
        given.iter().map(|answer| (*answer, lapse(answer, result, today))).partition(|(_, lapse)| lapse.is_some());
    let valid: Vec<&Answer> = valid.into_iter().map(|(answer, _)| answer).collect();
    let mut decides: Vec<&Answer> = Vec::new();
    let mut comments: Vec<String> =
        Some(result.comment.clone()).into_iter().filter(|comment| !comment.is_empty()).collect();
    if result.status == Status::NotReviewed {
        if let Some((status, deciding)) = verdict(result, points, &valid) {
            let stands_for = result.reason.take().map(|reason| reason.text).unwrap_or_default();
            result.status = status;
            result.decided_by = DecidedBy::Answer;
            comments.extend(deciding.iter().map(|answer| words(answer)));
            comments.push(format!("What was left to people: {stands_for}"));
            decides = deciding;
        } else {
            comments
                .extend(valid.iter().map(|answer| format!("{} This does not answer all that is open.", words(answer))));
            let mut reasons = lapsed.iter().filter_map(|(_, lapse)| lapse.clone());
            if let (Some(lapse), Some(reason)) = (reasons.next(), &mut result.reason) {
                reason.code = lapse.code;
                let others: String = reasons.map(|lapse| format!(" {}", lapse.text)).collect();
                reason.text = format!("{}{others} {}", lapse.text, reason.text);
            }
        }
    } else {
        if result.status == Status::NotAFinding {
            decides = open_answers(result, &valid);
        }
        if decides.is_empty() {
            comments.extend(valid.iter().map(|answer| beside(answer, result.status)));
        } else {
            // What somebody found to be wrong is not outweighed by evidence that shows less.
            result.status = Status::Open;
            result.decided_by = DecidedBy::Answer;
            comments.extend(valid.iter().map(|answer| words(answer)));
            comments.push(CONTRADICTS.to_owned());
        }
        comments.extend(
            lapsed.iter().filter_map(|(_, lapse)| Some(format!("{} It does not count.", lapse.as_ref()?.text))),
        );
    }
    result.comment = comments.join("\n");
    result.answers = given.iter().filter_map(|answer| as_given(answer, &decides, &valid)).collect();
    if result.status == Status::Open {
        set_beside(result, &valid);
    }
}

/// An answer with what it does: those that decide and those that hold are given.
fn as_given(answer: &Answer, decides: &[&Answer], valid: &[&Answer]) -> Option<GivenAnswer> {
    let among = |answers: &[&Answer]| answers.iter().any(|other| std::ptr::eq(*other, answer));
    let effect = match (among(decides), among(valid)) {
        (true, _) => AnswerEffect::Decides,
        (false, true) => AnswerEffect::Beside,
        (false, false) => AnswerEffect::Lapsed,
    };
    Some(GivenAnswer { effect: Some(effect), ..answer.given()? })
}

/// The answers that find a rule open and speak of the whole of it, or of a line of its evidence.
fn open_answers<'a>(result: &RuleResult, valid: &[&'a Answer]) -> Vec<&'a Answer> {
    let speaks = |answer: &Answer| {
        answer.is_whole() || result.evidence.iter().any(|line| speaks_of(answer, line.node.as_deref(), &line.subject))
    };
    valid.iter().copied().filter(|answer| answer.status == AnswerStatus::Open && speaks(answer)).collect()
}

/// What the site sets beside a finding. An answer to single objects cannot speak for the rule.
fn set_beside(result: &mut RuleResult, valid: &[&Answer]) {
    for answer in valid.iter().filter(|answer| answer.is_whole() && answer.status == AnswerStatus::Open) {
        if let (Some(severity), Some(why), None) = (answer.severity, &answer.justification, &result.severity_override) {
            result.severity_override = Some(SeverityOverride {
                severity,
                justification: why.clone(),
                reviewer: answer.reviewer.clone(),
                date: answer.date.clone(),
            });
        }
        if let (Some(why), None) = (&answer.risk_acceptance, &result.risk_acceptance) {
            result.risk_acceptance = Some(format!("{why} ({}, {})", answer.reviewer, answer.date));
        }
    }
}

/// The status that the answers give, and those that give it.
fn verdict<'a>(result: &RuleResult, points: OpenPoints, valid: &[&'a Answer]) -> Option<(Status, Vec<&'a Answer>)> {
    let unknown = || result.evidence.iter().filter(|line| line.status == EvidenceStatus::Unknown);
    // What somebody found to be wrong is not outweighed by what others found to be right.
    let open = open_answers(result, valid);
    if !open.is_empty() {
        return Some((Status::Open, open));
    }
    if let Some(whole) = valid.iter().find(|answer| answer.is_whole()) {
        return Some((whole.status.status()?, vec![whole]));
    }
    // Answers to single objects decide where they cover all that is left, line by line.
    let for_people = result
        .reason
        .as_ref()
        .is_some_and(|reason| matches!(reason.code, ReasonCode::NeedsPerson | ReasonCode::NeedsSsp));
    let shown = result.evidence_omitted == 0 && unknown().all(|line| line.count == 1);
    if !for_people || !shown || points.unlined > 0 || unknown().next().is_none() {
        return None;
    }
    let mut deciding: Vec<&Answer> = Vec::new();
    for line in unknown() {
        let answer = valid.iter().copied().find(|answer| speaks_of(answer, line.node.as_deref(), &line.subject))?;
        if !deciding.iter().any(|known| std::ptr::eq(*known, answer)) {
            deciding.push(answer);
        }
    }
    let all_exempt = deciding.iter().all(|answer| answer.status == AnswerStatus::NotApplicable);
    Some((if all_exempt { Status::NotApplicable } else { Status::NotAFinding }, deciding))
}

/// An answer as the comment of what it decides.
fn words(answer: &Answer) -> String {
    let mut words = format!(
        "Answered by {} on {}{}, {}, until {}: {}",
        answer.reviewer,
        answer.date,
        about(answer),
        answer.status,
        answer.expires,
        answer.comment
    );
    words.push_str(&extras(answer));
    words
}

fn about(answer: &Answer) -> String {
    let part = |name: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!(" for {name} {value}")).unwrap_or_default()
    };
    part("node", &answer.node) + &part("object", &answer.subject)
}

fn extras(answer: &Answer) -> String {
    let mut extras = String::new();
    if let Some(why) = &answer.risk_acceptance {
        extras.push_str(&format!(" The risk is accepted: {why} The finding stays open."));
    }
    if let (Some(severity), Some(why)) = (&answer.severity, &answer.justification) {
        extras.push_str(&format!(" The site takes the severity as {severity}: {why}"));
    }
    extras
}

/// An answer to a rule that needs none.
fn beside(answer: &Answer, status: Status) -> String {
    let contradicts = answer.status.status() != Some(status);
    let mut words = format!(
        "{} noted on {}{}, {}, until {}: {}",
        answer.reviewer,
        answer.date,
        about(answer),
        answer.status,
        answer.expires,
        answer.comment
    );
    words.push_str(&extras(answer));
    if contradicts && status == Status::Open {
        words.push_str(" What the evidence shows to be open stays open.");
    } else if contradicts {
        words.push_str(" The evidence says otherwise and decides; look again.");
    }
    words
}
