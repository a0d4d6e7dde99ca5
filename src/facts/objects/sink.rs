//! Parses the objects of a member and shows them to the observer.
//!
//! Every thread of the pool sums up a batch for itself and adds its sum to the member's at the end, so
//! that threads meet once for a batch and not once for an object.

use std::sync::Arc;

use crate::facts::fact::{Fact, Observer};
use crate::facts::fields::plan::{KindId, Plan};
use crate::facts::fields::position::Position;
use crate::facts::fields::tree::Fields;
use crate::facts::json::splitter::Item;
use crate::facts::member::{KindFacts, State};
use crate::facts::objects::growing::Growing;
use crate::facts::pipeline::buffer::Buffer;
use crate::layout::{Kind, Owner};
use crate::model::display;

/// Bits by which an object's number is shifted to number the facts that come of it: an image has a fact
/// for each tag, and 65,536 tags are more than any registry lets one image have.
pub(crate) const PARTS: u32 = 16;

/// Objects of one member, cut out but not parsed.
pub(crate) struct Batch {
    pub(crate) buffer: Arc<Buffer>,
    pub(crate) items: Vec<Item>,
    /// Number of the first of them in the member.
    pub(crate) order: u64,
    /// Whether each of them says its kind, for the list around them does not.
    pub(crate) named: bool,
}

/// Why an object is not one of its kind.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ObjectError {
    #[error("is not valid JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("does not name its kind, nor does its list")]
    Unnamed,
    #[error("is a {}, not a {wanted}", display::escaped(own))]
    OtherKind { own: String, wanted: Kind },
    #[error("is not a {kind}: it has no `{field}`")]
    Lacks { kind: Kind, field: String },
    #[error("reports only an error: {0}")]
    NotReached(String),
}

/// Where a member's objects go.
pub(crate) struct Sink<'s, O: Observer> {
    pub(crate) plan: &'s Plan,
    pub(crate) observer: &'s O,
    /// The kind that the member should hold.
    pub(crate) kind: KindId,
    /// Whether the snapshot format says so: then it can hold no other.
    pub(crate) placed: bool,
    pub(crate) owner: Owner,
    /// Members of the kind that were read before this one.
    pub(crate) earlier: usize,
    /// Where problems go.
    pub(crate) growing: Arc<Growing<O::Tally>>,
    /// Where facts go, if they are summed up with those of other files.
    pub(crate) join: Option<Join<O::Tally>>,
}

/// A file whose facts are summed up with those of other files: each would cost as much as a list.
pub(crate) struct Join<T> {
    /// The sum of all of them.
    pub(crate) whole: Arc<Growing<T>>,
    /// The file.
    pub(crate) file: u32,
    /// How many files were summed up before.
    pub(crate) before: u64,
}

impl<T> Join<T> {
    /// Bits for the objects of one file: the rest numbers 16 million files, and with [`PARTS`] one file
    /// has 16 million objects.
    const FILE: u32 = 40;

    fn place(&self, position: Position, order: u64) -> (Position, u64) {
        let index = match position {
            Position::Element { index, .. } => u32::try_from(index).ok(),
            _ => None,
        };
        (Position::Of { file: self.file, index }, (self.before << Self::FILE) + order)
    }
}

