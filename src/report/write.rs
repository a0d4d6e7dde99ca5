//! Reports into a folder, whole or not at all.
//!
//! Everything is first written under a temporary name in the folder where it will stand, and renamed when all of it is
//! there; a rename within a folder is atomic. A folder that is not there yet is built beside its place and takes it in
//! one step. What has not got its name is removed when writing ends with an error or a panic, and the command line holds
//! signals back meanwhile (`cli/interrupt.rs`). If the process is killed outright or the power fails, files and folders
//! with names such as `.assessment.html.x3Yb9Q.tmp` stay until the next run into the same folder, which removes them; the
//! folder is locked meanwhile, so that they are known to be nobody's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir, TempPath};

use crate::model::assessment::Assessment;
use crate::report::base::error::ReportError;
use crate::report::base::left_over;
use crate::report::base::left_over::Hold;
use crate::report::base::types::{Choices, Format};
use crate::report::bundle::{evidence, stale};
use crate::report::fix;
use crate::report::format::render_each;

/// The folder of the checklists of nodes.
const NODES: &str = "nodes";

/// A file under its temporary name. It is closed, because a report may have more files than a process may hold open.
struct Draft {
    temporary: TempPath,
    target: PathBuf,
}

impl Draft {
    fn persist(self) -> Result<(), ReportError> {
        self.temporary.persist(&self.target).map_err(|error| refused(&self.target, error.error))
    }
}

/// A folder under its temporary name.
struct NewFolder {
    temporary: TempDir,
    target: PathBuf,
}

impl NewFolder {
    fn persist(self) -> Result<(), ReportError> {
        fs::rename(self.temporary.path(), &self.target).map_err(|source| refused(&self.target, source))?;
        // Nothing is left under the temporary name that would have to be removed.
        let _ = self.temporary.keep();
        Ok(())
    }
}

/// Folders made for a report; those that are empty when it fails are removed again.
#[derive(Default)]
struct Folders {
    made: Vec<PathBuf>,
}

impl Folders {
    fn make(&mut self, dir: &Path) -> Result<(), ReportError> {
        let mut missing = Vec::new();
        let mut at = Some(dir);
        while let Some(folder) = at.filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
            missing.push(folder.to_owned());
            at = folder.parent();
        }
        fs::create_dir_all(dir).map_err(|source| ReportError::Folder { path: dir.to_owned(), source })?;
        missing.reverse();
        self.made.extend(missing);
        Ok(())
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // Best effort, and only what nothing came to lie in.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Writes an assessment in each of the formats into `dir`, which is made if need be, and returns the
/// files in the order written. JSON is followed by `assessment.schema.json`.
///
/// Everything is written under temporary names beside its place, and only then renamed, so that a
/// full disk or a missing right leaves earlier reports as they were.
///
/// # Errors
/// [`ReportError::Folder`] or [`ReportError::Write`] where the system refuses, and those of
/// [`render_each`].
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use mke_stig::report::{Choices, Format, parse, write_all};
///
/// let assessment = parse(&std::fs::read("assessment.json")?)?;
/// let folder = std::path::Path::new("reports");
/// let written = write_all(&assessment, folder, &[Format::Html, Format::Csv], &Choices::default())?;
/// assert_eq!(written, [folder.join("assessment.html"), folder.join("assessment.csv")]);
/// # Ok(())
/// # }
/// ```
pub fn write_all(
    assessment: &Assessment,
    dir: &Path,
    formats: &[Format],
    choices: &Choices,
) -> Result<Vec<PathBuf>, ReportError> {
    write_unless(&|| false, assessment, dir, formats, choices)
}

/// Does what [`write_all`] does, and stops before the next file when `stopped` says so.
///
/// # Errors
/// [`ReportError::Interrupted`], and those of [`write_all`].
pub(crate) fn write_unless(
    stopped: &dyn Fn() -> bool,
    assessment: &Assessment,
    dir: &Path,
    formats: &[Format],
    choices: &Choices,
) -> Result<Vec<PathBuf>, ReportError> {
    // Dropped after the drafts, so that a folder is empty again by then.
    let mut folders = Folders::default();
    folders.make(dir)?;
    let hold = Hold::of(dir);
    if matches!(hold, Hold::Busy) {
        return Err(ReportError::Busy { path: dir.to_owned() });
    }
    if matches!(hold, Hold::Held(_)) {
        remove_left_over(dir);
    }
    let listing = [(Format::Evidence, evidence::FOLDER), (Format::Fix, fix::folder::FOLDER)];
    let again = listing.iter().filter(|(format, _)| formats.contains(format));
    let earlier = again.flat_map(|(_, folder)| stale::listed(&dir.join(folder))).collect();
    let mut drafts = Drafts::new(dir);
    let mut seen = BTreeSet::new();
    for format in formats.iter().filter(|format| seen.insert(**format)) {
        render_each(assessment, *format, choices, &mut |file| {
            if stopped() {
                return Err(ReportError::Interrupted);
            }
            drafts.put(&file.path, &file.text, &mut folders)
        })?;
    }
    if stopped() {
        return Err(ReportError::Interrupted);
    }
    let written = drafts.finish()?;
    stale::remove(earlier, &written);
    Ok(written)
}

/// Removes what killed runs left under temporary names, in the folders that reports have too.
fn remove_left_over(dir: &Path) {
    let folders = [evidence::FOLDER, fix::folder::FOLDER, NODES];
    left_over::remove(dir, &|name| name.starts_with("assessment.") || folders.contains(&name));
    for folder in folders.map(|folder| dir.join(folder)) {
        let real = |path: &Path| fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
        if !real(&folder) {
            continue;
        }
        left_over::remove(&folder, &|_| true);
        for inner in fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if real(&inner) {
                left_over::remove(&inner, &|_| true);
            }
        }
    }
}

