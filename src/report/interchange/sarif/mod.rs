//! `assessment.sarif`: SARIF 2.1.0.
//!
//! Each object that breaks a rule is a result of its own, since each is mended on its own; a rule of
//! any other status is one result. Viewers take a missing level for a warning, so it is always there.

mod location;
mod model;
mod render;
mod result;

pub(crate) use render::render;
