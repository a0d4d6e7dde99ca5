//! What is known of the cluster: its nodes, versions, orchestrators, and what was delivered.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::sources::{Delivery, Source};
use crate::assess::compile::compiled::CompiledKind;
use crate::assess::observe::tally::{ListedNode, Probe, Tally};
use crate::evidence::{Claim, Integrity};
use crate::facts::Reading;
use crate::layout::{ItemStatus, Kind, Owner};
use crate::rules::{Orchestrator, Variables};
use crate::ssp::Ssp;

/// A node, and what its sources say of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct NodeFacts {
    pub(crate) manager: Option<bool>,
    /// Operating systems as sources print them, each with the source; the node's own first.
    pub(crate) os: Vec<(String, String)>,
    /// Their ids; several where sources disagree.
    pub(crate) os_ids: BTreeSet<String>,
    pub(crate) swarm: Option<bool>,
    pub(crate) kubernetes: Option<bool>,
    pub(crate) addresses: BTreeSet<IpAddr>,
    pub(crate) fqdn: Option<String>,
}

/// Yes, no or unknown, with the fact that says so.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    pub(crate) in_use: Option<bool>,
    pub(crate) because: String,
    /// The member that shows it: its number, and where in it.
    pub(crate) source: Option<usize>,
    /// Whether the SSP says so, and not the snapshot.
    pub(crate) by_ssp: bool,
}

/// What was delivered of a kind.
#[derive(Debug, Clone)]
pub(crate) struct Coverage {
    /// Of the cluster as a whole.
    pub(crate) cluster: Delivery,
    /// Of each node known.
    pub(crate) nodes: BTreeMap<String, Delivery>,
}

/// The cluster.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) nodes: BTreeMap<String, NodeFacts>,
    /// Why the list of nodes may not be whole; none when it is.
    pub(crate) nodes_unsure: Option<String>,
    pub(crate) coverage: BTreeMap<Kind, Coverage>,
    pub(crate) swarm: Use,
    pub(crate) kubernetes: Use,
    pub(crate) msr: Use,
    pub(crate) variables: Variables,
    pub(crate) cluster_ids: BTreeSet<String>,
    pub(crate) collected_at: Option<String>,
    pub(crate) warnings: Vec<String>,
    /// Nodes on which a dump failed, with the file that says so.
    pub(crate) failed: BTreeMap<String, String>,
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

impl Context {
    pub(crate) fn of(
        reading: &Reading<Tally>,
        sources: &[Source],
        integrity: &Integrity,
        compiled: &[CompiledKind],
        started: &BTreeSet<String>,
        cluster_ids: &BTreeSet<String>,
        ssp: (&Ssp, Option<&str>),
    ) -> Self {
        let kinds: Vec<Kind> = compiled.iter().map(|kind| kind.kind.clone()).collect();
        let kinds = kinds.as_slice();
        let mut context = Self {
            nodes: BTreeMap::new(),
            nodes_unsure: None,
            coverage: BTreeMap::new(),
            swarm: Use::unknown("nothing in the snapshot says whether Swarm runs users' workloads"),
            kubernetes: Use::unknown("nothing in the snapshot says whether Kubernetes runs users' workloads"),
            msr: Use::unknown("nothing in the snapshot says whether MSR is in use"),
            variables: Variables::default(),
            cluster_ids: cluster_ids.clone(),
            collected_at: started.first().cloned(),
            warnings: Vec::new(),
            failed: BTreeMap::new(),
        };
        let probes: Vec<(&Source, &str, &Probe)> = sources
            .iter()
            .filter(|source| !matches!(source.delivery, Delivery::Unreadable(_)) && source.newer.is_none())
            .flat_map(|source| {
                let facts = &reading.members[source.member].facts;
                facts.iter().map(move |facts| (source, facts.kind, &facts.tally.probe))
            })
            .filter_map(|(source, kind, probe)| Some((source, kinds.get(kind.index())?.name(), probe)))
            .collect();
        context.add_nodes(&probes, reading, sources, integrity);
        context.add_failures(reading);
        context.add_coverage(reading, sources, integrity, kinds, &probes);
        context.add_versions(&probes);
        context.add_swarm(&probes);
        context.add_kubernetes(&probes);
        context.add_ssp(ssp.0, ssp.1);
        context.add_others(reading, sources, compiled);
        context.add_msr(&probes);
        context
    }

