//! Keeping evidence: whether it is still what it was, an archive of all of it, and the proof that it still gives the same.

mod again;
pub(crate) mod redact;
pub(crate) mod replay;
pub(crate) mod seal;
pub(crate) mod verify;
