//! What the sources say of each node, found by its name: a check of every node goes once over the sources and not once
//! for each node, so that ten thousand nodes cost ten thousand steps.

use std::collections::BTreeMap;

use crate::assess::cluster::inputs::{Inputs, Probed};
use crate::assess::cluster::sources::{same_host, short_name};
use crate::assess::compile::probe::{EngineInfo, ListedContainers, Probe};
use crate::evidence::MemberCheck;

/// The sources of each node, and the lists of containers that speak of it.
pub(in crate::assess::cluster) struct ByNode<'p> {
    own: BTreeMap<&'p str, Vec<Probed<'p>>>,
    containers: OfNodes<'p, ListedContainers>,
}

impl<'p> ByNode<'p> {
    pub(in crate::assess::cluster) fn of(probed: &[Probed<'p>]) -> Self {
        let mut own: BTreeMap<&str, Vec<Probed<'_>>> = BTreeMap::new();
        for one in probed {
            if let Some(node) = &one.source.node {
                own.entry(node).or_default().push(*one);
            }
        }
        Self { own, containers: OfNodes::of(probed, "docker.container", |probe| &probe.containers) }
    }

    /// The containers of a node, by every list that speaks of it.
    pub(in crate::assess::cluster) fn containers(&self, node: &str) -> impl Iterator<Item = &'p ListedContainers> {
        self.containers.about(node)
    }

    /// What was probed in a node's own sources.
    pub(in crate::assess::cluster) fn own(&self, node: &str) -> &[Probed<'p>] {
        self.own.get(node).map(Vec::as_slice).unwrap_or_default()
    }

    /// What the engine of a node counts.
    pub(in crate::assess::cluster) fn stated(&self, node: &str, of: fn(&EngineInfo) -> Option<u64>) -> Option<u64> {
        self.own(node).iter().flat_map(|probed| &probed.probe.engines).filter_map(of).max()
    }

    /// Whether a manifest vouches for every list of a kind that a node's sources hold.
    pub(in crate::assess::cluster) fn vouched(&self, kind: &str, node: &str, inputs: &Inputs) -> bool {
        all_vouched(self.own(node), kind, inputs)
    }
}

/// Whether a manifest vouches for every list of a kind.
pub(in crate::assess::cluster) fn all_vouched(probed: &[Probed<'_>], kind: &str, inputs: &Inputs) -> bool {
    let mut lists = probed.iter().filter(|probed| probed.kind == kind);
    lists.all(|probed| inputs.integrity.members[probed.source.member] == MemberCheck::Verified)
}

/// What sources of a kind say of nodes: all that a node's own say, and of the others what names the node.
pub(in crate::assess::cluster) struct OfNodes<'p, T> {
    own: BTreeMap<&'p str, Vec<&'p T>>,
    naming: BTreeMap<String, Vec<(&'p str, &'p T)>>,
}

impl<'p, T> OfNodes<'p, T> {
    pub(in crate::assess::cluster) fn of(
        probed: &[Probed<'p>],
        kind: &str,
        of: fn(&'p Probe) -> &'p BTreeMap<Option<String>, T>,
    ) -> Self {
        let mut found = Self { own: BTreeMap::new(), naming: BTreeMap::new() };
        for Probed { source, probe, .. } in probed.iter().filter(|probed| probed.kind == kind) {
            for (named, what) in of(probe) {
                if let Some(node) = &source.node {
                    found.own.entry(node).or_default().push(what);
                }
                if let Some(named) = named {
                    found.naming.entry(short_name(named)).or_default().push((named, what));
                }
            }
        }
        found
    }

    /// What is said of a node, whether its host is named in short or in full.
    pub(in crate::assess::cluster) fn about(&self, node: &str) -> impl Iterator<Item = &'p T> {
        let own = self.own.get(node).into_iter().flatten().copied();
        let naming = self.naming.get(&short_name(node)).into_iter().flatten();
        own.chain(naming.filter(move |(named, _)| same_host(named, node)).map(|(_, what)| *what))
    }
}
