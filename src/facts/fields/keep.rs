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

    pub(crate) fn nested(keys: &[String], below: Self) -> Self {
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
