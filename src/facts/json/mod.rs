//! JSON as a stream.

mod brackets;
mod envelope;
pub(crate) mod splitter;
