//! Docker prints images in two forms; facts have one.
//!
//! `docker images --format '{{json .}}'` prints a line per tag (`Repository`, `Tag`, `ID`), while
//! `docker image inspect` prints an object per image with all its tags (`RepoTags`, `Id`). A fact of
//! kind `docker.image` is one tag.

use serde_json::Value;

use crate::facts::fields::keep::Keep;
use crate::facts::fields::path::FieldPath;
use crate::facts::fields::projection::Projection;
use crate::facts::fields::tree::{Fields, Slot};

/// Where the two forms differ.
#[derive(Debug, Clone)]
pub(crate) struct ImageSlots {
    repository: Slot,
    tag: Slot,
    id: Slot,
    inspect_tags: Slot,
    inspect_digests: Slot,
    inspect_id: Slot,
}

impl ImageSlots {
    pub(crate) fn want(projection: &mut Projection) -> Self {
        let mut slot = |key| projection.want(&FieldPath::key(key), Keep::All);
        Self {
            repository: slot("Repository"),
            tag: slot("Tag"),
            id: slot("ID"),
            inspect_tags: slot("RepoTags"),
            inspect_digests: slot("RepoDigests"),
            inspect_id: slot("Id"),
        }
    }

    /// Whether the object is an image in one of the forms.
    pub(crate) fn is_image(&self, fields: &Fields) -> bool {
        let has = |slot: Slot| fields[slot.index()].is_some();
        if has(self.inspect_id) { has(self.inspect_tags) } else { has(self.repository) || has(self.tag) }
    }

    /// The repositories that an image's digests name, each without a tag.
    fn repositories(&self, fields: &Fields) -> Vec<Value> {
        let digests = fields[self.inspect_digests.index()].as_ref().and_then(Value::as_array);
        let names = digests.into_iter().flatten().filter_map(|digest| Some(digest.as_str()?.split_once('@')?.0));
        let named: Vec<Value> = names.map(|name| Value::from(format!("{name}:<none>"))).collect();
        if named.is_empty() { vec![Value::from("<none>:<none>")] } else { named }
    }

    /// One set of fields per tag; an image without tags reads `<none>`, as `docker images` prints it.
    pub(crate) fn facts(&self, mut fields: Fields) -> Vec<Fields> {
        let inspected = fields[self.inspect_id.index()].is_some();
        if !inspected {
            return vec![fields];
        }
        let tags = match fields[self.inspect_tags.index()].take() {
            Some(Value::Array(tags)) if !tags.is_empty() => tags,
            // Swarm pulls by digest: the image has no tag, and the digest names its repository.
            _ => self.repositories(&fields),
        };
        fields[self.inspect_digests.index()] = None;
        fields[self.id.index()] = fields[self.inspect_id.index()].take();
        tags.iter()
            .map(|tag| {
                let tag = tag.as_str().unwrap_or_default();
                // The last colon may belong to a registry's port: then there is no tag.
                let (repository, tag) = match tag.rsplit_once(':') {
                    Some((repository, tag)) if !tag.contains('/') => (repository, tag),
                    _ => (tag, "<none>"),
                };
                let mut fact = fields.clone();
                fact[self.repository.index()] = Some(repository.into());
                fact[self.tag.index()] = Some(tag.into());
                fact
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_give_the_same_facts() {
        let mut projection = Projection::default();
        let slots = ImageSlots::want(&mut projection);
        let tags = |json: &str| -> Vec<String> {
            slots
                .facts(projection.parse(json.as_bytes()).unwrap())
                .iter()
                .map(|fact| {
                    let text = |slot: Slot| fact[slot.index()].as_ref().unwrap().as_str().unwrap().to_owned();
                    format!("{} {} {}", text(slots.repository), text(slots.tag), text(slots.id))
                })
                .collect()
        };
        let inspected = tags(r#"{"Id":"sha256:1","RepoTags":["r.example:5000/a/b:1.0","c:2","r.example:5000/x"]}"#);
        assert_eq!(inspected, ["r.example:5000/a/b 1.0 sha256:1", "c 2 sha256:1", "r.example:5000/x <none> sha256:1"]);
        assert_eq!(tags(r#"{"Repository":"c","Tag":"2","ID":"sha256:1"}"#), ["c 2 sha256:1"]);
        assert_eq!(tags(r#"{"Id":"sha256:1","RepoTags":[]}"#), ["<none> <none> sha256:1"]);
        let pulled = r#"{"Id":"sha256:1","RepoTags":[],"RepoDigests":["r.example:5000/a/b@sha256:2"]}"#;
        assert_eq!(tags(pulled), ["r.example:5000/a/b <none> sha256:1"]);
    }
}
