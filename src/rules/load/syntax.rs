//! The matcher language in YAML: reads matchers and conditions, naming every mistake.

use regex::RegexBuilder;
use serde_json::Value;

use crate::facts::FieldPath;
use crate::model::date::Timestamp;
use crate::model::digest::Digest;
use crate::rules::language::condition::{Absent, Condition, ElementTest, Test, VersionRef};
use crate::rules::language::matcher::Matcher;
use crate::rules::language::time_ref::TimeRef;
use crate::rules::language::variables::{COLLECTED, Others};
use crate::rules::load::cases::kind;
use crate::yaml::{Checker, Node, nearest, to_json};

/// Operators of a condition, with what each says (shown by the schema).
pub(crate) const OPERATORS: &[(&str, &str)] = &[
    ("equals", "equal to this value"),
    ("not", "not equal to this value"),
    ("in", "one of these values"),
    ("not_in", "none of these values"),
    ("matches", "text in which this regular expression finds something"),
    ("not_matches", "text in which this regular expression finds nothing"),
    ("contains", "a list with this element, or text with this part"),
    ("lacks", "a list without this element, or text without this part"),
    ("at_least", "a number not smaller than this"),
    ("at_most", "a number not larger than this"),
    ("older_than", "an older version than this (or `$mke.version`, `$msr.version`)"),
    ("not_older_than", "no older version than this (or `$mke.version`, `$msr.version`)"),
    ("after", "a time (RFC 3339) after this one (or `$collected`)"),
    ("before", "a time (RFC 3339) before this one (or `$collected`)"),
    ("given", "decided only where this variable is known (`$ssp.trusted_ca`)"),
    ("exists", "whether the field is there"),
    ("empty", "whether the list, object or text is empty"),
    ("text_digest", "text whose SHA-256, white space left out, is one of these (or `$ssp.banner`)"),
    ("found_in", "text that stands in the `field` of a fact of this `kind` (`where`: of which)"),
    ("every", "every element of the list, or value of the object, meets this"),
    ("some", "at least one element of the list, or value of the object, meets this"),
    ("none", "no element of the list, or value of the object, meets this"),
    (
        "absent",
        "what an absent field makes of this condition: holds, fails, unknown (as without it: Not Reviewed) or {default: value}",
    ),
    (
        "unset",
        "what a field that is null makes of this condition, where that is something else than absence: as absent",
    ),
];

/// What the absence of a field can make of a condition.
pub(crate) const ABSENT_WORDS: &[&str] = &["holds", "fails", "unknown"];

/// Words that combine matchers.
pub(crate) const COMBINATORS: &[&str] = &["all", "any", "not"];

/// Variables that conditions may name.
pub(crate) const VARIABLES: &[&str] =
    &["mke.version", "msr.version", COLLECTED, "ssp.mke_version", "ssp.msr_version", "ssp.banner", "ssp.trusted_ca"];

/// Size and depth bounds of one matcher, far above what people write.
const MAX_DEPTH: u32 = 16;
const REGEX_LIMIT: usize = 1 << 20;

/// Reads a matcher. Where something is wrong, the checker has a problem and the result is unusable.
pub(crate) fn matcher(checker: &mut Checker<'_>, node: &Node<'_>) -> Matcher<FieldPath> {
    matcher_at(checker, node, 0)
}

fn matcher_at(checker: &mut Checker<'_>, node: &Node<'_>, depth: u32) -> Matcher<FieldPath> {
    if depth > MAX_DEPTH {
        checker.problem(node, "this is nested too deeply", format!("at most {MAX_DEPTH} levels"));
        return Matcher::All(Vec::new());
    }
    let entries = checker.entries(node, "a matcher");
    if entries.is_empty() {
        checker.problem(
            node,
            "a matcher must name at least one field",
            "write `path: value` or `path: { operator: value }`",
        );
    }
    let mut parts = Vec::new();
    for (key, value) in entries {
        parts.push(match key {
            "all" | "any" if value.value.is_sequence() => {
                let list = checker.elements(&value, key);
                if list.is_empty() {
                    checker.problem(&value, format!("`{key}` is empty"), "");
                }
                let inner = list.iter().map(|part| matcher_at(checker, part, depth + 1)).collect();
                if key == "all" { Matcher::All(inner) } else { Matcher::Any(inner) }
            }
            "not" if value.value.is_mapping() => Matcher::Not(Box::new(matcher_at(checker, &value, depth + 1))),
            _ => match key.parse::<FieldPath>() {
                Ok(path) => Matcher::Field(path, condition(checker, &value, depth + 1)),
                Err(error) => {
                    checker.key_problem(&value, error.to_string(), "write keys with dots or brackets as [\"key\"]");
                    Matcher::All(Vec::new())
                }
            },
        });
    }
    if parts.len() == 1 { parts.remove(0) } else { Matcher::All(parts) }
}

