//! What can go wrong below the level at which members have names.
//!
//! Decoders know neither the input's name nor the member's. They say what is wrong, and where the member is
//! known, [`OpenInput::fail`](crate::archive::member::OpenInput::fail) adds the place.

use std::error::Error as StdError;
use std::fmt;
use std::io;

/// A limit that does not hold.
#[derive(Debug)]
pub(super) struct LimitExceeded {
    pub(super) what: &'static str,
    pub(super) limit: u64,
    pub(super) option: &'static str,
}

impl LimitExceeded {
    pub(super) fn new(what: &'static str, limit: u64, option: &'static str) -> Self {
        Self { what, limit, option }
    }
}

/// A failure without its place.
///
/// Decoders are plain readers, so it travels through them inside an [`io::Error`] and is taken
/// out again where the member is known.
#[derive(Debug)]
pub(super) enum Fault {
    /// The stream ends too early.
    Truncated,
    /// The stream breaks the rules of its format.
    Corrupt(String),
    /// The stream asks for something that is not built in.
    Unsupported(String),
    /// A limit does not hold.
    Limit(LimitExceeded),
    /// The bytes below cannot be read.
    Device(io::Error),
}

impl Fault {
    /// Makes the fault for a format's broken rule.
    pub(super) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt(what.into())
    }

    /// Returns an error for a visitor's eyes: the same kind and text, without the fault.
    pub(super) fn echo(&self) -> io::Error {
        io::Error::new(self.kind(), self.to_string())
    }

    fn kind(&self) -> io::ErrorKind {
        match self {
            Self::Truncated => io::ErrorKind::UnexpectedEof,
            Self::Corrupt(_) => io::ErrorKind::InvalidData,
            Self::Unsupported(_) => io::ErrorKind::Unsupported,
            Self::Limit(_) => io::ErrorKind::QuotaExceeded,
            Self::Device(error) => error.kind(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("it ends too early"),
            Self::Corrupt(what) | Self::Unsupported(what) => f.write_str(what),
            Self::Limit(exceeded) => write!(f, "{}, the limit is {}", exceeded.what, exceeded.limit),
            Self::Device(error) => error.fmt(f),
        }
    }
}

impl StdError for Fault {}

impl From<LimitExceeded> for Fault {
    fn from(exceeded: LimitExceeded) -> Self {
        Self::Limit(exceeded)
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        // `Interrupted` would make a caller try again.
        let kind = match fault.kind() {
            io::ErrorKind::Interrupted => io::ErrorKind::Other,
            kind => kind,
        };
        io::Error::new(kind, fault)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.downcast::<Fault>() {
            Ok(fault) => fault,
            Err(error) if error.raw_os_error().is_some() => Self::Device(error),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Self::Truncated,
            Err(error) => Self::Corrupt(error.to_string()),
        }
    }
}
