//! What the SSP and facts of other kinds add to what is known of the cluster.

use crate::assess::cluster::context::{Context, Use};
use crate::assess::cluster::sources::{Delivery, Source};
use crate::assess::compile::compiled::CompiledKind;
use crate::assess::observe::tally::Tally;
use crate::facts::Reading;
use crate::model::date::Day;
use crate::rules::{Found, Orchestrator};
use crate::ssp::Ssp;

impl Context {
    /// What the SSP states of the cluster: single values, and orchestrators where the snapshot does
    /// not show them.
    pub(crate) fn add_ssp(&mut self, ssp: &Ssp, day: Option<&str>) {
        let collected = self.collected_at.as_deref().and_then(Day::begins).map(|day| day.to_string());
        let day = collected.as_deref().or(day);
        self.variables.values.extend(ssp.variables(day));
        for (name, node) in &self.nodes {
            if let Some(manager) = node.manager {
                self.variables.roles.insert(name.clone(), if manager { "manager" } else { "worker" });
            }
        }
        let named: Vec<(&str, bool)> = ssp
            .of("orchestrators")
            .filter_map(|(_, entry)| Some((entry.text("orchestrator")?, entry.holds_on(day))))
            .collect();
        if !named.iter().any(|(_, holds)| *holds) {
            return;
        }
        for orchestrator in [Orchestrator::Swarm, Orchestrator::Kubernetes] {
            let name = orchestrator.name();
            let usage = if orchestrator == Orchestrator::Swarm { &mut self.swarm } else { &mut self.kubernetes };
            let entries: Vec<bool> =
                named.iter().filter(|(known, _)| *known == name).map(|(_, holds)| *holds).collect();
            let in_use = match entries.as_slice() {
                [] => false,
                holds if holds.contains(&true) => true,
                // An entry that does not hold leaves it open.
                _ => continue,
            };
            if usage.in_use.is_none() {
                let because =
                    if in_use { "the SSP names it" } else { "the SSP names other orchestrators and not this one" };
                *usage = Use { in_use: Some(in_use), because: because.to_owned(), source: None, by_ssp: true };
            }
        }
    }

    /// The values with which objects of other kinds are compared.
    pub(crate) fn add_others(&mut self, reading: &Reading<Tally>, sources: &[Source], compiled: &[CompiledKind]) {
        for kind in compiled.iter().filter(|kind| !kind.collectors.is_empty()) {
            let read = self.coverage.get(&kind.kind).is_some_and(|coverage| coverage.cluster == Delivery::Read);
            for (at, collector) in kind.collectors.iter().enumerate() {
                let mut sum = Found { unsure: !read, ..Found::default() };
                for source in sources.iter().filter(|source| source.counts()) {
                    let facts = reading.members[source.member].facts.iter().filter(|facts| facts.kind == kind.id);
                    for found in facts.filter_map(|facts| facts.tally.found.get(at)) {
                        sum.values.extend(found.values.iter().cloned());
                        sum.unsure |= found.unsure;
                    }
                }
                self.variables.others.insert(collector.key.clone(), sum);
            }
        }
    }
}
