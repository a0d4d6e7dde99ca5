//! What is known of the cluster, learned from all inputs together before any rule is decided.
//!
//! Each part is learned by a file of its own: the nodes, then what they delivered, then what is in
//! use. Values with which rules compare (the running versions, what the SSP states, fields of other
//! kinds) become variables. A variable that is not known is left out, and a check that asks for it
//! cannot be told.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::coverage::{Coverage, Coverages};
use crate::assess::cluster::inputs::{Inputs, Probed};
use crate::assess::cluster::nodes::Nodes;
use crate::assess::cluster::usage::{Signs, Usage};
use crate::assess::compile::compiled::CompiledKind;
use crate::assess::compile::probe::{EngineInfo, Probe};
use crate::assess::sentences::remarks;
use crate::layout::Header;
use crate::model::date::{Day, Timestamp};
use crate::rules::{COLLECTED, Found, Orchestrator, Variables};
use crate::ssp::Ssp;

/// The cluster.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) nodes: Nodes,
    pub(crate) coverage: Coverages,
    pub(crate) swarm: Usage,
    pub(crate) kubernetes: Usage,
    pub(crate) msr: Usage,
    /// Registries that MKE's configuration names.
    pub(crate) registries: u64,
    pub(crate) variables: Variables,
    pub(crate) cluster_ids: BTreeSet<String>,
    /// Ids that cannot be of one cluster; empty where all can.
    pub(crate) other_clusters: Vec<String>,
    pub(crate) collected_at: Option<String>,
    /// The day of the collection (`YYYY-MM-DD`), or the day that was given in its place.
    pub(crate) day: Option<String>,
    pub(crate) warnings: Vec<String>,
}

/// What was delivered of the cluster: all that is known before it is told whose objects are.
#[derive(Debug)]
pub(crate) struct Delivered {
    nodes: Nodes,
    coverage: Coverages,
    /// The values of fields with which objects of other kinds are compared.
    pub(crate) compared: Variables,
}

impl Delivered {
    /// Learns which nodes there are and what each kind's sources delivered.
    pub(crate) fn learn(inputs: &Inputs, kinds: &[CompiledKind]) -> Self {
        let probed = inputs.probed(kinds);
        let nodes = Nodes::learn(inputs, &probed);
        let mut coverage = Coverages::learn(inputs, kinds, &nodes, &probed);
        let mut compared = Variables::default();
        add_fields_of_other_kinds(&mut compared, inputs, kinds, &coverage);
        coverage.check_pods(&probed);
        Self { nodes, coverage, compared }
    }
}

/// The roles of nodes, by each name that a node has in the inputs.
fn roles(nodes: &Nodes, inputs: &Inputs) -> BTreeMap<String, &'static str> {
    let role = |manager| if manager { "manager" } else { "worker" };
    let known = nodes.by_name.iter().filter_map(|(name, node)| Some((name.clone(), role(node.manager?))));
    let mut roles: BTreeMap<String, &'static str> = known.collect();
    for (other, used) in &inputs.hosts.aliases {
        // Objects that wait for the end name their node as they always did.
        if let Some(role) = roles.get(used).copied() {
            roles.insert(other.clone(), role);
        }
    }
    roles
}

