//! Signatures over the manifest of an evidence archive, made and checked by the platform's own OpenSSL.
//!
//! This program handles no key and computes no signature: it hands bytes to a command and keeps what comes back, so that a
//! validated module, a card or an HSM does the work. Three members can stand beside the manifest: a detached CMS, a DSSE
//! envelope with an in-toto statement, and an RFC 3161 time stamp.

mod check;
mod command;
mod dsse;

pub use check::{Members, Signed, Trust, check};
pub use command::{CommandError, openssl, piped, shell};
pub use dsse::{Envelope, envelope, pae, statement};
