//! Reads a rule's YAML file.

use std::sync::Arc;

use crate::facts::FieldPath;
use crate::layout::Kind;
use crate::model::severity::Severity;
use crate::rules::language::expression::Expression;
use crate::rules::language::matcher::Matcher;
use crate::rules::load::cases::{Case, case, kind, one_of, wording};
use crate::rules::load::syntax::matcher;
use crate::rules::rule::{
    Applies, Check, Class, Classes, Decision, Demand, Listed, Look, MAX_CLASSES, Orchestrator, Rule, SSP_LISTS, Texts,
};
use crate::yaml::Problem;
use crate::yaml::{Checker, Node, parse};

/// Keys of a rule, with what each says (shown by the schema).
pub(crate) const RULE_KEYS: &[(&str, &str)] = &[
    ("id", "the vulnerability id (`V-…`), or an id of your own"),
    ("stig_id", "the STIG id (`CNTR-MK-…`)"),
    ("rule_id", "the rule id of the newest issue (`SV-…_rule`)"),
    ("other_rule_ids", "rule ids that other issues of the same release gave it"),
    ("srg", "the SRG id"),
    ("severity", "high, medium or low"),
    ("ccis", "the CCIs"),
    ("controls", "NIST SP 800-53 Rev. 5 controls"),
    ("title", "what holds on a good system"),
    ("why", "why it matters"),
    ("how", "how it is decided"),
    ("fix", "how to fix a finding"),
    ("reading", "where the STIG's text is ambiguous: what it says, what is meant, which decides"),
    ("undecided", "instead of checks: what a person must look at"),
    ("applies", "when the rule applies"),
    ("checks", "what every selected object must be"),
    ("person", "what a person must look at besides the checks: a text, or a list of texts and of {orchestrator, look}"),
    ("cases", "test cases of the rule"),
];

/// Keys of `applies`.
pub(crate) const APPLIES_KEYS: &[(&str, &str)] = &[
    ("orchestrator", "only where this orchestrator is in use"),
    ("msr", "`in_use`: only where MSR is in use"),
    ("os", "only nodes with one of these operating systems (`ID` of os-release)"),
    ("node", "only nodes whose fact of this kind matches"),
    ("except", "not where a fact of this kind, of the cluster as a whole, matches"),
];

/// Keys of a check.
pub(crate) const CHECK_KEYS: &[(&str, &str)] = &[
    ("name", "a short name, where the rule has several checks"),
    ("each", "the kind of the objects"),
    ("of", "their class or classes; without it, every object"),
    ("orchestrator", "only where this orchestrator is in use"),
    ("reading", "only in this reading, intended or literal; in the other one it is only noted"),
    ("when", "only where a fact of this kind, of the cluster as a whole, matches"),
    ("where", "which objects"),
    ("must", "what they must be"),
    ("expr", "what they must be, as a CEL expression on `self`"),
    ("fields", "the fields that `expr` reads"),
    ("person", "instead of `must`: selected objects cannot be told and a person must look"),
    ("needs_ssp", "instead of `must`: selected objects must be compared with the SSP; this is what to compare"),
    ("unless", "the SSP's type of exception that excuses an object"),
    (
        "ssp",
        "what breaks the check is good if the SSP lists it, and unknown without the SSP: {section: field}, {section: {key: field}} or `exceptions`",
    ),
    ("show", "fields shown with the evidence"),
    ("wanted", "what is wanted, in words"),
];

const ORCHESTRATORS: &[&str] = &["swarm", "kubernetes"];

