//! What must hold between the fields of an assessment.
//!
//! A saved assessment may be edited by anyone, and reports are made of it without the snapshot. So a file that claims a
//! verdict without what it rests on, or counts that its rules do not have, is refused before any report is made.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::assessment::{Assessment, DecidedBy, RuleResult, SCHEMA, Status};
use crate::model::labels;
use crate::model::severity::Cat;

/// The contradictions in an assessment, one clause each; empty when there is none.
///
/// A verdict needs what it rests on: Not Reviewed its reason (and no other status has one), Open and
/// Not a Finding their evidence, or the words of the answer that decided. The counts must be those
/// of the rules, and no rule may stand twice.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let assessment = serde_json::from_slice(&std::fs::read("assessment.json")?)?;
/// for problem in mke_stig::report::check(&assessment) {
///     println!("{problem}");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn check(assessment: &Assessment) -> Vec<String> {
    let mut problems = Vec::new();
    if assessment.schema != SCHEMA {
        problems.push(format!("the schema is {:?}", assessment.schema));
    }
    if assessment.asset.name.trim().is_empty() {
        problems.push("the asset has no name".to_owned());
    }
    let mut seen = BTreeSet::new();
    for rule in &assessment.rules {
        if !seen.insert(rule.id.as_str()) {
            problems.push(format!("{} stands twice", rule.id));
        }
        check_rule(rule, &mut problems);
    }
    check_counts(assessment, &mut problems);
    problems
}

fn check_rule(rule: &RuleResult, problems: &mut Vec<String>) {
    let id = &rule.id;
    let label = labels::status(rule.status);
    match (rule.status, &rule.reason) {
        (Status::NotReviewed, None) => problems.push(format!("{id} is {label} without a reason")),
        (Status::NotReviewed, Some(reason)) if reason.text.trim().is_empty() => {
            problems.push(format!("{id} is {label} and its reason has no text"));
        }
        (Status::NotReviewed, Some(_)) | (_, None) => {}
        (_, Some(_)) => problems.push(format!("{id} is {label} but has a reason")),
    }
    if rule.status != Status::Open {
        let beside = [
            ("gaps beside an Open", !rule.gaps.is_empty()),
            ("another severity", rule.severity_override.is_some()),
            ("an accepted risk", rule.risk_acceptance.is_some()),
        ];
        problems
            .extend(beside.iter().filter(|(_, has)| *has).map(|(what, _)| format!("{id} is {label} but has {what}")));
    }
    if rule.severity_override.as_ref().is_some_and(|given| given.justification.trim().is_empty()) {
        problems.push(format!("{id} is given another severity without a justification"));
    }
    let decided = matches!(rule.status, Status::Open | Status::NotAFinding);
    let answered = rule.decided_by == DecidedBy::Answer && !rule.comment.trim().is_empty();
    if decided && rule.evidence.is_empty() && !answered {
        problems.push(format!("{id} is {label} without evidence"));
    }
    if rule.cat != rule.severity.cat() {
        problems.push(format!("{id} has severity {} but CAT {}", rule.severity, rule.cat));
    }
}

fn check_counts(assessment: &Assessment, problems: &mut Vec<String>) {
    let mut by_status = BTreeMap::new();
    let mut by_cat = BTreeMap::new();
    for rule in &assessment.rules {
        let key = labels::status_key(rule.status);
        *by_status.entry(key).or_insert(0_u64) += 1;
        *by_cat.entry((rule.cat, key)).or_insert(0_u64) += 1;
    }
    let summary = &assessment.summary;
    let stated: BTreeMap<&str, u64> =
        summary.by_status.iter().filter(|(_, count)| **count > 0).map(|(key, count)| (key.as_str(), *count)).collect();
    if stated != by_status {
        problems.push("the counts by status are not those of the rules".to_owned());
    }
    let stated: BTreeMap<(Cat, &str), u64> = summary
        .by_cat
        .iter()
        .flat_map(|(cat, counts)| counts.iter().map(move |(key, count)| ((*cat, key.as_str()), *count)))
        .filter(|(_, count)| *count > 0)
        .collect();
    if stated != by_cat {
        problems.push("the counts by CAT are not those of the rules".to_owned());
    }
    let coverage = &summary.coverage;
    if coverage.complete > coverage.nodes {
        problems.push("more nodes are complete than are known".to_owned());
    }
}
