//! Archives within archives: a support dump in a snapshot, the dumps of several nodes in one folder.
//!
//! Such an archive is read as a stream, and hashed by the reading thread while it passes: the hashing
//! threads take the bytes of its members meanwhile. Only a zip must be in memory first.

use std::io::{self, Read};
use std::sync::Arc;

use crate::archive;
use crate::archive::{Flow, Kind, MemberMeta, SkippedEntries};
use crate::facts::error::ReadError;
use crate::facts::fact::Observer;
use crate::facts::member::State;
use crate::facts::pipeline::buffer::{Buffer, Pool};
use crate::facts::read::reader::Reader;
use crate::facts::read::unfinished::{Hash, Rest, Site, Unfinished};
use crate::model::digest::{Digest, Hasher};
use crate::model::limits;

/// Largest zip inside an archive: it must be in memory, for its directory is at its end.
const MAX_ZIP: usize = limits::NESTED_ZIP;

/// A member's bytes as a reader that makes their digest while they pass.
pub(crate) struct Hashing<'m, 'p> {
    buffer: Arc<Buffer>,
    at: usize,
    ended: bool,
    stream: &'m mut dyn Read,
    pool: &'p Pool,
    hasher: Hasher,
    bytes: u64,
}

impl<'m, 'p> Hashing<'m, 'p> {
    pub(crate) fn new(rest: Rest<'m>, pool: &'p Pool) -> Self {
        let Rest { first, ended, stream, .. } = rest;
        let mut hasher = Hasher::default();
        hasher.update(&first);
        let bytes = first.len() as u64;
        Self { buffer: Arc::new(first), at: 0, ended, stream, pool, hasher, bytes }
    }

    /// Reads what is left; returns the digest and the size.
    pub(crate) fn finish(mut self) -> io::Result<(Digest, u64)> {
        loop {
            self.at = self.buffer.len();
            if !self.more()? {
                break;
            }
        }
        self.pool.give_back(Arc::clone(&self.buffer));
        Ok((self.hasher.finish(), self.bytes))
    }

    /// Goes on to the next buffer if this one is used up; `false` at the end.
    fn more(&mut self) -> io::Result<bool> {
        while self.at == self.buffer.len() {
            if self.ended {
                return Ok(false);
            }
            let mut next = self.pool.take();
            self.ended = next.fill(self.stream)?;
            self.hasher.update(&next);
            self.bytes += next.len() as u64;
            self.pool.give_back(std::mem::replace(&mut self.buffer, Arc::new(next)));
            self.at = 0;
        }
        Ok(true)
    }
}

impl Read for Hashing<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() || !self.more()? {
            return Ok(0);
        }
        let count = (&self.buffer[self.at..]).read(out)?;
        self.at += count;
        Ok(count)
    }
}

/// Whether a member that begins like this is an archive.
pub(crate) fn is_archive(first: &[u8]) -> bool {
    archive::sniff(&first[..first.len().min(512)]) != Kind::Other || archive::has_preamble(first)
}

/// Reads the members of a member that is an archive, each with `visit`. One that is damaged is told, and
/// the rest of the input is read; one that breaks a bound ends the reading. `site` is where its members
/// lie, but for the prefix and the depth.
pub(crate) fn read<'r, 's, O: Observer>(
    reader: &mut Reader<'r, 's, O>,
    site: &Site<'_>,
    unfinished: &mut Unfinished<O::Tally>,
    rest: Rest<'_>,
    visit: impl Fn(&mut Reader<'r, 's, O>, &Site<'_>, &MemberMeta, &mut dyn Read) -> Result<Flow, ReadError>,
) -> Result<(), ReadError> {
    let depth = site.depth + 1;
    if depth > site.budget.limits().max_depth {
        let why = format!("it lies {depth} archives deep and was not opened; allow more with --max-depth");
        unfinished.growing.problem(0, State::Unreadable(why));
        unfinished.member.bytes = reader.pass(rest)?;
        return Ok(());
    }
    let prefix = format!("{}!", unfinished.member.path);
    let inner = Site { prefix: &prefix, depth, ..*site };
    let zip = archive::sniff(&rest.first[..rest.first.len().min(512)]) == Kind::Zip;
    let path = rest.member.clone();
    let mut hashing = Hashing::new(rest, reader.pool);
    let mut each = |meta: &MemberMeta, stream: &mut dyn Read| visit(reader, &inner, meta, stream);
    let outcome = if zip {
        let mut bytes = Vec::new();
        (&mut hashing).take(MAX_ZIP as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > MAX_ZIP {
            let why = "it is a zip of more than 256 MiB inside an archive; pass it as a separate input";
            unfinished.growing.problem(0, State::Unreadable(why.to_owned()));
            Ok(SkippedEntries::default())
        } else {
            archive::read_nested_bytes(&path, depth, &bytes, site.budget, &mut each).map(|inner| inner.skipped)
        }
    } else {
        archive::read_nested(&path, depth, &mut hashing, site.budget, &mut each).map(|inner| inner.skipped)
    };
    match outcome {
        Err(ReadError::Archive(error)) if !matches!(error, archive::Error::Limit { .. }) => {
            // The member in which it broke off has no end.
            reader.feeder.drop_member();
            unfinished.growing.problem(0, State::Unreadable(error.to_string()));
        }
        outcome => reader.skipped.entry(site.input).or_default().extend(outcome?, &prefix),
    }
    let (digest, bytes) = hashing.finish()?;
    unfinished.hash = Hash::Known(digest);
    unfinished.member.bytes = bytes;
    Ok(())
}
