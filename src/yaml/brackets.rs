//! A bound on brackets that are open at once, which is asked before a text is parsed.
//!
//! The parser looks at every open bracket for each word that it reads, and says only at the end that a text is
//! nested too deep: 100 kB of `[` took 26 s in a debug build, and half a million words behind 510 of them 0.9 s.
//! People's files have three or four, and what `kubectl` prints has a few more.

use crate::model::limits;

/// Brackets that may be open at once.
pub(crate) const MOST: usize = limits::PEOPLE_NESTING;

/// Whether more brackets are open somewhere outside of texts in quotes. Those in other texts count too, for they
/// cannot be told without parsing: a text that opens so many is put in quotes.
pub(crate) fn too_many(text: &str) -> bool {
    open(text).is_none()
}

/// Whether a text closes what it opens, so that it can stand in a file without quotes as often as one likes.
pub(crate) fn balanced(text: &str) -> bool {
    open(text) == Some(0)
}

/// How many brackets are open at the end; none where more than [`MOST`] are open before.
fn open(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for line in text.lines().map(str::as_bytes) {
        let (mut at, mut begins) = (0, true);
        while let Some(byte) = line.get(at) {
            at += match byte {
                b'"' | b'\'' if begins => quoted(&line[at..]).unwrap_or(1),
                _ => 1,
            };
            match byte {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                _ => {}
            }
            if open > MOST {
                return None;
            }
            // A text begins with a quote only where a value may begin.
            begins = matches!(byte, b'[' | b'{' | b',' | b':' | b'-' | b'?') || begins && byte.is_ascii_whitespace();
        }
    }
    Some(open)
}

/// How many bytes a text in quotes has that ends on its line. One of several lines is read on as if it had none, so
/// that a quote which is part of a word hides nothing.
fn quoted(line: &[u8]) -> Option<usize> {
    let (quote, rest) = line.split_first()?;
    let mut bytes = rest.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if *quote == b'"' => _ = bytes.next(),
            byte if byte == quote => return Some(at + 2),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_open_at_once_counts() {
        assert!(!too_many(&"[1, {a: 2}]\n".repeat(10_000)));
        assert!(!too_many(&"]".repeat(10_000)));
        assert!(!too_many(&"[".repeat(MOST)));
        assert!(too_many(&"[".repeat(MOST + 1)));
        let many = "[".repeat(MOST + 1);
        assert!(!too_many(&format!("a: \"x {many}\"\nb: ['{many}', \"\\\"{many}\"]")));
        for hidden in [format!("a: b, \"\nc: {many}"), format!("a: it's\nb: {many}"), format!("\"\n{many}\"")] {
            assert!(too_many(&hidden), "{}", &hidden[..20]);
        }
        assert!(too_many(&format!("a: 1\n{}", "{ a: [".repeat(MOST))));
    }
}
