//! `assessment.oscal.json`: OSCAL assessment results 1.1.2.
//!
//! Each rule is an observation, each Open a risk besides, and each control whose rules all decided a
//! finding: a rule that is Not Reviewed leaves its control without one, unless another rule is Open.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::model::assessment::{Assessment, DecidedBy, Input, Node, RuleResult, Status};
use crate::model::digest::{Digest, Hasher};
use crate::model::labels;
use crate::report::base::error::ReportError;
use crate::report::base::outcome::Outcome;
use crate::report::base::types::File;
use crate::report::base::{extract, json, outcome, prose, time};

/// The space in which this format's identifiers are made.
const SPACE: Uuid = Uuid::from_u128(0x6b1d_66b0_41c4_5f0e_9c75_2f2d_27a6_0c11);
/// Names our properties as ours.
const NS: &str = "urn:mke-stig:ns:oscal";
/// UTF-16 units of the text of an observation.
const DETAILS: usize = 30_000;

/// The assessment as OSCAL.
pub(crate) fn render(assessment: &Assessment) -> Result<File, ReportError> {
    let doc = Document::of(assessment);
    let rules = &assessment.rules;
    let observations = || rules.iter().map(|rule| doc.observation(rule));
    let root = Root {
        body: Body {
            uuid: doc.run("document", ""),
            metadata: doc.metadata(),
            plan: json!({
                "href": format!("#{}", doc.run("resource", "benchmark")),
                "remarks": "There is no assessment plan: the benchmark takes its place.",
            }),
            results: [json::With { object: doc.result(), list: "observations", items: observations }],
            back_matter: json!({ "resources": doc.resources() }),
        },
    };
    Ok(File { path: "assessment.oscal.json".to_owned(), text: json::pretty(&root)? })
}

#[derive(Serialize)]
struct Root<R> {
    #[serde(rename = "assessment-results")]
    body: Body<R>,
}

#[derive(Serialize)]
struct Body<R> {
    uuid: String,
    metadata: Value,
    #[serde(rename = "import-ap")]
    plan: Value,
    results: [R; 1],
    #[serde(rename = "back-matter")]
    back_matter: Value,
}

struct Document<'a> {
    assessment: &'a Assessment,
    /// Of the inputs, the rules and the verdicts: what makes this run another than the last.
    digest: String,
    time: String,
}

impl<'a> Document<'a> {
    fn of(assessment: &'a Assessment) -> Self {
        let mut hasher = Hasher::default();
        let mut add = |part: &str| hasher.part(part);
        let tool = &assessment.tool;
        for part in [&tool.version, &tool.pack.sha256, &assessment.asset.name] {
            add(part);
        }
        assessment.snapshot.inputs.iter().for_each(|input| add(&input.sha256));
        for rule in &assessment.rules {
            let parts = [&rule.id, labels::status_key(rule.status), &rule.evidence_digest, &rule.comment];
            parts.into_iter().for_each(&mut add);
        }
        let time = time::collected_utc(assessment).unwrap_or_else(|| time::UNKNOWN.to_owned());
        Self { assessment, digest: hasher.finish().to_string(), time }
    }

    /// The identifier of a thing of this run.
    fn run(&self, what: &str, name: &str) -> String {
        id(&[&self.digest, what, name])
    }

    /// The identifier of a thing that stays from run to run.
    fn lasting(&self, what: &str, name: &str) -> String {
        id(&[&self.assessment.asset.name, &self.assessment.benchmark.id, what, name])
    }

