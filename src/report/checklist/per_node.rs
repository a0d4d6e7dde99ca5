//! One node of an assessment, as an assessment of its own.
//!
//! An assessment shows evidence up to a cap and judges the cluster as a whole. What of a verdict holds
//! for one node is derived so that what is not shown never passes: a node is Open by its own failing
//! evidence or by what fails of the cluster itself, and Not a Finding only where nothing is left out
//! and its own evidence, or that of a list of the whole cluster, is there.

use std::collections::BTreeMap;

use crate::model::assessment::{
    Assessment, Asset, ClassCount, DecidedBy, Evidence, EvidenceStatus, GivenAnswer, Node, Reason, ReasonCode,
    RuleResult, Status,
};
use crate::model::labels;

/// What the asset of a node's checklist is.
pub(crate) fn node_summary(assessment: &Assessment, node: &Node) -> String {
    format!(
        "Node {} of the cluster {}: only this node's evidence, and what holds of the cluster as a whole.",
        node.name, assessment.asset.name
    )
}

/// The assessment with the results of one node in place of the cluster's.
pub(crate) fn of_node(assessment: &Assessment, node: &Node) -> Assessment {
    let rules: Vec<RuleResult> = assessment.rules.iter().map(|rule| of_rule(rule, node)).collect();
    let mut summary = assessment.summary.clone();
    summary.by_status.values_mut().for_each(|count| *count = 0);
    summary.by_cat.values_mut().flat_map(BTreeMap::values_mut).for_each(|count| *count = 0);
    for rule in &rules {
        let key = labels::status_key(rule.status);
        *summary.by_status.entry(key.to_owned()).or_default() += 1;
        *summary.by_cat.entry(rule.cat).or_default().entry(key.to_owned()).or_default() += 1;
    }
    Assessment {
        schema: assessment.schema.clone(),
        tool: assessment.tool.clone(),
        marking: assessment.marking.clone(),
        benchmark: assessment.benchmark.clone(),
        asset: Asset {
            name: node.name.clone(),
            fqdn: node.fqdn.clone(),
            ips: node.addresses.clone(),
            macs: node.macs.clone(),
        },
        snapshot: assessment.snapshot.clone(),
        decisions: assessment.decisions.clone(),
        summary,
        rules,
    }
}

/// What a rule's evidence says of a node.
struct NodeEvidence<'r> {
    /// Its own lines, and those of the cluster as a whole.
    lines: Vec<&'r Evidence>,
    rule: &'r RuleResult,
    name: &'r str,
}

impl<'r> NodeEvidence<'r> {
    fn of(rule: &'r RuleResult, name: &'r str) -> Self {
        let concerns = |line: &&Evidence| line.node.as_deref().is_none_or(|node| node == name);
        Self { lines: rule.evidence.iter().filter(concerns).collect(), rule, name }
    }

    /// Whether a line of this status is the node's own.
    fn own(&self, statuses: &[EvidenceStatus]) -> bool {
        self.lines.iter().any(|line| line.node.is_some() && statuses.contains(&line.status))
    }

    /// Whether a line of this status speaks of the cluster as a whole.
    fn common(&self, statuses: &[EvidenceStatus]) -> bool {
        self.lines.iter().any(|line| line.node.is_none() && statuses.contains(&line.status))
    }

    /// Whether what holds is shown node by node: then nothing is known of a node without such a line.
    fn is_per_node(&self) -> bool {
        let holds = |line: &&Evidence| matches!(line.status, EvidenceStatus::Passes | EvidenceStatus::Excepted);
        self.rule.evidence.iter().filter(holds).any(|line| line.node.is_some())
    }

    /// Whether the evidence shows that nothing of this node breaks the rule.
    fn holds(&self) -> bool {
        const HOLDS: [EvidenceStatus; 2] = [EvidenceStatus::Passes, EvidenceStatus::Excepted];
        self.own(&HOLDS) || self.common(&HOLDS) && !self.is_per_node()
    }
}

