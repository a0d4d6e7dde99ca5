//! A snapshot with less in it: names of hosts, people, addresses, images and namespaces replaced, the same name always by the
//! same.
//!
//! Names are found in the fields that hold them and by what reads as an address; then every text is searched for them, so that
//! a name is replaced wherever it stands. What a name became is in a map that stays with whoever made it.

mod chunks;
mod coding;
mod der;
mod gather;
mod manifest;
mod map;
mod matcher;
mod names;
mod patterns;
mod replace;
mod snapshot;
mod words;

pub use map::{MAX_MAP, MapError};
pub use names::{Category, Names};
pub use snapshot::{RedactError, Redacted, find_names, still_there, without_names, write};
