//! Brings together what is known of a rule and weighs it.
//!
//! [`rule`] is the way in. It asks whether the rule applies and to which nodes, adds up its checks over
//! all sources into an accumulator, and weighs what was gathered.

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
