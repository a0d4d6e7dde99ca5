//! Times that a rule compares with: written in the rule, or known of the snapshot.

use crate::rules::language::variables::COLLECTED;

/// A time (RFC 3339), or a variable's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeRef {
    /// A time in the rule.
    Fixed(String),
    /// The value of a variable.
    Variable(String),
}

impl TimeRef {
    pub(crate) fn words(&self) -> &str {
        match self {
            Self::Fixed(time) => time,
            Self::Variable(name) if name == COLLECTED => "the collection of the snapshot",
            Self::Variable(name) => name,
        }
    }
}
