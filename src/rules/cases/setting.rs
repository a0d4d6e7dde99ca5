//! What a case begins from, and how it differs: `given`, and `but`.
//!
//! Facts stay JSON values under the key under which they stand until all differences are in; only then are they made
//! into the objects of a case. So one pointer notation changes facts of every kind, and the SSP too.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::layout::{Encoding, Kind};
use crate::rules::cases::case::{CaseFacts, CaseInput, Gap};
use crate::rules::cases::change;
use crate::rules::cases::fixture::Fixtures;
use crate::rules::load::values::{kind, one_of, wording};
use crate::rules::rule::{Orchestrator, Wording};
use crate::yaml::{Checker, Node, Step, to_json};

/// Keys that `given` and `but` can have besides those of facts.
pub(crate) const SETTING_KEYS: &[(&str, &str)] = &[
    ("nodes", "the nodes of the cluster; `mgr-…` are managers"),
    ("orchestrator", "the orchestrator that the nodes' labels name: swarm, kubernetes, both or none"),
    ("reading", "the reading that decides, intended or literal"),
    ("ssp", "the SSP"),
    ("gaps", "facts that could not be had, by `kind` or `kind@node`"),
];
/// The key that only `but` can have.
pub(crate) const WITHOUT: (&str, &str) = ("without", "facts, or places in them, that are taken away");
/// What `orchestrator` can be.
pub(crate) const IN_USE: &[&str] = &["swarm", "kubernetes", "both", "none"];
/// Gaps that a case may name.
pub(crate) const GAPS: &[&str] = &["missing", "forbidden", "truncated", "unreadable"];

/// Key of the SSP among the facts.
const SSP: &str = "ssp";

/// Which part of a case is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// What is there.
    Given,
    /// What is different.
    But,
}

/// A small cluster that is being put together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Setting {
    nodes: Vec<String>,
    orchestrators: Vec<Orchestrator>,
    reading: Wording,
    gaps: BTreeMap<(Kind, Option<String>), Gap>,
    /// Facts by `kind` or `kind@node`, and the SSP.
    values: BTreeMap<String, Value>,
}

impl Setting {
    /// Takes over what stands under `given` or `but`.
    pub(crate) fn change(&mut self, checker: &mut Checker<'_>, node: &Node<'_>, part: Part, fixtures: &Fixtures) {
        let what = if part == Part::Given { "`given`" } else { "`but`" };
        for (key, value) in checker.entries(node, what) {
            match key {
                "nodes" => self.nodes = checker.texts(&value, "`nodes`"),
                "orchestrator" => self.orchestrators = orchestrators(checker, &value),
                "reading" => self.reading = wording(checker, &value).unwrap_or_default(),
                "gaps" => self.gaps(checker, &value),
                "without" if part == Part::But => {
                    for place in checker.elements(&value, "`without`") {
                        let key = checker.text(&place, "a place");
                        self.remove(checker, &place, &key);
                    }
                }
                place if place.contains('.') || place.split('#').next() == Some(SSP) => {
                    self.put(checker, &value, place, fixtures);
                }
                other => {
                    let without = (part == Part::But).then_some(WITHOUT.0);
                    let known: Vec<&str> = SETTING_KEYS.iter().map(|(key, _)| *key).chain(without).collect();
                    checker.unknown_key(&value, other, &known);
                }
            }
        }
    }

    /// About how many bytes it takes in memory.
    pub(crate) fn weight(&self) -> usize {
        self.values.values().map(weight).sum()
    }

    /// The cluster as a case has it.
    pub(crate) fn input(&self) -> CaseInput {
        let facts = self.values.iter().filter_map(|(key, value)| {
            let (name, node) = key.split_once('@').map_or((key.as_str(), None), |(name, node)| (name, Some(node)));
            let kind = Kind::named(name)?;
            let objects = objects(&kind, value).ok()?;
            Some(CaseFacts { kind, node: node.map(str::to_owned), objects })
        });
        CaseInput {
            nodes: self.nodes.clone(),
            orchestrators: self.orchestrators.clone(),
            facts: facts.collect(),
            gaps: self.gaps.iter().map(|((kind, node), gap)| (kind.clone(), node.clone(), *gap)).collect(),
            reading: self.reading,
            ssp: self.values.get(SSP).and_then(|ssp| serde_yaml::to_string(ssp).ok()),
        }
    }

    fn gaps(&mut self, checker: &mut Checker<'_>, node: &Node<'_>) {
        for (key, value) in checker.entries(node, "`gaps`") {
            let Some(of) = kind_and_node(checker, key, &value) else { continue };
            let gap = match one_of(checker, &value, GAPS).as_str() {
                "missing" => Gap::Missing,
                "forbidden" => Gap::Forbidden,
                "truncated" => Gap::Truncated,
                "unreadable" => Gap::Unreadable,
                _ => continue,
            };
            self.gaps.insert(of, gap);
        }
    }

