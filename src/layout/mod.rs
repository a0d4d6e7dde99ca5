//! Layouts: where things lie in what was handed in, and what they are.

mod dump;
mod kinds;
mod locate;
mod manifest;
mod recognize;
mod refusal;
mod resource_folder;
mod snapshot;
#[cfg(test)]
mod tests;

pub use dump::{DumpFile, dump_file, section, within_sections};
pub(crate) use kinds::Tells;
pub use kinds::{
    Covered, DumpForm, Encoding, FLAGS, Kept, KeptField, Kind, Selection, TextForm, WORDS, case_path, cluster_path,
    lists,
};
pub use locate::{Located, is_litter, locate};
pub use manifest::{Header, Item, ItemStatus, Manifest, ManifestError};
pub use recognize::{ListOf, Told, identify, identify_toml, list_of};
pub use refusal::{Refusal, not_known_here, refusal};
pub use resource_folder::{ResourceFolder, resource_folder};
pub use snapshot::{Owner, Place, Placement, place};
