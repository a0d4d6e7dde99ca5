//! Inputs that are no files on disk: members of an evidence archive, which are opened by its index.
//!
//! Such an input is read in the way of the file or the folder that was sealed, so that an assessment of it is the same to
//! the last byte.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::sync::Arc;

use crate::archive::budget::Budget;
use crate::archive::decode::Metered;
use crate::archive::error::Error;
use crate::archive::format::Format;
use crate::archive::input::{Encoded, InputSummary};
use crate::archive::member::{End, Flow, MemberMeta, OpenInput, Visit, show};
use crate::archive::skipped::Skipping;

/// A stream that can jump.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// Opens a file anew.
type Open = dyn Fn() -> io::Result<Box<dyn ReadSeek>> + Send + Sync;

/// A file that can be opened any number of times.
#[derive(Clone)]
pub struct Opener {
    /// Its path in the folder that was sealed, or its name.
    pub path: String,
    open: Arc<Open>,
}

impl Opener {
    /// A file of this path, opened by a function.
    pub fn new(
        path: impl Into<String>,
        open: impl Fn() -> io::Result<Box<dyn ReadSeek>> + Send + Sync + 'static,
    ) -> Self {
        Self { path: path.into(), open: Arc::new(open) }
    }

    /// Opens it.
    ///
    /// # Errors
    /// Those of the function.
    pub fn open(&self) -> io::Result<Box<dyn ReadSeek>> {
        (self.open)()
    }

    fn opened(&self) -> Result<Box<dyn ReadSeek>, Error> {
        self.open().map_err(|error| Error::open(Path::new(&self.path), error))
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Opener").field(&self.path).finish()
    }
}

/// Reads a file in the way of [`read_input`](crate::archive::read_input).
///
/// # Errors
/// As [`read_input`](crate::archive::read_input).
pub fn read_opened<E: From<Error>>(
    file: &Opener,
    budget: &Budget,
    tap: &mut dyn FnMut(&[u8]),
    visit: &mut Visit<'_, E>,
) -> Result<InputSummary, E> {
    let encoded = Encoded { name: &file.path, depth: 0, budget };
    encoded.read(file.opened()?, Some(file.opened()?), tap, visit)
}

/// Reads files in the way of a folder: in the order of its walk, which is not that of whole paths.
///
/// # Errors
/// As [`read_input`](crate::archive::read_input).
pub fn read_opened_folder<E: From<Error>>(
    name: &str,
    files: &[Opener],
    budget: &Budget,
    visit: &mut Visit<'_, E>,
) -> Result<InputSummary, E> {
    let (taken, skipped) = (Cell::new(0), Skipping::default());
    let input = OpenInput { name, budget, taken: &taken, skipped: &skipped };
    let mut sorted: Vec<&Opener> = files.iter().collect();
    sorted.sort_by(|a, b| a.path.split('/').cmp(b.path.split('/')));
    let (mut bytes, mut complete) = (0, true);
    for file in sorted {
        let fail = |fault| input.fail(fault, Some(&file.path));
        input.budget.enter(1).map_err(fail)?;
        let mut stream = file.opened()?;
        let size = stream.seek(io::SeekFrom::End(0)).and_then(|size| stream.rewind().map(|()| size));
        let size = size.map_err(|error| input.fail(error, Some(&file.path)))?;
        input.budget.check_member(size).map_err(fail)?;
        let meta = MemberMeta { path: file.path.clone(), size: Some(size), ..MemberMeta::default() };
        let mut stream = Metered::new(stream, input.budget, None);
        let (flow, read) = show(&input, &meta, &mut stream, End::Free, visit)?;
        bytes += read;
        taken.set(bytes);
        if flow == Flow::Stop {
            complete = false;
            break;
        }
    }
    let skipped = skipped.into_inner();
    Ok(InputSummary { name: name.to_owned(), format: Format::Folder, bytes, skipped, complete, preamble: 0 })
}
