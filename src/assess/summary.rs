//! What an assessment says besides its verdicts: of the program, of what was read, and of how much.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::sources::{Delivery, Source, member_name};
use crate::assess::decide::basis::Ground;
use crate::assess::dumps;
use crate::assess::observe::tally::Tally;
use crate::evidence;
use crate::evidence::Integrity;
use crate::facts;
use crate::facts::Reading;
use crate::layout::Kind;
use crate::model::assessment;
use crate::model::assessment::{
    Asset, Benchmark, Coverage, Input, Node, OrchestratorUse, PackId, ReasonCode, RuleResult, Snapshot, Status,
    Summary, Tool,
};
use crate::rules::{Orchestrator, Pack, Rule, Wording};

/// Sorts of trouble with members that are told one by one.
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

pub(crate) fn snapshot(
    ground: &Ground<'_>,
    integrity: &Integrity,
    names: &[String],
    kinds: &[Kind],
    rules: &[Rule],
) -> Snapshot {
    let Ground { reading, context, sources, .. } = ground;
    let mut warnings = context.warnings.clone();
    if context.cluster_ids.len() > 1 {
        let ids: Vec<&str> = context.cluster_ids.iter().map(String::as_str).collect();
        warnings
            .push(format!("the inputs name more than one cluster id ({}): verdicts would mix them", ids.join(", ")));
    }
    warnings.extend(context.nodes_unsure.as_ref().map(|why| format!("not all nodes may be known: {why}")));
    warnings.extend(dumps::warnings(reading, sources, context, names));
    warnings.extend(unused(reading, sources, names));
    for (name, input) in names.iter().zip(&reading.inputs) {
        if !input.skipped.is_empty() {
            let some: Vec<&str> = input.skipped.iter().take(5).map(String::as_str).collect();
            warnings.push(format!("{name}: links and special files are not followed ({})", some.join(", ")));
        }
    }
    let judged: BTreeSet<&Kind> = rules.iter().flat_map(Rule::kinds).filter(|kind| kind.per_node()).collect();
    let nodes = context
        .nodes
        .iter()
        .map(|(name, node)| Node {
            name: name.clone(),
            role: node.manager.map(|manager| if manager { "manager" } else { "worker" }.to_owned()),
            os: node.os.first().map(|(os, _)| os.clone()),
            addresses: node.addresses.iter().map(ToString::to_string).collect(),
            // No source of a snapshot names one.
            macs: Vec::new(),
            fqdn: node.fqdn.clone().or_else(|| Some(name.clone()).filter(|name| name.contains('.'))),
            kinds: kinds
                .iter()
                .filter(|kind| judged.contains(kind))
                .filter_map(|kind| {
                    let delivery = context.coverage.get(kind)?.nodes.get(name)?;
                    Some((kind.name().to_owned(), delivery_word(delivery).to_owned()))
                })
                .collect(),
        })
        .collect();
    Snapshot {
        inputs: reading
            .inputs
            .iter()
            .zip(names)
            .enumerate()
            .map(|(number, (input, name))| Input {
                name: name.clone(),
                sha256: input.digest.to_string(),
                bytes: input.bytes,
                holds: dumps::holds(reading, sources, number),
                taken_at: dumps::taken_at(reading, sources, number),
            })
            .collect(),
        collected_at: context.collected_at.clone(),
        cluster_id: context.cluster_ids.first().cloned(),
        mke_version: context.variables.values.get("mke.version").cloned(),
        orchestrators: [Orchestrator::Swarm, Orchestrator::Kubernetes]
            .into_iter()
            .map(|orchestrator| {
                let usage = context.orchestrator(orchestrator);
                OrchestratorUse {
                    name: orchestrator.name().to_owned(),
                    in_use: usage.in_use,
                    because: usage.because.clone(),
                }
            })
            .collect(),
        nodes,
        integrity: assessment::Integrity {
            status: if !integrity.problems.is_empty() {
                assessment::IntegrityStatus::Broken
            } else if integrity.manifest && all_claimed(integrity, reading) {
                assessment::IntegrityStatus::Verified
            } else {
                assessment::IntegrityStatus::Unverified
            },
            verified: integrity.members.iter().filter(|check| **check == evidence::MemberCheck::Verified).count()
                as u64,
            problems: integrity.problems.clone(),
        },
        warnings,
    }
}

