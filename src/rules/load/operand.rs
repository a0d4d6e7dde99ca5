//! Reads what stands behind an operator: a value, a number, an expression, a time, a version.
//!
//! Each of these is complete in itself, whereas a matcher contains matchers (`matcher.rs`). Whatever could not be meant
//! is refused here: a time that is no time, a version that is no version, the name of a matcher where a value is
//! compared.

use regex::RegexBuilder;
use serde_json::Value;

use crate::model::date::Timestamp;
use crate::model::digest::Digest;
use crate::rules::language::condition::Absent;
use crate::rules::language::reference::Reference;
use crate::rules::language::variables::COLLECTED;
use crate::rules::language::version::Version;
use crate::yaml::{Checker, Node, nearest, to_json};

/// Variables that conditions may name.
pub(crate) const VARIABLES: &[&str] =
    &["mke.version", "msr.version", COLLECTED, "ssp.mke_version", "ssp.msr_version", "ssp.banner", "ssp.trusted_ca"];

/// Bytes that a compiled regular expression may take, far above what people write.
const REGEX_LIMIT: usize = 1 << 20;

/// What the absence of a field can make of a condition.
pub(crate) const ABSENT_WORDS: &[&str] = &["holds", "fails", "unknown"];

/// What absence, or a field without a value, makes of a condition.
pub(crate) fn absent(checker: &mut Checker<'_>, node: &Node<'_>) -> Absent {
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

/// A single value. A text that looks like the name of a variable or of a matcher would be compared as it stands, and
/// `not: $name` would hold of everything.
pub(crate) fn scalar(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Value> {
    let value = to_json(node.value).filter(|value| !value.is_null() && !value.is_object() && !value.is_array());
    match &value {
        None => {
            let hint = "for lists use in, every, some or none";
            checker.problem(node, "expected text, a number, true or false", hint);
        }
        Some(Value::String(text)) if text.starts_with('$') => {
            let hint = "named matchers stand in the place of a matcher; for a text that begins so use `matches`";
            checker.problem(node, format!("`{text}` cannot stand for a value here"), hint);
            return None;
        }
        Some(_) => {}
    }
    value
}

/// A list of single values.
pub(crate) fn scalars(checker: &mut Checker<'_>, node: &Node<'_>) -> Vec<Value> {
    let elements = checker.elements(node, "this operator's value");
    elements.iter().filter_map(|element| scalar(checker, element)).collect()
}

/// A number.
pub(crate) fn number(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<f64> {
    let number = node.value.as_f64();
    if number.is_none() {
        checker.problem(node, "expected a number", "");
    }
    number
}

/// A regular expression of bounded size.
pub(crate) fn regex(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<regex::Regex> {
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

/// A time, or a variable that holds one.
pub(crate) fn time(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Reference> {
    let text = checker.text(node, "a time");
    if text.starts_with('$') {
        return variable(checker, node).map(Reference::Variable);
    }
    if Timestamp::parse(&text).is_none() {
        checker.problem(node, format!("`{text}` is not a time"), "write it as 2027-01-01T00:00:00Z");
        return None;
    }
    Some(Reference::Fixed(text))
}

/// The name of a variable, without its `$`.
pub(crate) fn variable(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<String> {
    let text = checker.text(node, "a variable");
    let name = text.trim_start_matches('$');
    if !text.starts_with('$') || !VARIABLES.contains(&name) {
        checker.problem(node, format!("unknown variable `{text}`"), nearest(name, VARIABLES));
        return None;
    }
    Some(name.to_owned())
}

/// Digests in hex, or variables with a digest.
pub(crate) fn digests(checker: &mut Checker<'_>, node: &Node<'_>) -> Vec<Reference> {
    let mut digests = Vec::new();
    for text in checker.texts(node, "a digest") {
        match text.strip_prefix('$') {
            Some("ssp.banner") => digests.push(Reference::Variable("ssp.banner".to_owned())),
            None if text.parse::<Digest>().is_ok() => {
                digests.push(Reference::Fixed(text.to_ascii_lowercase()));
            }
            _ => checker.problem(node, format!("`{text}` is not a SHA-256"), "64 hexadecimal digits, or $ssp.banner"),
        }
    }
    digests
}

/// A version, or a variable that holds one.
pub(crate) fn version(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Reference> {
    let text = checker.text(node, "a version");
    match text.strip_prefix('$') {
        Some(name) if VARIABLES.contains(&name) => Some(Reference::Variable(name.to_owned())),
        Some(name) => {
            checker.problem(node, format!("unknown variable `${name}`"), nearest(name, VARIABLES));
            None
        }
        None if Version::parse(&text).is_some() => Some(Reference::Fixed(text)),
        None => {
            checker.problem(node, format!("`{text}` is not a version"), "write it as \"3.7.7\", in quotes");
            None
        }
    }
}
