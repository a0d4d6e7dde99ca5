//! What is known only when everything has been read, and what conditions compare with it.
//!
//! The running version, the time of the collection, values of the SSP and the values of a field in all facts of another
//! kind. A condition that needs one of them is asked at the end, of the few objects that were kept for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::Value;

use crate::facts::{FieldPath, Lookup, REDACTED};
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
    /// Whether a fact was read that does not say its value.
    pub silent: bool,
}

/// A field of another kind's facts, in which a value must stand.
#[derive(Debug, Clone)]
pub struct Others {
    /// The kind.
    pub kind: Kind,
    /// The field.
    pub field: FieldPath,
    /// Where the field is a list of objects, the field of each of them.
    pub each: Option<FieldPath>,
    /// What stands before each value and is no part of it.
    pub behind: String,
    /// Which facts of it.
    pub filter: Option<Matcher<FieldPath>>,
    /// Whether images are compared, by their registry and namespace alone.
    pub folder: bool,
    /// Whether the values tell nothing where there is none, or where they differ.
    pub agreed: bool,
    /// Its name among others, once it was asked for: every object that is compared asks.
    pub(crate) key: OnceLock<String>,
}

impl Others {
    /// A field of a kind's facts, of all of them and as it stands.
    pub(crate) fn new(kind: Kind, field: FieldPath) -> Self {
        let (each, filter, key) = (None, None, OnceLock::new());
        Self { kind, field, each, behind: String::new(), filter, folder: false, agreed: false, key }
    }

    /// Its name among others, in words.
    #[must_use]
    pub fn key(&self) -> &str {
        self.key.get_or_init(|| self.name())
    }

    fn name(&self) -> String {
        let filter = self.filter.as_ref().map(|filter| format!(" with {}", filter.words())).unwrap_or_default();
        let part = if self.folder { "registry and namespace of " } else { "" };
        let agreed = if self.agreed { ", where these agree" } else { "" };
        format!("{part}{} of a {}{filter}{agreed}", self.path(), self.kind)
    }

    /// The field in words, as far as its values.
    fn path(&self) -> String {
        let each = self.each.as_ref().map(|each| format!("[].{each}")).unwrap_or_default();
        let behind = if self.behind.is_empty() { String::new() } else { format!(" behind {}", self.behind) };
        format!("{}{each}{behind}", self.field)
    }

    /// What the values are, in few words.
    pub(crate) fn words(&self) -> String {
        let part = if self.folder { "registry and namespace of " } else { "" };
        format!("{part}`{}` in {}", self.path(), self.kind)
    }

    /// The values with which others are compared; none where the field is not there or is of another type. An
    /// object of a list that lacks the field has no value to compare with.
    pub(crate) fn values<'v>(&self, value: Option<&'v Value>) -> Option<Vec<&'v str>> {
        let told = |value: &'v Value| value.as_str().filter(|text| *text != REDACTED);
        let behind = |text: &'v str| text.strip_prefix(self.behind.as_str());
        let Some(each) = &self.each else {
            return Some(behind(value?.as_str()?).into_iter().collect());
        };
        let mut values = Vec::new();
        for object in value?.as_array()? {
            match each.lookup(object) {
                Lookup::Found(value) => values.extend(behind(told(value)?)),
                Lookup::Absent => {}
                Lookup::Blocked(_) => return None,
            }
        }
        Some(values)
    }

    /// What is compared of a value; none of an image that is known by its id alone.
    #[must_use]
    pub fn compared<'t>(&self, text: &'t str) -> Option<&'t str> {
        if self.folder { image_folder(text) } else { Some(text) }
    }
}

/// The registry and namespace of an image; none of one that is known by its id alone.
///
/// ```
/// use mke_stig::rules::image_folder;
///
/// assert_eq!(image_folder("registry.example:5000/mke/ucp-agent:3.7.7"), Some("registry.example:5000/mke"));
/// assert_eq!(image_folder("docker.io/mirantis/ucp-agent@sha256:0123456789ab"), Some("mirantis"));
/// assert_eq!(image_folder("nginx:1.25"), Some(""));
/// assert_eq!(image_folder("sha256:0123456789ab"), None);
/// ```
#[must_use]
pub fn image_folder(image: &str) -> Option<&str> {
    let id = image.strip_prefix("sha256:").unwrap_or(image);
    if (12..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let folder = image.rsplit_once('/').map_or("", |(folder, _)| folder);
    let home = ["docker.io/", "index.docker.io/", "registry-1.docker.io/"];
    Some(home.iter().find_map(|host| folder.strip_prefix(host)).unwrap_or(folder))
}

/// The SHA-256 of a text without its white space, so that texts which only break their lines
/// elsewhere are equal.
#[must_use]
pub(crate) fn text_digest(text: &str) -> String {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    Digest::of(bare.as_bytes()).to_string()
}
