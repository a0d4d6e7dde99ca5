//! Paths of members: cleaned of what means nothing, refused where they could mean something else.
//!
//! Nothing is unpacked, but paths decide what a member is taken for. Two paths that one reader takes for the
//! same and another does not would let a member hide another, so doubtful ones are errors and not mended.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};

use crate::archive::error::Error;
use crate::archive::fault::LimitExceeded;

/// Cleans a path of `.` and empty parts; the result is relative, '/'-separated UTF-8.
///
/// Bytes that are not UTF-8 become `\xHH`. A folder's path may come out empty.
pub(super) fn clean(raw: &[u8], input: &str, max_path: usize) -> Result<String, Error> {
    if raw.len() > max_path {
        let limit = u64::try_from(max_path).unwrap_or(u64::MAX);
        let exceeded = LimitExceeded::new("a path is too long", limit, "--max-path");
        return Err(Error::at(exceeded.into(), input, Some(&escape(raw)), 0));
    }
    match check(raw) {
        Ok(()) => {
            let parts = raw.split(|byte| *byte == b'/');
            let parts: Vec<_> = parts.filter(|part| !matches!(*part, b"" | b".")).collect();
            Ok(escape(&parts.join(&b'/')))
        }
        Err(what) => Err(Error::UnsafePath { input: input.to_owned(), path: escape(raw), what }),
    }
}

fn check(raw: &[u8]) -> Result<(), &'static str> {
    if raw.is_empty() {
        return Err("it is empty");
    }
    if raw.contains(&0) {
        return Err("it holds a NUL byte");
    }
    if raw.starts_with(b"/") {
        return Err("it is absolute");
    }
    if raw.len() > 1 && raw[0].is_ascii_alphabetic() && raw[1] == b':' {
        return Err("it starts with a drive letter");
    }
    if raw.split(|byte| *byte == b'/').any(|part| part == b"..") {
        return Err("it holds `..`");
    }
    // A unit file such as `dev-disk\x2dby.device` has backslashes that separate nothing.
    let mut rest = raw;
    while let Some(index) = rest.iter().position(|byte| *byte == b'\\') {
        rest = &rest[index + 1..];
        let hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
        if rest.first() != Some(&b'x') || !hex(rest.get(1)) || !hex(rest.get(2)) {
            return Err("it holds a backslash");
        }
    }
    Ok(())
}

/// Turns bytes into text, with `\xHH` for what is not UTF-8.
pub(super) fn escape(raw: &[u8]) -> String {
    let mut text = String::with_capacity(raw.len());
    for chunk in raw.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string does not fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// The paths met in one archive, kept as fingerprints so that a million long ones stay small.
#[derive(Default)]
pub(super) struct Paths {
    keys: [RandomState; 2],
    seen: HashSet<(u64, u64)>,
}

impl Paths {
    /// Adds a path; an error if it was there.
    pub(super) fn add(&mut self, path: &str, input: &str) -> Result<(), Error> {
        let print = (self.keys[0].hash_one(path), self.keys[1].hash_one(path));
        if self.seen.insert(print) {
            return Ok(());
        }
        Err(Error::Duplicate { input: input.to_owned(), member: path.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(raw: &[u8]) -> Option<String> {
        clean(raw, "in", 64).ok()
    }

    #[test]
    fn plain_paths_lose_only_empty_parts() {
        for (raw, path) in [
            (&b"a/b.json"[..], "a/b.json"),
            (b"./a//b/./c/", "a/b/c"),
            (b"./", ""),
            (b"...", "..."),
            (b"a:b", "a:b"),
            (b"dev\\x2dx", "dev\\x2dx"),
            ("ünï".as_bytes(), "ünï"),
            (b"a\xff\xfeb", "a\\xff\\xfeb"),
        ] {
            let expected = (!raw.starts_with(b"a:")).then(|| path.to_owned());
            assert_eq!(cleaned(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn paths_that_could_leave_are_refused() {
        for raw in [
            &b""[..],
            b"/etc/passwd",
            b"..",
            b"a/../b",
            b"../a",
            b"a/..",
            b"C:/x",
            b"c:x",
            b"a\\b",
            b"..\\b",
            b"a\\x2",
            b"a\0b",
        ] {
            assert!(cleaned(raw).is_none(), "{raw:?}");
        }
        assert!(cleaned(&[b'a'; 64]).is_some());
        assert!(cleaned(&[b'a'; 65]).is_none());
    }
}
