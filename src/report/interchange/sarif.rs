//! `assessment.sarif`: SARIF 2.1.0.
//!
//! Each object that breaks a rule is a result of its own, since each is mended on its own; a rule of
//! any other status is one result. Viewers take a missing level for a warning, so it is always there.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::model::assessment::{Assessment, Evidence, IntegrityStatus, RuleResult};
use crate::model::digest::{Digest, Hasher};
use crate::model::labels;
use crate::model::severity::Severity;
use crate::report::base::error::ReportError;
use crate::report::base::outcome::Outcome;
use crate::report::base::types::File;
use crate::report::base::{extract, json, outcome, prose, time};

/// The base that addresses of members are relative to.
const BASE: &str = "SNAPSHOT";
/// Places of one result that does not fail; viewers show few.
const PLACES: usize = 20;

/// The assessment as SARIF.
pub(crate) fn render(assessment: &Assessment) -> Result<File, ReportError> {
    let artifacts = Artifacts::of(assessment);
    let run = json!({
        "tool": { "driver": driver(assessment) },
        "automationDetails": {
            "id": format!("{}/{}/", prose::short(&assessment.tool.name), prose::short(&assessment.asset.name)),
            "description": { "text": prose::subject(assessment) },
        },
        "invocations": [invocation(assessment)],
        "originalUriBaseIds": {
            BASE: { "description": {
                "text": "The folder in which the snapshots lie; what follows a ! is a path inside of one.",
            } },
        },
        "artifacts": artifacts.list,
        "columnKind": "unicodeCodePoints",
        "properties": properties(assessment),
    });
    let rules = || assessment.rules.iter().enumerate();
    let results = || rules().flat_map(|(index, rule)| of_rule(assessment, &artifacts, index, rule));
    let run = json::With { object: run, list: "results", items: results };
    let log = Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
    Ok(File { path: "assessment.sarif".to_owned(), text: json::pretty(&log)? })
}

#[derive(Serialize)]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [R; 1],
}

/// The members that evidence names, each with its number.
struct Artifacts<'a> {
    numbers: BTreeMap<(&'a str, &'a str), usize>,
    list: Vec<Value>,
}

impl<'a> Artifacts<'a> {
    fn of(assessment: &'a Assessment) -> Self {
        let members = extract::members(assessment);
        let list = members.iter().map(|(member, sha256)| {
            let mut artifact = json!({ "location": { "uri": extract::uri(member), "uriBaseId": BASE } });
            if sha256.parse::<Digest>().is_ok() {
                artifact["hashes"] = json!({ "sha-256": sha256 });
            }
            artifact
        });
        let list = list.collect();
        Self { numbers: members.into_iter().enumerate().map(|(number, member)| (member, number)).collect(), list }
    }
}

fn driver(assessment: &Assessment) -> Value {
    let rules: Vec<Value> = assessment.rules.iter().map(descriptor).collect();
    json!({
        "name": prose::short(&assessment.tool.name),
        "version": prose::short(&assessment.tool.version),
        "semanticVersion": prose::short(&assessment.tool.version),
        "rules": rules,
    })
}

fn descriptor(rule: &RuleResult) -> Value {
    let score = match rule.severity {
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
    };
    let mut tags = vec![format!("CAT-{}", rule.cat)];
    tags.extend(rule.ccis.iter().chain(&rule.controls).map(|tag| prose::short(tag)));
    tags.sort();
    tags.dedup();
    json!({
        "id": prose::short(&rule.id),
        "shortDescription": { "text": prose::short(extract::title(rule)) },
        "fullDescription": { "text": prose::prose(extract::discussion(rule)) },
        "help": { "text": prose::prose(extract::fix(rule)) },
        "defaultConfiguration": { "level": level(rule) },
        "properties": {
            "tags": tags,
            "security-severity": score,
            "stig-rule-id": prose::short(&rule.rule_id),
            "stig-id": prose::short(&rule.stig_id),
            "srg": prose::short(&rule.srg),
        },
    })
}

