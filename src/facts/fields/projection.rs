//! The projection of a kind: the fields that rules name, and a parser that keeps only those.
//!
//! Everything else is skipped while parsing, so a fact costs what its wanted fields cost, however
//! large the object is.

use serde::de::DeserializeSeed;
use serde_json::Value;

use crate::facts::fields::keep::Keep;
use crate::facts::fields::parse::NodeSeed;
use crate::facts::fields::path::{FieldPath, Lookup, hidden_inside, told};
use crate::facts::fields::tree::{Fields, Node, Slot};

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

/// A field that would be inside something that is not an object: whether it is there cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` would be inside something that is not an object")]
pub struct PickError(FieldPath);

impl Projection {
    /// Asks for a field; the same path always gives the same slot, and keeps the widest [`Keep`].
    pub fn want(&mut self, path: &FieldPath, keep: Keep) -> Slot {
        let mut at = &mut self.root;
        for (depth, key) in path.keys().iter().enumerate() {
            // What is taken out of a field that is kept in part must be in that part.
            if let Some((_, known)) = at.slot.as_mut().filter(|(_, known)| !known.is_nothing()) {
                known.merge(Keep::nested(&path.keys()[depth..], keep.clone()));
            }
            let index = at.child(key).unwrap_or_else(|| {
                self.nodes += 1;
                at.add(key, Node::new(self.nodes - 1))
            });
            at = &mut at.children[index].1;
        }
        let (slot, mut known) = at.slot.take().unwrap_or_else(|| {
            self.paths.push(path.clone());
            (Slot(self.paths.len() - 1), Keep::nothing())
        });
        known.merge(keep);
        // Of an object that only has to be there no value is made, whatever is taken out of it.
        if !known.is_nothing() {
            known.merge(at.below());
        }
        at.slot = Some((slot, known));
        slot
    }

    /// The path of a slot.
    #[must_use]
    pub fn path(&self, slot: Slot) -> &FieldPath {
        &self.paths[slot.index()]
    }

    /// All slots with their paths.
    pub fn paths(&self) -> impl Iterator<Item = (Slot, &FieldPath)> {
        (0..).map(Slot).zip(&self.paths)
    }

    /// All wanted fields, with what is kept of each. An object that only has to be there is told by the fields
    /// that are taken out of it.
    pub(crate) fn wanted(&self) -> Vec<(&FieldPath, &Keep)> {
        fn slots<'n>(node: &'n Node, found: &mut Vec<&'n (Slot, Keep)>) {
            found.extend(node.slot.iter().filter(|(_, keep)| node.children.is_empty() || !keep.is_nothing()));
            node.children.iter().for_each(|(_, child)| slots(child, found));
        }
        let mut found = Vec::new();
        slots(&self.root, &mut found);
        found.into_iter().map(|(slot, keep)| (self.path(*slot), keep)).collect()
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
    pub fn pick(&self, value: &Value) -> Result<Fields, PickError> {
        let field = |path: &FieldPath| match path.lookup(value) {
            Lookup::Found(found) => Ok(Some(as_told(found))),
            Lookup::Absent => Ok(None),
            Lookup::Blocked(other) => match other.as_str().map(told).and_then(hidden_inside) {
                Some(hidden) => Ok(Some(hidden.into())),
                None => Err(PickError(path.clone())),
            },
        };
        self.paths.iter().map(field).collect()
    }
}

/// A value with remarks in the place of values as one and the same remark.
fn as_told(value: &Value) -> Value {
    match value {
        Value::String(text) => told(text).into(),
        Value::Array(list) => list.iter().map(as_told).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), as_told(value))).collect(),
        other => other.clone(),
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
    fn of_what_only_has_to_be_there_no_value_is_made() {
        let mut projection = Projection::default();
        let mode = projection.want(&path("Host.PidMode"), Keep::All);
        let host = projection.want(&path("Host"), Keep::nothing());
        let user = projection.want(&path("Host.Deep.User"), Keep::All);
        let parse = |text: &str| projection.parse(text.as_bytes()).map_err(|error| error.to_string());
        let fields = parse(r#"{"Host":{"PidMode":"host","x":1,"Deep":{"User":"u"}}}"#).unwrap();
        assert_eq!(fields[host.index()], Some(json!({})));
        assert_eq!((&fields[mode.index()], &fields[user.index()]), (&Some(json!("host")), &Some(json!("u"))));
        for (written, read) in [("null", json!(null)), ("{}", json!({})), ("\"(redacted)\"", json!("(redacted)"))] {
            assert_eq!(parse(&format!(r#"{{"Host":{written}}}"#)).unwrap()[host.index()], Some(read));
        }
        assert_eq!(parse(r#"{"Host":"(redacted)"}"#).unwrap()[user.index()], Some(json!("(redacted)")));
        for blocked in ["[]", "[{}]", "1", "-1", "0.5", "true", "\"text\""] {
            let error = parse(&format!(r#"{{"Host":{blocked}}}"#)).unwrap_err();
            assert!(error.contains("what should hold `PidMode`, `Deep` is not an object"), "{error}");
        }
        assert!(parse(r#"{"Host":{"PidMode":1,"PidMode":2}}"#).is_err());
        // Whoever wants more of it gets all that is taken out of it.
        projection.want(&path("Host"), Keep::only([(path("y"), Keep::All)]));
        let fields = projection.parse(br#"{"Host":{"PidMode":"host","x":1,"y":2}}"#).unwrap();
        assert_eq!(fields[host.index()], Some(json!({"PidMode": "host", "y": 2})));
        assert_eq!(fields[mode.index()], Some(json!("host")));
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
