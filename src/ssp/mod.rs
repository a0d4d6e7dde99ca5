//! The machine-readable part of the site's System Security Plan.

mod claim;
mod draft;
mod entry;
mod lint;
mod pattern;
mod plan;
mod read;
mod schema;
mod section;

pub(crate) use claim::{Claim, claims};
pub(crate) use draft::{Proposal, draft};
pub use entry::{Approval, Entry, Given, PortRange, Scope, Target};
pub use lint::{Amiss, Needed};
pub use pattern::Pattern;
pub use plan::Ssp;
pub use schema::ssp_schema;
pub use section::{SECTIONS, Section};
