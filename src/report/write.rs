//! Reports into a folder, whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::model::assessment::Assessment;
use crate::report::base::error::ReportError;
use crate::report::base::types::{Choices, Format};
use crate::report::bundle::{evidence, stale};
use crate::report::format::render_each;

/// A file, or a folder, under its temporary name; removed unless it got its final one.
struct Draft {
    temporary: PathBuf,
    target: PathBuf,
    renamed: bool,
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.renamed {
            // Best effort on a path that already reports an error.
            let _ = fs::remove_file(&self.temporary).or_else(|_| fs::remove_dir_all(&self.temporary));
        }
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
pub fn write_all(
    assessment: &Assessment,
    dir: &Path,
    formats: &[Format],
    choices: &Choices,
) -> Result<Vec<PathBuf>, ReportError> {
    // Dropped after the drafts, so that a folder is empty again by then.
    let mut folders = Folders::default();
    folders.make(dir)?;
    let evidence = dir.join(evidence::FOLDER);
    let earlier = if formats.contains(&Format::Evidence) { stale::listed(&evidence) } else { Vec::new() };
    let mut drafts = Drafts::new(dir);
    let mut seen = BTreeSet::new();
    for format in formats.iter().filter(|format| seen.insert(**format)) {
        render_each(assessment, *format, choices, &mut |file| drafts.put(&file.path, &file.text, &mut folders))?;
    }
    let written = drafts.finish()?;
    stale::remove(earlier, &written);
    Ok(written)
}

/// Everything that is written and has not got its name yet.
struct Drafts<'a> {
    dir: &'a Path,
    files: Vec<Draft>,
    /// By the name of a folder in the output folder: the new folder that will take it, or none where
    /// there is such a folder already and its files are replaced one by one.
    whole: BTreeMap<String, Option<Draft>>,
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
            let place = new.temporary.join(rest);
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
        for mut draft in self.files.into_iter().chain(self.whole.into_values().flatten()) {
            fs::rename(&draft.temporary, &draft.target).map_err(|source| refused(&draft.target, source))?;
            draft.renamed = true;
        }
        Ok(self.written)
    }
}

/// A new, empty folder beside the place that it will take; none where something has that place.
fn new_folder(target: &Path) -> Result<Option<Draft>, ReportError> {
    if fs::symlink_metadata(target).is_ok() {
        return Ok(None);
    }
    let made = beside(target, |path| fs::create_dir(path)).map_err(|source| refused(target, source))?;
    Ok(Some(Draft { temporary: made.0, target: target.to_owned(), renamed: false }))
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
    let new = |path: &Path| OpenOptions::new().write(true).create_new(true).open(path);
    let (temporary, mut file) = beside(&target, new).map_err(|source| refused(&target, source))?;
    let draft = Draft { temporary, target, renamed: false };
    let written = file.write_all(text.as_bytes()).and_then(|()| if flush { file.sync_all() } else { Ok(()) });
    written.map_err(|source| refused(&draft.target, source))?;
    Ok(draft)
}

/// Something new beside the target: never what exists, be it a link that someone laid there.
fn beside<T>(target: &Path, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let process = std::process::id();
    let mut attempt = 0;
    loop {
        let path = target.with_file_name(format!(".{name}.{process}-{attempt}.tmp"));
        match make(&path) {
            Ok(made) => return Ok((path, made)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 100 => {
                attempt += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

fn refused(path: &Path, source: io::Error) -> ReportError {
    ReportError::Write { path: path.to_owned(), source }
}
