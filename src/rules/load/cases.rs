//! A rule's own test cases: the facts of a small cluster and the verdict that they must give.

use serde_json::Value;

use crate::layout::{Encoding, Kind};
use crate::rules::rule::{Orchestrator, Wording};
use crate::yaml::{Checker, Node, nearest, to_json};

/// How facts are missing in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Not collected.
    Missing,
    /// Access was refused.
    Forbidden,
    /// Cut.
    Truncated,
    /// Damaged.
    Unreadable,
}

/// The facts of one kind, of one node or of the cluster.
#[derive(Debug, Clone)]
pub struct CaseFacts {
    /// The kind.
    pub kind: Kind,
    /// The node; none for the cluster.
    pub node: Option<String>,
    /// The objects.
    pub objects: Vec<Value>,
}

/// A test case.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// Nodes that the cluster has; `mgr-…` are managers.
    pub nodes: Vec<String>,
    /// The orchestrators that the nodes' labels name.
    pub orchestrators: Vec<Orchestrator>,
    /// The facts.
    pub facts: Vec<CaseFacts>,
    /// Facts that could not be had.
    pub gaps: Vec<(Kind, Option<String>, Gap)>,
    /// The reading that decides.
    pub reading: Wording,
    /// The SSP, as YAML text.
    pub ssp: Option<String>,
    /// The status that must come out.
    pub status: String,
    /// The reason that must come out.
    pub reason: Option<String>,
}

/// Keys of a case.
pub(crate) const CASE_KEYS: &[&str] =
    &["name", "nodes", "orchestrator", "reading", "facts", "gaps", "ssp", "status", "reason"];
/// Statuses that a case may name.
pub(crate) const STATUSES: &[&str] = &["open", "not_a_finding", "not_applicable", "not_reviewed"];
/// Gaps that a case may name.
pub(crate) const GAPS: &[&str] = &["missing", "forbidden", "truncated", "unreadable"];

/// Reads a case.
pub(crate) fn case(checker: &mut Checker<'_>, node: &Node<'_>) -> Case {
    let mut case = Case {
        name: String::new(),
        nodes: Vec::new(),
        orchestrators: Vec::new(),
        facts: Vec::new(),
        gaps: Vec::new(),
        reading: Wording::default(),
        ssp: None,
        status: String::new(),
        reason: None,
    };
    for (key, value) in checker.entries(node, "a case") {
        match key {
            "name" => case.name = checker.text(&value, "`name`"),
            "nodes" => case.nodes = checker.texts(&value, "`nodes`"),
            "orchestrator" => case.orchestrators = orchestrators(checker, &value),
            "facts" => {
                for (key, objects) in checker.entries(&value, "`facts`") {
                    case.facts.extend(facts(checker, key, &objects));
                }
            }
            "gaps" => {
                for (key, gap) in checker.entries(&value, "`gaps`") {
                    case.gaps.extend(one_gap(checker, key, &gap));
                }
            }
            "reading" => case.reading = wording(checker, &value).unwrap_or_default(),
            "ssp" => case.ssp = serde_yaml::to_string(value.value).ok(),
            "status" => case.status = one_of(checker, &value, STATUSES),
            "reason" => case.reason = Some(checker.text(&value, "`reason`")),
            other => checker.unknown_key(&value, other, CASE_KEYS),
        }
    }
    if case.name.is_empty() || case.status.is_empty() {
        checker.problem(node, "a case needs `name` and `status`", "");
    }
    case
}

/// A reading.
pub(crate) fn wording(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Wording> {
    match one_of(checker, node, &["intended", "literal"]).as_str() {
        "intended" => Some(Wording::Intended),
        "literal" => Some(Wording::Literal),
        _ => None,
    }
}

fn orchestrators(checker: &mut Checker<'_>, node: &Node<'_>) -> Vec<Orchestrator> {
    match one_of(checker, node, &["swarm", "kubernetes", "both"]).as_str() {
        "swarm" => vec![Orchestrator::Swarm],
        "kubernetes" => vec![Orchestrator::Kubernetes],
        "both" => vec![Orchestrator::Swarm, Orchestrator::Kubernetes],
        _ => Vec::new(),
    }
}

/// One of a few words.
pub(crate) fn one_of(checker: &mut Checker<'_>, node: &Node<'_>, words: &[&str]) -> String {
    let word = checker.text(node, "this");
    if !word.is_empty() && !words.contains(&word.as_str()) {
        checker.problem(node, format!("`{word}` cannot stand here"), nearest(&word, words));
        return String::new();
    }
    word
}

/// `kind` or `kind@node`.
fn kind_and_node(checker: &mut Checker<'_>, key: &str, at: &Node<'_>) -> Option<(Kind, Option<String>)> {
    let (name, node) = match key.split_once('@') {
        Some((name, node)) => (name, Some(node.to_owned())),
        None => (key, None),
    };
    Some((kind(checker, name, at)?, node))
}

/// A kind that is known.
pub(crate) fn kind(checker: &mut Checker<'_>, name: &str, at: &Node<'_>) -> Option<Kind> {
    let kind = Kind::named(name);
    if kind.is_none() {
        let known: Vec<&str> = Kind::known_names().chain(["kube.Pod"]).collect();
        checker.problem(at, format!("unknown kind `{name}`"), nearest(name, &known));
    }
    kind
}

fn facts(checker: &mut Checker<'_>, key: &str, node: &Node<'_>) -> Option<CaseFacts> {
    let (kind, owner) = kind_and_node(checker, key, node)?;
    let value = to_json(node.value)?;
    let objects = match value {
        // What a program prints for people stands in a case as it is printed.
        text @ Value::String(_) if matches!(kind.encoding(), Encoding::Text(_)) => vec![text],
        _ if matches!(kind.encoding(), Encoding::Text(_)) => {
            checker.problem(node, format!("facts of {kind} are a text"), "write what the command prints, after `|`");
            Vec::new()
        }
        Value::Array(objects) => objects,
        object @ Value::Object(_) => vec![object],
        _ => {
            checker.problem(node, "facts are an object or a list of objects", "");
            Vec::new()
        }
    };
    Some(CaseFacts { kind, node: owner, objects })
}

fn one_gap(checker: &mut Checker<'_>, key: &str, node: &Node<'_>) -> Option<(Kind, Option<String>, Gap)> {
    let (kind, owner) = kind_and_node(checker, key, node)?;
    let gap = match one_of(checker, node, GAPS).as_str() {
        "missing" => Gap::Missing,
        "forbidden" => Gap::Forbidden,
        "truncated" => Gap::Truncated,
        "unreadable" => Gap::Unreadable,
        _ => return None,
    };
    Some((kind, owner, gap))
}
