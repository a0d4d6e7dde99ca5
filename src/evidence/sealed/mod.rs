//! Evidence archives: what an assessment was made from and what it said, in one file that anybody can check.
//!
//! An archive is a tar in zstd frames of at most 1 MiB, a new one at the beginning of each member, with a table of all
//! frames at its end (the zstd seekable format): `tar --zstd -x` unpacks it, and one member can be read without the rest.
//! Names are sorted, times, owners and modes fixed, so that the same inputs give the same bytes. `MANIFEST.sha256` is the
//! first member and lists the digest of every other one, as `sha256sum -c` checks it; `evidence.json` (`record.rs`) says
//! what each member was to the assessment.

mod build;
mod frames;
mod gather;
mod member;
mod open;
mod record;
mod tar;

pub use build::{Content, Part, SealError, Sealing, Sign, seal};
pub use gather::{folder, given};
pub use member::SealedMember;
pub use open::{OpenError, Sealed};
pub use record::{Bounds, InputRecord, OptionsRecord, PackRecord, Record, TextRecord, ToolRecord};

/// Members that are made of the manifest, so that it cannot list them.
pub const OF_MANIFEST: [&str; 3] = ["SIGNATURE.cms", "SIGNATURE.dsse.json", "TIMESTAMP.tsr"];
