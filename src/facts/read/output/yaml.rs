//! An output as YAML: read whole and within bounds, and then told as the same documents in JSON are.

use std::sync::Arc;

use serde_json::Value;

use crate::facts::error::ReadError;
use crate::facts::fact::Observer;
use crate::facts::json::documents::{Documents, Passed};
use crate::facts::json::lines;
use crate::facts::json::lines::Line;
use crate::facts::member::State;
use crate::facts::read::output::kinds::Kinds;
use crate::facts::read::reader::Reader;
use crate::facts::read::unfinished::Rest;
use crate::facts::yaml::documents;
use crate::model::limits;

/// Largest YAML file that is read: as values it takes several times its size in memory.
const MAX_BYTES: u64 = limits::YAML_OBJECTS;

/// Whether an output that begins like this is YAML of Kubernetes: a key of its objects stands at the beginning
/// of a line, and no JSON before it.
pub(super) fn begins(first: &[u8]) -> bool {
    text_before(first).is_some()
}

/// The text before YAML: its bytes, and what it is.
fn text_before(first: &[u8]) -> Option<(usize, Passed)> {
    let (mut at, mut passed) = (0, Passed::default());
    for (number, line) in (1..=lines::MOST).zip(first.split_inclusive(|byte| *byte == b'\n')) {
        if lines::begins_json(line) {
            return None;
        }
        let begins = line.trim_ascii_start();
        if lines::is_yaml(line) || line.starts_with(b"- apiVersion:") {
            return Some((at, passed));
        }
        at += line.len();
        match lines::line(line) {
            _ if begins.starts_with(b"#") || begins.starts_with(b"%YAML") => {}
            Line::Separator => {}
            Line::Error => {
                passed.lines += 1;
                passed.error.get_or_insert(number);
            }
            _ => passed.lines += 1,
        }
    }
    None
}

/// Reads YAML documents; returns the size.
pub(super) fn read<'s, O: Observer>(
    reader: &mut Reader<'_, 's, O>,
    kinds: &mut Kinds<'_, 's, O>,
    rest: Rest<'_>,
) -> Result<u64, ReadError> {
    let (text, bytes) = reader.beginning(rest)?;
    if bytes > MAX_BYTES {
        kinds.problem(State::Unreadable(
            "the YAML file is too large to read; save it as JSON with `-o json`".to_owned(),
        ));
        return Ok(bytes);
    }
    let (before, passed) = text_before(&text).unwrap_or_default();
    let whole = documents(&text);
    let stripped = whole.is_err() && passed.lines > 0;
    if stripped || passed.error.is_some() {
        kinds.text(passed);
    }
    match if stripped { documents(&text[before..]) } else { whole } {
        Ok(documents) => as_json(reader, kinds, &documents),
        Err(error) => kinds.problem(State::Unreadable(error.to_string())),
    }
    Ok(bytes)
}

/// Reads values as the JSON documents that they are.
fn as_json<'s, O: Observer>(reader: &mut Reader<'_, 's, O>, kinds: &mut Kinds<'_, 's, O>, values: &[Value]) {
    let mut buffer = reader.pool.take();
    for value in values {
        if value.is_object() || value.is_array() {
            // Documents of one line are named by their number.
            buffer.append(format!("{value} ").as_bytes());
        } else {
            kinds.unknown(None);
        }
    }
    let mut documents = Documents::new();
    let mut pieces = Vec::new();
    let outcome = documents.scan(&buffer, true, &mut pieces);
    let shared = Arc::new(buffer);
    kinds.take(reader, &shared, pieces);
    kinds.flush(reader, &shared);
    if let Err(error) = outcome {
        kinds.broken(reader, &error, documents.unfinished(&shared));
    }
    reader.pool.give_back(shared);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_is_told_by_its_keys_and_not_by_json_in_it() {
        for text in [
            "apiVersion: v1\n",
            "---\n# saved\nkind: PodList\n",
            "$ kubectl get pods -o yaml\napiVersion: v1\n",
            "[root@m1 ~]# kubectl get pods -o yaml\r\napiVersion: v1\r\n",
            "- apiVersion: v1\n  kind: Pod\n",
        ] {
            assert!(begins(text.as_bytes()), "{text}");
        }
        for text in ["{\"apiVersion\": 1}", "---\n{\n\"kind\":1}\nkind: x\n", "[auth]\n", "a\n  kind: b\n", ""] {
            assert!(!begins(text.as_bytes()), "{text}");
        }
    }
}
