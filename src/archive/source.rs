//! The encoded bytes of an input: buffered, shown to the tap, counted.

use std::cell::Cell;
use std::io::{self, BufRead, Read};

use crate::archive::fault::Fault;

/// Encoded bytes read at once, and the farthest that a preamble reaches.
pub(super) const CHUNK: usize = 256 << 10;

/// Told of every encoded byte once, in order.
pub(super) type Tap<'a> = dyn FnMut(&[u8]) + 'a;

/// A buffered reader that shows what it reads to a tap.
pub(super) struct Source<'a, R> {
    inner: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    /// Bytes given out; what is only buffered does not count, so ratios are exact.
    taken: &'a Cell<u64>,
    tap: &'a mut Tap<'a>,
}

impl<'a, R: Read> Source<'a, R> {
    pub(super) fn new(inner: R, taken: &'a Cell<u64>, tap: &'a mut Tap<'a>) -> Self {
        Self { inner, buffer: vec![0; CHUNK].into_boxed_slice(), start: 0, end: 0, taken, tap }
    }

    /// Returns the next bytes without taking them: `count` of them, or fewer at the end.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.end - self.start < count && self.end < self.buffer.len() {
            let read = pull(&mut self.inner, &mut self.buffer[self.end..])?;
            if read == 0 {
                break;
            }
            (self.tap)(&self.buffer[self.end..self.end + read]);
            self.end += read;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// Takes everything that is left.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        loop {
            let count = self.fill_buf()?.len();
            if count == 0 {
                return Ok(());
            }
            self.consume(count);
        }
    }
}

/// Reads once, again if a signal came between; an error is the device's own.
fn pull(inner: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
    loop {
        match inner.read(out) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result.map_err(|error| Fault::Device(error).into()),
        }
    }
}

impl<R: Read> BufRead for Source<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
            self.end = pull(&mut self.inner, &mut self.buffer)?;
            (self.tap)(&self.buffer[..self.end]);
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.start = self.end.min(self.start + count);
        self.taken.set(self.taken.get() + count as u64);
    }
}

impl<R: Read> Read for Source<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && out.len() >= self.buffer.len() {
            // A large read needs no buffer between.
            let count = pull(&mut self.inner, out)?;
            (self.tap)(&out[..count]);
            self.taken.set(self.taken.get() + count as u64);
            return Ok(count);
        }
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}
