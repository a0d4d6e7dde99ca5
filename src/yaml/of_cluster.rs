//! The cluster that a file of people's decisions is about: its key `cluster`, with the place where it stands.

use crate::yaml::{Checker, Node, Place, Problem};

/// What a file says of the cluster that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfCluster {
    /// The id of the cluster, as snapshots and `mke-stig inspect` state it.
    pub id: String,
    file: String,
    place: Option<Place>,
}

impl OfCluster {
    /// Reads the value of `cluster`.
    pub(crate) fn read(checker: &mut Checker<'_>, file: &str, node: &Node<'_>) -> Self {
        Self { id: checker.text(node, "`cluster`"), file: file.to_owned(), place: checker.place(node) }
    }

    /// A problem with it, at its place.
    pub(crate) fn problem(&self, message: String, hint: &str) -> Problem {
        Problem { file: self.file.clone(), place: self.place, message, hint: hint.to_owned() }
    }
}
