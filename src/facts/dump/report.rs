//! The report of a node, and that of a whole dump, which repeats every file as a value of one object.
//!
//! The table of kinds tells which sections and files hold facts. Whatever else stands at the root may be a node:
//! it is entered, and what is wanted of it is found by the same names as in a folder.

use serde_json::Value;

use crate::facts::dump::walk::{Keys, Want};
use crate::layout;
use crate::layout::{DumpFile, DumpForm, Kind, Owner, Place};

/// A value of a report that holds facts.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) at: String,
    pub(crate) place: Place,
    pub(crate) fallback: bool,
    pub(crate) value: Result<Value, serde_json::Error>,
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
    Section { kind: Kind, node: Option<String> },
    File { kind: Kind, owner: Owner },
}

impl Sections<'_> {
    fn sort(&self, path: &[String]) -> Option<Sort> {
        if let Some(kind) = layout::section(path) {
            return Some(Sort::Section { kind, node: None });
        }
        if !self.root {
            return None;
        }
        match path {
            [file] => match layout::dump_file(file)? {
                DumpFile::Facts(place) => Some(Sort::File { kind: in_a_report(place.kind)?, owner: Owner::Cluster }),
                _ => None,
            },
            [node, file, section @ ..] => match layout::dump_file(&format!("{node}/{file}"))? {
                DumpFile::Report { .. } => {
                    Some(Sort::Section { kind: layout::section(section)?, node: Some(node.clone()) })
                }
                DumpFile::Facts(place) if section.is_empty() => {
                    Some(Sort::File { kind: in_a_report(place.kind)?, owner: Owner::Folder(self.below(node)) })
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

/// The kind of a file, if the report holds the file as a value; the id of the cluster it holds otherwise.
fn in_a_report(kind: Kind) -> Option<Kind> {
    (kind.dump_form() != Some(DumpForm::InstanceId)).then_some(kind)
}

impl Keys for Sections<'_> {
    fn want(&mut self, path: &[String]) -> Want {
        if self.sort(path).is_some() {
            return Want::Take;
        }
        let is_report = |node: &str, file: &str| {
            self.root && matches!(layout::dump_file(&format!("{node}/{file}")), Some(DumpFile::Report { .. }))
        };
        let enter = match path {
            _ if layout::within_sections(path) => true,
            // Whatever is neither a section nor a file may be a node.
            [name] => self.root && layout::dump_file(name).is_none(),
            [node, file] => is_report(node, file),
            [node, file, section @ ..] => is_report(node, file) && layout::within_sections(section),
            [] => false,
        };
        if enter { Want::Enter } else { Want::Skip }
    }

    fn value(&mut self, path: &[String], text: &[u8]) {
        let Some(sort) = self.sort(path) else { return };
        let value = serde_json::from_slice(text);
        let at = path.iter().map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1"))).collect();
        let found = match sort {
            Sort::Section { kind, node } => {
                let fallback = kind.dump_form() == Some(DumpForm::Inspections) || node.is_some();
                let owner = Owner::Folder(node.map_or_else(|| self.folder.to_owned(), |node| self.below(&node)));
                Found { at, place: Place { kind, owner }, fallback, value }
            }
            Sort::File { kind, owner } => Found { at, place: Place { kind, owner }, fallback: true, value },
        };
        (self.show)(found);
    }
}
