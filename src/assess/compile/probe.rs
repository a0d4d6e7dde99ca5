//! What the facts of a member say of the cluster, besides the rules: its nodes, versions and users'
//! workloads. It is summed up as objects pass, as what checks find is, and read when all was seen.

use core::net::IpAddr;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

/// Different versions kept, and namespaces of one list: two are enough to tell that it is not one.
pub(crate) const VALUES: usize = 32;
/// Names of namespaces kept; where there are more, lists are not compared with them.
pub(crate) const NAMES: usize = 10_000;

/// Kinds of Kubernetes whose objects make others and look after them.
pub(crate) const OWNERS: [&str; 6] =
    ["kube.CronJob", "kube.DaemonSet", "kube.Deployment", "kube.Job", "kube.ReplicaSet", "kube.StatefulSet"];

/// Ids kept of one list: far more containers than a node can run.
const IDS: usize = 100_000;

/// Ids of objects, each once: what is saved twice is still one object. Of an id its hash is kept; two
/// that share one count as one, which makes a list shorter and never longer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ids(BTreeSet<u64>);

impl Ids {
    /// Notes an id.
    pub(crate) fn insert(&mut self, id: &str) {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        self.0.insert(hasher.finish());
        self.bound();
    }

    /// Adds the ids of another list.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.0.extend(&other.0);
        self.bound();
    }

    /// How many different ids there are.
    pub(crate) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// Whether there may be more than are kept.
    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= IDS
    }

    /// How many of these another list lacks.
    pub(crate) fn lacking_in(&self, other: &Self) -> u64 {
        self.0.difference(&other.0).count() as u64
    }

    /// Which are kept must not depend on the order in which they came.
    fn bound(&mut self) {
        while self.0.len() > IDS {
            self.0.pop_last();
        }
    }
}

/// Containers of a node that are listed. Each has an id and a name of its own: a copy that differs in one
/// of them alone is still the same container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ListedContainers {
    pub(crate) ids: Ids,
    /// Those of them that run.
    pub(crate) running: Ids,
    names: Ids,
}

impl ListedContainers {
    /// Notes a container, and whether it runs.
    pub(crate) fn insert(&mut self, id: &str, name: &str, runs: bool) {
        self.ids.insert(id);
        if runs {
            self.running.insert(id);
        }
        // Through a client bundle the name is `/<node>/<container>`.
        self.names.insert(name.rsplit('/').next().unwrap_or_default());
    }

    /// Adds the containers of another list.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.ids.extend(&other.ids);
        self.running.extend(&other.running);
        self.names.extend(&other.names);
    }

    /// How many different ones there are at least.
    pub(crate) fn count(&self) -> u64 {
        self.ids.count().min(self.names.count())
    }
}

/// What `docker info` says of its node.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EngineInfo {
    /// Host name.
    pub(crate) name: String,
    /// Operating system, as the engine prints it.
    pub(crate) os: String,
    pub(crate) windows: bool,
    /// Whether it says that it runs on Linux.
    pub(crate) linux: bool,
    /// Containers that it counts.
    pub(crate) containers: Option<u64>,
    /// Nodes that its swarm counts; only managers say it.
    pub(crate) swarm_nodes: Option<u64>,
    /// Id of its swarm; only managers say it.
    pub(crate) swarm_id: Option<String>,
    /// What its clock showed.
    pub(crate) time: Option<String>,
    /// Running containers that it counts.
    pub(crate) running: Option<u64>,
    /// Images that it counts.
    pub(crate) images: Option<u64>,
    /// Its address in the swarm.
    pub(crate) address: Option<IpAddr>,
    /// Id of the node in the swarm.
    pub(crate) node_id: Option<String>,
}

/// A node in a list of nodes.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ListedNode {
    /// Host name.
    pub(crate) name: String,
    /// Whether it is a manager of the swarm, or of the control plane.
    pub(crate) manager: Option<bool>,
    /// Operating system, as the list prints it.
    pub(crate) os: Option<String>,
    /// Whether it is labelled for users' workloads of Swarm.
    pub(crate) swarm: Option<bool>,
    /// Whether it is labelled for users' workloads of Kubernetes.
    pub(crate) kubernetes: Option<bool>,
    /// Version of its kubelet.
    pub(crate) kubelet: Option<String>,
    pub(crate) addresses: BTreeSet<IpAddr>,
    /// Fully qualified domain name.
    pub(crate) fqdn: Option<String>,
    /// Its id in the swarm's list.
    pub(crate) id: Option<String>,
    /// Whether the swarm has lost it.
    pub(crate) is_down: bool,
}

