//! The result: observations, risks, and what they say of controls together.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::assessment::{DecidedBy, RuleResult, Status};
use crate::model::display;
use crate::model::labels;
use crate::report::base::outcome::Outcome;
use crate::report::base::prose::Form;
use crate::report::base::{extract, outcome, prose, text};
use crate::report::interchange::oscal::control::Control;
use crate::report::interchange::oscal::document::Document;
use crate::report::interchange::oscal::inventory;
use crate::report::interchange::oscal::model::{
    Actor, AssessmentAssets, AssessmentResult, Component, ComponentReference, ComponentStatus, ControlSelection,
    Finding, LocalDefinitions, Observation, ObservationReference, Origin, Platform, Prop, RelevantEvidence,
    Remediation, ReviewedControls, Risk, RiskReference, SelectedControl, Subject, Target, TargetStatus,
};

/// UTF-16 units of the text of an observation.
const DETAILS: usize = 30_000;

/// The result with these observations.
pub(crate) fn result<O: Serialize>(doc: &Document<'_>, observations: O) -> AssessmentResult<O> {
    let assessment = doc.assessment;
    let open = assessment.rules.iter().filter(|rule| rule.status == Status::Open);
    let controls = controls(&assessment.rules);
    let snapshot = &assessment.snapshot;
    let mut remarks = vec![format!("Integrity of the snapshot: {}.", labels::integrity(snapshot.integrity.status))];
    remarks.extend(snapshot.integrity.problems.iter().chain(&snapshot.warnings).map(|text| text::short(text)));
    AssessmentResult {
        description: format!("{}, judged offline from a snapshot.", prose::subject(assessment)),
        end: doc.time.clone(),
        findings: controls.iter().filter_map(|(control, rules)| finding(doc, control, rules)).collect(),
        local_definitions: LocalDefinitions { assessment_assets: assets(doc), inventory_items: inventory::items(doc) },
        remarks: remarks.join("\n"),
        reviewed_controls: ReviewedControls {
            control_selections: [ControlSelection {
                description: "The controls to which the benchmark's rules belong.",
                include_controls: selected(&controls),
            }],
        },
        risks: open.map(|rule| risk(doc, rule)).collect(),
        start: doc.time.clone(),
        title: prose::benchmark(assessment),
        uuid: doc.run("result", ""),
        observations,
    }
}

/// The rules of each control.
fn controls(rules: &[RuleResult]) -> BTreeMap<Control, Vec<&RuleResult>> {
    let mut controls: BTreeMap<Control, Vec<&RuleResult>> = BTreeMap::new();
    for rule in rules {
        for control in rule.controls.iter().filter_map(|control| Control::parse(control)) {
            let rules = controls.entry(control).or_default();
            if !rules.last().is_some_and(|last| std::ptr::eq(*last, rule)) {
                rules.push(rule);
            }
        }
    }
    controls
}

/// Each control once, whatever statements of it rules name.
fn selected(controls: &BTreeMap<Control, Vec<&RuleResult>>) -> Vec<SelectedControl> {
    let mut selected: Vec<SelectedControl> =
        controls.keys().map(|control| SelectedControl { control_id: control.id.clone() }).collect();
    selected.dedup();
    selected
}

fn assets(doc: &Document<'_>) -> AssessmentAssets {
    let tool = doc.lasting("component", "tool");
    AssessmentAssets {
        assessment_platforms: [Platform {
            uses_components: [ComponentReference { component_uuid: tool.clone() }],
            uuid: doc.lasting("platform", ""),
        }],
        components: [Component {
            description: "The program that judged.",
            status: ComponentStatus { state: "operational" },
            title: text::short(&doc.assessment.tool.name),
            kind: "software",
            uuid: tool,
        }],
    }
}

/// A rule as an observation.
pub(crate) fn observation<'a>(doc: &'a Document<'_>, rule: &RuleResult) -> Observation<'a> {
    let outcome = Outcome::of(rule);
    let method = match (outcome, rule.decided_by) {
        // What a person looked at, and how, only the person can say.
        (_, DecidedBy::Answer) | (Outcome::Review | Outcome::Undecided | Outcome::Error, _) => "UNKNOWN",
        (Outcome::Pass | Outcome::Fail | Outcome::NotApplicable, _) => "EXAMINE",
    };
    let tool = Actor { actor_uuid: doc.lasting("component", "tool"), kind: "tool" };
    Observation {
        collected: &doc.time,
        description: prose::details(rule, Form::within(DETAILS)),
        methods: [method],
        origins: [Origin { actors: [tool] }],
        props: props(rule, outcome),
        relevant_evidence: evidence(rule),
        remarks: prose::remarks(doc.assessment, rule, Form::within(DETAILS)),
        subjects: subjects(doc, rule),
        title: format!("{}: {}", text::short(&rule.id), text::short(extract::title(rule))),
        types: [if outcome == Outcome::Fail { "finding" } else { "control-objective" }],
        uuid: doc.run("observation", &rule.id),
    }
}

