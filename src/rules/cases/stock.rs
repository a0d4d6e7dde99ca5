//! Derives the cases that every rule must stand: what it reads is missing, refused, cut, damaged, redacted, or there
//! for some of the nodes only. None of it may pass.
//!
//! They are made from the cluster that a rule's cases are given, on which the rule holds, and from the kinds and
//! fields that its checks name. So a rule cannot forget one of them, and nobody writes them out.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::facts::FieldPath;
use crate::layout::{Encoding, Kind};
use crate::model::assessment::{ReasonCode, Status};
use crate::rules::cases::case::{Case, CaseFacts, CaseInput, Gap};
use crate::rules::language::condition::REDACTED;
use crate::rules::rule::{Demand, Rule};

/// A node that is added where what is given has only one.
const ADDED_NODE: &str = "wrk-added";

/// The cases that follow from what a rule reads and what its cases are given.
///
/// ```
/// # fn main() -> Result<(), mke_stig::rules::PackError> {
/// use mke_stig::rules::{Cases, Pack, stock_cases};
///
/// let (pack, cases) = (Pack::embedded(), Cases::read("rules/mke-stig-v2r1".as_ref())?);
/// let rule = pack.rules.iter().find(|rule| rule.id == "V-260930").unwrap();
/// let given = cases.of_rules["V-260930"].given.as_ref().unwrap();
/// let derived = stock_cases(rule, given);
/// assert!(derived.iter().any(|case| case.name == "docker.container is missing"));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn stock_cases(rule: &Rule, given: &CaseInput) -> Vec<Case> {
    let is_given = |kind: &&Kind| given.facts.iter().any(|facts| facts.kind == **kind);
    let meant = rule.checks().iter().filter(|check| check.is_meant());
    let kinds: BTreeSet<&Kind> = meant.map(|check| &check.each).filter(is_given).collect();
    kinds.into_iter().flat_map(|kind| of_kind(rule, given, kind)).collect()
}

fn of_kind(rule: &Rule, given: &CaseInput, kind: &Kind) -> Vec<Case> {
    let not_reviewed = |words: &str, input: CaseInput, reason: ReasonCode| Case {
        name: format!("{kind} {words}"),
        input,
        status: Status::NotReviewed,
        reason: Some(reason),
    };
    // Where a check hangs on a value that is redacted, the reason is that nobody knows whether it counts.
    let hang_on_kind = rule.checks().iter().flat_map(|check| &check.when).any(|(of, _)| of == kind);
    let made_up_for = is_made_up_for(rule, given, kind);
    let mut cases = vec![
        not_reviewed("is missing", without(given, kind), ReasonCode::Missing),
        not_reviewed("was not collected", with_gap(given, kind, Gap::Missing), ReasonCode::Missing),
        not_reviewed("was refused", with_gap(given, kind, Gap::Forbidden), ReasonCode::Forbidden),
        not_reviewed("is cut off", with_gap(given, kind, Gap::Truncated), ReasonCode::Truncated),
        not_reviewed("cannot be read", with_gap(given, kind, Gap::Unreadable), ReasonCode::Unreadable),
    ];
    if made_up_for {
        cases.retain(|case| !matches!(case.reason, Some(ReasonCode::Missing | ReasonCode::Forbidden)));
    } else if kind.per_node() {
        let of_nodes = of_some_nodes(given, kind).into_iter();
        cases.extend(of_nodes.map(|(words, input)| not_reviewed(&words, input, ReasonCode::Partial)));
    }
    if let Some(input) = redacted(rule, given, kind) {
        let case = not_reviewed("is redacted where it is looked at", input, ReasonCode::Redacted);
        cases.push(Case { reason: case.reason.filter(|_| !hang_on_kind), ..case });
    }
    cases
}

/// Whether other kinds that are given tell the same, so that it is no gap if this one is missing.
fn is_made_up_for(rule: &Rule, given: &CaseInput, kind: &Kind) -> bool {
    let is_given = |kind: &Kind| given.facts.iter().any(|facts| facts.kind == *kind);
    let mut checks = rule.checks().iter().filter(|check| check.each == *kind);
    checks.all(|check| check.instead.iter().any(is_given))
}

