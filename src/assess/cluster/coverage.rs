//! Coverage: of each kind, how far the cluster as a whole and each node delivered it.
//!
//! Every node is expected to deliver, so that what nobody handed in stands here as missing. What the
//! manifest says of a failed collection comes first, then the sources; the better delivery holds,
//! but nothing makes up for damage. At the end what was listed is compared with what other sources
//! count and name: a list that is shorter than its count is cut, and a list of one namespace is not
//! one of all.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::inputs::{Inputs, Probed};
use crate::assess::cluster::nodes::Nodes;
use crate::assess::cluster::whole::by_node::{ByNode, all_vouched};
use crate::assess::cluster::whole::not_read;
use crate::assess::compile::compiled::CompiledKind;
use crate::assess::compile::probe::{Ids, ListedContainers, NAMES, VALUES};
use crate::assess::sentences::reasons;
use crate::evidence::Claim;
use crate::facts::{Origin, marks_not_kept};
use crate::layout::{ItemStatus, Kind, Owner};
use crate::rules::REDACTED;

/// What was delivered of a kind.
#[derive(Debug, Clone)]
pub(crate) struct Coverage {
    /// Of the cluster as a whole.
    pub(crate) cluster: Delivery,
    /// Of each node known.
    pub(crate) nodes: BTreeMap<String, Delivery>,
}

/// What was delivered of all kinds.
#[derive(Debug, Default)]
pub(crate) struct Coverages(BTreeMap<Kind, Coverage>);

