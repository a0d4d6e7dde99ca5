//! Cuts certificates out of a text.
//!
//! `openssl s_client` prints certificates between other text, twice, and with blanks; a damaged block must
//! be an error with its line and not be passed over. PEM readers of libraries skip what they cannot read,
//! so that a chain would come out shorter than it is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::facts::certificate::error::CertificateError;
use crate::model::limits;

/// Certificates of one text; a chain has three or four, a bundle of authorities some dozens.
pub(crate) const MOST: usize = limits::CERTIFICATES;
/// Bytes of one certificate.
const MOST_BYTES: usize = limits::CERTIFICATE_BYTES;

/// A certificate in DER, and the line (from 0) on which it begins.
pub(crate) struct Block {
    pub(crate) line: u64,
    pub(crate) der: Vec<u8>,
}

/// The certificates in a text, each once, in their order; other text may stand around them.
pub(crate) fn blocks(text: &str) -> Result<Vec<Block>, CertificateError> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<(u64, String)> = None;
    for (number, line) in (0..).zip(text.lines()) {
        let line = line.trim();
        match (&mut open, line) {
            (None, "-----BEGIN CERTIFICATE-----") => open = Some((number, String::new())),
            (Some((begin, base64)), "-----END CERTIFICATE-----") => {
                let line = *begin + 1;
                let decoded = STANDARD.decode(base64.as_bytes());
                let der = decoded.map_err(|error| CertificateError::NotBase64 { line, error })?;
                if blocks.len() == MOST {
                    return Err(CertificateError::TooMany(MOST));
                }
                if !blocks.iter().any(|block| block.der == der) {
                    blocks.push(Block { line: *begin, der });
                }
                open = None;
            }
            (Some((begin, base64)), line) => {
                if line.starts_with("-----") || base64.len() + line.len() > MOST_BYTES {
                    return Err(CertificateError::NoEnd(*begin + 1));
                }
                base64.push_str(line);
            }
            (None, _) => {}
        }
    }
    match open {
        Some((begin, _)) => Err(CertificateError::NoEnd(begin + 1)),
        None => Ok(blocks),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn there_are_no_more_blocks_than_lines(lines in prop::collection::vec(prop_oneof![
            Just(b"-----BEGIN CERTIFICATE-----".to_vec()),
            Just(b"-----END CERTIFICATE-----".to_vec()),
            Just(b" MIIB ".to_vec()),
            prop::collection::vec(any::<u8>(), 0..40),
        ], 0..40)) {
            let text = String::from_utf8_lossy(&lines.join(&b'\n')).into_owned();
            if let Ok(blocks) = blocks(&text) {
                prop_assert!(blocks.len() * 2 <= text.lines().count());
            }
        }
    }
}