    fn metadata(&self) -> Value {
        let assessment = self.assessment;
        let tool = &assessment.tool;
        let mut props = Vec::new();
        let mut remarks = Vec::new();
        match assessment.marking.as_deref().and_then(value) {
            Some(marking) => {
                props.push(json!({ "name": "marking", "value": marking }));
                remarks.push(format!("Marking: {}.", prose::marking(assessment)));
            }
            None => remarks.push(format!("Marking: {}.", prose::NO_MARKING)),
        }
        if time::collected_utc(assessment).is_none() {
            remarks.push("No source states when it was collected; the times in this file stand for that.".to_owned());
        }
        props.extend(prop("tool", &format!("{} {}", tool.name, tool.version)));
        props.extend(prop("rule-pack", &format!("{} {}", tool.pack.id, tool.pack.version)));
        props.extend(prop("rule-pack-sha256", &tool.pack.sha256));
        let mut metadata = json!({
            "title": prose::subject(assessment),
            "last-modified": self.time,
            "version": value(&tool.version).unwrap_or_else(|| "unknown".to_owned()),
            "oscal-version": "1.1.2",
            "remarks": remarks.join("\n"),
        });
        set(&mut metadata, "props", props);
        metadata
    }

    fn resources(&self) -> Vec<Value> {
        let assessment = self.assessment;
        let benchmark = &assessment.benchmark;
        let mut props = Vec::new();
        for (name, text) in
            [("benchmark-id", &benchmark.id), ("version", &benchmark.version), ("release", &benchmark.release)]
        {
            props.extend(prop(name, text));
        }
        props.extend(prop("benchmark-date", &benchmark.date));
        let mut plan = json!({
            "uuid": self.run("resource", "benchmark"),
            "title": prose::benchmark(assessment),
            "description": "The benchmark by whose rules was judged.",
        });
        set(&mut plan, "props", props);
        if let Some(source) = &benchmark.source {
            set(&mut plan, "rlinks", vec![link(source)]);
        }
        let mut resources = vec![plan];
        resources.extend(assessment.snapshot.inputs.iter().enumerate().map(|(number, input)| {
            json!({
                "uuid": self.run("resource", &format!("input {number}")),
                "title": prose::short(&input.name),
                "description": "A snapshot that was read.",
                "rlinks": [link(input)],
            })
        }));
        resources
    }

    /// The result without its observations.
    fn result(&self) -> Value {
        let assessment = self.assessment;
        let open = assessment.rules.iter().filter(|rule| rule.status == Status::Open);
        let risks: Vec<Value> = open.map(|rule| self.risk(rule)).collect();
        let mut controls: BTreeMap<Control, Vec<&RuleResult>> = BTreeMap::new();
        for rule in &assessment.rules {
            for control in rule.controls.iter().filter_map(|control| Control::parse(control)) {
                let rules = controls.entry(control).or_default();
                if !rules.last().is_some_and(|last| std::ptr::eq(*last, rule)) {
                    rules.push(rule);
                }
            }
        }
        let findings: Vec<Value> =
            controls.iter().filter_map(|(control, rules)| self.finding(control, rules)).collect();
        let mut selected: Vec<Value> = Vec::new();
        for control in controls.keys() {
            let entry = json!({ "control-id": control.id });
            if selected.last() != Some(&entry) {
                selected.push(entry);
            }
        }
        let mut selection = json!({ "description": "The controls to which the benchmark's rules belong." });
        set(&mut selection, "include-controls", selected);
        let snapshot = &assessment.snapshot;
        let mut remarks = vec![format!("Integrity of the snapshot: {}.", labels::integrity(snapshot.integrity.status))];
        remarks.extend(snapshot.integrity.problems.iter().chain(&snapshot.warnings).map(|text| prose::short(text)));
        let mut result = json!({
            "uuid": self.run("result", ""),
            "title": prose::benchmark(assessment),
            "description": format!("{}, judged offline from a snapshot.", prose::subject(assessment)),
            "start": self.time,
            "end": self.time,
            "local-definitions": {
                "inventory-items": self.inventory(),
                "assessment-assets": {
                    "components": [{
                        "uuid": self.lasting("component", "tool"),
                        "type": "software",
                        "title": prose::short(&assessment.tool.name),
                        "description": "The program that judged.",
                        "status": { "state": "operational" },
                    }],
                    "assessment-platforms": [{
                        "uuid": self.lasting("platform", ""),
                        "uses-components": [{ "component-uuid": self.lasting("component", "tool") }],
                    }],
                },
            },
            "reviewed-controls": { "control-selections": [selection] },
            "remarks": remarks.join("\n"),
        });
        set(&mut result, "risks", risks);
        set(&mut result, "findings", findings);
        result
    }

