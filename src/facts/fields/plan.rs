//! What is wanted of a snapshot: the kinds, and of each kind the fields.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::facts::certificate::Anchors;
use crate::facts::fields::docker_image::ImageSlots;
use crate::facts::fields::keep::Keep;
use crate::facts::fields::path::FieldPath;
use crate::facts::fields::projection::Projection;
use crate::facts::fields::tree::{Fields, Slot};
use crate::layout::Kind;

/// Number of a kind within a [`Plan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(usize);

impl KindId {
    /// The number, from 0 to [`Plan::len`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// The kinds that are wanted, each with its projection.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    ids: BTreeMap<Kind, KindId>,
    kinds: Vec<Planned>,
    /// Authorities whose certificates are trusted; without any, no fact says whether one is.
    pub anchors: Anchors,
}

#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) kind: Kind,
    pub(crate) projection: Projection,
    /// Where a Kubernetes object says its own kind.
    pub(crate) own_kind: Option<Slot>,
    /// Fields without which an object is not of the kind.
    pub(crate) marks: Vec<Slot>,
    /// Fields below which settings stand: without them, settings are unknown.
    pub(crate) shape: Vec<Slot>,
    /// Tables without which a document is not whole.
    pub(crate) whole_with: Vec<FieldPath>,
    /// Where a program says what it could not reach.
    pub(crate) errors: Option<Slot>,
    /// Where a program prints nothing if it reached nothing.
    pub(crate) never_empty: Option<Slot>,
    /// Where the two forms of a list of images differ.
    pub(crate) image: Option<ImageSlots>,
}

impl Plan {
    /// Asks for a kind, even if none of its fields is wanted.
    pub fn kind(&mut self, kind: &Kind) -> KindId {
        if let Some(id) = self.ids.get(kind) {
            return *id;
        }
        let id = KindId(self.kinds.len());
        let mut projection = Projection::default();
        let own_kind = kind.kubernetes().is_some().then(|| projection.want(&FieldPath::key("kind"), Keep::All));
        let image = (kind.name() == "docker.image").then(|| ImageSlots::want(&mut projection));
        let mut slots = |paths: &[&str], keep: &Keep| -> Vec<Slot> {
            let paths = paths.iter().filter_map(|path| path.parse::<FieldPath>().ok());
            paths.map(|path| projection.want(&path, keep.clone())).collect()
        };
        let marks = slots(kind.marks(), &Keep::All);
        let shape = slots(kind.shape(), &Keep::nothing());
        let whole_with = kind.whole_with().iter().filter_map(|path| path.parse().ok()).collect();
        let errors = slots(kind.errors().as_slice(), &Keep::All).pop();
        let never_empty = slots(kind.never_empty().as_slice(), &Keep::All).pop();
        let kind = kind.clone();
        self.ids.insert(kind.clone(), id);
        self.kinds.push(Planned { kind, projection, own_kind, marks, shape, whole_with, errors, never_empty, image });
        id
    }

    /// Asks for a field of a kind.
    pub fn want(&mut self, kind: &Kind, path: &FieldPath, keep: Keep) -> (KindId, Slot) {
        let id = self.kind(kind);
        (id, self.kinds[id.0].projection.want(path, keep))
    }

    /// The number of a kind, if it is wanted.
    #[must_use]
    pub fn id(&self, kind: &Kind) -> Option<KindId> {
        self.ids.get(kind).copied()
    }

    /// The kind of a number.
    #[must_use]
    pub fn name(&self, id: KindId) -> &Kind {
        &self.kinds[id.0].kind
    }

    /// The path of a field.
    #[must_use]
    pub fn path(&self, id: KindId, slot: Slot) -> &FieldPath {
        self.kinds[id.0].projection.path(slot)
    }

    /// How many kinds are wanted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether nothing is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// The fields that are wanted of a kind.
    #[must_use]
    pub fn projection(&self, id: KindId) -> &Projection {
        &self.kinds[id.0].projection
    }

    pub(crate) fn planned(&self, id: KindId) -> &Planned {
        &self.kinds[id.0]
    }
}

impl Planned {
    /// The field for want of which an object is not of this kind.
    pub(crate) fn lacks(&self, fields: &Fields) -> Option<String> {
        if self.image.as_ref().is_some_and(|image| !image.is_image(fields)) {
            return Some("RepoTags` or `Repository".to_owned());
        }
        let is_empty = |value: &Value| value.is_null() || value == "" || *value == Value::Array(Vec::new());
        let lacks = |slot: &&Slot| fields[slot.index()].as_ref().is_none_or(is_empty);
        let lacking = self.marks.iter().chain(&self.shape).find(lacks)?;
        Some(self.projection.path(*lacking).to_string())
    }

    /// What the program that printed an object could not reach, in its own words.
    pub(crate) fn not_reached(&self, fields: &Fields) -> Option<String> {
        self.told_errors(fields).or_else(|| {
            let slot = self.never_empty?;
            let empty = match fields[slot.index()].as_ref()? {
                Value::Null => true,
                Value::String(text) => text.trim().is_empty(),
                _ => false,
            };
            empty.then(|| format!("`{}` is empty", self.projection.path(slot)))
        })
    }

    fn told_errors(&self, fields: &Fields) -> Option<String> {
        let told = fields[self.errors?.index()].as_ref()?;
        let texts = match told {
            Value::Array(texts) => texts.iter().map(|text| text.as_str().unwrap_or("an error")).collect(),
            Value::String(text) => vec![text.as_str()],
            _ => Vec::new(),
        };
        (!texts.is_empty()).then(|| texts.join("; "))
    }

    /// What an object of this kind calls itself, where it does.
    pub(crate) fn own_kind<'f>(&self, fields: &'f Fields) -> Option<&'f str> {
        self.own_kind.and_then(|slot| fields[slot.index()].as_ref()).and_then(Value::as_str)
    }
}
