//! Brings together what is known of a rule and weighs it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::answers::{Answers, OpenPoints, apply};
use crate::assess::cluster::context::{Context, Coverage};
use crate::assess::cluster::sources::{Delivery, Source};
use crate::assess::compile::compiled::{Compiled, CompiledCheck, CompiledKind, Hinge};
use crate::assess::decide::accumulator::Gathered;
use crate::assess::decide::evidence_line::{Object, Sight};
use crate::assess::decide::gaps::{capital, unknown_reason};
use crate::assess::observe::explain::Writer;
use crate::assess::observe::samples::{Line, Lines};
use crate::assess::observe::tally::{CheckTally, Tally};
use crate::facts::Reading;
use crate::layout::Owner;
use crate::model::assessment::{DecidedBy, Evidence, EvidenceStatus, Reason, ReasonCode, RuleResult, Status};
use crate::model::digest::Digest;
use crate::model::verdict::{Verdict, join};
use crate::rules::{Check, Decision, Demand, Rule, Truth, Unknown, Wording};
use crate::ssp::Ssp;

/// The sum of a check over nothing.
static EMPTY: LazyLock<CheckTally> = LazyLock::new(CheckTally::default);

/// Everything that rules are decided from.
pub(crate) struct Ground<'g> {
    pub(crate) compiled: &'g Compiled,
    pub(crate) reading: &'g Reading<Tally>,
    pub(crate) sources: &'g [Source],
    pub(crate) context: &'g Context,
    pub(crate) ssp: &'g Ssp,
    pub(crate) answers: &'g Answers,
    /// Day of the collection, `YYYY-MM-DD`.
    pub(crate) today: Option<&'g str>,
    /// The reading that decides.
    pub(crate) wording: Wording,
    /// Evidence lines of one rule; 0 for all that were kept.
    pub(crate) evidence_limit: usize,
}

impl<'g> Ground<'g> {
    /// Decides a rule.
    pub(crate) fn decide(&self, number: usize, rule: &'g Rule) -> RuleResult {
        let mut gathered = Gathered::default();
        let reason = |code, text: String| Reason { code, text };
        match &rule.decision {
            Decision::Broken(why) => gathered
                .findings
                .reasons
                .push(reason(ReasonCode::RuleError, format!("The rule's file cannot be used: {why}"))),
            Decision::Undecided(what) => {
                // With another revision the rule may ask for something else: an answer lapses.
                gathered.digest.insert(format!("undecided {}", rule.texts.rule_id));
                let text = format!("This version does not decide this rule yet. {what}");
                gathered.findings.reasons.push(reason(ReasonCode::NeedsPerson, text));
            }
            Decision::Checks(checks) => self.gather(number, rule, checks, &mut gathered),
        }
        let unlined = gathered.findings.reasons.len().saturating_sub(gathered.lined);
        let mut result = self.result(rule, gathered);
        apply(&mut result, OpenPoints { unlined }, self.answers, self.today);
        result
    }

    fn gather(&self, number: usize, rule: &'g Rule, checks: &'g [Check], gathered: &mut Gathered<'g>) {
        // What the STIG leaves out is not looked at, whatever it is.
        if self.applicability(number, rule, gathered) {
            return;
        }
        let scope = self.scope(number, rule, gathered);
        let mut active = 0;
        let mut switched_off = Vec::new();
        // Where the rule does not apply, its words say nothing of MKE's own objects, which are always there.
        let apart = !gathered.findings.exempts.is_empty() && self.wording == Wording::Literal;
        let decides = |check: &Check| check.reading.is_none_or(|reading| reading == self.wording);
        for (check_number, check) in checks.iter().enumerate().filter(|(_, check)| decides(check)) {
            if apart && check.reading.is_some() {
                continue;
            }
            if let Some(orchestrator) = check.orchestrator {
                let usage = self.context.orchestrator(orchestrator);
                if usage.in_use == Some(false) {
                    switched_off.push(self.exempt(orchestrator.name(), usage).into());
                    continue;
                }
                if usage.in_use.is_none() {
                    gathered
                        .findings
                        .reasons
                        .push(Reason { code: ReasonCode::Missing, text: format!("{}.", capital(&usage.because)) });
                }
            }
            if !self.counts(number, check_number, check, gathered) {
                continue;
            }
            active += 1;
            self.check(number, check_number, check, scope.as_ref(), gathered);
        }
        for (check_number, check) in checks.iter().enumerate().filter(|(_, check)| !decides(check)) {
            self.note_other_reading(number, check_number, check, scope.as_ref(), gathered);
        }
        active += self.looks(rule, gathered);
        if active == 0 {
            gathered.findings.exempts.extend(switched_off);
        }
    }

