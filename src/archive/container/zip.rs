//! Reads a zip by its directory, which is at its end. A member that the visitor leaves unread is not decoded.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};

use zip::CompressionMethod;
use zip::read::{ArchiveOffset, Config, ZipFileEntry};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;

use crate::archive::container::inflate::{Content, Inflate};
use crate::archive::container::window::Window;
use crate::archive::decode::Metered;
use crate::archive::error::Error;
use crate::archive::fault::{Fault, LimitExceeded};
use crate::archive::member::{End, Flow, MemberMeta, OpenInput, Visit, show};
use crate::archive::path::{Paths, escape};

/// Bytes of the record at the end of a zip, and the longest comment that may follow it.
const END_RECORD: usize = 22;
const MAX_COMMENT: u64 = 0xffff;

/// Bytes of the record at the end of a large zip, and of the one that says where it is.
const END_RECORD_64: u64 = 56;
const LOCATOR: u64 = 20;

/// Bytes of a member's own header before its name.
const LOCAL_HEADER: u64 = 30;

/// Shows every regular file of a zip to the visitor, in the order of its directory.
///
/// The whole directory is checked before the first member is shown. The place of an error is the
/// start of the member's bytes.
pub(crate) fn walk<E: From<Error>>(
    input: &OpenInput<'_>,
    reader: impl Read + Seek,
    visit: &mut Visit<'_, E>,
) -> Result<Flow, E> {
    let mut reader = Window::new(reader).map_err(|error| input.fail(error, None))?;
    let directory = find_directory(&mut reader).map_err(|fault| input.fail(fault, None))?;
    let config = Config { archive_offset: ArchiveOffset::Known(0) };
    let mut archive = ZipIterable::try_new(reader, config)
        .map_err(|error| input.fail(fault(error), None))?
        .enforce_header_consistency(true);
    input.budget.enter(directory.count).map_err(|fault| input.fail(fault, None))?;
    check_directory(input, &directory, &mut archive)?;

    let later = show_all(input, &mut archive, None, visit)?;
    match later {
        Some(later) if !later.is_empty() => {
            let stopped = show_all(input, &mut archive, Some(&later), visit)?.is_none();
            Ok(if stopped { Flow::Stop } else { Flow::Continue })
        }
        Some(_) => Ok(Flow::Continue),
        None => Ok(Flow::Stop),
    }
}

/// Shows the members, or only those that were asked for later; returns which the visitor wants to see
/// later, by their place in the directory, or nothing if it wants no more.
fn show_all<E: From<Error>, R: Read + Seek>(
    input: &OpenInput<'_>,
    archive: &mut ZipIterable<R>,
    only: Option<&BTreeSet<usize>>,
    visit: &mut Visit<'_, E>,
) -> Result<Option<BTreeSet<usize>>, E> {
    let mut later = BTreeSet::new();
    let mut inflate = Inflate::new();
    let mut number = 0;
    let files = archive.files().map_err(|error| input.fail(fault(error), None))?;
    while let Some(entry) = files.next() {
        let entry = entry.map_err(|error| input.fail(fault(error), None))?;
        number += 1;
        if only.is_some_and(|only| !only.contains(&number)) {
            continue;
        }
        let Some(mut meta) = member(input, &entry)? else {
            continue;
        };
        meta.again = only.is_some();
        input.taken.set(entry.header_start());
        let declared = entry.size();
        let encoded = Cell::new(entry.compressed_size());
        let content = Content {
            header_start: entry.header_start(),
            compressed_size: entry.compressed_size(),
            crc: entry.crc32(),
            stored: entry.compression() == CompressionMethod::Stored,
        };
        drop(entry);
        let file = inflate.open(files.reader_mut(), &content).map_err(|error| input.fail(error, Some(&meta.path)))?;
        let mut stream = Metered::new(file, input.budget, Some(&encoded));
        let (flow, read) = show(input, &meta, &mut stream, End::SeenIfRead, visit)?;
        match flow {
            Flow::Stop => return Ok(None),
            Flow::Later if only.is_none() => {
                later.insert(number);
            }
            Flow::Later | Flow::Continue => {}
        }
        if read > 0 && read != declared {
            let fault = Fault::corrupt("it is not as long as the directory says");
            return Err(input.fail(fault, Some(&meta.path)).into());
        }
    }
    Ok(Some(later))
}

/// Where the directory of a zip is, and how many entries it has.
#[derive(Debug, PartialEq, Eq)]
struct Directory {
    start: u64,
    count: u64,
}

