//! Brings together what is known of a rule and weighs it.

use std::collections::{BTreeMap, BTreeSet};

use super::assessment::{
    ClassCount, DecidedBy, Evidence, EvidenceStatus, Reason, ReasonCode, RuleResult, Status,
};
use super::compile::{Compiled, CompiledCheck, CompiledKind};
use super::context::{Context, Coverage, Use};
use super::sources::{Delivery, Source};
use super::ssp::Ssp;
use super::tally::{CheckTally, Line, Lines, Tally};
use super::verdict::{Findings, Verdict, join};
use crate::facts::{Digest, Reading};
use crate::layout::Owner;
use crate::rules::{Check, Decision, Rule, Truth, Unknown};

/// Everything that rules are decided from.
pub(super) struct Ground<'g> {
    pub(super) compiled: &'g Compiled,
    pub(super) reading: &'g Reading<Tally>,
    pub(super) sources: &'g [Source],
    pub(super) context: &'g Context,
    pub(super) ssp: &'g Ssp,
    /// Day of the collection, `YYYY-MM-DD`.
    pub(super) today: Option<&'g str>,
    /// Evidence lines of one rule; 0 for all that were kept.
    pub(super) evidence_limit: usize,
}

/// What is gathered about a rule.
#[derive(Default)]
struct Gathered {
    findings: Findings,
    /// Evidence with its rank: lines of different members take turns under the cap.
    lines: Vec<(usize, Evidence)>,
    checked: u64,
    failed: u64,
    classes: BTreeMap<String, ClassCount>,
    digest: BTreeSet<String>,
    comments: Vec<String>,
    /// Lines that stand for objects of which no line was kept.
    beyond: u64,
    excused: bool,
}

