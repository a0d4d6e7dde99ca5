//! Answers out of an answer file of Evaluate-STIG.

use std::collections::BTreeMap;

use crate::answers::import::imported::blank;
use crate::answers::import::imported::{Entry, Imported};
use crate::answers::import::rules::{Fit, Rules};
use crate::intake::{AnswerFile, Choice, ReviewStatus};
use crate::rules::Rule;

/// The key whose answers hold where no other is asked for.
const DEFAULT: &str = "DEFAULT";

/// Every answer of a file that holds without running its code.
pub(crate) fn import(answers: &AnswerFile, file: &str, rules: &Rules<'_>, key: Option<&str>) -> Imported {
    let mut imported = Imported {
        file: file.to_owned(),
        form: "Evaluate-STIG answer file",
        about: answers.name.clone(),
        problems: answers.problems.clone(),
        ..Imported::default()
    };
    let mut strangers = BTreeMap::new();
    // The best of the answers about one rule comes first: the key asked for, then what is for
    // results that nobody has reviewed, then the order of the file.
    let asked = |choice: &Choice| key.is_some_and(|key| choice.key.eq_ignore_ascii_case(key));
    let mut choices: Vec<&Choice> = answers.choices.iter().collect();
    choices.sort_by_key(|choice| (!asked(choice), choice.expected != Some(ReviewStatus::NotReviewed)));
    for choice in choices {
        let (rule, re_review) = match rules.answer(&choice.id) {
            Fit::Exact(rule) | Fit::Unsaid(rule) => (rule, None),
            Fit::Other(rule, why) => (rule, Some(why)),
            Fit::Unknown => {
                strangers.entry(choice.id.chars().take(60).collect::<String>()).or_insert(choice.line);
                continue;
            }
        };
        if !asked(choice) && !choice.key.eq_ignore_ascii_case(DEFAULT) {
            let message = format!("{}: the answer has the key `{}` and is left out", rule.id, short(&choice.key));
            imported.note(choice.line, message, "use --answer-key to carry it");
            continue;
        }
        one(choice, rule, re_review.as_ref(), &mut imported);
    }
    imported.strangers(&strangers);
    imported.problems.sort_by_key(|problem| problem.place);
    imported
}

fn one(choice: &Choice, rule: &Rule, re_review: Option<&String>, imported: &mut Imported) {
    let id = &rule.id;
    let mut leave = |why: &str, hint: &str| imported.note(choice.line, format!("{id}: {why}; it is left out"), hint);
    if choice.has_code {
        leave("this answer depends on code, and code is never run", "answer it by hand");
        return;
    }
    if !choice.narrowed.is_empty() {
        let narrowed = choice.narrowed.join(" and ");
        leave(&format!("the answer is for one {narrowed} only, which a cluster does not have"), "");
        return;
    }
    let proposed = match (choice.expected, choice.status) {
        (None, _) => {
            leave("the answer does not say which status it is for", "it needs ExpectedStatus");
            return;
        }
        (Some(ReviewStatus::NotReviewed), None | Some(ReviewStatus::NotReviewed)) => {
            imported.not_reviewed.push(id.clone());
            return;
        }
        (Some(ReviewStatus::NotReviewed), Some(status)) => status,
        (Some(ReviewStatus::Open), None | Some(ReviewStatus::Open)) => ReviewStatus::Open,
        (Some(ReviewStatus::Open), Some(_)) => {
            leave("the answer would close a finding, and no answer does that", "");
            return;
        }
        (Some(ReviewStatus::NotAFinding | ReviewStatus::NotApplicable), _) => {
            leave("the answer is for a rule that is already decided", "");
            return;
        }
    };
    if choice.has_hash {
        let message =
            format!("{id}: the answer is for one result, named by a digest that only the other tool can make");
        imported.note(choice.line, message, "check that it is still valid before you complete it");
    }
    if let Some(why) = re_review {
        imported.note(choice.line, format!("{id} must be reviewed again: {why}"), "");
    }
    let index = if choice.index.is_empty() { String::new() } else { format!(", answer {}", short(&choice.index)) };
    let origin = format!("{}, line {}: {}, key {}{index}", imported.form, choice.line, choice.id, short(&choice.key));
    let entry = blank(rule, proposed, re_review.cloned(), choice.comment.clone(), origin);
    if choice.hosts.is_empty() {
        imported.add(entry.clone(), choice.line);
    }
    for host in &choice.hosts {
        let origin = format!("{}; the host is taken for a node: remove `node` if it is the cluster", entry.origin);
        imported.add(Entry { node: Some(host.clone()), origin, ..entry.clone() }, choice.line);
    }
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}
