//! Finds the line and column of a node in a YAML text.
//!
//! A parsed YAML value does not know where it stood. Where a problem has to be shown, the text is
//! walked again along the path of the node, and reading is made to fail exactly there: the error
//! carries the place. Where every element of a list needs its place, one walk finds them all
//! ([`places`]), because a walk reads the whole text.

use std::cell::{Cell, RefCell};
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
    let goal = if key { Goal::Key } else { Goal::Value };
    let location = walk(text, Seek { path, goal }).err()?.location()?;
    Some(Place { line: location.line(), column: location.column() })
}

/// Where the mappings in the list at `path` begin, each by its first key: found in one walk, however many they are.
/// Elements of another shape have no place here.
pub(crate) fn places(text: &str, path: &[Step]) -> Vec<Option<Place>> {
    let found = RefCell::default();
    // A text that cannot be walked to its end has the places up to there.
    let _ = walk(text, Seek { path, goal: Goal::Elements(&found) });
    found.into_inner()
}

fn walk(text: &str, seek: Seek<'_>) -> Result<(), serde_yaml::Error> {
    #[cfg(test)]
    WALKS.with(|walks| walks.set(walks.get() + 1));
    seek.deserialize(serde_yaml::Deserializer::from_str(text))
}

#[cfg(test)]
thread_local! {
    /// What grows with the elements of a file is noticed without a clock.
    static WALKS: Cell<usize> = const { Cell::new(0) };
}

/// How often this thread walked a text.
#[cfg(test)]
pub(crate) fn walks() -> usize {
    WALKS.get()
}

/// What a walk looks for at the end of its path.
#[derive(Clone, Copy)]
enum Goal<'p> {
    Key,
    Value,
    Elements(&'p RefCell<Vec<Option<Place>>>),
}

struct Seek<'p> {
    path: &'p [Step],
    goal: Goal<'p>,
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
        let stop = matches!(self.goal, Goal::Key) && rest.is_empty();
        while let Some(found) = map.next_key_seed(KeySeek { wanted, stop })? {
            if found {
                return map.next_value_seed(Seek { path: rest, goal: self.goal });
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if let (true, Goal::Elements(found)) = (self.path.is_empty(), self.goal) {
            while let Some(place) = seq.next_element_seed(First)? {
                found.borrow_mut().push(place);
            }
            return Ok(());
        }
        let Some((Step::Index(wanted), rest)) = self.path.split_first() else { return here() };
        for _ in 0..*wanted {
            seq.next_element::<IgnoredAny>()?;
        }
        seq.next_element_seed(Seek { path: rest, goal: self.goal })?;
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

/// Reads one element of a list to its end and says where the first key of a mapping stood.
struct First;

impl<'de> DeserializeSeed<'de> for First {
    type Value = Option<Place>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Place>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for First {
    type Value = Option<Place>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Place>, A::Error> {
        let seen = Cell::new(false);
        let place = match map.next_key_seed(Refuse { seen: &seen }) {
            Ok(_) => return Ok(None),
            // The key is read when it is refused, so that its value is next. Any other failure ends the walk.
            Err(error) if seen.get() => stated(&error.to_string()),
            Err(error) => return Err(error),
        };
        map.next_value::<IgnoredAny>()?;
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(place)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<Place>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Option<Place>, E> {
        Ok(None)
    }
    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Option<Place>, E> {
        Ok(None)
    }
    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Option<Place>, E> {
        Ok(None)
    }
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Option<Place>, E> {
        Ok(None)
    }
    fn visit_str<E: de::Error>(self, _: &str) -> Result<Option<Place>, E> {
        Ok(None)
    }
    fn visit_unit<E: de::Error>(self) -> Result<Option<Place>, E> {
        Ok(None)
    }
}

/// The place that an error's text ends with: an error of a generic reader has no other way to it.
fn stated(error: &str) -> Option<Place> {
    let (_, place) = error.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    Some(Place { line: line.parse().ok()?, column: column.parse().ok()? })
}

/// Refuses a key, for the place in the failure.
struct Refuse<'s> {
    seen: &'s Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Refuse<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Refuse<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        self.seen.set(true);
        here()
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

    #[test]
    fn all_elements_of_a_list_are_found_in_one_walk() {
        let text = "a: 1\nlist:\n  - { rule: V-1, node: [n] }\n  - rule: |\n      - no: element\n    node: {}\n  - word\n  \
                    - [1, { rule: V-2 }]\n  - {}\n  - &same\n    \"rule\": x\n  - null\n  - 1.5\n  - rule: last\n";
        let path = [Step::Key("list".into())];
        let found: Vec<_> = places(text, &path).into_iter().map(|place| place.map(|at| (at.line, at.column))).collect();
        let (mut expected, none) = (vec![Some((3, 7)), Some((4, 5))], [None; 3]);
        expected.extend(none);
        expected.extend([Some((11, 5)), None, None, Some((14, 5))]);
        assert_eq!(found, expected);
        assert_eq!(places("- { 1: x, 2: y }\n- b: 1\n", &[]).len(), 2);
    }

    #[test]
    fn what_cannot_be_walked_to_its_end_has_the_places_up_to_there() {
        for text in ["- b: 1\n- { [x]: y }\n- c: 1\n", "- b: 1\n- !tag { c: 1 }\n", "- b: 1\n- { ? { x: y } : z }\n"] {
            assert_eq!(places(text, &[]).first(), Some(&Some(Place { line: 1, column: 3 })), "{text}");
        }
        assert!(places("a: 1\n", &[]).is_empty() && places("a: 1\n", &[Step::Key("b".into())]).is_empty());
        assert!(places("- a: {\n", &[]).is_empty());
    }
}
