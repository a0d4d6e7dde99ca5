//! Kubernetes objects as YAML: lists and single objects, read whole and within bounds.
//!
//! An alias repeats what it names, so that a few lines can stand for more values than memory holds. Values
//! are counted while they are made, and the text is refused once they come to too much.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::facts::fields::position::Position;
use crate::yaml::brackets;

/// Why a text cannot be read as YAML.
#[derive(Debug, thiserror::Error)]
pub(crate) enum YamlError {
    #[error("it is not UTF-8: {0}")]
    NotUtf8(#[from] std::str::Utf8Error),
    #[error("more than {} brackets are open at once", brackets::MOST)]
    TooManyBrackets,
    #[error("it is not valid YAML: {0}")]
    NotYaml(#[from] serde_yaml::Error),
}

/// Bytes that the values of one file may come to; aliases repeat what they name.
const MAX_VALUES: usize = 64 << 20;

/// Whether a file that begins like this holds Kubernetes objects as YAML.
pub(crate) fn looks_like_objects(first: &[u8]) -> bool {
    let head = &first[..first.len().min(64 << 10)];
    let begins = head.trim_ascii_start();
    let word = |line: &[u8], word: &[u8]| line.starts_with(word);
    !begins.starts_with(b"{")
        && !begins.starts_with(b"[")
        && head.split(|byte| *byte == b'\n').any(|line| word(line, b"apiVersion:"))
        && head.split(|byte| *byte == b'\n').any(|line| word(line, b"kind:"))
}

/// The documents of a text.
pub(crate) fn documents(text: &[u8]) -> Result<Vec<Value>, YamlError> {
    let text = std::str::from_utf8(text)?;
    if brackets::too_many(text) {
        return Err(YamlError::TooManyBrackets);
    }
    let left = Cell::new(MAX_VALUES);
    let mut documents = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        documents.push(Bounded(&left).deserialize(document)?);
    }
    documents.retain(|document| !document.is_null());
    Ok(documents)
}

/// The objects of documents with their places, and whether they stood in lists.
pub(crate) fn objects(documents: Vec<Value>) -> (Vec<(Position, Value)>, bool) {
    let mut objects = Vec::new();
    let mut list = false;
    for (document, mut value) in (0..).zip(documents) {
        let of_list = value.get("kind").and_then(Value::as_str).and_then(|kind| kind.strip_suffix("List"));
        let of_list = of_list.map(str::to_owned);
        match (of_list, value.get_mut("items").map(Value::take)) {
            (Some(kind), Some(Value::Array(items))) => {
                list = true;
                for (index, mut item) in (0..).zip(items) {
                    // The items of a list of one kind need not name it.
                    if let Value::Object(fields) = &mut item
                        && !kind.is_empty()
                    {
                        fields.entry("kind").or_insert_with(|| kind.clone().into());
                    }
                    objects.push((Position::Under { document, key: "items", index }, item));
                }
            }
            (Some(_), _) => list = true,
            (None, _) => objects.push((Position::Document { document, line: 0 }, value)),
        }
    }
    (objects, list)
}

/// Reads a value and counts what it takes in memory.
#[derive(Clone, Copy)]
struct Bounded<'c>(&'c Cell<usize>);

impl Bounded<'_> {
    fn spend<E: de::Error>(self, bytes: usize) -> Result<(), E> {
        let left = self.0.get().checked_sub(bytes + 48);
        self.0.set(left.ok_or_else(|| E::custom("its values are too large, as aliases make them"))?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has too")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        self.spend(0).map(|()| value.into())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        self.spend(0).map(|()| value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        self.spend(0).map(|()| value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        self.spend(0).map(|()| value.into())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        self.spend(value.len()).map(|()| value.into())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        self.spend(0).map(|()| Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        self.spend::<A::Error>(0)?;
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        self.spend::<A::Error>(0)?;
        let mut values = Map::new();
        while let Some(key) = map.next_key::<Key>()? {
            self.spend::<A::Error>(key.0.len())?;
            let value = map.next_value_seed(self)?;
            if values.insert(key.0, value).is_some() {
                return Err(de::Error::custom("a key appears twice in one object"));
            }
        }
        Ok(Value::Object(values))
    }
}

/// A key: text, or a scalar that YAML takes for something else.
struct Key(String);

impl<'de> de::Deserialize<'de> for Key {
    fn deserialize<D: de::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        match Value::deserialize(reader)? {
            Value::String(text) => Ok(Self(text)),
            other @ (Value::Bool(_) | Value::Number(_)) => Ok(Self(other.to_string())),
            _ => Err(de::Error::custom("a key that is not text")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_single_objects_are_told_apart() {
        let text = b"---\napiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n  n: 1\n- kind: Pod\n";
        assert!(looks_like_objects(text));
        let (found, list) = objects(documents(text).unwrap());
        assert!(list);
        assert_eq!(found[0].1, json!({ "kind": "Pod", "metadata": { "name": "a" }, "n": 1 }));
        let (found, list) = objects(documents(b"apiVersion: v1\nkind: Pod\nmetadata: {name: b}\n").unwrap());
        assert!(!list && found.len() == 1);
        assert!(!looks_like_objects(b"{\"apiVersion\": 1}"));
    }

    #[test]
    fn aliases_cannot_fill_the_memory() {
        let mut text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (this, before) in ('b'..='j').zip('a'..) {
            text += &format!("{this}: &{this} [{}]\n", vec![format!("*{before}"); 10].join(", "));
        }
        let error = documents(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("aliases") || error.contains("repetition"), "{error}");
        assert!(documents(b"a: 1\na: 2\n").is_err());
    }

    proptest! {
        #[test]
        fn any_text_ends(text in "(kind: |apiVersion: v1|items:|\n|- |a|List|  |&a |\\*a|\\{|\\}|\\[|:|'){0,40}") {
            let _ = documents(text.as_bytes()).map(objects);
        }
    }
}
