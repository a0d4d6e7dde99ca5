//! Objects that wait until all was read, packed so that a list of thousands fits into little memory.
//!
//! Whose a container is hangs on pods and on MKE's own containers, which may come after it, so most containers of a
//! cluster wait. What was read of one takes about 14 KiB in memory, and about 250 bytes where it waits: each is written
//! by what differs from those before it (`differences.rs`), and blocks of that are compressed.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::assess::observe::differences::{Differences, Objects};
use crate::facts::{Fields, Position};
use crate::rules::Unknown;

/// Bytes of values that are packed together. With 16 KiB an object takes twice the room; with 1 MiB, a tenth less.
const BLOCK: usize = 64 << 10;

/// Different lists of checks that are looked for. In a generated cluster all containers of a list wait for the same ones.
const SHARED: usize = 64;

/// Checks that wait, each with the reason why it is not certain that it is about the object.
pub(crate) type Checks = [(usize, Option<Unknown>)];

/// An object with checks that need what is known only at the end.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) order: u64,
    pub(crate) position: Position,
    /// Whether its class can be told only when all was read.
    pub(crate) doubtful: bool,
    /// Most objects of a kind wait for the same ones.
    pub(crate) checks: Arc<Checks>,
}

/// Objects that wait, each with its fields.
#[derive(Debug, Default)]
pub(crate) struct WaitingList {
    blocks: Vec<Block>,
    /// Those that are not packed yet, and their fields, written by their differences.
    last: Vec<Waiting>,
    text: Vec<u8>,
    /// Different lists of checks, the first few.
    checks: BTreeSet<Arc<Checks>>,
}

#[derive(Debug)]
struct Block {
    objects: Vec<Waiting>,
    packed: Vec<u8>,
    /// Bytes of the text.
    size: usize,
}

impl WaitingList {
    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.blocks.iter().map(|block| block.objects.len()).sum::<usize>() + self.last.len()
    }

    /// Adds an object with its fields, which are written as the last one's were. False where they cannot be written.
    pub(crate) fn push(&mut self, object: Waiting, fields: &Fields, differences: &mut Differences) -> bool {
        let written = differences.write(fields, &mut self.text);
        if written {
            self.last.push(object);
        }
        if self.text.len() >= BLOCK {
            self.pack();
            differences.begin();
        }
        written
    }

    /// Checks together with those objects that wait for the same ones.
    pub(crate) fn share(&mut self, checks: &Checks) -> Arc<Checks> {
        if let Some(known) = self.checks.get(checks) {
            return Arc::clone(known);
        }
        let checks: Arc<Checks> = checks.into();
        if self.checks.len() < SHARED {
            self.checks.insert(Arc::clone(&checks));
        }
        checks
    }

    /// Adds those of another list.
    pub(crate) fn merge(&mut self, mut other: Self) {
        let objects = other.blocks.iter_mut().flat_map(|block| &mut block.objects).chain(&mut other.last);
        objects.for_each(|object| object.checks = self.share(&object.checks));
        self.blocks.extend(other.blocks);
        self.last.extend(other.last);
        self.text.extend(other.text);
        if self.text.len() >= BLOCK {
            self.pack();
        }
    }

    fn pack(&mut self) {
        let text = std::mem::take(&mut self.text);
        // Without memory to pack into, they lie as they are.
        let mut packed = zstd::bulk::compress(&text, 1).unwrap_or_default();
        packed.shrink_to_fit();
        let (packed, size) = if packed.is_empty() { (text, 0) } else { (packed, text.len()) };
        self.blocks.push(Block { objects: std::mem::take(&mut self.last), packed, size });
    }

    /// Shows each object with its fields and the numbers of those that may differ from the one before, a block at a
    /// time, and says how many it could not show. It shows all as long as there is memory for a block.
    pub(crate) fn each(&self, mut show: impl FnMut(&Waiting, &Fields, &[usize])) -> u64 {
        let mut shown = 0;
        for block in &self.blocks {
            if block.size == 0 {
                shown += show_all(&block.objects, &block.packed, &mut show);
            } else if let Ok(text) = zstd::bulk::decompress(&block.packed, block.size) {
                shown += show_all(&block.objects, &text, &mut show);
            }
        }
        shown += show_all(&self.last, &self.text, &mut show);
        (self.len() - shown) as u64
    }
}

