//! Lists that other facts contradict: what a pod, a container or a node still names is not in them.
//!
//! Counts alone do not tell that a list is whole, for who shortens a list can lower the count beside it. A manifest
//! that vouches for the list and the engine's own count together do: containers come and go between two commands. A pod
//! names its containers, a container its image, a node its networks, an object of Kubernetes what made it.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::coverage::Coverages;
use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::inputs::{Inputs, Probed};
use crate::assess::cluster::whole::by_node::{ByNode, OfNodes};
use crate::assess::compile::probe::{EngineInfo, Ids, OWNERS};
use crate::assess::sentences::{lists, reasons};
use crate::layout::Owner;

impl Coverages {
    /// Compares lists with what other facts name.
    pub(in crate::assess::cluster) fn contradict(
        &mut self,
        inputs: &Inputs,
        probed: &[Probed<'_>],
        by_node: &ByNode<'_>,
    ) {
        self.check_containers_of_pods(probed);
        self.check_lists_of_nodes(inputs, probed, by_node);
        self.check_networks_of_nodes(probed);
        self.check_owners(probed);
        self.check_nodes_of_kubernetes(inputs, probed);
    }

    /// What runs in a pod is among the containers of the pod's node.
    fn check_containers_of_pods(&mut self, probed: &[Probed<'_>]) {
        let Some(coverage) = self.named_mut("docker.container") else { return };
        let pods = OfNodes::of(probed, "kube.Pod", |probe| &probe.in_pods);
        let containers = OfNodes::of(probed, "docker.container", |probe| &probe.in_pods);
        for (node, delivery) in coverage.nodes.iter_mut().filter(|(_, delivery)| **delivery == Delivery::Read) {
            let (named, listed) = (all_of(pods.about(node)), all_of(containers.about(node)));
            let lacking = named.lacking_in(&listed);
            if lacking > 0 && !listed.is_full() {
                *delivery = Delivery::Truncated(lists::containers_of_pods_not_listed(lacking));
            }
        }
    }

    /// Of what runs on a node, the containers are in its list of containers, their processes in its list of processes
    /// and, unless they were removed by force, their images in its list of images.
    fn check_lists_of_nodes(&mut self, inputs: &Inputs, probed: &[Probed<'_>], by_node: &ByNode<'_>) {
        let used = OfNodes::of(probed, "docker.container", |probe| &probe.images);
        let images = OfNodes::of(probed, "docker.image", |probe| &probe.images);
        let tables = |node: &str| all_of(by_node.own(node).iter().map(|probed| &probed.probe.tables));
        let compared: [Compared<'_>; 3] = [
            Compared {
                kind: "docker.container",
                named: &tables,
                listed: &|node| all_of(by_node.containers(node).map(|of_node| &of_node.ids)),
                stated: |engine| engine.containers,
                said: lists::containers_with_processes_not_listed,
            },
            Compared {
                kind: "docker.process",
                named: &|node| all_of(by_node.containers(node).map(|of_node| &of_node.running)),
                listed: &tables,
                stated: |engine| engine.running,
                said: lists::processes_of_containers_not_listed,
            },
            Compared {
                kind: "docker.image",
                named: &|node| all_of(used.about(node)),
                listed: &|node| all_of(images.about(node)),
                stated: |engine| engine.images,
                said: lists::images_not_listed,
            },
        ];
        for Compared { kind, named, listed, stated, said } in compared {
            let Some(coverage) = self.named_mut(kind) else { continue };
            for (node, delivery) in coverage.nodes.iter_mut().filter(|(_, delivery)| **delivery == Delivery::Read) {
                let listed = listed(node);
                let lacking = named(node).lacking_in(&listed);
                let counted = || by_node.stated(node, stated).is_some_and(|stated| listed.count() >= stated);
                let told = || by_node.vouched(kind, node, inputs) && counted();
                if lacking > 0 && !listed.is_full() && !told() {
                    *delivery = Delivery::Truncated(said(lacking));
                }
            }
        }
    }

    /// A network of the swarm that a node lists is in the list of the cluster.
    fn check_networks_of_nodes(&mut self, probed: &[Probed<'_>]) {
        let of_kind = || probed.iter().filter(|probed| probed.kind == "docker.network");
        // MKE lists the nodes' own networks as `<node>/<network>`; those that it lists of one node it lists of all.
        let own: BTreeSet<&str> = of_kind()
            .filter(|probed| probed.source.owner == Owner::Cluster)
            .flat_map(|probed| probed.probe.of_nodes.values())
            .filter_map(|name| Some(name.split_once('/')?.1))
            .collect();
        let of_cluster = || of_kind().filter(|probed| probed.source.owner == Owner::Cluster);
        let listed: BTreeSet<&String> = of_cluster().flat_map(|probed| &probed.probe.names).collect();
        let nodes = of_kind().filter(|probed| probed.source.node.is_some());
        let expected = nodes.flat_map(|probed| {
            let of_node = probed.probe.of_nodes.iter().filter(|(_, name)| own.contains(name.as_str()));
            of_node.chain(&probed.probe.of_swarm)
        });
        let lacking: BTreeMap<&String, &String> = expected.filter(|(id, _)| !listed.contains(id)).collect();
        if let (Some(coverage), Some((_, first))) = (self.named_mut("docker.network"), lacking.first_key_value())
            && coverage.cluster == Delivery::Read
        {
            coverage.cluster = Delivery::Partial(reasons::not_listed(first, lacking.len() - 1));
        }
    }

    /// What looks after an object of Kubernetes is in the list of its kind.
    fn check_owners(&mut self, probed: &[Probed<'_>]) {
        for kind in OWNERS {
            let Some(coverage) = self.named_mut(kind).filter(|coverage| coverage.cluster == Delivery::Read) else {
                continue;
            };
            let (mut named, mut listed) = (Ids::default(), Ids::default());
            for Probed { kind: of, probe, .. } in probed {
                probe.owners.get(kind).into_iter().for_each(|owners| named.extend(owners));
                if *of == kind {
                    listed.extend(&probe.objects);
                }
            }
            let lacking = named.lacking_in(&listed);
            if lacking > 0 && !listed.is_full() {
                coverage.cluster = Delivery::Partial(lists::owners_not_listed(lacking));
            }
        }
    }
}

/// A list of every node, and what names entries of it.
struct Compared<'c> {
    kind: &'static str,
    named: &'c dyn Fn(&str) -> Ids,
    listed: &'c dyn Fn(&str) -> Ids,
    /// How many there are, as the engine counts.
    stated: fn(&EngineInfo) -> Option<u64>,
    said: fn(u64) -> String,
}

fn all_of<'i>(lists: impl Iterator<Item = &'i Ids>) -> Ids {
    let mut ids = Ids::default();
    lists.for_each(|list| ids.extend(list));
    ids
}
