//! Facts: what members say, object by object, pruned to the fields that rules ask for.

mod certificate;
mod dump;
mod fields;
mod json;
mod member;
mod nested;
mod objects;
mod pipeline;
mod reader;
mod stream;
mod text;
mod yaml;

pub use certificate::Anchors;
pub use dump::pointer_in_configuration;
pub(crate) use fields::canonical::hash_value;
pub use fields::path::{FieldPath, FieldPathError, Lookup, NOT_CARRIED, REDACTED};
pub use fields::plan::{KindId, Plan};
pub use fields::position::Position;
pub use fields::projection::{Fields, Keep, Projection, Slot};
pub use json::splitter::{Item, Shape, SplitError, Splitter};
pub use member::{Failure, FoundManifest, KindFacts, Member, Nature, State};
pub use stream::{Bounds, Fact, InputRead, Observer, ReadError, Reading, Source, read};