/// The level of a finding of this rule.
fn level(rule: &RuleResult) -> &'static str {
    match rule.severity {
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// The results of one rule: at least one.
fn of_rule(assessment: &Assessment, artifacts: &Artifacts<'_>, index: usize, rule: &RuleResult) -> Vec<Value> {
    let outcome = Outcome::of(rule);
    let (kind, level) = match outcome {
        Outcome::Pass => ("pass", "none"),
        Outcome::Fail => ("fail", level(rule)),
        Outcome::NotApplicable => ("notApplicable", "none"),
        Outcome::Review => ("review", "none"),
        Outcome::Undecided | Outcome::Error => ("open", "none"),
    };
    let mut fingerprints = Fingerprints { asset: &assessment.asset.name, rule: &rule.id, seen: BTreeMap::new() };
    let result = |text: String, places: Vec<Value>, fingerprint: String| {
        json!({
            "ruleId": prose::short(&rule.id),
            "ruleIndex": index,
            "kind": kind,
            "level": level,
            "message": { "text": text },
            "locations": places,
            "partialFingerprints": { "mkeStigObject/v1": fingerprint },
            "properties": of_verdict(rule, outcome),
        })
    };
    let mut results = Vec::new();
    if outcome == Outcome::Fail {
        for line in outcome::deciding(rule) {
            let place = location(artifacts, assessment, Some(line));
            results.push(result(prose::sentence(line), vec![place], fingerprints.of(Some(line))));
        }
    }
    if results.is_empty() {
        let mut places: Vec<Value> =
            outcome::deciding(rule).take(PLACES).map(|line| location(artifacts, assessment, Some(line))).collect();
        if places.is_empty() {
            places.push(location(artifacts, assessment, None));
        }
        results.push(result(prose::headline(rule), places, fingerprints.of(None)));
    }
    results
}

fn of_verdict(rule: &RuleResult, outcome: Outcome) -> Value {
    let mut properties = Map::new();
    let mut add = |name: &str, value: Value| properties.insert(name.to_owned(), value);
    add("status", labels::status_key(rule.status).into());
    add("result", outcome.xccdf().into());
    add("checked", rule.checked.into());
    add("failed", rule.failed.into());
    add("evidenceDigest", prose::short(&rule.evidence_digest).into());
    add("evidenceOmitted", rule.evidence_omitted.into());
    if let Some(reason) = &rule.reason {
        add("reason", labels::reason_key(reason.code).into());
    }
    if !rule.comment.is_empty() {
        add("comment", prose::prose(&rule.comment).into());
    }
    if let Some(text) = prose::override_text(rule) {
        add("severityOverride", text.into());
    }
    if let Some(text) = &rule.risk_acceptance {
        add("riskAcceptance", prose::short(text).into());
    }
    Value::Object(properties)
}

/// Where a line of evidence stands: the member as an address; the object, its node and the pointer
/// as logical places.
fn location(artifacts: &Artifacts<'_>, assessment: &Assessment, line: Option<&Evidence>) -> Value {
    let asset = prose::short(&assessment.asset.name);
    let Some(line) = line else {
        return json!({ "logicalLocations": [{ "fullyQualifiedName": asset, "kind": "resource" }] });
    };
    let subject = prose::short(&line.subject);
    let mut logical = Vec::new();
    match &line.node {
        Some(node) => {
            let node = prose::short(node);
            logical.push(
                json!({ "name": subject, "fullyQualifiedName": format!("{node}/{subject}"), "kind": "resource" }),
            );
            logical.push(json!({ "name": node, "fullyQualifiedName": node, "kind": "node" }));
        }
        None => logical.push(json!({ "name": subject, "fullyQualifiedName": subject, "kind": "resource" })),
    }
    if line.pointer.starts_with('/') {
        logical.push(json!({ "fullyQualifiedName": prose::short(&line.pointer), "kind": "value" }));
    }
    let mut location = json!({ "logicalLocations": logical });
    if let Some(index) = artifacts.numbers.get(&(line.member.as_str(), line.sha256.as_str())) {
        let address = json!({ "uri": extract::uri(&line.member), "uriBaseId": BASE, "index": index });
        let mut place = json!({ "artifactLocation": address });
        if let Some(number) = extract::line_number(&line.pointer) {
            place["region"] = json!({ "startLine": number });
        }
        location["physicalLocation"] = place;
    }
    location
}

/// Fingerprints that stay when a list changes its order or a snapshot its name: of the asset, the
/// rule, the object and the field, without positions, members and times.
struct Fingerprints<'a> {
    asset: &'a str,
    rule: &'a str,
    seen: BTreeMap<String, u64>,
}

impl Fingerprints<'_> {
    fn of(&mut self, line: Option<&Evidence>) -> String {
        let mut hasher = Hasher::default();
        let mut add = |part: &str| hasher.part(part);
        add(self.asset);
        add(self.rule);
        if let Some(line) = line {
            add(line.node.as_deref().unwrap_or(""));
            add(&line.subject);
            // What is wanted tells apart two demands on one object.
            add(&line.wanted);
            let is_position = |token: &&str| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
            let field = line.pointer.split('/').filter(|token| !is_position(token));
            field.filter(|token| extract::line_number(token).is_none()).for_each(&mut add);
        }
        let mut key = hasher.finish().short(16);
        let times = self.seen.entry(key.clone()).or_default();
        *times += 1;
        // Equal objects are told apart by their order, which is all that there is.
        key.push_str(&format!(":{times}"));
        key
    }
}

fn invocation(assessment: &Assessment) -> Value {
    let mut notifications: Vec<Value> = Vec::new();
    for (index, rule) in assessment.rules.iter().enumerate() {
        if Outcome::of(rule) == Outcome::Error {
            notifications.push(json!({
                "level": "error",
                "message": { "text": prose::headline(rule) },
                "associatedRule": { "id": prose::short(&rule.id), "index": index },
            }));
        }
    }
    let snapshot = &assessment.snapshot;
    let broken = if snapshot.integrity.status == IntegrityStatus::Broken { "error" } else { "warning" };
    let problems = snapshot.integrity.problems.iter().map(|problem| (broken, problem));
    for (level, text) in problems.chain(snapshot.warnings.iter().map(|warning| ("warning", warning))) {
        notifications.push(json!({ "level": level, "message": { "text": prose::short(text) } }));
    }
    let mut invocation = json!({ "executionSuccessful": true, "toolExecutionNotifications": notifications });
    if let Some(time) = time::collected_utc(assessment) {
        // The time of the evidence: the analysis has none of its own, or two runs would differ.
        invocation["startTimeUtc"] = time.clone().into();
        invocation["endTimeUtc"] = time.into();
    }
    invocation
}

fn properties(assessment: &Assessment) -> Value {
    let inputs = assessment.snapshot.inputs.iter();
    let inputs: Vec<Value> = inputs
        .map(|input| json!({ "name": prose::short(&input.name), "sha256": prose::short(&input.sha256) }))
        .collect();
    json!({
        "marking": prose::marking(assessment),
        "benchmark": prose::benchmark(assessment),
        "pack": prose::short(&assessment.tool.pack.sha256),
        "integrity": labels::integrity(assessment.snapshot.integrity.status),
        "inputs": inputs,
    })
}