/// Reads a rule.
///
/// # Errors
/// Every problem of the file.
pub fn rule(file: &str, text: &str) -> Result<Rule, Vec<Problem>> {
    let value = parse(file, text).map_err(|problem| vec![problem])?;
    let mut checker = Checker::new(file, text);
    let root = Node::root(&value);
    let mut rule = Rule {
        id: String::new(),
        severity: Severity::Medium,
        texts: Texts::default(),
        applies: Applies::default(),
        decision: Decision::Checks(Vec::new()),
        person: Vec::new(),
        cases: Vec::new(),
    };
    let (mut checks, mut undecided, mut severity) = (None, None, false);
    for (key, node) in checker.entries(&root, "a rule") {
        let texts = &mut rule.texts;
        match key {
            "id" => rule.id = identifier(&mut checker, &node),
            "stig_id" => texts.stig_id = checker.text(&node, "`stig_id`"),
            "rule_id" => texts.rule_id = checker.text(&node, "`rule_id`"),
            "other_rule_ids" => texts.other_rule_ids = checker.texts(&node, "`other_rule_ids`"),
            "srg" => texts.srg = checker.text(&node, "`srg`"),
            "severity" => {
                severity = true;
                let word = one_of(&mut checker, &node, &Severity::NAMES);
                rule.severity = Severity::parse(&word).unwrap_or(rule.severity);
            }
            "ccis" => texts.ccis = checker.texts(&node, "`ccis`"),
            "controls" => texts.controls = checker.texts(&node, "`controls`"),
            "title" => texts.title = checker.text(&node, "`title`"),
            "why" => texts.why = checker.text(&node, "`why`"),
            "how" => texts.how = checker.text(&node, "`how`"),
            "fix" => texts.fix = checker.text(&node, "`fix`"),
            "reading" => texts.reading = checker.text(&node, "`reading`"),
            "undecided" => undecided = Some(checker.text(&node, "`undecided`")),
            "person" => rule.person = looks(&mut checker, &node),
            "applies" => rule.applies = applies(&mut checker, &node),
            "checks" => {
                let elements = checker.elements(&node, "`checks`");
                if elements.is_empty() {
                    checker.problem(&node, "`checks` is empty", "a rule without a check would always pass");
                }
                checks = Some(elements.iter().filter_map(|node| check(&mut checker, node)).collect::<Vec<_>>());
            }
            "cases" => {
                let elements = checker.elements(&node, "`cases`");
                rule.cases = elements.iter().map(|node| case(&mut checker, node)).collect::<Vec<Case>>();
            }
            other => unknown(&mut checker, &node, other, RULE_KEYS),
        }
    }
    for (missing, key) in [(rule.id.is_empty(), "id"), (rule.texts.title.is_empty(), "title"), (!severity, "severity")]
    {
        if missing && checker.clean() {
            checker.problem(&root, format!("`{key}` is missing"), "");
        }
    }
    rule.decision = match (checks, undecided) {
        (Some(checks), None) => Decision::Checks(checks),
        (None, Some(text)) => Decision::Undecided(text),
        _ => {
            checker.problem(&root, "a rule has either `checks` or `undecided`", "");
            Decision::Undecided(String::new())
        }
    };
    if checker.clean() { Ok(rule) } else { Err(checker.finish()) }
}

fn unknown(checker: &mut Checker<'_>, node: &Node<'_>, key: &str, known: &[(&str, &str)]) {
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    checker.unknown_key(node, key, &names);
}

/// Ids become file names and anchors.
fn identifier(checker: &mut Checker<'_>, node: &Node<'_>) -> String {
    let id = checker.text(node, "`id`");
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !id.is_empty() && (!id.chars().all(good) || id.starts_with(['.', '-']) || id.len() > 64) {
        checker.problem(node, format!("`{id}` cannot be an id"), "use letters, digits, `-`, `_` and `.`, at most 64");
    }
    id
}

