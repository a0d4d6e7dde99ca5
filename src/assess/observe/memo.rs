//! Outcomes of conditions and expressions on values that were seen before.
//!
//! Objects of a cluster are much alike, and with many rules one field answers to many conditions:
//! what one object's values told of them holds for every object with the same values.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher as _, Hash as _, Hasher as _, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::assess::compile::compiled::CompiledKind;
use crate::assess::observe::differences::Differences;
use crate::assess::observe::object::Learned;
use crate::facts::{Fields, Slot};
use crate::rules::Unknown;

/// Conditions on one field from which on remembering costs less than looking again. One expression
/// costs more than that.
const WORTH: usize = 8;
/// Values of some fields that are remembered.
const VALUES: usize = 2048;
/// Values looked for in vain after which those of some fields are taken to be all different.
const IN_VAIN: u32 = 1024;

/// What is remembered of the values of one field, or of those that an expression sees.
#[derive(Debug)]
struct Topic {
    slots: Vec<Slot>,
    /// The questions about them, by number.
    questions: Vec<usize>,
    /// By the hash of the values; of two with the same hash, one is remembered.
    seen: HashMap<u64, Remembered>,
    hashing: RandomState,
    /// Values in a row that were not remembered.
    vain: u32,
    /// The hash of the values of the object at hand, if it may tell more than is remembered of them.
    open: Option<u64>,
}

#[derive(Debug)]
struct Remembered {
    values: Box<[Option<Value>]>,
    /// The outcomes of the questions in their order; nothing for what was not asked yet, or cannot be told.
    outcomes: Box<[Option<bool>]>,
}

impl Topic {
    fn hash(&self, fields: &Fields) -> u64 {
        let mut hasher = self.hashing.build_hasher();
        self.slots.iter().for_each(|slot| fields[slot.index()].hash(&mut hasher));
        hasher.finish()
    }

    fn is_of(&self, remembered: &Remembered, fields: &Fields) -> bool {
        remembered.values.iter().zip(&self.slots).all(|(value, slot)| *value == fields[slot.index()])
    }

    /// Fills in what is remembered of an object's values.
    fn recall(&mut self, fields: &Fields, outcomes: &mut [Option<bool>]) {
        let hash = self.hash(fields);
        let Some(found) = self.seen.get(&hash).filter(|found| self.is_of(found, fields)) else {
            self.vain += 1;
            self.open = Some(hash);
            return;
        };
        for (question, outcome) in self.questions.iter().zip(&found.outcomes) {
            outcomes[*question] = *outcome;
        }
        self.open = found.outcomes.contains(&None).then_some(hash);
        self.vain = 0;
    }

    /// Remembers what an object's values told.
    fn learn(&mut self, fields: &Fields, outcomes: &[Option<bool>]) {
        let Some(hash) = self.open else { return };
        if self.vain == 0 {
            // What was recalled stands among what is known by now, so that nothing remembered is lost.
            if let Some(found) = self.seen.get_mut(&hash) {
                let told = self.questions.iter().map(|question| outcomes[*question]);
                found.outcomes.iter_mut().zip(told).for_each(|(known, told)| *known = told);
            }
            return;
        }
        if self.seen.len() >= VALUES {
            self.seen.clear();
        }
        let values = self.slots.iter().map(|slot| fields[slot.index()].clone()).collect();
        let outcomes = self.questions.iter().map(|question| outcomes[*question]).collect();
        self.seen.insert(hash, Remembered { values, outcomes });
    }
}

/// What is remembered of one kind's values.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    topics: Vec<Topic>,
    /// What was found out about the object before.
    pub(crate) learned: Learned,
    /// The checks for which the object at hand waits.
    pub(crate) waits_for: Vec<(usize, Option<Unknown>)>,
    /// How those that wait differ from each other.
    pub(crate) differences: Differences,
}

