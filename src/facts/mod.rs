//! Facts: what members say, object by object, pruned to the fields that rules ask for.

mod buffer;
mod certificate;
mod digest;
mod docker_image;
mod dump;
mod gate;
mod member;
mod nested;
mod objects;
mod path;
mod plan;
mod position;
mod projection;
mod reader;
mod splitter;
mod stream;
mod text;
mod yaml;

pub use certificate::Anchors;
pub use digest::Digest;
pub use dump::pointer_in_configuration;
pub use member::{Failure, FoundManifest, KindFacts, Member, Nature, State};
pub use path::{FieldPath, FieldPathError, Lookup, NOT_CARRIED, REDACTED};
pub use plan::{KindId, Plan};
pub use position::Position;
pub use projection::{Fields, Keep, Projection, Slot};
pub use splitter::{Item, Shape, SplitError, Splitter};
pub use stream::{Bounds, Fact, InputRead, Observer, ReadError, Reading, Source, read};