/// What the facts say of the cluster, besides the rules.
#[derive(Debug, Clone, Default)]
pub(crate) struct Probe {
    pub(crate) engines: BTreeSet<EngineInfo>,
    pub(crate) nodes: BTreeSet<ListedNode>,
    /// `ID` and `PRETTY_NAME` of os-release.
    pub(crate) os_release: BTreeSet<(String, String)>,
    /// Versions of MKE, as `ucp/3.7.7`.
    pub(crate) mke_versions: BTreeSet<String>,
    /// Versions of MSR, by the tags of its images.
    pub(crate) msr_versions: BTreeSet<String>,
    /// Whether MKE is configured for Swarm alone.
    pub(crate) swarm_only: Option<bool>,
    /// Registries that MKE's configuration names.
    pub(crate) registries: Option<u64>,
    /// Nodes that a dump counts.
    pub(crate) stated_nodes: Option<u64>,
    /// Ids of the cluster in a dump.
    pub(crate) instances: BTreeSet<String>,
    /// The first user's object (service, container or pod), by its number.
    pub(crate) user: Option<(u64, String)>,
    /// Objects that may be a user's or not.
    pub(crate) doubtful: u64,
    /// The first container or pod of MSR.
    pub(crate) msr: Option<(u64, String)>,
    /// Namespaces that objects of a list name.
    pub(crate) namespaces: BTreeSet<String>,
    /// Names of the namespaces themselves.
    pub(crate) names: BTreeSet<String>,
    /// Of each list in the member, namespaces that its objects name: two are enough to tell that it is
    /// not of one.
    pub(crate) lists: BTreeMap<u64, BTreeSet<String>>,
    /// Ids of the swarm's nodes that are listed.
    pub(crate) node_ids: BTreeSet<String>,
    /// Ids of managers that a node knows.
    pub(crate) managers: BTreeSet<String>,
    /// Services of which the containers are.
    pub(crate) services: BTreeSet<String>,
    /// Networks that connect the containers, by id, with the name.
    pub(crate) networks: BTreeMap<String, String>,
    /// Containers whose processes are listed, each once.
    pub(crate) tables: Ids,
    /// Containers that are listed, each once, by the node that they name.
    pub(crate) containers: BTreeMap<Option<String>, ListedContainers>,
    /// Pods by their UIDs: those of a list of pods, or those of which running containers are.
    pub(crate) pods: Ids,
    /// Containers of pods (`<UID>/<name>`) by the node that they name: those that the pods of a list say
    /// they run, or those that are listed themselves.
    pub(crate) in_pods: BTreeMap<Option<String>, Ids>,
    /// Images by their ids, by the node that is named: those that are listed, or those of containers.
    pub(crate) images: BTreeMap<Option<String>, Ids>,
    /// Networks of the swarm that are listed, by id, with the name.
    pub(crate) of_swarm: BTreeMap<String, String>,
    /// Networks of single nodes that are listed, by id, with the name.
    pub(crate) of_nodes: BTreeMap<String, String>,
    /// Services of which containers run, by id, with the name.
    pub(crate) tasks: BTreeMap<String, String>,
    /// Objects of Kubernetes that can have made others, as `<namespace>/<name>`.
    pub(crate) objects: Ids,
    /// Those of which objects say that they look after them, by kind.
    pub(crate) owners: BTreeMap<&'static str, Ids>,
    /// Ids of the swarm, as MKE states them.
    pub(crate) swarms: BTreeSet<String>,
    /// Nodes that objects of the cluster's own list name.
    pub(crate) mentioned: BTreeSet<String>,
}

/// The one with the lower number of two.
fn first(mine: &mut Option<(u64, String)>, other: Option<(u64, String)>) {
    *mine = match (mine.take(), other) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
}

