//! The forms in which text stands within text.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::evidence::redact::chunks::find;
use crate::model::digest::{hex, unhex};

/// Before a PEM block's label.
pub(super) const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
/// Characters of a line of PEM.
const LINE: usize = 64;
/// Bytes of a PEM block.
const MAX_PEM: usize = 1 << 20;

/// The length of the run of characters in which escapes can stand.
pub(super) fn run(text: &[u8]) -> usize {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b',' | b';');
    text.iter().position(ends).unwrap_or(text.len())
}

/// The length of the run of base64 characters.
pub(super) fn packed_run(text: &[u8]) -> usize {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let end = text.iter().position(|byte| !inside(byte)).unwrap_or(text.len());
    end + text[end..].iter().take(2).take_while(|byte| **byte == b'=').count()
}

/// What escapes stand for.
pub(super) struct Unescaped {
    pub(super) bytes: Vec<u8>,
    /// Whether they were of the form `%41`.
    pub(super) percent: bool,
}

/// Decodes `%41`, `\u0041`, `\x41` and `&#65;`; none if there are none.
pub(super) fn unescaped(run: &[u8]) -> Option<Unescaped> {
    if !run.iter().any(|byte| matches!(byte, b'%' | b'\\' | b'&')) {
        return None;
    }
    let mut found = Unescaped { bytes: Vec::with_capacity(run.len()), percent: false };
    let (mut at, mut any) = (0, false);
    while at < run.len() {
        let rest = &run[at..];
        let (byte, length) = match rest {
            [b'%', a, b, ..] => (byte_of([*a, *b]), 3),
            [b'\\', b'u', b'0', b'0', a, b, ..] => (byte_of([*a, *b]), 6),
            [b'\\', b'x', a, b, ..] => (byte_of([*a, *b]), 4),
            _ => (None, 1),
        };
        let percent = rest[0] == b'%';
        let byte = byte.filter(|byte| percent || byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'));
        if let Some(byte) = byte {
            // Escapes of an escaped text have several backslashes.
            while !percent && found.bytes.last() == Some(&b'\\') {
                found.bytes.pop();
            }
            found.bytes.push(byte);
            found.percent |= percent;
            (at, any) = (at + length, true);
        } else {
            found.bytes.push(rest[0]);
            at += 1;
        }
    }
    any.then_some(found)
}

fn byte_of(digits: [u8; 2]) -> Option<u8> {
    let text = std::str::from_utf8(&digits).ok().filter(|_| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(text, 16).ok()
}

/// Encodes what may not stand in an address of the web.
pub(super) fn percent(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii_graphic() && !matches!(byte, b'%' | b'"' | b'<' | b'>' | b'\\') {
            out.push(*byte);
        } else {
            out.extend(format!("%{byte:02X}").into_bytes());
        }
    }
    out
}

/// Whether bytes read as text. Arguments in audit records end in NUL.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\0');
    bytes.len() >= 3 && std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(odd))
}

/// What a run holds if it is read in one way.
pub(super) struct Encoded {
    pub(super) bytes: Vec<u8>,
    engine: Option<&'static GeneralPurpose>,
    upper: bool,
}

