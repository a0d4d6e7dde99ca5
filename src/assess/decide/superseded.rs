//! Sources that tell the same: which of them decides, and what is shown of the others.

use crate::assess::cluster::sources::{Delivery, Source};
use crate::assess::compile::compiled::{CompiledCheck, CompiledKind};
use crate::assess::decide::accumulator::Gathered;
use crate::assess::decide::basis::Ground;
use crate::assess::decide::evidence_line::{name, pointer};
use crate::facts::Nature;
use crate::model::assessment::{Evidence, EvidenceStatus};
use crate::rules::{Check, Unknown};

impl<'g> Ground<'g> {
    fn nature(&self, source: &Source) -> &Nature {
        &self.reading.members[source.member].nature
    }

    /// Whether a source leaves open what a check asks for, as it does not carry the field.
    fn leaves_open(&self, kind: &CompiledKind, at: usize, source: &Source) -> bool {
        let facts = self.reading.members[source.member].facts.iter().filter(|facts| facts.kind == kind.id);
        facts
            .flat_map(|facts| facts.tally.checks.values())
            .filter_map(|sums| sums.checks.get(at))
            .any(|sums| sums.unknown.contains_key(&Unknown::NotCarried))
    }

    /// Whether another source tells what this one does not carry.
    pub(crate) fn helped(&self, kind: &CompiledKind, at: usize, source: &Source) -> bool {
        *self.nature(source) == Nature::SomeFields && self.leaves_open(kind, at, source) && self.whole(kind)
    }

    /// Whether a source with all fields of a kind of the cluster is there and counts.
    pub(crate) fn whole(&self, kind: &CompiledKind) -> bool {
        self.sources.iter().any(|source| {
            source.counts()
                && source.delivery == Delivery::Read
                && *self.nature(source) == Nature::Whole
                && self.is_kind(source, kind.kind.name())
        })
    }

    /// The sources that count for a condition on a kind of the cluster.
    pub(crate) fn deciding(&self, kind: &CompiledKind) -> impl Iterator<Item = &Source> {
        let whole = self.whole(kind);
        let some = move |source: &&Source| *self.nature(source) == Nature::SomeFields;
        self.sources.iter().filter(move |source| source.counts() && !(whole && some(source)))
    }

    /// The newer source that decides a check in the place of this one.
    pub(crate) fn overruled(&self, kind: &CompiledKind, at: usize, source: &Source) -> Option<&'g Source> {
        if let Some(newer) = source.newer {
            return self.sources.get(newer);
        }
        // Only kinds of the cluster have sources with some of the fields.
        if kind.kind.per_node() || !self.is_kind(source, kind.kind.name()) {
            return None;
        }
        let (time, _) = source.time.as_ref()?;
        self.sources.iter().find(|other| {
            *self.nature(other) == Nature::SomeFields
                && other.counts()
                && other.delivery == Delivery::Read
                && other.time.as_ref().is_some_and(|(newer, _)| newer > time)
                && self.is_kind(other, kind.kind.name())
                && !self.leaves_open(kind, at, other)
        })
    }

    /// Shows what an older source says, without letting it decide.
    pub(crate) fn add_older(
        &self,
        kind: &CompiledKind,
        compiled: &CompiledCheck,
        check: &Check,
        source: &Source,
        newer: &Source,
        gathered: &mut Gathered<'_>,
    ) {
        let member = &self.reading.members[source.member];
        let words = |source: &Source| {
            let input = source.name.split('!').next().unwrap_or_default();
            let day = source.time.as_ref().and_then(|(_, time)| time.get(..10)).unwrap_or("an unknown day");
            format!("{input} ({day})")
        };
        let at = kind.checks.iter().position(|known| std::ptr::eq(known, compiled)).unwrap_or_default();
        let sums =
            member.facts.iter().filter(|facts| facts.kind == kind.id).flat_map(|facts| {
                facts.tally.checks.iter().filter_map(|(node, sums)| Some((node, sums.checks.get(at)?)))
            });
        for (node, sums) in sums {
            let passing = sums.first_pass.iter().map(|(_, _, line)| (line, "met the demand"));
            let failing = sums.fails.first().map(|line| (line, "did not meet the demand"));
            let shown: Vec<_> = if sums.fails.count > 0 { failing.take(5).collect() } else { passing.collect() };
            for (line, how) in shown {
                let object = &line.object;
                let file = self.reading.file(object.position);
                let sighting = self.writer(kind).line(compiled, line);
                let evidence = Evidence {
                    status: EvidenceStatus::Noted,
                    node: source.node.clone().or_else(|| node.clone()).or_else(|| object.node.clone()),
                    subject: object.subject.clone(),
                    class: kind.has_classes.then(|| kind.class_names[object.class].clone()),
                    member: name(source, member, file),
                    pointer: pointer(file.unwrap_or(member), object.position, &sighting.below),
                    seen: format!("{} (older, {how}; does not decide)", sighting.seen),
                    wanted: check.wanted.clone(),
                    sha256: file.unwrap_or(member).digest.to_string(),
                    count: 1,
                };
                gathered.note(evidence);
            }
            if sums.fails.count > 0 || sums.passes > 0 {
                gathered.comment(format!("{} is newer than {} and decides.", words(newer), words(source)));
            }
        }
    }
}
