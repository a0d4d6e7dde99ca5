//! Cuts a stream where no name can lie across the cut.

use std::io::{self, Read};

use crate::model::limits;

/// Bytes that are looked at in one go, if they end where they may.
const CHUNK: usize = 1 << 20;
/// Bytes without a place to cut.
const MAX_CHUNK: usize = limits::UNCUT;

/// Bytes of a PEM block that is held together.
const MAX_PEM: usize = 1 << 20;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";

/// Hands a stream on in pieces that end at a line feed or behind a quote, and not within a PEM block.
pub(super) fn each(reader: &mut dyn Read, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut held = Vec::with_capacity(CHUNK);
    let mut wanted = CHUNK;
    loop {
        let more = u64::try_from(wanted.saturating_sub(held.len())).unwrap_or(u64::MAX);
        let read = reader.take(more).read_to_end(&mut held)?;
        if u64::try_from(read).is_ok_and(|read| read < more) {
            return if held.is_empty() { Ok(()) } else { take(&held) };
        }
        let cut = place_to_cut(&held);
        if cut == 0 {
            if wanted > MAX_CHUNK {
                return Err(io::Error::other(
                    "more than 32 MiB without a line feed or a quote, where a name could be cut",
                ));
            }
            // One byte more than may be, to tell a text that ends there from one that does not.
            wanted = (wanted * 2).min(MAX_CHUNK + 1);
            continue;
        }
        take(&held[..cut])?;
        held.drain(..cut);
        wanted = CHUNK;
    }
}

fn place_to_cut(held: &[u8]) -> usize {
    let last = |held: &[u8]| held.iter().rposition(|byte| matches!(byte, b'\n' | b'"')).map_or(0, |at| at + 1);
    let cut = last(held);
    let text = &held[..cut];
    // A quote may be within a string of JSON in which a PEM block has begun.
    match rfind(text, BEGIN) {
        Some(begin) if text.len() - begin <= MAX_PEM && rfind(&text[begin..], END).is_none() => last(&held[..begin]),
        _ => cut,
    }
}

fn rfind(text: &[u8], what: &[u8]) -> Option<usize> {
    let mut until = text.len();
    while let Some(at) = text[..until].iter().rposition(|byte| *byte == what[0]) {
        if text[at..].starts_with(what) {
            return Some(at);
        }
        until = at;
    }
    None
}

pub(super) fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_not_cut() {
        assert_eq!(place_to_cut(b"ab\ncd"), 3);
        assert_eq!(place_to_cut(b"x\n-----BEGIN A-----\nabc\ndef"), 2);
        assert_eq!(place_to_cut(b"x\n-----BEGIN A-----\nabc\n-----END A-----\nq"), 40);
        assert_eq!(place_to_cut(b"abc"), 0);
    }

    #[test]
    fn nothing_is_lost() {
        let text = b"line with words\n".repeat(200_000);
        let mut back = Vec::new();
        each(&mut text.as_slice(), &mut |piece| {
            back.extend_from_slice(piece);
            Ok(())
        })
        .unwrap();
        assert!(back == text);
        assert!(each(&mut std::io::repeat(b'x'), &mut |_| Ok(())).is_err());
    }
}
