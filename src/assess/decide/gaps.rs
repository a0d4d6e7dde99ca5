//! What was not delivered of a kind that a rule needs, and what the SSP requires and the cluster lacks.
//!
//! A kind of the cluster is delivered as a whole or not. Of a kind of nodes every node that the rule
//! judges must have delivered it: with any of them missing the rule is at most partly looked at.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::coverage::Coverage;
use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::source::EvidenceSource;
use crate::assess::compile::compiled::CompiledKind;
use crate::assess::decide::accumulator::Accumulator;
use crate::assess::decide::basis::{Basis, CheckRef};
use crate::assess::decide::scope::Scope;
use crate::assess::decide::superseded;
use crate::assess::sentences::reasons;
use crate::layout::Kind;
use crate::model::assessment::ReasonCode;
use crate::rules::{Check, Truth};
use crate::ssp::{Entry, SECTIONS};

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
    // The nodes' own lists make up for one of the cluster that is missing, and not for one that may say otherwise.
    if coverage.cluster.is_damage() && !judged.is_empty() {
        let why = coverage.cluster.reason().1;
        acc.gap(reasons::damaged_view(kind, "the cluster", why), &["kind", kind.name(), "cluster"]);
    }
    if let Some(why) = basis.context.nodes.unsure.as_ref().filter(|_| !judged.is_empty()) {
        acc.gap(reasons::gap_of_unknown_nodes(kind, read, why), &["more nodes", kind.name()]);
    }
}

/// Adds what is missing of the kind of a check, unless another kind tells the same. `checks` are all of the rule.
pub(crate) fn add_of_check(
    basis: &Basis<'_>,
    check: CheckRef<'_>,
    checks: &[Check],
    scope: &Scope,
    acc: &mut Accumulator<'_>,
) {
    // A check that always counts says itself what is missing of its kind.
    let told = |kind: &Kind| {
        let always = |other: &&Check| other.orchestrator.is_none() && other.when.is_empty() && other.instead.is_empty();
        checks.iter().filter(always).any(|other| other.each == *kind && basis.decides(other.reading))
    };
    let deliveries = basis.coverage(check.kind).into_iter().flat_map(|of| of.nodes.values().chain([&of.cluster]));
    let mut cut = deliveries.filter(|delivery| delivery.is_damage() || matches!(delivery, Delivery::Truncated(_)));
    // What was cut or damaged may be what would have shown otherwise.
    let made_up_for =
        check.stated.instead.iter().any(|kind| told(kind) || is_read(basis, kind)) && cut.next().is_none();
    if !made_up_for {
        add(basis, check.kind, scope, acc);
    }
}

/// Whether all of a kind was read.
fn is_read(basis: &Basis<'_>, kind: &Kind) -> bool {
    let coverage = basis.context.coverage.of(kind);
    let of_nodes = coverage.is_some_and(|coverage| !coverage.nodes.is_empty() && coverage.every_node_read());
    basis.context.coverage.cluster_read(kind.name()) || kind.per_node() && of_nodes
}

/// Adds the SSP's entries that state what must be there and that nothing meets. `asked` are the checks that
/// count, `all` those of the other reading too.
pub(crate) fn add_unmet(basis: &Basis<'_>, asked: &[CheckRef<'_>], all: &[CheckRef<'_>], acc: &mut Accumulator<'_>) {
    for section in SECTIONS.iter().filter(|section| section.required) {
        let of_section =
            |check: &&CheckRef<'_>| check.compiled.listed.as_ref().is_some_and(|listed| listed.section == section.name);
        let asked: Vec<&CheckRef<'_>> = asked.iter().filter(of_section).collect();
        // What was not read says nothing of what is missing.
        if asked.is_empty() || !asked.iter().all(|check| is_read(basis, &check.stated.each)) {
            continue;
        }
        let met: BTreeSet<usize> = all.iter().filter(of_section).flat_map(|check| met_by(basis, *check)).collect();
        let required = |entry: &Entry| {
            entry.approval.approved && basis.day().is_none_or(|day| day <= entry.approval.expires.as_str())
        };
        let unmet: Vec<String> = basis
            .ssp
            .of(section.name)
            .filter(|(number, entry)| required(entry) && !met.contains(number))
            .map(|(_, entry)| entry.words())
            .collect();
        if !unmet.is_empty() {
            let words: Vec<&str> = unmet.iter().map(String::as_str).collect();
            acc.by_ssp = true;
            acc.gap(reasons::required_and_gone(&words), &[&["required"], words.as_slice()].concat());
        }
    }
}

/// Numbers of the SSP's entries that objects of a check meet, in the sources that decide.
fn met_by<'g>(basis: &Basis<'g>, check: CheckRef<'g>) -> impl Iterator<Item = usize> + use<'g> {
    let basis = *basis;
    let decides = move |source: &&EvidenceSource| {
        source.is_trusted()
            && !superseded::is_complemented(&basis, check, source)
            && superseded::overruled_by(&basis, check, source).is_none()
    };
    let tallies = move |source: &'g EvidenceSource| {
        let facts = basis.inputs.facts(source, check.kind);
        facts.flat_map(|facts| facts.tally.checks.values()).filter_map(move |sums| sums.checks.get(check.at))
    };
    basis.inputs.of_kind(check.kind).filter(decides).flat_map(tallies).flat_map(|tally| tally.used.iter().copied())
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
