//! Text as UTF-8, whatever it was saved as.
//!
//! PowerShell and some editors write UTF-16, or UTF-8 behind a byte order mark. Both are told by the first
//! bytes: by the mark, or in UTF-16 without one by the zero bytes of its first characters, which no JSON,
//! YAML or TOML begins with. The text is brought into UTF-8 while it passes, a buffer at a time. What is
//! no UTF-16 is not repaired: the reader says where it stands, and whoever reads must not trust the rest.

use std::io::{self, Read};

/// How a text is encoded, where that is not plain UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8 behind a byte order mark.
    MarkedUtf8,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
}

/// Tells how a text that begins like this is encoded; none for plain UTF-8 and for what is no text.
#[must_use]
pub fn charset(head: &[u8]) -> Option<Charset> {
    match head {
        [0xef, 0xbb, 0xbf, ..] => Some(Charset::MarkedUtf8),
        // UTF-32 has the same mark and two zero bytes behind it.
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] => Some(Charset::Utf16Le),
        [0xfe, 0xff, ..] => Some(Charset::Utf16Be),
        [a, 0, b, 0, ..] if is_text(*a) && is_text(*b) => Some(Charset::Utf16Le),
        [0, a, 0, b, ..] if is_text(*a) && is_text(*b) => Some(Charset::Utf16Be),
        _ => None,
    }
}

fn is_text(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

/// A text as UTF-8.
pub struct Utf8Reader<R> {
    inner: R,
    charset: Charset,
    raw: Box<[u8]>,
    /// Bytes of `raw` that are not decoded yet.
    rest: std::ops::Range<usize>,
    ready: Vec<u8>,
    given: usize,
    decoded: u64,
    at_start: bool,
    /// The first half of a pair of surrogates.
    high: Option<u16>,
    fault: Option<u64>,
}

/// Bytes that are decoded together.
const CHUNK: usize = 64 << 10;

impl<R: Read> Utf8Reader<R> {
    /// Decodes what `inner` gives.
    pub fn new(inner: R, charset: Charset) -> Self {
        Self {
            inner,
            charset,
            raw: vec![0; CHUNK].into(),
            rest: 0..0,
            ready: Vec::new(),
            given: 0,
            decoded: 0,
            at_start: true,
            high: None,
            fault: None,
        }
    }

    /// Returns the reader, and the byte from which on the text was not what it should be.
    pub fn into_inner(self) -> (R, Option<u64>) {
        (self.inner, self.fault)
    }

    /// Decodes the next bytes; `false` at the end of them.
    fn more(&mut self) -> io::Result<bool> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() {
            let kept = self.rest.len();
            self.raw.copy_within(self.rest.clone(), 0);
            let read = match self.inner.read(&mut self.raw[kept..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                    self.rest = 0..kept;
                    continue;
                }
                read => read?,
            };
            self.rest = 0..kept + read;
            if read == 0 {
                return Ok(self.end());
            }
            self.decode();
        }
        Ok(true)
    }

    /// Half a character at the end is none.
    fn end(&mut self) -> bool {
        let half = !self.rest.is_empty() || self.high.take().is_some();
        self.rest = 0..0;
        if half {
            self.broken();
        }
        !self.ready.is_empty()
    }

    fn broken(&mut self) {
        self.fault.get_or_insert(self.decoded);
        self.push(char::REPLACEMENT_CHARACTER);
    }

    fn push(&mut self, character: char) {
        // The mark is no part of the text.
        if !std::mem::take(&mut self.at_start) || character != '\u{feff}' {
            self.ready.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }

    fn decode(&mut self) {
        if self.charset == Charset::MarkedUtf8 {
            return self.unmarked();
        }
        while let [a, b, ..] = self.raw[self.rest.clone()] {
            let unit =
                if self.charset == Charset::Utf16Le { u16::from_le_bytes([a, b]) } else { u16::from_be_bytes([a, b]) };
            self.unit(unit);
            self.decoded += 2;
            self.rest.start += 2;
        }
    }

    fn unit(&mut self, unit: u16) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(character)) = char::decode_utf16([high, unit]).next() {
                return self.push(character);
            }
            self.broken();
        }
        match char::from_u32(u32::from(unit)) {
            Some(character) => self.push(character),
            None if unit < 0xdc00 => self.high = Some(unit),
            None => self.broken(),
        }
    }

    /// Passes bytes on but for the mark.
    fn unmarked(&mut self) {
        if self.at_start {
            if self.rest.len() < MARK.len() {
                return;
            }
            self.at_start = false;
            if self.raw[self.rest.clone()].starts_with(MARK) {
                self.rest.start += MARK.len();
            }
        }
        self.ready.extend_from_slice(&self.raw[self.rest.clone()]);
        self.rest.start = self.rest.end;
    }
}

const MARK: &[u8] = b"\xef\xbb\xbf";

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() || (self.given == self.ready.len() && !self.more()?) {
            return Ok(0);
        }
        let count = (&self.ready[self.given..]).read(out)?;
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> (Vec<u8>, Option<u64>) {
        let mut reader = Utf8Reader::new(Slow(bytes), charset(bytes).unwrap());
        let mut text = Vec::new();
        reader.read_to_end(&mut text).unwrap();
        (text, reader.into_inner().1)
    }

    /// Gives a few bytes at a time.
    struct Slow<'b>(&'b [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = out.len().min(3);
            self.0.read(&mut out[..count])
        }
    }

    fn utf16(text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let mark = mark.then_some(0xfeff);
        mark.into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    proptest! {
        #[test]
        fn every_text_is_the_same_in_each_charset(text in "[\\[{]\"[ -~]?\\PC{0,60}", mark: bool) {
            prop_assert_eq!(read(&utf16(&text, mark, u16::to_le_bytes)), (text.clone().into_bytes(), None));
            prop_assert_eq!(read(&utf16(&text, mark, u16::to_be_bytes)), (text.clone().into_bytes(), None));
            prop_assert_eq!(read(&[MARK, text.as_bytes()].concat()), (text.into_bytes(), None));
        }

        #[test]
        fn any_bytes_end_as_text(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let (text, _) = read(&[&[0xff, 0xfe, b'{', 0][..], &bytes].concat());
            prop_assert!(std::str::from_utf8(&text).is_ok());
        }
    }

    #[test]
    fn what_is_no_utf16_is_told() {
        assert_eq!(read(b"\xff\xfe{\0\0\xd8}\0").1, Some(6));
        assert_eq!(read(b"\xff\xfe{\0}").1, Some(4));
        assert_eq!(read(b"\xff\xfe{\0\0\xd8").1, Some(6));
        assert_eq!(charset(b"\xff\xfe\0\0"), None);
        assert_eq!(charset(b"PK\x03\x04"), None);
        assert_eq!(charset(b"{}"), None);
    }
}
