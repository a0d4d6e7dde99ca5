//! Keeping evidence: whether it is still what it was.

pub(crate) mod verify;
