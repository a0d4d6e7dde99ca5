//! Parses one object as far as its wanted fields, and passes over the rest.
//!
//! Skipped values are checked to be JSON, but nothing is built of them: a fact costs what its wanted
//! fields cost, however large the object is.

use std::fmt;

use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::facts::fields::keep::Keep;
use crate::facts::fields::path::{hidden_inside, told};
use crate::facts::fields::tree::{Blocked, Fields, Node};

/// Reads an object at a node of the tree, and puts the wanted fields into their slots.
pub(crate) struct NodeSeed<'p, 'f> {
    pub(crate) node: &'p Node,
    pub(crate) fields: &'f mut Fields,
    /// By the number of a node, whether its key was met.
    pub(crate) seen: &'f mut [bool],
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        match &self.node.slot {
            None => reader.deserialize_any(self),
            Some((_, keep)) if keep.is_nothing() => reader.deserialize_any(self),
            Some((slot, keep)) => {
                let value = KeepSeed(keep).deserialize(reader)?;
                for_children(self.node, &value, self.fields).map_err(de::Error::custom)?;
                self.fields[slot.index()] = Some(value);
                Ok(())
            }
        }
    }
}

/// A field that is wanted whole may hold fields that are wanted by themselves.
fn for_children(node: &Node, value: &Value, fields: &mut Fields) -> Result<(), Blocked> {
    match value {
        _ if node.children.is_empty() => {}
        Value::Null => {}
        Value::Object(object) => {
            for (key, child) in &node.children {
                if let Some(below) = object.get(key) {
                    if let Some((slot, _)) = &child.slot {
                        fields[slot.index()] = Some(below.clone());
                    }
                    for_children(child, below, fields)?;
                }
            }
        }
        other => match other.as_str().and_then(hidden_inside) {
            Some(hidden) => node.hide(hidden, fields),
            None => return Err(node.blocked()),
        },
    }
    Ok(())
}

impl NodeSeed<'_, '_> {
    /// Notes what stands here, where that is asked for.
    fn there(&mut self, value: impl FnOnce() -> Value) {
        if let Some((slot, _)) = &self.node.slot {
            self.fields[slot.index()] = Some(value());
        }
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(found) = map.next_key_seed(KeyAs(|key: &str| self.node.child(key)))? {
            match found {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(index) => {
                    let (key, child) = &self.node.children[index];
                    if std::mem::replace(&mut self.seen[child.number], true) {
                        return Err(de::Error::custom(format_args!("the key `{key}` appears twice in one object")));
                    }
                    map.next_value_seed(NodeSeed { node: child, fields: self.fields, seen: self.seen })?;
                }
            }
        }
        self.there(|| Value::Object(Map::new()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if let Some((slot, keep)) = &self.node.slot {
            self.fields[slot.index()] = Some(KeepSeed(keep).visit_seq(seq)?);
        } else {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
        }
        self.node.no_object()
    }

    fn visit_bool<E: de::Error>(mut self, value: bool) -> Result<(), E> {
        self.there(|| value.into());
        self.node.no_object()
    }
    fn visit_i64<E: de::Error>(mut self, value: i64) -> Result<(), E> {
        self.there(|| value.into());
        self.node.no_object()
    }
    fn visit_u64<E: de::Error>(mut self, value: u64) -> Result<(), E> {
        self.there(|| value.into());
        self.node.no_object()
    }
    fn visit_f64<E: de::Error>(mut self, value: f64) -> Result<(), E> {
        self.there(|| value.into());
        self.node.no_object()
    }
    fn visit_str<E: de::Error>(mut self, text: &str) -> Result<(), E> {
        self.there(|| told(text).into());
        if let Some(hidden) = hidden_inside(told(text)) {
            self.node.hide(hidden, self.fields);
            return Ok(());
        }
        self.node.no_object()
    }
    fn visit_unit<E>(mut self) -> Result<(), E> {
        self.there(|| Value::Null);
        Ok(())
    }
}

/// What a key is looked up as, without a copy of it.
struct KeyAs<F>(F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for KeyAs<F> {
    type Value = T;
    fn deserialize<D: de::Deserializer<'de>>(self, reader: D) -> Result<T, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for KeyAs<F> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_str<E>(self, key: &str) -> Result<T, E> {
        Ok((self.0)(key))
    }
}

/// Builds a value, skipping the keys that are not kept.
struct KeepSeed<'p>(&'p Keep);

impl<'de> DeserializeSeed<'de> for KeepSeed<'_> {
    type Value = Value;
    fn deserialize<D: de::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeepSeed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(kept) = map.next_key_seed(KeyAs(|key: &str| Some((key.to_owned(), self.0.below(key)?))))? {
            let Some((key, below)) = kept else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = map.next_value_seed(KeepSeed(below))?;
            if object.contains_key(&key) {
                return Err(de::Error::custom(format_args!("the key `{key}` appears twice in one object")));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(KeepSeed(self.0))? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(told(value).into())
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}
