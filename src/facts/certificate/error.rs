//! Why a text holds no certificates.

/// Why the certificates of a text cannot be read. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// There is none.
    #[error("it has no certificate")]
    None,
    /// There are more than any chain or bundle has.
    #[error("it has more than {0} certificates")]
    TooMany(usize),
    /// One has no end line, or is too large.
    #[error("the certificate at line {0} does not end")]
    NoEnd(u64),
    /// What stands between the lines is not Base64.
    #[error("the certificate at line {line} is not valid Base64: {error}")]
    NotBase64 {
        /// The line.
        line: u64,
        /// What is wrong.
        error: base64::DecodeError,
    },
    /// Something follows the certificate in its block.
    #[error("the certificate at line {0} has bytes after its end")]
    Trailing(u64),
    /// What it encodes cannot be parsed.
    #[error("the certificate at line {0} cannot be read as X.509")]
    Unreadable(u64),
}
