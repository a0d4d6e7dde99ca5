//! How far the facts of a kind were delivered.
//!
//! Delivery is a ladder, best first: of two sources that tell the same, the better one holds. Its two
//! last rungs are apart, since nothing makes up for a file that is damaged or is not what it claims
//! to be: one that was tampered with must not be healed by another that happens to be whole.

use crate::model::assessment::ReasonCode;
use crate::model::labels;

/// How far the facts of a kind were delivered, best first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Delivery {
    /// All of them.
    Read,
    /// Only some, as the source never holds all.
    Partial(String),
    /// Only the beginning.
    Truncated(String),
    /// Access was refused.
    Forbidden(String),
    /// Not in the snapshot.
    Missing(String),
    /// Damaged: what could be read of it may still show a finding.
    Unreadable(String),
    /// Not what the manifest or its own content says that it is: nothing in it counts.
    Untrusted(String),
}

impl Delivery {
    /// Whether nothing else makes up for it.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Unreadable(_) | Self::Untrusted(_))
    }

    /// The code of the reason that it gives, and why; all of a list can still be too little.
    pub(crate) fn reason(&self) -> (ReasonCode, &str) {
        match self {
            Self::Read => (ReasonCode::Partial, "read"),
            Self::Partial(why) => (ReasonCode::Partial, why),
            Self::Truncated(why) => (ReasonCode::Truncated, why),
            Self::Forbidden(why) => (ReasonCode::Forbidden, why),
            Self::Missing(why) => (ReasonCode::Missing, why),
            Self::Unreadable(why) | Self::Untrusted(why) => (ReasonCode::Unreadable, why),
        }
    }

    /// The word that the assessment has for it.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Read => "read",
            other => labels::reason_key(other.reason().0),
        }
    }
}
