//! SHA-256 digests, SHA-384 where a keeper of evidence asks for it, and hexadecimal text.
//!
//! A digest is stored in reports, manifests and answers as 64 lower-case hexadecimal digits and read
//! back in either case. This is the only file of the library that names the crate which hashes, so
//! that a validated module can take its place here. Hashing of many members on several threads is in
//! `facts/pipeline/digest.rs`.

use std::fmt;
use std::io;
use std::str::FromStr;

use sha2::{Digest as _, Sha256, Sha384};

/// A SHA-256 digest; prints as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// A text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 of 64 hexadecimal digits")]
pub struct NotADigest;

impl Digest {
    /// Hashes some bytes.
    ///
    /// ```
    /// use mke_stig::model::digest::Digest;
    /// let digest = Digest::of(b"abc");
    /// assert!(digest.to_string().starts_with("ba7816bf"));
    /// assert_eq!(digest.to_string().to_uppercase().parse(), Ok(digest));
    /// ```
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first `count` bytes in hexadecimal, to keep names apart.
    pub(crate) fn short(&self, count: usize) -> String {
        hex(&self.0[..count.min(self.0.len())])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        unhex(text).and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or(NotADigest)
    }
}

/// Hashes bytes that come one after another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hasher(Sha256);

impl Hasher {
    /// Adds bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Adds a text with its length before it, so that `a`, `bc` and `ab`, `c` differ.
    pub(crate) fn part(&mut self, text: &str) {
        self.count(text.len() as u64);
        self.update(text.as_bytes());
    }

    /// Adds a number, always in eight bytes: of parts to come, or of anything counted.
    pub(crate) fn count(&mut self, number: u64) {
        self.update(&number.to_be_bytes());
    }

    /// Returns the digest of all that was added.
    pub(crate) fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }

    /// Returns the digest of all that was added, and begins anew.
    pub(crate) fn finish_reset(&mut self) -> Digest {
        Digest(self.0.finalize_reset().into())
    }

    /// Forgets what was added.
    pub(crate) fn reset(&mut self) {
        self.0.reset();
    }
}

/// A hash of the lists that vouch for evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// SHA-256, which every list of this program has unless asked otherwise.
    Sha256,
    /// SHA-384, which CNSA 2.0 asks for.
    Sha384,
}

impl Algorithm {
    /// Its name as the ending of a file: `sha256`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
        }
    }

    /// Hashes some bytes; returns lower-case hexadecimal digits.
    ///
    /// ```
    /// use mke_stig::model::digest::Algorithm;
    /// assert!(Algorithm::Sha384.of(b"abc").starts_with("cb00753f45a35e8b"));
    /// ```
    #[must_use]
    pub fn of(self, bytes: &[u8]) -> String {
        match self {
            Self::Sha256 => Digest::of(bytes).to_string(),
            Self::Sha384 => hex(&Sha384::digest(bytes)),
        }
    }

    /// Hashes a stream to its end; returns lower-case hexadecimal digits.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn of_reader(self, reader: &mut dyn io::Read) -> io::Result<String> {
        let mut sums = Summing::new(self == Self::Sha384);
        let mut buffer = vec![0; 256 << 10];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(sums.finish().0.by(self).unwrap_or_default()),
                Ok(count) => sums.update(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// The digests of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sum {
    /// SHA-256.
    pub(crate) sha256: Digest,
    /// SHA-384, where it was asked for.
    pub(crate) sha384: Option<Box<[u8; 48]>>,
}

impl Sum {
    /// The digest by an algorithm in hexadecimal digits; none where it was not made.
    pub(crate) fn by(&self, algorithm: Algorithm) -> Option<String> {
        match algorithm {
            Algorithm::Sha256 => Some(self.sha256.to_string()),
            Algorithm::Sha384 => self.sha384.as_ref().map(|bytes| hex(bytes.as_slice())),
        }
    }
}

/// Makes the digests of bytes that come one after another.
#[derive(Debug, Clone)]
pub(crate) struct Summing {
    sha256: Sha256,
    sha384: Option<Sha384>,
    bytes: u64,
}

impl Summing {
    /// Begins; SHA-384 is made only if it is asked for.
    pub(crate) fn new(sha384: bool) -> Self {
        Self { sha256: Sha256::default(), sha384: sha384.then(Sha384::default), bytes: 0 }
    }

    /// Adds bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        if let Some(sha384) = &mut self.sha384 {
            sha384.update(bytes);
        }
        self.bytes += bytes.len() as u64;
    }

    /// The digests of all that was added, and how many bytes that were.
    pub(crate) fn finish(self) -> (Sum, u64) {
        let sha384 = self.sha384.map(|hasher| Box::new(hasher.finalize().into()));
        (Sum { sha256: Digest(self.sha256.finalize().into()), sha384 }, self.bytes)
    }
}

/// Writes bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

/// Reads pairs of hexadecimal digits of either case; `None` for any other text.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    pairs.iter().map(|[high, low]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_64_digits_are_a_digest() {
        let text = "BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(text.parse(), Ok(Digest::of(b"abc")));
        for wrong in [&text[1..], &text[2..], "", &format!("{text}00"), &format!("{}zz", &text[2..])] {
            assert_eq!(wrong.parse::<Digest>(), Err(NotADigest), "{wrong}");
        }
    }

    #[test]
    fn parts_are_told_apart() {
        let of = |parts: &[&str]| {
            let mut hasher = Hasher::default();
            for part in parts {
                hasher.part(part);
            }
            hasher.finish()
        };
        assert_ne!(of(&["a", "bc"]), of(&["ab", "c"]));
    }

    proptest! {
        #[test]
        fn hex_is_read_back(bytes in any::<Vec<u8>>()) {
            prop_assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        }
    }
}
