//! Brings together what is known of a rule and weighs it.

pub(crate) mod accumulator;
mod applicability;
pub(crate) mod basis;
pub(crate) mod evidence_line;
pub(crate) mod gaps;
mod other_reading;
mod superseded;
