//! What an assessment says besides its verdicts: of the program, of what was read, and of how much.
//!
//! A reader must be able to tell whether the verdicts rest on the cluster as it is: which inputs were
//! read, which nodes delivered what, what could not be used, and whether the files are those that the
//! collector wrote.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::context::Context;
use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::inputs::Inputs;
use crate::assess::cluster::nodes::NodeFacts;
use crate::assess::cluster::source::{EvidenceSource, member_name};
use crate::assess::decide::basis::Basis;
use crate::assess::dumps;
use crate::assess::sentences::remarks;
use crate::evidence::MemberCheck;
use crate::facts::{InputRead, Origin, State};
use crate::layout::{Kind, Owner};
use crate::model::assessment;
use crate::model::assessment::{
    Asset, Benchmark, Coverage, Input, IntegrityStatus, Node, OrchestratorUse, PackId, RuleResult, Snapshot, Summary,
    Tool,
};
use crate::model::labels;
use crate::model::severity::Cat;
use crate::rules::{Orchestrator, Pack, Rule, Wording};

/// Reasons why members could not be used that get a warning of their own; a hostile input has thousands.
const WARNINGS: usize = 20;

pub(crate) fn tool(packs: &[Pack], reading: Wording) -> Tool {
    let id = |pack: &Pack| PackId {
        id: pack.id.clone(),
        version: pack.version.clone(),
        title: pack.title.clone(),
        sha256: pack.digest.to_string(),
    };
    let none = PackId { id: String::new(), version: String::new(), title: String::new(), sha256: String::new() };
    Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        reading: reading.name().to_owned(),
        pack: packs.first().map_or(none, id),
        extra_packs: packs.iter().skip(1).map(id).collect(),
    }
}

/// The benchmark that the first pack restates.
pub(crate) fn benchmark(packs: &[Pack]) -> Benchmark {
    let Some(pack) = packs.first() else { return Benchmark::default() };
    let named = pack.benchmark.clone();
    let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
    Benchmark {
        id: or(named.id, &pack.id),
        title: or(named.title, &pack.title),
        version: or(named.version, "0"),
        release: or(named.release, "0"),
        date: named.date,
        classification: "UNCLASSIFIED".to_owned(),
        ..Benchmark::default()
    }
}

/// The cluster as an asset. Its addresses are the managers', for MKE answers at each of them.
pub(crate) fn asset(snapshot: &Snapshot) -> Asset {
    let managers = snapshot.nodes.iter().filter(|node| node.role.as_deref() == Some("manager"));
    Asset {
        name: snapshot.cluster_id.clone().unwrap_or_else(|| "mke-cluster".to_owned()),
        fqdn: None,
        ips: managers.flat_map(|node| node.addresses.iter().cloned()).collect(),
        macs: Vec::new(),
    }
}

/// What was read, and what is known of the cluster from it.
pub(crate) fn snapshot(basis: &Basis<'_>, rules: &[Rule]) -> Snapshot {
    let (inputs, context) = (basis.inputs, basis.context);
    let orchestrator = |orchestrator: Orchestrator| {
        let usage = context.orchestrator(orchestrator);
        let (name, because) = (orchestrator.name().to_owned(), usage.because.clone());
        OrchestratorUse { name, in_use: usage.in_use, because }
    };
    let input = |(number, (input, name)): (usize, (&InputRead, &String))| Input {
        name: name.clone(),
        sha256: input.digest.to_string(),
        bytes: input.bytes,
        holds: dumps::holds(inputs, number),
        taken_at: dumps::taken_at(inputs, number),
    };
    Snapshot {
        inputs: inputs.read.inputs.iter().zip(&inputs.names).enumerate().map(input).collect(),
        collected_at: context.collected_at.clone(),
        cluster_id: context.cluster_ids.first().cloned(),
        mke_version: context.variables.values.get("mke.version").cloned(),
        orchestrators: [Orchestrator::Swarm, Orchestrator::Kubernetes].map(orchestrator).to_vec(),
        nodes: nodes(basis, rules),
        integrity: integrity(inputs),
        warnings: warnings(inputs, context),
    }
}

/// Every node, with how far it delivered the kinds that rules read.
fn nodes(basis: &Basis<'_>, rules: &[Rule]) -> Vec<Node> {
    let context = basis.context;
    let judged: BTreeSet<&Kind> = rules.iter().flat_map(Rule::kinds).filter(|kind| kind.per_node()).collect();
    let delivered = |name: &str| {
        let word = |kind: &&Kind| Some(context.coverage.of(kind)?.nodes.get(name)?.word().to_owned());
        judged.iter().filter_map(|kind| Some((kind.name().to_owned(), word(kind)?))).collect()
    };
    let node = |(name, node): (&String, &NodeFacts)| Node {
        name: name.clone(),
        role: node.manager.map(|manager| if manager { "manager" } else { "worker" }.to_owned()),
        os: node.os.first().map(|(os, _)| os.clone()),
        addresses: node.addresses.iter().map(ToString::to_string).collect(),
        // No source of a snapshot names one.
        macs: Vec::new(),
        fqdn: node.fqdn.clone().or_else(|| Some(name.clone()).filter(|name| name.contains('.'))),
        kinds: delivered(name),
    };
    context.nodes.by_name.iter().map(node).collect()
}