impl Memo {
    /// A memo of the fields with at least so many conditions, and of those that expressions see.
    fn of(kind: &CompiledKind, worth: usize) -> Self {
        let mut by_slot: BTreeMap<Slot, Vec<usize>> = BTreeMap::new();
        for (number, (slot, _)) in kind.leaves.iter().enumerate() {
            by_slot.entry(*slot).or_default().push(number);
        }
        let conditions = by_slot.into_iter().filter(|(_, questions)| questions.len() >= worth);
        let mut by_view = vec![Vec::new(); kind.views.len()];
        for (number, view) in kind.expressions.iter().enumerate() {
            by_view[*view].push(kind.question(number));
        }
        let expressions = kind.views.iter().cloned().zip(by_view);
        let topic = |(slots, questions)| Topic {
            slots,
            questions,
            seen: HashMap::new(),
            hashing: RandomState::new(),
            vain: 0,
            open: None,
        };
        let conditions = conditions.map(|(slot, questions)| (vec![slot], questions));
        Self { topics: conditions.chain(expressions).map(topic).collect(), ..Self::default() }
    }

    /// Fills in what is remembered of an object's values, by question.
    pub(crate) fn recall(&mut self, fields: &Fields, outcomes: &mut [Option<bool>]) {
        self.topics.retain(|topic| topic.vain < IN_VAIN);
        self.topics.iter_mut().for_each(|topic| topic.recall(fields, outcomes));
    }

    /// Remembers what an object's values told, after [`Memo::recall`] of the same object.
    pub(crate) fn learn(&mut self, fields: &Fields, outcomes: &[Option<bool>]) {
        self.topics.iter_mut().for_each(|topic| topic.learn(fields, outcomes));
    }
}

/// What is remembered, by kind: one of each for every thread that asks at the same time.
#[derive(Debug, Default)]
pub(crate) struct Memos(Vec<Mutex<Vec<Memo>>>);

impl Memos {
    pub(crate) fn of(kinds: &[CompiledKind]) -> Self {
        Self(kinds.iter().map(|_| Mutex::default()).collect())
    }

    /// A memo of a kind for a batch, to be given back.
    pub(crate) fn take(&self, kind: &CompiledKind) -> Box<Memo> {
        Box::new(self.free(kind).pop().unwrap_or_else(|| Memo::of(kind, WORTH)))
    }

    pub(crate) fn give(&self, kind: &CompiledKind, mut memo: Box<Memo>) {
        memo.differences.begin();
        self.free(kind).push(*memo);
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
    use crate::assess::compile::builder::{Site, compile};
    use crate::assess::compile::compiled::{Compiled, CompiledDemand};
    use crate::rules::{Classes, Pack, Truth, Variables};
    use crate::ssp::Ssp;

    static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
        let site = Site { classes: &Classes::new(), ssp: &Ssp::default(), drafting: false };
        compile(&Pack::embedded().rules, site)
    });

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
        let look = |(slot, condition): &(Slot, crate::rules::Condition)| {
            condition.eval(fields[slot.index()].as_ref(), &Variables::default()).told()
        };
        let mut seen: Vec<Option<bool>> = kind.leaves.iter().map(look).collect();
        for check in &kind.checks {
            let CompiledDemand::Expression(expression, number) = &check.demand else { continue };
            assert_eq!(seen.len(), kind.question(*number));
            let values = kind.seen_by(*number).iter().map(|slot| fields[slot.index()].as_ref());
            seen.push(expression.view(values).map_or_else(Truth::Unknown, |view| expression.eval(&view)).told());
        }
        seen
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
                let slots = kind.leaves.iter().map(|(slot, _)| slot).chain(kind.views.iter().flatten());
                let slots = slots.map(|slot| slot.index() + 1).max().unwrap_or(0);
                // The first object comes a second time, whose values are all remembered.
                for (picks, asked) in objects.iter().chain(objects.first()) {
                    let fields: Fields = (0..slots).map(|slot| values[picks[slot % picks.len()]].clone()).collect();
                    let seen = look(kind, &fields);
                    let mut known = vec![None; kind.questions()];
                    memo.recall(&fields, &mut known);
                    for (at, (known, seen)) in known.iter().zip(&seen).enumerate() {
                        prop_assert!(known.is_none() || known == seen, "{:?} {:?}", kind.kind, kind.leaves.get(at));
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
