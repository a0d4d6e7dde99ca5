//! The first objects of a sort as evidence shows them, with the count and the digests of all.
//!
//! A member may hold a hundred thousand objects that break a check, and a report shows a few of them.
//! So a line is only a reference to the object's kept fields, of which there is one packed copy for all
//! checks, and is written out when it is shown. Which lines are kept depends on the objects' numbers alone, so
//! that it is the same for any number of threads.

use std::sync::Arc;

use crate::assess::observe::packed::PackedFields;
use crate::facts::Position;
use crate::model::assessment::NamedObject;
use crate::model::digest::Digest;

/// Lines kept of each sort for one check: all of these of the first member of a kind, and of each
/// later one as many as there can be if every member is to have its share. Counts are of all.
const KEPT: usize = 200;

/// How many lines a member may keep, by the number of members of its kind that came before.
pub(crate) fn kept(earlier: usize) -> usize {
    (KEPT / (earlier + 1)).max(1)
}

/// An object of which evidence shows something: all lines about it share one.
#[derive(Debug)]
pub(crate) struct KeptObject {
    pub(crate) position: Position,
    /// Node that the object itself names.
    pub(crate) node: Option<String>,
    pub(crate) subject: String,
    /// The parts of its name.
    pub(crate) named: NamedObject,
    /// Its id, if several members may show the same object.
    pub(crate) shared_id: Option<String>,
    /// Number of its class.
    pub(crate) class: usize,
    /// What was read of it; nothing if that is too much to be kept.
    pub(crate) fields: Option<PackedFields>,
}

/// An object as evidence shows it for one check.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) object: Arc<KeptObject>,
    pub(crate) text: LineText,
}

/// What is seen of an object. Of many lines few are shown, so most are never written out.
#[derive(Debug, Clone)]
pub(crate) enum LineText {
    /// The kept fields tell it, by whether the object meets the demand; with what else there is to say.
    InFields { holds: bool, note: Box<str> },
    /// Written when the object was read.
    Written(Box<WrittenLine>),
}

/// Where in an object a decision fell, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WrittenLine {
    /// JSON pointer from the object on.
    pub(crate) below: String,
    pub(crate) seen: String,
}

/// An object among those of its member.
pub(crate) struct Mark {
    pub(crate) order: u64,
    /// Over its name and the values that the check looks at.
    pub(crate) digest: Digest,
    /// Lines that its member keeps.
    pub(crate) kept: usize,
}

/// The number of the last object whose line a member keeps; none while it keeps more.
pub(crate) type Cutoff = Option<u64>;

/// Whether an object of this number is behind the cutoff.
pub(crate) fn behind(cutoff: Cutoff, order: u64) -> bool {
    cutoff.is_some_and(|cutoff| order > cutoff)
}

/// An odd number spreads the bits that it is multiplied with, and loses none: this one is 2^128 by the golden ratio.
const ODD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// A sum of digests, which is the same whatever their order, and whichever of them were added up first.
///
/// It tells whether the same things were seen again. It is no seal: whoever can make up thousands of
/// objects may find others with the same sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DigestSum([u128; 2]);

impl DigestSum {
    /// What digests come to that belong together, in their order. They are mixed and not hashed once more, for every
    /// object that passes is summed for every check.
    pub(crate) fn of_one(digests: impl Iterator<Item = Digest>) -> Self {
        let mut mixed = Self::default();
        for digest in digests {
            if let (halves @ [_, _], _) = digest.bytes().as_chunks::<16>() {
                for (mine, half) in mixed.0.iter_mut().zip(halves) {
                    *mine = (mine.rotate_left(41) ^ u128::from_be_bytes(*half)).wrapping_mul(ODD);
                }
            }
        }
        mixed
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: Self) {
        for (mine, other) in self.0.iter_mut().zip(other.0) {
            *mine = mine.wrapping_add(other);
        }
    }

    /// The sum as bytes.
    pub(crate) fn bytes(self) -> [[u8; 16]; 2] {
        self.0.map(u128::to_be_bytes)
    }
}

