//! Why reading cannot go on.

use std::io;

use crate::archive;

/// Why reading cannot go on. What is wrong with one member is no such error: its
/// [`State`](crate::facts::State) says it, and the other members are read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// An input cannot be read or breaks a bound.
    #[error(transparent)]
    Archive(#[from] archive::Error),
    /// An object is too large.
    #[error(
        "`{member}` holds an object of more than {limit} bytes; if you trust the file, allow more with --max-object-bytes"
    )]
    ObjectTooLarge {
        /// `input!path`.
        member: String,
        /// The bound.
        limit: u64,
    },
    /// The bytes of a member could not be had; an [`archive::Error`] says why. This one only ends the
    /// visit of the member and never reaches a caller.
    #[error("cannot read: {0}")]
    Stream(#[from] io::Error),
    /// The threads could not be started.
    #[error("cannot start the threads that parse: {0}")]
    Threads(String),
}