impl Probe {
    /// Notes an object of a user's.
    pub(crate) fn user(&mut self, order: u64, subject: impl FnOnce() -> String) {
        if self.user.as_ref().is_none_or(|(known, _)| order < *known) {
            self.user = Some((order, subject()));
        }
    }

    /// Notes a container or pod of MSR.
    pub(crate) fn msr(&mut self, order: u64, subject: impl FnOnce() -> String) {
        if self.msr.as_ref().is_none_or(|(known, _)| order < *known) {
            self.msr = Some((order, subject()));
        }
    }

    /// Lets go of what is more than can be kept, in whatever order it came.
    pub(crate) fn bound(&mut self) {
        for set in [&mut self.names, &mut self.node_ids, &mut self.managers, &mut self.services, &mut self.mentioned] {
            while set.len() > NAMES {
                set.pop_last();
            }
        }
        for map in [&mut self.networks, &mut self.of_swarm, &mut self.of_nodes, &mut self.tasks] {
            while map.len() > NAMES {
                map.pop_last();
            }
        }
        for map in [&mut self.in_pods, &mut self.images] {
            while map.len() > NAMES {
                map.pop_last();
            }
        }
        while self.lists.len() > NAMES {
            self.lists.pop_last();
        }
        for set in [&mut self.mke_versions, &mut self.msr_versions, &mut self.namespaces] {
            while set.len() > VALUES {
                set.pop_last();
            }
        }
    }

    /// Gives the nodes that it names other names.
    pub(crate) fn rename_nodes(&mut self, rename: &impl Fn(&mut String)) {
        let renamed = |mut name: String| {
            rename(&mut name);
            name
        };
        self.mentioned = std::mem::take(&mut self.mentioned).into_iter().map(renamed).collect();
        let nodes = std::mem::take(&mut self.nodes).into_iter();
        self.nodes = nodes.map(|node| ListedNode { name: renamed(node.name), ..node }).collect();
        for (node, listed) in std::mem::take(&mut self.containers) {
            self.containers.entry(node.map(renamed)).or_default().extend(&listed);
        }
    }

    /// Notes a namespace that an object of a list names. What is kept of a list does not depend on the
    /// order of its objects: only whether there are two is asked.
    pub(crate) fn add_to_list(&mut self, list: u64, namespace: String) {
        let namespaces = self.lists.entry(list).or_default();
        namespaces.insert(namespace);
        while namespaces.len() > 2 {
            namespaces.pop_last();
        }
    }

    /// Adds what another part of the member says.
    pub(crate) fn merge(&mut self, other: Self) {
        self.engines.extend(other.engines);
        self.nodes.extend(other.nodes);
        self.os_release.extend(other.os_release);
        self.mke_versions.extend(other.mke_versions);
        self.msr_versions.extend(other.msr_versions);
        self.namespaces.extend(other.namespaces);
        self.mentioned.extend(other.mentioned);
        self.names.extend(other.names);
        self.node_ids.extend(other.node_ids);
        self.managers.extend(other.managers);
        self.services.extend(other.services);
        self.networks.extend(other.networks);
        self.of_swarm.extend(other.of_swarm);
        self.of_nodes.extend(other.of_nodes);
        self.tasks.extend(other.tasks);
        self.objects.extend(&other.objects);
        for (kind, owners) in other.owners {
            self.owners.entry(kind).or_default().extend(&owners);
        }
        for (list, namespaces) in other.lists {
            for namespace in namespaces {
                self.add_to_list(list, namespace);
            }
        }
        self.bound();
        self.swarm_only = self.swarm_only.or(other.swarm_only);
        self.registries = self.registries.max(other.registries);
        self.stated_nodes = self.stated_nodes.max(other.stated_nodes);
        self.instances.extend(other.instances);
        self.tables.extend(&other.tables);
        self.pods.extend(&other.pods);
        self.swarms.extend(other.swarms);
        for (node, ids) in &other.containers {
            self.containers.entry(node.clone()).or_default().extend(ids);
        }
        for (mine, theirs) in [(&mut self.in_pods, &other.in_pods), (&mut self.images, &other.images)] {
            for (node, ids) in theirs {
                mine.entry(node.clone()).or_default().extend(ids);
            }
        }
        self.doubtful += other.doubtful;
        first(&mut self.user, other.user);
        first(&mut self.msr, other.msr);
    }
}
