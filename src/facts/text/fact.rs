//! A fact that was read from a text.

use serde_json::Value;

/// A fact, and the line (from 0) on which it begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TextFact {
    pub(crate) value: Value,
    pub(crate) line: u64,
}
