//! Containers of files, read as streams and within limits.
//!
//! [`read_input`] takes a folder, an archive or a lone file, tells by its content what it is and
//! hands every regular file in it to a visitor. Nothing is unpacked to disk, no link is followed but each is
//! named, and whatever would let two readers see different members is an error.

mod budget;
mod charset;
mod container;
mod decode;
mod error;
mod fault;
mod format;
mod input;
mod member;
mod opened;
mod path;
mod skipped;
mod source;

pub use budget::{Budget, Limits};
pub use charset::{Charset, Utf8Reader, charset};
pub use container::preamble::has_preamble;
pub use error::Error;
pub use format::{Format, Kind, Peeked, sniff};
pub use input::{InputSummary, read_bytes, read_input, read_nested, read_nested_bytes};
pub use member::{Flow, MemberMeta, Visit};
pub use opened::{Opener, ReadSeek, read_opened, read_opened_folder};
pub use skipped::{Skipped, SkippedEntries};
