//! Text before an archive: what a program printed into the same stream.

use std::io::Read;

use flate2::bufread::GzDecoder;

use crate::archive::format::{Kind, sniff};
use crate::archive::source::CHUNK;

/// Returns the length of the text before a compressed tar; none if this is something else.
///
/// A support dump that is taken on a node's command line is a `.tgz` on standard output, and a
/// terminal or a container runtime may have written messages before it. Only a gzip stream that
/// holds a tar counts, and only text may stand before it.
pub(crate) fn preamble_of(head: &[u8]) -> Option<usize> {
    let at = head.windows(3).position(|bytes| bytes == [0x1f, 0x8b, 8])?;
    let text = |byte: &u8| !byte.is_ascii_control() || byte.is_ascii_whitespace() || *byte == 0x1b;
    if at == 0 || !head[..at].iter().all(text) || std::str::from_utf8(&head[..at]).is_err() {
        return None;
    }
    let mut block = Vec::new();
    // A head that is cut inside the stream ends in an error, and what came before it is good.
    let _ = GzDecoder::new(&head[at..]).take(512).read_to_end(&mut block);
    (sniff(&block) == Kind::Tar).then_some(at)
}

/// Whether a stream that begins like this is a compressed tar behind some text.
#[must_use]
pub fn has_preamble(head: &[u8]) -> bool {
    preamble_of(&head[..head.len().min(CHUNK)]).is_some()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn only_text_before_a_tar_is_passed_over() {
        let mut header = tar::Header::new_ustar();
        header.set_path("a").unwrap();
        header.set_size(0);
        header.set_cksum();
        let archive = gzip(header.as_bytes());
        let with = |preamble: &[u8], archive: &[u8]| preamble_of(&[preamble, archive].concat());
        assert_eq!(with(b"INFO[0000] Collecting\n", &archive), Some(22));
        assert_eq!(with(b"", &archive), None);
        assert_eq!(with(b"\0\0", &archive), None);
        assert_eq!(with(b"text", &gzip(b"a lone file")), None);
        assert_eq!(preamble_of(b"text \x1f\x8b\x08"), None);
        assert_eq!(preamble_of(b"text"), None);
    }
}
