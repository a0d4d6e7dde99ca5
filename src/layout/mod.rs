//! Layouts: where things lie in what was handed in, and what they are.

mod content;
mod dump;
mod kind;
mod locate;
mod lone;
mod manifest;
mod objects;
mod snapshot;

pub use content::{Refusal, refusal};
pub use dump::{Piece, only_some, piece, section};
pub use kind::{Encoding, Kind, TextForm, is_namespaced};
pub use locate::{Located, locate};
pub use lone::{Identity, identify};
pub use manifest::{Header, Item, ItemStatus, Manifest, ManifestError};
pub use objects::{Shelf, shelf};
pub use snapshot::{Owner, Place, Placement, cluster_path, place};
