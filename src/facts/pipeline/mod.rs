//! What keeps threads busy and memory bounded: buffers, hashing threads, and the gate for batches.

pub(crate) mod buffer;
pub(crate) mod digest;
pub(crate) mod gate;
