//! What was found in a member, once all of it was read.

use crate::facts::fields::plan::KindId;
use crate::layout::{Manifest, ManifestError, Place};
use crate::model::digest::Digest;

/// How far a member could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// All of it.
    Read,
    /// Its list ends before its end; what stands before is good.
    Truncated(String),
    /// Access was refused when it was collected.
    Forbidden(String),
    /// It is damaged, or not what it should be.
    Unreadable(String),
}

/// What tells what a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The format of snapshots, by the member's path.
    Snapshot,
    /// The layout of support dumps, by the member's path.
    SupportDump,
    /// Its content: an archive, or the output of docker, kubectl or another program.
    Output,
    /// Nothing.
    Unrecognized,
}

/// How much of what its kind asks for a member can hold.
///
/// This follows from the source and not from rules: a dump's containers are MKE's alone, one Kubernetes object is no
/// list, and the JSON form of the configuration lacks fields. Of some objects the coverage is partial; a field that the
/// source does not carry reads as unknown and never as absent, so that no default is taken for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nature {
    /// All objects with all fields.
    Whole,
    /// Only some of the objects, for this reason.
    SomeObjects(&'static str),
    /// All objects, if something else counts as many: files of one object each, which someone put together.
    IfCounted,
    /// All objects, but only some of the fields.
    SomeFields,
}

/// Why an object that stands where a list of all is asked for is no such list.
pub(crate) const ONE_OBJECT: &str = "it is one object, not a list of all";

/// The facts of one kind in a member, as its observer summed them up.
#[derive(Debug)]
pub struct KindFacts<T> {
    /// The kind.
    pub kind: KindId,
    /// How many there are.
    pub count: u64,
    /// The observer's sum.
    pub tally: T,
}

/// A member of an input.
#[derive(Debug)]
pub struct Member<T> {
    /// Number of its input, in the order given.
    pub input: usize,
    /// Its path in the input; empty when the input is the file itself.
    pub path: String,
    /// What it holds, where that is known.
    pub place: Option<Place>,
    /// What tells that.
    pub origin: Origin,
    /// How far it could be read.
    pub state: State,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Its facts, by kind.
    pub facts: Vec<KindFacts<T>>,
    /// The part of the file that it is, as a JSON pointer; empty for the whole file.
    pub at: String,
    /// The member that holds it: an archive, or the file that it is a part of.
    pub within: Option<usize>,
    /// How much it can hold.
    pub nature: Nature,
    /// Whether it counts only where no other member tells the same: the report of a whole dump repeats
    /// every file.
    pub fallback: bool,
    /// The namespace that the path names, if the member may be a list of one namespace.
    pub namespace: Option<String>,
    /// What was passed over in it, in words: text between its documents, objects that are no facts.
    pub passed: Vec<String>,
}

impl<T> Member<T> {
    /// A member before any of it is read.
    pub(crate) fn unread(input: usize, path: String) -> Self {
        Self {
            input,
            path,
            place: None,
            origin: Origin::Output,
            state: State::Read,
            bytes: 0,
            digest: Digest::of(b""),
            facts: Vec::new(),
            at: String::new(),
            within: None,
            nature: Nature::Whole,
            fallback: false,
            namespace: None,
            passed: Vec::new(),
        }
    }
}

/// A node on which a support dump could not be collected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Number of the input.
    pub input: usize,
    /// The file that tells.
    pub path: String,
    /// The node.
    pub node: String,
}

/// A manifest among the members.
#[derive(Debug)]
pub struct FoundManifest {
    /// Number of its input.
    pub input: usize,
    /// The folder it speaks of: empty, or ending in `/`.
    pub top: String,
    /// The manifest, or why it cannot be read.
    pub manifest: Result<Manifest, ManifestError>,
}
