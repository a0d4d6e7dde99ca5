//! Layouts: where things lie in what was handed in, and what they are.

mod content;
mod kind;
mod lone;
mod manifest;
mod snapshot;

pub use content::{Refusal, refusal};
pub use kind::{Encoding, Kind, TextForm};
pub use lone::{Identity, identify};
pub use manifest::{Header, Item, ItemStatus, Manifest, ManifestError};
pub use snapshot::{Owner, Place, Placement, cluster_path, place};
