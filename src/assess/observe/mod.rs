//! Judges objects as they pass and sums up what they show.
//!
//! [`judge`] is the way in: the reader shows it every object once. What remains of a member is a
//! [`tally`], whose size does not grow with the list.

pub(crate) mod approval;
mod differences;
mod digests;
pub(crate) mod explain;
pub(crate) mod judge;
pub(crate) mod memo;
mod object;
pub(crate) mod packed;
pub(crate) mod samples;
pub(crate) mod tally;
mod waiting;
