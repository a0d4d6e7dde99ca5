//! Whether a rule applies to the cluster at all: by what is in use, and by facts that take it away.

use std::collections::BTreeSet;

use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::source::EvidenceSource;
use crate::assess::cluster::usage::Usage;
use crate::assess::compile::compiled::{CompiledKind, ConditionId};
use crate::assess::decide::accumulator::Accumulator;
use crate::assess::decide::basis::Basis;
use crate::assess::decide::evidence_line::EvidenceLine;
use crate::assess::decide::scope::Scope;
use crate::assess::decide::{gaps, superseded};
use crate::assess::sentences::{reasons, remarks};
use crate::layout::Kind;
use crate::model::assessment::{Evidence, EvidenceStatus};
use crate::rules::{Check, Rule, Truth, Unknown};

/// Whether a fact of the cluster takes the rule away, so that nothing is judged.
pub(crate) fn is_excluded(basis: &Basis<'_>, number: usize, rule: &Rule, acc: &mut Accumulator<'_>) -> bool {
    if let Some(orchestrator) = rule.applies.orchestrator {
        ask(basis, orchestrator.name(), basis.context.orchestrator(orchestrator), acc);
    }
    if rule.applies.msr {
        ask(basis, "MSR", &basis.context.msr, acc);
        compare_with_registries(basis, rule, acc);
    }
    let mut conditions = rule.applies.except.iter().enumerate();
    conditions.any(|(part, (kind, _))| is_excepted(basis, kind, ConditionId::Except { rule: number, part }, acc))
}

/// Notes whether what the rule is about is in use.
fn ask(basis: &Basis<'_>, subject: &str, usage: &Usage, acc: &mut Accumulator<'_>) {
    match usage.in_use {
        Some(true) => {}
        Some(false) => {
            acc.by_ssp |= usage.by_ssp;
            acc.digest.fact(&["not in use", subject]);
            acc.findings.exempts.push(not_in_use(basis, subject, usage));
        }
        None => acc.gap(reasons::use_not_known(&usage.because), &["in use", subject]),
    }
}

/// Notes that MKE knows more instances of MSR than were collected: each has settings of its own.
fn compare_with_registries(basis: &Basis<'_>, rule: &Rule, acc: &mut Accumulator<'_>) {
    let stated = basis.context.registries;
    for kind in rule.checks().iter().map(|check| &check.each).collect::<BTreeSet<_>>() {
        let read = |source: &&EvidenceSource| {
            source.decides() && source.delivery == Delivery::Read && basis.inputs.holds(source, kind.name())
        };
        let collected = basis.inputs.sources.iter().filter(read).count() as u64;
        if (1..stated).contains(&collected) {
            acc.gap(reasons::some_of_msr(stated, collected, kind), &["registries", kind.name()]);
        }
    }
}

/// The line that shows that something is not in use.
pub(crate) fn not_in_use<'g>(basis: &Basis<'_>, subject: &str, usage: &Usage) -> EvidenceLine<'g> {
    let member = usage.source.map(|number| &basis.inputs.read.members[number]);
    let source = usage.source.and_then(|number| basis.inputs.sources.iter().find(|source| source.member == number));
    EvidenceLine::from(Evidence {
        status: EvidenceStatus::Exempts,
        node: None,
        subject: subject.to_owned(),
        class: None,
        member: source.map(|source| source.name.clone()).unwrap_or_default(),
        pointer: String::new(),
        seen: usage.because.clone(),
        wanted: remarks::wanted_in_use(),
        sha256: member.map(|member| member.digest.to_string()).unwrap_or_default(),
        count: 1,
        object: None,
    })
}

/// Whether a fact of a kind of the cluster takes the rule away.
fn is_excepted(basis: &Basis<'_>, kind: &Kind, id: ConditionId, acc: &mut Accumulator<'_>) -> bool {
    let Some(compiled) = basis.compiled.named(kind) else { return false };
    let Some(at) = compiled.condition(id) else { return false };
    let mut unknown = 0;
    for source in superseded::deciding(basis, compiled) {
        for sum in basis.inputs.facts(source, compiled).filter_map(|facts| facts.tally.conditions.get(at)) {
            unknown += sum.unknown;
            if sum.yes > 0 {
                acc.digest.fact(&["excepted by", kind.name()]);
                acc.findings.exempts.push(EvidenceLine::from(Evidence {
                    status: EvidenceStatus::Exempts,
                    node: None,
                    subject: kind.name().to_owned(),
                    class: None,
                    member: source.name.clone(),
                    pointer: String::new(),
                    seen: condition_words(basis, compiled, at),
                    wanted: remarks::wanted_otherwise(),
                    sha256: basis.inputs.member(source).digest.to_string(),
                    count: 1,
                    object: None,
                }));
                return true;
            }
        }
    }
    if unknown > 0 {
        acc.gap(reasons::applies_not_known(kind), &["applies", kind.name()]);
    } else {
        gaps::add(basis, compiled, &Scope::All, acc);
    }
    false
}

fn condition_words(basis: &Basis<'_>, kind: &CompiledKind, at: usize) -> String {
    let mut words = Vec::new();
    kind.conditions[at].1.each(&mut |leaf, condition| {
        let path = basis.compiled.path(kind.id, kind.leaves[leaf.0].0);
        words.push(format!("{path}: {}", condition.words()));
    });
    words.join(", ")
}

/// Whether the conditions of a check (`when`) hold, or may hold.
pub(crate) fn may_count(
    basis: &Basis<'_>,
    (rule, number): (usize, usize),
    check: &Check,
    acc: &mut Accumulator<'_>,
) -> bool {
    for (part, (kind, _)) in check.when.iter().enumerate() {
        match holds_for_cluster(basis, kind, ConditionId::When { rule, check: number, part }) {
            Truth::Yes => {}
            Truth::No => return false,
            Truth::Unknown(_) => {
                let about = ["counts", &number.to_string(), kind.name()];
                acc.gap(reasons::check_may_not_count(&check.name, kind), &about);
            }
        }
    }
    true
}

/// Whether a fact of the cluster as a whole meets a condition.
fn holds_for_cluster(basis: &Basis<'_>, kind: &Kind, id: ConditionId) -> Truth {
    let unknown = Truth::Unknown(Unknown::AbsentField);
    let Some(compiled) = basis.compiled.named(kind) else { return unknown };
    let Some(at) = compiled.condition(id) else { return unknown };
    let mut unsure = false;
    for source in superseded::deciding(basis, compiled) {
        for sum in basis.inputs.facts(source, compiled).filter_map(|facts| facts.tally.conditions.get(at)) {
            if sum.yes > 0 {
                return Truth::Yes;
            }
            unsure |= sum.unknown > 0;
        }
    }
    if unsure || !basis.context.coverage.cluster_read(kind.name()) { unknown } else { Truth::No }
}
