//! The inputs as they were read: members with their sums, checked against manifests and taken as
//! sources of evidence.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::freshness;
use crate::assess::cluster::host_names::HostNames;
use crate::assess::cluster::source::EvidenceSource;
use crate::assess::cluster::sources::sources;
use crate::assess::compile::compiled::CompiledKind;
use crate::assess::compile::probe::Probe;
use crate::assess::observe::tally::Tally;
use crate::evidence;
use crate::evidence::Integrity;
use crate::facts::{KindFacts, Member, Reading};

/// All that was read, and how far it can be relied on.
pub(crate) struct Inputs {
    pub(crate) read: Reading<Tally>,
    /// Names of the inputs, each once.
    pub(crate) names: Vec<String>,
    pub(crate) integrity: Integrity,
    /// Other names of the hosts.
    pub(crate) hosts: HostNames,
    pub(crate) sources: Vec<EvidenceSource>,
    /// By kind, the numbers of the sources that should hold it or do hold it, in their order.
    of_kinds: Vec<OfKind>,
}

#[derive(Default)]
struct OfKind {
    all: Vec<usize>,
    of_nodes: BTreeMap<String, Vec<usize>>,
}

/// What one source says of the cluster besides the rules.
#[derive(Clone, Copy)]
pub(crate) struct Probed<'p> {
    pub(crate) source: &'p EvidenceSource,
    /// Name of the kind.
    pub(crate) kind: &'p str,
    pub(crate) probe: &'p Probe,
}

impl Inputs {
    /// Checks what was read against its manifests and tells which members are evidence.
    pub(crate) fn of(mut read: Reading<Tally>) -> Self {
        let names = names(&read);
        let mut integrity = evidence::check(&read.members, &read.manifests, &names);
        let hosts = HostNames::unify(&mut read, &mut integrity);
        let sources = sources(&read, &integrity, &names);
        Self { read, names, integrity, hosts, sources, of_kinds: Vec::new() }
    }

    /// Tells which sources decide: what is of another cluster does not, nor what newer sources tell again.
    pub(crate) fn order(&mut self, kinds: &[CompiledKind]) {
        self.distrust_other_clusters(kinds);
        freshness::order(&self.read, &self.names, &mut self.sources);
        self.sort_by_kind(kinds);
    }

    /// Every check asks for the sources of one kind: a cluster of a thousand nodes has thousands of others.
    fn sort_by_kind(&mut self, kinds: &[CompiledKind]) {
        let by_name: BTreeMap<&str, usize> = kinds.iter().map(|kind| (kind.kind.name(), kind.id.index())).collect();
        self.of_kinds = kinds.iter().map(|_| OfKind::default()).collect();
        for (number, source) in self.sources.iter().enumerate() {
            let stated = source.kind(&self.read).and_then(|kind| by_name.get(kind)).copied();
            let held = self.read.members[source.member].facts.iter().map(|facts| facts.kind.index());
            for kind in stated.into_iter().chain(held).collect::<BTreeSet<usize>>() {
                let Some(of_kind) = self.of_kinds.get_mut(kind) else { continue };
                of_kind.all.push(number);
                if let Some(node) = &source.node {
                    of_kind.of_nodes.entry(node.clone()).or_default().push(number);
                }
            }
        }
    }

    /// The sources that should hold a kind or do hold it.
    pub(crate) fn of_kind(&self, kind: &CompiledKind) -> impl Iterator<Item = &EvidenceSource> {
        let numbers = self.of_kinds.get(kind.id.index()).map_or(&[][..], |of_kind| &of_kind.all);
        numbers.iter().map(|number| &self.sources[*number])
    }

    /// Those of them that are of a node.
    pub(crate) fn of_node(&self, kind: &CompiledKind, node: &str) -> impl Iterator<Item = &EvidenceSource> {
        let of_node = self.of_kinds.get(kind.id.index()).and_then(|of_kind| of_kind.of_nodes.get(node));
        of_node.into_iter().flatten().map(|number| &self.sources[*number])
    }

    /// The member of a source.
    pub(crate) fn member(&self, source: &EvidenceSource) -> &Member<Tally> {
        &self.read.members[source.member]
    }

    /// The facts of one kind in a source.
    pub(crate) fn facts<'i>(
        &'i self,
        source: &EvidenceSource,
        kind: &'i CompiledKind,
    ) -> impl Iterator<Item = &'i KindFacts<Tally>> {
        self.member(source).facts.iter().filter(|facts| facts.kind == kind.id)
    }

    /// Whether a source should hold a kind.
    pub(crate) fn holds(&self, source: &EvidenceSource, kind: &str) -> bool {
        source.kind(&self.read) == Some(kind)
    }

    /// What the sources that are not damaged say of the cluster.
    pub(crate) fn probed<'i>(&'i self, kinds: &'i [CompiledKind]) -> Vec<Probed<'i>> {
        self.every_view(kinds).into_iter().filter(|probed| probed.source.decides()).collect()
    }

    /// The same, of those too that newer ones supersede: whether they are of one cluster is asked of all.
    pub(crate) fn every_view<'i>(&'i self, kinds: &'i [CompiledKind]) -> Vec<Probed<'i>> {
        let sound = self.sources.iter().filter(|source| !source.delivery.is_damage());
        let probed = sound.flat_map(|source| {
            self.member(source).facts.iter().filter_map(move |facts| {
                let kind = kinds.get(facts.kind.index())?.kind.name();
                Some(Probed { source, kind, probe: &facts.tally.probe })
            })
        });
        probed.collect()
    }
}

/// Names of the inputs; of several with the same name, the second has `#2` behind it.
fn names(read: &Reading<Tally>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for input in &read.inputs {
        let same = names.iter().filter(|name| name.split('#').next() == Some(&input.name)).count();
        names.push(if same == 0 { input.name.clone() } else { format!("{}#{}", input.name, same + 1) });
    }
    names
}
