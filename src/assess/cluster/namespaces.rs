//! Whether lists of Kubernetes objects are of all namespaces.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::context::Context;
use crate::assess::cluster::sources::{Delivery, Source};
use crate::assess::observe::tally::{Probe, Tally, VALUES};
use crate::facts::Reading;
use crate::layout::is_namespaced;

impl Context {
    /// `kubectl get` without `-A` lists one namespace, and some programs save a file for each. A list
    /// that names two is of all; others are only if they are together, and all namespaces are known.
    pub(crate) fn check_namespaces(&mut self, reading: &Reading<Tally>, probes: &[(&Source, &str, &Probe)]) {
        let listed: Option<BTreeSet<String>> = self.known_namespaces(probes);
        // By kind, the members that hold it, with the namespaces that they name.
        let mut members: BTreeMap<&str, BTreeMap<usize, BTreeSet<&String>>> = BTreeMap::new();
        for (number, member) in reading.members.iter().enumerate() {
            if let Some(place) = &member.place {
                members.entry(place.kind.name()).or_default().entry(number).or_default();
            }
        }
        for (source, kind, probe) in probes {
            members.entry(kind).or_default().entry(source.member).or_default().extend(&probe.namespaces);
        }
        for (kind, coverage) in &mut self.coverage {
            if coverage.cluster != Delivery::Read || !is_namespaced(kind) {
                continue;
            }
            let mut seen: BTreeSet<String> = BTreeSet::new();
            let (mut found, mut whole) = (false, false);
            for (number, named) in members.get(kind.name()).into_iter().flatten() {
                let member = &reading.members[*number];
                found = true;
                whole |= !member.lone || named.len() > 1;
                seen.extend(named.iter().map(|name| (*name).clone()));
                seen.extend(member.namespace.clone());
            }
            if kind.name() == "kube.Pod" && found && whole {
                let lone = probes.iter().any(|(source, name, _)| *name == "kube.Pod" && source.lone);
                whole = !lone || seen.contains("kube-system") || seen.len() >= VALUES;
            }
            if !found || whole {
                continue;
            }
            let lacking: Option<Vec<&String>> = listed.as_ref().map(|all| all.difference(&seen).collect());
            coverage.cluster = match lacking.as_deref() {
                Some([]) => continue,
                Some([first, rest @ ..]) => Delivery::Partial(format!(
                    "it is of some namespaces only: {first}{} is not among them",
                    if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) }
                )),
                None => Delivery::Partial(
                    "it is of one namespace, or of some, and it cannot be told that these are all: take it with `-A`"
                        .to_owned(),
                ),
            };
        }
    }

    /// All namespaces, where a whole list of them is there.
    fn known_namespaces(&self, probes: &[(&Source, &str, &Probe)]) -> Option<BTreeSet<String>> {
        let read: BTreeMap<&str, &Delivery> =
            self.coverage.iter().map(|(kind, coverage)| (kind.name(), &coverage.cluster)).collect();
        if read.get("kube.Namespace") != Some(&&Delivery::Read) {
            return None;
        }
        let names: BTreeSet<String> = probes
            .iter()
            .filter(|(_, kind, _)| *kind == "kube.Namespace")
            .flat_map(|(_, _, probe)| probe.names.iter().cloned())
            .collect();
        // What is counted no further cannot be compared.
        (!names.is_empty() && names.len() < crate::assess::observe::tally::NAMES).then_some(names)
    }
}
