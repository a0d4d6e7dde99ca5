//! Facts: what members say, object by object, pruned to the fields that rules ask for.

mod bounds;
mod certificate;
mod dump;
mod error;
mod fact;
mod fields;
mod json;
mod member;
mod objects;
mod pipeline;
mod read;
mod reading;
mod skipped;
mod source;
mod text;
mod yaml;

pub use bounds::Bounds;
pub use certificate::{Anchors, CertificateError};
pub use dump::config::pointer_in_configuration;
pub use error::ReadError;
pub use fact::{Fact, Observer};
pub(crate) use fields::canonical::hash_value;
pub use fields::keep::Keep;
pub use fields::path::{
    FieldPath, FieldPathError, INSIDE_NOT_KEPT, Lookup, NOT_CARRIED, NOT_KEPT, REDACTED, holds_not_kept, is_not_kept,
    marks_not_kept,
};
pub use fields::plan::{KindId, Plan};
pub use fields::position::Position;
pub use fields::projection::Projection;
pub use fields::tree::{Fields, Slot};
pub use json::splitter::{Item, Shape, SplitError, Splitter};
pub use member::{Failure, FoundManifest, KindFacts, Member, Nature, Origin, State};
pub use read::read;
pub use reading::{InputRead, Reading};
pub use skipped::{AllNotRead, NotRead, WouldHold};
pub use source::Source;
pub(crate) use source::shared_folders;
