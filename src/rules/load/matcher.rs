//! The matcher language in YAML: reads matchers and conditions, naming every mistake.
//!
//! A matcher is a mapping of field paths to conditions, of `all`, `any` and `not` to matchers, or `$name` for one that
//! `define` has named. What is wrong is noted in the reader's checker, and reading goes on with a matcher that nobody
//! uses, so that one run reports every mistake of a file.

use crate::facts::FieldPath;
use crate::rules::language::condition::{Condition, ElementTest, Test};
use crate::rules::language::matcher::Matcher;
use crate::rules::language::variables::Others;
use crate::rules::load::definitions::{MAX_DEPTH, MatcherReader, use_of};
use crate::rules::load::operand::{absent, digests, number, regex, scalar, scalars, time, variable, version};
use crate::rules::load::values::kind;
use crate::yaml::{Node, nearest};

/// Operators of a condition, with what each says (shown by the schema).
pub(crate) const OPERATORS: &[(&str, &str)] = &[
    ("equals", "equal to this value"),
    ("not", "not equal to this value"),
    ("in", "one of these values"),
    ("not_in", "none of these values"),
    ("matches", "text in which this regular expression finds something"),
    ("not_matches", "text in which this regular expression finds nothing"),
    (
        "path_matches",
        "a path in whose plain spelling (no `//`, `.` or `..`, and `/` for `/proc/1/root`) this regular expression finds something",
    ),
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
    (
        "not_kept",
        "`other`: what the collector does not keep is something else than what is looked for, and the rest decides",
    ),
];

/// Words that combine matchers.
pub(crate) const COMBINATORS: &[&str] = &["all", "any", "not"];

/// Reads a matcher. Where something is wrong, the checker has a problem and the result is unusable.
pub(crate) fn matcher(reader: &mut MatcherReader<'_>, node: &Node<'_>) -> Matcher<FieldPath> {
    matcher_at(reader, node, 0)
}

/// Reads `define`: matchers by name, each of which may use those above it.
pub(crate) fn define(reader: &mut MatcherReader<'_>, node: &Node<'_>) {
    for (name, value) in reader.checker.entries(node, "`define`") {
        let before = reader.repeated();
        if reader.can_define(&value, name) {
            let matcher = matcher(reader, &value);
            reader.define(name, &value, matcher, before);
        }
    }
}

fn matcher_at(reader: &mut MatcherReader<'_>, node: &Node<'_>, depth: u32) -> Matcher<FieldPath> {
    if let Some(name) = use_of(node) {
        return reader.used(node, name, depth);
    }
    if depth > MAX_DEPTH {
        reader.checker.problem(node, "this is nested too deeply", format!("at most {MAX_DEPTH} levels"));
        return Matcher::All(Vec::new());
    }
    let entries = reader.checker.entries(node, "a matcher");
    if entries.is_empty() {
        reader.checker.problem(
            node,
            "a matcher must name at least one field",
            "write `path: value` or `path: { operator: value }`",
        );
    }
    let mut parts = Vec::new();
    for (key, value) in entries {
        parts.push(match key {
            "all" | "any" if value.value.is_sequence() => {
                let list = reader.checker.elements(&value, key);
                if list.is_empty() {
                    reader.checker.problem(&value, format!("`{key}` is empty"), "");
                }
                let inner = list.iter().map(|part| matcher_at(reader, part, depth + 1)).collect();
                if key == "all" { Matcher::All(inner) } else { Matcher::Any(inner) }
            }
            "not" if value.value.is_mapping() || use_of(&value).is_some() => {
                Matcher::Not(Box::new(matcher_at(reader, &value, depth + 1)))
            }
            _ => match key.parse::<FieldPath>() {
                Ok(path) => Matcher::Field(path, condition(reader, &value, depth + 1)),
                Err(error) => {
                    reader.checker.key_problem(
                        &value,
                        error.to_string(),
                        "write keys with dots or brackets as [\"key\"]",
                    );
                    Matcher::All(Vec::new())
                }
            },
        });
    }
    if parts.len() == 1 { parts.remove(0) } else { Matcher::All(parts) }
}

fn condition(reader: &mut MatcherReader<'_>, node: &Node<'_>, depth: u32) -> Condition {
    let mut condition = Condition::default();
    if !node.value.is_mapping() {
        if let Some(value) = scalar(&mut reader.checker, node) {
            condition.tests.push(Test::Equals(value));
        }
        return condition;
    }
    for (operator, value) in reader.checker.entries(node, "a condition") {
        if operator == "absent" {
            condition.absent = absent(&mut reader.checker, &value);
        } else if operator == "unset" {
            condition.unset = Some(absent(&mut reader.checker, &value));
        } else if operator == "not_kept" {
            condition.not_kept_is_other = true;
            if value.value.as_str() != Some("other") {
                reader.checker.problem(&value, "`not_kept` can only be `other`", "");
            }
        } else if let Some(test) = test(reader, operator, &value, depth) {
            condition.tests.push(test);
        }
    }
    if condition.tests.is_empty() && reader.checker.clean() {
        reader.checker.problem(node, "this condition tests nothing", "add an operator such as `equals`");
    }
    condition
}

