//! Reads a file at any place, through one buffer.
//!
//! The members of a zip are read one after another, and most of a dump's are small: without a buffer
//! between, each would cost a seek and two reads. Its directory is read in large pieces, which pass the
//! buffer by, so that going back and forth between the two empties it of nothing.

use std::cell::RefCell;
use std::io::{self, Read, Seek, SeekFrom};

use rawzip::ReaderAt;

/// Bytes of the buffer: as many as decoding reads at once.
const SIZE: usize = 32 << 10;

/// A file with a buffer.
pub(crate) struct Window<R> {
    length: u64,
    held: RefCell<Held<R>>,
}

struct Held<R> {
    inner: R,
    /// Where the held bytes stand in the file.
    start: u64,
    bytes: Vec<u8>,
}

impl<R: Read + Seek> Window<R> {
    pub(crate) fn new(mut inner: R) -> io::Result<Self> {
        let length = inner.seek(SeekFrom::End(0))?;
        Ok(Self { length, held: RefCell::new(Held { inner, start: 0, bytes: Vec::new() }) })
    }

    /// Bytes of the file.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// So many bytes from a place on, or fewer at the end.
    pub(crate) fn bytes_at(&self, start: u64, count: u64) -> io::Result<Vec<u8>> {
        let mut held = self.held.borrow_mut();
        let mut bytes = Vec::new();
        held.inner.seek(SeekFrom::Start(start))?;
        (&mut held.inner).take(count).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl<R: Read + Seek> Held<R> {
    /// The held bytes from a place on.
    fn at(&self, place: u64) -> Option<&[u8]> {
        let offset = usize::try_from(place.checked_sub(self.start)?).ok()?;
        self.bytes.get(offset..).filter(|bytes| !bytes.is_empty())
    }

    fn fill(&mut self, place: u64) -> io::Result<()> {
        self.start = place;
        self.bytes.clear();
        self.inner.seek(SeekFrom::Start(place))?;
        (&mut self.inner).take(SIZE as u64).read_to_end(&mut self.bytes)?;
        Ok(())
    }
}

impl<R: Read + Seek> ReaderAt for Window<R> {
    fn read_at(&self, out: &mut [u8], place: u64) -> io::Result<usize> {
        if place >= self.length || out.is_empty() {
            return Ok(0);
        }
        let mut held = self.held.borrow_mut();
        if held.at(place).is_none() {
            if out.len() >= SIZE {
                held.inner.seek(SeekFrom::Start(place))?;
                return held.inner.read(out);
            }
            held.fill(place)?;
        }
        held.at(place).unwrap_or_default().read(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn jumps_read_the_same_as_the_file() {
        let bytes: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
        let window = Window::new(Cursor::new(&bytes)).unwrap();
        let mut at: usize = 1;
        for step in 0..2000 {
            at = (at * 75 + 74 + step) % bytes.len();
            let wanted = &bytes[at..bytes.len().min(at + 1 + step * 37 % 70_000)];
            let mut read = vec![0; wanted.len()];
            window.read_exact_at(&mut read, at as u64).unwrap();
            assert!(read == wanted, "{step}");
        }
        assert_eq!(window.read_at(&mut [0; 8], 400_000).unwrap(), 0);
        assert_eq!(window.read_at(&mut [0; 8], u64::MAX).unwrap(), 0);
        assert_eq!(window.bytes_at(399_999, 8).unwrap().len(), 1);
    }
}
