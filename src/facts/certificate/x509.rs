//! Bytes as a certificate.

use x509_parser::prelude::{FromDer, X509Certificate};

use crate::facts::certificate::error::CertificateError;
use crate::facts::certificate::pem::Block;

/// Parses one certificate; `None` if that cannot be done, or if something follows it.
pub(crate) fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    X509Certificate::from_der(der).ok().filter(|(rest, _)| rest.is_empty()).map(|(_, certificate)| certificate)
}

/// Parses the certificate of a text's block.
pub(crate) fn parse_at(block: &Block) -> Result<X509Certificate<'_>, CertificateError> {
    let line = block.line + 1;
    match X509Certificate::from_der(&block.der) {
        Ok(([], certificate)) => Ok(certificate),
        Ok(_) => Err(CertificateError::Trailing(line)),
        Err(_) => Err(CertificateError::Unreadable(line)),
    }
}
