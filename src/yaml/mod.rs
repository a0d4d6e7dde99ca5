//! YAML that people write: read with the place of every mistake, and written so that it is read back as it was.

pub(crate) mod brackets;
mod locate;
mod of_cluster;
mod problem;
pub(crate) mod quote;
mod reader;

#[cfg(test)]
pub(crate) use locate::walks;
pub use locate::{Place, Step};
pub(crate) use locate::{locate, places};
pub use of_cluster::OfCluster;
pub use problem::Problem;
pub(crate) use reader::{Checker, FILE_LIMIT, Node, nearest, parse, to_json};