impl Context {
    /// Learns what the inputs say of the cluster, once it is told whose objects are. `day` stands in where
    /// they do not tell theirs.
    pub(crate) fn learn(
        inputs: &Inputs,
        kinds: &[CompiledKind],
        delivered: Delivered,
        ssp: &Ssp,
        day: Option<&str>,
    ) -> Self {
        let probed = inputs.probed(kinds);
        let Delivered { nodes, coverage, compared: mut variables } = delivered;
        let collected_at = collected_at(inputs, &probed);
        let newest = newest(inputs, &probed, collected_at.as_deref());
        let collected = newest.as_deref().and_then(Day::begins).map(|day| day.to_string());
        let day = collected.or_else(|| day.map(str::to_owned));

        let mut warnings: Vec<String> = nodes.mke_4.then(remarks::mke_4).into_iter().collect();
        warnings.extend(inputs.hosts.by_domain().map(|(other, used)| remarks::one_host(other, used)));
        warnings.extend(nodes.left.iter().map(|(id, name)| remarks::node_joined_again(name, id)));
        for (variable, product, versions) in
            [("mke.version", "MKE", mke_versions(&probed)), ("msr.version", "MSR", msr_versions(&probed))]
        {
            match versions.as_slice() {
                [] => {}
                [version] => _ = variables.values.insert(variable.to_owned(), version.clone()),
                several => warnings.push(remarks::several_versions(product, several)),
            }
        }
        variables.values.extend(ssp.variables(day.as_deref()));
        variables.values.extend(newest.map(|time| (COLLECTED.to_owned(), time)));
        variables.roles = roles(&nodes, inputs);

        let signs = Signs { nodes: &nodes, coverage: &coverage, probed: &probed };
        let swarm = signs.swarm().or_by_ssp(Orchestrator::Swarm, ssp, day.as_deref());
        let kubernetes = signs.kubernetes().or_by_ssp(Orchestrator::Kubernetes, ssp, day.as_deref());
        let msr = signs.msr(&kubernetes);
        let registries = probed.iter().filter_map(|probed| probed.probe.registries).max().unwrap_or(0);
        let cluster_ids = cluster_ids(inputs, &probed);
        let other_clusters = other_clusters(inputs, &inputs.every_view(kinds));
        let stated: BTreeSet<&String> = stated_ids(inputs).collect();
        if stated.len() > 1 {
            warnings.push(remarks::several_clusters(&stated));
        }
        Self {
            nodes,
            coverage,
            swarm,
            kubernetes,
            msr,
            registries,
            variables,
            cluster_ids,
            other_clusters,
            collected_at,
            day,
            warnings,
        }
    }

    /// The use of an orchestrator.
    pub(crate) fn orchestrator(&self, orchestrator: Orchestrator) -> &Usage {
        match orchestrator {
            Orchestrator::Swarm => &self.swarm,
            Orchestrator::Kubernetes => &self.kubernetes,
        }
    }
}

/// Ids of several clusters. A manifest states the id of MKE's instance, or the swarm's where no container
/// names the instance; so one id of each sort is one cluster, and two of a sort are two.
fn other_clusters(inputs: &Inputs, probed: &[Probed<'_>]) -> Vec<String> {
    let swarms: BTreeSet<&String> = swarm_ids(probed).collect();
    // MKE marks the swarm with the id of its instance, which may be that of the swarm.
    let marked = probed.iter().filter(|probed| probed.kind == "docker.info").flat_map(|probed| &probed.probe.instances);
    let instances: BTreeSet<&String> = stated_ids(inputs).filter(|id| !swarms.contains(id)).chain(marked).collect();
    let several = [swarms, instances].into_iter().find(|ids| ids.len() > 1);
    several.into_iter().flatten().cloned().collect()
}

fn headers(inputs: &Inputs) -> impl Iterator<Item = &Header> {
    inputs.read.manifests.iter().filter_map(|found| Some(&found.manifest.as_ref().ok()?.header))
}

/// The ids that manifests state.
fn stated_ids(inputs: &Inputs) -> impl Iterator<Item = &String> {
    headers(inputs).map(|header| &header.cluster_id).filter(|id| !id.is_empty())
}

fn engines<'p>(probed: &[Probed<'p>]) -> impl Iterator<Item = &'p EngineInfo> {
    probed.iter().flat_map(|probed| &probed.probe.engines)
}

/// The ids of the swarm that engines and MKE state.
fn swarm_ids<'p>(probed: &[Probed<'p>]) -> impl Iterator<Item = &'p String> {
    let of_mke = probed.iter().flat_map(|probed| &probed.probe.swarms);
    engines(probed).filter_map(|engine| engine.swarm_id.as_ref()).chain(of_mke)
}