    fn add_nodes(
        &mut self,
        probes: &[(&Source, &str, &Probe)],
        reading: &Reading<Tally>,
        sources: &[Source],
        integrity: &Integrity,
    ) {
        let (mut listed, mut counted) = (false, 0);
        let (mut times, mut instances) = (BTreeSet::new(), BTreeSet::new());
        let failed = reading.failures.iter().map(|failure| failure.node.clone());
        let named = sources.iter().filter_map(|source| source.node.clone()).chain(integrity.nodes.iter().cloned());
        for name in named.chain(failed) {
            self.nodes.entry(name).or_default();
        }
        for (source, kind, probe) in probes {
            for node in &probe.nodes {
                // One object is no list.
                listed |= source.delivery == Delivery::Read;
                self.add_listed(node, kind);
            }
            for engine in &probe.engines {
                counted = counted.max(engine.swarm_nodes.unwrap_or(0));
                times.extend(engine.time.clone());
                self.cluster_ids.extend(engine.swarm_id.clone());
                if let Some(node) = source.node.as_ref().and_then(|name| self.nodes.get_mut(name)) {
                    let os = if engine.windows && !engine.os.to_ascii_lowercase().contains("windows") {
                        format!("Windows ({})", engine.os)
                    } else {
                        engine.os.clone()
                    };
                    node.add_os(os, kind);
                    node.addresses.extend(engine.address);
                }
            }
            for (id, printed) in &probe.os_release {
                if let Some(node) = source.node.as_ref().and_then(|name| self.nodes.get_mut(name)) {
                    node.told_os(printed.clone(), id.to_ascii_lowercase(), kind);
                }
            }
            counted = counted.max(probe.stated_nodes.unwrap_or(0));
            instances.extend(probe.instances.iter().cloned());
            for name in &probe.mentioned {
                self.nodes.entry(name.clone()).or_default();
            }
        }
        if self.cluster_ids.is_empty() {
            self.cluster_ids = instances;
        }
        // Without a manifest, the sources tell the time themselves.
        let dated = || sources.iter().filter_map(|source| source.time.clone()).max().map(|(_, time)| time);
        if self.collected_at.is_none() {
            self.collected_at = times.pop_last().or_else(dated);
        }
        if !listed && counted == 0 {
            self.nodes_unsure = Some("no list of the cluster's nodes is in the snapshot".to_owned());
        } else if counted > self.nodes.len() as u64 {
            let known = self.nodes.len();
            self.nodes_unsure = Some(format!("the swarm counts {counted} nodes, {known} are known"));
        }
    }

    fn add_failures(&mut self, reading: &Reading<Tally>) {
        for failure in &reading.failures {
            self.failed.entry(failure.node.clone()).or_insert_with(|| failure.path.clone());
        }
    }

