//! An assessment with every status and every reason, and the same with one text in all its fields.

use mke_stig::model::assessment::{
    Assessment, DecidedBy, EvidenceStatus, Reason, ReasonCode, SeverityOverride, Status,
};
use mke_stig::model::severity::Severity;
use serde_json::Value;

use crate::sample;

/// 44 rules: a quarter of each status, those that are Not Reviewed for each reason in turn.
pub(crate) fn every() -> Assessment {
    let mut rules = sample::large().rules;
    for (index, rule) in rules.iter_mut().enumerate() {
        rule.evidence.truncate(3);
        for (number, line) in rule.evidence.iter_mut().enumerate() {
            line.subject = format!("/container-{number}");
            line.pointer =
                if number == 1 { format!("line {}", number + 1) } else { format!("/{number}/HostConfig/PidMode") };
            line.status = match rule.status {
                Status::Open => EvidenceStatus::Fails,
                Status::NotReviewed => EvidenceStatus::Unknown,
                Status::NotAFinding => EvidenceStatus::Passes,
                Status::NotApplicable => EvidenceStatus::Exempts,
            };
        }
        rule.severity = Severity::ALL[index % 3];
        rule.cat = rule.severity.cat();
        rule.controls = vec![["AC-2 (1)", "SC-10", "AC-8 a", "IA-5 (1) (c)", "CM-7"][index % 5].to_owned()];
        (rule.checked, rule.failed) = (3, if rule.status == Status::Open { 3 } else { 0 });
        rule.evidence_omitted = u64::from(index % 7 == 0) * 5;
    }
    // Every status makes a quarter of 44, one short of the reasons: the last makes room.
    rules[43].status = Status::NotReviewed;
    rules[43].evidence.clear();
    let open = rules.iter_mut().filter(|rule| rule.status == Status::NotReviewed);
    for (rule, code) in open.zip(ReasonCode::ALL) {
        rule.reason = Some(Reason { code, text: format!("This is {code:?}.") });
    }
    rules[0].severity_override = Some(SeverityOverride {
        severity: Severity::Low,
        justification: "The network is closed.".to_owned(),
        reviewer: "A. Reviewer".to_owned(),
        date: "2026-11-01".to_owned(),
    });
    rules[0].risk_acceptance = Some("Accepted until the next release.".to_owned());
    rules[0].gaps = vec![Reason { code: ReasonCode::Partial, text: "wrk-9 delivered nothing.".to_owned() }];
    rules[2].decided_by = DecidedBy::Answer;
    rules[2].evidence.clear();
    "Seen on 2026-11-01 by A. Reviewer.".clone_into(&mut rules[2].comment);
    "../../etc/passwd".clone_into(&mut rules[4].evidence[0].member);
    "snapshot.tar.zst!nodes/a b/c#d?.json".clone_into(&mut rules[4].evidence[1].member);
    let mut assessment = sample::assessment(rules);
    "wrk-000".clone_into(&mut assessment.snapshot.nodes[1].name);
    assessment
}

/// The same with this text wherever a text may stand. Rules keep apart by a number behind it.
pub(crate) fn filled(text: &str) -> Assessment {
    let mut value = serde_json::to_value(every()).unwrap();
    fill(&mut value, text);
    for (index, rule) in value["rules"].as_array_mut().unwrap().iter_mut().enumerate() {
        rule["id"] = format!("{text}{index}").into();
    }
    serde_json::from_value(value).unwrap()
}

/// Closed lists, whose words are not for anyone to choose.
const CLOSED: [&str; 9] = ["schema", "status", "code", "decided_by", "severity", "cat", "role", "effect", "at"];

fn fill(value: &mut Value, text: &str) {
    match value {
        Value::String(old) => text.clone_into(old),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, text)),
        Value::Object(fields) => {
            for (name, field) in fields {
                if name == "marking" || name == "fqdn" || name == "mke_version" {
                    *field = text.into();
                } else if !CLOSED.contains(&name.as_str()) {
                    fill(field, text);
                }
            }
        }
        _ => {}
    }
}
