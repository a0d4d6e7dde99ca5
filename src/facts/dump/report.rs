//! The report of a node, and that of a whole dump, which repeats every file as a value of one object.

use serde_json::Value;

use crate::facts::dump::walk::{Keys, Want};
use crate::layout;
use crate::layout::{Owner, Piece, section};

/// A value of a report that holds facts.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) at: String,
    pub(crate) kind: &'static str,
    pub(crate) owner: Owner,
    pub(crate) spare: bool,
    pub(crate) value: Result<Value, String>,
}

/// Tells which values of a report are wanted, and shows them.
pub(crate) struct Sections<'r> {
    /// The folder in which the report lies.
    pub(crate) folder: &'r str,
    /// Whether it may be the report of a whole dump.
    pub(crate) root: bool,
    /// Told of each value that is found.
    pub(crate) show: &'r mut dyn FnMut(Found),
}

/// What the value at a path of keys is, if it is wanted.
enum Sort {
    Section { kind: &'static str, node: Option<String> },
    File { kind: &'static str, owner: Owner },
}

impl Sections<'_> {
    fn sort(&self, path: &[String]) -> Option<Sort> {
        let of = |section: &[String], node: Option<String>| match section {
            [name] if name != "container_info" => Some(Sort::Section { kind: layout::section(name)?, node }),
            [name, inspect] if name == "container_info" && inspect == "inspect" => {
                Some(Sort::Section { kind: "docker.container", node })
            }
            _ => None,
        };
        if let Some(sort) = of(path, None) {
            return Some(sort);
        }
        if !self.root {
            return None;
        }
        match path {
            [file] => match layout::piece(file)? {
                Piece::Facts(place) => Some(Sort::File { kind: known(place.kind.name())?, owner: Owner::Cluster }),
                Piece::Configuration => Some(Sort::File { kind: "mke.config", owner: Owner::Cluster }),
                _ => None,
            },
            [node, file, section @ ..] => match layout::piece(&format!("{node}/{file}"))? {
                Piece::Report { .. } => of(section, Some(node.clone())),
                Piece::Facts(place) if section.is_empty() => {
                    Some(Sort::File { kind: known(place.kind.name())?, owner: Owner::Folder(self.below(node)) })
                }
                _ => None,
            },
            [] => None,
        }
    }

    fn below(&self, node: &str) -> String {
        if self.folder.is_empty() { node.to_owned() } else { format!("{}/{node}", self.folder) }
    }
}

/// The kinds that a file of a dump holds by itself.
fn known(kind: &str) -> Option<&'static str> {
    const KINDS: [&str; 5] = ["docker.node", "docker.service", "docker.task", "docker.container", "mke.telemetry"];
    KINDS.into_iter().find(|known| *known == kind)
}

impl Keys for Sections<'_> {
    fn want(&mut self, path: &[String]) -> Want {
        if self.sort(path).is_some() {
            return Want::Take;
        }
        match path {
            [name] if name == "container_info" => Want::Enter,
            // Whatever is neither a section nor a file may be a node.
            [name] if self.root && section(name).is_none() && layout::piece(name).is_none() => Want::Enter,
            [node, file]
                if self.root && matches!(layout::piece(&format!("{node}/{file}")), Some(Piece::Report { .. })) =>
            {
                Want::Enter
            }
            [.., name] if self.root && path.len() == 3 && name == "container_info" => Want::Enter,
            _ => Want::Skip,
        }
    }

    fn value(&mut self, path: &[String], text: &[u8]) {
        let Some(sort) = self.sort(path) else { return };
        let value = serde_json::from_slice(text).map_err(|error| format!("it is not valid JSON: {error}"));
        let at = path.iter().map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1"))).collect();
        let found = match sort {
            Sort::Section { kind, node } => {
                let spare = kind == "docker.container" || node.is_some();
                let owner = Owner::Folder(node.map_or_else(|| self.folder.to_owned(), |node| self.below(&node)));
                Found { at, kind, owner, spare, value }
            }
            Sort::File { kind, owner } => Found { at, kind, owner, spare: true, value },
        };
        (self.show)(found);
    }
}
