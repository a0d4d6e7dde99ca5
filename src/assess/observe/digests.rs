//! Digests of the values of one object, for the evidence digest.
//!
//! Every object that passes adds its values to the sum of each check, so that these digests are made
//! for every object that is read. Each input is hashed once for an object, whatever checks read it, and
//! not at all where the object before had the same value, as most of a list's objects have in most
//! fields. The memory for them is handed on from object to object.

use std::cell::RefCell;

use serde_json::Value;

use crate::assess::compile::compiled::{CompiledCheck, CompiledKind};
use crate::assess::observe::samples::DigestSum;
use crate::facts::Fields;
use crate::model::digest::{Digest, Hasher};

/// Different values in a row after which those of an input are taken to be all different.
const IN_VAIN: u8 = 32;

/// Digests of the values of one object, with what is remembered of the object before.
#[derive(Debug, Default)]
pub(crate) struct Digests(RefCell<Memory>);

#[derive(Debug, Default)]
struct Memory {
    /// By input, what it was last.
    last: Vec<Last>,
    /// By input.
    inputs: Vec<Option<Digest>>,
    /// Sums of inputs, by the number of their set.
    sums: Vec<Option<DigestSum>>,
    /// Digests over inputs, by the number of their set.
    wholes: Vec<Option<Digest>>,
}

#[derive(Debug, Clone, Default)]
struct Last {
    seen: Option<(Value, Digest)>,
    vain: u8,
}

impl Digests {
    /// Forgets the digests of an object, before those of the next one are asked for.
    pub(crate) fn next(&mut self, kind: &CompiledKind) {
        let memory = self.0.get_mut();
        memory.last.resize_with(kind.inputs.len(), Last::default);
        memory.inputs.clear();
        memory.inputs.resize(kind.inputs.len(), None);
        memory.sums.clear();
        memory.sums.resize(kind.input_sets.len(), None);
        memory.wholes.clear();
        memory.wholes.resize(kind.input_sets.len(), None);
    }

    /// Forgets the digests of those fields of an object in which the next one may differ from it.
    pub(crate) fn next_with(&mut self, kind: &CompiledKind, changed: &[usize]) {
        let memory = self.0.get_mut();
        if memory.inputs.len() != kind.inputs.len() {
            return self.next(kind);
        }
        for (digest, input) in memory.inputs.iter_mut().zip(&kind.inputs) {
            if changed.contains(&input.slot.index()) {
                *digest = None;
            }
        }
        for (inputs, (sum, whole)) in kind.input_sets.iter().zip(memory.sums.iter_mut().zip(&mut memory.wholes)) {
            if inputs.iter().any(|number| memory.inputs[*number].is_none()) {
                (*sum, *whole) = (None, None);
            }
        }
    }

    /// The digests of the values that a check reads, as one: what belongs to one object counts together, so that two
    /// objects that exchange a value are not the two that they were.
    pub(crate) fn read(&self, kind: &CompiledKind, check: &CompiledCheck, fields: &Fields) -> DigestSum {
        let memory = &mut *self.0.borrow_mut();
        if let Some(sum) = memory.sums[check.read] {
            return sum;
        }
        let sum =
            DigestSum::of_one(kind.input_sets[check.read].iter().map(|number| memory.input(kind, *number, fields)));
        memory.sums[check.read] = Some(sum);
        sum
    }

    /// The digest of the values that a check reads and of what names the object.
    pub(crate) fn shown(&self, kind: &CompiledKind, check: &CompiledCheck, fields: &Fields) -> Digest {
        let memory = &mut *self.0.borrow_mut();
        if let Some(digest) = memory.wholes[check.shown] {
            return digest;
        }
        let inputs = &kind.input_sets[check.shown];
        let mut hasher = Hasher::default();
        hasher.count(inputs.len() as u64);
        for number in inputs {
            hasher.update(memory.input(kind, *number, fields).bytes());
        }
        *memory.wholes[check.shown].insert(hasher.finish())
    }
}

impl Memory {
    fn input(&mut self, kind: &CompiledKind, number: usize, fields: &Fields) -> Digest {
        if let Some(digest) = self.inputs[number] {
            return digest;
        }
        let input = &kind.inputs[number];
        let value = fields[input.slot.index()].as_ref();
        let last = &mut self.last[number];
        let digest = match value {
            Some(value @ (Value::String(_) | Value::Array(_) | Value::Object(_) | Value::Number(_)))
                if last.vain < IN_VAIN =>
            {
                last.digest(value, || input.digest(Some(value)))
            }
            value => input.digest(value),
        };
        self.inputs[number] = Some(digest);
        digest
    }
}

impl Last {
    /// The digest of a value: that of the last one if they are equal.
    fn digest(&mut self, value: &Value, make: impl FnOnce() -> Digest) -> Digest {
        if let Some((_, digest)) = self.seen.as_ref().filter(|(last, _)| last == value) {
            self.vain = 0;
            return *digest;
        }
        self.vain += 1;
        let digest = make();
        // What will not be compared again need not be kept.
        self.seen = (self.vain < IN_VAIN).then(|| (value.clone(), digest));
        digest
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::assess::compile::builder::{Site, compile};
    use crate::assess::compile::compiled::Compiled;
    use crate::rules::{Classes, Pack};
    use crate::ssp::Ssp;

    static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
        let site = Site { classes: &Classes::new(), ssp: &Ssp::default(), drafting: false };
        compile(&Pack::embedded().rules, site)
    });

    proptest! {
        /// What came before an object makes no difference to its digests.
        #[test]
        fn memory_and_hashing_agree(objects in prop::collection::vec(prop::collection::vec(0..7_usize, 300), 1..80)) {
            let values =
                [None, Some(json!(null)), Some(json!(true)), Some(json!("a")), Some(json!("b")), Some(json!(1)), Some(json!([{}]))];
            let kind = COMPILED.kinds.iter().max_by_key(|kind| kind.inputs.len()).unwrap();
            let slots = kind.inputs.iter().map(|input| input.slot.index() + 1).max().unwrap();
            let (mut kept, mut followed, mut before) = (Digests::default(), Digests::default(), Fields::new());
            for picks in &objects {
                let fields: Fields = (0..slots).map(|slot| values[picks[slot % picks.len()]].clone()).collect();
                let mut fresh = Digests::default();
                kept.next(kind);
                fresh.next(kind);
                let changed: Vec<usize> = (0..slots).filter(|slot| fields.get(*slot) != before.get(*slot)).collect();
                followed.next_with(kind, &changed);
                before.clone_from(&fields);
                for check in &kind.checks {
                    prop_assert_eq!(kept.read(kind, check, &fields), fresh.read(kind, check, &fields));
                    prop_assert_eq!(kept.shown(kind, check, &fields), fresh.shown(kind, check, &fields));
                    prop_assert_eq!(followed.read(kind, check, &fields), fresh.read(kind, check, &fields));
                    prop_assert_eq!(followed.shown(kind, check, &fields), fresh.shown(kind, check, &fields));
                }
            }
        }
    }
}
