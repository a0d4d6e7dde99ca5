//! The projection of a kind: the fields that rules name, and a parser that keeps only those.
//!
//! Everything else is skipped while parsing, so a fact costs what its wanted fields cost, however
//! large the object is.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::facts::fields::path::{FieldPath, Lookup, REDACTED};

/// Number of a projected field within its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u16);

impl Slot {
    /// The slot's place in [`Projection::parse`]'s result.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Which part of a field's value is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// All of it.
    All,
    /// Of objects (or of the objects in a list) only these keys.
    Fields(BTreeMap<String, Keep>),
}

impl Keep {
    /// Keeps only what `paths` name, at any depth of lists.
    #[must_use]
    pub fn only(paths: impl IntoIterator<Item = (FieldPath, Keep)>) -> Self {
        let mut kept = Self::Fields(BTreeMap::new());
        for (path, below) in paths {
            kept.merge(Self::nested(path.keys(), below));
        }
        kept
    }

    fn nested(keys: &[String], below: Self) -> Self {
        keys.iter().rev().fold(below, |inner, key| Self::Fields(BTreeMap::from([(key.clone(), inner)])))
    }

    /// What is kept of the value of a key; nothing if the key is not kept.
    pub(crate) fn below(&self, key: &str) -> Option<&Self> {
        match self {
            Self::All => Some(self),
            Self::Fields(keys) => keys.get(key),
        }
    }

    /// Widens this to keep what `other` keeps besides.
    pub fn merge(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::All, _) => {}
            (_, Self::All) => *self = Self::All,
            (Self::Fields(mine), Self::Fields(others)) => {
                for (key, keep) in others {
                    match mine.get_mut(&key) {
                        Some(known) => known.merge(keep),
                        None => {
                            mine.insert(key, keep);
                        }
                    }
                }
            }
        }
    }
}

#[derive(Debug, Clone)]
struct Node {
    number: usize,
    slot: Option<(Slot, Keep)>,
    children: Vec<(String, Node)>,
    /// Marks of the children's keys: most keys of an object are not wanted, and have a mark that none of these has.
    marks: u64,
}

/// A bit that equal keys share.
fn mark(key: &str) -> u64 {
    let last = key.bytes().next_back().map_or(0, usize::from);
    1 << ((key.len() * 5 + last) % 64)
}

impl Node {
    fn new(number: usize) -> Self {
        Self { number, slot: None, children: Vec::new(), marks: 0 }
    }

    /// The child of a key.
    fn child(&self, key: &str) -> Option<usize> {
        if self.marks & mark(key) == 0 {
            return None;
        }
        self.children.iter().position(|(known, _)| known == key)
    }

    /// What is redacted as a whole is so in all its parts.
    fn redact(&self, fields: &mut Fields) {
        for (_, child) in &self.children {
            if let Some((slot, _)) = &child.slot {
                fields[slot.index()] = Some(REDACTED.into());
            }
            child.redact(fields);
        }
    }

    /// Why the fields inside this one cannot be had. They are not absent: nobody knows.
    fn blocked(&self) -> String {
        let names: Vec<&str> = self.children.iter().map(|(key, _)| key.as_str()).collect();
        format!("what should hold `{}` is not an object", names.join("`, `"))
    }

    fn no_object<E: de::Error>(&self) -> Result<(), E> {
        if self.children.is_empty() { Ok(()) } else { Err(E::custom(self.blocked())) }
    }

    /// What is wanted of the fields inside this one.
    fn below(&self) -> Keep {
        let inside = |child: &Self| child.slot.as_ref().map_or_else(|| child.below(), |(_, keep)| keep.clone());
        Keep::Fields(self.children.iter().map(|(key, child)| (key.clone(), inside(child))).collect())
    }
}

/// The fields of one kind that are wanted, each with a [`Slot`].
#[derive(Debug, Clone)]
pub struct Projection {
    root: Node,
    nodes: usize,
    paths: Vec<FieldPath>,
}

impl Default for Projection {
    fn default() -> Self {
        Self { root: Node::new(0), nodes: 1, paths: Vec::new() }
    }
}

/// The projected fields of one object, by slot.
pub type Fields = Vec<Option<Value>>;

impl Projection {
    /// Asks for a field; the same path always gives the same slot, and keeps the widest [`Keep`].
    pub fn want(&mut self, path: &FieldPath, keep: Keep) -> Slot {
        let mut at = &mut self.root;
        for (depth, key) in path.keys().iter().enumerate() {
            // What is taken out of a field that is kept in part must be in that part.
            if let Some((_, known)) = &mut at.slot {
                known.merge(Keep::nested(&path.keys()[depth..], keep.clone()));
            }
            let index = at.child(key).unwrap_or_else(|| {
                at.children.push((key.clone(), Node::new(self.nodes)));
                at.marks |= mark(key);
                self.nodes += 1;
                at.children.len() - 1
            });
            at = &mut at.children[index].1;
        }
        if let Some((slot, known)) = &mut at.slot {
            known.merge(keep);
            return *slot;
        }
        let slot = Slot(u16::try_from(self.paths.len()).unwrap_or(u16::MAX));
        let mut keep = keep;
        keep.merge(at.below());
        at.slot = Some((slot, keep));
        self.paths.push(path.clone());
        slot
    }

    /// The path of a slot.
    #[must_use]
    pub fn path(&self, slot: Slot) -> &FieldPath {
        &self.paths[slot.index()]
    }