    /// The nodes, each name once: a saved assessment may name one twice.
    fn nodes(&self) -> impl Iterator<Item = &Node> {
        let mut seen = BTreeSet::new();
        self.assessment.snapshot.nodes.iter().filter(move |node| seen.insert(node.name.as_str()))
    }

    /// The cluster and its nodes.
    fn inventory(&self) -> Vec<Value> {
        let asset = &self.assessment.asset;
        let mut props = prop("asset-name", &asset.name);
        props.extend(asset.fqdn.iter().filter_map(|name| known("fqdn", name)));
        props.extend(asset.macs.iter().filter_map(|mac| known("mac-address", mac)));
        props.extend(asset.ips.iter().filter_map(|address| known_address(address)));
        let cluster = format!("The cluster {}", prose::short(&asset.name));
        let mut items = vec![item(&self.lasting("asset", ""), &cluster, props)];
        for node in self.nodes() {
            let mut props: Vec<Value> = prop("hostname", &node.name);
            props.extend(node.role.iter().flat_map(|role| prop("role", role)));
            props.extend(node.os.iter().filter_map(|os| known("os-name", os)));
            props.extend(node.fqdn.iter().filter_map(|name| known("fqdn", name)));
            props.extend(node.macs.iter().filter_map(|mac| known("mac-address", mac)));
            props.extend(node.addresses.iter().filter_map(|address| known_address(address)));
            let description = format!("The node {}", prose::short(&node.name));
            items.push(item(&self.lasting("node", &node.name), &description, props));
        }
        items
    }

    fn observation(&self, rule: &RuleResult) -> Value {
        let outcome = Outcome::of(rule);
        let method = match (outcome, rule.decided_by) {
            // What a person looked at, and how, only the person can say.
            (_, DecidedBy::Answer) | (Outcome::Review | Outcome::Undecided | Outcome::Error, _) => "UNKNOWN",
            (Outcome::Pass | Outcome::Fail | Outcome::NotApplicable, _) => "EXAMINE",
        };
        let mut props = Vec::new();
        for (name, text) in [
            ("stig-vuln-id", rule.id.as_str()),
            ("stig-rule-id", &rule.rule_id),
            ("stig-id", &rule.stig_id),
            ("srg", &rule.srg),
            ("stig-result", outcome.xccdf()),
            ("stig-status", labels::status_key(rule.status)),
            ("severity", rule.severity.name()),
            ("evidence-digest", &rule.evidence_digest),
        ] {
            props.extend(prop(name, text));
        }
        if let Some(reason) = &rule.reason {
            props.extend(prop("reason", labels::reason_key(reason.code)));
        }
        props.extend(prop("evidence-lines-left-out", &rule.evidence_omitted.to_string()));
        props.extend(rule.ccis.iter().flat_map(|cci| prop("cci", cci)));
        let mut subjects = vec![subject(&self.lasting("asset", ""))];
        let nodes = extract::nodes(rule);
        let known = self.nodes().filter(|node| nodes.contains(node.name.as_str()));
        subjects.extend(known.map(|node| subject(&self.lasting("node", &node.name))));
        let mut observation = json!({
            "uuid": self.run("observation", &rule.id),
            "title": format!("{}: {}", prose::short(&rule.id), prose::short(extract::title(rule))),
            "description": prose::details(rule, DETAILS),
            "props": props,
            "methods": [method],
            "types": [if outcome == Outcome::Fail { "finding" } else { "control-objective" }],
            "origins": [{ "actors": [{ "type": "tool", "actor-uuid": self.lasting("component", "tool") }] }],
            "subjects": subjects,
            "collected": self.time,
            "remarks": prose::remarks(self.assessment, rule),
        });
        set(&mut observation, "relevant-evidence", evidence(rule));
        observation
    }

