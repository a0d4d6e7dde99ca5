//! Lists compared with what their source counts: fewer listed is a list that is cut.

use std::collections::BTreeMap;

use crate::assess::cluster::context::Context;
use crate::assess::cluster::sources::{Delivery, Source};
use crate::assess::observe::tally::{Probe, Tally};
use crate::facts::Reading;
use crate::layout::Kind;

impl Context {
    /// `docker info` counts the containers: fewer listed is a list that is cut.
    pub(crate) fn check_counts(
        &mut self,
        reading: &Reading<Tally>,
        sources: &[Source],
        kinds: &[Kind],
        probes: &[(&Source, &str, &Probe)],
    ) {
        let Some(kind) = Kind::named("docker.container") else { return };
        let mut listed: BTreeMap<&str, u64> = BTreeMap::new();
        for source in sources {
            let facts = reading.members[source.member].facts.iter();
            let count: u64 =
                facts.filter(|facts| kinds.get(facts.kind.index()) == Some(&kind)).map(|facts| facts.count).sum();
            if let Some(node) = &source.node {
                *listed.entry(node).or_default() += count;
            }
        }
        let Some(coverage) = self.coverage.get_mut(&kind) else { return };
        for (source, _, probe) in probes {
            let Some(node) = &source.node else { continue };
            for stated in probe.engines.iter().filter_map(|engine| engine.containers) {
                let seen = listed.get(node.as_str()).copied().unwrap_or(0);
                if let Some(delivery @ Delivery::Read) = coverage.nodes.get_mut(node)
                    && seen < stated
                {
                    *delivery =
                        Delivery::Truncated(format!("`docker info` counts {stated} containers, {seen} are listed"));
                }
            }
        }
    }

    /// `docker info` counts the containers that run: processes of fewer are a list that is cut.
    pub(crate) fn check_processes(&mut self, probes: &[(&Source, &str, &Probe)]) {
        let Some(coverage) = Kind::named("docker.process").and_then(|kind| self.coverage.get_mut(&kind)) else {
            return;
        };
        for (node, delivery) in &mut coverage.nodes {
            let of_node = || probes.iter().filter(|(source, _, _)| source.node.as_ref() == Some(node));
            let seen: u64 = of_node().map(|(_, _, probe)| probe.tables).sum();
            let stated = of_node().flat_map(|(_, _, probe)| &probe.engines).filter_map(|engine| engine.running).max();
            if let Some(stated) = stated
                && *delivery == Delivery::Read
                && seen < stated
            {
                let why =
                    format!("`docker info` counts {stated} running containers, the processes of {seen} are listed");
                *delivery = Delivery::Truncated(why);
            }
        }
    }
}