impl<O: Observer> Sink<'_, O> {
    /// Parses and observes a batch.
    pub(crate) fn batch(&self, batch: &Batch) {
        let mut sums = Vec::new();
        for (number, item) in (batch.order..).zip(&batch.items) {
            let bytes = &batch.buffer[item.start..item.end];
            if let Err(error) = self.one(bytes, (item.position, number), batch.named, &mut sums) {
                let at = item.position.pointer();
                let at = if at.is_empty() { "the object".to_owned() } else { format!("the object at {at}") };
                self.growing.problem(number, State::Unreadable(format!("{at} {error}")));
            }
        }
        self.add(sums);
    }

    /// Parses and observes one object.
    pub(crate) fn object(
        &self,
        bytes: &[u8],
        position: Position,
        order: u64,
        sums: &mut Vec<KindFacts<O::Tally>>,
    ) -> Result<(), ObjectError> {
        self.one(bytes, (position, order), false, sums)
    }

    /// Parses and observes one object; `named` says whether it must say of what kind it is.
    fn one(
        &self,
        bytes: &[u8],
        (position, order): (Position, u64),
        named: bool,
        sums: &mut Vec<KindFacts<O::Tally>>,
    ) -> Result<(), ObjectError> {
        let mut kind = self.kind;
        let mut fields = self.plan.planned(kind).projection.parse(bytes)?;
        if named && self.plan.planned(kind).own_kind(&fields).is_none() {
            return Err(ObjectError::Unnamed);
        }
        // A list may mix kinds, as `kubectl get pods,services` does: each object goes to its own.
        if let Some(own) = self.plan.planned(kind).own_kind(&fields)
            && self.plan.name(kind).kubernetes() != Some(own)
        {
            if self.placed {
                return Err(ObjectError::OtherKind { own: own.to_owned(), wanted: self.plan.name(kind).clone() });
            }
            let Some(other) = Kind::named(&format!("kube.{own}")).and_then(|other| self.plan.id(&other)) else {
                return Ok(());
            };
            kind = other;
            fields = self.plan.planned(kind).projection.parse(bytes)?;
        }
        if let Some(told) = self.plan.planned(kind).not_reached(&fields) {
            return Err(ObjectError::NotReached(display::escaped(&told).into_owned()));
        }
        if let Some(field) = self.plan.planned(kind).lacks(&fields) {
            return Err(ObjectError::Lacks { kind: self.plan.name(kind).clone(), field });
        }
        match &self.plan.planned(kind).image {
            None => self.fact(kind, &fields, position, order << PARTS, sums),
            Some(image) => {
                for (part, fields) in (0..).zip(image.facts(fields)) {
                    self.fact(kind, &fields, position, (order << PARTS) + part, sums);
                }
            }
        }
        Ok(())
    }

    pub(crate) fn fact(
        &self,
        kind: KindId,
        fields: &Fields,
        position: Position,
        order: u64,
        sums: &mut Vec<KindFacts<O::Tally>>,
    ) {
        let at = sums.iter().position(|sum| sum.kind == kind).unwrap_or_else(|| {
            sums.push(KindFacts { kind, count: 0, tally: self.begin(kind) });
            sums.len() - 1
        });
        sums[at].count += 1;
        let (position, order) = self.join.as_ref().map_or((position, order), |join| join.place(position, order));
        self.observer.observe(
            &self.owner,
            &Fact { kind, fields, position, order, earlier: self.earlier },
            &mut sums[at].tally,
        );
    }

    /// The sum to which facts are added.
    fn sums(&self) -> &Growing<O::Tally> {
        self.join.as_ref().map_or(&self.growing, |join| &join.whole)
    }

    /// An empty sum that knows what the member already has.
    fn begin(&self, kind: KindId) -> O::Tally {
        let whole = self.sums().sum();
        let so_far = whole.facts.iter().find(|known| known.kind == kind);
        so_far.map_or_else(O::Tally::default, |so_far| self.observer.begin(&so_far.tally))
    }

    /// Adds the sums of a batch to the member's.
    pub(crate) fn add(&self, mut sums: Vec<KindFacts<O::Tally>>) {
        for sum in &mut sums {
            self.observer.end(sum.kind, &mut sum.tally);
        }
        let mut whole = self.sums().sum();
        for sum in sums {
            match whole.facts.iter_mut().find(|known| known.kind == sum.kind) {
                Some(known) => {
                    known.count += sum.count;
                    self.observer.merge(sum.kind, &mut known.tally, sum.tally);
                }
                None => whole.facts.push(sum),
            }
        }
    }
}
