//! Formats, recognized by the first bytes and never by a name.
//!
//! Names lie: a support dump is saved as `.zip` or `.tgz` by different clients, whatever it is. An old tar has
//! no magic, and is recognized by the checksum of its first header.

use std::fmt;
use std::io::{self, Read};

/// What an input is, compression and container together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A folder on disk.
    Folder,
    /// A lone file that is no archive and not compressed.
    File,
    /// An uncompressed tar.
    Tar,
    /// A tar compressed with gzip.
    TarGz,
    /// A tar compressed with zstd.
    TarZstd,
    /// A tar compressed with xz.
    TarXz,
    /// A zip.
    Zip,
    /// A lone file compressed with gzip.
    Gzip,
    /// A lone file compressed with zstd.
    Zstd,
    /// A lone file compressed with xz.
    Xz,
}

impl Format {
    /// Whether it is one file, compressed or not, and no archive.
    #[must_use]
    pub fn is_lone(self) -> bool {
        matches!(self, Self::File | Self::Gzip | Self::Zstd | Self::Xz)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "folder",
            Self::File => "file",
            Self::Tar => "tar",
            Self::TarGz => "tar.gz",
            Self::TarZstd => "tar.zst",
            Self::TarXz => "tar.xz",
            Self::Zip => "zip",
            Self::Gzip => "gz",
            Self::Zstd => "zst",
            Self::Xz => "xz",
        })
    }
}

/// What the first bytes of a stream say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A tar.
    Tar,
    /// A gzip stream.
    Gzip,
    /// A zstd stream.
    Zstd,
    /// An xz stream.
    Xz,
    /// A zip.
    Zip,
    /// Anything else.
    Other,
}

/// Tells what a stream is from its first 512 bytes, or from all of them if there are fewer.
#[must_use]
pub fn sniff(head: &[u8]) -> Kind {
    if is_tar(head) {
        return Kind::Tar;
    }
    match head {
        [0x1f, 0x8b, ..] => Kind::Gzip,
        // A frame of data, or one to be skipped.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Kind::Zstd,
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Kind::Xz,
        // A member, the end of an archive without members, the first of several volumes.
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Kind::Zip,
        _ => Kind::Other,
    }
}

/// Where a tar header has its checksum.
const CHECKSUM: std::ops::Range<usize> = 148..156;

/// Tells a tar by its magic, or, in the oldest form that has none, by its checksum.
fn is_tar(head: &[u8]) -> bool {
    if head.get(257..262) == Some(b"ustar") {
        return true;
    }
    head.len() >= 512 && head[0] != 0 && checksum_holds(&head[..512])
}

/// Says whether the checksum of a tar header, which is octal text, is right.
pub(super) fn checksum_holds(block: &[u8]) -> bool {
    let digits = block[CHECKSUM].trim_ascii_start();
    let mut wanted: u64 = 0;
    let mut count = 0;
    for digit in digits {
        match digit {
            b'0'..=b'7' => wanted = wanted * 8 + u64::from(digit - b'0'),
            b' ' | 0 => break,
            _ => return false,
        }
        count += 1;
    }
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    // The checksum's own place counts as spaces.
    let spaces = 8 * u64::from(b' ');
    count > 0 && wanted == sum(&block[..CHECKSUM.start]) + spaces + sum(&block[CHECKSUM.end..])
}

/// A reader whose first 512 bytes can be looked at before they are read.
#[derive(Debug)]
pub struct Peeked<R> {
    head: [u8; 512],
    start: usize,
    end: usize,
    inner: R,
}

impl<R: Read> Peeked<R> {
    /// Reads ahead.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn new(mut inner: R) -> io::Result<Self> {
        let mut head = [0; 512];
        let mut end = 0;
        while end < head.len() {
            match inner.read(&mut head[end..]) {
                Ok(0) => break,
                Ok(count) => end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self { head, start: 0, end, inner })
    }

    /// Returns the first bytes that are not read yet: 512, or all if there are fewer.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head[self.start..self.end]
    }
}

impl<R: Read> Read for Peeked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end {
            return self.inner.read(out);
        }
        let count = out.len().min(self.end - self.start);
        out[..count].copy_from_slice(&self.head[self.start..self.start + count]);
        self.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_the_kind() {
        assert_eq!(sniff(&[0x1f, 0x8b, 8]), Kind::Gzip);
        assert_eq!(sniff(&[0x28, 0xb5, 0x2f, 0xfd]), Kind::Zstd);
        assert_eq!(sniff(&[0x5e, 0x2a, 0x4d, 0x18]), Kind::Zstd);
        assert_eq!(sniff(b"PK\x03\x04"), Kind::Zip);
        assert_eq!(sniff(b"PK\x05\x06"), Kind::Zip);
        assert_eq!(sniff(b"\xfd7zXZ\0\0\x04"), Kind::Xz);
        assert_eq!(sniff(b"PKCS"), Kind::Other);
        assert_eq!(sniff(b"{}"), Kind::Other);
        assert_eq!(sniff(b""), Kind::Other);
        assert_eq!(sniff(&[0; 512]), Kind::Other);
    }

    #[test]
    fn an_old_tar_is_told_by_its_checksum() {
        let mut header = tar::Header::new_old();
        header.set_path("a.json").unwrap();
        header.set_size(3);
        header.set_cksum();
        assert_eq!(sniff(header.as_bytes()), Kind::Tar);
        header.as_mut_bytes()[0] = b'b';
        assert_eq!(sniff(header.as_bytes()), Kind::Other);
    }
}
