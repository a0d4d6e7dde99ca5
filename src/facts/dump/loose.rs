//! Values of a dump in whichever of their shapes: native JSON, text, or text in lines.
//!
//! The report of a dump holds a file as a JSON value, as its text, as the lines of its text, or as parts of it
//! that were cut anywhere. Which one depends on the version and on the file, so each is tried.

use serde_json::{Deserializer, Value};

/// Deepest nesting of lists in lists and texts in texts.
const DEPTH: u32 = 3;

/// Why a value holds no objects.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LooseError {
    #[error("it is nested in lists or texts too deeply")]
    TooDeep,
    #[error("an object is expected in its list, not {0}")]
    NoObjectInList(&'static str),
    #[error("an object or a list is expected, not {0}")]
    NoObject(&'static str),
    #[error("its text is not valid JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("a text in place of an object")]
    TextForObject,
}

/// The objects that a value holds: it may be an object, a list of them, their text, the lines of
/// their text, or a list around one of these.
///
/// # Errors
/// What stands there instead.
pub(crate) fn objects(value: Value) -> Result<Vec<Value>, LooseError> {
    let mut found = Vec::new();
    collect(value, DEPTH, &mut found)?;
    Ok(found)
}

fn collect(value: Value, depth: u32, found: &mut Vec<Value>) -> Result<(), LooseError> {
    if depth == 0 {
        return Err(LooseError::TooDeep);
    }
    match value {
        Value::Null => Ok(()),
        Value::Object(_) => {
            found.push(value);
            Ok(())
        }
        Value::String(text) => parse(&text, depth, found),
        Value::Array(list) if !list.is_empty() && list.iter().all(Value::is_string) => {
            // Lines, or parts of one text: a line feed between the parts may break a word.
            let lines: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            let length = found.len();
            parse(&lines.join("\n"), depth, found).or_else(|why| {
                found.truncate(length);
                parse(&lines.concat(), depth, found).map_err(|_| why)
            })
        }
        Value::Array(list) => list.into_iter().try_for_each(|value| match value {
            Value::Object(_) => {
                found.push(value);
                Ok(())
            }
            Value::Array(_) => collect(value, depth - 1, found),
            other => Err(LooseError::NoObjectInList(short(&other))),
        }),
        other => Err(LooseError::NoObject(short(&other))),
    }
}

fn parse(text: &str, depth: u32, found: &mut Vec<Value>) -> Result<(), LooseError> {
    for value in Deserializer::from_str(text).into_iter::<Value>() {
        let value = value?;
        if value.is_string() {
            return Err(LooseError::TextForObject);
        }
        collect(value, depth - 1, found)?;
    }
    Ok(())
}

/// The text that a value holds: itself, or its lines.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => {
            let lines: Option<Vec<&str>> = lines.iter().map(Value::as_str).collect();
            let mut text = String::new();
            for line in lines? {
                text.push_str(line.trim_end_matches(['\n', '\r']));
                text.push('\n');
            }
            Some(text)
        }
        _ => None,
    }
}

fn short(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_shape_gives_the_same_objects() {
        let nodes = json!([{"ID": "a"}, {"ID": "b\nc"}]);
        let text = serde_json::to_string_pretty(&nodes).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let parts: Vec<String> = text.as_bytes().chunks(7).map(|part| String::from_utf8_lossy(part).into()).collect();
        let many: Vec<String> = nodes.as_array().unwrap().iter().map(Value::to_string).collect();
        for shape in [nodes.clone(), json!([nodes]), json!(text), json!(lines), json!(parts), json!(many)] {
            assert_eq!(&objects(shape.clone()).unwrap(), nodes.as_array().unwrap(), "{shape}");
        }
    }

    #[test]
    fn what_holds_no_objects_is_told() {
        for shape in [json!(1), json!("Error: no such object"), json!([1]), json!(["a", {}]), json!([[[[{}]]]])] {
            assert!(objects(shape.clone()).is_err(), "{shape}");
        }
        assert!(objects(json!([])).unwrap().is_empty());
        assert!(objects(json!("")).unwrap().is_empty());
    }

    #[test]
    fn lines_become_a_text() {
        assert_eq!(text(&json!(["a", "b\n"])).as_deref(), Some("a\nb\n"));
        assert_eq!(text(&json!("a")).as_deref(), Some("a"));
        assert_eq!(text(&json!([1])), None);
    }

    proptest! {
        #[test]
        fn any_text_ends(text in ".{0,200}", lines in prop::collection::vec("[\\[\\]{}\",:a1 ]{0,20}", 0..10)) {
            let _ = objects(Value::from(text));
            let _ = objects(json!(lines));
        }
    }
}
