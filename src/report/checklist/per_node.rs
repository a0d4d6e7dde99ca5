//! One node of an assessment, as an assessment of its own.
//!
//! An assessment shows evidence up to a cap and judges the cluster as a whole. What of a verdict holds
//! for one node is derived so that what is not shown never passes: a node is Open by its own failing
//! evidence or by what fails of the cluster itself, and Not a Finding only where nothing is left out
//! and its own evidence, or that of a list of the whole cluster, is there.

use std::collections::BTreeMap;

use crate::model::assessment::{
    Assessment, Asset, ClassCount, DecidedBy, Evidence, EvidenceStatus, GivenAnswer, Integrity, Node, Reason,
    ReasonCode, RuleResult, Snapshot, Status,
};
use crate::model::labels;

/// Lines that a node's checklist shows of why a rule does not apply to the cluster.
const EXEMPTS: usize = 100;

/// What the asset of a node's checklist is.
pub(crate) fn node_summary(assessment: &Assessment, node: &Node) -> String {
    format!(
        "Node {} of the cluster {}: only this node's evidence, and what holds of the cluster as a whole.",
        node.name, assessment.asset.name
    )
}

/// The rules of an assessment, with their evidence by node: so each node's results take time by its own evidence, not by that of all
/// nodes.
pub(crate) struct ByNode<'a> {
    assessment: &'a Assessment,
    rules: Vec<Indexed<'a>>,
}

/// A rule and whose its evidence is.
struct Indexed<'a> {
    rule: &'a RuleResult,
    /// The rule without its evidence.
    bare: RuleResult,
    /// The numbers of the lines of each node.
    own: BTreeMap<&'a str, Vec<usize>>,
    /// The numbers of the lines that speak of the cluster as a whole.
    common: Vec<usize>,
    /// Whether what holds is shown node by node: then nothing is known of a node without such a line.
    is_per_node: bool,
}

impl<'a> Indexed<'a> {
    fn of(rule: &'a RuleResult) -> Self {
        let (mut own, mut common): (BTreeMap<&str, Vec<usize>>, _) = (BTreeMap::new(), Vec::new());
        for (number, line) in rule.evidence.iter().enumerate() {
            match &line.node {
                Some(node) => own.entry(node).or_default().push(number),
                None => common.push(number),
            }
        }
        let is_per_node = rule.evidence.iter().any(|line| line.node.is_some() && HOLDS.contains(&line.status));
        // What a node's result states itself is left out, so that it is not copied for every node.
        let bare = RuleResult {
            evidence: Vec::new(),
            gaps: Vec::new(),
            answers: Vec::new(),
            classes: BTreeMap::new(),
            reason: None,
            comment: String::new(),
            ..rule.clone()
        };
        Self { rule, bare, own, common, is_per_node }
    }
}

impl<'a> ByNode<'a> {
    pub(crate) fn of(assessment: &'a Assessment) -> Self {
        Self { assessment, rules: assessment.rules.iter().map(Indexed::of).collect() }
    }

    /// The assessment with the results of one node in place of the cluster's.
    pub(crate) fn node(&self, node: &Node) -> Assessment {
        let rules = self.rules.iter().map(|rule| of_rule(rule, node)).collect();
        of_node(self.assessment, node, rules)
    }
}

fn of_node(assessment: &Assessment, node: &Node, rules: Vec<RuleResult>) -> Assessment {
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
        // Of the snapshot a checklist of one node tells no other nodes.
        snapshot: Snapshot {
            inputs: assessment.snapshot.inputs.clone(),
            collected_at: assessment.snapshot.collected_at.clone(),
            cluster_id: assessment.snapshot.cluster_id.clone(),
            mke_version: assessment.snapshot.mke_version.clone(),
            orchestrators: assessment.snapshot.orchestrators.clone(),
            nodes: vec![node.clone()],
            integrity: Integrity { problems: Vec::new(), ..assessment.snapshot.integrity },
            warnings: Vec::new(),
        },
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
    is_per_node: bool,
    name: &'r str,
}

const HOLDS: [EvidenceStatus; 2] = [EvidenceStatus::Passes, EvidenceStatus::Excepted];

impl<'r> NodeEvidence<'r> {
    fn of(indexed: &'r Indexed<'_>, name: &'r str) -> Self {
        let Indexed { rule, own, common, is_per_node, .. } = indexed;
        let mut numbers: Vec<usize> = own.get(name).into_iter().flatten().chain(common).copied().collect();
        numbers.sort_unstable();
        let lines = numbers.into_iter().map(|number| &rule.evidence[number]).collect();
        Self { lines, rule, is_per_node: *is_per_node, name }
    }

    /// Whether a line of this status is the node's own.
    fn own(&self, statuses: &[EvidenceStatus]) -> bool {
        self.lines.iter().any(|line| line.node.is_some() && statuses.contains(&line.status))
    }

    /// Whether a line of this status speaks of the cluster as a whole.
    fn common(&self, statuses: &[EvidenceStatus]) -> bool {
        self.lines.iter().any(|line| line.node.is_none() && statuses.contains(&line.status))
    }

    /// Whether the evidence shows that nothing of this node breaks the rule.
    fn holds(&self) -> bool {
        self.own(&HOLDS) || self.common(&HOLDS) && !self.is_per_node
    }
}

fn of_rule(indexed: &Indexed<'_>, node: &Node) -> RuleResult {
    let rule = indexed.rule;
    let evidence = NodeEvidence::of(indexed, &node.name);
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
        // What exempts the cluster may stand on any of its nodes; some of it does for each.
        evidence: if exempts {
            rule.evidence.iter().take(EXEMPTS).cloned().collect()
        } else {
            evidence.lines.into_iter().cloned().collect()
        },
        evidence_omitted: rule.evidence_omitted
            + if exempts { rule.evidence.len().saturating_sub(EXEMPTS) as u64 } else { 0 },
        comment,
        // An answer about another node is no word about this one.
        answers: rule.answers.iter().filter(|answer| concerns(answer, &node.name)).cloned().collect(),
        ..indexed.bare.clone()
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
