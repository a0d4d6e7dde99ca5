//! `assessment.poam.csv`: a draft of a Plan of Action and Milestones, a row for each Open.
//!
//! The columns bear the names by which such plans are known; what only the owner of the system can
//! say stays empty. It is no template of any system that imports plans.

use crate::model::assessment::{Assessment, RuleResult, Status};
use crate::model::severity::Severity;
use crate::report::base::prose::Form;
use crate::report::base::types::File;
use crate::report::base::{extract, prose, text};
use crate::report::interchange::csv;

const COLUMNS: [&str; 23] = [
    "POA&M Item ID",
    "Control Vulnerability Description",
    "Controls / APs",
    "Office/Org",
    "Security Checks",
    "Resources Required",
    "Scheduled Completion Date",
    "Milestone with Completion Dates",
    "Milestone Changes",
    "Source Identifying Vulnerability",
    "Status",
    "Comments",
    "Raw Severity",
    "Severity",
    "Severity Override",
    "Risk Acceptance",
    "Devices Affected",
    "Mitigations",
    "Likelihood",
    "Impact",
    "Residual Risk Level",
    "Recommendations",
    "Marking",
];

/// The findings of an assessment as a draft.
pub(crate) fn render(assessment: &Assessment) -> File {
    let open = assessment.rules.iter().filter(|rule| rule.status == Status::Open);
    let rows = open.map(|rule| row(assessment, rule));
    File { path: "assessment.poam.csv".to_owned(), text: csv::table(&COLUMNS, rows) }
}

fn row(assessment: &Assessment, rule: &RuleResult) -> [String; COLUMNS.len()] {
    let empty = String::new;
    let benchmark = &assessment.benchmark;
    [
        empty(),
        format!(
            "Title:\n{}\n\nDescription:\n{}\n\nFinding:\n{}",
            extract::title(rule),
            extract::discussion(rule).trim(),
            prose::details(rule, Form::within(csv::DETAILS / 2))
        ),
        rule.controls.join("\n"),
        empty(),
        format!("{}\n{}", rule.rule_id, rule.id),
        empty(),
        empty(),
        empty(),
        empty(),
        format!(
            "{}\nV{}R{}\nBenchmark Date: {}",
            benchmark.title, benchmark.version, benchmark.release, benchmark.date
        ),
        "Ongoing".to_owned(),
        format!("{}\n{}", rule.ccis.join("\n"), prose::remarks(assessment, rule, Form::within(csv::DETAILS))),
        rule.cat.to_string(),
        level(rule.severity).to_owned(),
        prose::override_text(rule).unwrap_or_default(),
        rule.risk_acceptance.clone().unwrap_or_default(),
        devices(assessment, rule),
        empty(),
        empty(),
        empty(),
        empty(),
        extract::fix(rule).to_owned(),
        prose::marking(assessment),
    ]
}

/// A severity in the words of plans.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "High",
        Severity::Medium => "Moderate",
        Severity::Low => "Low",
    }
}

/// The asset, and the nodes on which something breaks the rule.
fn devices(assessment: &Assessment, rule: &RuleResult) -> String {
    let mut names = vec![text::short(&assessment.asset.name)];
    names.extend(extract::nodes(rule).into_iter().map(text::short));
    if rule.evidence_omitted > 0 {
        names.push("(and perhaps others: evidence was left out)".to_owned());
    }
    names.join("\n")
}
