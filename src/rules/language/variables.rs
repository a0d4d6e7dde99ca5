//! What is known only when everything has been read, and what conditions compare with it.
//!
//! The running version, the time of the collection, values of the SSP and the values of a field in all facts of another
//! kind. A condition that needs one of them is asked at the end, of the few objects that were kept for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::FieldPath;
use crate::layout::Kind;
use crate::model::digest::Digest;
use crate::rules::language::matcher::Matcher;

/// The variable that holds the time of the collection.
pub(crate) const COLLECTED: &str = "collected";

/// What is known only when all was read.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    /// Values that rules name with `$`, such as `mke.version`; those that are not known are not in it.
    pub values: BTreeMap<String, String>,
    /// What stands in fields of other kinds, by [`Others::key`].
    pub others: BTreeMap<String, Found>,
    /// `manager` or `worker`, by node.
    pub roles: BTreeMap<String, &'static str>,
}

/// The values of a field in all facts of a kind.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The values.
    pub values: BTreeSet<String>,
    /// Whether more values may be there that were not read.
    pub unsure: bool,
}

/// A field of another kind's facts, in which a value must stand.
#[derive(Debug, Clone)]
pub struct Others {
    /// The kind.
    pub kind: Kind,
    /// The field.
    pub field: FieldPath,
    /// Which facts of it.
    pub filter: Option<Matcher<FieldPath>>,
}

impl Others {
    /// Its name among others, in words.
    #[must_use]
    pub fn key(&self) -> String {
        let filter = self.filter.as_ref().map(|filter| format!(" with {}", filter.words())).unwrap_or_default();
        format!("{} of a {}{filter}", self.field, self.kind)
    }
}

/// The SHA-256 of a text without its white space, so that texts which only break their lines
/// elsewhere are equal.
#[must_use]
pub(crate) fn text_digest(text: &str) -> String {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    Digest::of(bare.as_bytes()).to_string()
}