/// Objects of one sort.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    pub(crate) count: u64,
    /// Of all of them.
    pub(crate) digests: DigestSum,
    /// The first, in the order of their numbers in the member.
    first: Vec<(u64, Line)>,
    /// How many of them are kept.
    most: usize,
}

impl Lines {
    /// Those kept, in the order of their objects.
    pub(crate) fn first(&self) -> impl ExactSizeIterator<Item = &Line> {
        self.first.iter().map(|(_, line)| line)
    }

    /// From where on objects need no line: where as many as are kept stand before.
    pub(crate) fn cutoff(&self) -> Cutoff {
        let (last, _) = self.first.last()?;
        (self.first.len() >= self.most).then_some(*last)
    }

    /// Adds an object with its digest; the line is made only if it is among the first, here and in
    /// the sum to which this one will be added (`cutoff`).
    pub(crate) fn add(&mut self, mark: &Mark, cutoff: Cutoff, line: impl FnOnce() -> Line) {
        self.count += 1;
        self.most = self.most.max(mark.kept);
        self.digests.merge(DigestSum::of_one(std::iter::once(mark.digest)));
        if !behind(cutoff, mark.order) && !behind(self.cutoff(), mark.order) {
            let at = self.first.partition_point(|(order, _)| *order < mark.order);
            self.first.insert(at, (mark.order, line()));
            self.first.truncate(self.most);
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.digests.merge(other.digests);
        self.most = self.most.max(other.most);
        if !other.first.is_empty() {
            self.first.extend(other.first);
            self.first.sort_by_key(|(order, _)| *order);
            self.first.truncate(self.most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mark(order: u64) -> Mark {
        Mark { order, digest: Digest::of(&order.to_le_bytes()), kept: 5 }
    }

    fn line(order: u64) -> Line {
        let position = Position::Document { document: order, line: 0 };
        let object = KeptObject {
            position,
            node: None,
            subject: order.to_string(),
            named: NamedObject::default(),
            shared_id: None,
            class: 0,
            fields: None,
        };
        Line { object: Arc::new(object), text: LineText::InFields { holds: false, note: "".into() } }
    }

    proptest! {
        /// Two objects that exchange a value are not the two that they were, and their order makes no difference.
        #[test]
        fn an_exchange_of_values_between_objects_is_a_difference(values in prop::array::uniform4("[ab]{1,2}")) {
            let [a, b, c, d] = &values;
            let both = |one: [&String; 2], other: [&String; 2]| {
                let [mut sum, other] =
                    [one, other].map(|of| DigestSum::of_one(of.into_iter().map(|value| Digest::of(value.as_bytes()))));
                sum.merge(other);
                sum
            };
            prop_assert_eq!(both([a, b], [c, d]), both([c, d], [a, b]));
            let same = a == c || b == d;
            prop_assert_eq!(both([a, b], [c, d]) == both([a, d], [c, b]), same);
        }

        /// Whatever way objects come in batches, and whatever a batch knew of the others, the sum
        /// is that of all objects one after the other.
        #[test]
        fn the_first_are_the_first_of_all(
            batches in Just((0..60_u64).collect::<Vec<_>>()).prop_shuffle(),
            size in 1_usize..20,
            stale in 0_usize..4,
        ) {
            let mut whole = Lines::default();
            let mut cutoffs = vec![None];
            for batch in batches.chunks(size) {
                // A batch may have begun when fewer others had been added.
                let cutoff = cutoffs[cutoffs.len().saturating_sub(1 + stale)];
                let mut part = Lines::default();
                for order in batch {
                    part.add(&mark(*order), cutoff, || line(*order));
                }
                whole.merge(part);
                cutoffs.push(whole.cutoff());
            }
            let shown: Vec<&str> = whole.first().map(|line| line.object.subject.as_str()).collect();
            prop_assert_eq!(shown, ["0", "1", "2", "3", "4"]);
            prop_assert_eq!(whole.count, 60);
            let mut plain = Lines::default();
            (0..60).for_each(|order| plain.add(&mark(order), None, || line(order)));
            prop_assert_eq!(whole.digests, plain.digests);
        }
    }
}