impl Encoded {
    /// All ways in which a run can be read.
    pub(super) fn readings(run: &[u8]) -> Vec<Self> {
        let mut found = Vec::new();
        let upper = run.iter().any(u8::is_ascii_uppercase);
        if let Some(bytes) = std::str::from_utf8(run).ok().and_then(unhex) {
            found.push(Self { bytes, engine: None, upper });
        }
        let padded = run.ends_with(b"=");
        let engines: [&'static GeneralPurpose; 2] =
            if padded { [&STANDARD, &URL_SAFE] } else { [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] };
        for engine in engines {
            if let Ok(bytes) = engine.decode(run) {
                found.push(Self { bytes, engine: Some(engine), upper });
                break;
            }
        }
        found
    }

    /// The same encoding of other bytes.
    pub(super) fn again(&self, bytes: &[u8]) -> Vec<u8> {
        match self.engine {
            Some(engine) => engine.encode(bytes).into_bytes(),
            None if self.upper => hex(bytes).to_ascii_uppercase().into_bytes(),
            None => hex(bytes).into_bytes(),
        }
    }
}

/// A PEM block.
pub(super) struct Pem {
    pub(super) bytes: Vec<u8>,
    /// Where the block ends.
    pub(super) end: usize,
    /// Where its body begins and ends.
    body: (usize, usize),
    /// What ends its lines: a line feed, or one that is written out.
    line_end: Vec<u8>,
}

impl Pem {
    /// The block at the beginning of a text.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        let text = &text[..text.len().min(MAX_PEM)];
        // A block that does not end is not sought beyond the next, so that many of them cost no more than their bytes.
        let text = find(&text[BEGIN.len()..], BEGIN).map_or(text, |next| &text[..next + BEGIN.len()]);
        let label = find(&text[BEGIN.len()..text.len().min(128)], b"-----")? + BEGIN.len() + 5;
        let until = find(&text[label..], END)? + label;
        let end = find(&text[until + END.len()..], b"-----")? + until + END.len() + 5;
        let body = &text[label..until];
        let line_end = body.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b'\\').count();
        let written = body.first() == Some(&b'\\');
        let line_end = if written {
            body.iter().take(8).position(|byte| *byte == b'n').map_or(line_end, |at| at + 1)
        } else {
            line_end
        };
        let line_end = body[..line_end].to_vec();
        let mut digits = Vec::with_capacity(body.len());
        let mut escaped = false;
        for byte in body {
            match byte {
                b'\\' => escaped = true,
                b'n' | b'r' if escaped => escaped = false,
                byte if byte.is_ascii_whitespace() => escaped = false,
                byte => {
                    escaped = false;
                    digits.push(*byte);
                }
            }
        }
        let bytes = STANDARD.decode(&digits).ok()?;
        Some(Self { bytes, end, body: (label, until), line_end })
    }

    /// The block with other bytes in it.
    pub(super) fn again(&self, text: &[u8], bytes: &[u8]) -> Vec<u8> {
        let (label, until) = self.body;
        let mut out = text[..label].to_vec();
        out.extend(&self.line_end);
        for line in STANDARD.encode(bytes).as_bytes().chunks(LINE) {
            out.extend(line);
            out.extend(&self.line_end);
        }
        out.extend(&text[until..self.end]);
        out
    }
}

/// An address of a certificate as text.
pub(super) fn address(bytes: &[u8]) -> Option<String> {
    let four = <[u8; 4]>::try_from(bytes).map(|bytes| IpAddr::V4(Ipv4Addr::from(bytes)));
    let six = || <[u8; 16]>::try_from(bytes).map(|bytes| IpAddr::V6(Ipv6Addr::from(bytes)));
    four.or_else(|_| six()).ok().map(|address| address.to_string())
}

/// An address as a certificate has it.
pub(super) fn address_bytes(text: &str) -> Option<Vec<u8>> {
    match text.parse().ok()? {
        IpAddr::V4(address) => Some(address.octets().to_vec()),
        IpAddr::V6(address) => Some(address.octets().to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded() {
        let decoded = |text: &str| unescaped(text.as_bytes()).map(|found| String::from_utf8(found.bytes).unwrap());
        assert_eq!(decoded("w%72k-1").unwrap(), "wrk-1");
        assert_eq!(decoded("\\u0077rk-1\\n").unwrap(), "wrk-1\\n");
        assert_eq!(decoded("\\\\u0077rk").unwrap(), "wrk");
        assert_eq!(decoded("w\\x72k").unwrap(), "wrk");
        assert!(decoded("100%").is_none());
    }

    #[test]
    fn a_block_keeps_its_line_ends() {
        for end in ["\n", "\r\n", "\\n", "\\\\n"] {
            let text = format!("-----BEGIN X-----{end}QUJDREVG{end}-----END X-----{end}rest");
            let block = Pem::of(text.as_bytes()).unwrap();
            assert_eq!(block.bytes, b"ABCDEF", "{end:?}");
            let again = block.again(text.as_bytes(), b"ABCDEF");
            assert_eq!(String::from_utf8(again).unwrap(), text.strip_suffix(&format!("{end}rest")).unwrap());
        }
    }
}
