//! Runs a rule's own test cases, in the way in which snapshots are read.
//!
//! A case is made into a small snapshot with its manifest, and this goes through the same code as any
//! input. So a case also tries how its kinds are located, read and projected, and a rule cannot pass
//! its cases with facts that no snapshot could hold.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::assess::run::{Options, assess};
use crate::facts::Source;
use crate::layout::{DumpForm, Encoding, Kind, case_path};
use crate::model::assessment::{Reason, ReasonCode, RuleResult, Status};
use crate::model::digest::Digest;
use crate::model::labels;
use crate::rules::{Case, CaseInput, Cases, Gap, Orchestrator, Pack, Rule, stock_cases};
use crate::ssp::Ssp;

/// A case that did not give what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFailure {
    /// The rule.
    pub rule: String,
    /// The case.
    pub case: String,
    /// What came out, and what should have.
    pub message: String,
}

/// What came out of the cases of a pack.
#[derive(Debug, Default)]
pub struct CaseRun {
    /// How many that are written ran.
    pub written: usize,
    /// How many ran that follow from what is given ([`stock_cases`]).
    pub derived: usize,
    /// Those that failed.
    pub failures: Vec<CaseFailure>,
}

/// Runs all cases of a pack's rules, and those that follow from what they are given.
#[must_use]
pub fn run_cases(pack: &Pack, cases: &Cases) -> CaseRun {
    let mut run = CaseRun::default();
    for rule in &pack.rules {
        let Some(of_rule) = cases.of_rules.get(&rule.id) else { continue };
        let mut fail = |case: &str, message: String| {
            run.failures.push(CaseFailure { rule: rule.id.clone(), case: case.to_owned(), message });
        };
        for case in &of_rule.cases {
            run.written += 1;
            run_case(pack, rule, case).unwrap_or_else(|message| fail(&case.name, message));
        }
        let Some(given) = &of_rule.given else { continue };
        if let Err(message) = holds(pack, rule, given) {
            fail("given", message);
            continue;
        }
        for case in stock_cases(rule, given) {
            run.derived += 1;
            run_case(pack, rule, &case).unwrap_or_else(|message| fail(&case.name, message));
        }
    }
    run
}

/// Whether a rule holds on what its cases are given, as far as a program can tell.
fn holds(pack: &Pack, rule: &Rule, given: &CaseInput) -> Result<(), String> {
    let result = case_result(pack, rule, given)?;
    let left_to_people = |reason: &Reason| matches!(reason.code, ReasonCode::NeedsSsp | ReasonCode::NeedsPerson);
    if result.status == Status::NotAFinding || result.reason.as_ref().is_some_and(left_to_people) {
        return Ok(());
    }
    let told = result.reason.map(|reason| format!(": {}", reason.text)).unwrap_or_default();
    Err(format!(
        "gives {}{told}; what is given must be a cluster on which the rule holds",
        labels::status_key(result.status)
    ))
}

/// What comes out of a case of a rule.
///
/// # Errors
/// A case that cannot be made into a snapshot.
pub fn case_result(pack: &Pack, rule: &Rule, case: &CaseInput) -> Result<RuleResult, String> {
    let ssp = match &case.ssp {
        None => Ssp::default(),
        Some(text) => Ssp::parse("the case's ssp", text)
            .map_err(|problems| problems.first().map(crate::yaml::Problem::line).unwrap_or_default())?,
    };
    let mut single = pack.clone();
    single.rules = vec![rule.clone()];
    let mut options = Options { ssp, reading: case.reading, evidence_limit: 50, ..Options::default() };
    options.bounds.jobs = 1;
    let snapshot = snapshot(case)?;
    let mut assessment = assess(&[Source::Files { name: "case".to_owned(), files: snapshot }], &[single], &options)
        .map_err(|error| error.to_string())?;
    assessment.rules.pop().ok_or_else(|| "the rule has vanished".to_owned())
}

fn run_case(pack: &Pack, rule: &Rule, case: &Case) -> Result<(), String> {
    let result = case_result(pack, rule, &case.input)?;
    let reason = result.reason.as_ref();
    let told = reason.map(|reason| reason.text.as_str()).unwrap_or_default();
    let (status, code) = (labels::status_key(result.status), reason.map(|reason| reason.code));
    if result.status != case.status {
        let code = code.map(labels::reason_key);
        return Err(format!("gives {status} {code:?}, not {}: {told}", labels::status_key(case.status)));
    }
    match case.reason {
        Some(wanted) if code != Some(wanted) => Err(format!(
            "gives the reason {:?}, not {}: {told}",
            code.map(labels::reason_key),
            labels::reason_key(wanted)
        )),
        _ => Ok(()),
    }
}

