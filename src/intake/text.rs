//! Bytes to text: UTF-8 or UTF-16, with or without a byte order mark.

use crate::model::limits;
use crate::yaml::{Place, Problem};

/// Bytes of a file that is read whole: the largest benchmark has a few million.
pub const MAX_FILE: u64 = limits::INTAKE_FILE;

/// The text of a file, without a byte order mark.
///
/// # Errors
/// Bytes that are no text, with the line where they are.
pub fn decode(file: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    let wide = match bytes.as_slice() {
        [0xfe, 0xff, ..] | [0, b'<' | b'{', ..] => Some(u16::from_be_bytes as fn([u8; 2]) -> u16),
        [0xff, 0xfe, ..] | [b'<' | b'{', 0, ..] => Some(u16::from_le_bytes as fn([u8; 2]) -> u16),
        _ => None,
    };
    let text = match wide {
        Some(unit) => utf16(file, &bytes, unit)?,
        None => String::from_utf8(bytes).map_err(|error| {
            let (good, _) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
            let line = 1 + newlines(good);
            let message = "the file is not valid UTF-8 from here on".to_owned();
            problem(file, Some(Place { line, column: 1 }), message, "save it as UTF-8")
        })?,
    };
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn utf16(file: &str, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Problem> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: Option<String> = char::decode_utf16(units).map(Result::ok).collect();
    text.filter(|_| rest.is_empty()).ok_or_else(|| {
        let message = "the file starts as UTF-16 but is not valid UTF-16".to_owned();
        problem(file, None, message, "save it as UTF-8")
    })
}

/// How many lines end in some bytes.
pub(super) fn newlines(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

pub(super) fn problem(file: &str, place: Option<Place>, message: String, hint: &str) -> Problem {
    Problem { file: file.to_owned(), place, message, hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(decode("f", b"\xef\xbb\xbf<a/>".to_vec()).unwrap(), "<a/>");
        let little: Vec<u8> = "\u{feff}<a>é😀</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "<a>é</a>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode("f", little.clone()).unwrap(), "<a>é😀</a>");
        assert_eq!(decode("f", big).unwrap(), "<a>é</a>");
        assert!(decode("f", little[..little.len() - 1].to_vec()).unwrap_err().message.contains("UTF-16"));
        let latin = decode("f", b"<a>\n\xe9</a>".to_vec()).unwrap_err();
        assert_eq!(latin.line(), "f:2:1: the file is not valid UTF-8 from here on (save it as UTF-8)");
    }
}
