//! Certificates: what stands in them, and whether a chain leads to an authority that is trusted.

mod error;
mod fields;
mod pem;
mod trust;
mod x509;

pub use error::CertificateError;
pub(crate) use fields::read;
pub use trust::Anchors;
