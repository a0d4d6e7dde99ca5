//! Reads the checks of a rule.
//!
//! One entry under `checks` may stand for several checks. `each` may be a list of kinds, and `readings` may say what
//! differs between the STIG's letter and what it means; the entry is then read once for every kind and reading, in
//! the order in which they stand, so that everything behind the loader sees plain checks of one kind. The same
//! mistake is reported once, since it stands in one place of the file.

use std::sync::Arc;

use serde_yaml::Value;

use crate::facts::FieldPath;
use crate::layout::Kind;
use crate::rules::language::expression::Expression;
use crate::rules::language::matcher::Matcher;
use crate::rules::load::conditions::{of_nodes, of_the_cluster};
use crate::rules::load::definitions::{MatcherReader, weight};
use crate::rules::load::matcher::matcher;
use crate::rules::load::values::{READINGS, kind, one_of, orchestrator, paths, unknown, wording};
use crate::rules::rule::{Check, Demand, EXCEPTION_TYPES, Listed, SSP_LISTS, Wording};
use crate::yaml::{Checker, Node, nearest};

/// Keys of a check, with what each says (shown by the schema).
pub(crate) const CHECK_KEYS: &[(&str, &str)] = &[
    ("name", "a short name, where the rule has several checks"),
    ("each", "the kind of the objects, or a list of kinds for which the check stands"),
    ("of", "their class or classes; without it, every object"),
    ("orchestrator", "only where this orchestrator is in use"),
    ("reading", "only in this reading, intended or literal; in the other one it is only noted"),
    (
        "readings",
        "the check in both readings: {intended: …, literal: …} with the keys that only one of them has, or a list",
    ),
    ("when", "only where a fact of this kind, of the cluster as a whole, matches"),
    ("unless_node", "not on nodes whose fact of this kind is known to match; what breaks the check there is noted"),
    ("where", "which objects"),
    ("must", "what they must be"),
    ("expr", "what they must be, as a CEL expression on `self`"),
    ("fields", "the fields that `expr` reads"),
    (
        "person",
        "instead of `must`: no program can judge the selected objects; this is what a person must look at; beside `must`: what is not known to meet it is no finding, and a person must look at it",
    ),
    ("needs_ssp", "instead of `must`: selected objects must be compared with the SSP; this is what to compare"),
    ("unless", "the SSP's type of exception that excuses an object"),
    (
        "ssp",
        "what breaks the check is good if the SSP lists it, and unknown without the SSP: {section: field}, {section: {key: field}} or `exceptions`",
    ),
    ("show", "fields shown with the evidence"),
    ("wanted", "what is wanted, in words"),
    (
        "instead",
        "kinds that tell the same: where one of them was delivered, or a check that always counts says what is missing of it, it is no gap that this kind was not; what is there is judged",
    ),
];

/// Kinds that one check may name, far above what people write.
const MOST_KINDS: usize = 32;

/// Keys of a mapping, with their values.
type Entries<'v> = Vec<(&'v str, Node<'v>)>;

/// The check in one reading: the entries that it has there.
struct InReading<'v> {
    reading: Option<Wording>,
    entries: Entries<'v>,
    /// Whether its name is to say that it is of the letter.
    by_the_letter: bool,
}

/// What an object must be, as the file says it; one of these must be there.
#[derive(Default)]
struct Demands<'v> {
    must: Option<Matcher<FieldPath>>,
    expr: Option<(String, Node<'v>)>,
    fields: Vec<FieldPath>,
    person: Option<String>,
    needs_ssp: Option<String>,
}

/// Reads one entry under `checks`: the checks for which it stands.
pub(crate) fn check(reader: &mut MatcherReader<'_>, node: &Node<'_>) -> Vec<Check> {
    let entries = reader.checker.entries(node, "a check");
    let Some((kinds, many)) = kinds(&mut reader.checker, node, &entries) else { return Vec::new() };
    let readings = readings(&mut reader.checker, entries);
    let again = (kinds.len() * readings.len()).saturating_sub(1);
    if !reader.repeats(node, weight(node.value).saturating_mul(again)) {
        return Vec::new();
    }
    let mut checks = Vec::new();
    for kind in &kinds {
        for in_reading in &readings {
            let Some(mut check) = one_check(reader, node, in_reading, kind) else { continue };
            let own = if many { kind.name().rsplit('.').next().unwrap_or_default() } else { "" };
            let letter = if in_reading.by_the_letter { "by the letter" } else { "" };
            let parts = [check.name.as_str(), own, letter];
            check.name = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
            checks.push(check);
        }
    }
    checks
}

