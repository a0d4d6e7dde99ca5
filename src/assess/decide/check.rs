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
use crate::assess::decide::scope::{Scope, left_to};
use crate::assess::decide::{gaps, superseded};
use crate::assess::observe::samples::Lines;
use crate::assess::observe::tally::CheckTally;
use crate::assess::sentences::{reasons, remarks};
use crate::layout::{Kind, Owner};
use crate::model::assessment::{Evidence, EvidenceStatus};
use crate::model::digest::Hasher;
use crate::rules::{COLLECTED, Check, Demand, Others, Truth, variables_of};

/// The sum of a check over nothing.
static EMPTY: LazyLock<CheckTally> = LazyLock::new(CheckTally::default);

/// Adds a check over all sources, and what is missing for it.
pub(crate) fn gather<'g>(
    basis: &Basis<'g>,
    check: CheckRef<'g>,
    checks: &[Check],
    scope: &Scope,
    acc: &mut Accumulator<'g>,
) {
    add_compared_values(basis, check, acc);
    for source in basis.inputs.of_kind(check.kind) {
        // The beginning of a damaged list may still show a finding, a false digest may not.
        if !source.is_trusted() || superseded::is_complemented(basis, check, source) {
            continue;
        }
        if let Some(newer) = superseded::overruled_by(basis, check, source) {
            superseded::note(basis, check, source, newer, acc);
            continue;
        }
        for sum in sums(basis, check, source, scope, acc) {
            match left_to(basis, check, sum.node) {
                Some(kind) => note_left(kind, &sum, acc),
                None => add(basis, sum, acc),
            }
        }
        for _ in basis.inputs.facts(source, check.kind).filter(|facts| facts.tally.dropped > 0) {
            acc.gap(reasons::too_many_waiting(&source.name), &["waiting", check.kind.kind.name()]);
        }
    }
    gaps::add_of_check(basis, check, checks, scope, acc);
    // Where only agreement counts, an object that needs it says what is missing.
    // Where a person looks at what is not known, nothing is lost by what was not read.
    let needed = |others: &&&Others| !others.agreed && check.stated.person.is_none();
    let others = check.stated.others();
    for kind in others.iter().filter(needed).filter_map(|others| basis.compiled.named(&others.kind)) {
        gaps::add(basis, kind, &Scope::All, acc);
    }
}

/// Notes the values with which a check compares: those of variables, and those of other kinds' fields.
fn add_compared_values(basis: &Basis<'_>, check: CheckRef<'_>, acc: &mut Accumulator<'_>) {
    let known = &basis.context.variables;
    // Every snapshot is of another time.
    for name in variables_of(check.stated).into_iter().filter(|name| *name != COLLECTED) {
        let value = known.values.get(name).map(String::as_str);
        acc.digest.fact(&[&["variable", name], value.as_slice()].concat());
    }
    for others in check.stated.others() {
        let mut hasher = Hasher::default();
        if let Some(found) = known.others.get(others.key()) {
            hasher.count(u64::from(found.unsure || found.silent));
            found.values.iter().for_each(|value| hasher.part(value));
        }
        let (field, values) = (others.field.to_string(), hasher.finish().to_string());
        acc.digest.fact(&["compared with", others.kind.name(), &field, &values]);
    }
}

/// The sums of a check over one source, node by node, as far as the rule judges the nodes.
fn sums<'g>(
    basis: &Basis<'g>,
    check: CheckRef<'g>,
    source: &'g EvidenceSource,
    scope: &Scope,
    acc: &mut Accumulator<'g>,
) -> Vec<SourceSum<'g>> {
    let member = basis.inputs.member(source);
    let own = source.node.as_deref();
    let empty = SourceSum { check, source, member, node: own, tally: &EMPTY, certain: true };
    let judges_own = scope.judges(own) == Truth::Yes;
    let mut sums = Vec::new();
    for facts in basis.inputs.facts(source, check.kind) {
        for (object_node, checks) in &facts.tally.checks {
            let node = own.or(object_node.as_deref());
            let judged = scope.judges(node);
            let coverage = basis.coverage(check.kind);
            let by_nodes = coverage.is_some_and(|coverage| nodes_report_it(basis, check, coverage, source, node));
            let told = by_nodes && !shows_more(basis, check, source, node, &checks.checks[check.at]);
            if judged != Truth::No && !told {
                if by_nodes {
                    acc.comment(remarks::views_differ(&source.name, node));
                }
                let (tally, certain) = (&checks.checks[check.at], judged == Truth::Yes);
                sums.push(SourceSum { check, source, member, node, tally, certain });
            }
        }
        if facts.tally.checks.is_empty() && judges_own {
            sums.push(empty);
        }
    }
    let holds = member.place.as_ref().is_some_and(|place| place.kind == check.stated.each);
    if holds && member.facts.is_empty() && source.delivery == Delivery::Read && judges_own {
        sums.push(empty);
    }
    sums
}

