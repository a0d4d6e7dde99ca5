//! Which part of a field's value is kept.

use std::collections::BTreeMap;

use crate::facts::fields::path::FieldPath;

/// Which part of a field's value is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// All of it.
    All,
    /// Of objects (or of the objects in a list) only these keys.
    Fields(BTreeMap<String, Keep>),
    /// Of the values of an object, whatever their keys are, only this part of each.
    Each(Box<Keep>),
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

    /// Keeps of an object only that it is there.
    #[must_use]
    pub fn nothing() -> Self {
        Self::Fields(BTreeMap::new())
    }

    /// Whether nothing inside an object is kept.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Self::Fields(keys) if keys.is_empty())
    }

    pub(crate) fn nested(keys: &[String], below: Self) -> Self {
        keys.iter().rev().fold(below, |inner, key| Self::Fields(BTreeMap::from([(key.clone(), inner)])))
    }

    /// What is kept of the value of a key; nothing if the key is not kept.
    pub(crate) fn below(&self, key: &str) -> Option<&Self> {
        match self {
            Self::All => Some(self),
            Self::Fields(keys) => keys.get(key),
            Self::Each(below) => Some(below),
        }
    }

    /// Widens this to keep what `other` keeps besides.
    pub fn merge(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::All, _) => {}
            (_, Self::All) => *self = Self::All,
            (_, Self::Fields(keys)) if keys.is_empty() => {}
            (Self::Fields(keys), each) if keys.is_empty() => *self = each,
            (Self::Each(mine), Self::Each(other)) => mine.merge(*other),
            (Self::Each(mine), Self::Fields(keys)) => {
                for keep in keys.into_values() {
                    mine.merge(keep);
                }
            }
            (Self::Fields(keys), Self::Each(mut all)) => {
                for keep in std::mem::take(keys).into_values() {
                    all.merge(keep);
                }
                *self = Self::Each(all);
            }
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
