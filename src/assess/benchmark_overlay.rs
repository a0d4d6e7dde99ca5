//! Lays a benchmark that was given over the results: its texts, ids and severities.
//!
//! It changes what a rule is called and how grave it is, never what was found. Where it and the rule
//! pack differ (rules that only one of them has, revisions that the pack does not know), the result
//! and a warning say so, since the check that was judged may then not be the one that it asks for.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::sentences::remarks;
use crate::intake::{Found, OfficialRule};
use crate::model::assessment::{Assessment, Benchmark, Input, Official, RuleResult};
use crate::model::severity::Severity;
use crate::rules::{Applies, Decision, Pack, Rule, Texts};

/// The benchmark's rules that no pack has. No program decides them: each is a rule for a person.
///
/// They are not errors of the rule pack, and they can be answered, so they are undecided rules like
/// any other.
pub(crate) fn added(found: &Found, packs: &[Pack]) -> Vec<Rule> {
    let known: BTreeSet<&str> = packs.iter().flat_map(|pack| &pack.rules).map(|rule| rule.id.as_str()).collect();
    let others = found.benchmark.rules.iter().filter(|rule| !known.contains(rule.vuln_id.as_str()));
    others.map(|rule| undecided(rule, &found.file)).collect()
}

fn undecided(official: &OfficialRule, file: &str) -> Rule {
    let title = if official.title.is_empty() { "(a rule without a title)".to_owned() } else { official.title.clone() };
    Rule {
        id: official.vuln_id.clone(),
        severity: official.severity.unwrap_or(Severity::Medium),
        texts: Texts {
            stig_id: official.stig_id.clone(),
            rule_id: official.rule_id.clone(),
            srg: official.srg.clone(),
            ccis: official.ccis.clone(),
            title,
            why: official.discussion.clone(),
            how: remarks::benchmark_rule_undecided(),
            fix: official.fix.clone(),
            ..Texts::default()
        },
        applies: Applies::default(),
        decision: Decision::Undecided(remarks::benchmark_decides_by_hand(file)),
        person: Vec::new(),
    }
}

/// Puts the benchmark to an assessment that was made with its [`added`] rules.
pub(crate) fn apply(assessment: &mut Assessment, packs: &[Pack], found: &Found) {
    let rules: BTreeMap<&str, &OfficialRule> =
        found.benchmark.rules.iter().map(|rule| (rule.vuln_id.as_str(), rule)).collect();
    let own: BTreeMap<&str, &Rule> =
        packs.iter().rev().flat_map(|pack| &pack.rules).map(|rule| (rule.id.as_str(), rule)).collect();
    let stig: BTreeSet<&str> =
        packs.first().into_iter().flat_map(|pack| &pack.rules).map(|rule| rule.id.as_str()).collect();
    let pack = assessment.tool.pack.id.clone();
    let mut differences = Differences::default();
    for result in &mut assessment.rules {
        match rules.get(result.id.as_str()) {
            Some(official) => {
                overlay(result, own.get(result.id.as_str()).copied(), official, &pack, &mut differences);
            }
            None if stig.contains(result.id.as_str()) => {
                differences.lacking.push(result.id.clone());
                remark(result, &remarks::benchmark_lacks_rule(&found.file));
            }
            None => {}
        }
    }
    assessment.snapshot.warnings.extend(differences.warnings(found, &pack));
    describe(&mut assessment.benchmark, found);
}

/// Rules in which the benchmark and the rule pack differ.
#[derive(Default)]
struct Differences {
    /// Only the benchmark has them.
    added: Vec<String>,
    /// Only the pack has them.
    lacking: Vec<String>,
    /// Of a revision that the pack does not know.
    revised: Vec<String>,
    severities: Vec<String>,
}

impl Differences {
    fn warnings(self, found: &Found, pack: &str) -> Vec<String> {
        let file = &found.file;
        let mut warnings = Vec::new();
        let mut warn = |rules: &[String], warning: fn(&str, &str, &[String]) -> String| {
            if !rules.is_empty() {
                warnings.push(warning(file, pack, rules));
            }
        };
        warn(&self.revised, remarks::benchmark_revisions);
        warn(&self.added, remarks::benchmark_adds);
        warn(&self.lacking, remarks::benchmark_lacks);
        warn(&self.severities, remarks::benchmark_severities);
        if found.benchmark.has_results {
            warnings.push(remarks::benchmark_has_results(file));
        }
        warnings
    }
}

