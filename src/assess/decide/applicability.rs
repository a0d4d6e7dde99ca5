//! Whether a rule applies, and to which nodes.

use std::collections::BTreeMap;

use crate::assess::cluster::context::Use;
use crate::assess::cluster::sources::{Delivery, Source};
use crate::assess::compile::compiled::Hinge;
use crate::assess::decide::accumulator::Gathered;
use crate::assess::decide::basis::Ground;
use crate::assess::decide::evidence_line::Sight;
use crate::assess::decide::gaps::{capital, some_of};
use crate::layout::Kind;
use crate::model::assessment::{Evidence, EvidenceStatus, Reason, ReasonCode};
use crate::rules::{Rule, Truth, Unknown};

impl Ground<'_> {
    pub(crate) fn exempt(&self, subject: &str, usage: &Use) -> Evidence {
        let member = usage.source.map(|number| &self.reading.members[number]);
        let source = usage.source.and_then(|number| self.sources.iter().find(|source| source.member == number));
        Evidence {
            status: EvidenceStatus::Exempts,
            node: None,
            subject: subject.to_owned(),
            class: None,
            member: source.map(|source| source.name.clone()).unwrap_or_default(),
            pointer: String::new(),
            seen: usage.because.clone(),
            wanted: "in use".to_owned(),
            sha256: member.map(|member| member.digest.to_string()).unwrap_or_default(),
            count: 1,
        }
    }

    /// Whether a fact of the cluster takes the rule away, so that nothing is judged.
    pub(crate) fn applicability(&self, number: usize, rule: &Rule, gathered: &mut Gathered<'_>) -> bool {
        let mut ask = |subject: &str, usage: &Use| match usage.in_use {
            Some(true) => {}
            Some(false) => {
                gathered.by_ssp |= usage.by_ssp;
                gathered.findings.exempts.push(self.exempt(subject, usage).into());
            }
            None => gathered
                .findings
                .reasons
                .push(Reason { code: ReasonCode::Missing, text: format!("{}.", capital(&usage.because)) }),
        };
        if let Some(orchestrator) = rule.applies.orchestrator {
            ask(orchestrator.name(), self.context.orchestrator(orchestrator));
        }
        if rule.applies.msr {
            ask("MSR", &self.context.msr);
        }
        let hinges = rule.applies.except.iter().enumerate();
        hinges.into_iter().any(|(part, (kind, _))| self.excepted(kind, Hinge::Except { rule: number, part }, gathered))
    }

    /// Whether a fact of a kind of the cluster takes the rule away.
    fn excepted(&self, kind: &Kind, hinge: Hinge, gathered: &mut Gathered<'_>) -> bool {
        let Some(compiled) = self.compiled.named(kind) else { return false };
        let Some(at) = compiled.conditions.iter().position(|(known, _)| *known == hinge) else {
            return false;
        };
        let mut unknown = 0;
        for source in self.deciding(compiled) {
            let member = &self.reading.members[source.member];
            for facts in member.facts.iter().filter(|facts| facts.kind == compiled.id) {
                let Some(sum) = facts.tally.conditions.get(at) else { continue };
                unknown += sum.unknown;
                if sum.yes > 0 {
                    let (_, matcher) = &compiled.conditions[at];
                    let mut seen = Vec::new();
                    matcher.each(&mut |leaf, condition| {
                        let path = self.compiled.path(compiled.id, compiled.leaves[leaf.0].0);
                        seen.push(format!("{path}: {}", condition.words()));
                    });
                    gathered.findings.exempts.push(Sight::from(Evidence {
                        status: EvidenceStatus::Exempts,
                        node: None,
                        subject: kind.name().to_owned(),
                        class: None,
                        member: source.name.clone(),
                        pointer: String::new(),
                        seen: seen.join(", "),
                        wanted: "otherwise".to_owned(),
                        sha256: member.digest.to_string(),
                        count: 1,
                    }));
                    return true;
                }
            }
        }
        if unknown > 0 {
            let text =
                format!("Whether the rule applies cannot be told from {kind}: a field is absent or cannot be read.");
            gathered.findings.reasons.push(Reason { code: ReasonCode::AbsentField, text });
        } else {
            self.gaps(compiled, None, gathered);
        }
        false
    }

    /// Whether a fact of the cluster as a whole meets a condition, and the member that shows it.
    pub(crate) fn cluster_condition(&self, kind: &Kind, hinge: Hinge) -> (Truth, Option<usize>) {
        let unknown = (Truth::Unknown(Unknown::AbsentField), None);
        let Some(compiled) = self.compiled.named(kind) else { return unknown };
        let Some(at) = compiled.conditions.iter().position(|(known, _)| *known == hinge) else { return unknown };
        let mut unsure = false;
        for source in self.deciding(compiled) {
            for facts in self.reading.members[source.member].facts.iter().filter(|facts| facts.kind == compiled.id) {
                let Some(sum) = facts.tally.conditions.get(at) else { continue };
                if sum.yes > 0 {
                    return (Truth::Yes, Some(source.member));
                }
                unsure |= sum.unknown > 0;
            }
        }
        let delivered = self.coverage(compiled).is_some_and(|coverage| coverage.cluster == Delivery::Read);
        if unsure || !delivered { unknown } else { (Truth::No, None) }
    }

    /// For each node, whether the rule judges it.
    pub(crate) fn scope(
        &self,
        number: usize,
        rule: &Rule,
        gathered: &mut Gathered<'_>,
    ) -> Option<BTreeMap<String, Truth>> {
        if !rule.applies.selects_nodes() {
            return None;
        }
        let mut scope = BTreeMap::new();
        for (name, node) in &self.context.nodes {
            let by_os = if rule.applies.os.is_empty() {
                Truth::Yes
            } else {
                let wanted = |id: &String| rule.applies.os.contains(id);
                match (node.os_ids.iter().any(wanted), node.os_ids.iter().all(wanted), node.os_ids.is_empty()) {
                    (_, _, true) | (true, false, _) => Truth::Unknown(Unknown::AbsentField),
                    (true, true, _) => Truth::Yes,
                    (false, _, _) => Truth::No,
                }
            };
            let truth = match by_os {
                Truth::No => Truth::No,
                other => match self.node_condition(number, rule, name) {
                    Truth::Yes => other,
                    condition => condition,
                },
            };
            scope.insert(name.clone(), truth);
        }
        let judged = scope.values().any(|truth| *truth == Truth::Yes);
        let unsure: Vec<&str> = scope
            .iter()
            .filter(|(_, truth)| matches!(truth, Truth::Unknown(_)))
            .map(|(name, _)| name.as_str())
            .collect();
        if !unsure.is_empty() {
            let code = if judged { ReasonCode::Partial } else { ReasonCode::Missing };
            let text = format!(
                "Whether the rule is about {} cannot be told: {}.",
                some_of(&unsure),
                self.why_unsure(rule, &unsure)
            );
            gathered.findings.reasons.push(Reason { code, text });
        } else if scope.is_empty() {
            let text = "No node is known, so that it cannot be told to which the rule applies.".to_owned();
            gathered.findings.reasons.push(Reason { code: ReasonCode::Missing, text });
        } else if !judged {
            match &self.context.nodes_unsure {
                Some(why) => gathered.findings.reasons.push(Reason {
                    code: ReasonCode::Partial,
                    text: format!("No node that is known is one of those that the rule is about, but {why}."),
                }),
                None => gathered.findings.exempts.extend(self.exempt_nodes(rule).into_iter().map(Sight::from)),
            }
        }
        Some(scope)
    }

    fn why_unsure(&self, rule: &Rule, nodes: &[&str]) -> String {
        let conflicting = nodes.iter().find_map(|name| {
            let node = self.context.nodes.get(*name)?;
            (node.os_ids.len() > 1 && !rule.applies.os.is_empty()).then(|| {
                let told: Vec<String> = node.os.iter().map(|(os, source)| format!("{source} says {os}")).collect();
                format!("sources disagree on the operating system ({name}: {})", told.join(", "))
            })
        });
        conflicting.unwrap_or_else(|| {
            let kinds: Vec<String> = rule.applies.node.iter().map(|(kind, _)| kind.source()).collect();
            if kinds.is_empty() {
                "the operating system is not in the snapshot (`/etc/os-release` or `docker info` of the node)"
                    .to_owned()
            } else {
                format!("this needs the operating system and {}", kinds.join(", "))
            }
        })
    }

    /// One line per operating system that is not the rule's.
    fn exempt_nodes(&self, rule: &Rule) -> Vec<Evidence> {
        let mut by_os: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (name, node) in &self.context.nodes {
            let os = node.os.first().map_or("unknown", |(os, _)| os.as_str());
            by_os.entry(os.to_owned()).or_default().push(name);
        }
        by_os
            .into_iter()
            .map(|(os, nodes)| {
                let source = self
                    .sources
                    .iter()
                    .find(|source| source.node.as_deref() == nodes.first().copied() && self.tells_os(source))
                    .or_else(|| self.sources.iter().find(|source| self.is_kind(source, "kube.Node")));
                Evidence {
                    status: EvidenceStatus::Exempts,
                    node: None,
                    subject: some_of(&nodes),
                    class: None,
                    member: source.map(|source| source.name.clone()).unwrap_or_default(),
                    pointer: String::new(),
                    seen: format!("operating system: {os}"),
                    wanted: if rule.applies.os.is_empty() {
                        "the rule's condition on nodes".to_owned()
                    } else {
                        rule.applies.os.join(" or ")
                    },
                    sha256: source
                        .map(|source| self.reading.members[source.member].digest.to_string())
                        .unwrap_or_default(),
                    count: nodes.len() as u64,
                }
            })
            .collect()
    }

    pub(crate) fn is_kind(&self, source: &Source, name: &str) -> bool {
        self.reading.members[source.member].place.as_ref().is_some_and(|place| place.kind.name() == name)
    }

    fn tells_os(&self, source: &Source) -> bool {
        self.is_kind(source, "host.os_release") || self.is_kind(source, "docker.info")
    }

    /// Whether a node's facts meet the rule's conditions on nodes.
    fn node_condition(&self, number: usize, rule: &Rule, node: &str) -> Truth {
        let mut truth = Truth::Yes;
        for (part, (kind, _)) in rule.applies.node.iter().enumerate() {
            let Some(compiled) = self.compiled.named(kind) else { continue };
            let hinge = Hinge::Node { rule: number, part };
            let Some(at) = compiled.conditions.iter().position(|(known, _)| *known == hinge) else { continue };
            let delivered =
                self.coverage(compiled).is_some_and(|coverage| coverage.nodes.get(node) == Some(&Delivery::Read));
            if !delivered {
                return Truth::Unknown(Unknown::AbsentField);
            }
            let (mut yes, mut unknown) = (0, 0);
            for source in
                self.sources.iter().filter(|source| source.newer.is_none() && source.node.as_deref() == Some(node))
            {
                for facts in self.reading.members[source.member].facts.iter().filter(|facts| facts.kind == compiled.id)
                {
                    let Some(sum) = facts.tally.conditions.get(at) else { continue };
                    yes += sum.yes;
                    unknown += sum.unknown;
                }
            }
            if yes == 0 && unknown > 0 {
                truth = Truth::Unknown(Unknown::AbsentField);
            } else if yes == 0 {
                return Truth::No;
            }
        }
        truth
    }
}
