//! What is of another cluster: lists of Kubernetes whose nodes are none of the swarm's.
//!
//! Lists of Kubernetes do not say of which cluster they are. Their nodes do: every node of MKE's Kubernetes is one of
//! its swarm.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::coverage::Coverages;
use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::inputs::{Inputs, Probed};
use crate::assess::cluster::sources::Hosts;
use crate::assess::compile::compiled::CompiledKind;
use crate::assess::compile::probe::ListedNode;
use crate::assess::sentences::lists;

impl Coverages {
    /// All nodes of Kubernetes are nodes of the swarm. What comes with a list that has none of them says nothing
    /// of this cluster.
    pub(super) fn check_nodes_of_kubernetes(&mut self, inputs: &Inputs, probed: &[Probed<'_>]) {
        let foreign = foreign(inputs, probed);
        let node = |number: usize| foreign.get(&inputs.read.members[number].input);
        for (kind, coverage) in self.each_mut().filter(|(kind, _)| kind.kubernetes().is_some()) {
            let placed = inputs.sources.iter().filter(|source| source.decides() && inputs.holds(source, kind.name()));
            let found = probed.iter().filter(|probed| probed.kind == kind.name()).map(|probed| probed.source);
            let of_other = placed.chain(found).find_map(|source| node(source.member));
            if let Some(node) = of_other.filter(|_| coverage.cluster == Delivery::Read) {
                coverage.cluster = Delivery::Partial(lists::of_other_nodes(node));
            }
        }
    }
}

impl Inputs {
    /// Takes what inputs hold of another cluster's Kubernetes and MKE for no evidence, where another input tells of
    /// the swarm.
    pub(in crate::assess::cluster) fn distrust_other_clusters(&mut self, kinds: &[CompiledKind]) {
        let probed = self.every_view(kinds);
        let mut foreign = foreign(self, &probed);
        for probed in probed.iter().filter(|probed| !of_swarm(probed).is_empty()) {
            foreign.remove(&self.read.members[probed.source.member].input);
        }
        let told = |name: &str| ["kube.", "mke.", "msr."].iter().any(|product| name.starts_with(product));
        for source in &mut self.sources {
            let member = &self.read.members[source.member];
            let of_product = member.place.as_ref().is_some_and(|place| told(place.kind.name()));
            if let Some(node) = foreign.get(&member.input).filter(|_| of_product) {
                source.delivery = Delivery::Untrusted(lists::of_other_nodes(node));
            }
        }
    }
}

/// By input, a node of Kubernetes, where none that the input names is of the swarm.
fn foreign(inputs: &Inputs, probed: &[Probed<'_>]) -> BTreeMap<usize, String> {
    let swarm = Swarm::of(probed);
    let whole = probed.iter().any(|probed| probed.kind == "docker.node" && !probed.probe.nodes.is_empty());
    // A node that the input names, and whether any that it names is of the swarm.
    let mut found: BTreeMap<usize, (String, bool)> = BTreeMap::new();
    for Probed { source, kind, probe } in probed {
        let listed = probe.nodes.iter().filter(|_| *kind == "kube.Node").cloned();
        // Pods are on some of the nodes, which tells nothing where few of the swarm's are known.
        let of_pods = probe.mentioned.iter().filter(|_| whole && *kind == "kube.Pod").map(|name| named(name));
        for node in listed.chain(of_pods) {
            let known = swarm.has(&node);
            let input = inputs.read.members[source.member].input;
            found.entry(input).or_insert((node.name, false)).1 |= known;
        }
    }
    let of_other = found.into_iter().filter(|(_, (_, known))| !*known && !swarm.nobody);
    of_other.map(|(input, (node, _))| (input, node)).collect()
}

fn named(name: &str) -> ListedNode {
    ListedNode { name: name.to_owned(), ..ListedNode::default() }
}

/// The nodes of the swarm that a source names.
fn of_swarm(probed: &Probed<'_>) -> Vec<ListedNode> {
    let Probed { kind, probe, .. } = probed;
    let listed = probe.nodes.iter().filter(|_| *kind == "docker.node").cloned();
    let engines = probe
        .engines
        .iter()
        .filter(|engine| !engine.name.is_empty())
        .map(|engine| ListedNode { addresses: engine.address.into_iter().collect(), ..named(&engine.name) });
    listed.chain(engines).collect()
}

/// The nodes of the swarm, by their names and addresses.
struct Swarm {
    hosts: Hosts,
    addresses: BTreeSet<IpAddr>,
    nobody: bool,
}

impl Swarm {
    fn of(probed: &[Probed<'_>]) -> Self {
        let mut swarm = Self { hosts: Hosts::default(), addresses: BTreeSet::new(), nobody: true };
        for node in probed.iter().flat_map(of_swarm) {
            swarm.hosts.insert(&node.name);
            swarm.addresses.extend(node.addresses);
            swarm.nobody = false;
        }
        swarm
    }

    fn has(&self, node: &ListedNode) -> bool {
        self.hosts.contain(&node.name)
            || node.fqdn.as_ref().is_some_and(|name| self.hosts.contain(name))
            || self.addresses.intersection(&node.addresses).next().is_some()
    }
}
