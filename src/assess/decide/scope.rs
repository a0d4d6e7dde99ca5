//! Which nodes a rule judges: those of its operating systems, whose facts meet its conditions.
//!
//! Sources may disagree on what runs on a node, or not say it. Such a node is neither in nor out: what
//! it shows cannot make the rule Open, and the rule cannot pass without it.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::nodes::NodeFacts;
use crate::assess::cluster::source::EvidenceSource;
use crate::assess::compile::compiled::ConditionId;
use crate::assess::decide::accumulator::Accumulator;
use crate::assess::decide::basis::{Basis, CheckRef};
use crate::assess::decide::evidence_line::EvidenceLine;
use crate::assess::sentences::{reasons, remarks};
use crate::layout::Kind;
use crate::model::assessment::{Evidence, EvidenceStatus};
use crate::rules::{Applies, Rule, Truth, Unknown};

/// The nodes that a rule judges.
#[derive(Debug)]
pub(crate) enum Scope {
    /// All of them, and what is of no node.
    All,
    /// Of these nodes those of which it is true; unknown where it cannot be told.
    Nodes(BTreeMap<String, Truth>),
}

impl Scope {
    /// The nodes that a rule judges, with a reason where that is not certain.
    pub(crate) fn of(basis: &Basis<'_>, number: usize, rule: &Rule, acc: &mut Accumulator<'_>) -> Self {
        if !rule.applies.selects_nodes() {
            return Self::All;
        }
        let nodes = &basis.context.nodes;
        let judged = |name: &str, node: &NodeFacts| match of_wanted_os(rule, node) {
            Truth::No => Truth::No,
            by_os => match meets_conditions(basis, number, rule, name) {
                Truth::Yes => by_os,
                by_condition => by_condition,
            },
        };
        let scope: BTreeMap<String, Truth> =
            nodes.by_name.iter().map(|(name, node)| (name.clone(), judged(name, node))).collect();
        for (name, truth) in &scope {
            let judged = truth.told().map_or("unknown", |judged| if judged { "yes" } else { "no" });
            acc.digest.fact(&["judges", name, judged]);
        }
        let some = scope.values().any(|truth| *truth == Truth::Yes);
        let unsure: Vec<&str> = scope
            .iter()
            .filter(|(_, truth)| matches!(truth, Truth::Unknown(_)))
            .map(|(name, _)| name.as_str())
            .collect();
        if !unsure.is_empty() {
            acc.gap(reasons::nodes_not_known(&unsure, &why_unsure(basis, rule, &unsure), some), &["nodes"]);
        } else if scope.is_empty() {
            acc.gap(reasons::no_node_known(), &["nodes"]);
        } else if !some {
            match &nodes.unsure {
                Some(why) => acc.gap(reasons::no_known_node_judged(why), &["nodes"]),
                None => acc.findings.exempts.extend(exempt_nodes(basis, rule)),
            }
        }
        Self::Nodes(scope)
    }

    /// Whether the rule judges a node; of what is of no node it cannot be told where only some are judged.
    pub(crate) fn judges(&self, node: Option<&str>) -> Truth {
        let unknown = Truth::Unknown(Unknown::AbsentField);
        match self {
            Self::All => Truth::Yes,
            Self::Nodes(nodes) => node.and_then(|node| nodes.get(node)).cloned().unwrap_or(unknown),
        }
    }

    /// Whether all nodes are judged.
    pub(crate) fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }
}

fn of_wanted_os(rule: &Rule, node: &NodeFacts) -> Truth {
    let is_one_of = |ids: &BTreeSet<String>, named: &[String]| match ids.iter().filter(|id| named.contains(id)).count()
    {
        _ if ids.is_empty() => Truth::Unknown(Unknown::AbsentField),
        0 => Truth::No,
        all if all == ids.len() => Truth::Yes,
        _ => Truth::Unknown(Unknown::AbsentField),
    };
    let Applies { os, not_os, .. } = &rule.applies;
    let wanted = if os.is_empty() { Truth::Yes } else { is_one_of(&node.os_ids, os) };
    // That it is some Linux is enough to tell that it is none of others.
    let with_family: BTreeSet<String> =
        node.os_ids.iter().cloned().chain(node.linux.then(|| "linux".to_owned())).collect();
    let other = if not_os.is_empty() { Truth::Yes } else { is_one_of(&with_family, not_os).negate() };
    Truth::all([wanted, other])
}

