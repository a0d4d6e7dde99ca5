//! Sources that tell the same: which of them decides, and what is shown of the others.
//!
//! A source that holds only some fields of its kind (the JSON form of MKE's configuration) is special:
//! it decides a check only where it carries the fields that the check asks for, and gives way to a
//! source with all fields where it does not.

use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::source::{EvidenceSource, Standing};
use crate::assess::compile::compiled::CompiledKind;
use crate::assess::decide::accumulator::Accumulator;
use crate::assess::decide::basis::{Basis, CheckRef};
use crate::assess::decide::evidence_line::{ObjectLine, SourceSum};
use crate::assess::sentences::remarks;
use crate::facts::Nature;
use crate::model::assessment::EvidenceStatus;
use crate::rules::Unknown;

/// Lines that are shown of one sum of an older source.
const SHOWN: usize = 5;

/// Whether a source leaves open what a check asks for, as it does not carry the field.
fn leaves_open(basis: &Basis<'_>, check: CheckRef<'_>, source: &EvidenceSource) -> bool {
    let sums = basis.inputs.facts(source, check.kind).flat_map(|facts| facts.tally.checks.values());
    sums.filter_map(|sums| sums.checks.get(check.at)).any(|tally| tally.unknown.contains_key(&Unknown::NotCarried))
}

fn has_some_fields(basis: &Basis<'_>, source: &EvidenceSource) -> bool {
    *source.nature(&basis.inputs.read) == Nature::SomeFields
}

/// Whether another source tells what this one does not carry.
pub(crate) fn is_complemented(basis: &Basis<'_>, check: CheckRef<'_>, source: &EvidenceSource) -> bool {
    has_some_fields(basis, source) && leaves_open(basis, check, source) && has_whole(basis, check.kind)
}

/// Whether a source with all fields of a kind of the cluster is there and counts.
fn has_whole(basis: &Basis<'_>, kind: &CompiledKind) -> bool {
    basis.inputs.of_kind(kind).any(|source| {
        source.counts()
            && source.delivery == Delivery::Read
            && *source.nature(&basis.inputs.read) == Nature::Whole
            && basis.inputs.holds(source, kind.kind.name())
    })
}

/// The sources that count for a condition on a kind of the cluster.
pub(crate) fn deciding<'g>(basis: &Basis<'g>, kind: &'g CompiledKind) -> impl Iterator<Item = &'g EvidenceSource> {
    let basis = *basis;
    let whole = has_whole(&basis, kind);
    basis.inputs.of_kind(kind).filter(move |source| source.counts() && !(whole && has_some_fields(&basis, source)))
}

/// The newer source that decides a check in the place of this one.
pub(crate) fn overruled_by<'g>(
    basis: &Basis<'g>,
    check: CheckRef<'g>,
    source: &EvidenceSource,
) -> Option<&'g EvidenceSource> {
    let kind = check.kind.kind.name();
    if let Standing::Superseded { by } = source.standing {
        return basis.inputs.sources.get(by);
    }
    // Only kinds of the cluster have sources with some of the fields.
    if check.kind.kind.per_node() || !basis.inputs.holds(source, kind) {
        return None;
    }
    let taken = source.taken.as_ref()?;
    basis.inputs.of_kind(check.kind).find(|other| {
        has_some_fields(basis, other)
            && other.counts()
            && other.delivery == Delivery::Read
            && other.taken.as_ref().is_some_and(|newer| newer.at > taken.at)
            && basis.inputs.holds(other, kind)
            && !leaves_open(basis, check, other)
    })
}

/// Shows what an older source says, without letting it decide.
pub(crate) fn note<'g>(
    basis: &Basis<'g>,
    check: CheckRef<'g>,
    source: &'g EvidenceSource,
    newer: &EvidenceSource,
    acc: &mut Accumulator<'g>,
) {
    let member = basis.inputs.member(source);
    for (node, sums) in basis.inputs.facts(source, check.kind).flat_map(|facts| &facts.tally.checks) {
        let Some(tally) = sums.checks.get(check.at) else { continue };
        let failing = tally.fails.first().take(SHOWN);
        let passing = tally.first_pass.iter().map(|(_, line)| line);
        let lines: Vec<_> = if tally.fails.count > 0 { failing.collect() } else { passing.collect() };
        for line in lines {
            let node = source.node.as_ref().or(node.as_ref()).or(line.object.node.as_ref()).map(String::as_str);
            let sum = SourceSum { check, source, member, node, tally, certain: true };
            let mut shown = ObjectLine { status: EvidenceStatus::Noted, sum, node, line, count: 1 }.written(basis);
            shown.seen = remarks::superseded_line(&shown.seen, tally.fails.count == 0);
            acc.note(shown);
        }
        if tally.fails.count > 0 || tally.passes > 0 {
            acc.comment(remarks::newer_decides(input_and_day(newer), input_and_day(source)));
        }
    }
}

/// The input of a source, and the day on which it was taken.
fn input_and_day(source: &EvidenceSource) -> (&str, Option<&str>) {
    let input = source.name.split('!').next().unwrap_or_default();
    (input, source.taken.as_ref().and_then(|taken| taken.text.get(..10)))
}
