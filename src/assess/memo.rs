//! Outcomes of conditions on values that were seen before.
//!
//! Objects of a cluster are much alike, and with many rules one field answers to many conditions:
//! what one object's value told of them holds for every object with the same value.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::compile::{CompiledKind, Leaf};
use crate::facts::{Fields, Slot};

/// Conditions on one field from which on remembering costs less than looking again.
const WORTH: usize = 8;
/// Values of one field that are remembered.
const VALUES: usize = 2048;
/// Values looked for in vain after which those of a field are taken to be all different.
const IN_VAIN: u32 = 1024;

/// What is remembered of the values of one field.
#[derive(Debug)]
struct Field {
    slot: Slot,
    /// The conditions on it.
    leaves: Vec<Leaf>,
    /// By value, the outcomes of the conditions in their order; nothing for what was not asked yet,
    /// or cannot be told.
    outcomes: HashMap<Option<Value>, Box<[Option<bool>]>>,
    /// Values in a row that were not remembered.
    vain: u32,
    /// Whether the object at hand may tell more than is remembered of its value.
    open: bool,
}

/// What is remembered of one kind's values.
#[derive(Debug, Default)]
pub(super) struct Memo(Vec<Field>);

impl Memo {
    /// A memo of the fields with at least so many conditions.
    fn of(kind: &CompiledKind, worth: usize) -> Self {
        let mut leaves: BTreeMap<Slot, Vec<Leaf>> = BTreeMap::new();
        for (number, (slot, _)) in kind.leaves.iter().enumerate() {
            leaves.entry(*slot).or_default().push(Leaf(number));
        }
        let worth = leaves.into_iter().filter(|(_, leaves)| leaves.len() >= worth);
        let field = |(slot, leaves)| Field { slot, leaves, outcomes: HashMap::new(), vain: 0, open: false };
        Self(worth.map(field).collect())
    }

    /// Fills in what is remembered of an object's values.
    pub(super) fn recall(&mut self, fields: &Fields, known: &mut [Option<bool>]) {
        self.0.retain(|field| field.vain < IN_VAIN);
        for field in &mut self.0 {
            let Some(outcomes) = field.outcomes.get(&fields[field.slot.index()]) else {
                field.vain += 1;
                field.open = true;
                continue;
            };
            field.vain = 0;
            field.open = outcomes.contains(&None);
            for (leaf, outcome) in field.leaves.iter().zip(outcomes) {
                known[leaf.0] = *outcome;
            }
        }
    }

    /// Remembers what an object's values told, after [`Memo::recall`] of the same object.
    pub(super) fn learn(&mut self, fields: &Fields, known: &[Option<bool>]) {
        for field in self.0.iter_mut().filter(|field| field.open) {
            let outcomes = field.leaves.iter().map(|leaf| known[leaf.0]);
            let value = &fields[field.slot.index()];
            if let Some(so_far) = field.outcomes.get_mut(value) {
                so_far.iter_mut().zip(outcomes).for_each(|(known, outcome)| *known = known.or(outcome));
                continue;
            }
            if field.outcomes.len() >= VALUES {
                field.outcomes.clear();
            }
            field.outcomes.insert(value.clone(), outcomes.collect());
        }
    }
}

/// What is remembered, by kind: one of each for every thread that asks at the same time.
#[derive(Debug, Default)]
pub(super) struct Memos(Vec<Mutex<Vec<Memo>>>);

impl Memos {
    pub(super) fn of(kinds: &[CompiledKind]) -> Self {
        Self(kinds.iter().map(|_| Mutex::default()).collect())
    }

    /// A memo of a kind, to be given back.
    pub(super) fn take(&self, kind: &CompiledKind) -> Memo {
        self.free(kind).pop().unwrap_or_else(|| Memo::of(kind, WORTH))
    }

    pub(super) fn give(&self, kind: &CompiledKind, memo: Memo) {
        self.free(kind).push(memo);
    }

    fn free(&self, kind: &CompiledKind) -> MutexGuard<'_, Vec<Memo>> {
        self.0[kind.id.index()].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::assess::compile::Compiled;
    use crate::assess::ssp::Ssp;
    use crate::rules::{Classes, Pack, Truth, Variables};

    static COMPILED: LazyLock<Compiled> =
        LazyLock::new(|| Compiled::of(&Pack::embedded().rules, &Classes::new(), &Ssp::default(), false));

    fn values() -> Vec<Option<Value>> {
        let list =
            json!([{"image": "a:1", "Source": "/etc", "name": "x"}, {"image": "b", "ports": [{"hostPort": 80}]}]);
        let known = [
            json!(null),
            json!(true),
            json!(false),
            json!(""),
            json!("host"),
            json!("3.7.7"),
            json!(0),
            json!(7),
            list,
        ];
        std::iter::once(None).chain(known.into_iter().map(Some)).collect()
    }

    fn look(kind: &CompiledKind, fields: &Fields) -> Vec<Option<bool>> {
        let look = |(slot, condition): &(Slot, crate::rules::Condition)| match condition
            .eval(fields[slot.index()].as_ref(), &Variables::default())
        {
            Truth::Yes => Some(true),
            Truth::No => Some(false),
            Truth::Unknown(_) => None,
        };
        kind.leaves.iter().map(look).collect()
    }

    proptest! {
        /// What is recalled of an object is what looking at it would tell, whatever came before it
        /// and however little of that was asked.
        #[test]
        fn memory_and_eyes_agree(objects in prop::collection::vec((prop::collection::vec(0..10_usize, 400), any::<u64>()), 1..12)) {
            let values = values();
            let mut recalled = 0;
            for kind in &COMPILED.kinds {
                let mut memo = Memo::of(kind, 1);
                let slots = kind.leaves.iter().map(|(slot, _)| slot.index() + 1).max().unwrap_or(0);
                // The first object comes a second time, whose values are all remembered.
                for (picks, asked) in objects.iter().chain(objects.first()) {
                    let fields: Fields = (0..slots).map(|slot| values[picks[slot % picks.len()]].clone()).collect();
                    let seen = look(kind, &fields);
                    let mut known = vec![None; kind.leaves.len()];
                    memo.recall(&fields, &mut known);
                    for (at, (known, seen)) in known.iter().zip(&seen).enumerate() {
                        prop_assert!(known.is_none() || known == seen, "{:?} {:?}", kind.kind, kind.leaves[at]);
                        recalled += usize::from(known.is_some());
                    }
                    for (at, known) in known.iter_mut().enumerate() {
                        if asked >> (at % 64) & 1 == 1 {
                            *known = seen[at];
                        }
                    }
                    memo.learn(&fields, &known);
                }
            }
            prop_assume!(objects[0].1 != 0);
            prop_assert!(recalled > 0);
        }
    }
}
