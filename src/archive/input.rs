//! Reads an input of any format.
//!
//! The first bytes tell the format. A compressed stream holds a tar or one file, which its own first
//! bytes tell in turn. Every encoded byte passes the tap once and in order, so that the digest of an
//! input is made while it is read; a zip, which is read from its end, is drained through the tap first.

use std::cell::Cell;
use std::fs::File;
use std::io::{BufRead as _, Cursor, Read, Seek};
use std::path::Path;

use crate::archive::budget::Budget;
use crate::archive::container::preamble::preamble_of;
use crate::archive::container::{folder, tar, zip};
use crate::archive::decode::{Gunzip, Metered, Unxz, Unzstd};
use crate::archive::error::Error;
use crate::archive::format::{Format, Kind, Peeked, sniff};
use crate::archive::member::{End, Flow, MemberMeta, OpenInput, Visit, show};
use crate::archive::path::escape;
use crate::archive::skipped::{SkippedEntries, Skipping};
use crate::archive::source::{CHUNK, Source, Tap};

/// What an input turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputSummary {
    /// Its file name, or the path given for a nested archive.
    pub name: String,
    /// What it is.
    pub format: Format,
    /// Its encoded bytes; of a folder, the bytes of its files that were read.
    pub bytes: u64,
    /// Links, devices and sparse files, which are not read.
    pub skipped: SkippedEntries,
    /// Whether all of it was read; false only if the visitor stopped.
    pub complete: bool,
    /// Bytes of text before the archive, which were passed over: a program's messages, usually.
    pub preamble: u64,
}

/// Reads a folder, an archive or a lone file and shows its regular files to a visitor.
///
/// The format is recognized by content. `tap` is called with the encoded bytes of a file, in order and
/// each once, to the end of the file unless the visitor stops; for a folder it is not called.
/// Members come in the archive's order, those of a folder in the order of their names.
///
/// # Errors
/// Whatever the visitor returns, and an [`Error`] for an input that cannot be read, is cut off,
/// damaged or hostile, or goes over a limit. Members shown before that stay shown.
pub fn read_input<E: From<Error>>(
    path: &Path,
    budget: &Budget,
    tap: &mut dyn FnMut(&[u8]),
    visit: &mut Visit<'_, E>,
) -> Result<InputSummary, E> {
    let name = name_of(path);
    let open = |error| Error::open(path, error);
    if std::fs::metadata(path).map_err(open)?.is_dir() {
        return read_folder(path, name, budget, visit);
    }
    let file = File::open(path).map_err(open)?;
    let encoded = Encoded { name: &name, depth: 0, budget };
    encoded.read(&file, Some(&file), tap, visit)
}

/// Reads an archive or a lone file that is in memory, in the way of [`read_input`].
///
/// # Errors
/// As [`read_input`].
pub fn read_bytes<E: From<Error>>(
    name: &str,
    bytes: &[u8],
    budget: &Budget,
    tap: &mut dyn FnMut(&[u8]),
    visit: &mut Visit<'_, E>,
) -> Result<InputSummary, E> {
    let encoded = Encoded { name, depth: 0, budget };
    encoded.read(bytes, Some(Cursor::new(bytes)), tap, visit)
}

/// Reads an archive inside a member, `depth` archives deep (1 in an archive that is an input).
///
/// `path` is what errors and the summary call it. A member that is no archive is shown as the
/// one file that it is, so every member may be given.
///
/// # Errors
/// As [`read_input`], and [`Error::NestedZip`] for a zip, of which nothing is shown.
pub fn read_nested<E: From<Error>>(
    path: &str,
    depth: u32,
    reader: &mut dyn Read,
    budget: &Budget,
    visit: &mut Visit<'_, E>,
) -> Result<InputSummary, E> {
    let encoded = Encoded { name: path, depth, budget };
    encoded.read(reader, None::<Cursor<&[u8]>>, &mut |_| {}, visit)
}

/// Reads an archive that lies in another and is in memory, so that a zip can be looked into too.
///
/// `path` and `depth` are as for [`read_nested`].
///
/// # Errors
/// As [`read_input`].
pub fn read_nested_bytes<E: From<Error>>(
    path: &str,
    depth: u32,
    bytes: &[u8],
    budget: &Budget,
    visit: &mut Visit<'_, E>,
) -> Result<InputSummary, E> {
    let encoded = Encoded { name: path, depth, budget };
    encoded.read(bytes, Some(Cursor::new(bytes)), &mut |_| {}, visit)
}

fn read_folder<E: From<Error>>(
    path: &Path,
    name: String,
    budget: &Budget,
    visit: &mut Visit<'_, E>,
) -> Result<InputSummary, E> {
    let (taken, skipped) = (Cell::new(0), Skipping::default());
    let input = OpenInput { name: &name, budget, taken: &taken, skipped: &skipped };
    let walked = folder::walk(&input, path, visit)?;
    Ok(InputSummary {
        name,
        format: Format::Folder,
        bytes: walked.bytes,
        skipped: skipped.into_inner(),
        complete: walked.flow != Flow::Stop,
        preamble: 0,
    })
}

/// A stream of encoded bytes and what to call it.
pub(super) struct Encoded<'a> {
    pub(super) name: &'a str,
    pub(super) depth: u32,
    pub(super) budget: &'a Budget,
}

