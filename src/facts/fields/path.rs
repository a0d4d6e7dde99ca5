//! Field paths: how a rule names a field of a fact.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

/// A path from a fact's root to one of its fields, such as
/// `Config.Labels["com.docker.ucp.version"]`.
///
/// Lists are never named in a path: rules enter them with `every`, `some` and `none`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(Vec<String>);

/// What stands where a path leads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lookup<'v> {
    /// The field's value.
    Found(&'v Value),
    /// Nothing, or `null`.
    Absent,
    /// Something on the way is not an object: whether the field is there cannot be told.
    Blocked(&'v Value),
}

/// What stands in the place of a value that the collector keeps to itself.
pub const REDACTED: &str = "(redacted)";

/// What stands in the place of a value that the collector does not keep, or of a part of one.
pub const NOT_KEPT: &str = "(present)";

/// What stood there in the first snapshots of format 2.
const NOT_KEPT_EARLIER: &str = "(not kept)";

/// What is read of a field that would stand inside one that the collector does not keep.
pub const INSIDE_NOT_KEPT: &str = "(inside what is not kept)";

/// Whether the collector kept nothing of a text, or not all of it.
#[must_use]
pub fn marks_not_kept(text: &str) -> bool {
    text.contains(NOT_KEPT) || text.contains(NOT_KEPT_EARLIER) || text == INSIDE_NOT_KEPT
}

/// Whether the collector kept nothing of a value, or not all of it.
#[must_use]
pub fn is_not_kept(value: &Value) -> bool {
    value.as_str().is_some_and(marks_not_kept)
}

/// Whether a value, or anything inside it, is not kept.
#[must_use]
pub fn holds_not_kept(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().any(holds_not_kept),
        Value::Object(map) => map.values().any(holds_not_kept),
        other => is_not_kept(other),
    }
}

/// What the fields inside a value read where it stands for a whole that its source keeps to itself.
pub(crate) fn hidden_inside(text: &str) -> Option<&'static str> {
    match text {
        REDACTED => Some(REDACTED),
        _ if marks_not_kept(text) => Some(INSIDE_NOT_KEPT),
        _ => None,
    }
}

/// What other programs write in the place of a value that they keep to themselves, in brackets of some sort.
const KEPT: [&str; 9] =
    ["redacted", "present", "hidden", "removed", "masked", "omitted", "sanitized", "scrubbed", "withheld"];

/// A text as it stands, or [`REDACTED`] where it is a remark in the place of a value. The collector's own remark stays:
/// what it leaves out can be asked for.
pub(crate) fn told(text: &str) -> &str {
    if text == NOT_KEPT {
        return text;
    }
    let inner = [("(", ")"), ("[", "]"), ("<", ">"), ("{", "}")]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    let kept = inner.is_some_and(|inner| KEPT.iter().any(|word| inner.eq_ignore_ascii_case(word)));
    let starred = text.len() > 2 && text.bytes().all(|byte| byte == b'*');
    if kept || starred || text == "REDACTED" { REDACTED } else { text }
}

/// What stands in the place of a value that its source does not carry.
pub const NOT_CARRIED: &str = "(not in this source)";

/// Why a text is not a field path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a field path: {problem}")]
pub struct FieldPathError {
    text: String,
    problem: &'static str,
}

