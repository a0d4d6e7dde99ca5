//! Which orchestrators and whether MSR are in use, with the fact that says so.
//!
//! That something is in use one object proves; that it is not, only lists that are whole. Where
//! neither can be shown the answer is unknown, and rules that depend on it are Not Reviewed. What the
//! SSP names fills in the orchestrators that the snapshot leaves open and overrules nothing.

use crate::assess::cluster::coverage::{Coverage, Coverages};
use crate::assess::cluster::inputs::Probed;
use crate::assess::cluster::nodes::{NodeFacts, Nodes};
use crate::assess::sentences::in_use;
use crate::rules::Orchestrator;
use crate::ssp::Ssp;

/// Whether something is in use, with the fact that says so.
#[derive(Debug, Clone)]
pub(crate) struct Usage {
    /// Yes, no or unknown.
    pub(crate) in_use: Option<bool>,
    pub(crate) because: String,
    /// Number of the member that shows it.
    pub(crate) source: Option<usize>,
    /// Whether the SSP says so, and not the snapshot.
    pub(crate) by_ssp: bool,
}

impl Usage {
    fn unknown(because: String) -> Self {
        Self { in_use: None, because, source: None, by_ssp: false }
    }

    fn shown(in_use: bool, because: String, source: Option<usize>) -> Self {
        Self { in_use: Some(in_use), because, source, by_ssp: false }
    }

    /// What the SSP says of an orchestrator of which the snapshot says nothing.
    pub(crate) fn or_by_ssp(self, orchestrator: Orchestrator, ssp: &Ssp, day: Option<&str>) -> Self {
        if self.in_use.is_some() {
            return self;
        }
        let named: Vec<(&str, bool)> = ssp
            .of("orchestrators")
            .filter_map(|(_, entry)| Some((entry.text("orchestrator")?, entry.holds_on(day))))
            .collect();
        let of_this: Vec<bool> =
            named.iter().filter(|(name, _)| *name == orchestrator.name()).map(|(_, holds)| *holds).collect();
        let in_use = of_this.contains(&true);
        // An entry that does not hold leaves it open, and so does an SSP that names none.
        if !named.iter().any(|(_, holds)| *holds) || (!in_use && !of_this.is_empty()) {
            return self;
        }
        let because = if in_use { in_use::named_by_ssp() } else { in_use::not_named_by_ssp() };
        Self { in_use: Some(in_use), because, source: None, by_ssp: true }
    }
}

/// What tells whether something is in use.
pub(crate) struct Signs<'s> {
    pub(crate) nodes: &'s Nodes,
    pub(crate) coverage: &'s Coverages,
    pub(crate) probed: &'s [Probed<'s>],
}

impl Signs<'_> {
    /// Whether Swarm runs users' workloads.
    pub(crate) fn swarm(&self) -> Usage {
        if let Some(name) = self.worker(|node| node.swarm == Some(true)) {
            return Usage::shown(true, in_use::worker_labelled(name, Orchestrator::Swarm), self.list_of_nodes());
        }
        if let Some(user) = self.user_object(&["docker.service", "docker.container"]) {
            return user;
        }
        let only_kubernetes = self.nodes.unsure.is_none()
            && self.nodes.workers().next().is_some()
            && self.nodes.workers().all(|(_, node)| node.kubernetes == Some(true) && node.swarm != Some(true));
        let containers = self.coverage.named("docker.container");
        let seen_all = containers.is_some_and(Coverage::every_node_read);
        let no_doubt = self.probed.iter().all(|probed| probed.kind == "kube.Pod" || probed.probe.doubtful == 0);
        if only_kubernetes && seen_all && no_doubt && self.coverage.cluster_read("docker.service") {
            return Usage::shown(false, in_use::workers_for_kubernetes_only(), self.list_of_nodes());
        }
        Usage::unknown(in_use::use_unknown(Orchestrator::Swarm))
    }

    /// Whether Kubernetes runs users' workloads.
    pub(crate) fn kubernetes(&self) -> Usage {
        if let Some(user) = self.user_object(&["kube.Pod"]) {
            return user;
        }
        if let Some(found) = self.probed.iter().find(|probed| probed.probe.swarm_only == Some(true)) {
            return Usage::shown(false, in_use::swarm_only(), Some(found.source.member));
        }
        if let Some(name) = self.worker(|node| node.kubernetes == Some(true)) {
            let because = in_use::worker_labelled(name, Orchestrator::Kubernetes);
            return Usage::shown(true, because, self.list_of_nodes());
        }
        let only_swarm = self.nodes.unsure.is_none()
            && self.nodes.workers().next().is_some()
            && self.nodes.workers().all(|(_, node)| node.swarm == Some(true) && node.kubernetes != Some(true));
        let mut pods = self.probed.iter().filter(|probed| probed.kind == "kube.Pod");
        let no_doubt = pods.all(|probed| probed.probe.doubtful == 0);
        if only_swarm && no_doubt && self.coverage.cluster_read("kube.Pod") {
            return Usage::shown(false, in_use::workers_for_swarm_only(), self.list_of_nodes());
        }
        Usage::unknown(in_use::use_unknown(Orchestrator::Kubernetes))
    }

    /// Whether MSR is in use.
    pub(crate) fn msr(&self, kubernetes: &Usage) -> Usage {
        let workload = self.probed.iter().find_map(|probed| Some((probed.source, &probed.probe.msr.as_ref()?.1)));
        if let Some((source, subject)) = workload {
            return Usage::shown(true, in_use::msr_runs(subject), Some(source.member));
        }
        let stated = self.probed.iter().filter_map(|probed| Some((probed.source.member, probed.probe.registries?)));
        let registries = stated.max_by_key(|(_, count)| *count);
        if let Some((member, count)) = registries.filter(|(_, count)| *count > 0) {
            return Usage::shown(true, in_use::registries_configured(count), Some(member));
        }
        if self.coverage.cluster_read("msr.settings") {
            return Usage::shown(true, in_use::msr_answered(), None);
        }
        let containers = self.coverage.named("docker.container").is_some_and(|coverage| {
            self.coverage.cluster_read("docker.container") || !coverage.nodes.is_empty() && coverage.every_node_read()
        });
        let no_pods = self.coverage.cluster_read("kube.Pod") || kubernetes.in_use == Some(false);
        match registries {
            Some((member, _)) if no_pods && containers && self.nodes.unsure.is_none() => {
                Usage::shown(false, in_use::nothing_of_msr(), Some(member))
            }
            _ => Usage::unknown(in_use::msr_use_unknown()),
        }
    }

    /// The first worker of which something holds.
    fn worker(&self, holds: impl Fn(&NodeFacts) -> bool) -> Option<&str> {
        self.nodes.workers().find(|(_, node)| holds(node)).map(|(name, _)| name.as_str())
    }

    /// The first user's object of some kinds.
    fn user_object(&self, kinds: &[&str]) -> Option<Usage> {
        self.probed.iter().filter(|probed| kinds.contains(&probed.kind)).find_map(|probed| {
            let (_, subject) = probed.probe.user.as_ref()?;
            Some(Usage::shown(true, in_use::user_object_runs(probed.kind, subject), Some(probed.source.member)))
        })
    }

    fn list_of_nodes(&self) -> Option<usize> {
        self.probed.iter().find(|probed| probed.kind == "docker.node").map(|probed| probed.source.member)
    }
}