    fn add_listed(&mut self, node: &ListedNode, kind: &str) {
        if node.kubelet.as_ref().is_some_and(|version| version.contains("+k0s")) {
            let warning = "the kubelets are k0s: this is MKE 4, to which this STIG does not apply".to_owned();
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        let known = self.nodes.entry(node.name.clone()).or_default();
        known.manager = known.manager.or(node.manager);
        known.swarm = known.swarm.or(node.swarm);
        known.kubernetes = known.kubernetes.or(node.kubernetes);
        known.addresses.extend(&node.addresses);
        known.fqdn = known.fqdn.take().or_else(|| node.fqdn.clone());
        if let Some(os) = &node.os {
            known.add_os(os.clone(), kind);
        }
    }

    fn add_coverage(
        &mut self,
        reading: &Reading<Tally>,
        sources: &[Source],
        integrity: &Integrity,
        kinds: &[Kind],
        probes: &[(&Source, &str, &Probe)],
    ) {
        for kind in kinds {
            let missing = || Delivery::Missing("it is not in the snapshot".to_owned());
            let of_node = |name: &String| match self.failed.get(name) {
                Some(file) => Delivery::Missing(format!("the support dump could not be collected on it ({file})")),
                None => missing(),
            };
            let mut coverage = Coverage {
                cluster: missing(),
                nodes: self.nodes.keys().map(|name| (name.clone(), of_node(name))).collect(),
            };
            for claim in integrity.gaps.iter().filter(|claim| claim.place.kind == *kind) {
                coverage.add(&claim.place.owner, None, claimed(claim));
            }
            for source in sources.iter().filter(|source| source.newer.is_none()) {
                let member = &reading.members[source.member];
                let holds = member.place.as_ref().is_some_and(|place| place.kind == *kind);
                let mixed = member.facts.iter().any(|facts| kinds.get(facts.kind.index()) == Some(kind));
                if holds || mixed {
                    coverage.add(&source.owner, source.node.as_deref(), source.delivery.clone());
                }
            }
            self.coverage.insert(kind.clone(), coverage);
        }
        self.credit_cluster_list(probes);
        self.check_counts(reading, sources, kinds, probes);
        self.check_processes(probes);
        self.check_namespaces(reading, probes);
    }

    /// A list of containers through a client bundle covers the nodes that it names: MKE's own
    /// containers run on every node.
    fn credit_cluster_list(&mut self, probes: &[(&Source, &str, &Probe)]) {
        let Some(coverage) = Kind::named("docker.container").and_then(|kind| self.coverage.get_mut(&kind)) else {
            return;
        };
        for (source, kind, probe) in probes {
            if *kind == "docker.container" && source.owner == Owner::Cluster {
                for name in &probe.mentioned {
                    coverage.add(&Owner::Node(name.clone()), None, source.delivery.clone());
                }
            }
        }
    }

    fn add_versions(&mut self, probes: &[(&Source, &str, &Probe)]) {
        let stated = |of: &dyn Fn(&Probe) -> &BTreeSet<String>, kinds: &[&str]| -> BTreeSet<String> {
            probes
                .iter()
                .filter(|(_, kind, _)| kinds.contains(kind))
                .flat_map(|(_, _, probe)| of(probe).iter().cloned())
                .collect()
        };
        let own = stated(&|probe| &probe.mke_versions, &["mke.version", "mke.info"]);
        let labels = stated(&|probe| &probe.mke_versions, &["docker.container"]);
        let versions = if own.is_empty() { labels } else { own };
        self.one_version("mke.version", "MKE", &versions);
        let msr = stated(&|probe| &probe.msr_versions, &["kube.Pod", "docker.container"]);
        self.one_version("msr.version", "MSR", &msr);
    }

    fn one_version(&mut self, variable: &str, product: &str, versions: &BTreeSet<String>) {
        let plain = |version: &String| version.trim_start_matches("ucp/").to_owned();
        match versions.len() {
            0 => {}
            1 => {
                let version = versions.iter().map(plain).collect();
                self.variables.values.insert(variable.to_owned(), version);
            }
            _ => self.warnings.push(format!(
                "several versions of {product} run ({}): it is being upgraded, or inputs of different clusters are mixed",
                versions.iter().map(plain).collect::<Vec<_>>().join(", ")
            )),
        }
    }

    fn workers(&self) -> Vec<(&String, &NodeFacts)> {
        self.nodes.iter().filter(|(_, node)| node.manager != Some(true)).collect()
    }

    /// The first user's object of a kind.
    fn user(probes: &[(&Source, &str, &Probe)], kinds: &[&str]) -> Option<Use> {
        probes.iter().filter(|(_, kind, _)| kinds.contains(kind)).find_map(|(source, kind, probe)| {
            let (_, subject) = probe.user.as_ref()?;
            let what = kind.rsplit('.').next().unwrap_or(kind).to_lowercase();
            Some(Use {
                in_use: Some(true),
                because: format!("a user's {what} runs: {subject}"),
                source: Some(source.member),
                by_ssp: false,
            })
        })
    }

    fn list_of_nodes(probes: &[(&Source, &str, &Probe)]) -> Option<usize> {
        probes.iter().find(|(_, kind, _)| *kind == "docker.node").map(|(source, _, _)| source.member)
    }

    fn add_swarm(&mut self, probes: &[(&Source, &str, &Probe)]) {
        let source = Self::list_of_nodes(probes);
        let labelled =
            self.workers().into_iter().find(|(_, node)| node.swarm == Some(true)).map(|(name, _)| name.clone());
        if let Some(name) = labelled {
            let because = format!("worker {name} carries the label com.docker.ucp.orchestrator.swarm");
            self.swarm = Use { in_use: Some(true), because, source, by_ssp: false };
        } else if let Some(user) = Self::user(probes, &["docker.service", "docker.container"]) {
            self.swarm = user;
        } else {
            let workers = self.workers();
            let only_kubernetes = !workers.is_empty()
                && self.nodes_unsure.is_none()
                && workers.iter().all(|(_, node)| node.kubernetes == Some(true) && node.swarm != Some(true));
            let containers = Kind::named("docker.container").and_then(|kind| self.coverage.get(&kind));
            let seen_all =
                containers.is_some_and(|coverage| coverage.nodes.values().all(|delivery| *delivery == Delivery::Read));
            let services = Kind::named("docker.service").and_then(|kind| self.coverage.get(&kind));
            let services_read = services.is_some_and(|coverage| coverage.cluster == Delivery::Read);
            if only_kubernetes && seen_all && services_read {
                let because =
                    "every worker is labelled for Kubernetes only, and no user's service or container of Swarm exists";
                self.swarm = Use { in_use: Some(false), because: because.to_owned(), source, by_ssp: false };
            }
        }
    }

    fn add_kubernetes(&mut self, probes: &[(&Source, &str, &Probe)]) {
        let source = Self::list_of_nodes(probes);
        let swarm_only = probes.iter().find(|(_, _, probe)| probe.swarm_only == Some(true));
        let labelled =
            self.workers().into_iter().find(|(_, node)| node.kubernetes == Some(true)).map(|(name, _)| name.clone());
        if let Some(user) = Self::user(probes, &["kube.Pod"]) {
            self.kubernetes = user;
        } else if let Some((source, _, _)) = swarm_only {
            let because = "cluster_config.swarm_only is true".to_owned();
            self.kubernetes = Use { in_use: Some(false), because, source: Some(source.member), by_ssp: false };
        } else if let Some(name) = labelled {
            let because = format!("worker {name} carries the label com.docker.ucp.orchestrator.kubernetes");
            self.kubernetes = Use { in_use: Some(true), because, source, by_ssp: false };
        }
    }

    fn add_msr(&mut self, probes: &[(&Source, &str, &Probe)]) {
        let config = probes
            .iter()
            .filter_map(|(source, _, probe)| Some((source, probe.registries?)))
            .max_by_key(|(_, count)| *count);
        let workload = probes.iter().find_map(|(source, _, probe)| Some((source, &probe.msr.as_ref()?.1)));
        let settings = Kind::named("msr.settings").and_then(|kind| self.coverage.get(&kind));
        let settings_read = settings.is_some_and(|coverage| coverage.cluster == Delivery::Read);
        let complete = |name: &str| {
            let coverage = Kind::named(name).and_then(|kind| self.coverage.get(&kind));
            coverage.is_some_and(|coverage| {
                let nodes = || coverage.nodes.values().all(|delivery| *delivery == Delivery::Read);
                coverage.cluster == Delivery::Read
                    || (name == "docker.container" && !coverage.nodes.is_empty() && nodes())
            })
        };
        let no_pods = complete("kube.Pod") || self.kubernetes.in_use == Some(false);
        let in_use =
            |because: String, source: usize| Use { in_use: Some(true), because, source: Some(source), by_ssp: false };
        if let Some((source, subject)) = workload {
            self.msr = in_use(format!("a container of MSR runs: {subject}"), source.member);
        } else if let Some((source, registries)) = config.filter(|(_, registries)| *registries > 0) {
            self.msr = in_use(format!("MKE's configuration names {registries} registries"), source.member);
        } else if settings_read {
            let because = "MSR answered with its settings".to_owned();
            self.msr = Use { in_use: Some(true), because, source: None, by_ssp: false };
        } else if let Some((source, _)) = config
            && no_pods
            && complete("docker.container")
            && self.nodes_unsure.is_none()
        {
            let because = "MKE's configuration names no registry, and no container or pod of MSR exists";
            self.msr =
                Use { in_use: Some(false), because: because.to_owned(), source: Some(source.member), by_ssp: false };
        }
    }

    /// The use of an orchestrator.
    pub(crate) fn orchestrator(&self, orchestrator: Orchestrator) -> &Use {
        match orchestrator {
            Orchestrator::Swarm => &self.swarm,
            Orchestrator::Kubernetes => &self.kubernetes,
        }
    }
}

impl Use {
    fn unknown(because: &str) -> Self {
        Self { in_use: None, because: because.to_owned(), source: None, by_ssp: false }
    }
}

impl NodeFacts {
    fn add_os(&mut self, printed: String, source: &str) {
        if printed.is_empty() {
            return;
        }
        let id = os_id(&printed).map_or_else(|| printed.to_ascii_lowercase(), str::to_owned);
        self.told_os(printed, id, source);
    }

