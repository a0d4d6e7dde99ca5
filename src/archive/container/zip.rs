//! Reads a zip by its directory, which is at its end. A member that the visitor leaves unread is not decoded.
//!
//! A zip says most things twice: in its directory, and in a header before each member. Readers that go by
//! one or the other, or that look for a directory which suits them, see different members in the same file.
//! So the directory must stand where the record at the very end says, and every header must agree with it,
//! before the first member is shown. The crate `rawzip` parses records and nothing else: what may differ,
//! overlap or be too much is decided here.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{Read, Seek};

use rawzip::extra_fields::ExtraFieldId;
use rawzip::{
    CompressionMethod, EntryFlags, ErrorKind, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, RECOMMENDED_BUFFER_SIZE, ZipArchive,
    ZipEntry, ZipFileHeaderRecord, ZipLocator,
};

use crate::archive::container::inflate::{Content, Inflate};
use crate::archive::container::window::Window;
use crate::archive::container::zip_record::{Listed, listed, other};
use crate::archive::decode::Metered;
use crate::archive::error::Error;
use crate::archive::fault::{Fault, LimitExceeded};
use crate::archive::member::{End, Flow, OpenInput, Visit, show};
use crate::archive::path::Paths;

/// Bytes of the record at the end of a zip, and the longest comment that may follow it.
const END_RECORD: usize = 22;
const MAX_COMMENT: u64 = 0xffff;

/// Bytes of the record at the end of a large zip, and of the one that says where it is.
const END_RECORD_64: u64 = 56;
const LOCATOR: u64 = 20;

/// Bytes of a record of the directory before its name.
const RECORD: u64 = 46;

/// Bytes of the name and the extra fields in a member's own header, at most.
const HEADER: usize = 2 * 0xffff;

/// Shows every regular file of a zip to the visitor, in the order of its directory.
///
/// The whole directory is checked before the first member is shown. The place of an error is the
/// start of the member's bytes.
pub(crate) fn walk<E: From<Error>>(
    input: &OpenInput<'_>,
    reader: impl Read + Seek,
    visit: &mut Visit<'_, E>,
) -> Result<Flow, E> {
    let file = Window::new(reader).map_err(|error| input.fail(error, None))?;
    let directory = find_directory(&file).map_err(|fault| input.fail(fault, None))?;
    let archive = open(file, &directory).map_err(|fault| input.fail(fault, None))?;
    input.budget.enter(directory.count).map_err(|fault| input.fail(fault, None))?;
    check_directory(input, &directory, &archive)?;

    let later = show_all(input, &archive, None, visit)?;
    match later {
        Some(later) if !later.is_empty() => {
            let stopped = show_all(input, &archive, Some(&later), visit)?.is_none();
            Ok(if stopped { Flow::Stop } else { Flow::Continue })
        }
        Some(_) => Ok(Flow::Continue),
        None => Ok(Flow::Stop),
    }
}

/// Opens the zip with the directory that was found, and no other.
fn open<R: Read + Seek>(file: Window<R>, directory: &Directory) -> Result<ZipArchive<Window<R>>, Fault> {
    let length = file.length();
    let locator = ZipLocator::new().max_search_space(END_RECORD as u64 + MAX_COMMENT);
    let located = locator.locate_in_reader(file, &mut vec![0; RECOMMENDED_BUFFER_SIZE], length);
    let archive = located.map_err(|(_, error)| fault(error))?;
    if archive.directory_offset() != directory.start || archive.entries_hint() != directory.count {
        return Err(Fault::corrupt("it has two directories"));
    }
    Ok(archive)
}

