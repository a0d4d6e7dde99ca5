//! Certificates: what stands in them, and whether a chain leads to an authority that is trusted.

mod fields;
mod pem;
mod trust;

pub(crate) use fields::read;
pub use trust::Anchors;
