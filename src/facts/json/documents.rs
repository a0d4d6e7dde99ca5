//! Cuts a stream of JSON documents of any kind into objects, without parsing them.
//!
//! People save outputs one after another into one file, and lists of outputs (`jq -s`). So each document
//! stands for itself: an object that holds a list under `items` gives its entries one by one, a bare list its
//! elements, which may be lists again, and any other object is one. Every key of an object is looked at, since
//! `items` may stand in any place; the values are followed 64 bytes at a time. Text between documents is
//! passed over (`lines.rs`). Every step takes at least a byte, fails, or waits for bytes that follow.

mod piece;
mod text;

use crate::facts::fields::position::Position;
use crate::facts::json::brackets::{Followed, Nest};
use crate::facts::json::envelope::{Envelope, Reached};
use crate::facts::json::lines;
use crate::facts::json::splitter::{ENVELOPE_LIMIT, Item, SplitError};

pub(crate) use piece::{Passed, Piece};

/// The key under which a list of the Kubernetes API has its entries.
const ITEMS: &str = "items";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between documents, at the beginning of a line or behind a document.
    Between,
    /// In a line of text that is passed over.
    RestOfLine,
    /// In a bare list: before an element (`first`: the list may end here), or after one.
    BeforeElement {
        first: bool,
    },
    AfterElement,
    /// In an object that may hold a list: among its keys, or in one of its values.
    Object,
    Value,
    /// In a list under `items`: before an entry, or after one.
    BeforeEntry {
        first: bool,
    },
    AfterEntry,
    /// In an object that is cut out whole: an entry, or an element of a list within a list.
    Whole {
        entry: bool,
    },
    /// In the object around a list, behind the list.
    Tail,
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Took,
    Waits,
}

/// Cuts a stream into documents and these into objects. See [`Splitter`](super::splitter::Splitter).
#[derive(Debug)]
pub(crate) struct Documents {
    state: State,
    pos: usize,
    base: u64,
    start: usize,
    nest: Nest,
    keys: Envelope,
    around: Vec<u8>,
    /// Bare lists that are open.
    depth: u8,
    document: u64,
    /// Lines before the next byte, and before the document.
    line: u64,
    first_line: u64,
    /// Elements before this one in the outer list, in the inner one, and in a list under `items`.
    outer: u64,
    inner: u64,
    entry: u64,
    /// The line that ends logs.
    logs: Option<Vec<u8>>,
    passed: Passed,
    /// Lines of text since the last document.
    gap: u64,
}

