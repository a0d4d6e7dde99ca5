//! Brings together what is known of a rule and weighs it.

mod accumulator;
mod applicability;
pub(crate) mod basis;
mod check;
mod evidence_digest;
mod evidence_line;
mod gaps;
mod other_reading;
pub(crate) mod rule;
mod scope;
mod superseded;