fn overlay(
    result: &mut RuleResult,
    own: Option<&Rule>,
    official: &OfficialRule,
    pack: &str,
    differences: &mut Differences,
) {
    let revised = own.and_then(|own| unknown_revision(own, official));
    if let Some(known) = &revised {
        differences.revised.push(remarks::revision(&result.id, &official.rule_id, known));
        remark(result, &remarks::benchmark_revises_rule(&official.rule_id, pack, known));
    } else if own.is_none() {
        differences.added.push(result.id.clone());
    }
    if let Some(severity) = official.severity.filter(|severity| *severity != result.severity) {
        differences.severities.push(remarks::other_severity(&result.id, severity, result.severity));
        (result.severity, result.cat) = (severity, severity.cat());
    }
    for (field, value) in [
        (&mut result.rule_id, &official.rule_id),
        (&mut result.stig_id, &official.stig_id),
        (&mut result.srg, &official.srg),
    ] {
        if !value.is_empty() {
            field.clone_from(value);
        }
    }
    if !official.ccis.is_empty() {
        result.ccis.clone_from(&official.ccis);
    }
    result.official = Some(texts(official, revised.is_some()));
}

/// The revisions of a rule that the pack knows, if the benchmark's is none of them.
fn unknown_revision(own: &Rule, official: &OfficialRule) -> Option<String> {
    let known: Vec<&str> =
        [&own.texts.rule_id].into_iter().chain(&own.texts.other_rule_ids).map(String::as_str).collect();
    let unknown = !own.texts.rule_id.is_empty() && !known.contains(&official.rule_id.as_str());
    unknown.then(|| known.join(", "))
}

/// Puts a remark before what the comment says.
fn remark(result: &mut RuleResult, text: &str) {
    result.comment = if result.comment.is_empty() { text.to_owned() } else { format!("{text}\n{}", result.comment) };
}

fn texts(rule: &OfficialRule, revision_unknown: bool) -> Official {
    Official {
        revision_unknown,
        group_title: rule.srg.clone(),
        title: rule.title.clone(),
        discussion: rule.discussion.clone(),
        check: rule.check.clone(),
        fix: rule.fix.clone(),
        weight: rule.weight.clone(),
        check_system: rule.check_system.clone(),
        check_ref_name: rule.check_name.clone(),
        check_ref_href: rule.check_href.clone(),
        fix_id: rule.fix_id.clone(),
        false_positives: rule.false_positives.clone(),
        false_negatives: rule.false_negatives.clone(),
        documentable: rule.documentable.clone(),
        mitigations: rule.mitigations.clone(),
        severity_override_guidance: rule.severity_override_guidance.clone(),
        potential_impacts: rule.potential_impacts.clone(),
        third_party_tools: rule.third_party_tools.clone(),
        mitigation_control: rule.mitigation_control.clone(),
        responsibility: rule.responsibility.clone(),
        ia_controls: rule.ia_controls.clone(),
        legacy_ids: rule.legacy_ids.clone(),
        target_key: rule.target_key.clone(),
    }
}

/// What the file states of itself goes before what the pack restates.
fn describe(benchmark: &mut Benchmark, found: &Found) {
    let stated = &found.benchmark;
    for (field, value) in [
        (&mut benchmark.id, &stated.id),
        (&mut benchmark.title, &stated.title),
        (&mut benchmark.version, &stated.version),
        (&mut benchmark.release, &stated.release),
    ] {
        if !value.is_empty() {
            field.clone_from(value);
        }
    }
    // A date of another release would be wrong.
    benchmark.date.clone_from(&stated.date);
    if let Some(classification) = &stated.classification {
        benchmark.classification.clone_from(classification);
    }
    let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    benchmark.target_key.clone_from(&stated.target_key);
    benchmark.description = text(&stated.description);
    benchmark.notice = text(&stated.notice);
    benchmark.source = Some(Input {
        name: found.file.clone(),
        sha256: found.sha256.clone(),
        bytes: found.bytes,
        holds: vec!["benchmark".to_owned()],
        taken_at: None,
    });
}
