//! One object in the hands of whoever sums it up.

use crate::facts::fields::plan::KindId;
use crate::facts::fields::position::Position;
use crate::facts::fields::tree::Fields;
use crate::layout::Owner;

/// One object of a wanted kind.
#[derive(Debug)]
pub struct Fact<'f> {
    /// Its kind.
    pub kind: KindId,
    /// Its wanted fields, by slot.
    pub fields: &'f Fields,
    /// Where it stands in its member.
    pub position: Position,
    /// A number that grows with the facts of a member, in the order of reading.
    pub order: u64,
    /// How many members of the kind were read before this one.
    pub earlier: usize,
}

/// Sums up facts while they pass.
///
/// Objects of one member are shown on several threads and in any order, so sums must not depend on
/// it: [`Observer::merge`] has to be commutative and associative.
pub trait Observer: Sync {
    /// The sum over the facts of one kind in one member.
    type Tally: Default + Send + 'static;

    /// Makes an empty sum that will be added to one of the same kind and member, which may say what it
    /// has no more use for. What it says may be old: other sums are added meanwhile.
    fn begin(&self, _so_far: &Self::Tally) -> Self::Tally {
        Self::Tally::default()
    }

    /// Adds a fact.
    fn observe(&self, owner: &Owner, fact: &Fact<'_>, tally: &mut Self::Tally);

    /// Takes from a sum what it needed only while facts were added: it comes after the last one.
    fn end(&self, _kind: KindId, _tally: &mut Self::Tally) {}

    /// Adds one sum to another of the same kind and member.
    fn merge(&self, kind: KindId, into: &mut Self::Tally, from: Self::Tally);
}
