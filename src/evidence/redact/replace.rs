//! Replaces names in text, in its plain form and in those that a reader would decode: base64 (a DER certificate or gzip in it
//! too), hexadecimal, percent-encoding and escaped characters.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::evidence::redact::coding::{self, Encoded};
use crate::evidence::redact::der;
use crate::evidence::redact::matcher::{Matcher, is_word_byte};
use crate::evidence::redact::names::Category;

/// Encodings within encodings.
const MAX_DEPTH: u32 = 3;
/// Decoded bytes of what was packed in a text.
const MAX_UNPACKED: u64 = 16 << 20;
/// Bytes of an encoded run, of the shortest that can hold a name.
const SHORTEST: usize = 6;

/// Replaces, and counts.
pub(super) struct Replacer<'m> {
    matcher: &'m Matcher,
    /// How often a name of each category was replaced.
    pub(super) counts: BTreeMap<Category, u64>,
}

/// A text that is searched.
struct Search<'t> {
    text: &'t [u8],
    lower: &'t [u8],
    depth: u32,
    /// Up to where runs were looked at, so that each is decoded once.
    escapes: usize,
    packed: usize,
}

impl<'m> Replacer<'m> {
    pub(super) fn new(matcher: &'m Matcher) -> Self {
        Self { matcher, counts: BTreeMap::new() }
    }

    pub(super) fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The text with every name replaced.
    pub(super) fn text(&mut self, text: &str) -> String {
        String::from_utf8_lossy(&self.bytes(text.as_bytes(), 0)).into_owned()
    }

    /// The bytes with every name replaced.
    pub(super) fn bytes(&mut self, text: &[u8], depth: u32) -> Vec<u8> {
        if self.matcher.is_empty() {
            return text.to_vec();
        }
        let lower = text.to_ascii_lowercase();
        let mut search = Search { text, lower: &lower, depth, escapes: 0, packed: 0 };
        let mut out = Vec::with_capacity(text.len() + text.len() / 16);
        let (mut at, mut word) = (0, false);
        while let Some(&byte) = text.get(at) {
            if !word && let Some((end, new)) = self.instead(&mut search, at) {
                out.extend(new);
                at = end;
                continue;
            }
            if byte == b'\\'
                && text.get(at + 1).is_some_and(|next| b"nrtbf".contains(next))
                && self.matcher.at(&lower, at + 1).is_none()
            {
                // An escape stands before a word, unless a name begins with its letter.
                out.extend_from_slice(&text[at..at + 2]);
                (at, word) = (at + 2, false);
                continue;
            }
            word = is_word_byte(byte);
            out.push(byte);
            at += 1;
        }
        out
    }

    /// What stands instead of something that begins at a place where no word goes on, and where that ends.
    fn instead(&mut self, search: &mut Search<'_>, at: usize) -> Option<(usize, Vec<u8>)> {
        let (rest, depth) = (&search.text[at..], search.depth);
        if rest.starts_with(coding::BEGIN)
            && let Some((length, block)) = self.pem(rest, depth)
        {
            return Some((at + length, block));
        }
        if at >= search.escapes && depth < MAX_DEPTH {
            let run = coding::run(rest);
            search.escapes = at + run.max(1);
            if let Some(new) = self.escaped(&rest[..run], depth) {
                return Some((at + run, new));
            }
        }
        if !rest.first().is_some_and(|byte| is_word_byte(*byte)) {
            return None;
        }
        if let Some(found) = self.matcher.at(search.lower, at) {
            *self.counts.entry(found.category).or_default() += 1;
            return Some((found.end, found.new.as_bytes().to_vec()));
        }
        if at >= search.packed && depth < MAX_DEPTH {
            let run = coding::packed_run(rest);
            search.packed = at + run;
            if run >= SHORTEST
                && let Some(new) = self.packed(&rest[..run], depth)
            {
                return Some((at + run, new));
            }
        }
        None
    }

    /// A run of characters with escapes in it, if names show when they are decoded.
    fn escaped(&mut self, run: &[u8], depth: u32) -> Option<Vec<u8>> {
        let decoded = coding::unescaped(run)?;
        let mut inner = Replacer::new(self.matcher);
        let new = inner.bytes(&decoded.bytes, depth + 1);
        // What is found without decoding is left to the plain way, which keeps the escapes.
        let plain = Replacer::new(self.matcher).bytes(run, MAX_DEPTH);
        if inner.total() == 0 || coding::unescaped(&plain).is_some_and(|plain| plain.bytes == new) {
            return None;
        }
        self.add(&inner);
        Some(if decoded.percent { coding::percent(&new) } else { new })
    }

    /// A run of base64 or hexadecimal digits, if what it holds has names.
    fn packed(&mut self, run: &[u8], depth: u32) -> Option<Vec<u8>> {
        for encoded in Encoded::readings(run) {
            let mut inner = Replacer::new(self.matcher);
            if let Some(new) = inner.content(&encoded.bytes, depth + 1) {
                self.add(&inner);
                return Some(encoded.again(&new));
            }
        }
        None
    }

    /// What was encoded, with names replaced; none if it has none.
    fn content(&mut self, bytes: &[u8], depth: u32) -> Option<Vec<u8>> {
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut text = Vec::new();
            GzDecoder::new(bytes).take(MAX_UNPACKED).read_to_end(&mut text).ok()?;
            let new = self.bytes(&text, depth);
            return (self.total() > 0).then(|| gzip(&new)).and_then(Result::ok);
        }
        if bytes.first() == Some(&0x30) && bytes.len() > 64 {
            return self.der(bytes, depth);
        }
        if !coding::is_text(bytes) {
            return None;
        }
        let new = self.bytes(bytes, depth);
        (self.total() > 0).then_some(new)
    }

    fn der(&mut self, bytes: &[u8], depth: u32) -> Option<Vec<u8>> {
        der::rewrite(bytes, &mut |tag, value| {
            let before = self.total();
            let new = match (tag, value.len()) {
                // Addresses in a certificate's alternative names.
                (0x87, 4 | 16) => {
                    let shown = coding::address(value)?;
                    coding::address_bytes(&self.text(&shown))?
                }
                (0x0c | 0x13 | 0x14 | 0x16 | 0x1a | 0x81 | 0x82 | 0x86, _) => self.bytes(value, depth),
                _ => return None,
            };
            (self.total() > before).then_some(new)
        })
    }

    /// A PEM block at the beginning of a text: where it ends, and what it becomes.
    fn pem(&mut self, text: &[u8], depth: u32) -> Option<(usize, Vec<u8>)> {
        let block = coding::Pem::of(text)?;
        let mut inner = Replacer::new(self.matcher);
        let new = inner.content(&block.bytes, depth + 1)?;
        self.add(&inner);
        Some((block.end, block.again(text, &new)))
    }

    fn add(&mut self, other: &Self) {
        for (category, count) in &other.counts {
            *self.counts.entry(*category).or_default() += count;
        }
    }
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}
