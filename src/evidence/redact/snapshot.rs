//! Reads a snapshot for its names, and writes it again without them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

use tar::{Builder, Header};

use crate::archive::{Budget, Error, Flow, Kind, Limits, Peeked, read_input, sniff};
use crate::evidence::redact::manifest::{Changed, rewrite};
use crate::evidence::redact::matcher::Matcher;
use crate::evidence::redact::names::{Category, Names};
use crate::evidence::redact::replace::Replacer;
use crate::evidence::redact::{chunks, gather, patterns};
use crate::model::digest::{Digest, Hasher};
use crate::model::limits;

const MANIFEST: &str = "manifest.jsonl";
/// Bytes of all manifests, which are held until the digests of all else are known.
const MAX_MANIFESTS: u64 = 64 << 20;
/// Bytes of a member that are held in memory while it is written.
const SPOOL: usize = 8 << 20;

/// Why a snapshot cannot be redacted.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] Error),
    /// A member cannot be redacted.
    #[error("`{member}` {why}")]
    Member {
        /// Which.
        member: String,
        /// Why.
        why: String,
    },
    /// Two passes over it read different bytes, so that names of the second may be missing from the first.
    #[error("it changed while it was read; redact again when nobody writes to it")]
    Changed,
    /// Too many names.
    #[error("there are more than {} names in it", limits::NAMES)]
    Names,
    /// It cannot be written.
    #[error("cannot write the redacted snapshot")]
    Write(#[source] io::Error),
    /// A signal came.
    #[error("interrupted; nothing was written")]
    Interrupted,
}

/// A reader that adds what passes to a digest.
struct Heard<'r> {
    reader: &'r mut dyn Read,
    digest: &'r mut Hasher,
}

impl Read for Heard<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.digest.update(&buffer[..count]);
        Ok(count)
    }
}

/// Reads a snapshot once; returns the digest of all paths and contents, by which passes are compared.
fn pass<F>(path: &Path, limits: &Limits, mut visit: F) -> Result<Digest, RedactError>
where
    F: FnMut(&str, &mut dyn Read) -> Result<(), RedactError>,
{
    let mut digest = Hasher::default();
    read_input(path, &Budget::new(limits.clone()), &mut |_| {}, &mut |member, reader| {
        digest.part(&member.path);
        let mut heard = Heard { reader, digest: &mut digest };
        visit(&member.path, &mut heard)?;
        let rest = io::copy(&mut heard, &mut io::sink());
        rest.map_err(|error| RedactError::Member {
            member: member.path.clone(),
            why: format!("cannot be read: {error}"),
        })?;
        Ok::<Flow, RedactError>(Flow::Continue)
    })?;
    Ok(digest.finish())
}

/// Finds the names of a snapshot and gives each what it becomes; returns the digest of what was read.
///
/// # Errors
/// An input that cannot be read to its end, or that changes meanwhile.
pub fn find_names(path: &Path, limits: &Limits, names: &mut Names) -> Result<Digest, RedactError> {
    let first = pass(path, limits, |path, reader| {
        let parts: Vec<&str> = path.split('/').collect();
        for pair in parts.windows(3) {
            if pair[0] == "nodes" {
                names.host(pair[1], true);
            }
        }
        let file = parts.last().copied().unwrap_or_default();
        if let Some(stem) = file.strip_suffix(".json").or_else(|| file.strip_suffix(".jsonl")) {
            gather::json(BufReader::new(reader), stem, names);
        } else if file == "docker-group.txt" {
            group(reader, names);
        }
        Ok(())
    })?;
    let second = pass(path, limits, |path, reader| {
        patterns::text(path.as_bytes(), names);
        pieces(path, reader, &mut |piece| {
            patterns::text(piece, names);
            Ok(())
        })
    })?;
    if first != second {
        return Err(RedactError::Changed);
    }
    if names.too_many {
        return Err(RedactError::Names);
    }
    names.assign();
    Ok(second)
}

/// The members of the group that may use the engine.
fn group(reader: &mut dyn Read, names: &mut Names) {
    let mut text = Vec::new();
    if reader.take(1 << 20).read_to_end(&mut text).is_err() {
        return;
    }
    for line in String::from_utf8_lossy(&text).lines() {
        for name in line.split(':').nth(3).into_iter().flat_map(|members| members.split(',')) {
            names.found(Category::People, name);
        }
    }
}

