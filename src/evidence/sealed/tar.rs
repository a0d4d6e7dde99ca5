//! The headers of an evidence archive's tar: one form for every member, so that equal members are equal bytes.

use std::io;

use ::tar::{EntryType, Header};

use crate::evidence::sealed::frames::lies;

/// Bytes of a block.
pub(super) const BLOCK: u64 = 512;
/// Bytes of a name.
pub(super) const MAX_NAME: usize = 1024;

/// The header of a member; a name that does not fit gets a header of its own before it.
pub(super) fn header(name: &str, size: u64) -> io::Result<Vec<u8>> {
    if name.len() > MAX_NAME {
        return Err(io::Error::other(format!("the name `{name}` is longer than {MAX_NAME} bytes")));
    }
    let mut bytes = Vec::new();
    let mut header = plain(size, EntryType::Regular);
    if header.set_path(name).is_err() {
        let record = pax_record(name);
        let mut extended = plain(record.len() as u64, EntryType::XHeader);
        extended.set_path("long-name")?;
        extended.set_cksum();
        bytes.extend_from_slice(extended.as_bytes());
        bytes.extend_from_slice(record.as_bytes());
        bytes.resize(padded(bytes.len()), 0);
        header.set_path("long-name")?;
    }
    header.set_cksum();
    bytes.extend_from_slice(header.as_bytes());
    Ok(bytes)
}

fn plain(size: u64, kind: EntryType) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(size);
    header
}

/// A record says its own length in decimal digits.
fn pax_record(name: &str) -> String {
    let rest = format!(" path={name}\n");
    let mut length = rest.len() + 1;
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}")
}

fn padded(length: usize) -> usize {
    length.next_multiple_of(512)
}

/// A header that was read.
pub(super) struct Read {
    pub(super) name: String,
    pub(super) size: u64,
    /// Bytes of the header itself.
    pub(super) header: u64,
}

/// Reads the header at the beginning of some bytes; none at the end of the archive.
pub(super) fn read(bytes: &[u8]) -> io::Result<Option<Read>> {
    let block = |at: usize| bytes.get(at..at + 512).ok_or_else(|| lies("a member's header is cut"));
    let first = block(0)?;
    if first.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    let (header, size) = checked(first)?;
    let (name, header_bytes, size) = if header.entry_type() == EntryType::XHeader {
        let length = usize::try_from(size).ok().filter(|length| *length <= 4096);
        let length = length.ok_or_else(|| lies("a member's name is too long"))?;
        let text = bytes.get(512..512 + length).and_then(|text| std::str::from_utf8(text).ok());
        let name = text.and_then(|text| text.split_once(" path=")?.1.strip_suffix('\n').map(str::to_owned));
        let name = name.filter(|name| text == Some(&pax_record(name)));
        let at = 512 + padded(length);
        let (second, size) = checked(block(at)?)?;
        if second.entry_type() != EntryType::Regular {
            return Err(lies("a member is not a regular file"));
        }
        (name.ok_or_else(|| lies("a member has no valid name"))?, at + 512, size)
    } else if header.entry_type() == EntryType::Regular {
        let path = header.path_bytes();
        let name = std::str::from_utf8(&path).map_err(|_| lies("a member's name is not UTF-8"))?;
        (name.to_owned(), 512, size)
    } else {
        return Err(lies("a member is not a regular file"));
    };
    let plain = name.len() <= MAX_NAME && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !plain || name.contains('\0') {
        return Err(lies("a member's name leads out of the archive"));
    }
    Ok(Some(Read { name, size, header: header_bytes as u64 }))
}

fn checked(block: &[u8]) -> io::Result<(Header, u64)> {
    let mut header = Header::new_old();
    header.as_mut_bytes().copy_from_slice(block);
    let said = header.cksum()?;
    let mut again = header.clone();
    again.set_cksum();
    if again.cksum()? != said {
        return Err(lies("the checksum of a member's header is wrong"));
    }
    let size = header.entry_size()?;
    Ok((header, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_length_come_back() {
        for name in
            ["a".to_owned(), "a/".repeat(60) + "b", "x".repeat(101), "é".repeat(400), format!("{}/y", "x".repeat(300))]
        {
            let bytes = header(&name, 7).unwrap();
            let back = read(&bytes).unwrap().unwrap();
            assert_eq!((back.name, back.size, back.header), (name, 7, bytes.len() as u64));
        }
        assert!(header(&"x".repeat(1025), 0).is_err());
    }

    #[test]
    fn names_that_lead_out_are_refused() {
        for name in ["a/../b", "./a", "a//b"] {
            let mut header = plain(0, EntryType::Regular);
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            assert!(read(header.as_bytes()).is_err(), "{name}");
        }
        let mut link = plain(0, EntryType::Symlink);
        link.set_path("a").unwrap();
        link.set_cksum();
        assert!(read(link.as_bytes()).is_err());
    }
}
