//! What the templates show besides the assessment itself: counts in order, groups, words.
//!
//! Templates only print. Whatever must be sorted, grouped or looked up is prepared here, so that HTML and Markdown show the
//! same.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::assessment::{Assessment, ClassCount, Evidence, EvidenceStatus, ReasonCode, RuleResult, Status};
use crate::model::labels;
use crate::model::severity::Cat;
use crate::report::base::extract;

/// Passing lines that a page shows per rule; what fails or is unknown is always shown.
const PASSING_SHOWN: usize = 25;

/// Everything a page needs, in the order of the page.
#[derive(Serialize)]
pub(crate) struct View<'a> {
    marking: Option<&'a str>,
    statuses: Vec<StatusCount>,
    cats: Vec<CatRow>,
    all: CatRow,
    applicable: u64,
    share: u64,
    integrity: Integrity,
    open: Vec<RuleLine<'a>>,
    not_reviewed: Vec<Group<'a>>,
    rules: Vec<RuleRow<'a>>,
    kinds: Vec<KindCoverage<'a>>,
    nodes: Vec<NodeRow<'a>>,
    members: Vec<(&'a str, &'a str)>,
}

#[derive(Serialize)]
struct StatusCount {
    key: &'static str,
    label: &'static str,
    count: u64,
}

/// Counts of one CAT, in the order of the statuses.
#[derive(Serialize)]
struct CatRow {
    /// The numeral of a CAT, or `all`.
    cat: &'static str,
    counts: Vec<u64>,
    total: u64,
}

#[derive(Serialize)]
struct Integrity {
    key: &'static str,
    label: &'static str,
}

/// A rule in a list.
#[derive(Serialize)]
struct RuleLine<'a> {
    id: &'a str,
    cat: Cat,
    title: &'a str,
    checked: u64,
    failed: u64,
}

/// Rules that are Not Reviewed for the same kind of reason.
#[derive(Serialize)]
struct Group<'a> {
    code: &'static str,
    label: &'static str,
    count: u64,
    texts: Vec<ReasonText<'a>>,
}

/// One reason and the rules that it holds for.
#[derive(Serialize)]
struct ReasonText<'a> {
    text: &'a str,
    rules: Vec<RuleLine<'a>>,
}

/// Words and selections for one rule, beside the rule itself.
#[derive(Serialize)]
struct RuleRow<'a> {
    rule: &'a RuleResult,
    title: &'a str,
    key: &'static str,
    label: &'static str,
    decided_by: Option<&'static str>,
    reason: Option<(&'static str, &'static str)>,
    classes: Vec<(&'a str, &'a ClassCount)>,
    evidence: Vec<EvidenceRow<'a>>,
    passing_left_out: u64,
}

#[derive(Serialize)]
struct EvidenceRow<'a> {
    line: &'a Evidence,
    key: &'static str,
    label: &'static str,
    place: String,
}

/// A kind of facts and how many nodes delivered it.
#[derive(Serialize)]
struct KindCoverage<'a> {
    name: &'a str,
    read: u64,
    of: u64,
}

/// A node with one cell per kind; `null` where the kind is not expected of it.
#[derive(Serialize)]
struct NodeRow<'a> {
    name: &'a str,
    role: Option<&'a str>,
    os: Option<&'a str>,
    cells: Vec<Option<&'a str>>,
}

impl<'a> View<'a> {
    /// The view of an assessment.
    pub(crate) fn of(assessment: &'a Assessment) -> Self {
        let summary = &assessment.summary;
        let statuses: Vec<StatusCount> = labels::STATUSES
            .into_iter()
            .map(|status| StatusCount {
                key: labels::status_key(status),
                label: labels::status(status),
                count: count(&summary.by_status, status),
            })
            .collect();
        // The three CATs always have a row, so that a zero is seen as one.
        let none = BTreeMap::new();
        let row = |cat: &Cat| CatRow::of(cat.name(), summary.by_cat.get(cat).unwrap_or(&none));
        let cats = Cat::ALL.iter().map(row).collect();
        let all = CatRow::of("all", &summary.by_status);
        let applicable = all.total - count(&summary.by_status, Status::NotApplicable);
        let passed = count(&summary.by_status, Status::NotAFinding);
        let (kinds, nodes) = coverage(assessment);
        Self {
            marking: extract::marking(assessment),
            statuses,
            cats,
            applicable,
            share: (passed * 100).checked_div(applicable).unwrap_or(0),
            all,
            integrity: Integrity {
                key: labels::integrity_key(assessment.snapshot.integrity.status),
                label: labels::integrity(assessment.snapshot.integrity.status),
            },
            open: open(assessment).into_iter().map(RuleLine::of).collect(),
            not_reviewed: not_reviewed(assessment),
            rules: assessment.rules.iter().map(RuleRow::of).collect(),
            kinds,
            nodes,
            members: extract::members(assessment),
        }
    }
}

