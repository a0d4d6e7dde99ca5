//! Compares single values, and shows them.
//!
//! Every comparison has three outcomes. A value that is redacted, or of another type than the rule expects, is neither
//! equal nor unequal, neither older nor newer: the outcome is unknown, so that no negation can make it hold.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write as _;

use serde_json::Value;

use crate::facts::{REDACTED, is_not_kept};
use crate::model::date::Timestamp;
use crate::model::display;
use crate::rules::language::reference::Reference;
use crate::rules::language::truth::{Truth, Unknown};
use crate::rules::language::variables::{Others, Variables, text_digest};
use crate::rules::language::version::Version;

/// Differing values that a sentence names.
const SHOWN: usize = 3;

/// Whether two values are equal. Values of different types are neither: whether `"host"` is what an object says is
/// unknown.
pub(super) fn equal(value: &Value, wanted: &Value) -> Truth {
    match (value, wanted) {
        (Value::Number(a), Value::Number(b)) => Truth::of(a == b || a.as_f64() == b.as_f64()),
        _ if std::mem::discriminant(value) == std::mem::discriminant(wanted) => {
            if value.as_str() == Some(REDACTED) {
                return Truth::Unknown(Unknown::Redacted);
            }
            Truth::of(value == wanted)
        }
        _ => wrong_type(value, type_name(wanted)),
    }
}

/// One of several values. A list may mix types; a value whose type is none of theirs is wrong.
pub(super) fn one_of(value: &Value, list: &[Value]) -> Truth {
    let same = |wanted: &&Value| std::mem::discriminant(*wanted) == std::mem::discriminant(value);
    let mut comparable = list.iter().filter(same).peekable();
    match (comparable.peek(), list.first()) {
        (None, Some(wanted)) => wrong_type(value, type_name(wanted)),
        _ => Truth::any(comparable.map(|wanted| equal(value, wanted))),
    }
}

/// The type of a value, as messages name it.
fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Nobody knows, because the value is of another type.
///
/// The type stands in the message and never the value: what stands where a rule expects something
/// else may be anything, a password too.
pub(super) fn wrong_type(value: &Value, expected: &str) -> Truth {
    Truth::Unknown(Unknown::WrongType(format!("{} stands there, and not {expected}", type_name(value))))
}

/// A test of a text.
pub(super) fn on_text(value: &Value, test: impl FnOnce(&str) -> Truth) -> Truth {
    match value.as_str() {
        Some(REDACTED) => Truth::Unknown(Unknown::Redacted),
        Some(text) => test(text),
        None => wrong_type(value, "text"),
    }
}

/// A test of a number.
pub(super) fn on_number(value: &Value, test: impl FnOnce(f64) -> bool) -> Truth {
    value.as_f64().map_or_else(|| wrong_type(value, "a number"), |number| Truth::of(test(number)))
}

/// Whether a text has one of these digests.
pub(super) fn same_text(text: &str, digests: &[Reference], variables: &Variables) -> Truth {
    let own = text_digest(text);
    Truth::any(digests.iter().map(|digest| match digest.value(variables) {
        Ok(digest) => Truth::of(*digest == own),
        Err(name) => Truth::Unknown(Unknown::NoVariable(name.to_owned())),
    }))
}

/// Whether a text stands in a field of another kind.
pub(super) fn found_in(text: &str, others: &Others, variables: &Variables) -> Truth {
    let Some(text) = others.compared(text) else {
        return Truth::Unknown(Unknown::Mark(format!("`{text}` is an image without a name")));
    };
    match variables.others.get(others.key()) {
        Some(found) if others.agreed && found.values.len() > 1 => {
            let values: Vec<&str> = found.values.iter().map(String::as_str).take(SHOWN).collect();
            Truth::Unknown(Unknown::Mark(format!(
                "the {} to compare it with differ ({})",
                others.words(),
                values.join(", ")
            )))
        }
        Some(found) if others.agreed && found.values.is_empty() => {
            Truth::Unknown(Unknown::Mark(format!("there is no {} to compare it with", others.words())))
        }
        Some(found) if found.values.contains(text) => Truth::Yes,
        Some(found) if !found.unsure && !found.silent => Truth::No,
        Some(found) if !found.unsure => {
            Truth::Unknown(Unknown::Mark(format!("not every {} says its {}", others.kind, others.words())))
        }
        _ => Truth::Unknown(Unknown::Others(others.kind.name().to_owned())),
    }
}

/// Whether a list has an element, or a text a part.
pub(super) fn contains(value: &Value, part: &Value) -> Truth {
    match (value, part) {
        (Value::Array(list), part) => Truth::any(list.iter().map(|item| {
            if is_not_kept(item) { Truth::Unknown(Unknown::NotKept(String::new())) } else { equal(item, part) }
        })),
        (Value::String(text), Value::String(part)) => Truth::of(text.contains(part.as_str())),
        _ => wrong_type(value, "a list or text"),
    }
}

/// Whether a version is older than another.
pub(super) fn older(value: &Value, than: &Reference, variables: &Variables) -> Truth {
    let reference = match than.value(variables) {
        Ok(version) => version,
        Err(name) => return Truth::Unknown(Unknown::NoVariable(name.to_owned())),
    };
    on_text(value, |text| match (Version::parse(text), Version::parse(reference)) {
        (Some(version), Some(reference)) => Truth::of(version < reference),
        (None, _) => Truth::Unknown(Unknown::WrongType("the text there is not a version".into())),
        (_, None) => Truth::Unknown(Unknown::RuleError(format!("`{reference}` is not a version"))),
    })
}

/// Whether a time is before or after another, as wanted.
pub(super) fn compare_times(value: &Value, than: &Reference, variables: &Variables, wanted: Ordering) -> Truth {
    let reference = match than.value(variables) {
        Ok(time) => time,
        Err(name) => return Truth::Unknown(Unknown::NoVariable(name.to_owned())),
    };
    on_text(value, |text| match (Timestamp::parse(text), Timestamp::parse(reference)) {
        (Some(time), Some(reference)) => Truth::of(time.cmp(&reference) == wanted),
        (None, _) => Truth::Unknown(Unknown::WrongType("the text there is not a time".into())),
        (_, None) => Truth::Unknown(Unknown::WrongType(format!("`{reference}` is not a time"))),
    })
}

/// A value in one line of at most 200 characters.
#[must_use]
pub(crate) fn short(value: &Value) -> String {
    const MOST: usize = 200;
    let text = match value {
        Value::String(text) if text.is_empty() => Cow::Borrowed("\"\""),
        Value::String(text) => Cow::Borrowed(text.as_str()),
        other => Cow::Owned(other.to_string()),
    };
    let head = display::cut(&text, MOST);
    let mut line = display::escaped(head).into_owned();
    if head.len() < text.len() {
        let _ = write!(line, "… ({} characters)", text.chars().count());
    }
    line
}