/// Whether nodes' own lists tell what the cluster's list tells of a node, or of no node in
/// particular: then the nodes' own are evidence, and the cluster's is not.
fn nodes_report_it<'g>(
    basis: &Basis<'g>,
    check: CheckRef<'g>,
    coverage: &Coverage,
    source: &EvidenceSource,
    node: Option<&str>,
) -> bool {
    if source.owner != Owner::Cluster || !check.stated.each.per_node() {
        return false;
    }
    let own_list = |node: &str| {
        coverage.node_read(node)
            && basis
                .inputs
                .of_node(check.kind, node)
                .any(|source| source.delivery == Delivery::Read && basis.inputs.holds(source, check.kind.kind.name()))
    };
    let nodes = &coverage.nodes;
    node.map_or_else(
        || !nodes.is_empty() && basis.context.nodes.unsure.is_none() && nodes.keys().all(|node| own_list(node)),
        own_list,
    )
}

/// Whether the cluster's list shows what breaks a check, or what cannot be told, where the nodes' own
/// lists show nothing of the kind and are not newer. Nobody knows which of the two is right.
fn shows_more(
    basis: &Basis<'_>,
    check: CheckRef<'_>,
    source: &EvidenceSource,
    node: Option<&str>,
    tally: &CheckTally,
) -> bool {
    let amiss = |tally: &CheckTally| tally.fails.count > 0 || !tally.unknown.is_empty();
    let own = || {
        let of_nodes = basis.inputs.of_kind(check.kind).filter(|own| own.counts() && own.node.is_some());
        of_nodes.filter(|own| node.is_none() || own.node.as_deref() == node)
    };
    let newer = |own: &EvidenceSource| match (&own.taken, &source.taken) {
        (Some(own), Some(cluster)) => own.at > cluster.at,
        _ => false,
    };
    let told = |own: &EvidenceSource| {
        let sums = basis.inputs.facts(own, check.kind).flat_map(|facts| facts.tally.checks.values());
        sums.filter_map(|sums| sums.checks.get(check.at)).any(amiss)
    };
    let holds = |own: &&EvidenceSource| basis.inputs.holds(own, check.kind.kind.name());
    amiss(tally) && !own().filter(holds).any(|own| newer(own) || told(own))
}

fn add<'g>(basis: &Basis<'g>, sum: SourceSum<'g>, acc: &mut Accumulator<'g>) {
    acc.count(&sum);
    let SourceSum { tally, check: CheckRef { stated, kind, .. }, .. } = sum;
    add_failing(&sum, &tally.fails, acc);
    acc.by_ssp |= tally.fails.count > 0 && stated.listed.is_some()
        || tally.fails.count + tally.passes > 0 && stated.names_ssp() && states(basis, stated);
    acc.approvals.extend(holding(basis, &sum));
    acc.show(&sum, Outcome::Noted, &tally.noted);
    for (number, lines) in &tally.excepted {
        add_excepted(basis, &sum, *number, lines, acc);
    }
    for (why, lines) in &tally.unknown {
        acc.show(&sum, Outcome::Unknown(why), lines);
        let example = lines.first().next().map_or("", |line| line.object.subject.as_str());
        acc.unknown(why, &kind.kind, |objects| objects.add(lines.count, example, &sum.source.name));
    }
    add_nothing_to_compare(&sum, acc);
    add_passing(basis, sum, acc);
}

/// Notes what breaks the check on a node whose own fact says what its objects leave open.
fn note_left<'g>(kind: &Kind, sum: &SourceSum<'g>, acc: &mut Accumulator<'g>) {
    let node = sum.node.unwrap_or_default();
    acc.digest.fact(&["left to", kind.name(), node]);
    if sum.tally.fails.count > 0 {
        acc.show(sum, Outcome::Noted, &sum.tally.fails);
        acc.comment(remarks::left_to_node(kind, node));
    }
}

/// Adds what breaks the check; where it is not certain that the rule judges the node, it is unknown.
fn add_failing<'g>(sum: &SourceSum<'g>, lines: &'g Lines, acc: &mut Accumulator<'g>) {
    let outcome = if sum.certain { Outcome::Fails } else { Outcome::MayFail };
    let again = acc.show(sum, outcome, lines);
    if sum.certain {
        acc.fail(sum, lines, again);
    }
}