impl Documents {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Between,
            pos: 0,
            base: 0,
            start: 0,
            nest: Nest::new(),
            keys: Envelope::default(),
            around: Vec::new(),
            depth: 0,
            document: 0,
            line: 0,
            first_line: 0,
            outer: 0,
            inner: 0,
            entry: 0,
            logs: None,
            passed: Passed::default(),
            gap: 0,
        }
    }

    /// Looks at the bytes of `buffer` that were not seen before; `last` says that none follow.
    pub(crate) fn scan(&mut self, buffer: &[u8], last: bool, pieces: &mut Vec<Piece>) -> Result<(), SplitError> {
        while self.pos < buffer.len() {
            let before = self.pos;
            let step = self.step(buffer, last, pieces)?;
            self.line += buffer[before..self.pos].iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
            if step == Step::Waits {
                break;
            }
        }
        if last {
            let at = self.base + buffer.len() as u64;
            let inside = match self.state {
                State::Between | State::RestOfLine => return Ok(()),
                State::Object | State::Value | State::Whole { .. } => "an object",
                State::Tail => "the object around the list",
                State::BeforeElement { .. } | State::AfterElement | State::BeforeEntry { .. } | State::AfterEntry => {
                    "a list"
                }
            };
            return Err(SplitError::Cut { at, inside });
        }
        Ok(())
    }

    /// First byte of the buffer that is still needed.
    pub(crate) fn keep_from(&self) -> usize {
        match self.state {
            State::Object | State::Value | State::Whole { .. } => self.start,
            _ => self.pos,
        }
    }

    /// Tells that the caller dropped the first `count` bytes of its buffer.
    pub(crate) fn rebase(&mut self, count: usize) {
        self.base += count as u64;
        self.pos -= count;
        self.start = self.start.saturating_sub(count);
    }

    /// What was passed over so far.
    pub(crate) fn passed(&self) -> Passed {
        self.passed
    }

    /// What there is of a value that has no end, as far as it can tell its kind: the beginning of the object
    /// around a list, and that of an object.
    pub(crate) fn unfinished(&self, buffer: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let around = match self.state {
            State::BeforeEntry { .. } | State::AfterEntry | State::Whole { entry: true } | State::Tail => {
                self.around.clone()
            }
            _ => Vec::new(),
        };
        let object = match self.state {
            State::Object | State::Value | State::Whole { .. } => &buffer[self.start.min(buffer.len())..],
            _ => &[],
        };
        (around, object[..object.len().min(lines::LINE)].to_vec())
    }

    fn step(&mut self, buffer: &[u8], last: bool, pieces: &mut Vec<Piece>) -> Result<Step, SplitError> {
        match self.state {
            State::Between => self.between(buffer, last, pieces),
            State::RestOfLine => {
                self.rest_of_line(buffer);
                Ok(Step::Took)
            }
            State::Object => self.object(buffer, pieces).map(|()| Step::Took),
            State::Value | State::Whole { .. } => Ok(self.inside(buffer, last, pieces)),
            State::Tail => self.tail(buffer, pieces).map(|()| Step::Took),
            _ => self.in_list(buffer[self.pos], pieces).map(|()| Step::Took),
        }
    }

    fn unexpected(&self, byte: u8, expected: &'static str) -> SplitError {
        let found =
            if byte.is_ascii_graphic() { format!("`{}`", char::from(byte)) } else { format!("byte {byte:#04x}") };
        SplitError::Unexpected { at: self.base + self.pos as u64, expected, found }
    }

    fn between(&mut self, buffer: &[u8], last: bool, pieces: &mut Vec<Piece>) -> Result<Step, SplitError> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        let rest = &buffer[self.pos..];
        if self.logs.is_some() {
            return self.line_of_text(rest, last, pieces);
        }
        match rest[0] {
            byte if byte.is_ascii_whitespace() => self.pos += 1,
            // A file that was appended to another may begin with a byte order mark.
            0xef if rest.starts_with(MARK) => self.pos += MARK.len(),
            b'{' => {
                self.first_line = self.line;
                self.begin(State::Object);
            }
            b'[' => match lines::opens_list(&rest[1..], last) {
                None => return Ok(Step::Waits),
                Some(false) => return self.line_of_text(rest, last, pieces),
                Some(true) => {
                    self.depth = 1;
                    self.outer = 0;
                    self.gap = 0;
                    self.pos += 1;
                    pieces.push(Piece::BareListBegins);
                    self.state = State::BeforeElement { first: true };
                }
            },
            byte @ (b'}' | b']' | b',' | b'"' | b':') => return Err(self.unexpected(byte, "a JSON object or list")),
            _ => return self.line_of_text(rest, last, pieces),
        }
        Ok(Step::Took)
    }

    /// Takes the bracket that opens an object.
    fn begin(&mut self, state: State) {
        self.gap = 0;
        self.start = self.pos;
        self.state = state;
        if state == State::Object {
            // The bracket is shown to the scanner of keys.
            self.keys = Envelope::default();
            self.keys.byte(b'{', ITEMS);
        } else {
            self.nest = Nest::new();
        }
        self.pos += 1;
    }

    fn in_list(&mut self, byte: u8, pieces: &mut Vec<Piece>) -> Result<(), SplitError> {
        match (self.state, byte) {
            _ if byte.is_ascii_whitespace() => self.pos += 1,
            (State::BeforeElement { .. }, b'{') if self.depth == 1 => self.begin(State::Object),
            (State::BeforeElement { .. }, b'{') => self.begin(State::Whole { entry: false }),
            (State::BeforeElement { .. }, b'[') if self.depth == 1 => {
                self.depth = 2;
                self.inner = 0;
                self.pos += 1;
                self.state = State::BeforeElement { first: true };
            }
            (State::BeforeElement { first: true } | State::AfterElement, b']') => self.end_list(pieces),
            (State::AfterElement, b',') => {
                self.pos += 1;
                self.state = State::BeforeElement { first: false };
            }
            (State::BeforeEntry { .. }, b'{') => self.begin(State::Whole { entry: true }),
            (State::BeforeEntry { first: true } | State::AfterEntry, b']') => {
                self.pos += 1;
                self.around.push(b']');
                self.state = State::Tail;
            }
            (State::AfterEntry, b',') => {
                self.pos += 1;
                self.state = State::BeforeEntry { first: false };
            }
            (State::AfterElement | State::AfterEntry, _) => return Err(self.unexpected(byte, "`,` or `]`")),
            (_, _) => return Err(self.unexpected(byte, "an object in the list")),
        }
        Ok(())
    }

    /// Takes the bracket that closes a bare list.
    fn end_list(&mut self, pieces: &mut Vec<Piece>) {
        self.pos += 1;
        self.depth -= 1;
        if self.depth == 0 {
            pieces.push(Piece::BareListEnds(self.outer));
        }
        self.end_value();
    }

    /// Goes on behind a document, or behind an element of a bare list.
    fn end_value(&mut self) {
        match self.depth {
            0 => {
                self.document += 1;
                self.state = State::Between;
            }
            1 => {
                self.outer += 1;
                self.state = State::AfterElement;
            }
            _ => {
                self.inner += 1;
                self.state = State::AfterElement;
            }
        }
    }

    fn position(&self, entry: bool) -> Position {
        let (document, outer) = (self.document, u32::try_from(self.outer).unwrap_or(u32::MAX));
        match (self.depth, entry) {
            (0, false) => Position::Document { document, line: if document == 0 { 0 } else { self.first_line } },
            (0, true) => Position::Under { document, key: ITEMS, index: self.entry },
            (1, false) => Position::Element { document, index: self.outer },
            (1, true) => Position::Within { document, outer, key: ITEMS, index: self.entry },
            (_, _) => Position::Within { document, outer, key: "", index: self.inner },
        }
    }

    /// Looks at the keys of an object.
    fn object(&mut self, buffer: &[u8], pieces: &mut Vec<Piece>) -> Result<(), SplitError> {
        while let Some(byte) = buffer.get(self.pos) {
            self.pos += 1;
            match self.keys.byte(*byte, ITEMS) {
                Reached::Inside if matches!(byte, b'{' | b'[') && self.keys.opened() => {
                    self.nest = Nest::new();
                    self.state = State::Value;
                    break;
                }
                Reached::Inside => {}
                Reached::List => {
                    self.around = buffer[self.start..self.pos].to_vec();
                    self.check_around()?;
                    pieces.push(Piece::ListBegins(self.around.clone()));
                    self.entry = 0;
                    self.state = State::BeforeEntry { first: true };
                    break;
                }
                Reached::End => {
                    pieces.push(Piece::Object(self.item(self.pos, false)));
                    self.end_value();
                    break;
                }
            }
        }
        Ok(())
    }

    fn item(&self, end: usize, entry: bool) -> Item {
        Item { start: self.start, end, position: self.position(entry) }
    }

    fn check_around(&self) -> Result<(), SplitError> {
        let limit = ENVELOPE_LIMIT;
        if self.around.len() > limit { Err(SplitError::Envelope { limit }) } else { Ok(()) }
    }

    /// Follows a value to its end.
    fn inside(&mut self, buffer: &[u8], last: bool, pieces: &mut Vec<Piece>) -> Step {
        match self.nest.follow(&buffer[self.pos..], last) {
            Followed::Inside(length) => {
                self.pos += length;
                return if last { Step::Took } else { Step::Waits };
            }
            Followed::Ended(length) => self.pos += length,
        }
        match self.state {
            State::Whole { entry: true } => {
                pieces.push(Piece::Entry(self.item(self.pos, true)));
                self.entry += 1;
                self.state = State::AfterEntry;
            }
            State::Whole { entry: false } => {
                pieces.push(Piece::Object(self.item(self.pos, false)));
                self.end_value();
            }
            _ => {
                self.keys.closed();
                self.state = State::Object;
            }
        }
        Step::Took
    }

    /// Takes bytes of the object around a list behind the list.
    fn tail(&mut self, buffer: &[u8], pieces: &mut Vec<Piece>) -> Result<(), SplitError> {
        while let Some(byte) = buffer.get(self.pos) {
            let reached = self.keys.byte(*byte, ITEMS);
            if reached == Reached::List {
                return Err(self.unexpected(*byte, "one list under `items`"));
            }
            self.pos += 1;
            self.around.push(*byte);
            self.check_around()?;
            if reached == Reached::End {
                pieces.push(Piece::ListEnds(std::mem::take(&mut self.around)));
                self.end_value();
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
