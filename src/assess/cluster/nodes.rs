//! The nodes of the cluster, as all sources together name them.
//!
//! No single list is trusted to be whole: a node is known when a list, a folder, a manifest or the
//! sign of a failed collection names it. Where `docker info` counts more nodes than are known, or no
//! list is there at all, the nodes are unsure, and no rule over all nodes can pass.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::inputs::{Inputs, Probed};
use crate::assess::cluster::whole::not_read;
use crate::assess::compile::probe::{EngineInfo, ListedNode};
use crate::assess::sentences::{node_names, reasons};
use crate::facts::Origin;
use crate::layout::Owner;

/// A node, and what its sources say of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct NodeFacts {
    pub(crate) manager: Option<bool>,
    /// Operating systems as sources print them, each with the source; the node's own first.
    pub(crate) os: Vec<(String, String)>,
    /// Their ids; several where sources disagree.
    pub(crate) os_ids: BTreeSet<String>,
    /// Whether its engine says that it runs on Linux, whatever the distribution.
    pub(crate) linux: bool,
    pub(crate) swarm: Option<bool>,
    pub(crate) kubernetes: Option<bool>,
    pub(crate) addresses: BTreeSet<IpAddr>,
    pub(crate) fqdn: Option<String>,
}

/// The nodes of the cluster.
#[derive(Debug, Default)]
pub(crate) struct Nodes {
    pub(crate) by_name: BTreeMap<String, NodeFacts>,
    /// Why there may be more of them; none when these are all.
    pub(crate) unsure: Option<String>,
    /// Nodes on which the collection of a dump failed, with the file that says so.
    pub(crate) failed: BTreeMap<String, String>,
    /// Entries of the swarm's list that nodes left when they joined again, by id, with the node.
    pub(crate) left: BTreeMap<String, String>,
    /// Whether a kubelet is one of MKE 4.
    pub(crate) mke_4: bool,
}

