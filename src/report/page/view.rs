//! What the templates show besides the assessment itself: counts in order, groups, words.
//!
//! Templates only print. Whatever must be sorted, grouped or looked up is prepared here, the same for HTML and Markdown.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::assessment::{Assessment, ClassCount, ReasonCode, RuleResult, Status};
use crate::model::date::Timestamp;
use crate::model::labels;
use crate::model::severity::Cat;
use crate::report::base::extract;
use crate::report::fix::filled::of_windows;
use crate::report::page::families::{Family, families};
use crate::report::page::finding::finding;
use crate::report::page::matrix::{Matrix, matrix};
use crate::report::page::rows;
use crate::report::page::steps::{Steps, steps};

/// Days within which the end of an approval is marked.
const SOON: i64 = 90;

/// Everything a page needs, in the order of the page.
#[derive(Serialize)]
pub(crate) struct View<'a> {
    /// The system as the SSP names it, else the cluster.
    pub(crate) name: &'a str,
    marking: Option<&'a str>,
    statuses: Vec<StatusCount>,
    cats: Vec<CatRow>,
    all: CatRow,
    applicable: u64,
    share: u64,
    integrity: Integrity,
    score: Score,
    /// The rules of CAT I that are Open or Not Reviewed.
    urgent: Vec<RuleLine<'a>>,
    open: Vec<RuleLine<'a>>,
    not_reviewed: Vec<Group<'a>>,
    rules: Vec<RuleRow<'a>>,
    kinds: Vec<KindCoverage<'a>>,
    nodes: Vec<NodeRow<'a>>,
    members: Vec<(&'a str, &'a str)>,
    matrix: Option<Matrix<'a>>,
    families: Vec<Family<'a>>,
    approvals: Vec<Approval<'a>>,
}

#[derive(Serialize)]
struct StatusCount {
    key: &'static str,
    label: &'static str,
    /// The part of the page that lists what is counted.
    anchor: &'static str,
    count: u64,
}

/// Shares of the checks, in percent.
#[derive(Serialize)]
struct Score {
    /// Checks that are decided.
    completed: u64,
    /// The weighted risk, with one decimal.
    risk: String,
    /// Of each CAT what is Open or Not Reviewed.
    shares: Vec<u64>,
}

/// An approval of the SSP or an answer that stands with a rule.
#[derive(Serialize)]
struct Approval<'a> {
    rule: &'a str,
    what: &'static str,
    states: &'a str,
    by: &'a str,
    until: &'a str,
    /// Whether it ends within 90 days after the collection.
    soon: bool,
}

/// Counts of one CAT, in the order of the statuses.
#[derive(Serialize)]
struct CatRow {
    /// The numeral of a CAT, or `all`.
    cat: &'static str,
    counts: Vec<u64>,
    total: u64,
    bars: Vec<Bar>,
    /// The counts in words, for those who do not see the bars.
    told: String,
}

