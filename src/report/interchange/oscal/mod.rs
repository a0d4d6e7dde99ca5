//! `assessment.oscal.json`: OSCAL assessment results 1.1.2.
//!
//! Each rule is an observation, each Open a risk besides, and each control whose rules all decided a
//! finding: a rule that is Not Reviewed leaves its control without one, unless another rule is Open.
//! The standard allows no empty list, so a list that may be empty is left out when it is.

mod control;
mod document;
mod inventory;
mod model;
mod render;
mod result;

pub(crate) use render::render;