/// Everything that is written and has not got its name yet.
struct Drafts<'a> {
    dir: &'a Path,
    files: Vec<Draft>,
    /// By the name of a folder in the output folder: the new folder that will take it, or none where
    /// there is such a folder already and its files are replaced one by one.
    whole: BTreeMap<String, Option<NewFolder>>,
    /// The sub folder that the last file went to.
    at: PathBuf,
    written: Vec<PathBuf>,
}

impl<'a> Drafts<'a> {
    fn new(dir: &'a Path) -> Self {
        Self { dir, files: Vec::new(), whole: BTreeMap::new(), at: PathBuf::new(), written: Vec::new() }
    }

    fn put(&mut self, path: &str, text: &str, folders: &mut Folders) -> Result<(), ReportError> {
        let target = self.dir.join(path);
        self.written.push(target.clone());
        let Some((top, rest)) = path.split_once('/') else {
            self.files.push(draft(target, text, true)?);
            return Ok(());
        };
        if !self.whole.contains_key(top) {
            let new = new_folder(&self.dir.join(top))?;
            self.whole.insert(top.to_owned(), new);
        }
        if let Some(Some(new)) = self.whole.get(top) {
            let place = new.temporary.path().join(rest);
            if let Some(folder) = place.parent()
                && folder != self.at
            {
                fs::create_dir_all(folder).map_err(|source| refused(&target, source))?;
                folder.clone_into(&mut self.at);
            }
            return fs::write(&place, text).map_err(|source| refused(&target, source));
        }
        if let Some(folder) = target.parent()
            && folder != self.at
        {
            folders.make(folder)?;
            inside(self.dir, folder)?;
            folder.clone_into(&mut self.at);
        }
        self.files.push(draft(target, text, false)?);
        Ok(())
    }

    /// Gives everything its name.
    fn finish(self) -> Result<Vec<PathBuf>, ReportError> {
        self.files.into_iter().try_for_each(Draft::persist)?;
        self.whole.into_values().flatten().try_for_each(NewFolder::persist)?;
        Ok(self.written)
    }
}

/// A new, empty folder beside the place that it will take; none where something has that place.
fn new_folder(target: &Path) -> Result<Option<NewFolder>, ReportError> {
    if fs::symlink_metadata(target).is_ok() {
        return Ok(None);
    }
    let made = beside(target, |builder, folder| builder.tempdir_in(folder));
    let temporary = made.map_err(|source| refused(target, source))?;
    Ok(Some(NewFolder { temporary, target: target.to_owned() }))
}

/// Refuses a folder of a report that is a link: it would lead out of the output folder.
fn inside(dir: &Path, folder: &Path) -> Result<(), ReportError> {
    let below = folder.ancestors().take_while(|folder| *folder != dir);
    for folder in below {
        let found = fs::symlink_metadata(folder).map_err(|source| refused(folder, source))?;
        if !found.is_dir() {
            return Err(refused(folder, io::ErrorKind::NotADirectory.into()));
        }
    }
    Ok(())
}

/// Writes a file beside its place. A report is flushed to the disk before it takes its name; the
/// thousands of small files of a folder are not, for their digests tell whether they are whole.
fn draft(target: PathBuf, text: &str, flush: bool) -> Result<Draft, ReportError> {
    // A folder in the place of a report is found before any report is renamed.
    if target.is_dir() {
        return Err(refused(&target, io::ErrorKind::IsADirectory.into()));
    }
    let written = beside(&target, new_file).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        if flush {
            file.as_file().sync_all()?;
        }
        Ok(file.into_temp_path())
    });
    match written {
        Ok(temporary) => Ok(Draft { temporary, target }),
        Err(source) => Err(refused(&target, source)),
    }
}

/// A file with the permissions of any new file, since reports are there to be handed on; temporary files would have
/// those of secrets.
fn new_file(builder: &mut Builder<'_, '_>, folder: &Path) -> io::Result<NamedTempFile> {
    #[cfg(unix)]
    builder.permissions(PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Makes something new beside the target: never what exists, be it a link that someone laid there.
fn beside<T>(target: &Path, make: impl Fn(&mut Builder<'_, '_>, &Path) -> io::Result<T>) -> io::Result<T> {
    let prefix = format!(".{}.", target.file_name().unwrap_or_default().to_string_lossy());
    let folder = target.parent().unwrap_or(Path::new(""));
    make(Builder::new().prefix(&prefix).suffix(".tmp"), folder).map_err(without_temporary_name)
}

/// The error as the system gave it: the name that a report was to have for a moment says nothing to a reader.
fn without_temporary_name(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|outer| outer.source()?.downcast_ref::<io::Error>());
    inner.and_then(io::Error::raw_os_error).map_or(error, io::Error::from_raw_os_error)
}

fn refused(path: &Path, source: io::Error) -> ReportError {
    ReportError::Write { path: path.to_owned(), source }
}
