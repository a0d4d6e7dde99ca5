//! Read buffers that are shared between hashing and parsing, and used again.
//!
//! A buffer of decoded bytes is read twice, by a thread that hashes and by one that parses. Both hold it until
//! they are done, and the last one returns it: bytes are copied only where an object spans two buffers.

use std::io::{self, Read};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes that a buffer begins with.
pub(crate) const BUFFER: usize = 1 << 20;

/// A store of buffers; the bytes of a returned buffer stay as they are, so none is zeroed twice.
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<Vec<Vec<u8>>>);

impl Pool {
    pub(crate) fn take(&self) -> Buffer {
        let used = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Buffer { bytes: used.unwrap_or_else(|| vec![0; BUFFER]), used: 0 }
    }

    /// Returns a shared buffer to the store when this was the last hand on it.
    pub(crate) fn give_back(&self, buffer: Arc<Buffer>) {
        if let Some(buffer) = Arc::into_inner(buffer)
            && buffer.bytes.len() == BUFFER
        {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(buffer.bytes);
        }
    }
}

/// A buffer that is filled from a reader.
#[derive(Debug)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    used: usize,
}

impl Buffer {
    /// Reads until the buffer is full or the reader ends; `true` at the reader's end.
    pub(crate) fn fill(&mut self, reader: &mut dyn Read) -> io::Result<bool> {
        while self.used < self.bytes.len() {
            match reader.read(&mut self.bytes[self.used..]) {
                Ok(0) => return Ok(true),
                Ok(read) => self.used += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Appends bytes, growing if they do not fit.
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        let end = self.used + bytes.len();
        if end > self.bytes.len() {
            self.bytes.resize(end, 0);
        }
        self.bytes[self.used..end].copy_from_slice(bytes);
        self.used = end;
    }

    /// Makes room for as many bytes again.
    pub(crate) fn grow(&mut self) {
        let length = self.bytes.len();
        self.bytes.resize(length * 2, 0);
    }

    /// Whether no byte more fits.
    pub(crate) fn is_full(&self) -> bool {
        self.used == self.bytes.len()
    }
}

impl Deref for Buffer {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.bytes[..self.used]
    }
}
