//! The map of names: private, written once and used again, so that two snapshots agree.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::evidence::redact::names::{Category, Names};
use crate::model::limits;

/// Bytes of a map.
pub const MAX_MAP: u64 = limits::NAME_MAP;

const HEAD: &str = "\
# What the names of a snapshot became. Keep this file where only those may read it who may know the names.
# Given again with --map, it makes further snapshots agree with this one. Names under `keep` are not replaced.
";

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    keep: BTreeSet<String>,
    hosts: BTreeMap<String, String>,
    domains: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
    addresses: BTreeMap<String, String>,
    images: BTreeMap<String, String>,
    namespaces: BTreeMap<String, String>,
}

impl File {
    fn part(&mut self, category: Category) -> &mut BTreeMap<String, String> {
        match category {
            Category::Hosts => &mut self.hosts,
            Category::Domains => &mut self.domains,
            Category::People => &mut self.people,
            Category::Addresses => &mut self.addresses,
            Category::Images => &mut self.images,
            Category::Namespaces => &mut self.namespaces,
        }
    }
}

/// A map that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// It is no YAML of this form.
    #[error("it is not a map of names; see {0}")]
    Yaml(String),
    /// A name that cannot be told apart or replaced.
    #[error("`{name}` under `{under}`: {why}")]
    Name {
        /// The name.
        name: String,
        /// The category.
        under: &'static str,
        /// Why.
        why: &'static str,
    },
}

impl Names {
    /// Reads a map.
    ///
    /// # Errors
    /// What is no map, a name that is given twice, and a replacement that could not stand everywhere.
    pub fn read(text: &str) -> Result<Self, MapError> {
        let file: Result<Option<File>, _> = serde_yaml::from_str(text);
        // The parser's message may quote a name.
        let mut file = match file {
            Ok(file) => file.unwrap_or_default(),
            Err(error) => {
                let place = error.location().map(|at| format!("line {}", at.line()));
                return Err(MapError::Yaml(place.unwrap_or_else(|| "README.md".to_owned())));
            }
        };
        let mut names = Self::default();
        names.keep.extend(file.keep.iter().map(|name| name.to_ascii_lowercase()));
        let (mut olds, mut news) = (BTreeSet::new(), BTreeSet::new());
        for category in Category::ALL {
            for (old, new) in std::mem::take(file.part(category)) {
                let old = old.to_ascii_lowercase();
                let fail = |why| MapError::Name { name: old.clone(), under: category.name(), why };
                let plain = |c: char| c.is_ascii_alphanumeric() || "-._/:=,".contains(c);
                let bound = |text: &str| text.starts_with(|c: char| c.is_alphanumeric()) && text.len() <= 255;
                if old.len() < 3 || !bound(&old) || old.contains(['"', '\\', '\n']) {
                    return Err(fail("a name has 3 to 255 bytes, begins with a letter or a digit, and has no quotes"));
                }
                if !bound(&new) || !new.chars().all(plain) {
                    return Err(fail(
                        "a replacement is made of letters, digits and -._/:=, and begins with one of the first",
                    ));
                }
                if !olds.insert(old.clone()) {
                    return Err(fail("it is given twice"));
                }
                if !news.insert(new.clone()) && category != Category::Addresses {
                    return Err(fail("its replacement is another name's too"));
                }
                names.mapped.entry(category).or_default().insert(old, new);
            }
        }
        if let Some(both) = olds.intersection(&news).next() {
            return Err(MapError::Name { name: both.clone(), under: "the map", why: "it is a name and a replacement" });
        }
        Ok(names)
    }

    /// Writes the map.
    ///
    /// # Errors
    /// What the writer of YAML refuses.
    pub fn write(&self) -> Result<String, MapError> {
        let mut file = File { keep: self.keep.clone(), ..File::default() };
        for (category, names) in &self.mapped {
            file.part(*category).clone_from(names);
        }
        let yaml = serde_yaml::to_string(&file).map_err(|error| MapError::Yaml(error.to_string()))?;
        Ok(format!("{HEAD}{yaml}"))
    }

    /// How many names of a category there are.
    #[must_use]
    pub fn count(&self, category: Category) -> usize {
        self.mapped.get(&category).map_or(0, BTreeMap::len)
    }

    /// Names that could not be replaced: words of the snapshot's own format, or shorter than three characters.
    #[must_use]
    pub fn left(&self) -> &BTreeSet<String> {
        &self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_comes_back() {
        let names = Names::read("hosts: {Wrk-1: host-0001}\nkeep: [Shop]").unwrap();
        let text = names.write().unwrap();
        assert!(text.contains("wrk-1: host-0001"), "{text}");
        assert_eq!(Names::read(&text).unwrap().write().unwrap(), text);
        assert!(Names::read("").is_ok());
    }

    #[test]
    fn a_bad_map_is_refused_and_quotes_nothing() {
        for text in
            ["hosts: [secret-name", "hosts: {a: b}", "hosts: {abc: 'x y'}", "hosts: {abc: x1}\npeople: {abc: x2}"]
        {
            let error = Names::read(text).unwrap_err().to_string();
            assert!(!error.contains("secret-name"), "{error}");
        }
        assert!(Names::read("hosts: {abc: xyz}\npeople: {xyz: q}").is_err());
        assert!(Names::read("hosts: {abc: xyz}\npeople: {def: xyz}").is_err());
    }
}
