//! Puts a benchmark that was given to results: its texts, its ids, and what it does not share with
//! the rule pack.

use std::collections::{BTreeMap, BTreeSet};

use crate::intake::{Found, OfficialRule};
use crate::model::assessment::{Assessment, Benchmark, Input, Official, RuleResult};
use crate::rules::{Applies, Decision, Pack, Rule, Severity, Texts};

/// Rules that one warning names.
const NAMED: usize = 12;

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
    let what = format!(
        "The rule pack does not have it; the benchmark {file} does. Do by hand what its check says and record it with `mke-stig answers draft`."
    );
    Rule {
        id: official.vuln_id.clone(),
        severity: match official.severity.as_str() {
            "high" => Severity::High,
            "low" => Severity::Low,
            _ => Severity::Medium,
        },
        texts: Texts {
            stig_id: official.stig_id.clone(),
            rule_id: official.rule_id.clone(),
            srg: official.srg.clone(),
            ccis: official.ccis.clone(),
            title,
            why: official.discussion.clone(),
            how: "No program decides it: the rule pack does not have it.".to_owned(),
            fix: official.fix.clone(),
            ..Texts::default()
        },
        applies: Applies::default(),
        decision: Decision::Undecided(what),
        person: Vec::new(),
        cases: Vec::new(),
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
    let mut told = Told::default();
    for result in &mut assessment.rules {
        match rules.get(result.id.as_str()) {
            Some(official) => one(result, own.get(result.id.as_str()).copied(), official, &pack, &mut told),
            None if stig.contains(result.id.as_str()) => {
                told.lacking.push(result.id.clone());
                remark(
                    result,
                    format!("The benchmark {} does not have this rule; the texts are the rule pack's.", found.file),
                );
            }
            None => {}
        }
    }
    assessment.snapshot.warnings.extend(told.warnings(found, &pack));
    describe(&mut assessment.benchmark, found);
}

/// What a reader must know of the differences.
#[derive(Default)]
struct Told {
    added: Vec<String>,
    lacking: Vec<String>,
    changed: Vec<String>,
    severities: Vec<String>,
}

impl Told {
    fn warnings(self, found: &Found, pack: &str) -> Vec<String> {
        let file = &found.file;
        let mut warnings = Vec::new();
        let mut warn = |list: &[String], text: &str| {
            if !list.is_empty() {
                warnings.push(format!("benchmark {file}: {text}: {}", some(list)));
            }
        };
        warn(
            &self.changed,
            &format!(
                "rules have a revision that the rule pack {pack} does not know, so their check may not be the one that was judged"
            ),
        );
        warn(&self.added, &format!("rules are in it that the rule pack {pack} does not have; they are Not Reviewed"));
        warn(&self.lacking, &format!("rules of the rule pack {pack} are not in it"));
        warn(
            &self.severities,
            &format!("rules have another severity than in the rule pack {pack}; the benchmark's counts"),
        );
        if found.benchmark.has_results {
            warnings.push(format!(
                "benchmark {file}: results stand beside the rules, so it is not the file that its publisher gave out"
            ));
        }
        warnings
    }
}

fn some(list: &[String]) -> String {
    let more = list.len().saturating_sub(NAMED);
    let named = list[..list.len() - more].join(", ");
    if more == 0 { named } else { format!("{named} and {more} more") }
}

fn one(result: &mut RuleResult, own: Option<&Rule>, official: &OfficialRule, pack: &str, told: &mut Told) {
    let mut changed = false;
    match own {
        None => told.added.push(result.id.clone()),
        Some(own) => {
            let known = || [&own.texts.rule_id].into_iter().chain(&own.texts.other_rule_ids);
            changed = !own.texts.rule_id.is_empty() && !known().any(|id| *id == official.rule_id);
            if changed {
                let known: Vec<&str> = known().map(String::as_str).collect();
                let known = known.join(", ");
                told.changed.push(format!("{} ({}, known is {known})", result.id, official.rule_id));
                remark(
                    result,
                    format!(
                        "Compare before you rely on this verdict: the benchmark has this rule as {}, and the rule pack {pack} judges by {known}. Its check may have changed.",
                        official.rule_id
                    ),
                );
            }
        }
    }
    if !official.severity.is_empty() && official.severity != result.severity {
        told.severities.push(format!("{} ({}, not {})", result.id, official.severity, result.severity));
        result.severity.clone_from(&official.severity);
        let cat = match official.severity.as_str() {
            "high" => "I",
            "low" => "III",
            _ => "II",
        };
        cat.clone_into(&mut result.cat);
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
    result.official = Some(texts(official, changed));
}

/// Puts a remark before what the comment says.
fn remark(result: &mut RuleResult, text: String) {
    result.comment = if result.comment.is_empty() { text } else { format!("{text}\n{}", result.comment) };
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
