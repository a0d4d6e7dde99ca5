//! What a record of a zip's directory lists: a file, a folder, or a link, each by its cleaned path.
//!
//! The same bytes mean different things by the system of the program that wrote them: on Windows `\` stands
//! between folders, on Unix it is part of a name, and only there an entry has a type of file.

use std::borrow::Cow;
use std::io::{Read, Seek};

use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord};

use crate::archive::container::inflate::{Content, Inflate};
use crate::archive::container::window::Window;
use crate::archive::error::Error;
use crate::archive::fault::Fault;
use crate::archive::member::{MemberMeta, OpenInput};
use crate::archive::skipped::Skipped;

/// What a record of the directory lists.
pub(super) enum Listed {
    File(MemberMeta),
    Folder,
    /// A link or a special file, at this path.
    Other(String),
}

/// Tells what a record lists.
pub(super) fn listed(input: &OpenInput<'_>, record: &ZipFileHeaderRecord<'_>) -> Result<Listed, Error> {
    let name = name(record);
    let path = input.clean(&name)?;
    match file_type(record) {
        0o040_000 | 0 | 0o100_000 if name.ends_with(b"/") => match record.uncompressed_size_hint() {
            0 => Ok(Listed::Folder),
            _ => Err(input.unsafe_entry(&path, "a folder with content")),
        },
        0 | 0o100_000 if path.is_empty() => {
            Err(Error::UnsafePath { input: input.name.to_owned(), path: ".".to_owned(), what: "it names no file" })
        }
        0 | 0o100_000 => regular(input, record, path).map(Listed::File),
        _ => Ok(Listed::Other(path)),
    }
}

/// A member's name. Programs for Windows write `\` between folders, where it can be no part of a name.
fn name<'r>(record: &ZipFileHeaderRecord<'r>) -> Cow<'r, [u8]> {
    let name = record.file_path().as_bytes();
    if !is_windows(record) || !name.contains(&b'\\') {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect())
}

/// Whether a program for MS-DOS or Windows made the member.
fn is_windows(record: &ZipFileHeaderRecord<'_>) -> bool {
    const MADE_BY: [u16; 4] = [0, 10, 11, 14];
    MADE_BY.contains(&(record.version_made_by().as_u16() >> 8))
}

/// Names a link or a special file. A link's content is where it leads.
pub(super) fn other<R: Read + Seek>(
    archive: &ZipArchive<Window<R>>,
    inflate: &mut Inflate,
    record: &ZipFileHeaderRecord<'_>,
    path: String,
) -> Skipped {
    const LONGEST_TARGET: u64 = 4096;
    if file_type(record) != 0o120_000 {
        return Skipped::special(path, "a special file");
    }
    let is_stored = record.compression_method() == CompressionMethod::STORE;
    let readable =
        !record.flags().is_encrypted() && (is_stored || record.compression_method() == CompressionMethod::DEFLATE);
    let entry = archive.get_entry(record.wayfinder()).ok().filter(|_| readable);
    let mut target = Vec::new();
    let read = entry.and_then(|entry| {
        let content = Content { crc: record.crc32(), stored: is_stored };
        inflate.open(entry.reader(), content).take(LONGEST_TARGET).read_to_end(&mut target).ok()
    });
    Skipped::symbolic_link(path, read.map(|_| target.as_slice()))
}

/// The type of a file as Unix has it; 0 where the program that made the zip had none.
fn file_type(record: &ZipFileHeaderRecord<'_>) -> u32 {
    const UNIX: u16 = 3;
    const MACOS: u16 = 19;
    const FOLDER: u32 = 0x10;
    let attributes = record.external_attributes();
    match record.version_made_by().as_u16() >> 8 {
        UNIX | MACOS => (attributes >> 16) & 0o170_000,
        _ if attributes & FOLDER != 0 => 0o040_000,
        _ => 0,
    }
}

fn regular(input: &OpenInput<'_>, record: &ZipFileHeaderRecord<'_>, path: String) -> Result<MemberMeta, Error> {
    if record.flags().is_encrypted() {
        return Err(Error::Encrypted { input: input.name.to_owned(), member: path });
    }
    let method = record.compression_method();
    if !matches!(method, CompressionMethod::STORE | CompressionMethod::DEFLATE) {
        let what = format!("its compression is {}; zip it again with deflate", method.name().unwrap_or("unknown"));
        return Err(input.fail(Fault::Unsupported(what), Some(&path)));
    }
    Ok(MemberMeta { path, size: Some(record.uncompressed_size_hint()), lazy: true, ..MemberMeta::default() })
}