fn integrity(inputs: &Inputs) -> assessment::Integrity {
    let integrity = &inputs.integrity;
    let verified = integrity.members.iter().filter(|check| **check == MemberCheck::Verified).count();
    assessment::Integrity {
        status: if !integrity.problems.is_empty() {
            IntegrityStatus::Broken
        } else if integrity.manifest && all_claimed(inputs) {
            IntegrityStatus::Verified
        } else {
            IntegrityStatus::Unverified
        },
        verified: verified as u64,
        problems: integrity.problems.clone(),
    }
}

/// Whether manifests speak of every member.
fn all_claimed(inputs: &Inputs) -> bool {
    let members = inputs.integrity.members.iter().zip(&inputs.read.members);
    members
        .filter(|(_, member)| member.within.is_none())
        .all(|(check, member)| *check != MemberCheck::Unclaimed || member.path.ends_with("manifest.jsonl"))
}

/// What a reader must know of the inputs.
fn warnings(inputs: &Inputs, context: &Context) -> Vec<String> {
    let mut warnings = context.warnings.clone();
    warnings.extend(context.nodes.unsure.as_deref().map(remarks::nodes_unsure));
    warnings.extend(dumps::warnings(inputs, context));
    warnings.extend(unused(inputs));
    warnings.extend(not_read(inputs));
    warnings
}

/// Links and special files, by what they are.
fn not_read(inputs: &Inputs) -> Vec<String> {
    let mut by_what: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (number, input) in inputs.read.inputs.iter().enumerate() {
        for entry in &input.not_read.named {
            by_what.entry(entry.what).or_default().push(member_name(&inputs.names, number, &entry.path));
        }
    }
    let more: u64 = inputs.read.inputs.iter().map(|input| input.not_read.more).sum();
    let mut warnings: Vec<String> = Vec::new();
    for (what, names) in &by_what {
        // Those that are only counted are told once.
        warnings.push(remarks::entries_not_read(what, names, if warnings.is_empty() { more } else { 0 }));
    }
    warnings
}

/// What was handed in and could not be used; members with the same trouble share a line.
fn unused(inputs: &Inputs) -> Vec<String> {
    let mut troubles: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut unrecognized = Vec::new();
    for member in &inputs.read.members {
        if member.place.is_none()
            && let State::Unreadable(why) | State::Forbidden(why) = &member.state
        {
            let name = member_name(&inputs.names, member.input, &member.path);
            troubles.entry(why.clone()).or_default().push(name);
        } else if member.origin == Origin::Unrecognized {
            unrecognized.push(member_name(&inputs.names, member.input, &member.path));
        }
        for passed in &member.passed {
            let name = member_name(&inputs.names, member.input, &member.path);
            troubles.entry(passed.clone()).or_default().push(name);
        }
    }
    for source in &inputs.sources {
        if let Some(why) = unusable(inputs, source) {
            troubles.entry(why).or_default().push(source.name.clone());
        }
    }
    // The kinds of one file are members of one name.
    troubles.values_mut().for_each(Vec::dedup);
    let mut warnings: Vec<String> =
        troubles.iter().map(|(why, members)| remarks::members_unused(why, members)).collect();
    let more = warnings.len().saturating_sub(WARNINGS);
    warnings.truncate(WARNINGS);
    if more > 0 {
        warnings.push(remarks::more_members_unused(more));
    }
    if !unrecognized.is_empty() {
        warnings.push(remarks::files_unrecognized(&unrecognized));
    }
    warnings
}

/// Why a source cannot be used, or not all of it.
fn unusable(inputs: &Inputs, source: &EvidenceSource) -> Option<String> {
    let per_node = inputs.member(source).place.as_ref().is_some_and(|place| place.kind.per_node());
    match &source.delivery {
        Delivery::Unreadable(why) | Delivery::Untrusted(why) | Delivery::Truncated(why) | Delivery::Forbidden(why) => {
            Some(why.clone())
        }
        _ if source.node.is_none() && per_node && source.owner != Owner::Cluster => Some(remarks::of_no_node()),
        _ => None,
    }
}

pub(crate) fn summary(results: &[RuleResult], snapshot: &Snapshot) -> Summary {
    let empty: BTreeMap<String, u64> =
        labels::STATUSES.iter().map(|status| (labels::status_key(*status).to_owned(), 0)).collect();
    let mut by_status = empty.clone();
    let mut by_cat: BTreeMap<Cat, BTreeMap<String, u64>> = Cat::ALL.iter().map(|cat| (*cat, empty.clone())).collect();
    for result in results {
        let word = labels::status_key(result.status);
        *by_status.entry(word.to_owned()).or_default() += 1;
        *by_cat.entry(result.cat).or_default().entry(word.to_owned()).or_default() += 1;
    }
    let complete = snapshot.nodes.iter().filter(|node| node.kinds.values().all(|word| word == "read")).count();
    Summary { by_status, by_cat, coverage: Coverage { nodes: snapshot.nodes.len() as u64, complete: complete as u64 } }
}