impl Coverages {
    /// Learns from the sources what was delivered of each kind.
    pub(crate) fn learn(inputs: &Inputs, kinds: &[CompiledKind], nodes: &Nodes, probed: &[Probed<'_>]) -> Self {
        let mut coverages =
            Self(kinds.iter().map(|kind| (kind.kind.clone(), Coverage::of(kind, inputs, nodes))).collect());
        coverages.credit_cluster_list(probed);
        let by_node = ByNode::of(probed);
        coverages.check_containers(&by_node);
        coverages.check_processes(&by_node);
        coverages.check_list_of_namespaces(inputs, probed);
        coverages.check_namespaces(inputs, probed);
        coverages.check_services_and_networks(inputs, probed);
        coverages.contradict(inputs, probed, &by_node);
        coverages
    }

    /// What was delivered of a kind.
    pub(crate) fn of(&self, kind: &Kind) -> Option<&Coverage> {
        self.0.get(kind)
    }

    /// The same, by the kind's name.
    pub(crate) fn named(&self, name: &str) -> Option<&Coverage> {
        self.of(&Kind::named(name)?)
    }

    /// All kinds that are read.
    pub(in crate::assess::cluster) fn each_mut(&mut self) -> impl Iterator<Item = (&Kind, &mut Coverage)> {
        self.0.iter_mut()
    }

    pub(in crate::assess::cluster) fn named_mut(&mut self, name: &str) -> Option<&mut Coverage> {
        self.0.get_mut(&Kind::named(name)?)
    }

    /// Whether all of a kind was read for the cluster as a whole.
    pub(crate) fn cluster_read(&self, name: &str) -> bool {
        self.named(name).is_some_and(|coverage| coverage.cluster == Delivery::Read)
    }

    /// A list of containers through a client bundle covers the nodes that it names: MKE's own
    /// containers run on every node.
    fn credit_cluster_list(&mut self, probed: &[Probed<'_>]) {
        let Some(coverage) = self.named_mut("docker.container") else { return };
        for Probed { source, kind, probe } in probed {
            if *kind == "docker.container" && source.owner == Owner::Cluster {
                for name in &probe.mentioned {
                    coverage.add(&Owner::Node(name.clone()), None, source.delivery.clone());
                }
            }
        }
    }

    /// `docker info` counts the containers: fewer listed is a list that is cut. A container that is listed
    /// twice is one, and one that the cluster's list alone names of a node is one of the node's.
    fn check_containers(&mut self, by_node: &ByNode<'_>) {
        let Some(coverage) = self.named_mut("docker.container") else { return };
        for (node, delivery) in &mut coverage.nodes {
            let mut listed = ListedContainers::default();
            by_node.containers(node).for_each(|of_node| listed.extend(of_node));
            if let Some(stated) = by_node.stated(node, |engine| engine.containers)
                && *delivery == Delivery::Read
                && listed.count() < stated
            {
                *delivery = Delivery::Truncated(reasons::fewer_containers_listed(stated, listed.count()));
            }
        }
    }

    /// `docker info` counts the containers that run: processes of fewer are a list that is cut.
    fn check_processes(&mut self, by_node: &ByNode<'_>) {
        let Some(coverage) = self.named_mut("docker.process") else { return };
        for (node, delivery) in &mut coverage.nodes {
            let mut tables = Ids::default();
            by_node.own(node).iter().for_each(|probed| tables.extend(&probed.probe.tables));
            let seen = tables.count();
            if let Some(stated) = by_node.stated(node, |engine| engine.running)
                && *delivery == Delivery::Read
                && seen < stated
            {
                *delivery = Delivery::Truncated(reasons::fewer_processes_listed(stated, seen));
            }
        }
    }

    /// `kubectl get` without `-A` lists one namespace, and some programs save a file for each. A list
    /// that names two is of all; others are only if they are together, and all namespaces are known.
    fn check_namespaces(&mut self, inputs: &Inputs, probed: &[Probed<'_>]) {
        let all = self.all_namespaces(probed);
        let lists = NamespacedLists::of(inputs, probed);
        for (kind, coverage) in &mut self.0 {
            if coverage.cluster != Delivery::Read || !kind.is_namespaced() {
                continue;
            }
            let Some(seen) = lists.only_some(kind.name(), inputs) else { continue };
            let lacking: Option<Vec<&String>> = all.as_ref().map(|all| all.difference(&seen).collect());
            coverage.cluster = match lacking.as_deref() {
                Some([]) => continue,
                Some([first, rest @ ..]) => Delivery::Partial(reasons::namespaces_lacking(first, rest.len())),
                None => Delivery::Partial(reasons::maybe_one_namespace()),
            };
        }
    }

    /// A list of namespaces has all that other facts name; one that nobody vouches for also those that
    /// every cluster has.
    fn check_list_of_namespaces(&mut self, inputs: &Inputs, probed: &[Probed<'_>]) {
        // What was redacted cannot be compared; that is said of the object itself.
        let hidden = |name: &str| name == REDACTED || marks_not_kept(name);
        let Some(names) = self.names_of_namespaces(probed).filter(|names| !names.iter().any(|name| hidden(name)))
        else {
            return;
        };
        let Some(coverage) = self.named_mut("kube.Namespace") else { return };
        let always = ["default", "kube-system"].into_iter().filter(|_| !all_vouched(probed, "kube.Namespace", inputs));
        let named = probed.iter().flat_map(|probed| &probed.probe.namespaces).map(String::as_str);
        let lacking: BTreeSet<&str> = always.chain(named).filter(|name| !names.contains(*name)).collect();
        if let Some(first) = lacking.first() {
            coverage.cluster = Delivery::Partial(reasons::not_listed(first, lacking.len() - 1));
        }
    }

    /// The pods of running containers are in the list of pods. This is asked after it is told whose
    /// containers are, for a container that names a pod in vain is a user's.
    pub(crate) fn check_pods(&mut self, probed: &[Probed<'_>]) {
        let (mut listed, mut running) = (Ids::default(), Ids::default());
        for Probed { kind, probe, .. } in probed {
            match *kind {
                "kube.Pod" => listed.extend(&probe.pods),
                _ => running.extend(&probe.pods),
            }
        }
        let Some(coverage) = self.named_mut("kube.Pod") else { return };
        let lacking = running.lacking_in(&listed);
        if lacking > 0 && coverage.cluster == Delivery::Read && !listed.is_full() {
            coverage.cluster = Delivery::Partial(reasons::pods_not_listed(lacking));
        }
    }

    /// The services and networks of containers and services are in the lists of these.
    fn check_services_and_networks(&mut self, inputs: &Inputs, probed: &[Probed<'_>]) {
        const LOCAL: [&str; 5] = ["bridge", "host", "none", "nat", "docker_gwbridge"];
        let names = |kind: &str| -> BTreeSet<&String> {
            probed.iter().filter(|probed| probed.kind == kind).flat_map(|probed| &probed.probe.names).collect()
        };
        let (known_services, networks) = (names("docker.service"), names("docker.network"));
        let of_containers = || probed.iter().map(|probed| probed.probe);
        let services: BTreeSet<&String> =
            of_containers().flat_map(|probe| &probe.services).filter(|name| !known_services.contains(name)).collect();
        // One that was made again under the same name has another id.
        let tasks = of_containers().flat_map(|probe| &probe.tasks).filter(|(id, _)| !known_services.contains(id));
        let services: BTreeSet<&String> = services.into_iter().chain(tasks.map(|(_, name)| name)).collect();
        let used = of_containers().flat_map(|probe| &probe.networks);
        let networks: BTreeSet<&String> = used
            .filter(|(id, name)| !networks.contains(id) && !networks.contains(name) && !LOCAL.contains(&name.as_str()))
            .map(|(_, name)| name)
            .collect();
        let swarm = probed.iter().any(|probed| !probed.probe.node_ids.is_empty());
        let ingress = "ingress".to_owned();
        let known = |name: &String| {
            probed.iter().any(|probed| probed.kind == "docker.network" && probed.probe.names.contains(name))
        };
        let always = (swarm && !all_vouched(probed, "docker.network", inputs) && !known(&ingress)).then_some(&ingress);
        let networks: BTreeSet<&String> = networks.into_iter().chain(always).collect();
        for (kind, lacking) in [("docker.service", services), ("docker.network", networks)] {
            if let (Some(coverage), Some(first)) = (self.named_mut(kind), lacking.first())
                && coverage.cluster == Delivery::Read
            {
                coverage.cluster = Delivery::Partial(reasons::not_listed(first, lacking.len() - 1));
            }
        }
    }

    /// All namespaces, where a whole list of them is there.
    fn all_namespaces(&self, probed: &[Probed<'_>]) -> Option<BTreeSet<String>> {
        self.names_of_namespaces(probed).filter(|names| !names.is_empty())
    }

    /// What the lists of namespaces name, where they were read to their end.
    fn names_of_namespaces(&self, probed: &[Probed<'_>]) -> Option<BTreeSet<String>> {
        if !self.cluster_read("kube.Namespace") {
            return None;
        }
        let of_lists = probed.iter().filter(|probed| probed.kind == "kube.Namespace");
        let names: BTreeSet<String> = of_lists.flat_map(|probed| probed.probe.names.iter().cloned()).collect();
        // What is counted no further cannot be compared.
        (names.len() < NAMES).then_some(names)
    }
}

/// By kind, the members that hold it, with the namespaces that their objects name.
struct NamespacedLists<'p> {
    members: BTreeMap<&'p str, BTreeMap<usize, BTreeSet<&'p String>>>,
    /// Members that hold a list of several namespaces, by kind.
    several: BTreeSet<(&'p str, usize)>,
    /// Whether a list of pods is an output that its content told.
    pods_by_content: bool,
}

impl<'p> NamespacedLists<'p> {
    fn of(inputs: &'p Inputs, probed: &[Probed<'p>]) -> Self {
        let mut members: BTreeMap<&str, BTreeMap<usize, BTreeSet<&String>>> = BTreeMap::new();
        let mut several = BTreeSet::new();
        for (number, member) in inputs.read.members.iter().enumerate() {
            if let Some(place) = &member.place {
                members.entry(place.kind.name()).or_default().entry(number).or_default();
            }
        }
        for Probed { source, kind, probe } in probed {
            members.entry(kind).or_default().entry(source.member).or_default().extend(&probe.namespaces);
            if probe.lists.values().any(|namespaces| namespaces.len() > 1) {
                several.insert((*kind, source.member));
            }
        }
        let by_content = |probed: &Probed<'_>| probed.kind == "kube.Pod" && probed.source.origin != Origin::Snapshot;
        Self { members, several, pods_by_content: probed.iter().any(by_content) }
    }

    /// The namespaces of which a kind's members are, if these may be only some of all.
    fn only_some(&self, kind: &str, inputs: &Inputs) -> Option<BTreeSet<String>> {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut whole = false;
        let members = self.members.get(kind)?;
        for (number, named) in members {
            let of_several = self.several.iter().any(|(of, member)| *of == kind && member == number);
            let member = &inputs.read.members[*number];
            whole |= member.origin == Origin::Snapshot || of_several;
            seen.extend(named.iter().map(|name| (*name).clone()));
            seen.extend(member.namespace.clone());
        }
        // Every cluster has pods in `kube-system`.
        if kind == "kube.Pod" && whole {
            whole = !self.pods_by_content || seen.contains("kube-system") || seen.len() >= VALUES;
        }
        (!whole).then_some(seen)
    }
}

impl Coverage {
    fn of(kind: &CompiledKind, inputs: &Inputs, nodes: &Nodes) -> Self {
        let of_node = |name: &String| match nodes.failed.get(name) {
            Some(file) => Delivery::Missing(reasons::dump_failed_on_node(file)),
            None => Delivery::Missing(reasons::not_in_snapshot()),
        };
        let mut coverage = Self {
            cluster: Delivery::Missing(reasons::not_in_snapshot()),
            nodes: nodes.names().map(|name| (name.clone(), of_node(name))).collect(),
        };
        for claim in inputs.integrity.gaps.iter().filter(|claim| claim.place.kind == kind.kind) {
            coverage.add(&claim.place.owner, None, claimed(claim));
        }
        for (place, entry) in not_read::places(&inputs.read).filter(|(place, _)| place.kind == kind.kind) {
            coverage.add(&place.owner, None, Delivery::Missing(reasons::not_read(&entry.path, entry.what)));
        }
        for source in inputs.of_kind(kind).filter(|source| source.decides()) {
            coverage.add(&source.owner, source.node.as_deref(), source.delivery.clone());
        }
        coverage
    }

    /// The better delivery holds, but nothing makes up for what is not what it claims to be.
    fn add(&mut self, owner: &Owner, node: Option<&str>, delivery: Delivery) {
        let place = match (owner, node) {
            (Owner::Node(name), _) => self.nodes.get_mut(name),
            (Owner::Folder(_), Some(name)) => self.nodes.get_mut(name),
            (Owner::Cluster, _) => Some(&mut self.cluster),
            (Owner::Folder(_), None) => None,
        };
        let Some(so_far) = place else { return };
        let untouched = matches!(so_far, Delivery::Missing(_));
        let better = delivery < *so_far && !so_far.is_damage();
        if untouched || delivery.is_damage() || better {
            *so_far = delivery;
        }
    }

    /// Whether all of it was read on every node.
    pub(crate) fn every_node_read(&self) -> bool {
        self.nodes.values().all(|delivery| *delivery == Delivery::Read)
    }

    /// Whether all of it was read on a node.
    pub(crate) fn node_read(&self, node: &str) -> bool {
        self.nodes.get(node) == Some(&Delivery::Read)
    }
}

/// What the manifest says of something that is not there.
fn claimed(claim: &Claim) -> Delivery {
    match claim.status {
        ItemStatus::Forbidden => Delivery::Forbidden(reasons::access_refused(&claim.note)),
        ItemStatus::TimedOut => Delivery::Missing(reasons::collection_took_too_long(&claim.note)),
        ItemStatus::Skipped => Delivery::Missing(reasons::not_collected(&claim.note)),
        ItemStatus::Failed => Delivery::Missing(reasons::collection_failed(&claim.note)),
        ItemStatus::Collected | ItemStatus::Truncated => Delivery::Unreadable(claim.note.clone()),
    }
}
