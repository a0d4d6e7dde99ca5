//! A planted violation under one damage: what is read, and what is said of it.

use mke_stig::facts::Source;

use super::base::{Base, keep};
use super::document::Document;
use super::plant::Spot;
use crate::common::snapshot::{Files, Snapshot};

/// The inputs of one trial.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub snapshot: Snapshot,
    /// Files in the same folder of which its manifest says nothing.
    pub beside: Files,
    /// Further inputs, each a folder.
    pub more: Vec<Files>,
    pub spot: Spot,
}

impl Case {
    pub(crate) fn new(snapshot: Snapshot, spot: Spot) -> Self {
        Self { snapshot, beside: Files::new(), more: Vec::new(), spot }
    }

    /// The objects of the member with the violation; none where it is a text.
    pub(crate) fn document(&self) -> Option<Document> {
        Document::read(self.snapshot.members.get(&self.spot.path)?)
    }

    /// Whether the violation is one object of a list.
    pub(crate) fn in_list(&self) -> bool {
        self.document().is_some_and(|document| !document.lone())
    }

    /// The text of the member with the violation.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.snapshot.members[&self.spot.path].clone()).unwrap()
    }

    pub(crate) fn set(&mut self, text: impl Into<Vec<u8>>) {
        self.snapshot.set(&self.spot.path.clone(), text);
    }

    pub(crate) fn remove(&mut self, path: &str) {
        self.snapshot.members.remove(path);
        self.snapshot.disown(path);
    }

    /// The node of the member, where it is a node's.
    pub(crate) fn node(&self) -> Option<&str> {
        self.spot.path.strip_prefix("nodes/")?.split('/').next()
    }

    /// What the program would read.
    pub(crate) fn inputs(&self) -> Vec<Source> {
        let mut first = self.snapshot.files();
        first.extend(self.beside.clone());
        let all = std::iter::once(&first).chain(&self.more).enumerate();
        all.map(|(number, files)| Source::Files {
            name: format!("in{number}"),
            files: files.clone().into_iter().collect(),
        })
        .collect()
    }

    /// The rules of a list that the inputs let off, with what they say; none where nothing can be
    /// assessed any more.
    pub(crate) fn let_off(&self, base: &Base, what: &str, rules: &[&str]) -> Vec<(String, String)> {
        let inputs = self.inputs();
        let Ok(assessment) = base.try_rules(&inputs, rules) else { return Vec::new() };
        rules
            .iter()
            .map(|id| crate::common::rule(&assessment, id))
            .filter(|result| crate::common::lets_off(result.status))
            .inspect(|result| keep(base, what, &result.id, &inputs))
            .map(|result| (result.id.clone(), format!("{:?}, decided by {:?}", result.status, result.decided_by)))
            .collect()
    }
}

/// A way to hide a violation.
pub(crate) struct Hide {
    /// In the words of the list of known faults.
    pub name: &'static str,
    /// The kind of fault that a pass would be.
    pub kind: u8,
    /// Does it; says no where it does not apply.
    pub apply: fn(&mut Case) -> Option<()>,
}