impl Nodes {
    /// Learns the nodes from all sources.
    pub(crate) fn learn(inputs: &Inputs, probed: &[Probed<'_>]) -> Self {
        let mut nodes = Self::default();
        for failure in &inputs.read.failures {
            nodes.failed.entry(failure.node.clone()).or_insert_with(|| failure.path.clone());
        }
        let of_sources = inputs.sources.iter().filter_map(|source| source.node.clone());
        let of_links = not_read::places(&inputs.read).filter_map(|(place, _)| match &place.owner {
            Owner::Node(name) => Some(name.clone()),
            Owner::Cluster | Owner::Folder(_) => None,
        });
        let named = of_sources.chain(inputs.integrity.nodes.iter().cloned()).chain(nodes.failed.keys().cloned());
        let named = named.chain(of_links);
        nodes.by_name = named.map(|name| (name, NodeFacts::default())).collect();
        let (mut listed, mut counted, mut mentioned) = (false, 0, BTreeSet::new());
        for Probed { source, kind, probe } in probed {
            for node in &probe.nodes {
                // One object is no list.
                listed |= source.delivery == Delivery::Read;
                nodes.add_listed(node, kind);
            }
            let of_engines = probe.engines.iter().filter_map(|engine| engine.swarm_nodes).max();
            counted = counted.max(of_engines.unwrap_or(0)).max(probe.stated_nodes.unwrap_or(0));
            if let Some(node) = source.node.as_ref().and_then(|name| nodes.by_name.get_mut(name)) {
                probe.engines.iter().for_each(|engine| node.add_engine(engine, kind));
                for (id, printed) in &probe.os_release {
                    node.add_os_with_id(printed.clone(), id.to_ascii_lowercase(), kind);
                }
            }
            mentioned.extend(&probe.mentioned);
        }
        for name in mentioned {
            if !nodes.by_name.contains_key(name) {
                nodes.by_name.insert(name.clone(), NodeFacts::default());
            }
        }
        for (other, used) in inputs.hosts.by_domain().filter(|(other, _)| other.contains('.')) {
            if let Some(node) = nodes.by_name.get_mut(used) {
                node.fqdn.get_or_insert_with(|| other.clone());
            }
        }
        let of_one_name = nodes.tell_entries_apart(probed);
        let known = (nodes.by_name.len() + nodes.left.len()) as u64;
        nodes.unsure = of_one_name.or_else(|| {
            if !listed && counted == 0 {
                Some(reasons::no_list_of_nodes())
            } else if counted > known {
                Some(reasons::fewer_nodes_known(counted, known))
            } else {
                nodes.lacks_manager(probed)
            }
        });
        nodes
    }

    /// Tells entries that nodes left behind when they joined again from nodes that share a name; returns why
    /// some cannot be told apart. An entry counts as left behind if it is down and exactly one of its name is not.
    fn tell_entries_apart(&mut self, probed: &[Probed<'_>]) -> Option<String> {
        let mut by_name: BTreeMap<&str, BTreeMap<&str, bool>> = BTreeMap::new();
        for node in probed.iter().flat_map(|probed| &probed.probe.nodes) {
            if let Some(id) = node.id.as_deref().filter(|id| !id.is_empty()) {
                // Of two views that differ, the one in which it is up counts.
                *by_name.entry(&node.name).or_default().entry(id).or_insert(true) &= node.is_down;
            }
        }
        let mut engines: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for engine in probed.iter().flat_map(|probed| &probed.probe.engines) {
            engines.entry(&engine.name).or_default().extend(engine.node_id.as_deref());
        }
        let mut trouble = None;
        for (name, entries) in by_name.iter().filter(|(_, entries)| entries.len() > 1) {
            let up: Vec<&str> = entries.iter().filter(|(_, down)| !**down).map(|(id, _)| *id).collect();
            let [there] = up.as_slice() else {
                let ids: Vec<&str> = entries.keys().copied().collect();
                trouble = trouble.or_else(|| Some(node_names::nodes_of_one_name(name, &ids)));
                continue;
            };
            let own = engines.get(name).into_iter().flatten();
            let lost = own.copied().find(|id| entries.get(id) == Some(&true));
            if let Some(lost) = lost.filter(|_| engines.get(name).is_none_or(|ids| !ids.contains(there))) {
                trouble = trouble.or_else(|| Some(node_names::engine_of_lost_node(name, lost)));
            }
            let left = entries.iter().filter(|(_, down)| **down).map(|(id, _)| ((*id).to_owned(), (*name).to_owned()));
            self.left.extend(left);
        }
        trouble
    }

    /// Why the lists of the swarm's nodes are not whole: each swarm has a manager, and each node knows all
    /// of them.
    fn lacks_manager(&self, probed: &[Probed<'_>]) -> Option<String> {
        let listed: BTreeSet<&String> = probed.iter().flat_map(|probed| &probed.probe.node_ids).collect();
        let mut known = probed.iter().flat_map(|probed| &probed.probe.managers);
        if listed.is_empty() {
            return None;
        }
        if let Some(id) = known.find(|id| !listed.contains(id)) {
            return Some(reasons::manager_not_listed(id));
        }
        // What the collector lists by its own format is what it found; others may ask for some nodes.
        let asked = probed
            .iter()
            .any(|Probed { source, probe, .. }| source.origin != Origin::Snapshot && !probe.node_ids.is_empty());
        let roles = || self.by_name.values().filter_map(|node| node.manager);
        (asked && roles().next().is_some() && !roles().any(|manager| manager)).then(reasons::no_manager_listed)
    }

    fn add_listed(&mut self, listed: &ListedNode, kind: &str) {
        self.mke_4 |= listed.kubelet.as_ref().is_some_and(|version| version.contains("+k0s"));
        let node = self.by_name.entry(listed.name.clone()).or_default();
        // A manager of the swarm need not have Kubernetes' label, whichever list comes first.
        node.manager = node.manager.max(listed.manager);
        node.swarm = node.swarm.or(listed.swarm);
        node.kubernetes = node.kubernetes.or(listed.kubernetes);
        node.addresses.extend(&listed.addresses);
        node.fqdn = node.fqdn.take().or_else(|| listed.fqdn.clone());
        if let Some(os) = &listed.os {
            node.add_os(os.clone(), kind);
        }
    }

    /// The names of all nodes.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.by_name.keys()
    }

    /// The nodes that are not known to be managers.
    pub(crate) fn workers(&self) -> impl Iterator<Item = (&String, &NodeFacts)> {
        self.by_name.iter().filter(|(_, node)| node.manager != Some(true))
    }
}

impl NodeFacts {
    fn add_engine(&mut self, engine: &EngineInfo, source: &str) {
        let os = if engine.windows && !engine.os.to_ascii_lowercase().contains("windows") {
            format!("Windows ({})", engine.os)
        } else {
            engine.os.clone()
        };
        self.add_os(os, source);
        self.linux |= engine.linux;
        self.addresses.extend(engine.address);
    }

    fn add_os(&mut self, printed: String, source: &str) {
        if printed.is_empty() {
            return;
        }
        let id = os_id(&printed).map_or_else(|| printed.to_ascii_lowercase(), str::to_owned);
        self.add_os_with_id(printed, id, source);
    }

    /// What a node says of itself goes before what a list says of it.
    fn add_os_with_id(&mut self, printed: String, id: String, source: &str) {
        const ORDER: [&str; 4] = ["host.os_release", "docker.info", "kube.Node", "docker.node"];
        self.os_ids.insert(id);
        self.os.push((printed, source.to_owned()));
        self.os.sort_by_key(|(_, source)| ORDER.iter().position(|known| known == source));
    }
}

/// The id of an operating system (as `ID` of os-release) by its printed name.
fn os_id(printed: &str) -> Option<&'static str> {
    let printed = printed.to_ascii_lowercase();
    [
        ("ubuntu", "ubuntu"),
        ("red hat", "rhel"),
        ("rhel", "rhel"),
        ("centos", "centos"),
        ("rocky", "rocky"),
        ("alma", "almalinux"),
        ("oracle", "ol"),
        ("suse", "sles"),
        ("debian", "debian"),
        ("windows", "windows"),
        ("fedora", "fedora"),
        ("amazon", "amzn"),
    ]
    .iter()
    .find(|(part, _)| printed.contains(part))
    .map(|(_, id)| *id)
}
