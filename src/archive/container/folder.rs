//! Walks a folder on disk, in the order of names.
//!
//! Links are not followed, for one could lead out of the folder, and into a device that never ends. They are
//! named in the summary, so that a folder which consists of links does not look empty.

use std::ffi::OsStr;
use std::fs::File;
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use crate::archive::decode::Metered;
use crate::archive::error::Error;
use crate::archive::fault::Fault;
use crate::archive::member::{End, Flow, MemberMeta, OpenInput, Visit, show};
use crate::archive::skipped::Skipped;

/// What a walk came to.
pub(crate) struct Walked {
    pub(crate) flow: Flow,
    /// Bytes of the files that were read.
    pub(crate) bytes: u64,
}

/// Shows every regular file under a folder to the visitor.
pub(crate) fn walk<E: From<Error>>(input: &OpenInput<'_>, root: &Path, visit: &mut Visit<'_, E>) -> Result<Walked, E> {
    let mut walked = Walked { flow: Flow::Continue, bytes: 0 };
    let entries = WalkDir::new(root).min_depth(1).follow_links(false).sort_by_file_name();
    for entry in entries {
        let entry = entry.map_err(|error| refused(input, root, error))?;
        let path = input.clean(&relative(root, &entry))?;
        let fail = |fault| input.fail(fault, Some(&path));
        input.budget.enter(1).map_err(fail)?;
        if entry.file_type().is_dir() {
            continue;
        }
        if !entry.file_type().is_file() {
            input.skip(no_file(root, &entry, path));
            continue;
        }
        let file = File::open(entry.path()).map_err(|error| Error::open(entry.path(), error))?;
        let size = file.metadata().map_err(|error| fail(Fault::Device(error)))?;
        input.budget.check_member(size.len()).map_err(fail)?;
        let meta = MemberMeta { path: path.clone(), size: Some(size.len()), ..MemberMeta::default() };
        let mut stream = Metered::new(file, input.budget, None);
        let (flow, read) = show(input, &meta, &mut stream, End::Free, visit)?;
        walked.bytes += read;
        input.taken.set(walked.bytes);
        if flow == Flow::Stop {
            walked.flow = flow;
            break;
        }
    }
    Ok(walked)
}

/// Names an entry that is neither a file nor a folder.
fn no_file(root: &Path, entry: &DirEntry, path: String) -> Skipped {
    if !entry.path_is_symlink() {
        return Skipped::special(path, "a device, a pipe or a socket");
    }
    let target = std::fs::read_link(entry.path()).ok();
    // A link may name a file of the folder by its whole path.
    let inside = target.as_deref().and_then(|target| target.strip_prefix(root.canonicalize().ok()?).ok());
    match inside {
        Some(inside) => Skipped { what: "a symbolic link", ..Skipped::hard_link(path, &joined(inside)) },
        None => Skipped::symbolic_link(path, target.as_deref().map(joined).as_deref()),
    }
}

/// Returns an entry's path from the root on, with '/' between its parts on every system.
fn relative(root: &Path, entry: &DirEntry) -> Vec<u8> {
    let path = entry.path();
    joined(path.strip_prefix(root).unwrap_or(path))
}

fn joined(path: &Path) -> Vec<u8> {
    let parts: Vec<_> = path.iter().map(OsStr::as_encoded_bytes).collect();
    parts.join(&b'/')
}

fn refused(input: &OpenInput<'_>, root: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(root).to_owned();
    match error.into_io_error() {
        Some(error) => Error::open(&path, error),
        // Only a link that leads to itself gives none, and links are not followed.
        None => input.fail(Fault::corrupt("a link that leads to itself"), None),
    }
}
