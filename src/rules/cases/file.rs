//! Reads the cases of a rule: `given` once, and of each case how it differs and what must come out.
//!
//! The same two keys are read from a file of cases and from the file of a rule. A case is expanded at once into the
//! whole cluster that it describes, so that a difference which does not fit what is given is reported with its place.

use std::collections::BTreeSet;

use crate::model::assessment::{ReasonCode, Status};
use crate::model::labels;
use crate::rules::cases::case::{Case, CaseInput};
use crate::rules::cases::fixture::Fixtures;
use crate::rules::cases::setting::{Part, Setting};
use crate::rules::load::values::{one_of, unknown};
use crate::yaml::{Checker, Node, nearest};

/// Keys of a file with cases; they may also stand in the file of the rule.
pub(crate) const FILE_KEYS: &[(&str, &str)] =
    &[("given", "a cluster on which the rule holds: what each case begins from"), ("cases", "the cases")];

/// Keys of a case.
pub(crate) const CASE_KEYS: &[(&str, &str)] = &[
    ("name", "what the case shows"),
    ("given", "a cluster of its own, instead of the one that the file gives"),
    ("but", "how its cluster differs from the one that is given"),
    ("expect", "the status that must come out; {not_reviewed: the reason's code} for one that is Not Reviewed"),
];

/// Keys that cases had before, with what to write instead.
const FORMER_KEYS: &[(&str, &str)] = &[
    ("status", "write `expect: the status`"),
    ("reason", "write `expect: { not_reviewed: the reason }`"),
    ("facts", "facts stand under `given` or `but`, each under its kind"),
    ("nodes", "this stands under `given` or `but`"),
    ("orchestrator", "this stands under `given` or `but`"),
    ("reading", "this stands under `given` or `but`"),
    ("gaps", "this stands under `given` or `but`"),
    ("ssp", "this stands under `given` or `but`"),
];

/// Statuses that a case may expect without a reason.
pub(crate) const STATUSES: [Status; 3] = [Status::Open, Status::NotAFinding, Status::NotApplicable];

/// Reasons that a case may expect; the others are about answers, which cases do not have.
pub(crate) const REASONS: [ReasonCode; 10] = [
    ReasonCode::RuleError,
    ReasonCode::Unreadable,
    ReasonCode::Forbidden,
    ReasonCode::Truncated,
    ReasonCode::Missing,
    ReasonCode::Partial,
    ReasonCode::Redacted,
    ReasonCode::AbsentField,
    ReasonCode::NeedsSsp,
    ReasonCode::NeedsPerson,
];

/// Bytes of memory that all cases of a file may take, each with what it is given. The cases of no rule of the built-in
/// pack take more than 260 KiB; a file of a megabyte that gives much and has many cases would take gigabytes.
const MOST_BYTES: usize = 16 << 20;

/// What a file says of a rule's cases.
#[derive(Debug, Clone, Default)]
pub struct CasesOfRule {
    /// The cluster from which its cases begin.
    pub given: Option<CaseInput>,
    /// The cases.
    pub cases: Vec<Case>,
}

/// Reads the cases under the keys of a file or of a rule; other keys are left alone.
pub(crate) fn cases(checker: &mut Checker<'_>, entries: &[(&str, Node<'_>)], fixtures: &Fixtures) -> CasesOfRule {
    let under = |wanted: &str| entries.iter().find(|(key, _)| *key == wanted).map(|(_, node)| node);
    let given = under("given").map(|node| {
        let mut given = Setting::default();
        given.change(checker, node, Part::Given, fixtures);
        given
    });
    let mut read = CasesOfRule { given: given.as_ref().map(Setting::input), cases: Vec::new() };
    let Some(node) = under("cases") else { return read };
    let (mut bytes, mut names) = (0, BTreeSet::new());
    for node in &checker.elements(node, "`cases`") {
        let Some((case, weight)) = case(checker, node, given.as_ref(), fixtures) else { continue };
        bytes += weight;
        if bytes > MOST_BYTES {
            checker.problem(node, "the cases up to this one come to too much", "give less, or split the rule");
            break;
        }
        if !names.insert(case.name.clone()) {
            checker.problem(node, format!("two cases are named `{}`", case.name), "say what each of them shows");
        }
        read.cases.push(case);
    }
    read
}

/// A case, and about how many bytes it comes to.
fn case(
    checker: &mut Checker<'_>,
    node: &Node<'_>,
    given: Option<&Setting>,
    fixtures: &Fixtures,
) -> Option<(Case, usize)> {
    let entries = checker.entries(node, "a case");
    let mut setting = given.cloned().unwrap_or_default();
    let (mut name, mut expected, mut but) = (String::new(), None, None);
    for (key, value) in &entries {
        match *key {
            "name" => name = checker.text(value, "`name`"),
            "given" => {
                setting = Setting::default();
                setting.change(checker, value, Part::Given, fixtures);
            }
            "but" => but = Some(value),
            "expect" => expected = Some(expect(checker, value)?),
            other => {
                if let Some((_, hint)) = FORMER_KEYS.iter().find(|(key, _)| *key == other) {
                    checker.key_problem(value, format!("a case has no `{other}`"), *hint);
                } else {
                    unknown(checker, value, other, CASE_KEYS);
                }
            }
        }
    }
    if let Some(but) = but {
        setting.change(checker, but, Part::But, fixtures);
    }
    let Some((status, reason)) = expected.filter(|_| !name.is_empty()) else {
        checker.problem(node, "a case needs `name` and `expect`", "");
        return None;
    };
    let weight = setting.weight();
    Some((Case { name, input: setting.input(), status, reason }, weight))
}

/// `status`, or `{ not_reviewed: reason }`.
fn expect(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<(Status, Option<ReasonCode>)> {
    let not_reviewed = labels::status_key(Status::NotReviewed);
    if node.value.is_mapping() {
        let entries = checker.entries(node, "`expect`");
        let [(key, value)] = entries.as_slice() else {
            checker.problem(node, "`expect` is one status", "");
            return None;
        };
        if *key != not_reviewed {
            checker.key_problem(value, format!("`{key}` has no reason"), format!("only {not_reviewed} has one"));
            return None;
        }
        let words = REASONS.map(labels::reason_key);
        let word = one_of(checker, value, &words);
        let reason = REASONS.into_iter().find(|code| labels::reason_key(*code) == word)?;
        return Some((Status::NotReviewed, Some(reason)));
    }
    let word = checker.text(node, "`expect`");
    let status = STATUSES.into_iter().find(|status| labels::status_key(*status) == word);
    if status.is_none() && word == not_reviewed {
        checker.problem(node, "the reason is missing", "write `expect: { not_reviewed: missing }`");
    } else if status.is_none() && !word.is_empty() {
        let hint = nearest(&word, &STATUSES.map(labels::status_key));
        checker.problem(node, format!("`{word}` is not a status"), hint);
    }
    status.map(|status| (status, None))
}
