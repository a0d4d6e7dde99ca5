//! What was seen of support dumps so far, and which of their files need not be read.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::MemberMeta;
use crate::facts::member::Failure;
use crate::layout::DumpFile;

/// What was seen of support dumps. Folders are named with the archive in which they lie.
#[derive(Debug, Default)]
pub(crate) struct DumpsSeen {
    /// Folders with reports, by input.
    pub(crate) reports: BTreeSet<(usize, String)>,
    /// Folders with the files of a cluster's dump.
    pub(crate) dumps: BTreeSet<(usize, String)>,
    /// Folders of nodes with other signs of a dump.
    pub(crate) signs: BTreeSet<(usize, String)>,
    /// Files that lie as a dump's inspections of containers do: by number, the input and the folder of their node.
    pub(crate) inspections: BTreeMap<usize, (usize, String)>,
    pub(crate) failures: Vec<Failure>,
}

/// Whether a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passed {
    /// It is read now.
    Not,
    /// It is read after the others.
    Later,
    /// It is not read.
    Over,
}

impl DumpsSeen {
    /// Whether a file is not read, or later: what nobody wants is not decoded, and the report of a
    /// whole dump comes after the files that it repeats. `prefix` is the archive in which it lies.
    pub(crate) fn passed(&mut self, input: usize, prefix: &str, meta: &MemberMeta, file: &DumpFile) -> Passed {
        match file {
            _ if !meta.lazy => Passed::Not,
            DumpFile::Ignored => Passed::Over,
            DumpFile::Report { folder, root: true } if !meta.again => {
                self.reports.insert((input, format!("{prefix}{folder}")));
                Passed::Later
            }
            DumpFile::Report { folder, root: true } if self.repeats(input, &format!("{prefix}{folder}")) => {
                Passed::Over
            }
            _ => Passed::Not,
        }
    }

    /// Whether the reports of nodes are there for themselves, below a folder with a report.
    pub(crate) fn repeats(&self, input: usize, folder: &str) -> bool {
        self.reports.iter().any(|(own, other)| {
            *own == input
                && match other.strip_prefix(folder) {
                    Some(rest) if folder.is_empty() || folder.ends_with('!') => !rest.is_empty(),
                    Some(rest) => rest.starts_with('/'),
                    None => false,
                }
        })
    }

    /// Takes out the inspections that are of no dump. That their folder is called `inspect` says nothing: people call
    /// theirs so, too. A dump has reports, or files of the cluster above.
    pub(crate) fn take_plain_inspections(&mut self) -> BTreeMap<usize, (usize, String)> {
        let mut inspections = std::mem::take(&mut self.inspections);
        let signs = || [&self.reports, &self.dumps, &self.signs].into_iter().flatten();
        let lies_in = |folder: &str, sign: &str| match folder.strip_prefix(sign) {
            Some(rest) => rest.is_empty() || sign.is_empty() || sign.ends_with('!') || rest.starts_with('/'),
            None => false,
        };
        inspections.retain(|_, (input, folder)| !signs().any(|(own, sign)| own == input && lies_in(folder, sign)));
        inspections
    }

    /// The nodes on which collecting failed. Without a dump around it, the name of a file says nothing.
    pub(crate) fn into_failures(self) -> (Vec<Failure>, BTreeSet<(usize, String)>) {
        let Self { mut failures, dumps, .. } = self;
        failures.retain(|failure| {
            let folder = failure.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            dumps.contains(&(failure.input, folder.to_owned()))
        });
        (failures, dumps)
    }
}