/// The benchmark's own title where its file was given, else the rule pack's.
fn title(rule: &RuleResult) -> &str {
    let official = rule.official.as_ref().map(|official| official.title.as_str());
    official.filter(|title| !title.is_empty()).unwrap_or(&rule.title)
}

/// The rules that are Open, CAT I first, then in the order of the assessment.
pub(crate) fn open(assessment: &Assessment) -> Vec<&RuleResult> {
    by_cat(assessment, Status::Open)
}

/// The rules of a status, CAT I first, then in the order of the assessment.
pub(crate) fn by_cat(assessment: &Assessment, status: Status) -> Vec<&RuleResult> {
    let mut rules: Vec<&RuleResult> = assessment.rules.iter().filter(|rule| rule.status == status).collect();
    rules.sort_by_key(|rule| rule.cat);
    rules
}

/// The count of a status; zero where none is stated.
pub(crate) fn count(counts: &BTreeMap<String, u64>, status: Status) -> u64 {
    counts.get(labels::status_key(status)).copied().unwrap_or(0)
}

fn not_reviewed(assessment: &Assessment) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<ReasonCode, Vec<ReasonText<'_>>> = BTreeMap::new();
    for rule in by_cat(assessment, Status::NotReviewed) {
        let Some(reason) = &rule.reason else { continue };
        let texts = groups.entry(reason.code).or_default();
        match texts.iter_mut().find(|text| text.text == reason.text) {
            Some(text) => text.rules.push(RuleLine::of(rule)),
            None => texts.push(ReasonText { text: &reason.text, rules: vec![RuleLine::of(rule)] }),
        }
    }
    groups
        .into_iter()
        .map(|(reason, texts)| {
            let (code, label) = (labels::reason_key(reason), labels::reason(reason));
            let count = texts.iter().map(|text| text.rules.len() as u64).sum();
            Group { code, label, count, texts }
        })
        .collect()
}

fn coverage(assessment: &Assessment) -> (Vec<KindCoverage<'_>>, Vec<NodeRow<'_>>) {
    let nodes = &assessment.snapshot.nodes;
    let names: BTreeSet<&str> = nodes.iter().flat_map(|node| node.kinds.keys().map(String::as_str)).collect();
    let kinds = names
        .iter()
        .map(|name| {
            let states = || nodes.iter().filter_map(|node| node.kinds.get(*name));
            KindCoverage {
                name,
                read: states().filter(|state| *state == "read").count() as u64,
                of: states().count() as u64,
            }
        })
        .collect();
    let rows = nodes
        .iter()
        .map(|node| NodeRow {
            name: &node.name,
            role: node.role.as_deref(),
            os: node.os.as_deref(),
            cells: names.iter().map(|name| node.kinds.get(*name).map(String::as_str)).collect(),
        })
        .collect();
    (kinds, rows)
}

impl CatRow {
    fn of(cat: &'static str, by_status: &BTreeMap<String, u64>) -> Self {
        let counts: Vec<u64> = labels::STATUSES.into_iter().map(|status| count(by_status, status)).collect();
        Self { cat, total: counts.iter().sum(), counts }
    }
}

impl<'a> RuleLine<'a> {
    fn of(rule: &'a RuleResult) -> Self {
        Self { id: &rule.id, cat: rule.cat, title: title(rule), checked: rule.checked, failed: rule.failed }
    }
}

impl<'a> RuleRow<'a> {
    fn of(rule: &'a RuleResult) -> Self {
        let mut passing = 0;
        let mut evidence = Vec::new();
        for line in &rule.evidence {
            passing += usize::from(line.status == EvidenceStatus::Passes);
            if line.status == EvidenceStatus::Passes && passing > PASSING_SHOWN {
                continue;
            }
            let (key, label) = (labels::evidence_key(line.status), labels::evidence(line.status));
            evidence.push(EvidenceRow { line, key, label, place: extract::place(line) });
        }
        let classes = rule.classes.iter();
        Self {
            rule,
            title: title(rule),
            key: labels::status_key(rule.status),
            label: labels::status(rule.status),
            decided_by: (rule.status != Status::NotReviewed).then(|| labels::decided_by(rule.decided_by)),
            reason: rule.reason.as_ref().map(|reason| (labels::reason_key(reason.code), labels::reason(reason.code))),
            classes: classes.map(|(name, counts)| (labels::class(name), counts)).collect(),
            evidence,
            passing_left_out: passing.saturating_sub(PASSING_SHOWN) as u64,
        }
    }
}
