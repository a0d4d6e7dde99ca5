//! Content of a zip's members, decoded with one state for all of them.
//!
//! A dump has thousands of small members, and a state of its own for each would tear the heap.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::archive::fault::Fault;

/// Bytes of a member's own header before its name, and where the lengths of what follows stand.
const HEADER: usize = 30;
const NAME_LENGTH: usize = 26;
const EXTRA_LENGTH: usize = 28;

/// Encoded bytes read at once.
const CHUNK: usize = 32 << 10;

/// What decoding needs, for one member after the other.
pub(crate) struct Inflate {
    state: Decompress,
    encoded: Box<[u8]>,
}

/// Where the content of a member is, and what its directory says of it.
pub(crate) struct Content {
    pub(crate) header_start: u64,
    pub(crate) compressed_size: u64,
    pub(crate) crc: u32,
    pub(crate) stored: bool,
}

impl Inflate {
    pub(crate) fn new() -> Self {
        Self { state: Decompress::new(false), encoded: vec![0; CHUNK].into_boxed_slice() }
    }

    /// Starts to read a member; its own header was compared with the directory before.
    pub(crate) fn open<'i, R: Read + Seek>(
        &'i mut self,
        reader: &'i mut R,
        content: &Content,
    ) -> io::Result<Inflating<'i, R>> {
        let mut header = [0; HEADER];
        reader.seek(SeekFrom::Start(content.header_start))?;
        reader.read_exact(&mut header)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Err(Fault::corrupt("a member does not begin where the directory says").into());
        }
        let length = |at: usize| u64::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let header = HEADER as u64 + length(NAME_LENGTH) + length(EXTRA_LENGTH);
        let start = content.header_start.saturating_add(header);
        reader.seek(SeekFrom::Start(start))?;
        self.state.reset(false);
        Ok(Inflating {
            inflate: self,
            reader: reader.take(content.compressed_size),
            at: 0,
            end: 0,
            crc: Crc::new(),
            wanted: content.crc,
            stored: content.stored,
            complete: false,
            ended: false,
        })
    }
}

/// A member's content; its checksum is compared at its end.
pub(crate) struct Inflating<'i, R> {
    inflate: &'i mut Inflate,
    reader: io::Take<&'i mut R>,
    at: usize,
    end: usize,
    crc: Crc,
    wanted: u32,
    stored: bool,
    /// Whether the compressed data are at their end.
    complete: bool,
    /// Whether the reader is.
    ended: bool,
}

impl<R: Read> Inflating<'_, R> {
    fn give(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.stored {
            let count = self.reader.read(out)?;
            if count == 0 && self.reader.limit() > 0 {
                return Err(Fault::Truncated.into());
            }
            return Ok(count);
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
                return Err(Fault::corrupt("its decoder stands still").into());
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
            if self.crc.sum() != self.wanted {
                return Err(Fault::corrupt("its checksum is wrong").into());
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use proptest::prelude::*;

    use super::*;

    fn member(text: &[u8]) -> (Vec<u8>, Content) {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        let encoded = encoder.finish().unwrap();
        let mut crc = Crc::new();
        crc.update(text);
        let mut bytes = [b"PK\x03\x04".as_slice(), &[0; 26]].concat();
        bytes.extend(&encoded);
        let compressed_size = encoded.len() as u64;
        (bytes, Content { header_start: 0, compressed_size, crc: crc.sum(), stored: false })
    }

    #[test]
    fn one_state_decodes_one_member_after_the_other() {
        let mut inflate = Inflate::new();
        for text in [b"".to_vec(), b"a".to_vec(), b"abc".repeat(100_000), (0..=255).collect()] {
            let (bytes, content) = member(&text);
            let mut read = Vec::new();
            inflate.open(&mut Cursor::new(&bytes), &content).unwrap().read_to_end(&mut read).unwrap();
            assert!(read == text);
            // Left unread, it leaves nothing behind.
            let _ = inflate.open(&mut Cursor::new(&bytes), &content).unwrap().read(&mut [0; 1]);
            let wrong = Content { crc: content.crc ^ 1, ..content };
            let outcome = inflate.open(&mut Cursor::new(&bytes), &wrong).unwrap().read_to_end(&mut Vec::new());
            assert!(outcome.unwrap_err().to_string().contains("checksum"));
        }
    }

    proptest! {
        #[test]
        fn damage_is_told(text in prop::collection::vec(any::<u8>(), 1..300), at in any::<usize>(), bit in 0_u8..8, cut in any::<bool>()) {
            let (mut bytes, mut content) = member(&text);
            let at = 30 + at % (bytes.len() - 30);
            if cut {
                content.compressed_size = (at - 30) as u64;
            } else {
                bytes[at] ^= 1_u8 << bit;
            }
            let mut read = Vec::new();
            let outcome = Inflate::new().open(&mut Cursor::new(&bytes), &content).unwrap().read_to_end(&mut read);
            prop_assert!(outcome.is_err() || read == text);
        }
    }
}