    /// Puts facts, the SSP or a part of them in its place.
    fn put(&mut self, checker: &mut Checker<'_>, node: &Node<'_>, place: &str, fixtures: &Fixtures) {
        let (key, pointer) = parts(place);
        if key != SSP && kind_and_node(checker, key, node).is_none() {
            return;
        }
        let Some(value) = json(checker, node, fixtures) else { return };
        let Some(pointer) = pointer else {
            self.values.insert(key.to_owned(), value);
            self.check_shape(checker, node, key);
            return;
        };
        let Some(target) = self.values.get_mut(key) else {
            checker.key_problem(node, format!("no `{key}` is given"), "give it whole");
            return;
        };
        if let Err(message) = change::set(target, pointer, value) {
            checker.key_problem(node, message, "a place is written as `kind@node#/0/field`");
        }
        self.check_shape(checker, node, key);
    }

    fn remove(&mut self, checker: &mut Checker<'_>, node: &Node<'_>, place: &str) {
        let (key, pointer) = parts(place);
        let message = match (self.values.get_mut(key), pointer) {
            (None, _) => Some(format!("no `{key}` is given")),
            (Some(target), Some(pointer)) => change::remove(target, pointer).err(),
            (Some(_), None) => {
                self.values.remove(key);
                None
            }
        };
        if let Some(message) = message {
            checker.problem(node, message, "");
        }
    }

    fn check_shape(&self, checker: &mut Checker<'_>, node: &Node<'_>, key: &str) {
        let kind = key.split('@').next().and_then(Kind::named);
        if let (Some(kind), Some(value)) = (kind, self.values.get(key))
            && let Err((message, hint)) = objects(&kind, value)
        {
            checker.problem(node, message, hint);
        }
    }
}

/// The key of facts, and the pointer into them.
fn parts(place: &str) -> (&str, Option<&str>) {
    match place.split_once('#') {
        Some((key, pointer)) => (key, Some(pointer)),
        None => (place, None),
    }
}

fn orchestrators(checker: &mut Checker<'_>, node: &Node<'_>) -> Vec<Orchestrator> {
    match one_of(checker, node, IN_USE).as_str() {
        "swarm" => vec![Orchestrator::Swarm],
        "kubernetes" => vec![Orchestrator::Kubernetes],
        "both" => vec![Orchestrator::Swarm, Orchestrator::Kubernetes],
        _ => Vec::new(),
    }
}

/// `kind` or `kind@node`.
fn kind_and_node(checker: &mut Checker<'_>, key: &str, at: &Node<'_>) -> Option<(Kind, Option<String>)> {
    let (name, node) = match key.split_once('@') {
        Some((name, node)) => (name, Some(node.to_owned())),
        None => (key, None),
    };
    Some((kind(checker, name, at)?, node))
}

/// The objects that facts of a kind are, or what is wrong and what to do.
fn objects(kind: &Kind, value: &Value) -> Result<Vec<Value>, (String, &'static str)> {
    let is_text = matches!(kind.encoding(), Encoding::Text(_));
    match value {
        // What a program prints for people stands in a case as it is printed.
        Value::String(_) if is_text => Ok(vec![value.clone()]),
        _ if is_text => Err((format!("facts of {kind} are a text"), "write what the command prints, after `|`")),
        Value::Array(objects) => Ok(objects.clone()),
        Value::Object(_) => Ok(vec![value.clone()]),
        _ => Err((format!("facts of {kind} are an object or a list of objects"), "")),
    }
}

/// A YAML value as JSON, with the texts of the fixtures that it names.
fn json(checker: &mut Checker<'_>, node: &Node<'_>, fixtures: &Fixtures) -> Option<Value> {
    if let Some(named) = node.value.as_mapping().filter(|mapping| mapping.len() == 1)
        && let Some(names) = named.get("fixture")
    {
        let names = node.child(Step::Key("fixture".to_owned()), names);
        let texts = checker.texts(&names, "`fixture`").into_iter().map(|name| fixtures.read(&name));
        return match texts.collect::<Result<Vec<String>, String>>() {
            Ok(texts) => Some(Value::String(texts.concat())),
            Err(message) => {
                checker.problem(&names, message, "fixtures are texts in the folder cases/fixtures of the pack");
                None
            }
        };
    }
    if node.value.is_mapping() {
        let entries = checker.entries(node, "an object");
        let fields = entries.into_iter().map(|(key, value)| Some((key.to_owned(), json(checker, &value, fixtures)?)));
        return fields.collect::<Option<serde_json::Map<_, _>>>().map(Value::Object);
    }
    if node.value.is_sequence() {
        let elements = checker.elements(node, "a list");
        let values = elements.iter().map(|value| json(checker, value, fixtures));
        return values.collect::<Option<Vec<_>>>().map(Value::Array);
    }
    let value = to_json(node.value);
    if value.is_none() {
        checker.problem(node, "this value has no JSON form", "write it without a tag");
    }
    value
}

/// About how many bytes a value takes in memory. An object takes far more than it says, since its map makes room for
/// eleven fields at once.
fn weight(value: &Value) -> usize {
    32 + match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(list) => list.iter().map(weight).sum(),
        Value::Object(fields) => 640 + fields.iter().map(|(key, value)| key.len() + weight(value)).sum::<usize>(),
    }
}