fn orchestrator(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Orchestrator> {
    match one_of(checker, node, ORCHESTRATORS).as_str() {
        "swarm" => Some(Orchestrator::Swarm),
        "kubernetes" => Some(Orchestrator::Kubernetes),
        _ => None,
    }
}

fn applies(checker: &mut Checker<'_>, node: &Node<'_>) -> Applies {
    let mut applies = Applies::default();
    for (key, value) in checker.entries(node, "`applies`") {
        match key {
            "orchestrator" => applies.orchestrator = orchestrator(checker, &value),
            "msr" => applies.msr = !one_of(checker, &value, &["in_use"]).is_empty(),
            "os" => applies.os = checker.texts(&value, "`os`"),
            "node" => {
                for (name, condition) in checker.entries(&value, "`node`") {
                    let matcher = matcher(checker, &condition);
                    match kind(checker, name, &condition) {
                        Some(kind) if !kind.per_node() => {
                            checker.key_problem(
                                &condition,
                                format!("`{name}` is not a kind that every node delivers"),
                                "",
                            );
                        }
                        Some(kind) => applies.node.push((kind, matcher)),
                        None => {}
                    }
                }
            }
            "except" => applies.except = cluster_conditions(checker, &value, "`except`"),
            other => unknown(checker, &value, other, APPLIES_KEYS),
        }
    }
    applies
}

/// Conditions on facts of the cluster as a whole, by kind.
fn cluster_conditions(checker: &mut Checker<'_>, node: &Node<'_>, what: &str) -> Vec<(Kind, Matcher<FieldPath>)> {
    let mut conditions = Vec::new();
    for (name, condition) in checker.entries(node, what) {
        let matcher = matcher(checker, &condition);
        if matcher.any_condition(&mut |condition| condition.needs_variables()) {
            checker.problem(&condition, format!("{what} cannot compare with a variable"), "compare in `must`");
        }
        match kind(checker, name, &condition) {
            Some(kind) if kind.per_node() => {
                checker.key_problem(
                    &condition,
                    format!("`{name}` is a kind that every node delivers"),
                    "name one of the cluster as a whole",
                );
            }
            Some(kind) => conditions.push((kind, matcher)),
            None => {}
        }
    }
    conditions
}

fn looks(checker: &mut Checker<'_>, node: &Node<'_>) -> Vec<Look> {
    let list = if node.value.is_sequence() { checker.elements(node, "`person`") } else { vec![node.clone()] };
    let mut looks = Vec::new();
    for node in &list {
        let mut look = Look { orchestrator: None, text: String::new() };
        if node.value.is_mapping() {
            for (key, value) in checker.entries(node, "`person`") {
                match key {
                    "orchestrator" => look.orchestrator = orchestrator(checker, &value),
                    "look" => look.text = checker.text(&value, "`look`"),
                    other => checker.unknown_key(&value, other, &["orchestrator", "look"]),
                }
            }
        } else {
            look.text = checker.text(node, "`person`");
        }
        if look.text.is_empty() && checker.clean() {
            checker.problem(node, "`look` is missing", "");
        }
        looks.push(look);
    }
    looks
}

/// `{section: field}`, or `exceptions`.
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
        checker.key_problem(
            field,
            format!("the SSP has no list `{section}`"),
            crate::yaml::nearest(section, SSP_LISTS),
        );
        return None;
    }
    let named = if field.value.is_mapping() { checker.entries(field, "the fields") } else { vec![("", field.clone())] };
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

fn paths(checker: &mut Checker<'_>, node: &Node<'_>, what: &str) -> Vec<FieldPath> {
    let mut paths = Vec::new();
    for element in checker.elements(node, what) {
        match checker.text(&element, "a field path").parse() {
            Ok(path) => paths.push(path),
            Err(error) => checker.problem(&element, format!("{error}"), ""),
        }
    }
    paths
}