fn condition(checker: &mut Checker<'_>, node: &Node<'_>, depth: u32) -> Condition {
    let mut condition = Condition { tests: Vec::new(), absent: Absent::Unknown, unset: None };
    if !node.value.is_mapping() {
        if let Some(value) = scalar(checker, node) {
            condition.tests.push(Test::Equals(value));
        }
        return condition;
    }
    for (operator, value) in checker.entries(node, "a condition") {
        if operator == "absent" {
            condition.absent = absent(checker, &value);
        } else if operator == "unset" {
            condition.unset = Some(absent(checker, &value));
        } else if let Some(test) = test(checker, node, operator, &value, depth) {
            condition.tests.push(test);
        }
    }
    if condition.tests.is_empty() && checker.clean() {
        checker.problem(node, "this condition tests nothing", "add an operator such as `equals`");
    }
    condition
}

fn test(checker: &mut Checker<'_>, _parent: &Node<'_>, operator: &str, node: &Node<'_>, depth: u32) -> Option<Test> {
    Some(match operator {
        "equals" => Test::Equals(scalar(checker, node)?),
        "not" => Test::Not(scalar(checker, node)?),
        "in" => Test::In(scalars(checker, node)),
        "not_in" => Test::NotIn(scalars(checker, node)),
        "matches" => Test::Matches(regex(checker, node)?),
        "not_matches" => Test::NotMatches(regex(checker, node)?),
        "contains" => Test::Contains(scalar(checker, node)?),
        "lacks" => Test::Lacks(scalar(checker, node)?),
        "at_least" => Test::AtLeast(number(checker, node)?),
        "at_most" => Test::AtMost(number(checker, node)?),
        "older_than" => Test::OlderThan(version(checker, node)?),
        "not_older_than" => Test::NotOlderThan(version(checker, node)?),
        "after" => Test::After(time(checker, node)?),
        "before" => Test::Before(time(checker, node)?),
        "given" => Test::Given(variable(checker, node)?),
        "exists" => Test::Exists(checker.boolean(node, "`exists`")),
        "empty" => Test::Empty(checker.boolean(node, "`empty`")),
        "text_digest" => Test::TextDigest(digests(checker, node)),
        "found_in" => Test::FoundIn(Box::new(others(checker, node, depth)?)),
        "every" => Test::Every(element(checker, node, depth)),
        "some" => Test::Some(element(checker, node, depth)),
        "none" => Test::None(element(checker, node, depth)),
        other => {
            let known: Vec<&str> = OPERATORS.iter().map(|(name, _)| *name).collect();
            checker.key_problem(node, format!("unknown operator `{other}`"), nearest(other, &known));
            return None;
        }
    })
}

/// Only operator names: a condition on plain elements; otherwise a matcher on objects.
fn element(checker: &mut Checker<'_>, node: &Node<'_>, depth: u32) -> ElementTest {
    if depth > MAX_DEPTH {
        checker.problem(node, "this is nested too deeply", format!("at most {MAX_DEPTH} levels"));
        return ElementTest::Matcher(Box::new(Matcher::All(Vec::new())));
    }
    let operators_only = node.value.as_mapping().is_none_or(|mapping| {
        mapping.keys().all(|key| key.as_str().is_some_and(|key| OPERATORS.iter().any(|(name, _)| *name == key)))
            && !mapping.iter().any(|(key, value)| key.as_str() == Some("not") && value.is_mapping())
    });
    if operators_only {
        ElementTest::Condition(Box::new(condition(checker, node, depth + 1)))
    } else {
        ElementTest::Matcher(Box::new(matcher_at(checker, node, depth + 1)))
    }
}

fn absent(checker: &mut Checker<'_>, node: &Node<'_>) -> Absent {
    if let Some(word) = node.value.as_str() {
        return absent_word(checker, node, word);
    }
    let default =
        node.value.as_mapping().filter(|mapping| mapping.len() == 1).and_then(|mapping| mapping.get("default"));
    match default.and_then(to_json) {
        Some(value) if !value.is_null() => Absent::Default(value),
        _ => {
            checker.problem(node, "this must be holds, fails, unknown or { default: value }", "");
            Absent::Unknown
        }
    }
}

