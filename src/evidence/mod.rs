//! Evidence: whether a snapshot is what its collector wrote.

mod integrity;

pub use integrity::{Claim, Integrity, MemberCheck, check};