/// Adds what an entry of the SSP speaks of: it is excused as long as the entry holds. Without a day nobody
/// knows whether it does.
fn add_excepted<'g>(
    basis: &Basis<'g>,
    sum: &SourceSum<'g>,
    number: usize,
    lines: &'g Lines,
    acc: &mut Accumulator<'g>,
) {
    let entry = &basis.ssp.entries[number];
    acc.by_ssp = true;
    if entry.holds_on(basis.day()) {
        acc.show(sum, Outcome::Excepted, lines);
        acc.comment(remarks::approved_by_ssp(entry));
        let excused = lines.first().map(|kept| sum.line(EvidenceStatus::Excepted, kept));
        acc.findings.passes.extend(excused);
    } else if basis.day().is_none() {
        acc.show(sum, Outcome::MayFail, lines);
        acc.shown_gap(reasons::approval_may_have_lapsed(entry));
    } else {
        acc.comment(remarks::approval_lapsed(entry));
        add_failing(sum, lines, acc);
    }
}

/// Where all objects must be compared or looked at, none is something to compare or look at too.
fn add_nothing_to_compare<'g>(sum: &SourceSum<'g>, acc: &mut Accumulator<'g>) {
    let SourceSum { tally, source, check: CheckRef { stated, compiled, kind, .. }, .. } = *sum;
    if stated.filter.is_some() || !sum.certain || !tally.unknown.is_empty() {
        return;
    }
    let number = compiled.check.to_string();
    let about = [&["lists none", number.as_str()], sum.node.as_slice()].concat();
    let section = compiled.listed.as_ref().filter(|listed| !listed.given && !listed.slots.is_empty());
    if let Some(listed) = section.filter(|_| stated.all_listed() && tally.fails.count == 0) {
        acc.gap(reasons::nothing_to_list(&listed.section, &source.name, &kind.kind), &about);
    }
    match &stated.demand {
        Demand::NeedsSsp(what) => acc.gap(reasons::nothing_to_compare(what, &source.name), &about),
        Demand::Person(what) => acc.gap(reasons::nothing_to_look_at(what, &source.name), &about),
        Demand::Must(_) | Demand::Expression(_) => {}
    }
}

/// The entries of the SSP that hold and have a part in the outcome of a check: those that excuse objects,
/// list what they have, or state what they are compared with.
fn holding(basis: &Basis<'_>, sum: &SourceSum<'_>) -> Vec<usize> {
    let (tally, of) = (sum.tally, sum.check);
    let lists = |number: &usize| of.compiled.listed.as_ref().is_some_and(|listed| listed.entries.contains(number));
    let mut numbers: Vec<usize> = tally.excepted.keys().copied().collect();
    numbers.extend(tally.used.iter().copied().filter(lists));
    if tally.fails.count + tally.passes > 0 {
        let stated = of.stated.ssp_variables();
        numbers.extend(stated.iter().flat_map(|section| basis.ssp.of(section)).map(|(number, _)| number));
    }
    numbers.retain(|number| basis.ssp.entries[*number].holds_on(basis.day()));
    numbers
}

/// Whether the SSP states a value with which a check compares, whether or not it still holds.
fn states(basis: &Basis<'_>, check: &Check) -> bool {
    check.ssp_variables().iter().any(|section| basis.ssp.of(section).any(|(_, entry)| entry.approval.approved))
}

fn add_passing<'g>(basis: &Basis<'g>, sum: SourceSum<'g>, acc: &mut Accumulator<'g>) {
    let SourceSum { tally, source, member, node, check: CheckRef { stated, kind, .. }, .. } = sum;
    // A network that passes stands in the list of each node that is in it, and is one network.
    let again = acc.passed_before(&sum);
    let others =
        tally.fails.count + tally.excepted.values().chain(tally.unknown.values()).map(|l| l.count).sum::<u64>();
    let line: EvidenceLine<'g> = match &tally.first_pass {
        Some((_, line)) => {
            let count = tally.passes.saturating_sub(again);
            EvidenceLine::Object(ObjectLine { status: EvidenceStatus::Passes, sum, node, line, count })
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
                wanted: stated.wanted.clone(),
                sha256: member.digest.to_string(),
                count: tally.passes,
                object: None,
            })
        }
        None => return,
    };
    acc.digest.objects(sum.place(), Outcome::Passes, tally.passes, tally.passing_values);
    // A node that shows nothing but what others have shown needs no line.
    if again < tally.passes || tally.passes == 0 {
        acc.lines.push((0, line.clone()));
    }
    acc.findings.passes.push(line);
}
