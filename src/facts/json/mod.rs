//! JSON as a stream.

mod brackets;
pub(crate) mod documents;
mod envelope;
pub(crate) mod lines;
pub(crate) mod splitter;
