//! What the facts of a member say of the cluster, besides the rules.

use core::net::IpAddr;
use std::collections::BTreeSet;

/// Different values kept of each sort: versions, namespaces.
pub(crate) const VALUES: usize = 32;
/// Names of namespaces kept.
pub(crate) const NAMES: usize = 10_000;

/// What `docker info` says of its node.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EngineInfo {
    pub(crate) name: String,
    pub(crate) os: String,
    pub(crate) windows: bool,
    pub(crate) containers: Option<u64>,
    pub(crate) swarm_nodes: Option<u64>,
    pub(crate) swarm_id: Option<String>,
    pub(crate) time: Option<String>,
    pub(crate) running: Option<u64>,
    pub(crate) address: Option<IpAddr>,
}

/// A node in a list of nodes.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ListedNode {
    pub(crate) name: String,
    pub(crate) manager: Option<bool>,
    pub(crate) os: Option<String>,
    pub(crate) swarm: Option<bool>,
    pub(crate) kubernetes: Option<bool>,
    pub(crate) kubelet: Option<String>,
    pub(crate) addresses: BTreeSet<IpAddr>,
    pub(crate) fqdn: Option<String>,
}

/// What the facts say of the cluster, besides the rules.
#[derive(Debug, Clone, Default)]
pub(crate) struct Probe {
    pub(crate) engines: BTreeSet<EngineInfo>,
    pub(crate) nodes: BTreeSet<ListedNode>,
    pub(crate) os_release: BTreeSet<(String, String)>,
    pub(crate) mke_versions: BTreeSet<String>,
    pub(crate) msr_versions: BTreeSet<String>,
    pub(crate) swarm_only: Option<bool>,
    pub(crate) registries: Option<u64>,
    /// Nodes that a dump counts.
    pub(crate) stated_nodes: Option<u64>,
    /// Ids of the cluster in a dump.
    pub(crate) instances: BTreeSet<String>,
    /// The first user's object (service, container or pod), by its number.
    pub(crate) user: Option<(u64, String)>,
    /// The first container or pod of MSR.
    pub(crate) msr: Option<(u64, String)>,
    pub(crate) namespaces: BTreeSet<String>,
    /// Names of the namespaces themselves.
    pub(crate) names: BTreeSet<String>,
    /// Containers whose processes are listed.
    pub(crate) tables: u64,
    /// Nodes that objects of the cluster's own list name.
    pub(crate) mentioned: BTreeSet<String>,
}

fn first(mine: &mut Option<(u64, String)>, other: Option<(u64, String)>) {
    *mine = match (mine.take(), other) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
}

impl Probe {
    pub(crate) fn user(&mut self, order: u64, subject: impl FnOnce() -> String) {
        if self.user.as_ref().is_none_or(|(known, _)| order < *known) {
            self.user = Some((order, subject()));
        }
    }

    pub(crate) fn msr(&mut self, order: u64, subject: impl FnOnce() -> String) {
        if self.msr.as_ref().is_none_or(|(known, _)| order < *known) {
            self.msr = Some((order, subject()));
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.engines.extend(other.engines);
        self.nodes.extend(other.nodes);
        self.os_release.extend(other.os_release);
        self.mke_versions.extend(other.mke_versions);
        self.msr_versions.extend(other.msr_versions);
        self.namespaces.extend(other.namespaces);
        self.mentioned.extend(other.mentioned);
        self.names.extend(other.names);
        while self.names.len() > NAMES {
            self.names.pop_last();
        }
        for set in [&mut self.mke_versions, &mut self.msr_versions, &mut self.namespaces] {
            while set.len() > VALUES {
                set.pop_last();
            }
        }
        self.swarm_only = self.swarm_only.or(other.swarm_only);
        self.registries = self.registries.max(other.registries);
        self.stated_nodes = self.stated_nodes.max(other.stated_nodes);
        self.instances.extend(other.instances);
        self.tables += other.tables;
        first(&mut self.user, other.user);
        first(&mut self.msr, other.msr);
    }
}
