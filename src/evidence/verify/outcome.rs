//! What verifying came to.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::archive::SkippedEntries;
use crate::model::digest::{Digest, Sum};

/// Name and version of the form of `verify --json`.
const SCHEMA: &str = "mke-stig.verify/1";
/// Problems and gaps of one input that are kept; further ones are counted.
const KEPT: usize = 1000;

/// Whether something is what its list says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every file is there and as listed, and no other.
    Whole,
    /// Something differs, is missing, or is not listed.
    NotWhole,
    /// It could not be read, or nothing in it says what it should be.
    NotChecked,
}

/// Something that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The file; empty for the whole input.
    pub path: String,
    /// What is said of it.
    pub what: String,
    /// Whether it lies in an archive inside the input.
    pub inside: bool,
}

/// What was found of one input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The input's name.
    pub input: String,
    /// Whether it is whole.
    pub status: Status,
    /// SHA-256 of the input; none for a folder, or where it could not be read.
    pub sha256: Option<String>,
    /// Its bytes.
    pub bytes: u64,
    /// The lists that vouch for its files.
    pub lists: Vec<String>,
    /// Whether it is an evidence archive.
    pub archive: bool,
    /// The digest of an evidence archive's own list, which whoever sealed it noted.
    pub list_digest: Option<String>,
    /// Signatures and time stamps of the list of an evidence archive.
    pub signatures: Vec<String>,
    /// Signatures and time stamps that were checked and are good.
    pub signed: Vec<String>,
    /// Problems of signatures and time stamps alone, which are among the problems.
    pub problems_of_signatures: u64,
    /// Problems of files in archives inside, which are among the problems.
    pub problems_inside: u64,
    /// Files that are as their list says.
    pub agree: u64,
    /// Files inside archives inside, which the archive's digest covers.
    pub inside: u64,
    /// Problems in all.
    pub problem_count: u64,
    /// The first problems.
    pub problems: Vec<Found>,
    /// Why something could not be checked.
    pub not_checked: Vec<String>,
    /// What the collector could not get, by its own word: no problem of the archive, but a gap in the evidence.
    pub gaps: Vec<Found>,
    /// Gaps in all.
    pub gap_count: u64,
    /// How many files of the snapshot lie in other parts of it, by the number of the part.
    pub elsewhere: BTreeMap<u64, u64>,
    /// Digests of manifests of snapshots in parts, with the parts that are here.
    #[serde(skip)]
    parts: BTreeMap<String, BTreeSet<u64>>,
    /// Whether an archive inside is being looked at.
    #[serde(skip)]
    within: bool,
}

/// What was found of all inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Name and version of this form.
    pub schema: &'static str,
    /// Not whole if any input is not whole; else not checked if any could not be checked; else whole.
    pub status: Status,
    /// The inputs, in the order given.
    pub inputs: Vec<Checked>,
}

impl Verified {
    pub(crate) fn of(mut inputs: Vec<Checked>) -> Self {
        let mut here: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        for (manifest, parts) in inputs.iter().flat_map(|input| &input.parts) {
            here.entry(manifest.clone()).or_default().extend(parts);
        }
        for input in &mut inputs {
            input.miss_parts(&here);
        }
        let any = |status| inputs.iter().any(|input: &Checked| input.status == status);
        let status = if any(Status::NotWhole) {
            Status::NotWhole
        } else if any(Status::NotChecked) || inputs.is_empty() {
            Status::NotChecked
        } else {
            Status::Whole
        };
        Self { schema: SCHEMA, status, inputs }
    }
}

impl Checked {
    pub(crate) fn new(input: String, bytes: u64, sha256: Option<Digest>) -> Self {
        Self {
            input,
            status: Status::NotChecked,
            sha256: sha256.map(|digest| digest.to_string()),
            bytes,
            lists: Vec::new(),
            archive: false,
            list_digest: None,
            signatures: Vec::new(),
            signed: Vec::new(),
            problems_of_signatures: 0,
            problems_inside: 0,
            agree: 0,
            inside: 0,
            problem_count: 0,
            problems: Vec::new(),
            not_checked: Vec::new(),
            gaps: Vec::new(),
            gap_count: 0,
            elsewhere: BTreeMap::new(),
            parts: BTreeMap::new(),
            within: false,
        }
    }

    /// What `look` finds lies in an archive inside. A path does not tell: a file's name may have any character in it.
    pub(crate) fn look_inside(&mut self, look: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.within, true);
        look(self);
        self.within = outer;
    }

    pub(crate) fn problem(&mut self, path: &str, what: String) {
        self.problem_count += 1;
        self.problems_inside += u64::from(self.within);
        keep(&mut self.problems, Found { path: path.to_owned(), what, inside: self.within });
    }

    pub(crate) fn signature_problem(&mut self, what: String) {
        self.problems_of_signatures += 1;
        self.problem("", what);
    }

    /// Links, devices and the like, for whose content no list can vouch.
    pub(crate) fn not_read(&mut self, prefix: &str, skipped: &SkippedEntries) {
        for entry in &skipped.named {
            self.problem(
                &format!("{prefix}{}", entry.path),
                format!("it is {}, which no list can vouch for", entry.what),
            );
        }
        if skipped.more > 0 {
            self.problem(prefix, format!("{} more links or devices", skipped.more));
        }
    }

    pub(crate) fn gap(&mut self, path: &str, what: String) {
        self.gap_count += 1;
        keep(&mut self.gaps, Found { path: path.to_owned(), what, inside: self.within });
    }

    /// Notes the parts of a snapshot of which files are here.
    pub(crate) fn holds_parts(&mut self, manifest: &Sum, parts: &BTreeSet<u64>) {
        let parts = parts.iter().copied().filter(|part| *part > 0);
        self.parts.entry(manifest.sha256.to_string()).or_default().extend(parts);
    }

    /// Notes a file that lies in another part of the snapshot.
    pub(crate) fn elsewhere(&mut self, part: u64) {
        *self.elsewhere.entry(part).or_default() += 1;
    }

    /// A part is as its manifest says, and the snapshot is whole only where the other parts were checked with it.
    fn miss_parts(&mut self, here: &BTreeMap<String, BTreeSet<u64>>) {
        let with_it: BTreeSet<u64> =
            self.parts.keys().filter_map(|manifest| here.get(manifest)).flatten().copied().collect();
        let lacking: Vec<String> =
            self.elsewhere.keys().filter(|part| !with_it.contains(part)).map(u64::to_string).collect();
        if !lacking.is_empty() {
            self.unchecked(format!(
                "part {} of the snapshot is not here; verify all parts together",
                lacking.join(", ")
            ));
            self.status = self.judged();
        }
    }

    pub(crate) fn unchecked(&mut self, why: String) {
        if self.not_checked.len() < KEPT {
            self.not_checked.push(why);
        }
    }

    /// Says whether it is whole, once all was looked at.
    pub(crate) fn conclude(mut self) -> Self {
        self.status = self.judged();
        self
    }

    /// Whether it is whole by what was found so far. What no list speaks of was not checked, whatever was read.
    fn judged(&self) -> Status {
        if self.problem_count > 0 {
            Status::NotWhole
        } else if self.not_checked.is_empty() && !self.lists.is_empty() && self.agree > 0 {
            Status::Whole
        } else {
            Status::NotChecked
        }
    }
}

fn keep(kept: &mut Vec<Found>, found: Found) {
    if kept.len() < KEPT {
        kept.push(found);
    }
}