/// Shows the members, or only those that were asked for later; returns which the visitor wants to see
/// later, by their place in the directory, or nothing if it wants no more.
fn show_all<E: From<Error>, R: Read + Seek>(
    input: &OpenInput<'_>,
    archive: &ZipArchive<Window<R>>,
    only: Option<&BTreeSet<usize>>,
    visit: &mut Visit<'_, E>,
) -> Result<Option<BTreeSet<usize>>, E> {
    let mut later = BTreeSet::new();
    let mut inflate = Inflate::new();
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let mut entries = archive.entries(&mut buffer);
    let mut number = 0;
    while let Some(record) = entries.next_entry().map_err(|error| input.fail(fault(error), None))? {
        number += 1;
        if only.is_some_and(|only| !only.contains(&number)) {
            continue;
        }
        let mut meta = match listed(input, &record)? {
            Listed::File(meta) => meta,
            Listed::Folder => continue,
            Listed::Other(path) => {
                if only.is_none() {
                    input.skip(other(archive, &mut inflate, &record, path));
                }
                continue;
            }
        };
        meta.again = only.is_some();
        input.taken.set(record.local_header_offset());
        let declared = record.uncompressed_size_hint();
        let encoded = Cell::new(record.compressed_size_hint());
        let content = Content { crc: record.crc32(), stored: record.compression_method() == CompressionMethod::STORE };
        let entry = archive.get_entry(record.wayfinder());
        let entry = entry.map_err(|error| input.fail(fault(error), Some(&meta.path)))?;
        let mut stream = Metered::new(inflate.open(entry.reader(), content), input.budget, Some(&encoded));
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
    /// One past its last byte.
    end: u64,
    count: u64,
}

/// Finds the directory through the record at the very end.
///
/// A lenient reader would look further for a record that suits it, and two lenient readers could
/// find two different directories in the same file.
fn find_directory<R: Read + Seek>(file: &Window<R>) -> Result<Directory, Fault> {
    let length = file.length();
    let tail_length = length.min(END_RECORD as u64 + MAX_COMMENT);
    let tail = file.bytes_at(length - tail_length, tail_length)?;
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
    let locator = file.bytes_at(end.saturating_sub(LOCATOR), LOCATOR.min(end))?;
    let (directory, size) = if locator.starts_with(b"PK\x06\x07") {
        let at = u64_at(&locator, 8);
        let record = file.bytes_at(at, END_RECORD_64)?;
        if record.len() as u64 != END_RECORD_64 || !record.starts_with(b"PK\x06\x06") {
            return Err(Fault::corrupt("the large end record is not where it should be"));
        }
        let directory = Directory { start: u64_at(&record, 48), end: at, count: u64_at(&record, 32) };
        (directory, u64_at(&record, 40))
    } else {
        let directory = Directory { start: u32_at(record, 16), end, count: u16_at(record, 10) as u64 };
        (directory, u32_at(record, 12))
    };
    if directory.start.checked_add(size) != Some(directory.end) {
        return Err(Fault::corrupt("the directory does not end where its end record starts"));
    }
    Ok(directory)
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

/// Checks every record of the directory, and that no two members share bytes.
fn check_directory<R: Read + Seek>(
    input: &OpenInput<'_>,
    directory: &Directory,
    archive: &ZipArchive<Window<R>>,
) -> Result<(), Error> {
    let fail = |fault| input.fail(fault, None);
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let mut header = vec![0; HEADER];
    let mut entries = archive.entries(&mut buffer);
    let mut seen = Seen { end: directory.start, ..Seen::default() };
    while let Some(record) = entries.next_entry().map_err(|error| fail(fault(error)))? {
        let entry = archive.get_entry(record.wayfinder()).map_err(|error| fail(fault(error)))?;
        agree(&record, &entry, &mut header).map_err(fail)?;
        seen.add(input, &record, entry.compressed_data_range().1)?;
    }
    if seen.count != directory.count || seen.end != directory.end {
        return Err(fail(Fault::corrupt("the directory has another length than it says")));
    }
    seen.ranges.push((directory.start, directory.start));
    seen.ranges.sort_unstable();
    if seen.ranges.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return Err(fail(Fault::corrupt("two members share the same bytes")));
    }
    Ok(())
}

/// What was seen of a directory so far.
#[derive(Default)]
struct Seen {
    count: u64,
    /// Where the last record ends.
    end: u64,
    paths: Paths,
    /// Where members begin and end.
    ranges: Vec<(u64, u64)>,
    /// Decoded bytes, as the directory says.
    total: u64,
}

impl Seen {
    /// Adds a record; its member ends at `end`.
    fn add(&mut self, input: &OpenInput<'_>, record: &ZipFileHeaderRecord<'_>, end: u64) -> Result<(), Error> {
        if record.central_directory_offset() != self.end {
            return Err(input.fail(Fault::corrupt("it has two directories"), None));
        }
        let variable = record.file_path().len() + extra_length(record) + record.comment().as_bytes().len();
        self.end += RECORD + variable as u64;
        self.count += 1;
        self.ranges.push((record.local_header_offset(), end));
        let Listed::File(meta) = listed(input, record)? else {
            return Ok(());
        };
        let fail = |fault| input.fail(fault, Some(&meta.path));
        let size = record.uncompressed_size_hint();
        input.budget.check_member(size).map_err(fail)?;
        self.total = self.total.saturating_add(size);
        let limit = input.budget.limits().max_bytes;
        if self.total > limit {
            let exceeded = LimitExceeded::new("too many bytes in all", limit, "--max-bytes");
            return Err(fail(exceeded.into()));
        }
        self.paths.add(&meta.path, input.name)
    }
}

fn extra_length(record: &ZipFileHeaderRecord<'_>) -> usize {
    // Nothing is iterated yet, so that all of it remains.
    record.extra_fields().remaining_bytes().len()
}

/// Compares a record with the header before its member.
fn agree<R: Read + Seek>(
    record: &ZipFileHeaderRecord<'_>,
    entry: &ZipEntry<'_, Window<R>>,
    buffer: &mut [u8],
) -> Result<(), Fault> {
    let header = entry.local_header(buffer).map_err(fault)?;
    let differs = |what: &str| Err(Fault::corrupt(format!("its header and the directory differ in {what}")));
    if header.file_path().as_bytes() != record.file_path().as_bytes() {
        return differs("its name");
    }
    let decoding = |flags: EntryFlags| (flags.is_encrypted(), flags.has_data_descriptor(), flags.is_utf8());
    if header.compression_method() != record.compression_method()
        || decoding(header.flags()) != decoding(record.flags())
    {
        return differs("how it is packed");
    }
    // Of a member whose sizes follow it, the header may be silent.
    let silent = |value: u64| header.flags().has_data_descriptor() && value == 0;
    let sizes = [
        (u64::from(header.crc32()), u64::from(record.crc32())),
        (header.compressed_size_hint(), record.compressed_size_hint()),
        (header.uncompressed_size_hint(), record.uncompressed_size_hint()),
    ];
    if sizes.iter().any(|(own, listed)| own != listed && !silent(*own)) {
        return differs("its size or checksum");
    }
    let extra = record.extra_fields().chain(header.extra_fields());
    // Behind a version and a checksum, the name in UTF-8.
    let mut names = extra.filter(|(id, _)| *id == ExtraFieldId::INFO_ZIP_UNICODE_PATH).map(|(_, data)| data.get(5..));
    if names.any(|name| name != Some(record.file_path().as_bytes())) {
        return Err(Fault::corrupt("a member has two different names"));
    }
    if record.compression_method() == CompressionMethod::STORE
        && record.compressed_size_hint() != record.uncompressed_size_hint()
    {
        return Err(Fault::corrupt("a stored member has two sizes"));
    }
    Ok(())
}

fn fault(error: rawzip::Error) -> Fault {
    match error.into_kind() {
        ErrorKind::IO(error) => error.into(),
        other => Fault::corrupt(other.to_string()),
    }
}
