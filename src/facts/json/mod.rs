//! JSON as a stream.

pub(crate) mod splitter;
