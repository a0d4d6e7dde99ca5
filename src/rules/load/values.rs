//! Reads the small values that rules, packs and cases share: kinds, ids, words of a few, field paths.
//!
//! Each notes what is wrong with the place and with the nearest word that would be right, and returns a value with
//! which reading can go on.

use crate::facts::FieldPath;
use crate::layout::Kind;
use crate::rules::rule::{Orchestrator, Wording};
use crate::yaml::{Checker, Node, nearest};

/// Orchestrators by name.
pub(crate) const ORCHESTRATORS: &[&str] = &["swarm", "kubernetes"];
/// Readings by name.
pub(crate) const READINGS: &[&str] = &["intended", "literal"];

/// One of a few words; empty where it is none of them.
pub(crate) fn one_of(checker: &mut Checker<'_>, node: &Node<'_>, words: &[&str]) -> String {
    let word = checker.text(node, "this");
    if !word.is_empty() && !words.contains(&word.as_str()) {
        checker.problem(node, format!("`{word}` is not allowed here"), nearest(&word, words));
        return String::new();
    }
    word
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

/// A reading.
pub(crate) fn wording(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Wording> {
    match one_of(checker, node, READINGS).as_str() {
        "intended" => Some(Wording::Intended),
        "literal" => Some(Wording::Literal),
        _ => None,
    }
}

/// An orchestrator.
pub(crate) fn orchestrator(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Orchestrator> {
    match one_of(checker, node, ORCHESTRATORS).as_str() {
        "swarm" => Some(Orchestrator::Swarm),
        "kubernetes" => Some(Orchestrator::Kubernetes),
        _ => None,
    }
}

/// Ids become file names and anchors.
pub(crate) fn identifier(checker: &mut Checker<'_>, node: &Node<'_>) -> String {
    let id = checker.text(node, "`id`");
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !id.is_empty() && (!id.chars().all(good) || id.starts_with(['.', '-']) || id.len() > 64) {
        checker.problem(node, format!("`{id}` cannot be an id"), "use letters, digits, `-`, `_` and `.`, at most 64");
    }
    id
}

/// Notes a key that is none of a table's.
pub(crate) fn unknown(checker: &mut Checker<'_>, node: &Node<'_>, key: &str, known: &[(&str, &str)]) {
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    checker.unknown_key(node, key, &names);
}

/// A list of field paths.
pub(crate) fn paths(checker: &mut Checker<'_>, node: &Node<'_>, what: &str) -> Vec<FieldPath> {
    let mut paths = Vec::new();
    for element in checker.elements(node, what) {
        match checker.text(&element, "a field path").parse() {
            Ok(path) => paths.push(path),
            Err(error) => checker.problem(&element, format!("{error}"), ""),
        }
    }
    paths
}
