//! Evidence: whether a snapshot is what its collector wrote, and whether what was kept is still what it was.

mod integrity;
pub mod redact;
pub mod sealed;
pub mod signature;
mod verify;

pub use integrity::{Claim, Integrity, MemberCheck, check};
pub use verify::{Checked, Found, Status, Verified, listed, verify, verify_signed};
