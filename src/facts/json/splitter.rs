//! Cuts the objects out of a JSON stream without parsing them.
//!
//! A `kubectl get -o json` of a large cluster is one list of several gigabytes. The splitter finds
//! where each item begins and ends, so that items can be parsed one at a time, on all cores, and
//! the list itself is never in memory. It only tells strings and brackets apart; whether an item is
//! JSON is told when the item is parsed.

use wide::u8x16;

use crate::facts::fields::position::Position;

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
    /// What stands around the list is too large.
    #[error("more than {limit} bytes stand around the list")]
    Envelope {
        /// The bound in bytes.
        limit: usize,
    },
}

/// Bytes that may stand around a list (and the size of an object that holds no list).
const ENVELOPE_LIMIT: usize = 4 << 20;

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

/// What an envelope's scanner must remember from byte to byte.
#[derive(Debug, Default)]
struct EnvelopeScan {
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// The last string at depth 1, and whether a colon follows it.
    key: Vec<u8>,
    after_colon: bool,
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
    item_depth: u32,
    item_in_string: bool,
    item_escape: u64,
    container: Container,
    document: u64,
    index: u64,
    line: u64,
    envelope: Vec<u8>,
    scan: EnvelopeScan,
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
            item_depth: 0,
            item_in_string: false,
            item_escape: 0,
            container: Container::Stream,
            document: 0,
            index: 0,
            line: 0,
            envelope: Vec::new(),
            scan: EnvelopeScan::default(),
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
        while self.pos < buffer.len() {
            match self.state {
                State::Item => {
                    if !self.scan_item(buffer, last, items) {
                        break;
                    }
                }
                State::Envelope => self.scan_envelope(buffer)?,
                _ => self.scan_between(buffer)?,
            }
        }
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

    /// First byte of the buffer that is still needed.
    #[must_use]
    pub fn keep_from(&self) -> usize {
        if self.state == State::Item { self.item_start } else { self.pos }
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

    fn begin_item(&mut self) {
        self.state = State::Item;
        self.item_start = self.pos;
        self.item_depth = 0;
        self.item_in_string = false;
        self.item_escape = 0;
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
                self.scan = EnvelopeScan::default();
                self.envelope.clear();
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
            self.scan.after_colon = false;
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

    fn scan_envelope(&mut self, buffer: &[u8]) -> Result<(), SplitError> {
        let Shape::ListUnder(key) = self.shape else { return Ok(()) };
        while self.pos < buffer.len() {
            let byte = buffer[self.pos];
            self.pos += 1;
            self.envelope.push(byte);
            if self.envelope.len() > ENVELOPE_LIMIT {
                return Err(SplitError::Envelope { limit: ENVELOPE_LIMIT });
            }
            let scan = &mut self.scan;
            if scan.in_string {
                if scan.escaped {
                    scan.escaped = false;
                } else if byte == b'\\' {
                    scan.escaped = true;
                } else if byte == b'"' {
                    scan.in_string = false;
                    continue;
                }
                if scan.depth == 1 && !scan.after_colon && scan.key.len() <= key.len() {
                    scan.key.push(byte);
                }
                continue;
            }
            match byte {
                b'"' => {
                    scan.in_string = true;
                    if scan.depth == 1 && !scan.after_colon {
                        scan.key.clear();
                    }
                }
                b':' if scan.depth == 1 => scan.after_colon = true,
                b',' if scan.depth == 1 => {
                    scan.after_colon = false;
                    scan.key.clear();
                }
                b'[' if scan.depth == 1 && scan.after_colon && scan.key == key.as_bytes() => {
                    self.container = Container::Under;
                    self.index = 0;
                    self.state = State::BeforeElement { first: true };
                    return Ok(());
                }
                b'{' | b'[' => scan.depth += 1,
                b'}' | b']' => {
                    scan.depth = scan.depth.saturating_sub(1);
                    if scan.depth == 0 {
                        let done = std::mem::take(&mut self.envelope);
                        self.envelopes.push(done);
                        self.document += 1;
                        self.container = Container::Stream;
                        self.state = State::Between;
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Looks for the end of the item; `false` when more bytes are needed.
    fn scan_item(&mut self, buffer: &[u8], last: bool, items: &mut Vec<Item>) -> bool {
        let mut padded;
        loop {
            let rest = &buffer[self.pos..];
            let (block, length): (&[u8; 64], usize) = match rest.first_chunk::<64>() {
                Some(block) => (block, 64),
                None if last && !rest.is_empty() => {
                    padded = [b' '; 64];
                    padded[..rest.len()].copy_from_slice(rest);
                    (&padded, rest.len())
                }
                None => {
                    // The tail is looked at again with the bytes that follow it.
                    return if last {
                        self.pos = buffer.len();
                        true
                    } else {
                        false
                    };
                }
            };
            let masks = Masks::of(block);
            let escaped = escaped_bytes(masks.backslash, &mut self.item_escape);
            let quotes = masks.quote & !escaped;
            let mut inside = prefix_xor(quotes);
            if self.item_in_string {
                inside = !inside;
            }
            self.item_in_string = inside >> 63 == 1;
            let opens = masks.open & !inside;
            let mut closes = masks.close & !inside;
            if closes.count_ones() < self.item_depth {
                self.item_depth = self.item_depth + opens.count_ones() - closes.count_ones();
                self.pos += length;
                continue;
            }
            // The item may end in this block: walk its closing brackets.
            while closes != 0 {
                let at = closes.trailing_zeros();
                let before = opens & ((1u64 << at) - 1);
                let closed = masks.close & !inside & ((1u64 << at) - 1);
                let depth = self.item_depth + before.count_ones() - closed.count_ones();
                if depth <= 1 {
                    self.end_item(self.pos + at as usize + 1, items);
                    return true;
                }
                closes &= closes - 1;
            }
            self.item_depth = self.item_depth + opens.count_ones() - (masks.close & !inside).count_ones();
            self.pos += length;
        }
    }
}

struct Masks {
    quote: u64,
    backslash: u64,
    open: u64,
    close: u64,
}

impl Masks {
    fn of(block: &[u8; 64]) -> Self {
        let mut masks = Self { quote: 0, backslash: 0, open: 0, close: 0 };
        for (part, bytes) in block.as_chunks::<16>().0.iter().enumerate() {
            let lane = u8x16::new(*bytes);
            // `{`/`[` and `}`/`]` differ in one bit only, 0x20.
            let folded = lane | u8x16::splat(0x20);
            let shift = part * 16;
            masks.quote |= u64::from(lane.simd_eq(u8x16::splat(b'"')).to_bitmask()) << shift;
            masks.backslash |= u64::from(lane.simd_eq(u8x16::splat(b'\\')).to_bitmask()) << shift;
            masks.open |= u64::from(folded.simd_eq(u8x16::splat(b'{')).to_bitmask()) << shift;
            masks.close |= u64::from(folded.simd_eq(u8x16::splat(b'}')).to_bitmask()) << shift;
        }
        masks
    }
}

/// The bytes that a backslash escapes; `carry` says whether the block's first byte is one of them.
fn escaped_bytes(backslash: u64, carry: &mut u64) -> u64 {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    if backslash == 0 {
        return std::mem::take(carry);
    }
    let backslash = backslash & !*carry;
    let follows = backslash << 1 | *carry;
    let odd_starts = backslash & !EVEN & !follows;
    let (even_runs, overflow) = odd_starts.overflowing_add(backslash);
    *carry = u64::from(overflow);
    (EVEN ^ (even_runs << 1)) & follows
}

/// Each bit becomes the parity of the bits up to it: ones between an opening and a closing quote.
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests;
