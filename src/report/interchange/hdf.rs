//! `assessment.hdf.json`: the Heimdall Data Format, as the output of a run over one profile.
//!
//! A reader takes a control with one passed result for passed even where others are skipped, so a
//! rule that is Not Reviewed or Not Applicable has a single, skipped result and never a passed one.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::model::assessment::{Assessment, RuleResult};
use crate::model::labels;
use crate::model::severity::Severity;
use crate::report::base::error::ReportError;
use crate::report::base::outcome::Outcome;
use crate::report::base::types::File;
use crate::report::base::{extract, json, outcome, prose, time};

/// UTF-16 units of the details of a control.
const DETAILS: usize = 30_000;

/// The assessment as HDF.
pub(crate) fn render(assessment: &Assessment) -> Result<File, ReportError> {
    let time = time::collected_utc(assessment);
    let time = time.as_deref().unwrap_or(time::UNKNOWN);
    let total = |wanted: &[Outcome]| {
        let total = assessment.rules.iter().filter(|rule| wanted.contains(&Outcome::of(rule))).count();
        json!({ "total": total })
    };
    let benchmark = &assessment.benchmark;
    let tool = &assessment.tool;
    let profile = json!({
        "name": prose::short(&benchmark.id),
        "version": format!("{}.{}.0", prose::short(&benchmark.version), prose::short(&benchmark.release)),
        "title": prose::short(&benchmark.title),
        "summary": summary(assessment),
        "sha256": prose::short(&tool.pack.sha256),
        "status": "loaded",
        "supports": [],
        "attributes": [],
        "groups": [],
    });
    let controls = || assessment.rules.iter().map(|rule| control(assessment, rule, time));
    let run = Run {
        platform: json!({
            "name": prose::short(&tool.name),
            "release": prose::short(&tool.version),
            "target_id": prose::short(&assessment.asset.name),
        }),
        version: prose::short(&tool.version),
        statistics: json!({ "controls": {
            "passed": total(&[Outcome::Pass]),
            "failed": total(&[Outcome::Fail]),
            "skipped": total(&[Outcome::NotApplicable, Outcome::Review, Outcome::Undecided, Outcome::Error]),
        } }),
        profiles: [json::With { object: profile, list: "controls", items: controls }],
        passthrough: passthrough(assessment),
    };
    Ok(File { path: "assessment.hdf.json".to_owned(), text: json::pretty(&run)? })
}

#[derive(Serialize)]
struct Run<P> {
    platform: Value,
    version: String,
    statistics: Value,
    profiles: [P; 1],
    passthrough: Value,
}

fn summary(assessment: &Assessment) -> String {
    let mut said = format!("{}. Marking: {}.", prose::subject(assessment), prose::marking(assessment));
    if time::collected_utc(assessment).is_none() {
        said.push_str(" No source states when it was collected; the times in this file stand for that.");
    }
    said
}

fn passthrough(assessment: &Assessment) -> Value {
    let snapshot = &assessment.snapshot;
    let inputs = snapshot.inputs.iter();
    let inputs: Vec<Value> = inputs
        .map(|input| json!({ "name": prose::short(&input.name), "sha256": prose::short(&input.sha256) }))
        .collect();
    let warnings: Vec<String> = snapshot.warnings.iter().map(|warning| prose::short(warning)).collect();
    json!({
        "marking": prose::marking(assessment),
        "integrity": labels::integrity(snapshot.integrity.status),
        "inputs": inputs,
        "warnings": warnings,
    })
}

fn control(assessment: &Assessment, rule: &RuleResult, time: &str) -> Value {
    let outcome = Outcome::of(rule);
    // No impact is how the format says that a control does not apply.
    let impact = match (outcome, rule.severity) {
        (Outcome::NotApplicable, _) => 0.0,
        (_, Severity::High) => 0.7,
        (_, Severity::Medium) => 0.5,
        (_, Severity::Low) => 0.3,
    };
    let mut descriptions = vec![
        described("check", &prose::prose(extract::check(rule))),
        described("fix", &prose::prose(extract::fix(rule))),
        described("details", &prose::details(rule, DETAILS)),
        described("comments", &prose::remarks(assessment, rule)),
    ];
    if let Some(text) = &rule.risk_acceptance {
        descriptions.push(described("justification", &prose::prose(text)));
    }
    json!({
        "id": prose::short(&rule.id),
        "title": prose::short(extract::title(rule)),
        "desc": prose::prose(extract::discussion(rule)),
        "descriptions": descriptions,
        "impact": impact,
        "refs": [],
        "tags": tags(rule),
        "code": "",
        "source_location": {},
        "results": results(rule, outcome, time),
    })
}

fn described(label: &str, data: &str) -> Value {
    json!({ "label": label, "data": data })
}

fn tags(rule: &RuleResult) -> Value {
    let each = |texts: &[String]| texts.iter().map(|text| prose::short(text)).collect::<Vec<_>>();
    let weight = rule.official.as_ref().map(|official| official.weight.as_str()).filter(|weight| !weight.is_empty());
    let mut tags = Map::new();
    let mut add = |name: &str, value: Value| tags.insert(name.to_owned(), value);
    add("gtitle", prose::short(&rule.srg).into());
    add("gid", prose::short(&rule.id).into());
    add("rid", prose::short(&rule.rule_id).into());
    add("stig_id", prose::short(&rule.stig_id).into());
    add("severity", rule.severity.name().into());
    add("cat", rule.cat.name().into());
    add("weight", prose::short(weight.unwrap_or("10.0")).into());
    add("cci", each(&rule.ccis).into());
    add("nist", each(&rule.controls).into());
    add("decided_by", labels::decided_by(rule.decided_by).into());
    add("evidence_digest", prose::short(&rule.evidence_digest).into());
    add("evidence_omitted", rule.evidence_omitted.into());
    if let Some(reason) = &rule.reason {
        add("reason", labels::reason_key(reason.code).into());
    }
    if let Some(given) = &rule.severity_override {
        add("severityoverride", given.severity.name().into());
        add("severityjustification", prose::override_text(rule).unwrap_or_default().into());
    }
    if let Some(text) = &rule.risk_acceptance {
        add("risk_acceptance", prose::short(text).into());
    }
    Value::Object(tags)
}

fn results(rule: &RuleResult, outcome: Outcome, time: &str) -> Vec<Value> {
    let headline = prose::headline(rule);
    let skipped = |code_desc: &str| json!({ "status": "skipped", "code_desc": code_desc, "skip_message": headline, "start_time": time });
    let status = match outcome {
        Outcome::Pass => "passed",
        Outcome::Fail => "failed",
        Outcome::NotApplicable => return vec![skipped("Not Applicable")],
        Outcome::Review => return vec![skipped("A person or the SSP must say")],
        Outcome::Undecided => return vec![skipped("Evidence is missing or cannot be read")],
        Outcome::Error => {
            return vec![json!({
                "status": "error",
                "code_desc": "The rule failed",
                "message": headline,
                "exception": "rule_error",
                "backtrace": [],
                "start_time": time,
            })];
        }
    };
    let lines = outcome::deciding(rule).map(|line| {
        json!({
            "status": status,
            "code_desc": prose::short(&line.subject),
            "message": format!("{}: {}\n{}", labels::evidence(line.status), prose::sentence(line), prose::place(line)),
            "start_time": time,
        })
    });
    let mut results: Vec<Value> = lines.collect();
    if results.is_empty() {
        results.push(json!({
            "status": status, "code_desc": "A recorded answer", "message": headline, "start_time": time,
        }));
    }
    results
}