fn pieces(path: &str, reader: &mut dyn Read, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<(), RedactError> {
    let fail = |why: String| RedactError::Member { member: path.to_owned(), why };
    let mut reader = Peeked::new(reader).map_err(|error| fail(format!("cannot be read: {error}")))?;
    if sniff(reader.head()) != Kind::Other {
        return Err(fail(
            "is an archive within the snapshot, whose names are not replaced; take it out first".to_owned(),
        ));
    }
    chunks::each(&mut reader, take).map_err(|error| fail(format!("cannot be redacted: {error}")))
}

/// What was written.
#[derive(Debug, Default)]
pub struct Redacted {
    /// Members of the new snapshot.
    pub members: u64,
    /// How often a name of each category was replaced.
    pub counts: BTreeMap<Category, u64>,
}

/// Writes a snapshot with its names replaced, as a tar. It must be the one of this digest.
///
/// # Errors
/// What cannot be read or written, a snapshot that is another by now, and two members that would get one path.
pub fn write(
    (path, known): (&Path, Digest),
    limits: &Limits,
    names: &Names,
    out: impl Write,
    stopped: &dyn Fn() -> bool,
) -> Result<Redacted, RedactError> {
    let matcher = Matcher::new(names);
    let mut writer = Writer {
        replacer: Replacer::new(&matcher),
        tar: Builder::new(out),
        paths: BTreeSet::new(),
        changed: BTreeMap::new(),
    };
    let mut manifests: Vec<(String, Vec<u8>)> = Vec::new();
    let mut held = 0;
    let read = pass(path, limits, |path, reader| {
        if stopped() {
            return Err(RedactError::Interrupted);
        }
        let folder = path.strip_suffix(MANIFEST).filter(|folder| folder.is_empty() || folder.ends_with('/'));
        if let Some(folder) = folder {
            let mut text = Vec::new();
            let fail = |why: String| RedactError::Member { member: path.to_owned(), why };
            reader.take(MAX_MANIFESTS + 1 - held).read_to_end(&mut text).map_err(|error| fail(error.to_string()))?;
            held += text.len() as u64;
            if held > MAX_MANIFESTS {
                return Err(fail("is larger than 64 MiB".to_owned()));
            }
            manifests.push((folder.to_owned(), text));
        } else {
            writer.member(path, reader)?;
        }
        Ok(())
    })?;
    if read != known {
        return Err(RedactError::Changed);
    }
    for (folder, text) in manifests {
        let new = rewrite(&text, &folder, &writer.changed, &mut writer.replacer);
        writer.put(&format!("{folder}{MANIFEST}"), new.len() as u64, new.as_slice())?;
    }
    let Writer { replacer, tar, paths, .. } = writer;
    tar.into_inner().map_err(RedactError::Write)?;
    Ok(Redacted { members: paths.len() as u64, counts: replacer.counts })
}

struct Writer<'m, W: Write> {
    replacer: Replacer<'m>,
    tar: Builder<W>,
    paths: BTreeSet<String>,
    changed: BTreeMap<String, Changed>,
}

impl<W: Write> Writer<'_, W> {
    fn member(&mut self, path: &str, reader: &mut dyn Read) -> Result<(), RedactError> {
        let (mut before, mut after) = (Hasher::default(), Hasher::default());
        let (mut read, mut written) = (0, 0);
        let mut spool = tempfile::spooled_tempfile(SPOOL);
        pieces(path, reader, &mut |piece| {
            before.update(piece);
            read += piece.len() as u64;
            let new = self.replacer.bytes(piece, 0);
            after.update(&new);
            written += new.len() as u64;
            spool.write_all(&new)
        })?;
        spool.rewind().map_err(RedactError::Write)?;
        self.put(path, written, spool)?;
        let changed = Changed { before: (before.finish(), read), after: (after.finish(), written) };
        self.changed.insert(path.to_owned(), changed);
        Ok(())
    }

    fn put(&mut self, path: &str, size: u64, content: impl Read) -> Result<(), RedactError> {
        let new = self.replacer.text(path);
        if !self.paths.insert(new.clone()) {
            let why = "would get the path of another member; two names in the map differ only in case".to_owned();
            return Err(RedactError::Member { member: path.to_owned(), why });
        }
        let mut header = Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o644);
        header.set_mtime(0);
        self.tar.append_data(&mut header, PathBuf::from(new), content).map_err(RedactError::Write)
    }
}

/// Names of the map that are still somewhere in a snapshot, decoded forms included, with the member in which they are.
///
/// # Errors
/// What cannot be read.
pub fn still_there(path: &Path, limits: &Limits, names: &Names) -> Result<Vec<String>, RedactError> {
    let matcher = Matcher::new(names);
    let mut found = BTreeSet::new();
    read_input(path, &Budget::new(limits.clone()), &mut |_| {}, &mut |member, reader| {
        let mut replacer = Replacer::new(&matcher);
        replacer.text(&member.path);
        pieces(&member.path, reader, &mut |piece| {
            replacer.bytes(piece, 0);
            Ok(())
        })?;
        if replacer.total() > 0 {
            found.insert(member.path.clone());
        }
        Ok::<Flow, RedactError>(Flow::Continue)
    })?;
    Ok(found.into_iter().collect())
}

/// What two texts have in common if their names are left out: their words in alphabetical order.
///
/// The text before is given with its names, the text after with what they became.
#[must_use]
pub fn without_names(texts: impl Iterator<Item = String>, names: &Names, replaced: bool) -> Vec<Vec<String>> {
    let (old, new) = (Matcher::new(names), Matcher::of_replacements(names));
    let (mut old, mut new) = (Replacer::new(&old), Replacer::new(&new));
    texts
        .map(|text| {
            let text = if replaced { text } else { old.text(&text) };
            let mut words: Vec<String> = new.text(&text).split_whitespace().map(str::to_owned).collect();
            words.sort_unstable();
            words
        })
        .collect()
}
