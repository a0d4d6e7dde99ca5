//! Judges objects as they pass and sums up what they show.

pub(crate) mod approval;
pub(crate) mod explain;
pub(crate) mod judge;
pub(crate) mod memo;
mod object;
pub(crate) mod samples;
pub(crate) mod tally;
