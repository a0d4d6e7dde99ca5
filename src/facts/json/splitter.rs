//! Cuts the objects out of a JSON stream without parsing them.
//!
//! A `kubectl get -o json` of a large cluster is one list of several gigabytes. The splitter finds
//! where each item begins and ends, so that items can be parsed one at a time, on all cores, and
//! the list itself is never in memory. It only tells strings and brackets apart; whether an item is
//! JSON is told when the item is parsed.
//! A streaming parser of a library would find the end of an item only by parsing it, on the one thread that
//! reads.

use crate::facts::fields::position::Position;
use crate::facts::json::brackets::{Followed, Nest};
use crate::facts::json::envelope::{Envelope, Reached};
use crate::model::limits;

/// How the objects lie in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Objects one after another (one object, JSON lines), and lists of objects.
    Objects,
    /// An object that holds the list under this key (`items` of a Kubernetes list); without the
    /// key, the object itself is the only item.
    ListUnder(&'static str),
}

/// An object's bytes in the buffer that was scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Where the object stands in the member.
    pub position: Position,
}

/// Why a stream cannot be cut into objects.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// A byte that cannot stand there.
    #[error("byte {at}: expected {expected}, found {found}")]
    Unexpected {
        /// Offset in the member.
        at: u64,
        /// What may stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// The stream ends inside a value.
    #[error("the JSON ends at byte {at}, inside {inside}: it is cut")]
    Cut {
        /// Offset in the member.
        at: u64,
        /// What is cut.
        inside: &'static str,
    },
    /// YAML stands between JSON.
    #[error("line {line} is YAML, and JSON stands before it")]
    Yaml {
        /// Number of the line, from 1.
        line: u64,
    },
    /// Much text stands between JSON.
    #[error("much text follows line {line}, and what stands behind is not read")]
    Text {
        /// Number of the line, from 1.
        line: u64,
    },
    /// What stands around the list is too large.
    #[error("more than {limit} bytes surround the list")]
    Envelope {
        /// The bound in bytes.
        limit: usize,
    },
}

/// Bytes that may stand around a list (and the size of an object that holds no list). An object of the
/// Kubernetes API has at most 1.5 MiB, for etcd takes no larger request.
pub(super) const ENVELOPE_LIMIT: usize = limits::ENVELOPE_BYTES;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between the values of the stream.
    Between,
    /// In a list: before an element (`first`: the list may end here).
    BeforeElement { first: bool },
    /// In a list: after an element.
    AfterElement,
    /// In the object around the list.
    Envelope,
    /// In an object that is an item.
    Item,
}

/// What the items are elements of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    /// The stream itself.
    Stream,
    /// A list that is a value of the stream.
    List,
    /// The list in an envelope.
    Under,
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It took at least one byte.
    Took,
    /// It needs bytes that follow.
    Waits,
}

/// Cuts a stream into objects. See [`Splitter::scan`].
#[derive(Debug)]
pub struct Splitter {
    shape: Shape,
    state: State,
    /// Next byte to look at, in the caller's buffer.
    pos: usize,
    /// Offset in the member of the buffer's first byte.
    base: u64,
    item_start: usize,
    item: Nest,
    container: Container,
    document: u64,
    index: u64,
    line: u64,
    envelope: Vec<u8>,
    scan: Envelope,
    /// Each finished object around a list, its list emptied.
    envelopes: Vec<Vec<u8>>,
}