/// Without any fact of a kind.
fn without(given: &CaseInput, kind: &Kind) -> CaseInput {
    let mut input = given.clone();
    input.facts.retain(|facts| facts.kind != *kind);
    input
}

/// With a gap in the place of each fact of a kind; what was cut is there up to the cut.
fn with_gap(given: &CaseInput, kind: &Kind, gap: Gap) -> CaseInput {
    let mut input = if gap == Gap::Truncated { given.clone() } else { without(given, kind) };
    let places = given.facts.iter().filter(|facts| facts.kind == *kind);
    input.gaps.extend(places.map(|facts| (kind.clone(), facts.node.clone(), gap)));
    input
}

/// With all of a kind but that of one node: of each node in turn, or of one that is added to the only one.
fn of_some_nodes(given: &CaseInput, kind: &Kind) -> Vec<(String, CaseInput)> {
    let places: Vec<&CaseFacts> =
        given.facts.iter().filter(|facts| facts.kind == *kind && facts.node.is_some()).collect();
    if let [only] = places.as_slice() {
        let mut input = given.clone();
        let copies = given.facts.iter().filter(|facts| facts.node == only.node && facts.kind != *kind);
        input.facts.extend(copies.map(|facts| CaseFacts { node: Some(ADDED_NODE.to_owned()), ..facts.clone() }));
        input.nodes.push(ADDED_NODE.to_owned());
        return vec![("is missing on another node".to_owned(), input)];
    }
    let mut cases = Vec::new();
    for place in places {
        let node = place.node.as_deref().unwrap_or_default();
        let mut rest = given.clone();
        rest.facts.retain(|facts| facts != place);
        for (words, gap) in
            [("was refused", Gap::Forbidden), ("is cut off", Gap::Truncated), ("cannot be read", Gap::Unreadable)]
        {
            let mut input = if gap == Gap::Truncated { given.clone() } else { rest.clone() };
            input.gaps.push((kind.clone(), place.node.clone(), gap));
            cases.push((format!("{words} on {node}"), input));
        }
        cases.push((format!("is missing on {node}"), rest));
    }
    cases
}

/// With every value redacted on which a check of this kind decides; none where nothing is there to redact.
fn redacted(rule: &Rule, given: &CaseInput, kind: &Kind) -> Option<CaseInput> {
    if matches!(kind.encoding(), Encoding::Text(_)) {
        return None;
    }
    let paths = deciding_fields(rule, kind);
    let mut input = given.clone();
    let mut any = false;
    for object in input.facts.iter_mut().filter(|facts| facts.kind == *kind).flat_map(|facts| &mut facts.objects) {
        for pointer in paths.iter().map(FieldPath::pointer) {
            if let Some(value) = object.pointer_mut(&pointer).filter(|value| !value.is_null()) {
                redact(value);
                any = true;
            }
        }
    }
    any.then_some(input)
}

/// Redacts a value as the collector does: of a list or an object of single values each of them, else the whole.
fn redact(value: &mut Value) {
    let single = |value: &Value| !value.is_array() && !value.is_object();
    match value {
        Value::Array(list) if !list.is_empty() && list.iter().all(single) => {
            list.fill(Value::from(REDACTED));
        }
        Value::Object(fields) if !fields.is_empty() && fields.values().all(single) => {
            fields.values_mut().for_each(|value| *value = Value::from(REDACTED));
        }
        other => *other = Value::from(REDACTED),
    }
}

/// The fields of a kind on which the checks of a rule decide.
fn deciding_fields(rule: &Rule, kind: &Kind) -> Vec<FieldPath> {
    let mut paths = Vec::new();
    for check in rule.checks().iter().filter(|check| check.is_meant() && check.each == *kind) {
        match &check.demand {
            Demand::Must(matcher) => matcher.each(&mut |path, _| paths.push(path.clone())),
            Demand::Expression(expression) => paths.extend(expression.fields.iter().cloned()),
            Demand::NeedsSsp(_) | Demand::Person(_) => {}
        }
        let listed = check.listed.iter().flat_map(|listed| &listed.fields);
        paths.extend(listed.map(|(_, path)| path.clone()));
    }
    paths
}
