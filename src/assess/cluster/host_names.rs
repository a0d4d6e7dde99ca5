//! One name for each host, whoever names it.
//!
//! An engine and the swarm's list call a host by its host name. Kubelets register in lower case and often with the
//! domain, and folders are called as somebody called them. Counted apart, such a host would be two nodes, one of
//! which never delivers. So other names are brought to the engine's where only one host can be meant: in another
//! case always, and with or without a domain if nothing else has that short name and something besides it agrees
//! (an address, the engine's own word, or that the swarm lists the host, of which every node of Kubernetes is one).
//! Two names that engines or the swarm's list give themselves are never one: `w1.a` and `w1.b` are two hosts, and
//! a good view of one must not stand for the other.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::source::engines;
use crate::assess::observe::tally::Tally;
use crate::evidence::Integrity;
use crate::facts::Reading;
use crate::layout::Owner;

/// Other names of hosts.
#[derive(Debug, Default)]
pub(crate) struct HostNames {
    /// By each other name, the one that is used.
    pub(crate) aliases: BTreeMap<String, String>,
}

impl HostNames {
    /// Brings every name of a host in what was read to one.
    pub(crate) fn unify(read: &mut Reading<Tally>, integrity: &mut Integrity) -> Self {
        let names = Self { aliases: Named::of(read, integrity).aliases() };
        if !names.aliases.is_empty() {
            names.apply(read, integrity);
        }
        names
    }

    /// The name that is used for a host.
    pub(crate) fn of<'n>(&'n self, name: &'n str) -> &'n str {
        self.aliases.get(name).map_or(name, String::as_str)
    }

    /// Names that are taken for another's with a domain or without, each with that other.
    pub(crate) fn by_domain(&self) -> impl Iterator<Item = (&String, &String)> {
        self.aliases.iter().filter(|(other, used)| !other.eq_ignore_ascii_case(used))
    }

    fn apply(&self, read: &mut Reading<Tally>, integrity: &mut Integrity) {
        let rename = |name: &mut String| {
            if let Some(used) = self.aliases.get(name) {
                name.clone_from(used);
            }
        };
        let owner = |owner: &mut Owner| {
            if let Owner::Node(name) = owner {
                rename(name);
            }
        };
        for member in &mut read.members {
            if let Some(place) = &mut member.place {
                owner(&mut place.owner);
            }
            member.facts.iter_mut().for_each(|facts| facts.tally.rename_nodes(&rename));
        }
        read.failures.iter_mut().for_each(|failure| rename(&mut failure.node));
        integrity.gaps.iter_mut().for_each(|gap| owner(&mut gap.place.owner));
        let nodes = std::mem::take(&mut integrity.nodes);
        integrity.nodes = nodes.into_iter().map(|name| self.of(&name).to_owned()).collect();
    }
}

/// What is known of a name.
#[derive(Default)]
struct Known {
    /// Whether an engine or the swarm's list gives it.
    of_docker: bool,
    /// Whether the swarm's list gives it.
    listed: bool,
    /// Whether facts of a node lie under it in a snapshot.
    delivers: bool,
    /// What engines call themselves whose facts lie under it.
    engines: BTreeSet<String>,
    addresses: BTreeSet<IpAddr>,
}

/// All names of hosts.
#[derive(Default)]
struct Named(BTreeMap<String, Known>);

impl Named {
    fn of(read: &Reading<Tally>, integrity: &Integrity) -> Self {
        let mut named = Self::default();
        for member in &read.members {
            if let Some(Owner::Node(name)) = member.place.as_ref().map(|place| &place.owner) {
                let known = named.entry(name);
                known.delivers = true;
                known.engines.extend(engines(member).map(|engine| engine.name.clone()));
            }
            for engine in engines(member).filter(|engine| !engine.name.is_empty()) {
                let known = named.entry(&engine.name);
                known.of_docker = true;
                known.addresses.extend(engine.address);
                // What is told by its content belongs to the engine that speaks in the same folder.
                known.delivers |= member.place.as_ref().is_some_and(|place| matches!(place.owner, Owner::Folder(_)));
            }
            for probe in member.facts.iter().map(|facts| &facts.tally.probe) {
                for node in &probe.nodes {
                    let known = named.entry(&node.name);
                    known.of_docker |= node.id.is_some();
                    known.listed |= node.id.is_some();
                    known.addresses.extend(&node.addresses);
                }
                for name in probe.mentioned.iter().chain(probe.containers.keys().flatten()) {
                    named.entry(name);
                }
            }
        }
        let claimed = integrity.gaps.iter().filter_map(|gap| match &gap.place.owner {
            Owner::Node(name) => Some(name),
            Owner::Cluster | Owner::Folder(_) => None,
        });
        let failed = read.failures.iter().map(|failure| &failure.node);
        claimed.chain(&integrity.nodes).chain(failed).for_each(|name| _ = named.entry(name));
        named
    }

    fn entry(&mut self, name: &str) -> &mut Known {
        if !self.0.contains_key(name) {
            self.0.insert(name.to_owned(), Known::default());
        }
        self.0.entry(name.to_owned()).or_default()
    }

    /// The names that stand for others.
    fn aliases(&self) -> BTreeMap<String, String> {
        let mut by_short: BTreeMap<String, Vec<(&String, &Known)>> = BTreeMap::new();
        for (name, known) in &self.0 {
            by_short.entry(short(name)).or_default().push((name, known));
        }
        by_short.values().filter(|hosts| hosts.len() > 1).flat_map(|hosts| aliases_among(hosts)).collect()
    }
}

/// The aliases among names that are one without their domains.
fn aliases_among(hosts: &[(&String, &Known)]) -> Vec<(String, String)> {
    let of_docker: Vec<&(&String, &Known)> = hosts.iter().filter(|(_, known)| known.of_docker).collect();
    let domains: BTreeSet<String> =
        hosts.iter().filter(|(name, _)| name.contains('.')).map(|(name, _)| name.to_ascii_lowercase()).collect();
    let mut spelled: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for (name, known) in hosts {
        let spelled = spelled.entry(name.to_ascii_lowercase()).or_default();
        // Where no engine speaks, the first spelling stands for the others.
        if known.of_docker || of_docker.is_empty() && spelled.is_empty() {
            spelled.push(name);
        }
    }
    let alias = |(name, known): &(&String, &Known)| {
        let used = match (spelled.get(&name.to_ascii_lowercase()).map(Vec::as_slice), of_docker.as_slice()) {
            (Some([one]), _) => *one,
            (Some([]), [one]) if domains.len() == 1 && agree(known, one) => one.0,
            _ => return None,
        };
        (!known.of_docker && used != *name).then(|| ((*name).clone(), used.clone()))
    };
    hosts.iter().filter_map(alias).collect()
}

/// Whether what is known of a name agrees with the host that has it with a domain, or without.
fn agree(known: &Known, (used, of_docker): &(&String, &Known)) -> bool {
    let apart = || known.addresses.is_disjoint(&of_docker.addresses);
    let stated = !known.addresses.is_empty() && !of_docker.addresses.is_empty();
    if stated && apart() {
        return false;
    }
    if known.delivers {
        // Two folders of facts under one short name may be of two hosts.
        return !of_docker.delivers && known.engines.len() == 1 && known.engines.contains(used.as_str());
    }
    stated || of_docker.listed
}

/// A host's name without its domain, in lower case.
fn short(name: &str) -> String {
    name.split('.').next().unwrap_or_default().to_ascii_lowercase()
}
