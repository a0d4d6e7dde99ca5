//! Content of a zip's members, decoded with one state for all of them.
//!
//! A dump has thousands of small members, and a state of its own for each would tear the heap.

use std::io::{self, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::archive::fault::Fault;

/// Encoded bytes read at once.
const CHUNK: usize = 32 << 10;

/// What decoding needs, for one member after the other.
pub(crate) struct Inflate {
    state: Decompress,
    encoded: Box<[u8]>,
}

/// What the directory of a zip says of a member's content.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Content {
    pub(crate) crc: u32,
    pub(crate) stored: bool,
}

impl Inflate {
    pub(crate) fn new() -> Self {
        Self { state: Decompress::new(false), encoded: vec![0; CHUNK].into_boxed_slice() }
    }

    /// Starts to decode a member, of which `reader` gives the encoded bytes.
    pub(crate) fn open<R: Read>(&mut self, reader: R, content: Content) -> Inflating<'_, R> {
        self.state.reset(false);
        Inflating { inflate: self, reader, at: 0, end: 0, crc: Crc::new(), content, complete: false, ended: false }
    }
}

/// A member's content; its checksum is compared at its end.
pub(crate) struct Inflating<'i, R> {
    inflate: &'i mut Inflate,
    reader: R,
    at: usize,
    end: usize,
    crc: Crc,
    content: Content,
    /// Whether the compressed data are at their end.
    complete: bool,
    /// Whether the reader is.
    ended: bool,
}

impl<R: Read> Inflating<'_, R> {
    fn give(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.content.stored {
            return self.reader.read(out);
        }
        while !self.complete {
            if self.at == self.end {
                self.at = 0;
                self.end = self.reader.read(&mut self.inflate.encoded)?;
                if self.end == 0 {
                    return Err(Fault::corrupt("its compressed data end too early").into());
                }
            }
            let state = &mut self.inflate.state;
            let (taken, given) = (state.total_in(), state.total_out());
            let encoded = &self.inflate.encoded[self.at..self.end];
            let status = state
                .decompress(encoded, out, FlushDecompress::None)
                .map_err(|_| io::Error::from(Fault::corrupt("its compressed data are damaged")))?;
            // Both are within the buffers.
            let taken = usize::try_from(state.total_in() - taken).unwrap_or_default();
            let count = usize::try_from(state.total_out() - given).unwrap_or_default();
            self.at += taken;
            self.complete = status == Status::StreamEnd;
            if count > 0 {
                return Ok(count);
            }
            if taken == 0 && !self.complete {
                return Err(Fault::corrupt("decompression makes no progress").into());
            }
        }
        Ok(0)
    }
}

impl<R: Read> Read for Inflating<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() || self.ended {
            return Ok(0);
        }
        let count = self.give(out)?;
        self.crc.update(&out[..count]);
        if count == 0 {
            self.ended = true;
            if self.crc.sum() != self.content.crc {
                return Err(Fault::corrupt("its checksum is wrong").into());
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    fn member(text: &[u8]) -> (Vec<u8>, Content) {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        let mut crc = Crc::new();
        crc.update(text);
        (encoder.finish().unwrap(), Content { crc: crc.sum(), stored: false })
    }

    #[test]
    fn one_state_decodes_one_member_after_the_other() {
        let mut inflate = Inflate::new();
        for text in [b"".to_vec(), b"a".to_vec(), b"abc".repeat(100_000), (0..=255).collect()] {
            let (bytes, content) = member(&text);
            let mut read = Vec::new();
            inflate.open(bytes.as_slice(), content).read_to_end(&mut read).unwrap();
            assert!(read == text);
            // Left unread, it leaves nothing behind.
            let _ = inflate.open(bytes.as_slice(), content).read(&mut [0; 1]);
            let wrong = Content { crc: content.crc ^ 1, ..content };
            let outcome = inflate.open(bytes.as_slice(), wrong).read_to_end(&mut Vec::new());
            assert!(outcome.unwrap_err().to_string().contains("checksum"));
        }
    }

    proptest! {
        #[test]
        fn damage_is_told(text in prop::collection::vec(any::<u8>(), 1..300), at in any::<usize>(), bit in 0_u8..8, cut in any::<bool>()) {
            let (mut bytes, content) = member(&text);
            let at = at % bytes.len();
            if cut {
                bytes.truncate(at);
            } else {
                bytes[at] ^= 1_u8 << bit;
            }
            let mut read = Vec::new();
            let outcome = Inflate::new().open(bytes.as_slice(), content).read_to_end(&mut read);
            prop_assert!(outcome.is_err() || read == text);
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut inflate = Inflate::new();
            let mut decoded = inflate.open(bytes.as_slice(), Content { crc: 0, stored: false });
            // A byte of deflate gives at most 1032.
            let mut left = bytes.len() * 1032 + 1;
            while let Ok(count) = decoded.read(&mut [0; 512])
                && count > 0
            {
                prop_assert!(count <= left);
                left -= count;
            }
        }
    }
}
