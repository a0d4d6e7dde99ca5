//! A member as evidence: of which node it is, how far it was delivered, and whether it decides.
//!
//! Three questions are kept apart, each with a type of its own, since every combination of their
//! answers occurs: where a source comes from ([`Origin`]), how far it can be relied on
//! ([`Delivery`]), and whether another one that is newer decides in its place ([`Standing`]).

use crate::assess::cluster::delivery::Delivery;
use crate::assess::compile::probe::EngineInfo;
use crate::assess::observe::tally::Tally;
use crate::facts::{Member, Nature, Origin, Reading};
use crate::layout::Owner;
use crate::model::date::Timestamp;

/// Which of the sources that tell the same decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// This one.
    Decides,
    /// The newer source of this number: what this one says is shown and does not decide.
    Superseded {
        /// Number of the newer source.
        by: usize,
    },
}

/// When a source was taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Taken {
    pub(crate) at: Timestamp,
    /// How the source writes it.
    pub(crate) text: String,
}

impl Taken {
    /// Reads a time as sources state it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(Self { at: Timestamp::parse(text)?, text: text.to_owned() })
    }
}

/// A member as evidence.
#[derive(Debug)]
pub(crate) struct EvidenceSource {
    /// `input!path`.
    pub(crate) name: String,
    /// Number of the member.
    pub(crate) member: usize,
    /// Its node, where it has one.
    pub(crate) node: Option<String>,
    pub(crate) owner: Owner,
    pub(crate) origin: Origin,
    pub(crate) delivery: Delivery,
    pub(crate) standing: Standing,
    /// When it was taken, as far as something tells.
    pub(crate) taken: Option<Taken>,
}

impl EvidenceSource {
    /// Whether no newer source takes its place.
    pub(crate) fn decides(&self) -> bool {
        self.standing == Standing::Decides
    }

    /// Whether it is what it claims to be, as far as something speaks of that.
    pub(crate) fn is_trusted(&self) -> bool {
        !matches!(self.delivery, Delivery::Untrusted(_))
    }

    /// Whether what it says counts.
    pub(crate) fn counts(&self) -> bool {
        self.is_trusted() && self.decides()
    }

    /// The name of the kind that it should hold.
    pub(crate) fn kind<'r>(&self, read: &'r Reading<Tally>) -> Option<&'r str> {
        read.members[self.member].place.as_ref().map(|place| place.kind.name())
    }

    /// How much of its kind it can hold.
    pub(crate) fn nature<'r>(&self, read: &'r Reading<Tally>) -> &'r Nature {
        &read.members[self.member].nature
    }
}

/// The name of a member in evidence.
pub(crate) fn member_name(inputs: &[String], input: usize, path: &str) -> String {
    let input = inputs.get(input).map_or("", String::as_str);
    if path.is_empty() || path == input { input.to_owned() } else { format!("{input}!{path}") }
}

/// What `docker info` says in a member.
pub(crate) fn engines(member: &Member<Tally>) -> impl Iterator<Item = &EngineInfo> {
    member.facts.iter().flat_map(|facts| &facts.tally.probe.engines)
}
