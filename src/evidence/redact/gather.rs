//! Gathers the names of a snapshot: from the fields that hold them, and from what reads as an address or a host anywhere.

use std::cell::RefCell;
use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::evidence::redact::names::{Category, Names};

/// The value at hand: under which keys it stands.
#[derive(Clone, Copy)]
struct Seed<'n, 'm, 'k> {
    names: &'n RefCell<&'m mut Names>,
    /// The key of the object or list that it is in.
    above: &'k str,
    key: &'k str,
    /// What the member is: its file name without its end.
    file: &'k str,
}

/// Reads documents of JSON, as far as they are JSON.
pub(super) fn json(reader: impl Read, file: &str, names: &mut Names) {
    let names = RefCell::new(names);
    let mut documents = serde_json::Deserializer::from_reader(reader);
    let seed = Seed { names: &names, above: "", key: "", file };
    while seed.deserialize(&mut documents).is_ok() {}
}

impl Seed<'_, '_, '_> {
    fn text(&self, text: &str) {
        let mut names = self.names.borrow_mut();
        match (self.above, self.key) {
            (_, "nodeName" | "NodeName" | "kubernetes.io/hostname") | ("Description", "Hostname") => {
                names.host(text, true);
            }
            ("metadata" | "involvedObject" | "subjects", "namespace")
            | (_, "io.kubernetes.pod.namespace" | "com.docker.stack.namespace") => {
                names.found(Category::Namespaces, text);
            }
            (_, "image" | "Image" | "RepoTags" | "RepoDigests" | "imageID" | "ContainerImage") => {
                image(text, &mut names);
            }
            ("images", "names") => image(text, &mut names),
            ("", "Name") if self.file == "info" => names.host(text, true),
            (_, "userName" | "username" | "fullName" | "memberName" | "email" | "readerDN" | "authorName") => {
                names.found(Category::People, text);
            }
            _ => {}
        }
    }

    /// An object of its own that is named.
    fn object(&self, kind: &str, name: &str) {
        let mut names = self.names.borrow_mut();
        match (self.file, self.above, self.key, kind) {
            ("nodes", _, "metadata", _) => names.host(name, true),
            ("namespaces", _, "metadata", _) => names.found(Category::Namespaces, name),
            (_, _, "subjects", "User" | "Group") => names.found(Category::People, name),
            ("accounts" | "teams" | "organizations", _, _, _) => names.found(Category::People, name),
            _ => {}
        }
    }
}

/// An image's repository, and the host that has it.
fn image(text: &str, names: &mut Names) {
    let text = text.strip_prefix("docker-pullable://").unwrap_or(text);
    let text = text.split_once('@').map_or(text, |(name, _)| name);
    if text.starts_with("sha256:") || text.starts_with('<') {
        return;
    }
    let (host, path) = match text.split_once('/') {
        Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => (host, path),
        _ => ("", text),
    };
    names.host(host.split(':').next().unwrap_or_default(), false);
    let path = path.split(':').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let makers =
        ["mirantis/", "docker/", "calico/", "mirantiseng/", "msr/"].iter().any(|maker| path.starts_with(maker));
    let own = ["ucp-", "dtr-", "msr-", "kube-", "calico-"].iter().any(|own| last.starts_with(own));
    if !makers && !own {
        names.found(Category::Images, path);
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_, '_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Bytes of a text that may be a name.
const LONGEST: usize = 1024;

impl<'de> Visitor<'de> for Seed<'_, '_, '_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        if text.len() > LONGEST {
            return Ok(None);
        }
        self.text(text);
        Ok(matches!(self.key, "kind" | "name").then(|| text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element_seed(self)?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut kind, mut name) = (String::new(), String::new());
        while let Some(key) = map.next_key::<String>()? {
            if key.len() > LONGEST {
                return Err(A::Error::custom("a key is too long"));
            }
            let value = map.next_value_seed(Seed { above: self.key, key: &key, ..self })?;
            match (key.as_str(), value) {
                ("kind", Some(value)) => kind = value,
                ("name", Some(value)) => name = value,
                _ => {}
            }
        }
        if !name.is_empty() {
            self.object(&kind, &name);
        }
        Ok(None)
    }
}
