//! A buffered reader for a format that jumps between two places.

use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of one buffer.
const SIZE: usize = 32 << 10;

/// Keeps two stretches of a file, so that going back and forth between a directory and the
/// members it lists does not read either again and again.
pub(crate) struct Window<R> {
    inner: R,
    length: u64,
    position: u64,
    stretches: [Stretch; 2],
    recent: usize,
}

#[derive(Default)]
struct Stretch {
    start: u64,
    bytes: Vec<u8>,
}

impl Stretch {
    fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    /// Returns what it has from a position on.
    fn at(&self, position: u64) -> Option<&[u8]> {
        let offset = usize::try_from(position.checked_sub(self.start)?).ok()?;
        self.bytes.get(offset..).filter(|bytes| !bytes.is_empty())
    }
}

impl<R: Read + Seek> Window<R> {
    pub(crate) fn new(mut inner: R) -> io::Result<Self> {
        let length = inner.seek(SeekFrom::End(0))?;
        Ok(Self { inner, length, position: 0, stretches: Default::default(), recent: 0 })
    }

    /// Reads a stretch from the position on, in place of the one that is used up or older.
    fn fill(&mut self) -> io::Result<usize> {
        let position = self.position;
        let used_up = |stretch: &Stretch| !stretch.bytes.is_empty() && stretch.end() == position;
        let index = self.stretches.iter().position(used_up);
        let index = index.unwrap_or(1 - self.recent);
        let stretch = &mut self.stretches[index];
        stretch.start = position;
        stretch.bytes.clear();
        self.inner.seek(SeekFrom::Start(position))?;
        let inner = &mut self.inner;
        inner.take(SIZE as u64).read_to_end(&mut stretch.bytes)?;
        Ok(index)
    }
}

impl<R: Read + Seek> Read for Window<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.length {
            return Ok(0);
        }
        let position = self.position;
        let holds = |stretch: &Stretch| stretch.at(position).is_some();
        let held = self.stretches.iter().position(holds);
        let count = match held {
            None if out.len() >= SIZE => {
                self.inner.seek(SeekFrom::Start(position))?;
                self.inner.read(out)?
            }
            _ => {
                self.recent = held.map_or_else(|| self.fill(), Ok)?;
                let mut bytes = self.stretches[self.recent].at(position).unwrap_or(&[]);
                bytes.read(out)?
            }
        };
        self.position += count as u64;
        Ok(count)
    }
}

impl<R> Seek for Window<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn jumps_read_the_same_as_the_file() {
        let bytes: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
        let mut window = Window::new(Cursor::new(&bytes)).unwrap();
        let mut at: usize = 1;
        for step in 0..2000 {
            at = (at * 75 + 74 + step) % bytes.len();
            let wanted = &bytes[at..bytes.len().min(at + 1 + step * 37 % 70_000)];
            window.seek(SeekFrom::Start(at as u64)).unwrap();
            let mut read = vec![0; wanted.len()];
            window.read_exact(&mut read).unwrap();
            assert!(read == wanted, "{step}");
        }
        assert_eq!(window.seek(SeekFrom::End(5)).unwrap(), 400_005);
        assert_eq!(window.read(&mut [0; 8]).unwrap(), 0);
        assert!(window.seek(SeekFrom::Current(i64::MIN)).is_err());
    }
}
