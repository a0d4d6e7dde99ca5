//! Reads `pack.yaml`: what a pack is, how classes of objects are recognized, and the matchers that its rules share.
//!
//! It is read before the rules, because they use its matchers. If it cannot be read, the rules are read without them,
//! and each rule that names one is reported as broken: nothing is guessed.

use crate::facts::FieldPath;
use crate::layout::Kind;
use crate::rules::language::matcher::Matcher;
use crate::rules::load::definitions::{Definitions, MatcherReader};
use crate::rules::load::matcher::{define, matcher};
use crate::rules::load::values::{identifier, kind};
use crate::rules::rule::{Class, Classes, MAX_CLASSES};
use crate::yaml::{Node, Problem, parse};

/// What `pack.yaml` says of a pack.
#[derive(Debug, Clone, Default)]
pub(crate) struct PackHead {
    /// Pack id.
    pub(crate) id: String,
    /// Pack version.
    pub(crate) version: String,
    /// Title of the benchmark, or of the user's own pack.
    pub(crate) title: String,
    /// The benchmark that the pack restates.
    pub(crate) benchmark: BenchmarkId,
    /// How classes of objects are recognized.
    pub(crate) classes: Classes,
    /// Matchers that all rules of the pack may use.
    pub(crate) definitions: Definitions,
}

/// A benchmark as `pack.yaml` names it; a pack of the user's own need not name one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BenchmarkId {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Its release.
    pub release: String,
    /// The benchmark date, `YYYY-MM-DD`.
    pub date: String,
}

/// Keys of `pack.yaml`.
pub(crate) const PACK_KEYS: &[&str] = &["id", "version", "title", "benchmark", "define", "classes"];

/// Reads a `pack.yaml`.
///
/// # Errors
/// Every problem of the file.
pub(crate) fn pack_head(file: &str, text: &str) -> Result<PackHead, Vec<Problem>> {
    let value = parse(file, text).map_err(|problem| vec![problem])?;
    let none = Definitions::default();
    let mut reader = MatcherReader::new(file, text, &none);
    let mut head = PackHead::default();
    let root = Node::root(&value);
    let entries = reader.checker.entries(&root, "pack.yaml");
    if let Some((_, node)) = entries.iter().find(|(key, _)| *key == "define") {
        define(&mut reader, node);
    }
    for (key, node) in &entries {
        let checker = &mut reader.checker;
        match *key {
            "id" => head.id = identifier(checker, node),
            "version" => head.version = checker.text(node, "`version`"),
            "title" => head.title = checker.text(node, "`title`"),
            "benchmark" => head.benchmark = benchmark(&mut reader, node),
            "define" => {}
            "classes" => head.classes = classes(&mut reader, node),
            other => checker.unknown_key(node, other, PACK_KEYS),
        }
    }
    let (mut checker, definitions) = reader.into_parts();
    head.definitions = definitions;
    if head.id.is_empty() && checker.clean() {
        checker.problem(&root, "`id` is missing", "");
    }
    if checker.clean() { Ok(head) } else { Err(checker.finish()) }
}

fn benchmark(reader: &mut MatcherReader<'_>, node: &Node<'_>) -> BenchmarkId {
    let mut benchmark = BenchmarkId::default();
    for (key, node) in reader.checker.entries(node, "`benchmark`") {
        let field = match key {
            "id" => &mut benchmark.id,
            "title" => &mut benchmark.title,
            "version" => &mut benchmark.version,
            "release" => &mut benchmark.release,
            "date" => &mut benchmark.date,
            other => {
                reader.checker.unknown_key(&node, other, &["id", "title", "version", "release", "date"]);
                continue;
            }
        };
        *field = reader.checker.text(&node, "a benchmark's value");
    }
    benchmark
}

/// The classes of each kind, in the order in which they are asked.
fn classes(reader: &mut MatcherReader<'_>, node: &Node<'_>) -> Classes {
    let mut of_kinds = Classes::new();
    for (name, list) in reader.checker.entries(node, "`classes`") {
        let Some(kind): Option<Kind> = kind(&mut reader.checker, name, &list) else { continue };
        let classes = reader.checker.elements(&list, "the classes of a kind");
        if classes.len() >= MAX_CLASSES {
            let message = format!("a kind has at most {} classes besides `user`", MAX_CLASSES - 1);
            reader.checker.problem(&list, message, "");
        }
        let classes = classes.iter().filter_map(|node| class(reader, node)).collect();
        of_kinds.insert(kind, classes);
    }
    of_kinds
}

fn class(reader: &mut MatcherReader<'_>, node: &Node<'_>) -> Option<Class> {
    let (mut name, mut members): (Option<String>, Option<Matcher<FieldPath>>) = (None, None);
    for (key, value) in reader.checker.entries(node, "a class") {
        match key {
            "class" => name = Some(reader.checker.text(&value, "`class`")),
            "where" => members = Some(matcher(reader, &value)),
            other => reader.checker.unknown_key(&value, other, &["class", "where"]),
        }
    }
    if name.is_none() || members.is_none() {
        reader.checker.problem(node, "a class needs `class` and `where`", "");
    }
    Some(Class { name: name?, members: members? })
}
