//! Adds up one check of a rule over all sources: what fails, what is excused, what cannot be told,
//! and what passes.
//!
//! A source counts only where it decides: one that is not trusted is left out, one that a newer source
//! supersedes is shown without counting, and a cluster's list gives way to the nodes' own lists. A
//! list that was read and holds nothing is evidence too, so it has an empty sum.

use std::sync::LazyLock;

use crate::assess::cluster::coverage::Coverage;
use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::source::EvidenceSource;
use crate::assess::decide::accumulator::Accumulator;
use crate::assess::decide::basis::{Basis, CheckRef};
use crate::assess::decide::evidence_digest::Outcome;
use crate::assess::decide::evidence_line::{EvidenceLine, ObjectLine, SourceSum};
use crate::assess::decide::scope::Scope;
use crate::assess::decide::{gaps, superseded};
use crate::assess::observe::samples::Lines;
use crate::assess::observe::tally::CheckTally;
use crate::assess::reasons::Objects;
use crate::assess::{reasons, remarks};
use crate::layout::Owner;
use crate::model::assessment::{Evidence, EvidenceStatus};
use crate::model::digest::Hasher;
use crate::rules::{COLLECTED, Check, Demand, Truth, variables_of};

/// The sum of a check over nothing.
static EMPTY: LazyLock<CheckTally> = LazyLock::new(CheckTally::default);

/// Adds a check over all sources, and what is missing for it.
pub(crate) fn gather<'g>(basis: &Basis<'g>, of: CheckRef<'g>, scope: &Scope, acc: &mut Accumulator<'g>) {
    add_compared_values(basis, of, acc);
    for source in &basis.inputs.sources {
        // The beginning of a damaged list may still show a finding, a false digest may not.
        if !source.is_trusted() || superseded::is_complemented(basis, of, source) {
            continue;
        }
        if let Some(newer) = superseded::overruled_by(basis, of, source) {
            superseded::note(basis, of, source, newer, acc);
            continue;
        }
        for sum in sums(basis, of, source, scope) {
            add(basis, sum, acc);
        }
        for _ in basis.inputs.facts(source, of.kind).filter(|facts| facts.tally.dropped > 0) {
            acc.gap(reasons::too_many_waiting(&source.name), &["waiting", of.kind.kind.name()]);
        }
    }
    gaps::add(basis, of.kind, scope, acc);
    for kind in of.check.others().iter().filter_map(|others| basis.compiled.named(&others.kind)) {
        gaps::add(basis, kind, &Scope::All, acc);
    }
}

/// Notes the values with which a check compares: those of variables, and those of other kinds' fields.
fn add_compared_values(basis: &Basis<'_>, of: CheckRef<'_>, acc: &mut Accumulator<'_>) {
    let known = &basis.context.variables;
    // Every snapshot is of another time.
    for name in variables_of(of.check).into_iter().filter(|name| *name != COLLECTED) {
        let value = known.values.get(name).map(String::as_str);
        acc.digest.fact(&[&["variable", name], value.as_slice()].concat());
    }
    for others in of.check.others() {
        let mut hasher = Hasher::default();
        if let Some(found) = known.others.get(&others.key()) {
            hasher.count(u64::from(found.unsure));
            found.values.iter().for_each(|value| hasher.part(value));
        }
        let (field, values) = (others.field.to_string(), hasher.finish().to_string());
        acc.digest.fact(&["compared with", others.kind.name(), &field, &values]);
    }
}

/// The sums of a check over one source, node by node, as far as the rule judges the nodes.
fn sums<'g>(basis: &Basis<'g>, of: CheckRef<'g>, source: &'g EvidenceSource, scope: &Scope) -> Vec<SourceSum<'g>> {
    let member = basis.inputs.member(source);
    let own = source.node.as_deref();
    let empty = SourceSum { of, source, member, node: own, sum: &EMPTY, certain: true };
    let judges_own = scope.judges(own) == Truth::Yes;
    let mut sums = Vec::new();
    for facts in basis.inputs.facts(source, of.kind) {
        for (object_node, checks) in &facts.tally.checks {
            let node = own.or(object_node.as_deref());
            let judged = scope.judges(node);
            let coverage = basis.coverage(of.kind);
            let by_nodes = coverage.is_some_and(|coverage| told_by_nodes(basis, of, coverage, source, node));
            if judged != Truth::No && !by_nodes {
                let (sum, certain) = (&checks.checks[of.at], judged == Truth::Yes);
                sums.push(SourceSum { of, source, member, node, sum, certain });
            }
        }
        if facts.tally.checks.is_empty() && judges_own {
            sums.push(empty);
        }
    }
    let holds = member.place.as_ref().is_some_and(|place| place.kind == of.check.each);
    if holds && member.facts.is_empty() && source.delivery == Delivery::Read && judges_own {
        sums.push(empty);
    }
    sums
}

/// Whether nodes' own lists tell what the cluster's list tells of a node, or of no node in
/// particular: then the nodes' own are evidence, and the cluster's is not.
fn told_by_nodes<'g>(
    basis: &Basis<'g>,
    of: CheckRef<'g>,
    coverage: &Coverage,
    source: &EvidenceSource,
    node: Option<&str>,
) -> bool {
    if source.owner != Owner::Cluster || !of.check.each.per_node() {
        return false;
    }
    let own_list = |node: &str| {
        coverage.node_read(node)
            && basis.inputs.sources.iter().any(|source| {
                source.node.as_deref() == Some(node)
                    && source.delivery == Delivery::Read
                    && basis.inputs.holds(source, of.kind.kind.name())
            })
    };
    let nodes = &coverage.nodes;
    node.map_or_else(
        || !nodes.is_empty() && basis.context.nodes.unsure.is_none() && nodes.keys().all(|node| own_list(node)),
        own_list,
    )
}

