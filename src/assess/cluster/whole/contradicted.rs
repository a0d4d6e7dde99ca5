//! Lists that other facts contradict: what a pod, a container or a node still names is not in them.
//!
//! Counts alone do not tell that a list is whole, for who shortens a list can lower the count beside it. A pod
//! names its containers, a container its image, a node its networks; and a list of Kubernetes' nodes that has none
//! of the swarm's is of another cluster, with all that lies beside it.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::coverage::Coverages;
use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::inputs::{Inputs, Probed};
use crate::assess::cluster::sources::same_host;
use crate::assess::compile::probe::{Ids, ListedNode, Probe};
use crate::assess::sentences::{lists, reasons};
use crate::layout::Owner;

impl Coverages {
    /// Compares lists with what other facts name.
    pub(in crate::assess::cluster) fn contradict(&mut self, inputs: &Inputs, probed: &[Probed<'_>]) {
        self.check_containers_of_pods(probed);
        self.check_containers_of_processes(probed);
        self.check_images_of_containers(probed);
        self.check_networks_of_nodes(probed);
        self.check_nodes_of_kubernetes(inputs, probed);
    }

    /// What runs in a pod is among the containers of the pod's node.
    fn check_containers_of_pods(&mut self, probed: &[Probed<'_>]) {
        let Some(coverage) = self.named_mut("docker.container") else { return };
        for (node, delivery) in coverage.nodes.iter_mut().filter(|(_, delivery)| **delivery == Delivery::Read) {
            let named = of_node(probed, "kube.Pod", node, |probe| &probe.in_pods);
            let listed = of_node(probed, "docker.container", node, |probe| &probe.in_pods);
            let lacking = named.lacking_in(&listed);
            if lacking > 0 && !listed.is_full() {
                *delivery = Delivery::Truncated(lists::containers_of_pods_not_listed(lacking));
            }
        }
    }

    /// A container whose processes were listed is among the containers of its node.
    fn check_containers_of_processes(&mut self, probed: &[Probed<'_>]) {
        let Some(coverage) = self.named_mut("docker.container") else { return };
        for (node, delivery) in coverage.nodes.iter_mut().filter(|(_, delivery)| **delivery == Delivery::Read) {
            let (mut running, mut listed) = (Ids::default(), Ids::default());
            for Probed { source, probe, .. } in probed {
                let own = source.node.as_ref() == Some(node);
                let about =
                    |named: &Option<String>| own || named.as_deref().is_some_and(|named| same_host(named, node));
                probe.containers.iter().filter(|(named, _)| about(named)).for_each(|(_, of)| listed.extend(&of.ids));
                running.extend(if own { &probe.tables } else { continue });
            }
            let lacking = running.lacking_in(&listed);
            if lacking > 0 && !listed.is_full() {
                *delivery = Delivery::Truncated(lists::containers_with_processes_not_listed(lacking));
            }
        }
    }

    /// An image cannot be removed while a container of it is there.
    fn check_images_of_containers(&mut self, probed: &[Probed<'_>]) {
        let Some(coverage) = self.named_mut("docker.image") else { return };
        for (node, delivery) in coverage.nodes.iter_mut().filter(|(_, delivery)| **delivery == Delivery::Read) {
            let used = of_node(probed, "docker.container", node, |probe| &probe.images);
            let listed = of_node(probed, "docker.image", node, |probe| &probe.images);
            let lacking = used.lacking_in(&listed);
            if lacking > 0 && !listed.is_full() {
                *delivery = Delivery::Truncated(lists::images_not_listed(lacking));
            }
        }
    }

    /// A network of the swarm that a node lists is in the list of the cluster.
    fn check_networks_of_nodes(&mut self, probed: &[Probed<'_>]) {
        let of_kind = || probed.iter().filter(|probed| probed.kind == "docker.network");
        let of_cluster = || of_kind().filter(|probed| probed.source.owner == Owner::Cluster);
        let listed: BTreeSet<&String> = of_cluster().flat_map(|probed| &probed.probe.names).collect();
        let nodes = of_kind().filter(|probed| probed.source.node.is_some());
        let lacking: BTreeMap<&String, &String> =
            nodes.flat_map(|probed| &probed.probe.of_swarm).filter(|(id, _)| !listed.contains(id)).collect();
        if let (Some(coverage), Some((_, first))) = (self.named_mut("docker.network"), lacking.first_key_value())
            && coverage.cluster == Delivery::Read
        {
            coverage.cluster = Delivery::Partial(reasons::not_listed(first, lacking.len() - 1));
        }
    }

    /// All nodes of Kubernetes are nodes of the swarm. What comes with a list that has none of them says nothing
    /// of this cluster.
    fn check_nodes_of_kubernetes(&mut self, inputs: &Inputs, probed: &[Probed<'_>]) {
        let swarm: Vec<ListedNode> = probed.iter().flat_map(of_swarm).collect();
        if swarm.is_empty() {
            return;
        }
        // By input, a node that it names, and whether any that it names is of the swarm.
        let mut foreign: BTreeMap<usize, (String, bool)> = BTreeMap::new();
        for Probed { source, kind, probe } in probed {
            let listed = probe.nodes.iter().filter(|_| *kind == "kube.Node").cloned();
            let named = probe.mentioned.iter().filter(|_| *kind == "kube.Pod").map(|name| named(name));
            for node in listed.chain(named) {
                let known = swarm.iter().any(|other| same_node(&node, other));
                let input = inputs.read.members[source.member].input;
                foreign.entry(input).or_insert((node.name, false)).1 |= known;
            }
        }
        foreign.retain(|_, (_, known)| !*known);
        let node = |number: usize| foreign.get(&inputs.read.members[number].input).map(|(node, _)| node);
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

/// What sources of a kind say of a node: its own, and those that name it.
fn of_node<'p>(
    probed: &[Probed<'p>],
    kind: &str,
    node: &str,
    of: fn(&'p Probe) -> &'p BTreeMap<Option<String>, Ids>,
) -> Ids {
    let mut ids = Ids::default();
    for Probed { source, probe, .. } in probed.iter().filter(|probed| probed.kind == kind) {
        let own = source.node.as_deref() == Some(node);
        let about = |named: &Option<String>| own || named.as_deref().is_some_and(|named| same_host(named, node));
        of(probe).iter().filter(|(named, _)| about(named)).for_each(|(_, found)| ids.extend(found));
    }
    ids
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

fn same_node(a: &ListedNode, b: &ListedNode) -> bool {
    same_host(&a.name, &b.name)
        || a.fqdn.as_ref().is_some_and(|name| same_host(name, &b.name))
        || a.addresses.intersection(&b.addresses).next().is_some()
}
