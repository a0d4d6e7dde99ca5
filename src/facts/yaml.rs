//! Kubernetes objects as YAML: lists and single objects, read whole and within bounds.
//!
//! An alias repeats what it names, so that a few lines can stand for more values than memory holds. Values
//! are counted while they are made, and the text is refused once they come to too much.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

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

    use super::*;

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
            let _ = documents(text.as_bytes());
        }
    }
}