/// Finds the directory through the record at the very end.
///
/// A lenient reader would look further for a record that suits it, and two lenient readers could
/// find two different directories in the same file.
fn find_directory(reader: &mut (impl Read + Seek)) -> Result<Directory, Fault> {
    let length = reader.seek(SeekFrom::End(0))?;
    let tail_length = length.min(END_RECORD as u64 + MAX_COMMENT);
    let tail = bytes_at(reader, length - tail_length, tail_length)?;
    let records = || {
        let windows = tail.windows(END_RECORD).enumerate();
        windows.filter(|(_, record)| record.starts_with(b"PK\x05\x06"))
    };
    if records().next().is_none() {
        return Err(Fault::Truncated);
    }
    let mut last = records().filter(|(at, record)| at + END_RECORD + u16_at(record, 20) == tail.len());
    let (Some((at, record)), None) = (last.next(), last.next()) else {
        return Err(Fault::corrupt("the end record is not at the end of the zip"));
    };

    let end = length - tail_length + at as u64;
    let locator = bytes_at(reader, end.saturating_sub(LOCATOR), LOCATOR.min(end))?;
    let (directory, size, end) = if locator.starts_with(b"PK\x06\x07") {
        let at = u64_at(&locator, 8);
        let record = bytes_at(reader, at, END_RECORD_64)?;
        if record.len() as u64 != END_RECORD_64 || !record.starts_with(b"PK\x06\x06") {
            return Err(Fault::corrupt("the large end record is not where it should be"));
        }
        let directory = Directory { start: u64_at(&record, 48), count: u64_at(&record, 32) };
        (directory, u64_at(&record, 40), at)
    } else {
        let directory = Directory { start: u32_at(record, 16), count: u16_at(record, 10) as u64 };
        (directory, u32_at(record, 12), end)
    };
    if directory.start.checked_add(size) != Some(end) {
        return Err(Fault::corrupt("the directory does not end where its end record starts"));
    }
    Ok(directory)
}

fn bytes_at(reader: &mut (impl Read + Seek), start: u64, count: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    reader.seek(SeekFrom::Start(start))?;
    reader.take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn u16_at(record: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([record[at], record[at + 1]]))
}

fn u32_at(record: &[u8], at: usize) -> u64 {
    (u16_at(record, at) | u16_at(record, at + 2) << 16) as u64
}

fn u64_at(record: &[u8], at: usize) -> u64 {
    u32_at(record, at) | u32_at(record, at + 4) << 32
}

/// Checks every entry of the directory, and that no two of them share bytes.
fn check_directory<R: Read + Seek>(
    input: &OpenInput<'_>,
    directory: &Directory,
    archive: &mut ZipIterable<R>,
) -> Result<(), Error> {
    let mut count = 0;
    let mut paths = Paths::default();
    let mut ranges = Vec::new();
    let mut total: u64 = 0;
    let files = archive.files().map_err(|error| input.fail(fault(error), None))?;
    for entry in files {
        let entry = entry.map_err(|error| input.fail(fault(error), None))?;
        if count == 0 && entry.central_header_start() != directory.start {
            return Err(input.fail(Fault::corrupt("there are two directories"), None));
        }
        count += 1;
        let start = entry.header_start();
        let length = LOCAL_HEADER + entry.name_raw().len() as u64;
        ranges.push((start, start.saturating_add(length).saturating_add(entry.compressed_size())));
        let Some(meta) = member(input, &entry)? else {
            continue;
        };
        let fail = |fault| input.fail(fault, Some(&meta.path));
        input.budget.check_member(entry.size()).map_err(fail)?;
        total = total.saturating_add(entry.size());
        if total > input.budget.limits().max_bytes {
            let limit = input.budget.limits().max_bytes;
            let exceeded = LimitExceeded::new("too many bytes in all", limit, "--max-bytes");
            return Err(fail(exceeded.into()));
        }
        paths.add(&meta.path, input.name)?;
    }
    if count != directory.count {
        return Err(input.fail(Fault::corrupt("the directory has another length than it says"), None));
    }
    ranges.push((directory.start, directory.start));
    ranges.sort_unstable();
    if ranges.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return Err(input.fail(Fault::corrupt("two members share the same bytes"), None));
    }
    Ok(())
}

/// Makes a member of a regular file, nothing of a folder, an error of anything else.
fn member(input: &OpenInput<'_>, entry: &ZipFileEntry<'_>) -> Result<Option<MemberMeta>, Error> {
    let name =
        entry.name().map_or_else(|_| escape(entry.name_raw()).into_bytes(), |name| name.into_owned().into_bytes());
    let path = input.clean(&name)?;
    let is_folder = name.ends_with(b"/");
    let what = match entry.unix_mode().unwrap_or(0) & 0o170_000 {
        0o120_000 => "a symbolic link",
        0o040_000 | 0 | 0o100_000 if is_folder => {
            if entry.size() == 0 {
                return Ok(None);
            }
            "a folder with content"
        }
        0 | 0o100_000 => {
            if path.is_empty() {
                return Err(Error::UnsafePath {
                    input: input.name.to_owned(),
                    path: ".".to_owned(),
                    what: "it names no file",
                });
            }
            return regular(input, entry, path).map(Some);
        }
        _ => "neither a file nor a folder",
    };
    Err(input.unsafe_entry(&path, what))
}

fn regular(input: &OpenInput<'_>, entry: &ZipFileEntry<'_>, path: String) -> Result<MemberMeta, Error> {
    if entry.encrypted() {
        return Err(Error::Encrypted { input: input.name.to_owned(), member: path });
    }
    let method = entry.compression();
    if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
        let what = format!("its compression is {method}; zip it again with deflate");
        return Err(input.fail(Fault::Unsupported(what), Some(&path)));
    }
    Ok(MemberMeta { path, size: Some(entry.size()), lazy: true, again: false })
}

fn fault(error: ZipError) -> Fault {
    match error {
        ZipError::Io(error) => error.into(),
        ZipError::InvalidArchive(what) => Fault::Corrupt(what.into_owned()),
        error => Fault::Unsupported(error.to_string()),
    }
}
