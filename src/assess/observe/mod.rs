//! Judges objects as they pass and sums up what they show.

pub(crate) mod explain;
pub(crate) mod judge;
pub(crate) mod memo;
pub(crate) mod samples;
pub(crate) mod tally;
