//! `assessment.hdf.json`: the Heimdall Data Format, as the output of a run over one profile.
//!
//! A reader takes a control with one passed result for passed even where others are skipped, so a
//! rule that is Not Reviewed or Not Applicable has a single, skipped result and never a passed one.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::model::assessment::{Assessment, RuleResult};
use crate::model::labels;
use crate::model::severity::Severity;
use crate::report::interchange::outcome as exchange;
use crate::report::interchange::outcome::Outcome;
use crate::report::{File, ReportError, json as json_file, time};

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
        "name": exchange::short(&benchmark.id),
        "version": format!("{}.{}.0", exchange::short(&benchmark.version), exchange::short(&benchmark.release)),
        "title": exchange::short(&benchmark.title),
        "summary": summary(assessment),
        "sha256": exchange::short(&tool.pack.sha256),
        "status": "loaded",
        "supports": [],
        "attributes": [],
        "groups": [],
    });
    let controls = || assessment.rules.iter().map(|rule| control(assessment, rule, time));
    let run = Run {
        platform: json!({
            "name": exchange::short(&tool.name),
            "release": exchange::short(&tool.version),
            "target_id": exchange::short(&assessment.asset.name),
        }),
        version: exchange::short(&tool.version),
        statistics: json!({ "controls": {
            "passed": total(&[Outcome::Pass]),
            "failed": total(&[Outcome::Fail]),
            "skipped": total(&[Outcome::NotApplicable, Outcome::Review, Outcome::Undecided, Outcome::Error]),
        } }),
        profiles: [json_file::With { object: profile, list: "controls", items: controls }],
        passthrough: passthrough(assessment),
    };
    Ok(File { path: "assessment.hdf.json".to_owned(), text: json_file::pretty(&run)? })
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
    let mut said = format!("{}. Marking: {}.", exchange::subject(assessment), exchange::marking(assessment));
    if time::collected_utc(assessment).is_none() {
        said.push_str(" No source states when it was collected; the times in this file stand for that.");
    }
    said
}

fn passthrough(assessment: &Assessment) -> Value {
    let snapshot = &assessment.snapshot;
    let inputs = snapshot.inputs.iter();
    let inputs: Vec<Value> = inputs
        .map(|input| json!({ "name": exchange::short(&input.name), "sha256": exchange::short(&input.sha256) }))
        .collect();
    let warnings: Vec<String> = snapshot.warnings.iter().map(|warning| exchange::short(warning)).collect();
    json!({
        "marking": exchange::marking(assessment),
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
        described("check", &exchange::prose(exchange::check(rule))),
        described("fix", &exchange::prose(exchange::fix(rule))),
        described("details", &exchange::details(rule, DETAILS)),
        described("comments", &exchange::remarks(assessment, rule)),
    ];
    if let Some(text) = &rule.risk_acceptance {
        descriptions.push(described("justification", &exchange::prose(text)));
    }
    json!({
        "id": exchange::short(&rule.id),
        "title": exchange::short(exchange::title(rule)),
        "desc": exchange::prose(exchange::discussion(rule)),
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
    let each = |texts: &[String]| texts.iter().map(|text| exchange::short(text)).collect::<Vec<_>>();
    let weight = rule.official.as_ref().map(|official| official.weight.as_str()).filter(|weight| !weight.is_empty());
    let mut tags = Map::new();
    let mut add = |name: &str, value: Value| tags.insert(name.to_owned(), value);
    add("gtitle", exchange::short(&rule.srg).into());
    add("gid", exchange::short(&rule.id).into());
    add("rid", exchange::short(&rule.rule_id).into());
    add("stig_id", exchange::short(&rule.stig_id).into());
    add("severity", rule.severity.name().into());
    add("cat", rule.cat.name().into());
    add("weight", exchange::short(weight.unwrap_or("10.0")).into());
    add("cci", each(&rule.ccis).into());
    add("nist", each(&rule.controls).into());
    add("decided_by", labels::decided_by(rule.decided_by).into());
    add("evidence_digest", exchange::short(&rule.evidence_digest).into());
    add("evidence_omitted", rule.evidence_omitted.into());
    if let Some(reason) = &rule.reason {
        add("reason", labels::reason_key(reason.code).into());
    }
    if let Some(given) = &rule.severity_override {
        add("severityoverride", given.severity.name().into());
        add("severityjustification", exchange::override_text(rule).unwrap_or_default().into());
    }
    if let Some(text) = &rule.risk_acceptance {
        add("risk_acceptance", exchange::short(text).into());
    }
    Value::Object(tags)
}

fn results(rule: &RuleResult, outcome: Outcome, time: &str) -> Vec<Value> {
    let headline = exchange::headline(rule);
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
    let lines = exchange::deciding(rule).map(|line| {
        json!({
            "status": status,
            "code_desc": exchange::short(&line.subject),
            "message": format!("{}: {}\n{}", labels::evidence(line.status), exchange::sentence(line), exchange::place(line)),
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