fn add<'g>(basis: &Basis<'g>, of: SourceSum<'g>, acc: &mut Accumulator<'g>) {
    acc.count(&of);
    let SourceSum { sum, of: CheckRef { check, kind, .. }, .. } = of;
    add_failing(&of, &sum.fails, acc);
    acc.by_ssp |= sum.fails.count > 0 && check.listed.is_some()
        || sum.fails.count + sum.passes > 0 && check.names_ssp() && states(basis, check);
    acc.show(&of, Outcome::Noted, &sum.noted);
    for (number, lines) in &sum.excepted {
        add_excepted(basis, &of, *number, lines, acc);
    }
    for (why, lines) in &sum.unknown {
        acc.show(&of, Outcome::Unknown(why), lines);
        let example = lines.first().next().map_or("", |line| line.object.subject.as_str());
        let objects = Objects { count: lines.count, example, member: &of.source.name };
        acc.shown_gap(reasons::unknown(why, objects, &kind.kind));
    }
    add_nothing_to_compare(&of, acc);
    add_passing(basis, of, acc);
}

/// Adds what breaks the check; where it is not certain that the rule judges the node, it is unknown.
fn add_failing<'g>(of: &SourceSum<'g>, lines: &'g Lines, acc: &mut Accumulator<'g>) {
    let outcome = if of.certain { Outcome::Fails } else { Outcome::MayFail };
    let again = acc.show(of, outcome, lines);
    if of.certain {
        acc.fail(of, lines, again);
    }
}

/// Adds what an entry of the SSP speaks of: it is excused as long as the entry holds.
fn add_excepted<'g>(basis: &Basis<'g>, of: &SourceSum<'g>, number: usize, lines: &'g Lines, acc: &mut Accumulator<'g>) {
    let entry = &basis.ssp.entries[number];
    acc.by_ssp = true;
    if entry.holds_on(basis.day()) {
        acc.show(of, Outcome::Excepted, lines);
        acc.comment(remarks::approved_by_ssp(entry));
        let excused = lines.first().map(|kept| of.line(EvidenceStatus::Excepted, kept));
        acc.findings.passes.extend(excused);
    } else {
        acc.comment(remarks::approval_lapsed(entry, basis.day()));
        add_failing(of, lines, acc);
    }
}

/// Where all objects must be compared or looked at, none is something to compare or look at too.
fn add_nothing_to_compare<'g>(of: &SourceSum<'g>, acc: &mut Accumulator<'g>) {
    let SourceSum { sum, source, of: CheckRef { check, compiled, kind, .. }, .. } = *of;
    if check.filter.is_some() || !of.certain || !sum.unknown.is_empty() {
        return;
    }
    let number = compiled.check.to_string();
    let about = [&["lists none", number.as_str()], of.node.as_slice()].concat();
    let section = compiled.listed.as_ref().filter(|listed| !listed.given && !listed.slots.is_empty());
    if let Some(listed) = section.filter(|_| check.all_listed() && sum.fails.count == 0) {
        acc.gap(reasons::nothing_to_list(&listed.section, &source.name, &kind.kind), &about);
    }
    match &check.demand {
        Demand::NeedsSsp(what) => acc.gap(reasons::nothing_to_compare(what, &source.name), &about),
        Demand::Person(what) => acc.gap(reasons::nothing_to_look_at(what, &source.name), &about),
        Demand::Must(_) | Demand::Expression(_) => {}
    }
}

/// Whether the SSP states a value with which a check compares, whether or not it still holds.
fn states(basis: &Basis<'_>, check: &Check) -> bool {
    check.ssp_variables().iter().any(|section| basis.ssp.of(section).any(|(_, entry)| entry.approval.approved))
}

fn add_passing<'g>(basis: &Basis<'g>, of: SourceSum<'g>, acc: &mut Accumulator<'g>) {
    let SourceSum { sum, source, member, node, of: CheckRef { check, kind, .. }, .. } = of;
    // A network that passes stands in the list of each node that is in it, and is one network.
    let again = acc.passed_before(&of);
    let others = sum.fails.count + sum.excepted.values().chain(sum.unknown.values()).map(|l| l.count).sum::<u64>();
    let line: EvidenceLine<'g> = match &sum.first_pass {
        Some((_, line)) => {
            let count = sum.passes.saturating_sub(again);
            EvidenceLine::Object(ObjectLine { status: EvidenceStatus::Passes, of, node, line, count })
        }
        None if others == 0 => {
            let objects = basis.inputs.facts(source, kind).map(|facts| facts.count).sum();
            EvidenceLine::from(Evidence {
                status: EvidenceStatus::Passes,
                node: node.map(str::to_owned),
                subject: kind.kind.name().to_owned(),
                class: None,
                member: source.name.clone(),
                pointer: String::new(),
                seen: remarks::none_concerned(objects),
                wanted: check.wanted.clone(),
                sha256: member.digest.to_string(),
                count: sum.passes,
            })
        }
        None => return,
    };
    acc.digest.objects(of.place(), Outcome::Passes, sum.passes, sum.passing_values);
    // A node that shows nothing but what others have shown needs no line.
    if again < sum.passes || sum.passes == 0 {
        acc.lines.push((0, line.clone()));
    }
    acc.findings.passes.push(line);
}