fn test(reader: &mut MatcherReader<'_>, operator: &str, node: &Node<'_>, depth: u32) -> Option<Test> {
    Some(match operator {
        "equals" => Test::Equals(scalar(&mut reader.checker, node)?),
        "not" => Test::Not(scalar(&mut reader.checker, node)?),
        "in" => Test::In(scalars(&mut reader.checker, node)),
        "not_in" => Test::NotIn(scalars(&mut reader.checker, node)),
        "matches" => Test::Matches(regex(&mut reader.checker, node)?),
        "not_matches" => Test::NotMatches(regex(&mut reader.checker, node)?),
        "path_matches" => Test::PathMatches(regex(&mut reader.checker, node)?),
        "contains" => Test::Contains(scalar(&mut reader.checker, node)?),
        "lacks" => Test::Lacks(scalar(&mut reader.checker, node)?),
        "at_least" => Test::AtLeast(number(&mut reader.checker, node)?),
        "at_most" => Test::AtMost(number(&mut reader.checker, node)?),
        "older_than" => Test::OlderThan(version(&mut reader.checker, node)?),
        "not_older_than" => Test::NotOlderThan(version(&mut reader.checker, node)?),
        "after" => Test::After(time(&mut reader.checker, node)?),
        "before" => Test::Before(time(&mut reader.checker, node)?),
        "given" => Test::Given(variable(&mut reader.checker, node)?),
        "exists" => Test::Exists(reader.checker.boolean(node, "`exists`")),
        "empty" => Test::Empty(reader.checker.boolean(node, "`empty`")),
        "text_digest" => Test::TextDigest(digests(&mut reader.checker, node)),
        "found_in" => Test::FoundIn(Box::new(others(reader, node, depth)?)),
        "every" => Test::Every(element(reader, node, depth)),
        "some" => Test::Some(element(reader, node, depth)),
        "none" => Test::None(element(reader, node, depth)),
        other => {
            let known: Vec<&str> = OPERATORS.iter().map(|(name, _)| *name).collect();
            reader.checker.key_problem(node, format!("unknown operator `{other}`"), nearest(other, &known));
            return None;
        }
    })
}

/// Only operator names: a condition on plain elements; otherwise a matcher on objects.
fn element(reader: &mut MatcherReader<'_>, node: &Node<'_>, depth: u32) -> ElementTest {
    if depth > MAX_DEPTH {
        reader.checker.problem(node, "this is nested too deeply", format!("at most {MAX_DEPTH} levels"));
        return ElementTest::Matcher(Box::new(Matcher::All(Vec::new())));
    }
    let operators_only = use_of(node).is_none()
        && node.value.as_mapping().is_none_or(|mapping| {
            mapping.keys().all(|key| key.as_str().is_some_and(|key| OPERATORS.iter().any(|(name, _)| *name == key)))
                && !mapping.iter().any(|(key, value)| key.as_str() == Some("not") && value.is_mapping())
        });
    if operators_only {
        ElementTest::Condition(Box::new(condition(reader, node, depth + 1)))
    } else {
        ElementTest::Matcher(Box::new(matcher_at(reader, node, depth + 1)))
    }
}

fn others(reader: &mut MatcherReader<'_>, node: &Node<'_>, depth: u32) -> Option<Others> {
    let (mut of, mut field, mut filter) = (None, None, None);
    let (mut folder, mut agreed, mut each, mut behind) = (false, false, None, String::new());
    for (key, value) in reader.checker.entries(node, "`found_in`") {
        match key {
            "kind" => {
                let name = reader.checker.text(&value, "`kind`");
                of = kind(&mut reader.checker, &name, &value);
            }
            "field" => field = reader.checker.text(&value, "`field`").parse::<FieldPath>().ok(),
            "each" => each = reader.checker.text(&value, "`each`").parse::<FieldPath>().ok(),
            "behind" => behind = reader.checker.text(&value, "`behind`"),
            "where" => filter = Some(matcher_at(reader, &value, depth + 1)),
            "folder" => folder = reader.checker.boolean(&value, "`folder`"),
            "agreed" => agreed = reader.checker.boolean(&value, "`agreed`"),
            other => {
                let known = ["kind", "field", "each", "behind", "where", "folder", "agreed"];
                reader.checker.unknown_key(&value, other, &known);
            }
        }
    }
    if of.is_none() || field.is_none() {
        reader.checker.problem(node, "`found_in` needs `kind` and `field`", "");
    }
    Some(Others { each, behind, filter, folder, agreed, ..Others::new(of?, field?) })
}