impl FieldPath {
    /// The keys from the root on; empty for the fact itself.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.0
    }

    /// The path of one key.
    #[must_use]
    pub fn key(key: &str) -> Self {
        Self(vec![key.to_owned()])
    }

    /// The path with `key` added at its end.
    #[must_use]
    pub fn child(&self, key: &str) -> Self {
        let mut keys = self.0.clone();
        keys.push(key.to_owned());
        Self(keys)
    }

    /// Looks the field up in a JSON value; `null` counts as absent, as in Docker's and Kubernetes'
    /// own output an unset list or map reads `null`.
    #[must_use]
    pub fn lookup<'v>(&self, value: &'v Value) -> Lookup<'v> {
        let mut at = value;
        for key in &self.0 {
            match at {
                Value::Object(fields) => match fields.get(key) {
                    Some(below) => at = below,
                    None => return Lookup::Absent,
                },
                Value::Null => return Lookup::Absent,
                other => return Lookup::Blocked(other),
            }
        }
        if at.is_null() { Lookup::Absent } else { Lookup::Found(at) }
    }

    /// The path as a JSON pointer (RFC 6901), beginning with `/` unless the path is empty.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for key in &self.0 {
            pointer.push('/');
            if key.contains(['~', '/']) {
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            } else {
                pointer.push_str(key);
            }
        }
        pointer
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, key) in self.0.iter().enumerate() {
            if key.is_empty() || key.contains(['.', '[', ']', '"', ' ']) {
                write!(f, "[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\""))?;
            } else if index == 0 {
                f.write_str(key)?;
            } else {
                f.write_str(".")?;
                f.write_str(key)?;
            }
        }
        Ok(())
    }
}

impl FromStr for FieldPath {
    type Err = FieldPathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fail = |problem| FieldPathError { text: text.to_owned(), problem };
        let mut keys = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix("[\"") {
                let mut key = String::new();
                let mut chars = quoted.char_indices();
                let end = loop {
                    match chars.next() {
                        Some((_, '\\')) => match chars.next() {
                            Some((_, escaped)) => key.push(escaped),
                            None => return Err(fail("`[\"` is not closed by `\"]`")),
                        },
                        Some((at, '"')) => break at,
                        Some((_, other)) => key.push(other),
                        None => return Err(fail("`[\"` is not closed by `\"]`")),
                    }
                };
                rest = quoted[end..].strip_prefix("\"]").ok_or_else(|| fail("`[\"` is not closed by `\"]`"))?;
                keys.push(key);
            } else {
                let name = if keys.is_empty() { rest } else { rest.strip_prefix('.').unwrap_or(rest) };
                let end = name.find(['.', '[']).unwrap_or(name.len());
                if end == 0 {
                    return Err(fail("a key is empty; lists are entered with every, some or none"));
                }
                keys.push(name[..end].to_owned());
                rest = &name[end..];
                if rest == "." {
                    return Err(fail("it ends with a dot"));
                }
            }
        }
        if keys.is_empty() {
            return Err(fail("it is empty"));
        }
        Ok(Self(keys))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_in_the_place_of_a_value_is_no_value() {
        for remark in ["(redacted)", "(Present)", "[present]", "<REDACTED>", "[Masked]", "REDACTED", "********"] {
            assert_eq!(told(remark), REDACTED, "{remark}");
        }
        for value in ["", "*", "<none>", "(sd-pam)", "redacted", "(present)", "(present) host", "host"] {
            assert_eq!(told(value), value);
        }
        for kept in ["(present)", "(not kept)", "(present) host", "--a=b (not kept)"] {
            assert!(marks_not_kept(kept), "{kept}");
            assert_eq!(hidden_inside(kept), Some(INSIDE_NOT_KEPT));
        }
        assert!(!marks_not_kept("present"));
    }

    #[test]
    fn keys_with_dots_are_quoted_and_printed_as_written() {
        let text = "Config.Labels[\"com.docker.ucp.version\"]";
        let path: FieldPath = text.parse().unwrap();
        assert_eq!(path.keys(), ["Config", "Labels", "com.docker.ucp.version"]);
        assert_eq!(path.to_string(), text);
        assert_eq!(path.pointer(), "/Config/Labels/com.docker.ucp.version");
    }

    #[test]
    fn broken_paths_are_refused() {
        for text in ["", ".a", "a.", "a..b", "a[\"b", "a[0]", "a[]"] {
            assert!(text.parse::<FieldPath>().is_err(), "{text}");
        }
    }

    #[test]
    fn null_is_absent() {
        let path: FieldPath = "HostConfig.CapAdd".parse().unwrap();
        assert_eq!(path.lookup(&serde_json::json!({"HostConfig": {"CapAdd": null}})), Lookup::Absent);
        let blocked = serde_json::json!({"HostConfig": "(redacted)"});
        assert_eq!(path.lookup(&blocked), Lookup::Blocked(&serde_json::json!(REDACTED)));
    }
}
