//! Which fields of an object are kept, and where they stand.

pub(crate) mod canonical;
pub(crate) mod docker_image;
pub(crate) mod keep;
mod parse;
pub(crate) mod path;
pub(crate) mod plan;
pub(crate) mod position;
pub(crate) mod projection;
pub(crate) mod tree;