impl Ground<'_> {
    /// Decides a rule.
    pub(super) fn decide(&self, number: usize, rule: &Rule) -> RuleResult {
        let mut gathered = Gathered::default();
        let reason = |code, text: String| Reason { code, text };
        match &rule.decision {
            Decision::Broken(why) => gathered
                .findings
                .reasons
                .push(reason(ReasonCode::RuleError, format!("The rule's file cannot be used: {why}"))),
            Decision::Undecided(what) => gathered.findings.reasons.push(reason(
                ReasonCode::NeedsPerson,
                format!("This version does not decide this rule yet. {what}"),
            )),
            Decision::Checks(checks) => self.gather(number, rule, checks, &mut gathered),
        }
        self.result(rule, gathered)
    }

    fn gather(&self, number: usize, rule: &Rule, checks: &[Check], gathered: &mut Gathered) {
        self.applicability(rule, gathered);
        let scope = self.scope(number, rule, gathered);
        let mut active = 0;
        let mut switched_off = Vec::new();
        for (check_number, check) in checks.iter().enumerate() {
            if let Some(orchestrator) = check.orchestrator {
                let usage = self.context.orchestrator(orchestrator);
                if usage.in_use == Some(false) {
                    switched_off.push(self.exempt(orchestrator.name(), usage));
                    continue;
                }
                if usage.in_use.is_none() {
                    gathered.findings.reasons.push(Reason {
                        code: ReasonCode::Missing,
                        text: format!("{}.", capital(&usage.because)),
                    });
                }
            }
            active += 1;
            self.check(number, check_number, check, &scope, gathered);
        }
        if active == 0 {
            gathered.findings.exempts.extend(switched_off);
        }
    }

    fn exempt(&self, subject: &str, usage: &Use) -> Evidence {
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

    fn applicability(&self, rule: &Rule, gathered: &mut Gathered) {
        let mut ask = |subject: &str, usage: &Use| match usage.in_use {
            Some(true) => {}
            Some(false) => gathered.findings.exempts.push(self.exempt(subject, usage)),
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
    }

    /// For each node, whether the rule judges it.
    fn scope(&self, number: usize, rule: &Rule, gathered: &mut Gathered) -> Option<BTreeMap<String, Truth>> {
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
            let text = format!("Whether the rule is about {} cannot be told: {}.", some_of(&unsure), self.why_unsure(rule, &unsure));
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
                None => gathered.findings.exempts.extend(self.exempt_nodes(rule)),
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
                "the operating system is not in the snapshot (`/etc/os-release` or `docker info` of the node)".to_owned()
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
                    wanted: if rule.applies.node.is_empty() {
                        rule.applies.os.join(" or ")
                    } else {
                        format!("{}, with the condition on its nodes", rule.applies.os.join(" or "))
                    },
                    sha256: source.map(|source| self.reading.members[source.member].digest.to_string()).unwrap_or_default(),
                    count: nodes.len() as u64,
                }
            })
            .collect()
    }

    fn is_kind(&self, source: &Source, name: &str) -> bool {
        self.reading.members[source.member].place.as_ref().is_some_and(|place| place.kind.name() == name)
    }

    fn tells_os(&self, source: &Source) -> bool {
        self.is_kind(source, "host.os_release") || self.is_kind(source, "docker.info")
    }

    /// Whether a node's facts meet the rule's conditions on nodes.
    fn node_condition(&self, number: usize, rule: &Rule, node: &str) -> Truth {
        let mut truth = Truth::Yes;
        for (kind, _) in &rule.applies.node {
            let Some(compiled) = self.compiled.named(kind) else { continue };
            let Some(at) = compiled.conditions.iter().position(|(rule, _)| *rule == number) else { continue };
            let delivered = self.coverage(compiled).is_some_and(|coverage| coverage.nodes.get(node) == Some(&Delivery::Read));
            if !delivered {
                return Truth::Unknown(Unknown::AbsentField);
            }
            let (mut yes, mut unknown) = (0, 0);
            for source in self.sources.iter().filter(|source| source.node.as_deref() == Some(node)) {
                for facts in self.reading.members[source.member].facts.iter().filter(|facts| facts.kind == compiled.id) {
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

    fn coverage(&self, kind: &CompiledKind) -> Option<&Coverage> {
        self.context.coverage.get(&kind.kind)
    }

    fn check(
        &self,
        number: usize,
        check_number: usize,
        check: &Check,
        scope: &Option<BTreeMap<String, Truth>>,
        gathered: &mut Gathered,
    ) {
        let Some(kind) = self.compiled.named(&check.each) else { return };
        let Some(at) = kind.checks.iter().position(|known| known.rule == number && known.check == check_number) else {
            return;
        };
        let coverage = self.coverage(kind);
        for source in self.sources {
            let member = &self.reading.members[source.member];
            // The beginning of a damaged list may still show a finding, a false digest may not.
            if !source.trusted {
                continue;
            }
            for facts in member.facts.iter().filter(|facts| facts.kind == kind.id) {
                let empty = CheckTally::default();
                let mut any = false;
                for (object_node, sums) in &facts.tally.checks {
                    let node = source.node.as_ref().or(object_node.as_ref());
                    let own_view = coverage.is_some_and(|coverage| {
                        source.owner == Owner::Cluster
                            && kind.subject.is_container()
                            && node.is_some_and(|node| self.own_list(kind, coverage, node))
                    });
                    let judged = match (scope, node) {
                        (None, _) => Truth::Yes,
                        (Some(scope), Some(node)) => scope.get(node).cloned().unwrap_or(Truth::Unknown(Unknown::AbsentField)),
                        (Some(_), None) => Truth::Unknown(Unknown::AbsentField),
                    };
                    if own_view || judged == Truth::No {
                        continue;
                    }
                    any = true;
                    self.add(kind, &kind.checks[at], check, source, node, &sums[at], judged == Truth::Yes, gathered);
                }
                let in_scope = scope.as_ref().is_none_or(|scope| {
                    source.node.as_ref().is_some_and(|node| scope.get(node) == Some(&Truth::Yes))
                });
                if !any && in_scope && facts.tally.checks.is_empty() {
                    self.add(kind, &kind.checks[at], check, source, source.node.as_ref(), &empty, true, gathered);
                }
                if facts.tally.dropped > 0 {
                    gathered.findings.reasons.push(Reason {
                        code: ReasonCode::Truncated,
                        text: format!("{} holds more objects than can be kept to compare versions.", source.name),
                    });
                }
            }
            // A list that was read and holds nothing is evidence too.
            let holds = member.place.as_ref().is_some_and(|place| place.kind == check.each);
            let in_scope = scope
                .as_ref()
                .is_none_or(|scope| source.node.as_ref().is_some_and(|node| scope.get(node) == Some(&Truth::Yes)));
            if holds && member.facts.is_empty() && source.delivery == Delivery::Read && in_scope {
                self.add(kind, &kind.checks[at], check, source, source.node.as_ref(), &CheckTally::default(), true, gathered);
            }
        }
        self.gaps(kind, check, scope.as_ref(), gathered);
    }

    /// Whether a node delivered its own list, which is then preferred to the cluster's.
    fn own_list(&self, kind: &CompiledKind, coverage: &Coverage, node: &str) -> bool {
        coverage.nodes.get(node) == Some(&Delivery::Read)
            && self.sources.iter().any(|source| {
                source.node.as_deref() == Some(node)
                    && source.delivery == Delivery::Read
                    && self.is_kind(source, kind.kind.name())
            })
    }

    #[expect(clippy::too_many_arguments, reason = "a sum and where it comes from")]
    fn add(
        &self,
        kind: &CompiledKind,
        compiled: &CompiledCheck,
        check: &Check,
        source: &Source,
        node: Option<&String>,
        sum: &CheckTally,
        certain: bool,
        gathered: &mut Gathered,
    ) {
        let member = &self.reading.members[source.member];
        let line = |status, line: &Line, wanted: &str| Evidence {
            status,
            node: node.cloned().or_else(|| line.node.clone()),
            subject: line.subject.clone(),
            class: kind.has_classes.then(|| kind.class_names[line.class].clone()),
            member: source.name.clone(),
            pointer: format!("{}{}", line.position.pointer(), line.below),
            seen: line.seen.clone(),
            wanted: wanted.to_owned(),
            sha256: member.digest.to_string(),
            count: 1,
        };
        for (class, count) in &sum.classes {
            let known = gathered.classes.entry(kind.class_names[*class].clone()).or_default();
            known.checked += count.checked;
            known.failed += count.failed;
            if compiled.classes.as_ref().is_none_or(|classes| classes.contains(class)) {
                gathered.checked += count.checked;
            }
        }
        let put = |gathered: &mut Gathered, status, lines: &Lines| {
            if lines.count == 0 {
                return;
            }
            gathered.beyond += lines.count - lines.first.len() as u64;
            gathered.digest.insert(format!("{status:?} {node:?} {} {} {:?}", check.name, lines.count, lines.digest));
            for (rank, kept) in lines.first.values().enumerate() {
                gathered.lines.push((rank, line(status, kept, &check.wanted)));
            }
        };
        let fails = if certain { EvidenceStatus::Fails } else { EvidenceStatus::Unknown };
        put(gathered, fails, &sum.fails);
        if certain {
            gathered.failed += sum.fails.count;
            gathered.findings.fails.extend(sum.fails.first.values().map(|kept| line(fails, kept, &check.wanted)));
        }
        put(gathered, EvidenceStatus::Noted, &sum.noted);
        for (number, lines) in &sum.excepted {
            let exception = &self.ssp.exceptions[*number];
            if exception.holds_on(self.today) {
                gathered.excused = true;
                put(gathered, EvidenceStatus::Excepted, lines);
                gathered.comments.push(format!(
                    "Excused by the SSP: {} (approved by {}, until {}): {}",
                    exception.words(),
                    exception.approver,
                    exception.expires,
                    exception.reason
                ));
                let excused = lines.first.values().map(|kept| line(EvidenceStatus::Excepted, kept, &check.wanted));
                gathered.findings.passes.extend(excused);
            } else {
                put(gathered, fails, lines);
                let why = if self.today.is_none() { "the day of the collection is not known" } else { "it has expired" };
                gathered.comments.push(format!("The SSP's exception {} does not count: {why}.", exception.words()));
                if certain {
                    gathered.failed += lines.count;
                    gathered.findings.fails.extend(lines.first.values().map(|kept| line(fails, kept, &check.wanted)));
                }
            }
        }
        for (why, lines) in &sum.unknown {
            put(gathered, EvidenceStatus::Unknown, lines);
            let example = lines.first.values().next().map_or("", |line| line.subject.as_str());
            gathered.findings.reasons.push(unknown_reason(why, lines.count, example, &source.name));
        }
        self.add_passes(kind, check, source, node, sum, gathered);
    }

    fn add_passes(
        &self,
        kind: &CompiledKind,
        check: &Check,
        source: &Source,
        node: Option<&String>,
        sum: &CheckTally,
        gathered: &mut Gathered,
    ) {
        let member = &self.reading.members[source.member];
        let mut evidence = Evidence {
            status: EvidenceStatus::Passes,
            node: node.cloned(),
            subject: kind.kind.name().to_owned(),
            class: None,
            member: source.name.clone(),
            pointer: String::new(),
            seen: String::new(),
            wanted: check.wanted.clone(),
            sha256: member.digest.to_string(),
            count: sum.passes,
        };
        let others = sum.fails.count + sum.excepted.values().chain(sum.unknown.values()).map(|l| l.count).sum::<u64>();
        match &sum.first_pass {
            Some((_, line)) => {
                evidence.subject.clone_from(&line.subject);
                evidence.class = kind.has_classes.then(|| kind.class_names[line.class].clone());
                evidence.pointer = format!("{}{}", line.position.pointer(), line.below);
                evidence.seen.clone_from(&line.seen);
            }
            None if others == 0 => {
                let objects: u64 =
                    member.facts.iter().filter(|facts| facts.kind == kind.id).map(|facts| facts.count).sum();
                evidence.seen = format!("none of the {objects} objects read is one that this check is about");
            }
            None => return,
        }
        gathered.digest.insert(format!("passes {:?} {} {} {}", node, check.name, sum.passes, evidence.seen));
        gathered.lines.push((0, evidence.clone()));
        gathered.findings.passes.push(evidence);
    }

    /// What is missing for a check.
    fn gaps(&self, kind: &CompiledKind, check: &Check, scope: Option<&BTreeMap<String, Truth>>, gathered: &mut Gathered) {
        let Some(coverage) = self.coverage(kind) else { return };
        let how = format!("It comes from {}.", check.each.source());
        if !check.each.per_node() {
            if coverage.cluster != Delivery::Read {
                let (code, why) = delivery_reason(&coverage.cluster);
                let text = format!("{}: {why}. {how}", check.each);
                gathered.findings.reasons.push(Reason { code, text });
            }
            return;
        }
        let judged: Vec<(&String, &Delivery)> = coverage
            .nodes
            .iter()
            .filter(|(name, _)| scope.is_none_or(|scope| scope.get(*name) == Some(&Truth::Yes)))
            .collect();
        let lacking: Vec<&(&String, &Delivery)> =
            judged.iter().filter(|(_, delivery)| **delivery != Delivery::Read).collect();
        if !lacking.is_empty() {
            let all = lacking.len() == judged.len();
            let code = if all {
                lacking.iter().map(|(_, delivery)| delivery_reason(delivery).0).min().unwrap_or(ReasonCode::Missing)
            } else {
                ReasonCode::Partial
            };
            let mut by_why: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for (name, delivery) in &lacking {
                by_why.entry(delivery_reason(delivery).1).or_default().push(name);
            }
            let whys: Vec<String> = by_why.iter().map(|(why, nodes)| format!("{}: {why}", some_of(nodes))).collect();
            let read = judged.len() - lacking.len();
            let text = format!("{}: {read} of {} nodes delivered it. {}. {how}", check.each, judged.len(), whys.join("; "));
            gathered.findings.reasons.push(Reason { code, text });
        } else if judged.is_empty() && scope.is_none() {
            let (code, why) = delivery_reason(&coverage.cluster);
            let code = if coverage.cluster == Delivery::Read { ReasonCode::Partial } else { code };
            let text = format!("{}: {why}, and no node is known. {how}", check.each);
            gathered.findings.reasons.push(Reason { code, text });
        }
        if let Some(why) = &self.context.nodes_unsure
            && !judged.is_empty()
        {
            let text = format!("{}: {} of an unknown number of nodes delivered it: {why}.", check.each, judged.len() - lacking.len());
            gathered.findings.reasons.push(Reason { code: ReasonCode::Partial, text });
        }
    }

    fn result(&self, rule: &Rule, gathered: Gathered) -> RuleResult {
        let Gathered { findings, mut lines, checked, failed, classes, digest, mut comments, beyond, excused, .. } = gathered;
        let gaps = findings.reasons.clone();
        let verdict = Verdict::weigh(findings);
        let status = verdict.status();
        if let Verdict::NotApplicable(exempts) = &verdict {
            lines.extend(exempts.clone().into_vec().into_iter().map(|line| (0, line)));
        }
        if status == Status::Open && !gaps.is_empty() {
            comments.push(format!("Besides what is open, not all could be looked at. {}", join(gaps).text));
        }
        comments.sort();
        comments.dedup();
        lines.sort_by(|(a_rank, a), (b_rank, b)| (a.status, a_rank).cmp(&(b.status, b_rank)));
        let total = lines.len() as u64 + beyond;
        if self.evidence_limit > 0 {
            lines.truncate(self.evidence_limit);
        }
        let omitted = total - lines.len() as u64;
        let digest: Vec<String> = digest.into_iter().collect();
        let texts = &rule.texts;
        RuleResult {
            id: rule.id.clone(),
            stig_id: texts.stig_id.clone(),
            rule_id: texts.rule_id.clone(),
            srg: texts.srg.clone(),
            severity: rule.severity.name().to_owned(),
            cat: rule.severity.cat().to_owned(),
            title: texts.title.clone(),
            ccis: texts.ccis.clone(),
            controls: texts.controls.clone(),
            why: texts.why.clone(),
            how: texts.how.clone(),
            fix: texts.fix.clone(),
            reading: texts.reading.clone(),
            status,
            reason: verdict.reason(),
            decided_by: if excused { DecidedBy::Ssp } else { DecidedBy::Evidence },
            checked,
            failed,
            classes,
            evidence: lines.into_iter().map(|(_, line)| line).collect(),
            evidence_omitted: omitted,
            evidence_digest: Digest::of(format!("{status:?}\n{}", digest.join("\n")).as_bytes()).to_string(),
            comment: comments.join("\n"),
        }
    }
}

fn unknown_reason(why: &Unknown, count: u64, example: &str, member: &str) -> Reason {
    let objects = if count == 1 { format!("{example} in {member}") } else { format!("{count} objects in {member} (first {example})") };
    let (code, text) = match why {
        Unknown::RuleError(error) => (ReasonCode::RuleError, format!("The rule failed at {objects}: {error}.")),
        Unknown::WrongType(what) => (ReasonCode::Unreadable, format!("At {objects}, {what}.")),
        Unknown::NoVariable(name) => {
            let product = if name.starts_with("msr") { "MSR" } else { "MKE" };
            (ReasonCode::Missing, format!("The running version of {product} is not known, so that {objects} cannot be compared with it."))
        }
        Unknown::Redacted => (ReasonCode::Redacted, format!("The value was redacted at collection: {objects}.")),
        Unknown::AbsentField => (ReasonCode::AbsentField, format!("The field is absent, and what that means is not certain: {objects}.")),
        Unknown::Person(what) => (ReasonCode::NeedsPerson, format!("{} ({objects})", what.trim_end())),
    };
    Reason { code, text }
}

fn delivery_reason(delivery: &Delivery) -> (ReasonCode, String) {
    match delivery {
        Delivery::Read => (ReasonCode::Partial, "read".to_owned()),
        Delivery::Truncated(why) => (ReasonCode::Truncated, why.clone()),
        Delivery::Forbidden(why) => (ReasonCode::Forbidden, why.clone()),
        Delivery::Missing(why) => (ReasonCode::Missing, why.clone()),
        Delivery::Unreadable(why) => (ReasonCode::Unreadable, why.clone()),
    }
}

/// Up to eight names, and how many more there are.
fn some_of(names: &[&str]) -> String {
    const SHOWN: usize = 8;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