impl Splitter {
    /// A splitter at the beginning of a member.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        Self {
            shape,
            state: State::Between,
            pos: 0,
            base: 0,
            item_start: 0,
            item: Nest::new(),
            container: Container::Stream,
            document: 0,
            index: 0,
            line: 0,
            envelope: Vec::new(),
            scan: Envelope::default(),
            envelopes: Vec::new(),
        }
    }

    /// Looks at the bytes of `buffer` that were not seen before and adds the objects that end in
    /// them to `items`. `last` says that no byte follows.
    ///
    /// Before the next call the caller drops the first [`Splitter::keep_from`] bytes of its buffer
    /// (after telling so with [`Splitter::rebase`]) and appends the bytes that follow.
    ///
    /// # Errors
    /// A byte that cannot stand where it stands, or (with `last`) a stream that is cut.
    pub fn scan(&mut self, buffer: &[u8], last: bool, items: &mut Vec<Item>) -> Result<(), SplitError> {
        while self.pos < buffer.len() && self.step(buffer, last, items)? == Step::Took {}
        if last {
            let at = self.base + buffer.len() as u64;
            match self.state {
                State::Between => {}
                State::Item => return Err(SplitError::Cut { at, inside: "an object" }),
                State::Envelope => return Err(SplitError::Cut { at, inside: "the object around the list" }),
                State::BeforeElement { .. } | State::AfterElement => {
                    return Err(SplitError::Cut { at, inside: "a list" });
                }
            }
        }
        Ok(())
    }

    /// Goes on by at least one byte, fails, or waits for bytes that follow: with `last` it never waits.
    fn step(&mut self, buffer: &[u8], last: bool, items: &mut Vec<Item>) -> Result<Step, SplitError> {
        match self.state {
            State::Item => Ok(self.scan_item(buffer, last, items)),
            State::Envelope => self.scan_envelope(buffer).map(|()| Step::Took),
            State::Between | State::BeforeElement { .. } | State::AfterElement => {
                self.scan_between(buffer).map(|()| Step::Took)
            }
        }
    }

    /// First byte of the buffer that is still needed.
    #[must_use]
    pub fn keep_from(&self) -> usize {
        if self.state == State::Item { self.item_start } else { self.pos }
    }

    /// Passes over text before the first value: so many bytes, and the lines that they end.
    pub fn pass(&mut self, text: &[u8]) {
        self.pos += text.len();
        self.line += text.split(|byte| *byte == b'\n').skip(1).count() as u64;
    }

    /// Tells that the caller dropped the first `count` bytes of its buffer.
    pub fn rebase(&mut self, count: usize) {
        self.base += count as u64;
        self.pos -= count;
        self.item_start = self.item_start.saturating_sub(count);
    }

    /// The objects that stood around lists, each with its list emptied.
    #[must_use]
    pub fn take_envelopes(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.envelopes)
    }

    fn unexpected(&self, byte: u8, expected: &'static str) -> SplitError {
        SplitError::Unexpected {
            at: self.base + self.pos as u64,
            expected,
            found: if byte.is_ascii_graphic() {
                format!("`{}`", char::from(byte))
            } else {
                format!("byte {byte:#04x}")
            },
        }
    }

    /// Takes the bracket that opens an item.
    fn begin_item(&mut self) {
        self.state = State::Item;
        self.item_start = self.pos;
        self.item = Nest::new();
        self.pos += 1;
    }

    fn scan_between(&mut self, buffer: &[u8]) -> Result<(), SplitError> {
        let byte = buffer[self.pos];
        if byte.is_ascii_whitespace() {
            self.line += u64::from(byte == b'\n' && self.state == State::Between);
            self.pos += 1;
            return Ok(());
        }
        match (self.state, byte) {
            (State::Between, b'{') if self.shape == Shape::Objects => self.begin_item(),
            (State::Between, b'{') => {
                self.state = State::Envelope;
                self.scan = Envelope::default();
                self.envelope.clear();
                // It is taken here, so that every step takes a byte.
                return self.scan_envelope(buffer);
            }
            (State::Between, b'[') if self.shape == Shape::Objects => {
                self.index = 0;
                self.container = Container::List;
                self.state = State::BeforeElement { first: true };
                self.pos += 1;
            }
            (State::Between, _) => return Err(self.unexpected(byte, "a JSON object or list")),
            (State::BeforeElement { .. }, b'{') => self.begin_item(),
            (State::BeforeElement { first: true }, b']') => self.end_list(),
            (State::BeforeElement { .. }, _) => return Err(self.unexpected(byte, "an object in the list")),
            (State::AfterElement, b',') => {
                self.state = State::BeforeElement { first: false };
                self.pos += 1;
            }
            (State::AfterElement, b']') => self.end_list(),
            (_, _) => return Err(self.unexpected(byte, "`,` or `]`")),
        }
        Ok(())
    }

    fn end_list(&mut self) {
        self.pos += 1;
        if self.container == Container::Under {
            self.envelope.push(b']');
            self.state = State::Envelope;
        } else {
            self.container = Container::Stream;
            self.document += 1;
            self.state = State::Between;
        }
    }

    fn end_item(&mut self, end: usize, items: &mut Vec<Item>) {
        let (document, index) = (self.document, self.index);
        let position = match (self.container, self.shape) {
            (Container::Under, Shape::ListUnder(key)) => Position::Under { document, key, index },
            (Container::Stream, _) => Position::Document { document, line: self.line },
            _ => Position::Element { document, index },
        };
        items.push(Item { start: self.item_start, end, position });
        if self.container == Container::Stream {
            self.document += 1;
            self.state = State::Between;
        } else {
            self.index += 1;
            self.state = State::AfterElement;
        }
        self.pos = end;
    }

    /// Takes bytes of the object around a list, at least the next one.
    fn scan_envelope(&mut self, buffer: &[u8]) -> Result<(), SplitError> {
        let list = if let Shape::ListUnder(key) = self.shape { key } else { "" };
        for byte in &buffer[self.pos..] {
            self.pos += 1;
            self.envelope.push(*byte);
            if self.envelope.len() > ENVELOPE_LIMIT {
                return Err(SplitError::Envelope { limit: ENVELOPE_LIMIT });
            }
            match self.scan.byte(*byte, list) {
                Reached::Inside => continue,
                Reached::List => {
                    self.container = Container::Under;
                    self.index = 0;
                    self.state = State::BeforeElement { first: true };
                }
                Reached::End => {
                    self.envelopes.push(std::mem::take(&mut self.envelope));
                    self.document += 1;
                    self.container = Container::Stream;
                    self.state = State::Between;
                }
            }
            break;
        }
        Ok(())
    }

    /// Looks for the end of the item. At the end of all bytes an item that goes on has no end; before it,
    /// the tail waits for the bytes that follow.
    fn scan_item(&mut self, buffer: &[u8], last: bool, items: &mut Vec<Item>) -> Step {
        match self.item.follow(&buffer[self.pos..], last) {
            Followed::Ended(length) => {
                self.end_item(self.pos + length, items);
                Step::Took
            }
            Followed::Inside(length) => {
                self.pos += length;
                if last { Step::Took } else { Step::Waits }
            }
        }
    }
}

#[cfg(test)]
mod tests;
