//! What was found in a member, once all of it was read.

use std::sync::{Mutex, PoisonError};

use super::digest::Digest;
use super::plan::KindId;
use crate::layout::{Manifest, Place};

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
    /// Whether the snapshot format knows it (also when it holds no facts).
    pub known: bool,
    /// How far it could be read.
    pub state: State,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Its facts, by kind.
    pub facts: Vec<KindFacts<T>>,
}

/// A manifest among the members.
#[derive(Debug)]
pub struct FoundManifest {
    /// Number of its input.
    pub input: usize,
    /// The folder it speaks of: empty, or ending in `/`.
    pub top: String,
    /// The manifest, or why it cannot be read.
    pub manifest: Result<Manifest, String>,
}

/// A member while its objects are being read on several threads.
pub(super) struct Growing<T> {
    pub(super) inner: Mutex<Sum<T>>,
}

/// The sum over the objects that were read so far.
pub(super) struct Sum<T> {
    pub(super) facts: Vec<KindFacts<T>>,
    /// The first problem, by its place in the member: threads meet problems in any order.
    problem: Option<(u64, State)>,
}

impl<T> Growing<T> {
    pub(super) fn new() -> Self {
        Self { inner: Mutex::new(Sum { facts: Vec::new(), problem: None }) }
    }

    /// Notes a problem that stands at the `order`-th object.
    pub(super) fn problem(&self, order: u64, state: State) {
        let mut sum = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if sum.problem.as_ref().is_none_or(|(first, _)| order < *first) {
            sum.problem = Some((order, state));
        }
    }

    pub(super) fn finish(self) -> (Vec<KindFacts<T>>, State) {
        let sum = self.inner.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut facts = sum.facts;
        facts.sort_by_key(|facts| facts.kind);
        (facts, sum.problem.map_or(State::Read, |(_, state)| state))
    }
}
