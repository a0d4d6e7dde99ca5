//! Opens an evidence archive by its index.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::archive::Opener;
use crate::evidence::sealed::frames::{frames, lies};
use crate::evidence::sealed::member::{SealedMember, Shared};
use crate::evidence::sealed::tar::{BLOCK, header as written, read};
use crate::model::limits;

/// Members of an archive that is read.
const MAX_MEMBERS: usize = limits::SEALED_MEMBERS;

/// Why an evidence archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be opened or read.
    #[error("cannot read the evidence archive `{}`", path.display())]
    Read {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its index and its content do not agree.
    #[error("`{}` cannot be read by its index: {what}; use the file as `mke-stig seal` wrote it", path.display())]
    Index {
        /// Its path.
        path: PathBuf,
        /// What does not agree.
        what: String,
    },
    /// There is no such member.
    #[error("there is no member `{0}`; `tar -tf` names them all")]
    NoMember(String),
    /// A member is larger than it may be.
    #[error("the member `{0}` has more than {1} bytes")]
    TooLarge(String, u64),
}

impl OpenError {
    fn of(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Self::Index { path, what: source.to_string() },
            _ => Self::Read { path, source },
        }
    }
}

/// Where a member's bytes lie in the decoded archive.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u64,
    size: u64,
}

/// An evidence archive that is open.
pub struct Sealed {
    path: PathBuf,
    shared: Arc<Shared>,
    members: BTreeMap<String, Span>,
}

impl Sealed {
    /// Opens an archive and learns its members, of which only the first frame of each is decoded.
    ///
    /// # Errors
    /// A file that cannot be read, that has no index, or whose index and headers do not agree.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let fail = |error| OpenError::of(path, error);
        let mut file = File::open(path).map_err(fail)?;
        let frames = frames(&mut file).map_err(fail)?;
        let shared = Arc::new(Shared { file: Mutex::new(file), frames });
        let members = members(&shared).map_err(fail)?;
        Ok(Self { path: path.to_owned(), shared, members })
    }

    /// The names of its members and their sizes, sorted.
    pub fn members(&self) -> impl Iterator<Item = (&str, u64)> {
        self.members.iter().map(|(name, span)| (name.as_str(), span.size))
    }

    /// Opens a member.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn member(&self, name: &str) -> Result<SealedMember, OpenError> {
        let span = self.members.get(name).ok_or_else(|| OpenError::NoMember(name.to_owned()))?;
        Ok(SealedMember::new(Arc::clone(&self.shared), span.start, span.size))
    }

    /// Reads a member whole, if it is not larger than a bound.
    ///
    /// # Errors
    /// There is none of this name, it is too large, or it cannot be read.
    pub fn bytes(&self, name: &str, limit: u64) -> Result<Vec<u8>, OpenError> {
        let mut member = self.member(name)?;
        if member.size() > limit {
            return Err(OpenError::TooLarge(name.to_owned(), limit));
        }
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).map_err(|error| OpenError::of(&self.path, error))?;
        Ok(bytes)
    }

    /// A way to open a member any number of times, under a name of its own.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn opener(&self, member: &str, name: &str) -> Result<Opener, OpenError> {
        let span = *self.members.get(member).ok_or_else(|| OpenError::NoMember(member.to_owned()))?;
        let shared = Arc::clone(&self.shared);
        Ok(Opener::new(name, move || Ok(Box::new(SealedMember::new(Arc::clone(&shared), span.start, span.size)))))
    }
}

/// The members, from header to header. A member begins with a frame, and the last frame is the end of the archive.
fn members(shared: &Shared) -> io::Result<BTreeMap<String, Span>> {
    let mut members = BTreeMap::new();
    let mut at = 0;
    let mut last = String::new();
    loop {
        let number = shared.of(at);
        if shared.frames.get(number).is_none_or(|frame| frame.start != at) {
            return Err(lies("a member does not begin with a frame"));
        }
        let decoded = shared.decode(number)?;
        let Some(header) = read(&decoded)? else {
            let ended = number + 1 == shared.frames.len() && decoded.iter().all(|byte| *byte == 0);
            return if ended { Ok(members) } else { Err(lies("extra data follows the end of the archive")) };
        };
        if !decoded.starts_with(&written(&header.name, header.size)?) {
            return Err(lies("a member's header says more than its name and size"));
        }
        if header.name <= last && !last.is_empty() {
            return Err(lies("its members are not in the order of their names, or one is there twice"));
        }
        let start = at + header.header;
        let end = start.checked_add(header.size).and_then(|end| end.checked_next_multiple_of(BLOCK));
        at = end.ok_or_else(|| lies("a member ends after the last frame"))?;
        last.clone_from(&header.name);
        members.insert(header.name, Span { start, size: header.size });
        if members.len() > MAX_MEMBERS {
            return Err(lies("it has more than 1,000,000 members"));
        }
    }
}