    fn risk(&self, rule: &RuleResult) -> Value {
        let mut props = prop("severity-cat", &format!("CAT {}", rule.cat));
        if let Some(given) = &rule.severity_override {
            props.extend(prop("severity-override", given.severity.name()));
        }
        if rule.risk_acceptance.is_some() {
            props.extend(prop("risk-acceptance", "claimed"));
        }
        let mut risk = json!({
            "uuid": self.lasting("risk", &rule.id),
            "title": prose::short(extract::title(rule)),
            "description": prose::headline(rule),
            "statement": prose::prose(extract::discussion(rule)),
            "status": "open",
            "remediations": [{
                "uuid": self.lasting("remediation", &rule.id),
                "lifecycle": "recommendation",
                "title": format!("Fix for {}", prose::short(&rule.id)),
                "description": prose::prose(extract::fix(rule)),
            }],
            "related-observations": [{ "observation-uuid": self.run("observation", &rule.id) }],
        });
        set(&mut risk, "props", props);
        risk
    }

    /// The finding on a control; none where its rules do not decide it.
    fn finding(&self, control: &Control, rules: &[&RuleResult]) -> Option<Value> {
        let open: Vec<_> = rules.iter().filter(|rule| rule.status == Status::Open).collect();
        let any = |status| rules.iter().any(|rule| rule.status == status);
        let (state, reason) = if !open.is_empty() {
            ("not-satisfied", "fail")
        } else if any(Status::NotAFinding) && !any(Status::NotReviewed) {
            ("satisfied", "pass")
        } else {
            return None;
        };
        let ids: Vec<String> =
            rules.iter().map(|rule| format!("{} {}", prose::short(&rule.id), labels::status(rule.status))).collect();
        let related = |rule: &&RuleResult| json!({ "observation-uuid": self.run("observation", &rule.id) });
        let observations: Vec<Value> = rules.iter().map(related).collect();
        let risks: Vec<Value> =
            open.iter().map(|rule| json!({ "risk-uuid": self.lasting("risk", &rule.id) })).collect();
        let mut finding = json!({
            "uuid": self.run("finding", &control.statement),
            "title": format!("{} as far as the benchmark's rules go", control.name),
            "description": format!("{}.", ids.join("; ")),
            "target": {
                "type": "statement-id",
                "target-id": control.statement,
                "status": { "state": state, "reason": reason },
            },
            "related-observations": observations,
        });
        set(&mut finding, "related-risks", risks);
        Some(finding)
    }
}

/// An identifier out of names: of version 5, so that equal names give equal identifiers.
fn id(names: &[&str]) -> String {
    let mut name = Vec::new();
    for part in names {
        name.extend((part.len() as u64).to_be_bytes());
        name.extend(part.as_bytes());
    }
    Uuid::new_v5(&SPACE, &name).to_string()
}

/// Sets a list that may not be there when it is empty.
fn set(object: &mut Value, key: &str, list: Vec<Value>) {
    if !list.is_empty() {
        object[key] = Value::Array(list);
    }
}

/// A text as the value of a property: one line that neither begins nor ends with a blank.
fn value(text: &str) -> Option<String> {
    let line = prose::short(text);
    if line.is_empty() { None } else { Some(line) }
}

/// A property of ours; none where its value would be empty.
fn prop(name: &str, text: &str) -> Vec<Value> {
    value(text).map(|value| json!({ "name": name, "ns": NS, "value": value })).into_iter().collect()
}

/// A property of OSCAL's own.
fn known(name: &str, text: &str) -> Option<Value> {
    value(text).map(|value| json!({ "name": name, "value": value }))
}

/// An IP address as a property; what is none stays out.
fn known_address(address: &str) -> Option<Value> {
    let name = match address.parse::<core::net::IpAddr>().ok()? {
        core::net::IpAddr::V4(_) => "ipv4-address",
        core::net::IpAddr::V6(_) => "ipv6-address",
    };
    known(name, address)
}