    /// Whether the conditions on which a check hangs hold, or may.
    fn counts(&self, rule: usize, number: usize, check: &'g Check, gathered: &mut Gathered<'g>) -> bool {
        for (part, (kind, _)) in check.when.iter().enumerate() {
            match self.cluster_condition(kind, Hinge::Check { rule, check: number, part }) {
                (Truth::Yes, _) => {}
                (Truth::No, _) => return false,
                (Truth::Unknown(_), _) => gathered.findings.reasons.push(Reason {
                    code: ReasonCode::Missing,
                    text: format!("Whether the check {} counts cannot be told without {}.", check.name, kind.source()),
                }),
            }
        }
        true
    }

    /// What a person must look at besides the checks; how much of it there is.
    fn looks(&self, rule: &'g Rule, gathered: &mut Gathered<'g>) -> usize {
        let mut active = 0;
        for look in &rule.person {
            let usage = look.orchestrator.map(|orchestrator| self.context.orchestrator(orchestrator));
            if usage.is_some_and(|usage| usage.in_use == Some(false)) {
                continue;
            }
            active += 1;
            gathered.findings.reasons.push(Reason { code: ReasonCode::NeedsPerson, text: look.text.clone() });
        }
        active
    }

    /// Writes out lines about objects of a kind.
    pub(crate) fn writer(&self, kind: &'g CompiledKind) -> Writer<'g> {
        Writer { kind, plan: &self.compiled.plan, variables: &self.context.variables }
    }

    pub(crate) fn coverage(&self, kind: &CompiledKind) -> Option<&Coverage> {
        self.context.coverage.get(&kind.kind)
    }

    pub(crate) fn check(
        &self,
        number: usize,
        check_number: usize,
        check: &'g Check,
        scope: Option<&BTreeMap<String, Truth>>,
        gathered: &mut Gathered<'g>,
    ) {
        let Some(kind) = self.compiled.named(&check.each) else { return };
        let Some(at) = kind.checks.iter().position(|known| known.rule == number && known.check == check_number) else {
            return;
        };
        let coverage = self.coverage(kind);
        for source in self.sources {
            let member = &self.reading.members[source.member];
            // The beginning of a damaged list may still show a finding, a false digest may not.
            if !source.trusted || self.helped(kind, at, source) {
                continue;
            }
            if let Some(newer) = self.overruled(kind, at, source) {
                self.add_older(kind, &kind.checks[at], check, source, newer, gathered);
                continue;
            }
            for facts in member.facts.iter().filter(|facts| facts.kind == kind.id) {
                let mut any = false;
                for (object_node, sums) in &facts.tally.checks {
                    let node = source.node.as_deref().or(object_node.as_deref());
                    let own_view =
                        coverage.is_some_and(|coverage| self.told_by_nodes(kind, check, coverage, source, node));
                    let judged = match (scope, node) {
                        (None, _) => Truth::Yes,
                        (Some(scope), Some(node)) => {
                            scope.get(node).cloned().unwrap_or(Truth::Unknown(Unknown::AbsentField))
                        }
                        (Some(_), None) => Truth::Unknown(Unknown::AbsentField),
                    };
                    if own_view || judged == Truth::No {
                        continue;
                    }
                    any = true;
                    self.add(
                        kind,
                        &kind.checks[at],
                        check,
                        source,
                        node,
                        &sums.checks[at],
                        judged == Truth::Yes,
                        gathered,
                    );
                }
                let in_scope = scope
                    .is_none_or(|scope| source.node.as_ref().is_some_and(|node| scope.get(node) == Some(&Truth::Yes)));
                if !any && in_scope && facts.tally.checks.is_empty() {
                    self.add(kind, &kind.checks[at], check, source, source.node.as_deref(), &EMPTY, true, gathered);
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
            let in_scope =
                scope.is_none_or(|scope| source.node.as_ref().is_some_and(|node| scope.get(node) == Some(&Truth::Yes)));
            if holds && member.facts.is_empty() && source.delivery == Delivery::Read && in_scope {
                self.add(kind, &kind.checks[at], check, source, source.node.as_deref(), &EMPTY, true, gathered);
            }
        }
        self.gaps(kind, scope, gathered);
        for kind in check.others().iter().filter_map(|others| self.compiled.named(&others.kind)) {
            self.gaps(kind, None, gathered);
        }
    }

    /// Whether nodes' own lists tell what a member of the cluster's tells of a node, or of no node
    /// in particular: then the nodes' own are evidence, and the cluster's is not.
    fn told_by_nodes(
        &self,
        kind: &'g CompiledKind,
        check: &'g Check,
        coverage: &Coverage,
        source: &'g Source,
        node: Option<&'g str>,
    ) -> bool {
        if source.owner != Owner::Cluster || !check.each.per_node() {
            return false;
        }
        let own_list = |node: &str| {
            coverage.nodes.get(node) == Some(&Delivery::Read)
                && self.sources.iter().any(|source| {
                    source.node.as_deref() == Some(node)
                        && source.delivery == Delivery::Read
                        && self.is_kind(source, kind.kind.name())
                })
        };
        match node {
            Some(node) => own_list(node),
            None => {
                !coverage.nodes.is_empty()
                    && self.context.nodes_unsure.is_none()
                    && coverage.nodes.keys().all(|node| own_list(node))
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a sum and where it comes from")]
    fn add(
        &self,
        kind: &'g CompiledKind,
        compiled: &'g CompiledCheck,
        check: &'g Check,
        source: &'g Source,
        node: Option<&'g str>,
        sum: &'g CheckTally,
        certain: bool,
        gathered: &mut Gathered<'g>,
    ) {
        let member = &self.reading.members[source.member];
        let wanted = check.wanted.as_str();
        let line = |status, line: &'g Line| {
            let node = node.or(line.object.node.as_deref());
            let file = self.reading.file(line.object.position);
            Sight::Object(Object { status, node, kind, check: compiled, source, member, file, line, wanted, count: 1 })
        };
        for (class, count) in sum.classes.iter().enumerate().filter(|(_, count)| count.checked > 0) {
            if kind.has_classes {
                let known = gathered.classes.entry(kind.class_names[class].clone()).or_default();
                known.checked += count.checked;
                known.failed += count.failed;
            }
            if compiled.classes.as_ref().is_none_or(|classes| classes.contains(&class)) {
                gathered.checked += count.checked;
            }
        }
        // Several nodes show the same network; the first view of each stands for all.
        let shared = kind.subject.shared();
        let put = |gathered: &mut Gathered<'g>, status, lines: &'g Lines| {
            if lines.count == 0 {
                return 0;
            }
            let mut again = 0;
            gathered.beyond += lines.count - lines.first().len() as u64;
            gathered.digest.insert(format!("{status:?} {node:?} {} {} {:?}", check.name, lines.count, lines.digest));
            for (rank, kept) in lines.first().enumerate() {
                if shared && kept.object.subject.ends_with(')') {
                    let id = (status, check.name.clone(), kept.object.subject.clone());
                    if !gathered.shown.insert(id) {
                        again += 1;
                        continue;
                    }
                }
                gathered.lines.push((rank, line(status, kept)));
            }
            gathered.checked = gathered.checked.saturating_sub(again);
            again
        };
        let fails = if certain { EvidenceStatus::Fails } else { EvidenceStatus::Unknown };
        let again = put(gathered, fails, &sum.fails);
        let compared = sum.fails.count > 0 && check.listed.is_some()
            || sum.fails.count + sum.passes > 0 && check.names_ssp() && self.states(check);
        gathered.by_ssp |= compared;
        if certain {
            gathered.failed += sum.fails.count - again;
            gathered.findings.fails.extend(sum.fails.first().map(|kept| line(fails, kept)));
        }
        put(gathered, EvidenceStatus::Noted, &sum.noted);
        for (number, lines) in &sum.excepted {
            let exception = &self.ssp.entries[*number];
            if exception.holds_on(self.today) {
                gathered.by_ssp = true;
                put(gathered, EvidenceStatus::Excepted, lines);
                let approval = &exception.approval;
                gathered.comment(format!(
                    "{} by the SSP: {} (approved by {}, until {}): {}",
                    if exception.section == "exceptions" { "Excused" } else { "Listed" },
                    exception.words(),
                    approval.approver,
                    approval.expires,
                    approval.reason
                ));
                let excused = lines.first().map(|kept| line(EvidenceStatus::Excepted, kept));
                gathered.findings.passes.extend(excused);
            } else {
                let again = put(gathered, fails, lines);
                let why =
                    if self.today.is_none() { "the day of the collection is not known" } else { "it has expired" };
                gathered.by_ssp = true;
                gathered.comment(format!("The SSP's entry {} does not count: {why}.", exception.words()));
                if certain {
                    gathered.failed += lines.count - again;
                    gathered.findings.fails.extend(lines.first().map(|kept| line(fails, kept)));
                }
            }
        }
        for (why, lines) in &sum.unknown {
            put(gathered, EvidenceStatus::Unknown, lines);
            gathered.lined += 1;
            let example = lines.first().next().map_or("", |line| line.object.subject.as_str());
            gathered.findings.reasons.push(unknown_reason(why, lines.count, example, &source.name, &kind.kind));
        }
        // Where all objects must be compared, none is something to compare too.
        if check.filter.is_none() && certain && sum.unknown.is_empty() {
            let reason = match &check.demand {
                Demand::NeedsSsp(text) => Some((ReasonCode::NeedsSsp, text)),
                Demand::Person(text) => Some((ReasonCode::NeedsPerson, text)),
                Demand::Must(_) | Demand::Expression(_) => None,
            };
            let unsaid = compiled.listed.as_ref().is_some_and(|listed| !listed.given && !listed.slots.is_empty());
            if unsaid && check.all_listed() && sum.fails.count == 0 {
                let section = compiled.listed.as_ref().map(|listed| listed.section.clone()).unwrap_or_default();
                let member = format!("{} lists none", source.name);
                gathered.findings.reasons.push(unknown_reason(&Unknown::Ssp(section), 0, "", &member, &kind.kind));
            }
            gathered.findings.reasons.extend(reason.map(|(code, text)| Reason {
                code,
                text: format!("{} ({} lists none)", text.trim_end(), source.name),
            }));
        }
        self.add_passes(kind, compiled, check, source, node, sum, gathered);
    }

    /// Whether the SSP states a value with which a check compares, whether or not it still holds.
    fn states(&self, check: &Check) -> bool {
        check.ssp_variables().iter().any(|section| self.ssp.of(section).any(|(_, entry)| entry.approval.approved))
    }

    #[expect(clippy::too_many_arguments, reason = "a sum and where it comes from")]
    fn add_passes(
        &self,
        kind: &'g CompiledKind,
        compiled: &'g CompiledCheck,
        check: &'g Check,
        source: &'g Source,
        node: Option<&'g str>,
        sum: &'g CheckTally,
        gathered: &mut Gathered<'g>,
    ) {
        let member = &self.reading.members[source.member];
        let others = sum.fails.count + sum.excepted.values().chain(sum.unknown.values()).map(|l| l.count).sum::<u64>();
        let (wanted, status) = (check.wanted.as_str(), EvidenceStatus::Passes);
        // A network that passes stands in the list of each node that is in it, and is one network.
        let again =
            sum.passing.iter().filter(|id| !gathered.passing.insert((check.name.as_str(), **id))).count() as u64;
        gathered.checked = gathered.checked.saturating_sub(again);
        let (sight, seen) = match &sum.first_pass {
            Some((_, digest, line)) => {
                let file = self.reading.file(line.object.position);
                let count = sum.passes.saturating_sub(again);
                let object = Object { status, node, kind, check: compiled, source, member, file, line, wanted, count };
                (Sight::Object(object), digest.to_string())
            }
            None if others == 0 => {
                let objects: u64 =
                    member.facts.iter().filter(|facts| facts.kind == kind.id).map(|facts| facts.count).sum();
                let seen = format!("none of the {objects} objects read is one that this check is about");
                let evidence = Evidence {
                    status,
                    node: node.map(str::to_owned),
                    subject: kind.kind.name().to_owned(),
                    class: None,
                    member: source.name.clone(),
                    pointer: String::new(),
                    seen: seen.clone(),
                    wanted: wanted.to_owned(),
                    sha256: member.digest.to_string(),
                    count: sum.passes,
                };
                (evidence.into(), seen)
            }
            None => return,
        };
        gathered.digest.insert(format!("passes {:?} {} {} {}", node, check.name, sum.passes, seen));
        // A node that shows nothing but what others have shown needs no line.
        if again < sum.passes || sum.passes == 0 {
            gathered.lines.push((0, sight.clone()));
        }
        gathered.findings.passes.push(sight);
    }

    fn result(&self, rule: &'g Rule, gathered: Gathered<'g>) -> RuleResult {
        let Gathered { findings, mut lines, checked, failed, classes, digest, mut comments, beyond, by_ssp, .. } =
            gathered;
        let mut gaps = findings.reasons.clone();
        gaps.sort();
        gaps.dedup();
        let verdict = Verdict::weigh(findings);
        let status = verdict.status();
        if let Verdict::NotApplicable(exempts) = &verdict {
            lines.extend(exempts.clone().into_vec().into_iter().map(|line| (0, line)));
        }
        let gaps = if status == Status::Open { gaps } else { Vec::new() };
        if !gaps.is_empty() {
            comments.push(format!("Besides what is open, not all could be looked at. {}", join(gaps.clone()).text));
        }
        comments.sort();
        comments.dedup();
        lines.sort_by(|(a_rank, a), (b_rank, b)| (a.status(), a_rank).cmp(&(b.status(), b_rank)));
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
            official: None,
            status,
            reason: verdict.reason(),
            gaps,
            severity_override: None,
            risk_acceptance: None,
            decided_by: if by_ssp { DecidedBy::Ssp } else { DecidedBy::Evidence },
            checked,
            failed,
            classes,
            evidence: lines
                .into_iter()
                .map(|(_, sight)| sight.written(&self.compiled.plan, &self.context.variables))
                .collect(),
            evidence_omitted: omitted,
            evidence_digest: Digest::of(format!("{status:?}\n{}", digest.join("\n")).as_bytes()).to_string(),
            comment: comments.join("\n"),
        }
    }
}
