//! Finds the line and column of a node in a YAML text.
//!
//! A parsed YAML value does not know where it stood. Where a problem has to be shown, the text is
//! walked again along the path of the node, and reading is made to fail exactly there: the error
//! carries the place.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// One step from a YAML node to a node inside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// To the value of a key.
    Key(String),
    /// To an element of a list.
    Index(usize),
}

/// Line and column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column, in characters.
    pub column: usize,
}

/// Where the node at `path` begins; with `key`, where its key begins.
pub(crate) fn locate(text: &str, path: &[Step], key: bool) -> Option<Place> {
    let outcome = Seek { path, key }.deserialize(serde_yaml::Deserializer::from_str(text));
    let location = outcome.err()?.location()?;
    Some(Place { line: location.line(), column: location.column() })
}

struct Seek<'p> {
    path: &'p [Step],
    key: bool,
}

/// The failure that carries the place.
fn here<T, E: de::Error>() -> Result<T, E> {
    Err(E::custom("here"))
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((Step::Key(wanted), rest)) = self.path.split_first() else { return here() };
        let stop = self.key && rest.is_empty();
        while let Some(found) = map.next_key_seed(KeySeek { wanted, stop })? {
            if found {
                return map.next_value_seed(Seek { path: rest, key: self.key });
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Some((Step::Index(wanted), rest)) = self.path.split_first() else { return here() };
        for _ in 0..*wanted {
            seq.next_element::<IgnoredAny>()?;
        }
        seq.next_element_seed(Seek { path: rest, key: self.key })?;
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        here()
    }
    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        here()
    }
    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        here()
    }
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        here()
    }
    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        here()
    }
    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        here()
    }
}

struct KeySeek<'p> {
    wanted: &'p str,
    stop: bool,
}

impl<'de> DeserializeSeed<'de> for KeySeek<'_> {
    type Value = bool;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeek<'_> {
    type Value = bool;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_str<E: de::Error>(self, key: &str) -> Result<bool, E> {
        if key == self.wanted && self.stop {
            return Err(E::custom("here"));
        }
        Ok(key == self.wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_found() {
        let text = "id: V-1\nchecks:\n  - each: docker.info\n    must: { Name: { equals: 1, nto: x } }\n";
        let key = |name: &str| Step::Key(name.into());
        let must = [key("checks"), Step::Index(0), key("must"), key("Name"), key("nto")];
        assert_eq!(locate(text, &must, true), Some(Place { line: 4, column: 32 }));
        assert_eq!(locate(text, &must, false), Some(Place { line: 4, column: 37 }));
        assert_eq!(locate(text, &[key("id")], false), Some(Place { line: 1, column: 5 }));
        assert_eq!(locate(text, &[key("checks"), Step::Index(0)], false).map(|p| p.line), Some(3));
    }
}