/// The ids that manifests and engines give the cluster; those of a support dump where they give none.
fn cluster_ids(inputs: &Inputs, probed: &[Probed<'_>]) -> BTreeSet<String> {
    let mut ids: BTreeSet<String> = stated_ids(inputs).cloned().collect();
    ids.extend(swarm_ids(probed).cloned());
    if ids.is_empty() {
        ids.extend(probed.iter().flat_map(|probed| probed.probe.instances.iter().cloned()));
    }
    ids
}

/// When the collection started: as the newest manifest says, else the latest clock, else the latest
/// time that a source has.
fn collected_at(inputs: &Inputs, probed: &[Probed<'_>]) -> Option<String> {
    let started = headers(inputs).map(|header| &header.started).filter(|started| !started.is_empty());
    let taken = || inputs.sources.iter().filter_map(|source| source.taken.as_ref()).max().map(|taken| &taken.text);
    latest(started).or_else(|| latest(clocks(probed))).or_else(taken).cloned()
}

/// The time by which approvals and certificates are measured: that of the collection, unless a clock
/// or a source is of a later day. An older input beside a newer one must not turn the day back.
fn newest(inputs: &Inputs, probed: &[Probed<'_>], collected: Option<&str>) -> Option<String> {
    let day = |time: &str| Day::begins(time);
    let taken = inputs.sources.iter().filter_map(|source| source.taken.as_ref()).map(|taken| &taken.text);
    let later = latest(clocks(probed).chain(taken));
    let later = later.filter(|later| day(later) > collected.and_then(day));
    later.map(String::as_str).or(collected).map(str::to_owned)
}

fn clocks<'p>(probed: &[Probed<'p>]) -> impl Iterator<Item = &'p String> {
    engines(probed).filter_map(|engine| engine.time.as_ref())
}

/// The latest of some times; what is no time comes first.
fn latest<'t>(times: impl Iterator<Item = &'t String>) -> Option<&'t String> {
    times.max_by_key(|text| (Timestamp::parse(text), *text))
}

fn mke_versions(probed: &[Probed<'_>]) -> Vec<String> {
    let own = versions(probed, &["mke.version", "mke.info"], |probe| &probe.mke_versions);
    // What MKE says of itself goes before the labels of its containers.
    if own.is_empty() { versions(probed, &["docker.container"], |probe| &probe.mke_versions) } else { own }
}

fn msr_versions(probed: &[Probed<'_>]) -> Vec<String> {
    versions(probed, &["kube.Pod", "docker.container"], |probe| &probe.msr_versions)
}

/// The different versions that sources of some kinds state.
fn versions(probed: &[Probed<'_>], kinds: &[&str], of: impl Fn(&Probe) -> &BTreeSet<String>) -> Vec<String> {
    let of_kinds = probed.iter().filter(|probed| kinds.contains(&probed.kind));
    let versions: BTreeSet<&String> = of_kinds.flat_map(|probed| of(probed.probe)).collect();
    versions.into_iter().map(|version| version.trim_start_matches("ucp/").to_owned()).collect()
}

/// The values of fields with which objects of other kinds are compared.
fn add_fields_of_other_kinds(variables: &mut Variables, inputs: &Inputs, kinds: &[CompiledKind], coverage: &Coverages) {
    for kind in kinds {
        for (at, field) in kind.compared_fields.iter().enumerate() {
            let of_nodes = || coverage.named(kind.kind.name()).is_some_and(Coverage::every_node_read);
            let whole = coverage.cluster_read(kind.kind.name()) || kind.kind.per_node() && of_nodes();
            let mut all = Found { unsure: !whole, ..Found::default() };
            for source in inputs.of_kind(kind).filter(|source| source.counts()) {
                for found in inputs.facts(source, kind).filter_map(|facts| facts.tally.found.get(at)) {
                    all.values.extend(found.values.iter().cloned());
                    all.unsure |= found.unsure;
                    all.silent |= found.silent;
                }
            }
            variables.others.insert(field.key.clone(), all);
        }
    }
}
