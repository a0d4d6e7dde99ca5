//! Reads JSON that arrives in pieces: every byte is validated, nothing is kept.
//!
//! The elements of a list at the top, or of a list directly inside an object at the top, are parsed
//! one by one, so that only one element must be at hand as a whole.

use anyhow::{Result, bail};
use serde::de::IgnoredAny;

/// A validator for one member: one JSON document, or several in a row.
#[derive(Default)]
pub(crate) struct Skimmer {
    carry: Vec<u8>,
    stack: Vec<Frame>,
    expect: Expect,
    values: u64,
    bytes: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    List,
    Object,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Expect {
    /// A value; at the top, the end will do as well.
    #[default]
    Value,
    /// The first element or the end of the list.
    ValueOrEnd,
    /// A key.
    Key,
    /// The first key or the end of the object.
    KeyOrEnd,
    /// The colon after a key.
    Colon,
    /// A comma or the end of what is open.
    CommaOrEnd,
}

/// How much of a chunk is tried at a time to complete an element that began in an earlier one.
const PIECE: usize = 16 << 10;

impl Skimmer {
    /// Takes the next piece of the document.
    ///
    /// # Errors
    /// The bytes are not JSON.
    pub(crate) fn push(&mut self, mut chunk: &[u8]) -> Result<()> {
        while !self.carry.is_empty() && !chunk.is_empty() {
            let before = self.carry.len();
            let piece = chunk.len().min(PIECE.max(before));
            let mut joined = std::mem::take(&mut self.carry);
            joined.extend_from_slice(&chunk[..piece]);
            let used = self.run(&joined, false)?;
            if used >= before {
                chunk = &chunk[used - before..];
            } else {
                joined.drain(..used);
                self.carry = joined;
                chunk = &chunk[piece..];
            }
        }
        let used = self.run(chunk, false)?;
        self.carry.extend_from_slice(&chunk[used..]);
        Ok(())
    }

    /// Ends the document; gives the number of values parsed.
    ///
    /// # Errors
    /// The document is not complete.
    pub(crate) fn finish(&mut self) -> Result<u64> {
        let rest = std::mem::take(&mut self.carry);
        let used = self.run(&rest, true)?;
        if used < rest.len() || !self.stack.is_empty() || self.values == 0 {
            bail!("the JSON ends too early, after {} bytes", self.bytes);
        }
        Ok(self.values)
    }

    /// Parses as much as is complete; gives the number of bytes used.
    fn run(&mut self, data: &[u8], last: bool) -> Result<usize> {
        let mut at = 0;
        loop {
            while let Some(b' ' | b'\n' | b'\r' | b'\t') = data.get(at) {
                at += 1;
            }
            let Some(&byte) = data.get(at) else { break };
            let outer = self.stack.last().copied();
            match (self.expect, byte) {
                (Expect::ValueOrEnd, b']') | (Expect::KeyOrEnd, b'}') => self.close(),
                (Expect::CommaOrEnd, b']') if outer == Some(Frame::List) => self.close(),
                (Expect::CommaOrEnd, b'}') if outer == Some(Frame::Object) => self.close(),
                (Expect::CommaOrEnd, b',') => {
                    self.expect = if outer == Some(Frame::List) { Expect::Value } else { Expect::Key };
                }
                (Expect::Colon, b':') => self.expect = Expect::Value,
                (Expect::Value, b'[') if self.stack.len() < 2 && outer != Some(Frame::List) => {
                    self.stack.push(Frame::List);
                    self.expect = Expect::ValueOrEnd;
                }
                (Expect::Value, b'{') if self.stack.is_empty() => {
                    self.stack.push(Frame::Object);
                    self.expect = Expect::KeyOrEnd;
                }
                (Expect::Value | Expect::ValueOrEnd, _) | (Expect::Key | Expect::KeyOrEnd, b'"') => {
                    let Some(length) = value(&data[at..], last, self.bytes + at as u64)? else {
                        break;
                    };
                    at += length;
                    self.values += 1;
                    self.expect = match (self.expect, self.stack.is_empty()) {
                        (Expect::Key | Expect::KeyOrEnd, _) => Expect::Colon,
                        (_, true) => Expect::Value,
                        (_, false) => Expect::CommaOrEnd,
                    };
                    continue;
                }
                _ => bail!("not JSON at byte {}", self.bytes + at as u64),
            }
            at += 1;
        }
        self.bytes += at as u64;
        Ok(at)
    }

    fn close(&mut self) {
        self.stack.pop();
        self.values += 1;
        self.expect = if self.stack.is_empty() { Expect::Value } else { Expect::CommaOrEnd };
    }
}

/// The length of the value at the start of `data`; `None` when its end is not there yet.
fn value(data: &[u8], last: bool, offset: u64) -> Result<Option<usize>> {
    let mut values = serde_json::Deserializer::from_slice(data).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => {
            let length = values.byte_offset();
            let closed = matches!(data[0], b'{' | b'[' | b'"');
            Ok((closed || last || length < data.len()).then_some(length))
        }
        Some(Err(error)) if error.is_eof() => {
            if last {
                bail!("the JSON ends too early, after {} bytes", offset + data.len() as u64);
            }
            Ok(None)
        }
        Some(Err(error)) => bail!("not JSON in the value at byte {offset}: {error}"),
        None => Ok(None),
    }
}