    /// What a node says of itself goes before what a list says of it.
    fn told_os(&mut self, printed: String, id: String, source: &str) {
        const ORDER: [&str; 4] = ["host.os_release", "docker.info", "kube.Node", "docker.node"];
        self.os_ids.insert(id);
        self.os.push((printed, source.to_owned()));
        self.os.sort_by_key(|(_, source)| ORDER.iter().position(|known| known == source));
    }
}

impl Coverage {
    /// The better delivery holds, but nothing makes up for what is not what it claims to be.
    fn add(&mut self, owner: &Owner, node: Option<&str>, delivery: Delivery) {
        let place = match (owner, node) {
            (Owner::Node(name), _) => self.nodes.get_mut(name),
            (Owner::Folder(_), Some(name)) => self.nodes.get_mut(name),
            (Owner::Cluster, _) => Some(&mut self.cluster),
            (Owner::Folder(_), None) => None,
        };
        let Some(known) = place else { return };
        let untouched = matches!(known, Delivery::Missing(_));
        let damaged = matches!(delivery, Delivery::Unreadable(_));
        if untouched || damaged || (delivery < *known && !matches!(known, Delivery::Unreadable(_))) {
            *known = delivery;
        }
    }
}

fn claimed(claim: &Claim) -> Delivery {
    let note = |words: &str| {
        if claim.note.is_empty() { words.to_owned() } else { format!("{words}: {}", claim.note) }
    };
    match claim.status {
        ItemStatus::Forbidden => Delivery::Forbidden(note("access was refused")),
        ItemStatus::TimedOut => Delivery::Missing(note("its collection took too long")),
        ItemStatus::Skipped => Delivery::Missing(note("it was not collected")),
        ItemStatus::Failed => Delivery::Missing(note("its collection failed")),
        ItemStatus::Collected | ItemStatus::Truncated => Delivery::Unreadable(claim.note.clone()),
    }
}
