//! One run: inputs in, assessment out.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::answers::{Answers, review};
use super::assessment::{
    self, Assessment, Asset, Benchmark, Coverage, Input, Node, OrchestratorUse, PackId, ReasonCode, RuleResult,
    Snapshot, Status, Summary, Tool,
};
use super::compile::Compiled;
use super::context::Context;
use super::decide::Ground;
use super::dumps;
use super::observe::Judge;
use super::official;
use super::sources::{Delivery, Source, member_name, sources};
use super::ssp::{Amiss, Ssp};
use super::tally::Tally;
use crate::evidence::{self, Integrity};
use crate::facts::{self, Bounds, ReadError, Reading};
use crate::intake::Found;
use crate::layout::{Kind, Owner};
use crate::rules::{COLLECTED, Classes, Orchestrator, Pack, Problem, Rule, Wording, is_day};

/// Sorts of trouble with members that are told one by one.
const WARNINGS: usize = 20;

/// How to assess.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Bounds on reading.
    pub bounds: Bounds,
    /// The SSP.
    pub ssp: Ssp,
    /// The benchmark whose texts and ids the results carry.
    pub benchmark: Option<Found>,
    /// What people decided.
    pub answers: Answers,
    /// Marking; it goes before the SSP's.
    pub marking: Option<String>,
    /// Evidence lines of one rule in the assessment; 0 for all that are kept.
    pub evidence_limit: usize,
    /// Only these rules; empty for all.
    pub only: Vec<String>,
    /// Which reading of ambiguous rules decides.
    pub reading: Wording,
    /// A day (`YYYY-MM-DD`) on which exceptions are measured where the snapshot names none.
    pub day: Option<String>,
}

/// Why an assessment cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum AssessError {
    /// An input cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nothing in the inputs is known.
    #[error(
        "nothing in {inputs} can be assessed: no snapshot of mke-collect.sh, no support dump of MKE and no JSON output of docker or kubectl is in it{}",
        .hints.iter().map(|hint| format!("\n  {hint}")).collect::<String>()
    )]
    Nothing {
        /// The inputs.
        inputs: String,
        /// What was found instead.
        hints: Vec<String>,
    },
    /// A rule was asked for that is in no pack.
    #[error("there is no rule {ids}; `mke-stig rules list` names them all")]
    UnknownRule {
        /// The ids.
        ids: String,
    },
}

/// What was read and judged, before rules are decided.
pub(super) struct Judged<'j> {
    pub(super) ground: Ground<'j>,
    pub(super) rules: &'j [Rule],
    integrity: &'j Integrity,
    names: &'j [String],
    kinds: &'j [Kind],
}

/// Reads the inputs and judges them by the packs; the first pack is the STIG's.
///
/// # Errors
/// An input that cannot be read, inputs with nothing known in them, or rules that no pack has.
pub fn assess(inputs: &[facts::Source], packs: &[Pack], options: &Options) -> Result<Assessment, AssessError> {
    judged(inputs, packs, options, false, |judged| assessment(judged, packs, options))
}