/// The kinds of `each`, and whether they are a list.
fn kinds(checker: &mut Checker<'_>, node: &Node<'_>, entries: &Entries<'_>) -> Option<(Vec<Kind>, bool)> {
    let Some((_, each)) = entries.iter().find(|(key, _)| *key == "each") else {
        if checker.clean() {
            checker.problem(node, "a check needs `each`", "name the kind of the objects");
        }
        return None;
    };
    if !each.value.is_sequence() {
        let name = checker.text(each, "`each`");
        return Some((vec![kind(checker, &name, each)?], false));
    }
    let elements = checker.elements(each, "`each`");
    if elements.is_empty() || elements.len() > MOST_KINDS {
        checker.problem(each, format!("`each` names between 1 and {MOST_KINDS} kinds"), "");
        return None;
    }
    let mut kinds = Vec::new();
    for element in elements {
        let name = checker.text(&element, "`each`");
        let Some(kind) = kind(checker, &name, &element) else { continue };
        if kinds.contains(&kind) {
            checker.problem(&element, format!("`{name}` is in the list twice"), "");
        }
        kinds.push(kind);
    }
    Some((kinds, true))
}

/// The entries of the check in each of its readings.
fn readings<'v>(checker: &mut Checker<'_>, mut entries: Entries<'v>) -> Vec<InReading<'v>> {
    let Some(at) = entries.iter().position(|(key, _)| *key == "readings") else {
        return vec![InReading { reading: None, entries, by_the_letter: false }];
    };
    let (_, node) = entries.remove(at);
    if entries.iter().any(|(key, _)| *key == "reading") {
        checker.key_problem(&node, "a check has `reading` or `readings`, not both", "");
    }
    if node.value.is_sequence() {
        let elements = checker.elements(&node, "`readings`");
        let named: Vec<Wording> = elements.iter().filter_map(|node| wording(checker, node)).collect();
        // What counts in both readings is not of one of them.
        let reading = named.first().copied().filter(|first| named.iter().all(|other| other == first));
        return vec![InReading { reading, entries, by_the_letter: false }];
    }
    let of_each = checker.entries(&node, "`readings`");
    let names = |name: &&str| of_each.iter().any(|(key, _)| key == name);
    if !READINGS.iter().all(names) {
        let hint = "write `readings: { intended: { … }, literal: { … } }`, or `reading` for one of them";
        checker.problem(&node, "`readings` must name both readings", hint);
    }
    of_each.into_iter().filter_map(|(name, node)| in_reading(checker, &entries, name, &node)).collect()
}

/// The check in the reading of this name, in which these entries come in the place of its own.
fn in_reading<'v>(
    checker: &mut Checker<'_>,
    entries: &Entries<'v>,
    name: &str,
    node: &Node<'v>,
) -> Option<InReading<'v>> {
    let reading = match name {
        "intended" => Wording::Intended,
        "literal" => Wording::Literal,
        other => {
            checker.unknown_key(node, other, READINGS);
            return None;
        }
    };
    let own = if node.value.is_null() { Vec::new() } else { checker.entries(node, "a reading of the check") };
    for (key, value) in &own {
        if matches!(*key, "each" | "reading" | "readings") {
            checker.key_problem(value, format!("`{key}` is already set above the readings"), "");
        }
    }
    let is_own = |name: &str| own.iter().any(|(key, _)| *key == name);
    let by_the_letter = reading == Wording::Literal && !is_own("name");
    let shared = entries.iter().filter(|(key, _)| !is_own(key)).cloned();
    let entries = shared.chain(own.iter().cloned()).collect();
    Some(InReading { reading: Some(reading), entries, by_the_letter })
}

/// The check of one kind in one reading; its name is without both.
fn one_check(
    reader: &mut MatcherReader<'_>,
    node: &Node<'_>,
    in_reading: &InReading<'_>,
    kind: &Kind,
) -> Option<Check> {
    let mut demands = Demands::default();
    let mut check = Check {
        name: String::new(),
        each: kind.clone(),
        of: Vec::new(),
        orchestrator: None,
        reading: in_reading.reading,
        when: Vec::new(),
        unless_node: Vec::new(),
        filter: None,
        demand: Demand::Person(String::new()),
        person: None,
        instead: Vec::new(),
        unless: None,
        listed: None,
        show: Vec::new(),
        wanted: String::new(),
    };
    for (key, value) in &in_reading.entries {
        let checker = &mut reader.checker;
        match *key {
            "name" => check.name = checker.text(value, "`name`"),
            "each" => {}
            "of" => check.of = checker.texts(value, "`of`"),
            "orchestrator" => check.orchestrator = orchestrator(checker, value),
            "reading" => check.reading = wording(checker, value),
            "when" => check.when = of_the_cluster(reader, value, "`when`"),
            "unless_node" => check.unless_node = of_nodes(reader, value, "`unless_node`"),
            "where" => check.filter = Some(filter(reader, value)),
            "must" => demands.must = Some(matcher(reader, value)),
            "expr" => demands.expr = Some((checker.text(value, "`expr`"), value.clone())),
            "fields" => demands.fields = paths(checker, value, "`fields`"),
            "person" => demands.person = Some(checker.text(value, "`person`")),
            "needs_ssp" => demands.needs_ssp = Some(checker.text(value, "`needs_ssp`")),
            "unless" => check.unless = Some(one_of(checker, value, EXCEPTION_TYPES)),
            "ssp" => check.listed = listed(checker, value),
            "show" => check.show = paths(checker, value, "`show`"),
            "wanted" => check.wanted = checker.text(value, "`wanted`"),
            "instead" => check.instead = kinds_instead(checker, value),
            other => unknown(checker, value, other, CHECK_KEYS),
        }
    }
    let names_none = check.listed.as_ref().is_some_and(|listed| listed.fields.is_empty());
    if names_none && check.unless.is_none() && reader.checker.clean() {
        reader.checker.problem(node, "`ssp: exceptions` needs `unless`", "name the type of exception");
    }
    check.demand = demand(&mut reader.checker, node, demands, &mut check)?;
    if let Some(Listed { section, .. }) = check.listed.as_ref().filter(|listed| !listed.fields.is_empty()) {
        let words = format!("listed in the SSP under {section}");
        check.wanted = if check.wanted.is_empty() { words } else { format!("{}, or {words}", check.wanted) };
    }
    Some(check)
}

