//! Answers out of a checklist.

use std::collections::BTreeMap;

use crate::answers::import::imported::{Entry, Imported, blank};
use crate::answers::import::own;
use crate::answers::import::rules::{Fit, Rules};
use crate::intake::{Checklist, Review, ReviewStatus};
use crate::rules::Rule;

/// Every review of a checklist.
pub(crate) fn import(checklist: &Checklist, form: &'static str, file: &str, rules: &Rules<'_>) -> Imported {
    let mut imported = Imported {
        file: file.to_owned(),
        form,
        about: checklist.asset.clone(),
        problems: checklist.problems.clone(),
        ..Imported::default()
    };
    let mut strangers = BTreeMap::new();
    for review in &checklist.reviews {
        let (rule, re_review) = match rules.review(&review.rule_id, &review.vuln_id, &review.legacy_ids) {
            Fit::Exact(rule) => (rule, None),
            Fit::Other(rule, why) => (rule, Some(why)),
            Fit::Unsaid(rule) => (rule, Some("the file does not say which revision of the rule it is for".to_owned())),
            Fit::Unknown => {
                let id = if review.vuln_id.is_empty() { &review.rule_id } else { &review.vuln_id };
                strangers.entry(id.chars().take(60).collect::<String>()).or_insert(review.line);
                continue;
            }
        };
        one(review, rule, re_review, &mut imported);
    }
    imported.strangers(&strangers);
    imported
}

fn one(review: &Review, rule: &Rule, re_review: Option<String>, imported: &mut Imported) {
    let origin = origin(review, imported.form);
    if let Some(own) = own::read(review, rule, re_review.as_ref(), &origin) {
        for (message, hint) in own.problems {
            imported.note(review.line, message, hint);
        }
        if !own.entries.is_empty() {
            let why = re_review.or_else(|| own.entries.iter().find_map(|entry| entry.re_review.clone()));
            if let Some(why) = why {
                imported.note(review.line, format!("{} must be reviewed again: {why}", rule.id), "");
            }
            for entry in own.entries {
                imported.add(entry, review.line);
            }
        } else if review.status == ReviewStatus::NotReviewed {
            imported.not_reviewed.push(rule.id.clone());
        } else {
            imported.by_evidence.push(rule.id.clone());
        }
        return;
    }
    if review.status == ReviewStatus::NotReviewed {
        imported.not_reviewed.push(rule.id.clone());
        return;
    }
    if let Some(why) = &re_review {
        imported.note(review.line, format!("{} must be reviewed again: {why}", rule.id), "");
    }
    let mut comment = [review.details.as_str(), review.comments.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    let open = review.status == ReviewStatus::Open;
    if let Some(severity) = review.severity.filter(|_| !open) {
        // Only what is open can have another severity; the words are kept.
        comment.push_str(&format!("\n\nSeverity {severity}: {}", review.justification));
    }
    let severity = review.severity.filter(|_| open);
    let entry = Entry {
        justification: severity.map(|_| review.justification.clone()),
        severity,
        ..blank(rule, review.status, re_review, comment, origin)
    };
    imported.add(entry, review.line);
}

fn origin(review: &Review, form: &str) -> String {
    let id = if review.rule_id.is_empty() { &review.vuln_id } else { &review.rule_id };
    format!("{form}, line {}: {id}", review.line)
}
