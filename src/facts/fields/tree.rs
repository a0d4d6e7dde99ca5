//! The wanted fields of a kind as a tree of keys.

use serde::de;
use serde_json::Value;

use crate::facts::fields::keep::Keep;

/// Number of a projected field within its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub(super) usize);

impl Slot {
    /// The slot's place in [`Projection::parse`]'s result.
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// The projected fields of one object, by slot.
pub type Fields = Vec<Option<Value>>;

/// Something stands where an object with these fields should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("what should hold `{}` is not an object", .0.join("`, `"))]
pub(crate) struct Blocked(Vec<String>);

/// A key on the way to wanted fields, with the keys below it.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Its number in the tree, from 0 at the root.
    pub(crate) number: usize,
    /// The field that it is itself, if that is wanted.
    pub(crate) slot: Option<(Slot, Keep)>,
    pub(crate) children: Vec<(String, Node)>,
    /// Marks of the children's keys: most keys of an object are not wanted, and have a mark that none of these has.
    marks: u64,
}

/// A bit that equal keys share.
fn mark(key: &str) -> u64 {
    let last = key.bytes().next_back().map_or(0, usize::from);
    1 << ((key.len() * 5 + last) % 64)
}

impl Node {
    pub(crate) fn new(number: usize) -> Self {
        Self { number, slot: None, children: Vec::new(), marks: 0 }
    }

    /// Adds a child; returns its place.
    pub(crate) fn add(&mut self, key: &str, child: Self) -> usize {
        self.children.push((key.to_owned(), child));
        self.marks |= mark(key);
        self.children.len() - 1
    }

    /// The place of a key's child.
    pub(crate) fn child(&self, key: &str) -> Option<usize> {
        if self.marks & mark(key) == 0 {
            return None;
        }
        self.children.iter().position(|(known, _)| known == key)
    }

    /// What is kept back as a whole is so in all its parts.
    pub(crate) fn hide(&self, hidden: &'static str, fields: &mut Fields) {
        for (_, child) in &self.children {
            if let Some((slot, _)) = &child.slot {
                fields[slot.index()] = Some(hidden.into());
            }
            child.hide(hidden, fields);
        }
    }

    /// Why the fields inside this one cannot be had. They are not absent: nobody knows.
    pub(crate) fn blocked(&self) -> Blocked {
        Blocked(self.children.iter().map(|(key, _)| key.clone()).collect())
    }

    pub(crate) fn no_object<E: de::Error>(&self) -> Result<(), E> {
        if self.children.is_empty() { Ok(()) } else { Err(E::custom(self.blocked())) }
    }

    /// What is wanted of the fields inside this one.
    pub(crate) fn below(&self) -> Keep {
        let inside = |child: &Self| {
            let mut keep = child.below();
            if let Some((_, own)) = &child.slot {
                keep.merge(own.clone());
            }
            keep
        };
        Keep::Fields(self.children.iter().map(|(key, child)| (key.clone(), inside(child))).collect())
    }
}