impl Encoded<'_> {
    /// Reads the stream; `again` is a second way to the same bytes, for formats that jump.
    pub(super) fn read<E: From<Error>>(
        &self,
        reader: impl Read,
        again: Option<impl Read + Seek>,
        tap: &mut Tap<'_>,
        visit: &mut Visit<'_, E>,
    ) -> Result<InputSummary, E> {
        let (taken, skipped) = (Cell::new(0), Skipping::default());
        let input = OpenInput { name: self.name, budget: self.budget, taken: &taken, skipped: &skipped };
        let mut tap = |bytes: &[u8]| tap(bytes);
        let mut source = Source::new(reader, &taken, &mut tap);
        let (kind, preamble) = self.kind(&input, &mut source)?;
        let (format, flow) = match kind {
            Kind::Zip => (Format::Zip, self.read_zip(&input, &mut source, again, visit)?),
            Kind::Tar => {
                let mut stream = Metered::new(&mut source, self.budget, None);
                (Format::Tar, tar::walk(&input, &mut stream, visit)?)
            }
            Kind::Other => {
                let path = last_part(self.name).to_owned();
                let mut stream = Metered::new(&mut source, self.budget, None);
                (Format::File, lone(&input, path, &mut stream, visit)?)
            }
            Kind::Gzip => {
                let decoder = Gunzip::new(&mut source);
                self.read_decoded(&input, decoder, (Format::TarGz, Format::Gzip), visit)?
            }
            Kind::Xz => {
                let decoder = Unxz::new(&mut source);
                self.read_decoded(&input, decoder, (Format::TarXz, Format::Xz), visit)?
            }
            Kind::Zstd => {
                let decoder = Unzstd::new(&mut source).map_err(|error| input.fail(error, None))?;
                self.read_decoded(&input, decoder, (Format::TarZstd, Format::Zstd), visit)?
            }
        };
        if flow != Flow::Stop {
            source.drain().map_err(|error| input.fail(error, None))?;
        }
        Ok(InputSummary {
            name: self.name.to_owned(),
            format,
            bytes: taken.get(),
            skipped: skipped.into_inner(),
            complete: flow != Flow::Stop,
            preamble,
        })
    }

    /// Tells what the stream is, and takes the text before it; returns its length too.
    fn kind<R: Read>(&self, input: &OpenInput<'_>, source: &mut Source<'_, R>) -> Result<(Kind, u64), Error> {
        let head = source.peek(512).map_err(|error| input.fail(error, None))?;
        if head.is_empty() && self.depth == 0 {
            return Err(self.empty());
        }
        let mut kind = sniff(head);
        let mut preamble = 0;
        if kind == Kind::Other {
            let head = source.peek(CHUNK).map_err(|error| input.fail(error, None))?;
            if let Some(length) = preamble_of(head) {
                source.consume(length);
                (kind, preamble) = (Kind::Gzip, length as u64);
            }
        }
        if kind != Kind::Other {
            self.budget.check_depth(self.depth).map_err(|fault| input.fail(fault, None))?;
        }
        Ok((kind, preamble))
    }

    /// Reads a zip, whose directory is at its end.
    fn read_zip<E: From<Error>, R: Read>(
        &self,
        input: &OpenInput<'_>,
        source: &mut Source<'_, R>,
        again: Option<impl Read + Seek>,
        visit: &mut Visit<'_, E>,
    ) -> Result<Flow, E> {
        let Some(again) = again else {
            return Err(Error::NestedZip { member: self.name.to_owned() }.into());
        };
        source.drain().map_err(|error| input.fail(error, None))?;
        let length = input.taken.get();
        let flow = zip::walk(input, again, visit)?;
        input.taken.set(length);
        Ok(flow)
    }

    /// Reads a compressed stream, which holds a tar (the first format) or one file (the second).
    fn read_decoded<E: From<Error>>(
        &self,
        input: &OpenInput<'_>,
        decoder: impl Read,
        (archive, file): (Format, Format),
        visit: &mut Visit<'_, E>,
    ) -> Result<(Format, Flow), E> {
        let stream = Metered::new(decoder, self.budget, Some(input.taken));
        let mut stream = Peeked::new(stream).map_err(|error| input.fail(error, None))?;
        if sniff(stream.head()) == Kind::Tar {
            return Ok((archive, tar::walk(input, &mut stream, visit)?));
        }
        if stream.head().is_empty() && self.depth == 0 {
            return Err(self.empty().into());
        }
        let path = without_extension(last_part(self.name)).to_owned();
        Ok((file, lone(input, path, &mut stream, visit)?))
    }

    fn empty(&self) -> Error {
        Error::Empty { input: self.name.to_owned() }
    }
}

/// Shows a stream as one member.
fn lone<E: From<Error>>(
    input: &OpenInput<'_>,
    path: String,
    stream: &mut dyn Read,
    visit: &mut Visit<'_, E>,
) -> Result<Flow, E> {
    let entered = input.budget.enter(1);
    entered.map_err(|fault| input.fail(fault, None))?;
    let meta = MemberMeta { path, lone: true, ..MemberMeta::default() };
    let (flow, _) = show(input, &meta, stream, End::Seen, visit)?;
    Ok(flow)
}

/// Returns the name of a file or folder, of `.` the name of the folder that it stands for.
fn name_of(path: &Path) -> String {
    let whole;
    let mut name = path.file_name();
    if name.is_none() {
        whole = path.canonicalize().unwrap_or_default();
        name = whole.file_name();
    }
    name.map_or_else(|| "input".to_owned(), |name| escape(name.as_encoded_bytes()))
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').find(|part| !part.is_empty()).unwrap_or("input")
}

/// Cuts the last extension off a name that has something before it.
fn without_extension(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_file_is_named_by_its_input() {
        assert_eq!(without_extension("pods.json.gz"), "pods.json");
        assert_eq!(without_extension("pods"), "pods");
        assert_eq!(without_extension(".gz"), ".gz");
        assert_eq!(last_part("a/b/c.gz"), "c.gz");
        assert_eq!(last_part("/"), "input");
        assert_eq!(name_of(Path::new("a/b")), "b");
        assert!(!name_of(Path::new(".")).is_empty());
    }
}