/// Whether a node's facts meet the rule's conditions on nodes.
fn meets_conditions(basis: &Basis<'_>, number: usize, rule: &Rule, node: &str) -> Truth {
    let conditions = rule.applies.node.iter().enumerate();
    let truths = conditions.map(|(part, (kind, _))| (kind, ConditionId::Node { rule: number, part }));
    Truth::all(truths.map(|(kind, id)| meets(basis, kind, id, node)))
}

/// Whether a node's fact of a kind meets a condition.
fn meets(basis: &Basis<'_>, kind: &Kind, id: ConditionId, node: &str) -> Truth {
    let unknown = Truth::Unknown(Unknown::AbsentField);
    let Some(compiled) = basis.compiled.named(kind) else { return unknown };
    let Some(at) = compiled.condition(id) else { return unknown };
    if !basis.coverage(compiled).is_some_and(|coverage| coverage.node_read(node)) {
        return unknown;
    }
    let (mut yes, mut unsure) = (0, 0);
    for source in basis.inputs.of_node(compiled, node).filter(|source| source.decides()) {
        for sum in basis.inputs.facts(source, compiled).filter_map(|facts| facts.tally.conditions.get(at)) {
            yes += sum.yes;
            unsure += sum.unknown;
        }
    }
    match (yes, unsure) {
        (0, 0) => Truth::No,
        (0, _) => unknown,
        _ => Truth::Yes,
    }
}

/// The kind whose fact of a node is known to say what the node's objects leave open.
pub(crate) fn left_to<'g>(basis: &Basis<'_>, check: CheckRef<'g>, node: Option<&str>) -> Option<&'g Kind> {
    let (rule, number) = (check.compiled.rule, check.compiled.check);
    let node = node?;
    let id = |part| ConditionId::UnlessNode { rule, check: number, part };
    let mut conditions = check.stated.unless_node.iter().enumerate();
    let (_, (kind, _)) = conditions.find(|(part, (kind, _))| meets(basis, kind, id(*part), node) == Truth::Yes)?;
    Some(kind)
}

fn why_unsure(basis: &Basis<'_>, rule: &Rule, nodes: &[&str]) -> String {
    let disagreeing = nodes.iter().find_map(|name| {
        let node = basis.context.nodes.by_name.get(*name)?;
        let by_os = !rule.applies.os.is_empty() || !rule.applies.not_os.is_empty();
        (node.os_ids.len() > 1 && by_os).then(|| reasons::os_disagrees(name, &node.os))
    });
    disagreeing.unwrap_or_else(|| {
        let kinds: Vec<String> = rule.applies.node.iter().map(|(kind, _)| kind.source()).collect();
        if kinds.is_empty() { reasons::os_not_there() } else { reasons::os_and_kinds_needed(&kinds) }
    })
}

/// One line per operating system that is not the rule's.
fn exempt_nodes<'e>(basis: &Basis<'_>, rule: &Rule) -> Vec<EvidenceLine<'e>> {
    let mut by_os: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, node) in &basis.context.nodes.by_name {
        let os = node.os.first().map_or("unknown", |(os, _)| os.as_str());
        by_os.entry(os).or_default().push(name);
    }
    let sources = || basis.inputs.sources.iter();
    let is = |source: &EvidenceSource, kind: &str| basis.inputs.holds(source, kind);
    let tells_os = |source: &EvidenceSource| is(source, "host.os_release") || is(source, "docker.info");
    let line = |(os, nodes): (&str, Vec<&str>)| {
        let source = sources()
            .find(|source| source.node.as_deref() == nodes.first().copied() && tells_os(source))
            .or_else(|| sources().find(|source| is(source, "kube.Node")));
        EvidenceLine::from(Evidence {
            status: EvidenceStatus::Exempts,
            node: None,
            subject: reasons::some_of(&nodes),
            class: None,
            member: source.map(|source| source.name.clone()).unwrap_or_default(),
            pointer: String::new(),
            seen: remarks::operating_system(os),
            wanted: remarks::wanted_nodes(&rule.applies.os, &rule.applies.not_os),
            sha256: source.map(|source| basis.inputs.member(source).digest.to_string()).unwrap_or_default(),
            count: nodes.len() as u64,
            object: None,
        })
    };
    by_os.into_iter().map(line).collect()
}