fn snapshot(case: &CaseInput) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut members: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut statuses: BTreeMap<String, &str> = BTreeMap::new();
    // Something is always there, so that a case without facts is a snapshot all the same.
    members.insert("cluster/kubectl/version.json".to_owned(), b"{}".to_vec());
    if !case.nodes.is_empty() {
        members.insert("cluster/docker/nodes.json".to_owned(), node_list(case).to_string().into_bytes());
    }
    for facts in &case.facts {
        let path = case_path(&facts.kind, facts.node.as_deref()).ok_or_else(|| {
            format!("{} has no place {}", facts.kind, facts.node.as_deref().unwrap_or("in the cluster"))
        })?;
        members.insert(path, content(&facts.kind, &facts.objects)?);
    }
    for (kind, node, gap) in &case.gaps {
        let path = case_path(kind, node.as_deref()).ok_or_else(|| format!("{kind} has no place"))?;
        match gap {
            Gap::Missing => {
                members.remove(&path);
                statuses.insert(path, "failed");
            }
            Gap::Forbidden => {
                members.remove(&path);
                statuses.insert(path, "forbidden");
            }
            Gap::Truncated => {
                let content = members.entry(path.clone()).or_default();
                // A list that is truncated and empty would read as an empty file.
                if content.is_empty() {
                    content.extend_from_slice(begun(kind));
                }
                statuses.insert(path, "truncated");
            }
            Gap::Unreadable => {
                members.insert(path, b"<html><title>502 Bad Gateway</title></html>".to_vec());
            }
        }
    }
    let mut manifest = vec![
        json!({"record": "header", "format": 1, "collector": "case", "cluster_id": "case", "started": "2026-11-20T08:00:00Z", "mode": "all"}),
    ];
    for (path, content) in &members {
        manifest.push(json!({
            "record": "item", "path": path, "status": statuses.remove(path).unwrap_or("collected"),
            "bytes": content.len(), "sha256": Digest::of(content).to_string(),
        }));
    }
    for (path, status) in statuses {
        manifest.push(json!({"record": "item", "path": path, "status": status, "bytes": 0, "sha256": null}));
    }
    manifest.push(json!({"record": "footer", "items": manifest.len() - 1, "complete": true}));
    let lines: Vec<String> = manifest.iter().map(|line| format!("{line}\n")).collect();
    members.insert("manifest.jsonl".to_owned(), lines.concat().into_bytes());
    Ok(members.into_iter().collect())
}

fn node_list(case: &CaseInput) -> Value {
    let label = |orchestrator| case.orchestrators.contains(&orchestrator).then_some("true");
    let nodes = case.nodes.iter().map(|name| {
        let mut labels = serde_json::Map::new();
        for orchestrator in [Orchestrator::Swarm, Orchestrator::Kubernetes] {
            if let Some(value) = label(orchestrator) {
                labels.insert(format!("com.docker.ucp.orchestrator.{}", orchestrator.name()), value.into());
            }
        }
        let role = if name.starts_with("mgr") { "manager" } else { "worker" };
        json!({"ID": name, "Spec": {"Role": role, "Labels": labels}, "Description": {"Hostname": name, "Platform": {"OS": "linux"}}})
    });
    Value::Array(nodes.collect())
}

/// An object of a case with the parts that every object of its kind has; what a case says of them stays.
fn shaped(kind: &Kind, object: &Value) -> Value {
    let mut object = object.clone();
    for table in kind.whole_with() {
        // A program writes values into the tables that it writes, and another table behind the last.
        for (table, key) in [(*table, "(of the case)"), ("~", "~")] {
            if let Some(table) = object.as_object_mut().map(|fields| fields.entry(table).or_insert_with(|| json!({})))
                && let Some(fields) = table.as_object_mut()
            {
                fields.entry(key).or_insert_with(|| true.into());
            }
        }
    }
    for path in kind.shape() {
        let keys: Vec<&str> = path.split('.').collect();
        let mut at = &mut object;
        for key in keys {
            let Value::Object(fields) = at else { break };
            // What a kind must have and the case does not speak of is there, and says nothing.
            at = fields.entry(key).or_insert_with(|| json!({}));
            if at.as_array().is_some_and(Vec::is_empty) {
                *at = json!([{}]);
            }
        }
    }
    object
}

/// What is there of a member that was cut off at once.
fn begun(kind: &Kind) -> &'static [u8] {
    match kind.encoding() {
        Encoding::Toml => b"# cut",
        Encoding::Json if !kind.is_list() => b"{}",
        _ => b"[]",
    }
}

fn content(kind: &Kind, objects: &[Value]) -> Result<Vec<u8>, String> {
    let objects: Vec<Value> = objects.iter().map(|object| shaped(kind, object)).collect();
    let one = || objects.first().cloned().unwrap_or_else(|| json!({}));
    Ok(match kind.encoding() {
        Encoding::Json if kind.dump_form() == Some(DumpForm::InstanceId) => {
            one()["id"].as_str().unwrap_or_default().to_owned().into_bytes()
        }
        Encoding::Json if kind.name() == "docker.image" || objects.len() == 1 && !kind.is_list() => {
            objects.iter().map(|object| format!("{object}\n")).collect::<String>().into_bytes()
        }
        Encoding::Json => Value::from(objects).to_string().into_bytes(),
        Encoding::JsonUnder("items") => {
            let own = kind.name().trim_start_matches("kube.");
            let items = objects.iter().map(|object| {
                let mut object = object.clone();
                object["kind"] = own.into();
                object
            });
            json!({"apiVersion": "v1", "kind": "List", "items": items.collect::<Vec<_>>()}).to_string().into_bytes()
        }
        Encoding::JsonUnder(key) => json!({ key: objects }).to_string().into_bytes(),
        Encoding::Text(_) => {
            let text = objects.first().and_then(Value::as_str).unwrap_or_default();
            let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            format!("{text}{end}").into_bytes()
        }
        Encoding::Toml => toml::to_string(&one()).map_err(|error| error.to_string())?.into_bytes(),
        Encoding::KeyValue => {
            let object = one();
            let lines = object.as_object().into_iter().flatten();
            lines
                .map(|(key, value)| format!("{key}=\"{}\"\n", value.as_str().unwrap_or_default()))
                .collect::<String>()
                .into_bytes()
        }
    })
}