fn item(uuid: &str, description: &str, props: Vec<Value>) -> Value {
    let mut item = json!({ "uuid": uuid, "description": description });
    set(&mut item, "props", props);
    item
}

fn subject(uuid: &str) -> Value {
    json!({ "subject-uuid": uuid, "type": "inventory-item" })
}

fn link(input: &Input) -> Value {
    let mut link = json!({ "href": extract::uri(&input.name) });
    if input.sha256.parse::<Digest>().is_ok() {
        link["hashes"] = json!([{ "algorithm": "SHA-256", "value": input.sha256 }]);
    }
    link
}

/// The members that the verdict rests on, each with what was seen in it.
fn evidence(rule: &RuleResult) -> Vec<Value> {
    let mut members: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for line in outcome::deciding(rule).filter(|line| !line.member.is_empty()) {
        let said = format!("{} {}", prose::short(&line.pointer), prose::sentence(line));
        members.entry((&line.member, &line.sha256)).or_default().push(said.trim_start().to_owned());
    }
    let of_member = |((member, sha256), lines): ((&str, &str), Vec<String>)| {
        let mut evidence = json!({ "href": extract::uri(member), "description": lines.join("\n") });
        set(&mut evidence, "props", prop("sha256", sha256));
        evidence
    };
    members.into_iter().map(of_member).collect()
}

/// A control of NIST SP 800-53 in the names of OSCAL's catalogs.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Control {
    /// `ac-2.1`
    id: String,
    /// `ac-2.1_smt` or `ac-8_smt.a`
    statement: String,
    /// `AC-2 (1)`
    name: String,
}

impl Control {
    /// Reads `AC-2`, `AC-2 (1)`, `AC-8 a`, `IA-5 (1) (c)`.
    fn parse(text: &str) -> Option<Self> {
        let mut tokens = text.split_whitespace();
        let (family, number) = tokens.next()?.split_once('-')?;
        let is_number = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if family.len() != 2 || !family.bytes().all(|byte| byte.is_ascii_alphabetic()) || !is_number(number) {
            return None;
        }
        let mut id = format!("{}-{number}", family.to_ascii_lowercase());
        let mut parts = String::new();
        for token in tokens {
            let bare = token.strip_prefix('(').and_then(|token| token.strip_suffix(')')).unwrap_or(token);
            let bare = bare.strip_suffix('.').unwrap_or(bare);
            if is_number(bare) && token.starts_with('(') && parts.is_empty() && !id.contains('.') {
                id.push('.');
                id.push_str(bare);
            } else if is_number(bare) || (bare.len() == 1 && bare.bytes().all(|byte| byte.is_ascii_alphabetic())) {
                parts.push('.');
                parts.push_str(&bare.to_ascii_lowercase());
            } else {
                return None;
            }
        }
        let statement = format!("{id}_smt{parts}");
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Self { id, statement, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_named_as_in_catalogs() {
        for (text, id, statement) in [
            ("SC-10", "sc-10", "sc-10_smt"),
            ("AC-2 (1)", "ac-2.1", "ac-2.1_smt"),
            ("AC-8 a", "ac-8", "ac-8_smt.a"),
            ("CM-7 (5) (b)", "cm-7.5", "cm-7.5_smt.b"),
            ("AC-1 a 1", "ac-1", "ac-1_smt.a.1"),
        ] {
            let control = Control::parse(text).unwrap();
            assert_eq!((control.id.as_str(), control.statement.as_str()), (id, statement));
        }
        for text in ["", "AC", "AC-", "AC-x", "A-1", "AC-2 (x y)", "AC-2 <b>", "ÄC-2", "AC-2222", "AC-2 \u{202e}"] {
            assert_eq!(Control::parse(text), None, "{text}");
        }
    }

    #[test]
    fn names_do_not_run_together() {
        assert_ne!(id(&["a", "b"]), id(&["ab", ""]));
        assert_eq!(id(&["a"]).as_bytes()[14], b'5');
    }
}
