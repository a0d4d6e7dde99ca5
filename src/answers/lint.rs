//! What is amiss with answers, seen against an assessment.

use crate::answers::answer::{Answer, AnswerStatus, Answers};
use crate::answers::apply::speaks_of;
use crate::model::assessment::{Assessment, DecidedBy, RuleResult, Status};
use crate::model::date::Day;
use crate::model::evidence_digest::{Form, form};
use crate::yaml::{Problem, nearest};

/// Every answer that is undecided, matches nothing, is not needed or has lapsed, at its place.
#[must_use]
pub fn review(answers: &Answers, assessment: &Assessment) -> Vec<Problem> {
    let today = assessment.snapshot.collected_at.as_deref().and_then(Day::begins).map(|day| day.to_string());
    let today = today.as_deref();
    let mut problems = Vec::new();
    for (number, answer) in answers.answers.iter().enumerate() {
        let twin = answers.answers[..number].iter().any(|earlier| {
            (&earlier.rule, &earlier.node, &earlier.subject) == (&answer.rule, &answer.node, &answer.subject)
        });
        let (message, hint) = match assessment.rules.iter().find(|rule| rule.id == answer.rule) {
            _ if twin => ("an earlier answer covers the same; this one may not count".to_owned(), String::new()),
            None => {
                // The list of what is known is no hint where it is long.
                let ids: Vec<&str> = assessment.rules.iter().map(|rule| rule.id.as_str()).collect();
                let hint = Some(nearest(&answer.rule, &ids)).filter(|hint| ids.len() <= 60 || hint.ends_with('?'));
                let hint = hint.unwrap_or_default();
                (format!("no rule {} was assessed", answer.rule), hint)
            }
            Some(rule) => match amiss(answer, rule, assessment, today) {
                Some((message, hint)) => (message, hint.to_owned()),
                None => continue,
            },
        };
        problems.push(answer.problem(message, &hint));
    }
    problems
}

fn amiss(
    answer: &Answer,
    rule: &RuleResult,
    assessment: &Assessment,
    today: Option<&str>,
) -> Option<(String, &'static str)> {
    if let Some(node) = &answer.node
        && !assessment.snapshot.nodes.iter().any(|known| known.name == *node)
    {
        return Some((format!("there is no node {node}"), "an answer without `node` covers all nodes"));
    }
    let matches = rule.evidence.iter().any(|line| speaks_of(answer, line.node.as_deref(), &line.subject));
    if !answer.is_whole() && !matches && rule.evidence_omitted == 0 {
        return Some((
            format!("nothing in the evidence of {} matches it", rule.id),
            "write `subject` as the evidence shows it",
        ));
    }
    if answer.status == AnswerStatus::Undecided {
        return (rule.status == Status::NotReviewed).then(|| {
            (format!("{} is not answered yet", rule.id), "set `status`, `comment`, `reviewer`, `date` and `expires`")
        });
    }
    if !answer.holds_on(today) {
        return Some(match today {
            Some(day) => {
                (format!("the answer expired {}, before {day}", answer.expires), "review it again and set a new day")
            }
            None => ("the snapshot has no date, so no answer is valid".to_owned(), ""),
        });
    }
    if let Some(digest) = answer.evidence_digest.as_ref().filter(|digest| **digest != rule.evidence_digest) {
        let message = match form(digest) {
            Some(Form::Earlier) => "its evidence digest is of an earlier version of this program".to_owned(),
            _ => format!("the evidence of {} has changed since", rule.id),
        };
        return Some((message, "review it again and take the digest from `mke-stig answers draft`"));
    }
    if rule.decided_by != DecidedBy::Answer && rule.status != Status::NotReviewed && rule.status != Status::Open {
        return Some((format!("{} is decided without it", rule.id), "remove the answer"));
    }
    if rule.status == Status::Open && rule.decided_by != DecidedBy::Answer && answer.status != AnswerStatus::Open {
        return Some((
            format!("{} is open by its evidence, and stays open", rule.id),
            "an answer never closes a finding",
        ));
    }
    None
}
