//! What was not delivered of a kind that a rule needs.
//!
//! A kind of the cluster is delivered as a whole or not. Of a kind of nodes every node that the rule
//! judges must have delivered it: with any of them missing the rule is at most partly looked at.

use std::collections::BTreeMap;

use crate::assess::cluster::coverage::Coverage;
use crate::assess::cluster::delivery::Delivery;
use crate::assess::compile::compiled::CompiledKind;
use crate::assess::decide::accumulator::Accumulator;
use crate::assess::decide::basis::Basis;
use crate::assess::decide::scope::Scope;
use crate::assess::reasons;
use crate::layout::Kind;
use crate::model::assessment::ReasonCode;
use crate::rules::Truth;

/// Adds what is missing of a kind, on the nodes that the rule judges.
pub(crate) fn add(basis: &Basis<'_>, kind: &CompiledKind, scope: &Scope, acc: &mut Accumulator<'_>) {
    let Some(coverage) = basis.coverage(kind) else { return };
    let kind = &kind.kind;
    if !kind.per_node() {
        return add_of_cluster(kind, coverage, acc);
    }
    let nodes = coverage.nodes.iter().map(|(name, delivery)| (name.as_str(), delivery));
    let judged: Vec<(&str, &Delivery)> = nodes.filter(|(name, _)| scope.judges(Some(name)) == Truth::Yes).collect();
    let lacking: Vec<(&str, &Delivery)> =
        judged.iter().copied().filter(|(_, delivery)| **delivery != Delivery::Read).collect();
    let read = judged.len() - lacking.len();
    if !lacking.is_empty() {
        add_of_nodes(kind, &lacking, judged.len(), acc);
    } else if judged.is_empty() && scope.is_all() {
        let (code, why) = coverage.cluster.reason();
        acc.gap(reasons::gap_without_nodes(kind, code, why), &["no node", kind.name()]);
    }
    if let Some(why) = basis.context.nodes.unsure.as_ref().filter(|_| !judged.is_empty()) {
        acc.gap(reasons::gap_of_unknown_nodes(kind, read, why), &["more nodes", kind.name()]);
    }
}

fn add_of_cluster(kind: &Kind, coverage: &Coverage, acc: &mut Accumulator<'_>) {
    if coverage.cluster != Delivery::Read {
        acc.gap(reasons::cluster_gap(kind, coverage.cluster.reason()), &["kind", kind.name()]);
    }
    // A node's view may be missing, for the cluster's list tells it all; but one that is damaged or
    // forged would have been used.
    for (name, delivery) in coverage.nodes.iter().filter(|(_, delivery)| delivery.is_damage()) {
        acc.gap(reasons::damaged_view(kind, name, delivery.reason().1), &["kind", kind.name(), name]);
    }
}

fn add_of_nodes(kind: &Kind, lacking: &[(&str, &Delivery)], judged: usize, acc: &mut Accumulator<'_>) {
    // Nodes of which a part was seen make the whole partial, whatever others lack.
    let partly = lacking.iter().any(|(_, delivery)| matches!(delivery, Delivery::Partial(_)));
    let all = lacking.len() == judged && !partly;
    let gravest = lacking.iter().map(|(_, delivery)| delivery.reason().0).min();
    let code = gravest.filter(|_| all).unwrap_or(ReasonCode::Partial);
    let mut by_why: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, delivery) in lacking {
        acc.digest.gap(delivery.reason().0, &["kind", kind.name(), name]);
        by_why.entry(delivery.reason().1).or_default().push(name);
    }
    let by_why: Vec<(&str, Vec<&str>)> = by_why.into_iter().collect();
    let counts = (judged - lacking.len(), judged);
    acc.gap(reasons::nodes_gap(kind, code, counts, &by_why), &["kind", kind.name()]);
}
