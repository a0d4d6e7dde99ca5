//! What was found in a member so far, while several threads read its objects.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::facts::member::{KindFacts, State};

/// A member while its objects are being read on several threads.
pub(crate) struct Growing<T>(Mutex<Sum<T>>);

/// The sum over the objects that were read so far.
pub(crate) struct Sum<T> {
    pub(crate) facts: Vec<KindFacts<T>>,
    /// The first problem, by its place in the member: threads meet problems in any order.
    problem: Option<(u64, State)>,
    /// Whether an object stands where a list was expected.
    single: bool,
}

impl<T> Growing<T> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Sum { facts: Vec::new(), problem: None, single: false }))
    }

    /// The sum. A thread that panicked while it held the sum left it whole: facts are added last.
    pub(crate) fn sum(&self) -> MutexGuard<'_, Sum<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a problem that stands at the `order`-th object.
    pub(crate) fn problem(&self, order: u64, state: State) {
        let mut sum = self.sum();
        if sum.problem.as_ref().is_none_or(|(first, _)| order < *first) {
            sum.problem = Some((order, state));
        }
    }

    /// Whether a problem was met.
    pub(crate) fn has_problem(&self) -> bool {
        self.sum().problem.is_some()
    }

    /// Notes that the member is one object and no list.
    pub(crate) fn single(&self) {
        self.sum().single = true;
    }

    /// Returns the facts in order of their kinds, how far the member could be read, and whether it is
    /// one object where a list was expected.
    pub(crate) fn finish(self) -> (Vec<KindFacts<T>>, State, bool) {
        let sum = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut facts = sum.facts;
        facts.sort_by_key(|facts| facts.kind);
        (facts, sum.problem.map_or(State::Read, |(_, state)| state), sum.single)
    }
}