/// Reads the inputs, judges every object, and makes something of it.
pub(super) fn judged<T>(
    inputs: &[facts::Source],
    packs: &[Pack],
    options: &Options,
    drafting: bool,
    make: impl FnOnce(&Judged<'_>) -> T,
) -> Result<T, AssessError> {
    let rules = rules_of(packs, options)?;
    let compiled = Compiled::of(&rules, &classes_of(packs), &options.ssp, drafting);
    let judge = Judge { compiled: &compiled, ssp: &options.ssp, drafting };
    let mut reading = facts::read(inputs, &options.bounds, &compiled.plan, &judge)?;
    let names = input_names(&reading);
    nothing_known(&reading, &names)?;

    let integrity = evidence::check(&reading.members, &reading.manifests, &names);
    let found = sources(&reading, &integrity, &names);
    let kinds: Vec<Kind> = compiled.kinds.iter().map(|kind| kind.kind.clone()).collect();
    let (started, cluster_ids) = headers(&reading);
    let mut context = Context::of(
        &reading,
        &found,
        &integrity,
        &compiled.kinds,
        &started,
        &cluster_ids,
        (&options.ssp, options.day.as_deref()),
    );
    if let Some(time) = &context.collected_at {
        context.variables.values.insert(COLLECTED.to_owned(), time.clone());
    }
    let today = context.collected_at.as_deref().and_then(day_of_time).or(options.day.as_deref()).map(str::to_owned);
    settle(&judge, &mut reading, &found, &context);

    let ground = Ground {
        compiled: &compiled,
        reading: &reading,
        sources: &found,
        context: &context,
        ssp: &options.ssp,
        answers: &options.answers,
        today: today.as_deref(),
        wording: options.reading,
        evidence_limit: options.evidence_limit,
    };
    let (integrity, names, kinds) = (&integrity, names.as_slice(), kinds.as_slice());
    let made = make(&Judged { ground, rules: &rules, integrity, names, kinds });
    // Giving back many small sums takes a while, and nothing waits for it.
    rayon::spawn(move || drop(reading));
    Ok(made)
}

fn assessment(judged: &Judged<'_>, packs: &[Pack], options: &Options) -> Assessment {
    let Judged { ground, rules, integrity, names, kinds } = judged;
    let results: Vec<RuleResult> =
        rules.par_iter().enumerate().map(|(number, rule)| ground.decide(number, rule)).collect();
    let snapshot = snapshot(ground, integrity, names, kinds, rules);
    let mut assessment = Assessment {
        schema: assessment::SCHEMA.to_owned(),
        tool: tool(packs, options.reading),
        benchmark: benchmark(packs),
        asset: asset(&snapshot),
        marking: options.marking.clone().or_else(|| options.ssp.marking.clone()),
        summary: summary(&results, &snapshot),
        snapshot,
        rules: results,
    };
    if options.reading == Wording::Literal {
        let both = rules.iter().filter(|rule| rule.checks().iter().any(|check| check.reading.is_some())).count();
        assessment.snapshot.warnings.insert(
            0,
            format!("the literal reading of the STIG decides: {both} rules have one that differs from what is meant"),
        );
    }
    if let Some(found) = &options.benchmark {
        official::apply(&mut assessment, packs, found);
        // The benchmark's severities count.
        assessment.summary = summary(&assessment.rules, &assessment.snapshot);
    }
    // Which answers match is seen in the results alone.
    let amiss = review(&options.answers, &assessment);
    assessment.snapshot.warnings.extend(amiss.iter().map(Problem::line));
    let amiss = options.ssp.review(ground.today, Some(&ground.needed()), &[Amiss::Expired, Amiss::Unused]);
    assessment.snapshot.warnings.extend(amiss.iter().map(Problem::line));
    assessment
}

/// The day of a time as a snapshot states it. What is no day would not be before any entry's last day.
pub(super) fn day_of_time(time: &str) -> Option<&str> {
    time.get(..10).filter(|day| is_day(day))
}

/// Judges what had to wait until the cluster was known, member by member.
fn settle(judge: &Judge<'_>, reading: &mut Reading<Tally>, sources: &[Source], context: &Context) {
    let of_member: BTreeMap<usize, &Source> = sources.iter().map(|source| (source.member, source)).collect();
    reading.members.par_iter_mut().enumerate().for_each(|(number, member)| {
        let Some(source) = of_member.get(&number) else { return };
        // By now it is known of which node a folder is.
        let owner = match (&source.owner, &source.node) {
            (Owner::Folder(_), Some(name)) => &Owner::Node(name.clone()),
            (owner, _) => owner,
        };
        for facts in &mut member.facts {
            judge.settle(facts.kind, owner, &mut facts.tally, &context.variables);
        }
    });
}

/// All rules of all packs and of the benchmark, by id; a later pack cannot replace a rule of an earlier one.
fn rules_of(packs: &[Pack], options: &Options) -> Result<Vec<Rule>, AssessError> {
    let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
    for rule in packs.iter().flat_map(|pack| &pack.rules) {
        rules.entry(rule.id.clone()).or_insert_with(|| rule.clone());
    }
    for rule in options.benchmark.iter().flat_map(|found| official::added(found, packs)) {
        rules.entry(rule.id.clone()).or_insert(rule);
    }
    let only = &options.only;
    let unknown: Vec<&str> = only.iter().filter(|id| !rules.contains_key(*id)).map(String::as_str).collect();
    if !unknown.is_empty() {
        return Err(AssessError::UnknownRule { ids: unknown.join(", ") });
    }
    Ok(rules.into_values().filter(|rule| only.is_empty() || only.contains(&rule.id)).collect())
}

fn classes_of(packs: &[Pack]) -> Classes {
    let mut classes = Classes::new();
    for pack in packs {
        for (kind, list) in &pack.classes {
            classes.entry(kind.clone()).or_insert_with(|| list.clone());
        }
    }
    classes
}

fn tool(packs: &[Pack], reading: Wording) -> Tool {
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
fn benchmark(packs: &[Pack]) -> Benchmark {
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
fn asset(snapshot: &Snapshot) -> Asset {
    let managers = snapshot.nodes.iter().filter(|node| node.role.as_deref() == Some("manager"));
    Asset {
        name: snapshot.cluster_id.clone().unwrap_or_else(|| "mke-cluster".to_owned()),
        fqdn: None,
        ips: managers.flat_map(|node| node.addresses.iter().cloned()).collect(),
        macs: Vec::new(),
    }
}

/// Names of the inputs, told apart where two are equal.
pub(super) fn input_names(reading: &Reading<Tally>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for input in &reading.inputs {
        let twins = names.iter().filter(|name| name.split('#').next() == Some(&input.name)).count();
        names.push(if twins == 0 { input.name.clone() } else { format!("{}#{}", input.name, twins + 1) });
    }
    names
}

fn nothing_known(reading: &Reading<Tally>, names: &[String]) -> Result<(), AssessError> {
    if reading.members.iter().any(|member| member.place.is_some()) {
        return Ok(());
    }
    let mut hints: Vec<String> = reading
        .members
        .iter()
        .filter_map(|member| match &member.state {
            facts::State::Read => None,
            facts::State::Truncated(why) | facts::State::Forbidden(why) | facts::State::Unreadable(why) => {
                Some(format!("{}: {why}", member_name(names, member.input, &member.path)))
            }
        })
        .take(5)
        .collect();
    hints.push(format!(
        "{} files were looked at; collect one with collector-scripts/mke-collect.sh, or try `mke-stig demo`",
        reading.members.len()
    ));
    Err(AssessError::Nothing { inputs: names.join(", "), hints })
}

fn headers(reading: &Reading<Tally>) -> (BTreeSet<String>, BTreeSet<String>) {
    let headers = reading.manifests.iter().filter_map(|found| Some(&found.manifest.as_ref().ok()?.header));
    let (mut started, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for header in headers {
        started.extend(Some(header.started.clone()).filter(|started| !started.is_empty()));
        ids.extend(Some(header.cluster_id.clone()).filter(|id| !id.is_empty()));
    }
    (started, ids)
}

fn snapshot(ground: &Ground<'_>, integrity: &Integrity, names: &[String], kinds: &[Kind], rules: &[Rule]) -> Snapshot {
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

fn summary(results: &[RuleResult], snapshot: &Snapshot) -> Summary {
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