    /// All slots with their paths.
    pub fn paths(&self) -> impl Iterator<Item = (Slot, &FieldPath)> {
        (0_u16..).map(Slot).zip(&self.paths)
    }

    /// How many slots there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether no field is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Parses one JSON object and keeps the wanted fields.
    ///
    /// The whole text is checked to be JSON. An object that names a wanted field twice is an error:
    /// readers differ on which of the two holds.
    ///
    /// # Errors
    /// What is wrong with the JSON, with its line and column.
    pub fn parse(&self, json: &[u8]) -> Result<Fields, serde_json::Error> {
        let mut fields = vec![None; self.paths.len()];
        let mut seen = vec![false; self.nodes];
        let mut reader = serde_json::Deserializer::from_slice(json);
        NodeSeed { node: &self.root, fields: &mut fields, seen: &mut seen }.deserialize(&mut reader)?;
        reader.end()?;
        Ok(fields)
    }

    /// Takes the wanted fields out of a value that is already parsed (TOML, key-value text).
    ///
    /// # Errors
    /// A field inside something that is no object.
    pub fn pick(&self, value: &Value) -> Result<Fields, String> {
        let field = |path: &FieldPath| match path.lookup(value) {
            Lookup::Found(found) => Ok(Some(found.clone())),
            Lookup::Absent => Ok(None),
            Lookup::Blocked(other) if other == REDACTED => Ok(Some(other.clone())),
            Lookup::Blocked(_) => Err(format!("`{path}` would be inside something that is no object")),
        };
        self.paths.iter().map(field).collect()
    }
}

struct NodeSeed<'p, 'f> {
    node: &'p Node,
    fields: &'f mut Fields,
    seen: &'f mut [bool],
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        match &self.node.slot {
            None => reader.deserialize_any(self),
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
fn for_children(node: &Node, value: &Value, fields: &mut Fields) -> Result<(), String> {
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
        other if other == REDACTED => node.redact(fields),
        _ => return Err(node.blocked()),
    }
    Ok(())
}

impl<'de> Visitor<'de> for NodeSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(found) = map.next_key_seed(KeyAs(|key: &str| self.node.child(key)))? {
            match found {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(index) => {
                    let (key, child) = &self.node.children[index];
                    if std::mem::replace(&mut self.seen[child.number], true) {
                        return Err(de::Error::custom(format_args!("the key `{key}` stands twice in one object")));
                    }
                    map.next_value_seed(NodeSeed { node: child, fields: self.fields, seen: self.seen })?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.node.no_object()
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        self.node.no_object()
    }
    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        self.node.no_object()
    }
    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        self.node.no_object()
    }
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        self.node.no_object()
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        if text == REDACTED {
            self.node.redact(self.fields);
            return Ok(());
        }
        self.node.no_object()
    }
    fn visit_unit<E>(self) -> Result<(), E> {
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
                return Err(de::Error::custom(format_args!("the key `{key}` stands twice in one object")));
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
        Ok(value.into())
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(text: &str) -> FieldPath {
        text.parse().unwrap()
    }

    #[test]
    fn only_wanted_fields_are_kept() {
        let mut projection = Projection::default();
        let mode = projection.want(&path("HostConfig.PidMode"), Keep::All);
        let absent = projection.want(&path("HostConfig.CapAdd"), Keep::All);
        let nested =
            projection.want(&path("spec.containers"), Keep::only([(path("securityContext.privileged"), Keep::All)]));
        let text = br#"{"Id":"x","HostConfig":{"PidMode":"host","Other":[1,{"a":2}]},
            "spec":{"containers":[{"name":"a","securityContext":{"privileged":true,"x":1}},{"name":"b"}]}}"#;
        let fields = projection.parse(text).unwrap();
        assert_eq!(fields[mode.index()], Some(json!("host")));
        assert_eq!(fields[absent.index()], None);
        assert_eq!(fields[nested.index()], Some(json!([{"securityContext": {"privileged": true}}, {}])));
    }

    #[test]
    fn a_field_and_a_field_inside_it_are_both_found() {
        let mut projection = Projection::default();
        let labels = projection.want(&path("Labels"), Keep::All);
        let one = projection.want(&path("Labels[\"a.b\"]"), Keep::All);
        let fields = projection.parse(br#"{"Labels":{"a.b":"c"}}"#).unwrap();
        assert_eq!(fields[labels.index()], Some(json!({"a.b": "c"})));
        assert_eq!(fields[one.index()], Some(json!("c")));
    }

    #[test]
    fn a_wanted_key_that_stands_twice_is_refused() {
        let mut projection = Projection::default();
        projection.want(&path("HostConfig.Privileged"), Keep::All);
        for text in [
            r#"{"HostConfig":{"Privileged":false,"Privileged":true}}"#,
            r#"{"HostConfig":{"Privileged":false},"HostConfig":{}}"#,
        ] {
            let error = projection.parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("twice"), "{error}");
        }
    }

    #[test]
    fn skipped_parts_must_be_json_too() {
        let mut projection = Projection::default();
        projection.want(&path("a"), Keep::All);
        assert!(projection.parse(br#"{"a":1,"b":[1,,2]}"#).is_err());
        assert!(projection.parse(br#"{"a":1,"b":"cut"#).is_err());
        assert!(projection.parse(br#"{"a":1} {"#).is_err());
    }
}