/// Shows objects with the fields that are written one after the other in a text, and says how many it shows.
fn show_all(objects: &[Waiting], text: &[u8], show: &mut impl FnMut(&Waiting, &Fields, &[usize])) -> usize {
    let mut written = Objects::of(text);
    for (shown, object) in objects.iter().enumerate() {
        let Some((fields, changed)) = written.next() else { return shown };
        show(object, fields, changed);
    }
    objects.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// What waits comes back as it was, however the batches came; sums do not hang on the order.
        #[test]
        fn what_waits_comes_back(
            objects in prop::collection::vec(prop::collection::vec(prop::option::of(value()), 0..6), 0..40),
            cut in 1_usize..20,
            large in 0_usize..40,
        ) {
            let fields = |number: usize| {
                let mut fields = objects[number].clone();
                if number == large {
                    fields.push(Some(json!("x".repeat(BLOCK))));
                }
                fields
            };
            let mut list = WaitingList::default();
            let numbers: Vec<usize> = (0..objects.len()).collect();
            for batch in numbers.chunks(cut) {
                let (mut part, mut differences) = (WaitingList::default(), Differences::default());
                for number in batch {
                    let checks = part.share(&[(number % 3, None)]);
                    let position = Position::Document { document: *number as u64, line: 0 };
                    let waiting = Waiting { order: *number as u64, position, doubtful: number % 2 == 0, checks };
                    prop_assert!(part.push(waiting, &fields(*number), &mut differences));
                }
                list.merge(part);
            }
            prop_assert_eq!(list.len(), objects.len());
            let (mut shown, mut before): (Vec<_>, Fields) = (Vec::new(), Vec::new());
            let mut differ = true;
            let lost = list.each(|object, fields, changed| {
                differ &= (0..fields.len()).all(|slot| changed.contains(&slot) || fields.get(slot) == before.get(slot));
                before.clone_from(fields);
                shown.push((object.order, object.checks[0].0, fields.clone()));
            });
            prop_assert!(differ);
            prop_assert_eq!(lost, 0);
            shown.sort_by_key(|(order, ..)| *order);
            let given: Vec<_> = numbers.iter().map(|number| (*number as u64, number % 3, fields(*number))).collect();
            prop_assert_eq!(shown, given);
        }
    }

    proptest! {
        /// Few values, many objects: what was written before, and what was not, come back alike, to the sign of a zero.
        #[test]
        fn what_is_alike_comes_back(picks in prop::collection::vec(prop::collection::vec(0..40_usize, 3), 0..90)) {
            let value = |pick: usize| match pick {
                0..3 => None,
                3 => Some(json!(0.0)),
                4 => Some(json!(-0.0)),
                5 => Some(json!([-0.0, {"a": 0.0}])),
                6 => Some(json!([0.0, {"a": 0.0}])),
                pick => Some(json!(format!("value {pick}"))),
            };
            let (mut list, mut differences) = (WaitingList::default(), Differences::default());
            let objects: Vec<Fields> = picks.iter().map(|picks| picks.iter().map(|pick| value(*pick)).collect()).collect();
            for (order, fields) in (0..).zip(&objects) {
                let position = Position::Document { document: order, line: 0 };
                let waiting = Waiting { order, position, doubtful: true, checks: [].into() };
                prop_assert!(list.push(waiting, fields, &mut differences));
            }
            let mut shown = Vec::new();
            prop_assert_eq!(list.each(|_, fields, _| shown.push(fields.clone())), 0);
            prop_assert_eq!(format!("{shown:?}"), format!("{objects:?}"));
        }
    }

    /// The limit on nesting is that of the readers, which is not counted from the list on.
    #[test]
    fn what_is_nested_deeply_comes_back() {
        let mut list = WaitingList::default();
        let deep = (0..127).fold(json!(1), |value, _| json!([value]));
        let waiting = Waiting {
            order: 0,
            position: Position::Document { document: 0, line: 0 },
            doubtful: true,
            checks: [].into(),
        };
        assert!(list.push(waiting, &vec![Some(deep.clone())], &mut Differences::default()));
        let mut shown = None;
        assert_eq!(list.each(|_, fields, _| shown = Some(fields.clone())), 0);
        assert_eq!(shown, Some(vec![Some(deep)]));
    }
}