fn of_rule(rule: &RuleResult, node: &Node) -> RuleResult {
    let evidence = NodeEvidence::of(rule, &node.name);
    let (status, reason, note) = match rule.status {
        Status::Open => open(&evidence),
        Status::NotAFinding => not_a_finding(&evidence),
        Status::NotReviewed => (Status::NotReviewed, rule.reason.clone(), "This is the cluster's status."),
        Status::NotApplicable => {
            (Status::NotApplicable, None, "The rule does not apply to the cluster, so not to this node.")
        }
    };
    let own_counts = |statuses: &[EvidenceStatus]| -> u64 {
        let counted = evidence.lines.iter().filter(|line| statuses.contains(&line.status));
        counted.map(|line| line.count).fold(0, u64::saturating_add)
    };
    let stays_open = rule.status == Status::Open && status == Status::Open;
    let mut comment = format!("{note} Of the cluster as a whole the rule is {}.", labels::status(rule.status));
    if !rule.comment.is_empty() {
        comment.push_str(&format!(" What is said of the cluster: {}", rule.comment));
    }
    let exempts = rule.status == Status::NotApplicable;
    RuleResult {
        status,
        reason,
        gaps: if stays_open { rule.gaps.clone() } else { Vec::new() },
        severity_override: rule.severity_override.clone().filter(|_| stays_open),
        risk_acceptance: rule.risk_acceptance.clone().filter(|_| stays_open),
        checked: own_counts(&[
            EvidenceStatus::Fails,
            EvidenceStatus::Unknown,
            EvidenceStatus::Excepted,
            EvidenceStatus::Passes,
        ]),
        failed: own_counts(&[EvidenceStatus::Fails]),
        classes: BTreeMap::<String, ClassCount>::new(),
        // What exempts the cluster may stand on any of its nodes.
        evidence: if exempts { rule.evidence.clone() } else { evidence.lines.into_iter().cloned().collect() },
        comment,
        // An answer about another node is no word about this one.
        answers: rule.answers.iter().filter(|answer| concerns(answer, &node.name)).cloned().collect(),
        ..rule.clone()
    }
}

fn concerns(answer: &GivenAnswer, node: &str) -> bool {
    answer.node.as_deref().is_none_or(|wanted| wanted == node)
}

type Derived = (Status, Option<Reason>, &'static str);

fn open(evidence: &NodeEvidence<'_>) -> Derived {
    let rule = evidence.rule;
    if evidence.own(&[EvidenceStatus::Fails]) {
        return (Status::Open, None, "This node's own evidence fails.");
    }
    if evidence.common(&[EvidenceStatus::Fails]) {
        return (Status::Open, None, "What fails is of the cluster as a whole, and with it of every node.");
    }
    if rule.decided_by == DecidedBy::Answer {
        return (Status::Open, None, "A person found it open for the cluster; of which nodes is in the comment.");
    }
    let why = if rule.evidence_omitted > 0 {
        "the assessment does not show all of its evidence (`--evidence-limit 0` keeps more)"
    } else if !rule.gaps.is_empty() {
        "not all could be looked at"
    } else if evidence.lines.iter().any(|line| line.status == EvidenceStatus::Unknown) {
        "some of the evidence cannot be told"
    } else if !evidence.holds() {
        "no evidence of this node is there"
    } else {
        return (Status::NotAFinding, None, "What fails is on other nodes, and all evidence is shown.");
    };
    let text = format!(
        "The rule is Open for the cluster. No failing evidence of {} is shown, but {why}, so that it is not known to hold here.",
        evidence.name
    );
    (Status::NotReviewed, Some(Reason { code: ReasonCode::Partial, text }), "What fails is shown of other nodes.")
}

fn not_a_finding(evidence: &NodeEvidence<'_>) -> Derived {
    if evidence.rule.decided_by == DecidedBy::Answer {
        return (Status::NotAFinding, None, "A person decided this for the cluster.");
    }
    if evidence.own(&[EvidenceStatus::Passes, EvidenceStatus::Excepted]) {
        return (Status::NotAFinding, None, "This node's own evidence holds.");
    }
    if evidence.holds() {
        return (Status::NotAFinding, None, "This is judged for the cluster as a whole.");
    }
    let why = if evidence.rule.evidence_omitted > 0 {
        "the assessment does not show all of its evidence (`--evidence-limit 0` keeps more)"
    } else {
        "the rule looked at other nodes"
    };
    let text = format!("No evidence of {} is shown: {why}. Other nodes hold.", evidence.name);
    (Status::NotReviewed, Some(Reason { code: ReasonCode::Partial, text }), "This node is not among what is shown.")
}