fn all_claimed(integrity: &Integrity, reading: &Reading<Tally>) -> bool {
    integrity
        .members
        .iter()
        .zip(&reading.members)
        .filter(|(_, member)| member.within.is_none())
        .all(|(check, member)| *check != evidence::MemberCheck::Unclaimed || member.path.ends_with("manifest.jsonl"))
}

/// What was handed in and could not be used; members with the same trouble share a line.
fn unused(reading: &Reading<Tally>, sources: &[Source], names: &[String]) -> Vec<String> {
    let mut troubles: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut strangers = 0;
    for member in &reading.members {
        if member.place.is_none()
            && let facts::State::Unreadable(why) | facts::State::Forbidden(why) = &member.state
        {
            troubles.entry(why.clone()).or_default().push(member_name(names, member.input, &member.path));
        } else if !member.known {
            strangers += 1;
        }
    }
    for source in sources {
        let per_node = reading.members[source.member].place.as_ref().is_some_and(|place| place.kind.per_node());
        let why = match &source.delivery {
            Delivery::Unreadable(why) | Delivery::Truncated(why) | Delivery::Forbidden(why) => why.clone(),
            _ if source.node.is_none() && per_node && source.owner != crate::layout::Owner::Cluster => {
                "it cannot be told of which node it is".to_owned()
            }
            _ => continue,
        };
        troubles.entry(why).or_default().push(source.name.clone());
    }
    let mut warnings: Vec<String> = troubles
        .into_iter()
        .map(|(why, members)| match members.as_slice() {
            [one] => format!("{one}: {why}"),
            [first, ..] => format!("{} members, {first} the first: {why}", members.len()),
            [] => why,
        })
        .collect();
    let more = warnings.len().saturating_sub(WARNINGS);
    warnings.truncate(WARNINGS);
    if more > 0 {
        warnings.push(format!("{more} more sorts of trouble with members"));
    }
    if strangers > 0 {
        warnings.push(format!("{strangers} files are neither part of a snapshot nor an output that is known"));
    }
    warnings
}

fn delivery_word(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Read => "read",
        Delivery::Partial(_) => "partial",
        Delivery::Truncated(_) => "truncated",
        Delivery::Forbidden(_) => "forbidden",
        Delivery::Missing(_) => "missing",
        Delivery::Unreadable(_) => "unreadable",
    }
}

/// A status in snake case.
#[must_use]
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::NotReviewed => "not_reviewed",
        Status::NotAFinding => "not_a_finding",
        Status::NotApplicable => "not_applicable",
    }
}

/// A reason code in snake case.
#[must_use]
pub fn reason_word(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::RuleError => "rule_error",
        ReasonCode::Unreadable => "unreadable",
        ReasonCode::Forbidden => "forbidden",
        ReasonCode::Truncated => "truncated",
        ReasonCode::Missing => "missing",
        ReasonCode::Partial => "partial",
        ReasonCode::Redacted => "redacted",
        ReasonCode::AbsentField => "absent_field",
        ReasonCode::NeedsSsp => "needs_ssp",
        ReasonCode::NeedsPerson => "needs_person",
        ReasonCode::AnswerExpired => "answer_expired",
        ReasonCode::EvidenceChanged => "evidence_changed",
    }
}

pub(crate) fn summary(results: &[RuleResult], snapshot: &Snapshot) -> Summary {
    let statuses = [Status::Open, Status::NotReviewed, Status::NotAFinding, Status::NotApplicable];
    let empty: BTreeMap<String, u64> = statuses.iter().map(|status| (status_word(*status).to_owned(), 0)).collect();
    let mut by_status = empty.clone();
    let mut by_cat: BTreeMap<String, BTreeMap<String, u64>> =
        ["I", "II", "III"].iter().map(|cat| ((*cat).to_owned(), empty.clone())).collect();
    for result in results {
        let word = status_word(result.status);
        *by_status.entry(word.to_owned()).or_default() += 1;
        *by_cat.entry(result.cat.clone()).or_default().entry(word.to_owned()).or_default() += 1;
    }
    let complete = snapshot.nodes.iter().filter(|node| node.kinds.values().all(|word| word == "read")).count();
    Summary { by_status, by_cat, coverage: Coverage { nodes: snapshot.nodes.len() as u64, complete: complete as u64 } }
}