/// A part of a bar of 100 units.
#[derive(Serialize)]
struct Bar {
    key: &'static str,
    x: String,
    width: String,
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
    finding: String,
    key: &'static str,
    label: &'static str,
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
    /// What was found, in one sentence.
    finding: String,
    groups: Vec<rows::Group<'a>>,
    /// How it is fixed, step by step.
    steps: Option<Steps>,
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
        let (summary, windows) = (&assessment.summary, of_windows(assessment));
        let statuses: Vec<StatusCount> = labels::STATUSES
            .into_iter()
            .map(|status| StatusCount {
                key: labels::status_key(status),
                label: labels::status(status),
                anchor: match status {
                    Status::Open => "open",
                    Status::NotReviewed => "not-reviewed",
                    Status::NotAFinding | Status::NotApplicable => "rules",
                },
                count: count(&summary.by_status, status),
            })
            .collect();
        // The three CATs always have a row, so that a zero is seen as one.
        let none = BTreeMap::new();
        let row = |cat: &Cat| CatRow::of(cat.name(), summary.by_cat.get(cat).unwrap_or(&none));
        let cats: Vec<CatRow> = Cat::ALL.iter().map(row).collect();
        let all = CatRow::of("all", &summary.by_status);
        let applicable = all.total - count(&summary.by_status, Status::NotApplicable);
        let passed = count(&summary.by_status, Status::NotAFinding);
        let (kinds, nodes) = coverage(assessment);
        Self {
            name: name(assessment),
            score: score(&cats, &all),
            urgent: urgent(assessment),
            matrix: matrix(assessment),
            families: families(assessment),
            approvals: approvals(assessment),
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
            rules: assessment.rules.iter().map(|rule| RuleRow::of(rule, &windows)).collect(),
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

/// The name under which readers know what was assessed.
pub(crate) fn name(assessment: &Assessment) -> &str {
    let system = assessment.decisions.iter().filter_map(|file| file.system.as_deref()).find(|name| !name.is_empty());
    system.or(assessment.snapshot.cluster_id.as_deref()).unwrap_or(&assessment.asset.name)
}

fn urgent(assessment: &Assessment) -> Vec<RuleLine<'_>> {
    let of = |status| by_cat(assessment, status).into_iter().filter(|rule| rule.cat == Cat::I);
    of(Status::Open).chain(of(Status::NotReviewed)).map(RuleLine::of).collect()
}

/// CORA weighs the share of each CAT that is Open or Not Reviewed with 10, 4 and 1.
fn score(cats: &[CatRow], all: &CatRow) -> Score {
    let percent = |part: u64, whole: u64| (part * 200 + whole).checked_div(whole * 2).unwrap_or(0);
    // Open and Not Reviewed are the first two statuses.
    let due = |row: &CatRow| row.counts.iter().take(2).sum::<u64>();
    let shares = cats.iter().map(|row| percent(due(row), row.total)).collect();
    let weighted = cats.iter().zip([10_u64, 4, 1]);
    let thousandths: u64 =
        weighted.map(|(row, weight)| (weight * due(row) * 1000).checked_div(row.total).unwrap_or(0)).sum();
    let tenths = (thousandths + 7) / 15;
    Score {
        completed: percent(all.total - all.counts[1], all.total),
        risk: format!("{}.{}", tenths / 10, tenths % 10),
        shares,
    }
}

fn approvals(assessment: &Assessment) -> Vec<Approval<'_>> {
    let midnight = |day: &str| Timestamp::parse(&format!("{day}T00:00:00Z")).map(Timestamp::seconds);
    let taken = assessment.snapshot.collected_at.as_deref().and_then(|time| midnight(time.get(..10)?));
    let soon = |until: &str| {
        let left = midnight(until).zip(taken).map(|(until, taken)| (until - taken) / 86_400);
        left.is_some_and(|days| days <= SOON)
    };
    let mut found = Vec::new();
    for rule in &assessment.rules {
        found.extend(rule.approvals.iter().map(|given| Approval {
            rule: &rule.id,
            what: "SSP",
            states: &given.states,
            by: &given.approver,
            until: &given.expires,
            soon: soon(&given.expires),
        }));
        found.extend(rule.answers.iter().map(|given| Approval {
            rule: &rule.id,
            what: labels::status(given.status),
            states: &given.comment,
            by: &given.reviewer,
            until: &given.expires,
            soon: soon(&given.expires),
        }));
    }
    found
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
        let total: u64 = counts.iter().sum();
        let mut bars = Vec::new();
        let mut told = Vec::new();
        let mut before = 0;
        for (status, number) in labels::STATUSES.into_iter().zip(&counts).filter(|(_, number)| **number > 0) {
            let part = |number: u64| {
                let hundredths = (number * 10_000).checked_div(total).unwrap_or(0);
                format!("{}.{:02}", hundredths / 100, hundredths % 100)
            };
            bars.push(Bar { key: labels::status_key(status), x: part(before), width: part(*number) });
            told.push(format!("{number} {}", labels::status(status)));
            before += number;
        }
        Self { cat, total, counts, bars, told: told.join(", ") }
    }
}

impl<'a> RuleLine<'a> {
    fn of(rule: &'a RuleResult) -> Self {
        Self {
            id: &rule.id,
            cat: rule.cat,
            title: title(rule),
            finding: finding(rule),
            key: labels::status_key(rule.status),
            label: labels::status(rule.status),
            checked: rule.checked,
            failed: rule.failed,
        }
    }
}

impl<'a> RuleRow<'a> {
    fn of(rule: &'a RuleResult, of_windows: &BTreeSet<&str>) -> Self {
        let classes = rule.classes.iter();
        Self {
            rule,
            title: title(rule),
            key: labels::status_key(rule.status),
            label: labels::status(rule.status),
            decided_by: (rule.status != Status::NotReviewed).then(|| labels::decided_by(rule.decided_by)),
            reason: rule.reason.as_ref().map(|reason| (labels::reason_key(reason.code), labels::reason(reason.code))),
            classes: classes.map(|(name, counts)| (labels::class(name), counts)).collect(),
            finding: finding(rule),
            groups: rows::groups(rule),
            steps: steps(rule, of_windows),
        }
    }
}
