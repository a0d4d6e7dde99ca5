//! Makes an evidence archive.
//!
//! Everything is read twice: once for the digests, which stand in the first member, and once into the archive. What
//! changed in between is an error, so an archive never holds what its manifest denies.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use crate::evidence::sealed::frames::FrameWriter;
use crate::evidence::sealed::tar;
use crate::model::digest::{Algorithm, Sum, Summing};

/// Bytes read at once.
const CHUNK: usize = 256 << 10;

/// What a member is made of.
#[derive(Debug)]
pub enum Content {
    /// A file.
    File(PathBuf),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A member to be.
#[derive(Debug)]
pub struct Part {
    /// Its name in the archive.
    pub name: String,
    /// What is in it.
    pub content: Content,
}

/// Why an archive cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Something cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something changed between its digest and its bytes.
    #[error("`{}` changed while it was sealed; seal again when nobody writes to it", .0.display())]
    Changed(PathBuf),
    /// A link or a device.
    #[error("`{}` is a link or a device; only files can be sealed", .0.display())]
    NoFile(PathBuf),
    /// Two members would have one name.
    #[error("two members would be called `{0}`; give inputs and files different names")]
    Twice(String),
    /// A name that an archive cannot hold.
    #[error("`{0}` cannot be a name in an archive; rename the file")]
    Name(String),
    /// It cannot be written.
    #[error("cannot write the evidence archive")]
    Write(#[source] io::Error),
    /// A signal came.
    #[error("interrupted; nothing was written")]
    Interrupted,
    /// What is to be signed could not be.
    #[error("{0}")]
    Sign(String),
}

/// What was sealed.
#[derive(Debug, Clone)]
pub struct Sealing {
    /// The manifest's name.
    pub manifest: String,
    /// The digest of the manifest, by its own algorithm.
    pub digest: String,
    /// Members, the manifest among them.
    pub members: u64,
}

/// What adds members that the manifest cannot list, because they are made of it.
pub type Sign<'s> = dyn FnMut(&[u8]) -> Result<Vec<(String, Vec<u8>)>, SealError> + 's;

/// Writes an archive of the parts, in any order.
///
/// # Errors
/// See [`SealError`].
pub fn seal(
    mut parts: Vec<Part>,
    algorithm: Algorithm,
    out: impl Write,
    sign: &mut Sign<'_>,
    stopped: &dyn Fn() -> bool,
) -> Result<Sealing, SealError> {
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = parts.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(SealError::Twice(pair[0].name.clone()));
    }
    let mut sums = Vec::with_capacity(parts.len());
    let mut text = String::new();
    for part in &parts {
        check_name(&part.name)?;
        if stopped() {
            return Err(SealError::Interrupted);
        }
        let (sum, bytes) = summed(part, algorithm)?;
        text.push_str(&line(&sum.by(algorithm).unwrap_or_default(), &part.name));
        sums.push((sum, bytes));
    }
    let manifest = format!("MANIFEST.{}", algorithm.name());
    let digest = algorithm.of(text.as_bytes());
    let mut more = sign(text.as_bytes())?;
    more.push((manifest.clone(), text.into_bytes()));
    more.sort();
    let mut writer = FrameWriter::new(out).map_err(SealError::Write)?;
    let members = (more.len() + parts.len()) as u64;
    for (name, content) in &more {
        if parts.first().is_some_and(|first| first.name <= *name) {
            return Err(SealError::Name(parts[0].name.clone()));
        }
        begin(&mut writer, name, content.len() as u64)?;
        writer.write(content).map_err(SealError::Write)?;
        pad(&mut writer, content.len() as u64)?;
    }
    for (part, (sum, bytes)) in parts.iter().zip(&sums) {
        if stopped() {
            return Err(SealError::Interrupted);
        }
        begin(&mut writer, &part.name, *bytes)?;
        copy(part, (sum, *bytes), algorithm, &mut writer)?;
        pad(&mut writer, *bytes)?;
    }
    let end = || -> io::Result<()> {
        writer.write(&[0; 1024])?;
        writer.finish()?.flush()
    };
    end().map_err(SealError::Write)?;
    Ok(Sealing { manifest, digest, members })
}

/// A line of the manifest, as `sha256sum` writes it: a name with a backslash or a line feed is escaped.
fn line(digest: &str, name: &str) -> String {
    if name.contains(['\\', '\n', '\r']) {
        let name = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        format!("\\{digest}  {name}\n")
    } else {
        format!("{digest}  {name}\n")
    }
}

fn check_name(name: &str) -> Result<(), SealError> {
    let plain = name.len() <= tar::MAX_NAME
        && !name.contains('\0')
        && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if plain { Ok(()) } else { Err(SealError::Name(name.to_owned())) }
}

fn begin(writer: &mut FrameWriter<impl Write>, name: &str, size: u64) -> Result<(), SealError> {
    let header = tar::header(name, size).map_err(SealError::Write)?;
    writer.end_frame().and_then(|()| writer.write(&header)).map_err(SealError::Write)
}

/// Fills the last block and ends the frame.
fn pad(writer: &mut FrameWriter<impl Write>, size: u64) -> Result<(), SealError> {
    let over = usize::try_from(size % tar::BLOCK).unwrap_or_default();
    let padding = if over == 0 { 0 } else { 512 - over };
    writer.write(&[0; 512][..padding]).and_then(|()| writer.end_frame()).map_err(SealError::Write)
}

fn summed(part: &Part, algorithm: Algorithm) -> Result<(Sum, u64), SealError> {
    let mut sums = Summing::new(algorithm == Algorithm::Sha384);
    each_chunk(part, &mut |chunk| {
        sums.update(chunk);
        Ok(())
    })?;
    Ok(sums.finish())
}

/// Copies a part, which must be what its digest was made of.
fn copy(
    part: &Part,
    (wanted, bytes): (&Sum, u64),
    algorithm: Algorithm,
    writer: &mut FrameWriter<impl Write>,
) -> Result<(), SealError> {
    let changed = || SealError::Changed(part.path());
    let mut sums = Summing::new(algorithm == Algorithm::Sha384);
    let mut left = bytes;
    each_chunk(part, &mut |chunk| {
        left = left.checked_sub(chunk.len() as u64).ok_or_else(changed)?;
        sums.update(chunk);
        writer.write(chunk).map_err(SealError::Write)
    })?;
    if sums.finish() == (wanted.clone(), bytes) { Ok(()) } else { Err(changed()) }
}

fn each_chunk(part: &Part, take: &mut dyn FnMut(&[u8]) -> Result<(), SealError>) -> Result<(), SealError> {
    let path = match &part.content {
        Content::Bytes(bytes) => return take(bytes),
        Content::File(path) => path,
    };
    let fail = |source| SealError::Read { path: path.clone(), source };
    let mut file = File::open(path).map_err(fail)?;
    let mut buffer = vec![0; CHUNK];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => take(&buffer[..count])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(fail(error)),
        }
    }
}

impl Part {
    fn path(&self) -> PathBuf {
        match &self.content {
            Content::File(path) => path.clone(),
            Content::Bytes(_) => PathBuf::from(&self.name),
        }
    }
}