/// The kinds of `instead`.
fn kinds_instead(checker: &mut Checker<'_>, node: &Node<'_>) -> Vec<Kind> {
    let named = checker.elements(node, "`instead`");
    let names: Vec<(String, Node<'_>)> = named.into_iter().map(|at| (checker.text(&at, "a kind"), at)).collect();
    names.iter().filter_map(|(name, at)| kind(checker, name, at)).collect()
}

/// Which objects: a matcher that every object answers as it passes.
fn filter(reader: &mut MatcherReader<'_>, node: &Node<'_>) -> Matcher<FieldPath> {
    let filter = matcher(reader, node);
    if filter.any_condition(&mut |condition| condition.needs_variables()) {
        reader.checker.problem(node, "`where` cannot compare with a variable", "compare in `must`");
    }
    filter
}

/// The one demand that the file states; says what is wanted where the check does not.
fn demand(checker: &mut Checker<'_>, node: &Node<'_>, demands: Demands<'_>, check: &mut Check) -> Option<Demand> {
    let Demands { must, expr, fields, person, needs_ssp } = demands;
    Some(match (must, expr, person, needs_ssp) {
        // Nothing is good by itself: all of it must be listed.
        (None, None, None, None) if check.listed.is_some() => Demand::Must(Matcher::Any(Vec::new())),
        (Some(must), None, person, None) if person.is_none() || !check.asks_ssp() => {
            if check.wanted.is_empty() {
                check.wanted = must.words();
            }
            check.person = person;
            Demand::Must(must)
        }
        (None, Some((text, at)), None, None) => match Expression::compile(&text, fields) {
            Ok(expression) => {
                if check.wanted.is_empty() {
                    check.wanted.clone_from(&expression.text);
                }
                Demand::Expression(Arc::new(expression))
            }
            Err(error) => {
                checker.problem(&at, format!("the expression cannot be used: {error}"), "");
                return None;
            }
        },
        (None, None, Some(text), None) => Demand::Person(text),
        (None, None, None, Some(text)) => Demand::NeedsSsp(text),
        _ => {
            let message = "a check needs exactly one of `must`, `expr`, `person` and `needs_ssp`, or `ssp`";
            checker.problem(node, message, "");
            return None;
        }
    })
}

/// `{section: field}`, `{section: {key: field, …}}`, or `exceptions`.
fn listed(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Listed> {
    if node.value.as_str() == Some("exceptions") {
        return Some(Listed { section: "exceptions".to_owned(), fields: Vec::new() });
    }
    let entries = checker.entries(node, "`ssp`");
    let [(section, field)] = entries.as_slice() else {
        checker.problem(
            node,
            "`ssp` names one section with its field, or is `exceptions`",
            "write `ssp: { ports: NetworkSettings.Ports }`, or `{ grants: { role: roleID, … } }`",
        );
        return None;
    };
    if !SSP_LISTS.contains(section) || *section == "exceptions" {
        checker.key_problem(field, format!("the SSP has no section `{section}`"), nearest(section, SSP_LISTS));
        return None;
    }
    let named = if matches!(field.value, Value::Mapping(_)) {
        checker.entries(field, "the fields")
    } else {
        vec![("", field.clone())]
    };
    let mut fields = Vec::new();
    for (key, node) in named {
        match checker.text(&node, "a field path").parse() {
            Ok(path) => fields.push((key.to_owned(), path)),
            Err(error) => checker.problem(&node, format!("{error}"), ""),
        }
    }
    if fields.is_empty() && checker.clean() {
        checker.problem(field, "no field is named", "");
    }
    (!fields.is_empty()).then(|| Listed { section: (*section).to_owned(), fields })
}