/// The words say what becomes of the condition in which they stand, also where that condition is
/// negated around it. Earlier words said what becomes of the rule, and read as their opposite there.
fn absent_word(checker: &mut Checker<'_>, node: &Node<'_>, word: &str) -> Absent {
    let hint = match word {
        "holds" => return Absent::Holds,
        "fails" => return Absent::Fails,
        "unknown" => return Absent::Unknown,
        "ok" => "write `holds`: the condition in which it stands is true then".to_owned(),
        "finding" => "write `fails`: the condition in which it stands is false then".to_owned(),
        other => nearest(other, ABSENT_WORDS),
    };
    checker.problem(node, format!("`{word}` does not say what absence means"), hint);
    Absent::Unknown
}

fn scalar(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Value> {
    let value = to_json(node.value).filter(|value| !value.is_null() && !value.is_object() && !value.is_array());
    if value.is_none() {
        checker.problem(node, "a text, number, true or false must stand here", "for lists use in, every, some or none");
    }
    value
}

fn scalars(checker: &mut Checker<'_>, node: &Node<'_>) -> Vec<Value> {
    let elements = checker.elements(node, "this operator's value");
    elements.iter().filter_map(|element| scalar(checker, element)).collect()
}

fn number(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<f64> {
    let number = node.value.as_f64();
    if number.is_none() {
        checker.problem(node, "a number must stand here", "");
    }
    number
}

fn regex(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<regex::Regex> {
    let text = checker.text(node, "a regular expression");
    if text.is_empty() {
        return None;
    }
    match RegexBuilder::new(&text).size_limit(REGEX_LIMIT).build() {
        Ok(regex) => Some(regex),
        Err(error) => {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            checker.problem(node, format!("this is not a regular expression: {reason}"), "");
            None
        }
    }
}

fn time(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<TimeRef> {
    let text = checker.text(node, "a time");
    if text.starts_with('$') {
        return variable(checker, node).map(TimeRef::Variable);
    }
    if Timestamp::parse(&text).is_none() {
        checker.problem(node, format!("`{text}` is not a time"), "write it as 2027-01-01T00:00:00Z");
        return None;
    }
    Some(TimeRef::Fixed(text))
}

fn variable(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<String> {
    let text = checker.text(node, "a variable");
    let name = text.trim_start_matches('$');
    if !text.starts_with('$') || !VARIABLES.contains(&name) {
        checker.problem(node, format!("unknown variable `{text}`"), nearest(name, VARIABLES));
        return None;
    }
    Some(name.to_owned())
}

/// Digests in hex, or variables with a digest.
fn digests(checker: &mut Checker<'_>, node: &Node<'_>) -> Vec<VersionRef> {
    let mut digests = Vec::new();
    for text in checker.texts(node, "a digest") {
        match text.strip_prefix('$') {
            Some("ssp.banner") => digests.push(VersionRef::Variable("ssp.banner".to_owned())),
            None if text.parse::<Digest>().is_ok() => {
                digests.push(VersionRef::Fixed(text.to_ascii_lowercase()));
            }
            _ => checker.problem(node, format!("`{text}` is not a SHA-256"), "64 hexadecimal digits, or $ssp.banner"),
        }
    }
    digests
}

fn others(checker: &mut Checker<'_>, node: &Node<'_>, depth: u32) -> Option<Others> {
    let (mut of, mut field, mut filter) = (None, None, None);
    for (key, value) in checker.entries(node, "`found_in`") {
        match key {
            "kind" => {
                let name = checker.text(&value, "`kind`");
                of = kind(checker, &name, &value);
                if of.as_ref().is_some_and(crate::layout::Kind::per_node) {
                    checker.problem(&value, "`found_in` looks at kinds of the cluster, not of its nodes", "");
                }
            }
            "field" => field = checker.text(&value, "`field`").parse::<FieldPath>().ok(),
            "where" => filter = Some(matcher_at(checker, &value, depth + 1)),
            other => checker.unknown_key(&value, other, &["kind", "field", "where"]),
        }
    }
    if of.is_none() || field.is_none() {
        checker.problem(node, "`found_in` needs `kind` and `field`", "");
    }
    Some(Others { kind: of?, field: field?, filter })
}

fn version(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<VersionRef> {
    let text = checker.text(node, "a version");
    match text.strip_prefix('$') {
        Some(name) if VARIABLES.contains(&name) => Some(VersionRef::Variable(name.to_owned())),
        Some(name) => {
            checker.problem(node, format!("unknown variable `${name}`"), nearest(name, VARIABLES));
            None
        }
        None if crate::rules::language::version::Version::parse(&text).is_some() => Some(VersionRef::Fixed(text)),
        None => {
            checker.problem(node, format!("`{text}` is not a version"), "write it as \"3.7.7\", in quotes");
            None
        }
    }
}
