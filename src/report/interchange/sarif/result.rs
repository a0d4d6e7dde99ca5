//! The results of a rule: one for each object that breaks it, else one.

use std::collections::BTreeMap;

use crate::model::assessment::{Assessment, Evidence, RuleResult};
use crate::model::digest::Hasher;
use crate::model::display;
use crate::model::labels;
use crate::model::severity::Severity;
use crate::report::base::outcome::Outcome;
use crate::report::base::{extract, outcome, prose, text};
use crate::report::interchange::sarif::location::{Artifacts, of_asset};
use crate::report::interchange::sarif::model::{Location, Message, PartialFingerprints, ResultProperties, RunResult};

/// Places of one result that does not fail; viewers show few.
const PLACES: usize = 20;

/// The level of a finding of this rule.
pub(crate) fn level(rule: &RuleResult) -> &'static str {
    match rule.severity {
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// The results of one rule: at least one.
pub(crate) fn of_rule(
    assessment: &Assessment,
    artifacts: &Artifacts<'_>,
    index: usize,
    rule: &RuleResult,
) -> Vec<RunResult> {
    let outcome = Outcome::of(rule);
    let (kind, level) = match outcome {
        Outcome::Pass => ("pass", "none"),
        Outcome::Fail => ("fail", level(rule)),
        Outcome::NotApplicable => ("notApplicable", "none"),
        Outcome::Review => ("review", "none"),
        Outcome::Undecided | Outcome::Error => ("open", "none"),
    };
    let mut fingerprints = Fingerprints { asset: &assessment.asset.name, rule: &rule.id, seen: BTreeMap::new() };
    let result = |text: String, locations: Vec<Location>, fingerprint: String| RunResult {
        kind,
        level,
        locations,
        message: Message { text },
        partial_fingerprints: PartialFingerprints { object: fingerprint },
        properties: properties(rule, outcome),
        rule_id: text::short(&rule.id),
        rule_index: index,
    };
    let mut results = Vec::new();
    if outcome == Outcome::Fail {
        for line in outcome::deciding(rule) {
            let place = artifacts.location(line);
            results.push(result(prose::sentence(line), vec![place], fingerprints.of(Some(line))));
        }
    }
    if results.is_empty() {
        let mut places: Vec<Location> =
            outcome::deciding(rule).take(PLACES).map(|line| artifacts.location(line)).collect();
        if places.is_empty() {
            places.push(of_asset(assessment));
        }
        results.push(result(prose::headline(rule), places, fingerprints.of(None)));
    }
    results
}

fn properties(rule: &RuleResult, outcome: Outcome) -> ResultProperties {
    ResultProperties {
        checked: rule.checked,
        comment: Some(display::visible(&rule.comment).into_owned()).filter(|comment| !comment.is_empty()),
        evidence_digest: text::short(&rule.evidence_digest),
        evidence_omitted: rule.evidence_omitted,
        failed: rule.failed,
        reason: rule.reason.as_ref().map(|reason| labels::reason_key(reason.code)),
        result: outcome.xccdf(),
        risk_acceptance: rule.risk_acceptance.as_deref().map(text::short),
        severity_override: prose::override_text(rule),
        status: labels::status_key(rule.status),
    }
}

/// Fingerprints that stay when a list changes its order or a snapshot its name: of the asset, the
/// rule, the object and the field, without positions, members and times.
struct Fingerprints<'a> {
    asset: &'a str,
    rule: &'a str,
    seen: BTreeMap<String, u64>,
}

impl Fingerprints<'_> {
    fn of(&mut self, line: Option<&Evidence>) -> String {
        let mut digest = Hasher::default();
        digest.part(self.asset);
        digest.part(self.rule);
        if let Some(line) = line {
            digest.part(line.node.as_deref().unwrap_or(""));
            digest.part(&line.subject);
            // What is wanted tells apart two demands on one object.
            digest.part(&line.wanted);
            let is_position = |token: &&str| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
            let field = line.pointer.split('/').filter(|token| !is_position(token));
            for token in field.filter(|token| extract::line_number(token).is_none()) {
                digest.part(token);
            }
        }
        let mut key = digest.finish().short(16);
        let times = self.seen.entry(key.clone()).or_default();
        *times += 1;
        // Equal objects are told apart by their order, which is all that there is.
        key.push_str(&format!(":{times}"));
        key
    }
}
