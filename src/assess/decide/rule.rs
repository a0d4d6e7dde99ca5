//! Decides one rule: gathers what its checks found, weighs it, and puts the answers to it.
//!
//! The order is fixed. A fact that takes the rule away ends it. Then the checks of the reading that
//! decides are added up, and those of the other reading noted beside them. [`Verdict::weigh`] makes
//! the verdict, so that no step here can make a rule pass.

use crate::answers::{OpenPoints, apply};
use crate::assess::decide::accumulator::Accumulator;
use crate::assess::decide::basis::Basis;
use crate::assess::decide::evidence_line::EvidenceLine;
use crate::assess::decide::scope::Scope;
use crate::assess::decide::{applicability, check, gaps, other_reading};
use crate::assess::sentences::{reasons, remarks};
use crate::model::assessment::{DecidedBy, Reason, RuleResult, Status};
use crate::model::verdict::{Verdict, join};
use crate::rules::{Check, Decision, Rule, Wording};

/// Decides the rule of this number.
pub(crate) fn decide<'g>(basis: &Basis<'g>, number: usize, rule: &'g Rule) -> RuleResult {
    let mut acc = Accumulator::default();
    match &rule.decision {
        Decision::Broken(why) => acc.gap(reasons::rule_unusable(why), &["broken"]),
        Decision::Undecided(what) => acc.gap(reasons::undecided(what), &["undecided"]),
        Decision::Checks(checks) => gather(basis, number, rule, checks, &mut acc),
    }
    acc.tell_unknown();
    let unlined = acc.findings.reasons.len().saturating_sub(acc.lined);
    let mut result = result(basis, rule, acc);
    apply(&mut result, OpenPoints { unlined }, basis.answers, basis.day());
    result
}

fn gather<'g>(basis: &Basis<'g>, number: usize, rule: &'g Rule, checks: &'g [Check], acc: &mut Accumulator<'g>) {
    // What the STIG leaves out is not looked at, whatever it is.
    if applicability::is_excluded(basis, number, rule, acc) {
        return;
    }
    let scope = Scope::of(basis, number, rule, acc);
    let mut active = 0;
    let (mut asked, mut switched_off) = (Vec::new(), Vec::new());
    // Where the rule does not apply, its words say nothing of MKE's own objects, which are always there.
    let apart = !acc.findings.exempts.is_empty() && basis.wording == Wording::Literal;
    for (at, check) in checks.iter().enumerate().filter(|(_, check)| basis.decides(check.reading)) {
        if apart && check.reading.is_some() {
            continue;
        }
        if let Some(orchestrator) = check.orchestrator {
            let usage = basis.context.orchestrator(orchestrator);
            match usage.in_use {
                Some(true) => {}
                Some(false) => {
                    switched_off.push(applicability::not_in_use(basis, orchestrator.name(), usage));
                    continue;
                }
                None => acc.gap(reasons::use_not_known(&usage.because), &["in use", orchestrator.name()]),
            }
        }
        if applicability::may_count(basis, (number, at), check, acc) {
            active += 1;
            acc.digest.fact(&["check", &at.to_string()]);
            if let Some(of) = basis.check(number, at, check) {
                check::gather(basis, of, checks, &scope, acc);
                asked.push(of);
            }
        }
    }
    let mut all = asked.clone();
    for (at, check) in checks.iter().enumerate().filter(|(_, check)| !basis.decides(check.reading)) {
        if let Some(of) = basis.check(number, at, check) {
            other_reading::note(basis, of, &scope, acc);
            all.push(of);
        }
    }
    gaps::add_unmet(basis, &asked, &all, acc);
    active += person_looks(basis, rule, acc);
    if active == 0 {
        acc.findings.exempts.extend(switched_off);
    }
}

/// What a person must look at besides the checks; how much of it there is.
fn person_looks(basis: &Basis<'_>, rule: &Rule, acc: &mut Accumulator<'_>) -> usize {
    let off = |orchestrator| basis.context.orchestrator(orchestrator).in_use == Some(false);
    let looks = rule.person.iter().filter(|look| !look.orchestrator.is_some_and(off));
    looks.map(|look| acc.gap(reasons::person_looks(&look.text), &["person"])).count()
}

fn result<'g>(basis: &Basis<'g>, rule: &Rule, acc: Accumulator<'g>) -> RuleResult {
    let Accumulator { findings, mut lines, mut comments, .. } = acc;
    let mut gaps: Vec<Reason> = findings.reasons.clone();
    gaps.sort();
    gaps.dedup();
    let verdict = Verdict::weigh(findings, reasons::nothing_looked_at);
    let status = verdict.status();
    if let Verdict::NotApplicable(exempts) = &verdict {
        lines.extend(exempts.clone().into_vec().into_iter().map(|line| (0, line)));
    }
    if status != Status::Open {
        gaps.clear();
    } else if !gaps.is_empty() {
        comments.insert(remarks::gaps_beside_open(&join(gaps.clone()).text));
    }
    lines.sort_by(|(a_rank, a), (b_rank, b)| (a.status(), a_rank).cmp(&(b.status(), b_rank)));
    let total = lines.len() as u64 + acc.beyond;
    if basis.evidence_limit > 0 {
        lines.truncate(basis.evidence_limit);
    }
    let reason = verdict.reason();
    let cluster = basis.context.cluster_ids.first().map(String::as_str);
    let code = reason.as_ref().map(|reason| reason.code);
    RuleResult {
        status,
        reason,
        gaps,
        decided_by: if acc.by_ssp { DecidedBy::Ssp } else { DecidedBy::Evidence },
        checked: acc.checked,
        failed: acc.failed,
        classes: acc.classes,
        evidence_omitted: total - lines.len() as u64,
        evidence: lines.into_iter().map(|(_, line): (usize, EvidenceLine<'g>)| line.written(basis)).collect(),
        evidence_digest: acc.digest.finish(cluster, rule, (status, code)),
        comment: comments.into_iter().collect::<Vec<_>>().join("\n"),
        approvals: acc.approvals.iter().map(|number| basis.ssp.entries[*number].approved()).collect(),
        ..undecided(rule)
    }
}

/// The result of a rule of which nothing is known but its texts.
fn undecided(rule: &Rule) -> RuleResult {
    let texts = rule.texts.clone();
    RuleResult {
        id: rule.id.clone(),
        stig_id: texts.stig_id,
        rule_id: texts.rule_id,
        srg: texts.srg,
        severity: rule.severity,
        cat: rule.severity.cat(),
        title: texts.title,
        ccis: texts.ccis,
        controls: texts.controls,
        why: texts.why,
        how: texts.how,
        fix: texts.fix,
        procedure: Some(texts.procedure).filter(|procedure| !procedure.steps.is_empty()),
        reading: texts.reading,
        official: None,
        status: Status::NotReviewed,
        reason: None,
        gaps: Vec::new(),
        severity_override: None,
        risk_acceptance: None,
        decided_by: DecidedBy::Evidence,
        checked: 0,
        failed: 0,
        classes: std::collections::BTreeMap::new(),
        evidence: Vec::new(),
        evidence_omitted: 0,
        evidence_digest: String::new(),
        comment: String::new(),
        approvals: Vec::new(),
        answers: Vec::new(),
    }
}