fn check(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Check> {
    let (mut each, mut must, mut expr, mut person, mut needs_ssp) = (None, None, None, None, None);
    let mut fields = Vec::new();
    let mut check = Check {
        name: String::new(),
        each: Kind::named("docker.info")?,
        of: Vec::new(),
        orchestrator: None,
        reading: None,
        when: Vec::new(),
        filter: None,
        demand: Demand::Person(String::new()),
        unless: None,
        listed: None,
        show: Vec::new(),
        wanted: String::new(),
    };
    for (key, value) in checker.entries(node, "a check") {
        match key {
            "name" => check.name = checker.text(&value, "`name`"),
            "each" => {
                let name = checker.text(&value, "`each`");
                each = kind(checker, &name, &value);
            }
            "of" => check.of = checker.texts(&value, "`of`"),
            "orchestrator" => check.orchestrator = orchestrator(checker, &value),
            "reading" => check.reading = wording(checker, &value),
            "when" => check.when = cluster_conditions(checker, &value, "`when`"),
            "where" => {
                let filter = matcher(checker, &value);
                if filter.any_condition(&mut |condition| condition.needs_variables()) {
                    checker.problem(&value, "`where` cannot compare with a variable", "compare in `must`");
                }
                check.filter = Some(filter);
            }
            "must" => must = Some(matcher(checker, &value)),
            "expr" => expr = Some((checker.text(&value, "`expr`"), value)),
            "fields" => fields = paths(checker, &value, "`fields`"),
            "person" => person = Some(checker.text(&value, "`person`")),
            "needs_ssp" => needs_ssp = Some(checker.text(&value, "`needs_ssp`")),
            "unless" => check.unless = Some(one_of(checker, &value, crate::rules::rule::EXCEPTION_TYPES)),
            "ssp" => check.listed = listed(checker, &value),
            "show" => check.show = paths(checker, &value, "`show`"),
            "wanted" => check.wanted = checker.text(&value, "`wanted`"),
            other => unknown(checker, &value, other, CHECK_KEYS),
        }
    }
    let Some(each) = each else {
        if checker.clean() {
            checker.problem(node, "a check needs `each`", "name the kind of the objects");
        }
        return None;
    };
    check.each = each;
    if check.listed.as_ref().is_some_and(|listed| listed.fields.is_empty()) && check.unless.is_none() && checker.clean()
    {
        checker.problem(node, "`ssp: exceptions` needs `unless`", "name the type of exception");
    }
    check.demand = match (must, expr, person, needs_ssp) {
        // Nothing is good by itself: all of it must be listed.
        (None, None, None, None) if check.listed.is_some() => Demand::Must(Matcher::Any(Vec::new())),
        (Some(must), None, None, None) => {
            if check.wanted.is_empty() {
                check.wanted = must.words();
            }
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
            checker.problem(
                node,
                "a check needs exactly one of `must`, `expr`, `person` and `needs_ssp`, or `ssp`",
                "",
            );
            return None;
        }
    };
    if let Some(Listed { section, .. }) = check.listed.as_ref().filter(|listed| !listed.fields.is_empty()) {
        let words = format!("listed in the SSP under {section}");
        check.wanted = if check.wanted.is_empty() { words } else { format!("{}, or {words}", check.wanted) };
    }
    Some(check)
}

/// What `pack.yaml` says of a pack.
#[derive(Debug, Clone, Default)]
pub struct PackHead {
    /// Pack id.
    pub id: String,
    /// Pack version.
    pub version: String,
    /// Title of the benchmark, or of the user's own pack.
    pub title: String,
    /// The benchmark that the pack restates.
    pub benchmark: BenchmarkId,
    /// How classes of objects are told.
    pub classes: Classes,
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
pub(crate) const PACK_KEYS: &[&str] = &["id", "version", "title", "benchmark", "classes"];

/// Reads a `pack.yaml`.
///
/// # Errors
/// Every problem of the file.
pub(crate) fn pack_head(file: &str, text: &str) -> Result<PackHead, Vec<Problem>> {
    let value = parse(file, text).map_err(|problem| vec![problem])?;
    let mut checker = Checker::new(file, text);
    let mut head = PackHead::default();
    for (key, node) in checker.entries(&Node::root(&value), "pack.yaml") {
        match key {
            "id" => head.id = identifier(&mut checker, &node),
            "version" => head.version = checker.text(&node, "`version`"),
            "title" => head.title = checker.text(&node, "`title`"),
            "benchmark" => {
                for (key, node) in checker.entries(&node, "`benchmark`") {
                    let field = match key {
                        "id" => &mut head.benchmark.id,
                        "title" => &mut head.benchmark.title,
                        "version" => &mut head.benchmark.version,
                        "release" => &mut head.benchmark.release,
                        "date" => &mut head.benchmark.date,
                        other => {
                            checker.unknown_key(&node, other, &["id", "title", "version", "release", "date"]);
                            continue;
                        }
                    };
                    *field = checker.text(&node, "a benchmark's value");
                }
            }
            "classes" => {
                for (name, list) in checker.entries(&node, "`classes`") {
                    let Some(kind) = kind(&mut checker, name, &list) else { continue };
                    let classes = checker.elements(&list, "the classes of a kind");
                    if classes.len() >= MAX_CLASSES {
                        let message = format!("a kind has at most {} classes besides `user`", MAX_CLASSES - 1);
                        checker.problem(&list, message, "");
                    }
                    let classes = classes.iter().filter_map(|node| class(&mut checker, node)).collect();
                    head.classes.insert(kind, classes);
                }
            }
            other => checker.unknown_key(&node, other, PACK_KEYS),
        }
    }
    if head.id.is_empty() && checker.clean() {
        checker.problem(&Node::root(&value), "`id` is missing", "");
    }
    if checker.clean() { Ok(head) } else { Err(checker.finish()) }
}

fn class(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Class> {
    let (mut name, mut members): (Option<String>, Option<Matcher<FieldPath>>) = (None, None);
    for (key, value) in checker.entries(node, "a class") {
        match key {
            "class" => name = Some(checker.text(&value, "`class`")),
            "where" => members = Some(matcher(checker, &value)),
            other => checker.unknown_key(&value, other, &["class", "where"]),
        }
    }
    if name.is_none() || members.is_none() {
        checker.problem(node, "a class needs `class` and `where`", "");
    }
    Some(Class { name: name?, members: members? })
}