fn props(rule: &RuleResult, outcome: Outcome) -> Vec<Prop> {
    let mut props: Vec<Prop> = [
        ("stig-vuln-id", rule.id.as_str()),
        ("stig-rule-id", &rule.rule_id),
        ("stig-id", &rule.stig_id),
        ("srg", &rule.srg),
        ("stig-result", outcome.xccdf()),
        ("stig-status", labels::status_key(rule.status)),
        ("severity", rule.severity.name()),
        ("evidence-digest", &rule.evidence_digest),
    ]
    .into_iter()
    .filter_map(|(name, text)| Prop::own(name, text))
    .collect();
    props.extend(rule.reason.as_ref().and_then(|reason| Prop::own("reason", labels::reason_key(reason.code))));
    props.extend(Prop::own("evidence-lines-left-out", &rule.evidence_omitted.to_string()));
    props.extend(rule.ccis.iter().filter_map(|cci| Prop::own("cci", cci)));
    props
}

/// The cluster, and the nodes that deciding evidence names.
fn subjects(doc: &Document<'_>, rule: &RuleResult) -> Vec<Subject> {
    let subject = |uuid: String| Subject { subject_uuid: uuid, kind: "inventory-item" };
    let named = extract::nodes(rule);
    let nodes = doc.nodes().filter(|node| named.contains(node.name.as_str()));
    let mut subjects = vec![subject(doc.lasting("asset", ""))];
    subjects.extend(nodes.map(|node| subject(doc.lasting("node", &node.name))));
    subjects
}

/// The members that the verdict rests on, each with what was seen in it.
fn evidence(rule: &RuleResult) -> Vec<RelevantEvidence> {
    let mut members: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for line in outcome::deciding(rule).filter(|line| !line.member.is_empty()) {
        let said = format!("{} {}", text::short(&line.pointer), prose::sentence(line));
        members.entry((&line.member, &line.sha256)).or_default().push(said.trim_start().to_owned());
    }
    let of_member = |((member, sha256), lines): ((&str, &str), Vec<String>)| RelevantEvidence {
        description: lines.join("\n"),
        href: extract::uri(member),
        props: Prop::own("sha256", sha256).map(|digest| [digest]),
    };
    members.into_iter().map(of_member).collect()
}

fn related(doc: &Document<'_>, rule: &RuleResult) -> ObservationReference {
    ObservationReference { observation_uuid: doc.run("observation", &rule.id) }
}

fn risk(doc: &Document<'_>, rule: &RuleResult) -> Risk {
    let accepted = rule.risk_acceptance.as_ref().and_then(|_| Prop::own("risk-acceptance", "claimed"));
    let given = rule.severity_override.as_ref();
    let props = [
        Prop::own("severity-cat", &format!("CAT {}", rule.cat)),
        given.and_then(|given| Prop::own("severity-override", given.severity.name())),
        accepted,
    ];
    Risk {
        description: prose::headline(rule),
        props: props.into_iter().flatten().collect(),
        related_observations: [related(doc, rule)],
        remediations: [Remediation {
            description: display::visible(extract::fix(rule)).into_owned(),
            lifecycle: "recommendation",
            title: format!("Fix for {}", text::short(&rule.id)),
            uuid: doc.lasting("remediation", &rule.id),
        }],
        statement: display::visible(extract::discussion(rule)).into_owned(),
        status: "open",
        title: text::short(extract::title(rule)),
        uuid: doc.lasting("risk", &rule.id),
    }
}

/// The finding on a control; none where its rules do not decide it.
fn finding(doc: &Document<'_>, control: &Control, rules: &[&RuleResult]) -> Option<Finding> {
    let open: Vec<_> = rules.iter().filter(|rule| rule.status == Status::Open).collect();
    let any = |status| rules.iter().any(|rule| rule.status == status);
    let (state, reason) = if !open.is_empty() {
        ("not-satisfied", "fail")
    } else if any(Status::NotAFinding) && !any(Status::NotReviewed) {
        ("satisfied", "pass")
    } else {
        return None;
    };
    let statuses: Vec<String> =
        rules.iter().map(|rule| format!("{} {}", text::short(&rule.id), labels::status(rule.status))).collect();
    Some(Finding {
        description: format!("{}.", statuses.join("; ")),
        related_observations: rules.iter().map(|rule| related(doc, rule)).collect(),
        related_risks: open.iter().map(|rule| RiskReference { risk_uuid: doc.lasting("risk", &rule.id) }).collect(),
        target: Target {
            status: TargetStatus { reason, state },
            target_id: control.statement.clone(),
            kind: "statement-id",
        },
        title: format!("{} as far as the benchmark's rules go", control.name),
        uuid: doc.run("finding", &control.statement),
    })
}
