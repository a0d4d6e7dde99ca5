//! Walks an input and hashes every file in it, those in archives inside too.

use std::io::{self, Cursor, Read};
use std::path::Path;

use crate::archive::{
    Budget, Error, Flow, InputSummary, Kind, MemberMeta, SkippedEntries, has_preamble, read_input, read_nested,
    read_nested_bytes, sniff,
};
use crate::evidence::verify::lists::{LIMIT, Sort};
use crate::model::digest::{Digest, Hasher, Sum, Summing};
use crate::model::limits;

/// Bytes read at once.
const CHUNK: usize = 256 << 10;
/// Largest zip inside an archive: it must be in memory, for its directory is at its end.
const MAX_ZIP: u64 = limits::NESTED_ZIP as u64;

/// A file that was hashed.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) bytes: u64,
    pub(crate) sum: Sum,
}

/// A list among the files.
#[derive(Debug)]
pub(crate) struct FoundList {
    /// The number of the file that it is.
    pub(crate) member: usize,
    /// The folder that it speaks of: empty, or ending in `/`.
    pub(crate) top: String,
    pub(crate) sort: Sort,
    /// Its text, or why it was not read.
    pub(crate) text: Result<Vec<u8>, String>,
}

/// An archive among the files.
#[derive(Debug, Default)]
pub(crate) struct Nested {
    /// The number of the file that it is.
    pub(crate) member: usize,
    /// What is in it, as far as it could be read.
    pub(crate) container: Container,
    /// What is wrong with it.
    pub(crate) damage: Option<String>,
    /// Why it was not looked into.
    pub(crate) unread: Option<String>,
    /// Bytes of text before it.
    pub(crate) preamble: u64,
    /// Links and devices in it.
    pub(crate) skipped: SkippedEntries,
}

/// A folder or an archive with all that is in it.
#[derive(Debug, Default)]
pub(crate) struct Container {
    pub(crate) members: Vec<Seen>,
    pub(crate) lists: Vec<FoundList>,
    pub(crate) nested: Vec<Nested>,
}

/// Reads an input into a container; returns what it is, and its digest unless it is a folder.
pub(crate) fn walk(
    path: &Path,
    budget: &Budget,
    container: &mut Container,
) -> Result<(InputSummary, Option<Digest>), Error> {
    let mut hasher = Hasher::default();
    let mut tap = |bytes: &[u8]| hasher.update(bytes);
    let mut visit = |meta: &MemberMeta, stream: &mut dyn Read| member(container, meta, stream, 0, budget);
    let summary = read_input::<Error>(path, budget, &mut tap, &mut visit)?;
    let folder = summary.format == crate::archive::Format::Folder;
    let digest = (!folder).then(|| hasher.finish());
    Ok((summary, digest))
}

/// Reads a file of a container. The failure of its stream is that of the whole reading, which the caller sees.
fn member(
    container: &mut Container,
    meta: &MemberMeta,
    stream: &mut dyn Read,
    depth: u32,
    budget: &Budget,
) -> Result<Flow, Error> {
    let sha384 = container.lists.iter().any(|list| list.sort.algorithm() == crate::model::digest::Algorithm::Sha384);
    let mut first = Vec::new();
    if (&mut *stream).take(CHUNK as u64).read_to_end(&mut first).is_err() {
        return Ok(Flow::Continue);
    }
    let number = container.members.len();
    let mut hashing = Hashing { first: Cursor::new(first), stream, sums: Summing::new(sha384) };
    let name = meta.path.rsplit('/').next().unwrap_or_default();
    if let Some(sort) = Sort::of(name) {
        let text = list_text(&mut hashing);
        let top = meta.path[..meta.path.len() - name.len()].to_owned();
        container.lists.push(FoundList { member: number, top, sort, text });
    } else if is_archive(hashing.first.get_ref()) {
        let nested = nested(&meta.path, &mut hashing, (number, depth + 1), budget)?;
        container.nested.push(nested);
    }
    if let Some((sum, bytes)) = hashing.finish() {
        container.members.push(Seen { path: meta.path.clone(), bytes, sum });
    }
    Ok(Flow::Continue)
}

fn is_archive(first: &[u8]) -> bool {
    sniff(&first[..first.len().min(512)]) != Kind::Other || has_preamble(first)
}

fn list_text(hashing: &mut Hashing<'_>) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    match hashing.take(LIMIT + 1).read_to_end(&mut text) {
        Err(error) => Err(error.to_string()),
        Ok(_) if text.len() as u64 > LIMIT => Err(format!("it has more than {LIMIT} bytes")),
        Ok(_) => Ok(text),
    }
}

/// Looks into an archive among the files. Only a broken bound ends the reading.
fn nested(
    path: &str,
    hashing: &mut Hashing<'_>,
    (member_number, depth): (usize, u32),
    budget: &Budget,
) -> Result<Nested, Error> {
    let mut found = Nested { member: member_number, ..Nested::default() };
    if depth > budget.limits().max_depth {
        found.unread = Some(format!("it lies {depth} archives deep; allow more with --max-depth"));
        return Ok(found);
    }
    let head = hashing.first.get_ref();
    let zip = sniff(&head[..head.len().min(512)]) == Kind::Zip;
    let container = &mut found.container;
    let mut visit = |meta: &MemberMeta, stream: &mut dyn Read| member(container, meta, stream, depth, budget);
    let outcome = if zip {
        let mut bytes = Vec::new();
        match hashing.take(MAX_ZIP + 1).read_to_end(&mut bytes) {
            Err(_) => return Ok(found),
            Ok(_) if bytes.len() as u64 > MAX_ZIP => {
                found.unread =
                    Some("it is a zip of more than 256 MiB inside an archive; verify it by itself".to_owned());
                return Ok(found);
            }
            Ok(_) => read_nested_bytes::<Error>(path, depth, &bytes, budget, &mut visit),
        }
    } else {
        read_nested::<Error>(path, depth, hashing, budget, &mut visit)
    };
    match outcome {
        Ok(summary) => (found.preamble, found.skipped) = (summary.preamble, summary.skipped),
        Err(error @ Error::Limit { .. }) => return Err(error),
        Err(error @ (Error::Encrypted { .. } | Error::Unsupported { .. })) => found.unread = Some(error.to_string()),
        Err(error) => found.damage = Some(error.to_string()),
    }
    Ok(found)
}

/// The bytes of a file, hashed while they pass.
struct Hashing<'s> {
    first: Cursor<Vec<u8>>,
    stream: &'s mut dyn Read,
    sums: Summing,
}

impl Hashing<'_> {
    /// Reads what is left; none if it cannot be read to its end.
    fn finish(mut self) -> Option<(Sum, u64)> {
        let at = usize::try_from(self.first.position()).unwrap_or(usize::MAX).min(self.first.get_ref().len());
        self.sums.update(&self.first.get_ref()[at..]);
        let mut buffer = self.first.into_inner();
        buffer.resize(CHUNK, 0);
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return Some(self.sums.finish()),
                Ok(count) => self.sums.update(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }
}

impl Read for Hashing<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut count = self.first.read(out)?;
        if count == 0 {
            count = self.stream.read(out)?;
        }
        self.sums.update(&out[..count]);
        Ok(count)
    }
}
